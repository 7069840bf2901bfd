package worker_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestManyClerksSendEveryLetterOnce: more is due than one takes at a time, in two post offices at once; what falls together
// for one person is still one letter.
func TestManyClerksSendEveryLetterOnce(t *testing.T) {
	const persons = 130
	o := newOffice(t, "toni@demo.example")
	o.exec(`INSERT INTO persons (id, email, role, first_name, last_name)
		SELECT gen_random_uuid(), 'many' || n || '@demo.example', 'municipality', 'Toni', 'Muster' FROM generate_series(1, $1::int) n`, persons)
	o.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) SELECT $1, id, $2 FROM persons WHERE email LIKE 'many%'`,
		o.consultation, monday)
	for n, template := range []string{"confirm_need_reminder", "decide_accompaniment_reminder"} {
		o.exec(`INSERT INTO mails (id, key, consultation_id, task_id, person_id, template, language, reminder, ordered_at, not_before)
			SELECT gen_random_uuid(), $1 || id, $2, $3, id, $1, 'de', true, $4, $4 FROM persons WHERE email LIKE 'many%'`,
			template, o.consultation, fmt.Sprintf("%s-%d", o.consultation, n+1), monday)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for range 2 {
		post := o.office(monday)
		go post.Open(ctx) //nolint:errcheck // ends with the test
	}
	waiting := 1
	for waiting > 0 && ctx.Err() == nil {
		o.must(o.store.DB().QueryRow(`SELECT count(*) FROM mails WHERE state = 'queued'`).Scan(&waiting))
	}
	stop()
	var sent, combined, told int
	o.must(o.store.DB().QueryRow(`SELECT count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'combined'),
		(SELECT count(*) FROM history WHERE kind = 'reminder_sent') FROM mails`).Scan(&sent, &combined, &told))
	if sent != persons || combined != persons || told != 2*persons {
		t.Errorf("%d sent, %d combined, %d in the history", sent, combined, told)
	}
	o.box.Lock()
	defer o.box.Unlock()
	recipients := map[string]int{}
	for _, letter := range o.box.letters {
		recipients[letter.Header.Get("To")]++
	}
	if len(o.box.letters) != persons || len(recipients) != persons {
		t.Errorf("%d letters to %d persons", len(o.box.letters), len(recipients))
	}
}

// TestALetterBegunInVainIsNotHeldAgainstTheNext: what was put back before it was sent goes with what was ordered since.
func TestALetterBegunInVainIsNotHeldAgainstTheNext(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("request_accepted", 0, false)
	claimed, err := o.store.ClaimMails(t.Context(), monday, 10)
	o.must(err)
	letter := sentMail(claimed[0][0].ID, uuid.NewString())
	o.must(o.store.BeginLetters(t.Context(), letter))
	o.must(o.store.ReturnLetters(t.Context(), claimed))
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	if len(o.box.letters) != 1 {
		t.Errorf("%d letters", len(o.box.letters))
	}
}
