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
