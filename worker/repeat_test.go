package worker_test

import (
	"slices"
	"testing"
)

// TestALetterThatMayHaveArrivedIsRepeatedAsTheSame: nobody learned that the server took it, and more was ordered since.
func TestALetterThatMayHaveArrivedIsRepeatedAsTheSame(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.box.hangsUp = true
	o.order("request_accepted", 0, false)
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	o.box.Lock()
	o.box.hangsUp = false
	o.box.Unlock()
	o.order("decide_accompaniment_opened", 2, false)
	o.exec(`UPDATE mails SET next_attempt = now()`)
	o.open(monday)

	var ids []string
	for _, letter := range o.box.letters {
		ids = append(ids, letter.Header.Get("Message-ID"))
	}
	if len(ids) != 3 || ids[0] != ids[1] || ids[2] == ids[0] {
		t.Errorf("letters %v, want the first one twice and another with what came later", ids)
	}
	if got := o.states(); slices.Contains(got, "queued") || !slices.Contains(got, "combined") {
		t.Errorf("states %v", got)
	}
	if subject := o.box.letters[0].Header.Get("Subject"); subject != o.box.letters[1].Header.Get("Subject") {
		t.Errorf("repeated as %q", o.box.letters[1].Header.Get("Subject"))
	}
}

// TestALetterThatIsRefusedAfterItMayHaveArrivedStaysTheSame: the address works again later.
func TestALetterThatIsRefusedAfterItMayHaveArrivedStaysTheSame(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.contact(o.toni)
	o.box.hangsUp = true
	o.order("request_accepted", 0, false)
	o.open(monday)
	o.box.Lock()
	o.box.hangsUp = false
	o.box.Unlock()
	o.exec(`UPDATE persons SET email = 'gone@demo.example' WHERE id = $1`, o.toni)
	o.exec(`UPDATE mails SET next_attempt = now()`)
	o.open(monday)
	if got := o.states(); !slices.Equal(got, []string{"bounced"}) {
		t.Fatalf("states %v", got)
	}
	o.exec(`UPDATE persons SET new_email = 'toni@demo.example' WHERE id = $1`, o.toni)
	token, _, err := o.store.IssuePersonAddressLink(t.Context(), o.consultation, "toni@demo.example")
	o.must(err)
	_, err = o.store.ConfirmPersonAddress(t.Context(), token, monday)
	o.must(err)
	o.open(monday)
	if len(o.box.letters) != 2 || o.box.letters[0].Header.Get("Message-ID") != o.box.letters[1].Header.Get("Message-ID") {
		t.Errorf("%d letters, want the same twice", len(o.box.letters))
	}
}

// TestALetterThatIsPutBackAfterItMayHaveArrivedStaysTheSame: whether or not it counted as an attempt.
func TestALetterThatIsPutBackAfterItMayHaveArrivedStaysTheSame(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.box.hangsUp = true
	o.order("request_accepted", 0, false)
	o.open(monday)
	o.box.Lock()
	o.box.hangsUp = false
	o.box.Unlock()
	o.exec(`UPDATE mails SET attempts = 0, next_attempt = now()`)
	claimed, err := o.store.ClaimMails(t.Context(), monday, 10)
	o.must(err)
	o.must(o.store.ReturnLetters(t.Context(), claimed))
	o.must(o.store.ReturnLetters(t.Context(), claimed)) // says nothing about the next claim
	o.open(monday)
	if len(o.box.letters) != 2 || o.box.letters[0].Header.Get("Message-ID") != o.box.letters[1].Header.Get("Message-ID") {
		t.Errorf("%d letters, want the same twice", len(o.box.letters))
	}
}
