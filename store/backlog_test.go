package store_test

import (
	"regexp"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

func TestTheBacklogCountsWhatWaits(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""), d.opens(2, advisory.ReviewRequest, advisory.Coordinator, "kim"))
	d.exec(`DELETE FROM inputs`)
	d.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, message, entered_at, created_at)
		VALUES ($1, $2, 'w', 'withdraw', $3, '{}', now(), now() - interval '5 minutes')`, uuid.NewString(), d.consultation, d.people["kim"])
	d.exec(`DELETE FROM mails`)
	for state, notBefore := range map[string]any{"queued": monday.AddDate(0, 0, -1), "planned": monday.AddDate(0, 0, -1), "bounced": monday, "given_up": monday} {
		d.exec(`INSERT INTO mails (id, key, address, template, language, state, ordered_at, not_before)
			VALUES ($1, $2, 'toni@demo.example', 'sign_in_link', 'de', $2, $3, $3)`, uuid.NewString(), state, notBefore)
	}
	d.exec(`INSERT INTO mails (id, key, address, template, language, ordered_at, not_before)
		VALUES ($1, 'later', 'toni@demo.example', 'sign_in_link', 'de', $2, $2)`, uuid.NewString(), monday.AddDate(0, 0, 1))
	d.exec(`UPDATE tasks SET due_on = '2026-01-05'`)

	b, err := d.store.Backlog(d.ctx, monday)
	d.must(err)
	if b.Inputs.N != 1 || b.Inputs.Oldest < 299 || b.Inputs.Oldest > 400 {
		t.Errorf("inputs %+v", b.Inputs)
	}
	if b.Mails.N != 1 || b.Mails.Oldest != 24*60*60 {
		t.Errorf("mails %+v", b.Mails)
	}
	if len(b.FailedMails) != 2 || b.FailedMails[0].N != 1 {
		t.Errorf("failed mails %+v", b.FailedMails)
	}
	if len(b.Tasks) != 2 || b.Tasks[0].Overdue != 1 {
		t.Errorf("tasks %+v", b.Tasks)
	}
	if b.Consultations != (store.OpenConsultations{Open: 1}) {
		t.Errorf("consultations %+v", b.Consultations)
	}

	d.exec(`UPDATE consultations SET resting_since = now()`)
	b, err = d.store.Backlog(d.ctx, monday)
	d.must(err)
	if b.Consultations.Resting != 1 || b.Tasks[0].Overdue != 0 || b.Tasks[0].Open != 1 {
		t.Errorf("while it rests: %+v, tasks %+v", b.Consultations, b.Tasks)
	}
}

// TestWatchingReadsNoWholeTable: the backlog is read every few seconds, also from a database of many years.
func TestWatchingReadsNoWholeTable(t *testing.T) {
	d := newDesk(t)
	d.fillYears()
	d.exec(`INSERT INTO mails (id, key, template, language, address, state, ordered_at, not_before)
		SELECT gen_random_uuid(), n::text, 'request_accepted', 'de', 'toni@demo.example', CASE WHEN n % 1000 = 0 THEN 'bounced' WHEN n % 1000 = 1 THEN 'queued' ELSE 'sent' END, now(), now()
		FROM generate_series(1, 20000) n`)
	d.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, message, entered_at, state)
		SELECT gen_random_uuid(), id, 'w', 'withdraw', $1, '{}', now(), CASE WHEN random() < 0.001 THEN 'journaled' ELSE 'applied' END FROM consultations`, d.people["kim"])
	d.exec(`VACUUM ANALYZE mails`)
	d.exec(`VACUUM ANALYZE inputs`)
	wholeTable := regexp.MustCompile(`Seq Scan on (consultations|tasks|mails|inputs)`)
	for statement, args := range store.BacklogStatements(monday) {
		if plan := d.plan(statement, args...); wholeTable.MatchString(plan) {
			t.Errorf("%s reads a whole table:\n%s", statement, plan)
		}
	}
}
