package store_test

import (
	"regexp"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

// fillHistory gives every consultation a history, mails and internal notes with mentions.
func (d *desk) fillHistory() {
	d.Helper()
	d.exec(`INSERT INTO history (consultation_id, step, at, kind)
		SELECT id, n, now(), (ARRAY['reminder_sent', 'note_shared', 'assessment_recorded', 'appointment_moved'])[1 + n % 4]
		FROM generate_series(1, 10) n, consultations`)
	d.exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, state, ordered_at, not_before)
		SELECT gen_random_uuid(), c.id || '/' || n, c.id, $1, 'note_shared', 'de', 'sent', now(), now()
		FROM generate_series(1, 3) n, consultations c`, d.people["toni"])
	d.exec(`INSERT INTO internal_notes (id, consultation_id, author_id, note, written_at)
		SELECT gen_random_uuid(), id, $1, 'Notiz', now() FROM consultations`, d.people["kim"])
	d.exec(`INSERT INTO note_mentions (note_id, person_id, written_at, seen_at)
		SELECT id, $1, written_at, CASE WHEN random() < 0.99 THEN now() END FROM internal_notes`, d.people["robin"])
	for _, table := range []string{"history", "mails", "internal_notes", "note_mentions"} {
		d.exec(`VACUUM ANALYZE ` + table)
	}
}

var wholeTableOfTheCase = regexp.MustCompile(`Seq Scan on (consultations|tasks|consultation_search|history|mails|internal_notes|note_mentions)`)

func TestConsultationPageAndBoardAreCarriedByIndexes(t *testing.T) {
	d := newDesk(t)
	d.fillYears()
	d.fillHistory()
	friday := monday.AddDate(0, 0, 4)
	statements := map[string]func() (string, []any){
		"history": func() (string, []any) { return store.HistoryStatement(d.consultation, 0) },
		"part of the history": func() (string, []any) {
			return store.HistoryStatement(d.consultation, 150_000, advisory.NoteShared, advisory.AppointmentMoved)
		},
		"mails by person": func() (string, []any) { return store.MailReceiversStatement, []any{d.consultation} },
		"mentions":        func() (string, []any) { return store.MentionsStatement, []any{d.people["robin"], 5} },
	}
	for name, filter := range map[string]store.ConsultationFilter{
		"all": {}, "stage": {Stage: advisory.Dialogue}, "follow-up": {Stage: advisory.FollowUp}, "coordinator": {Coordinator: d.people["robin"]},
		"nobody's": {Coordinator: store.Unclaimed}, "land": {Land: "SL"}, "topic": {Topic: "education"}, "words": {Words: "partnerschaft"},
		"due": {DueBy: &friday}, "advisor": {Advisor: d.people["amina"]},
		"land, topic and coordinator": {Land: "SL", Topic: "education", Coordinator: d.people["robin"]},
	} {
		statements["board, "+name] = func() (string, []any) { return d.store.BoardStatement(filter) }
	}
	for name, statement := range statements {
		text, args := statement()
		if plan := d.plan(text, args...); wholeTableOfTheCase.MatchString(plan) {
			t.Errorf("%s reads a whole table:\n%s", name, plan)
		}
	}
}
