package store_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

func TestMailsOfAConsultationTellTheirDelivery(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""))
	d.write(advisory.Entry{Remind: 1, Task: advisory.TaskID(d.consultation, 1)})
	opened := d.read(`SELECT id::text FROM mails WHERE template = 'confirm_need_opened'`)
	d.must(d.store.MarkSent(d.ctx, store.SentMail{IDs: []string{opened}, Subject: "Bitte bestätigen", MessageID: "m", At: monday}))
	reminder := d.read(`SELECT id::text FROM mails WHERE template = 'confirm_need_reminder'`)
	d.must(d.store.RetryMail(d.ctx, reminder, "451 later", time.Minute))
	d.exec(`UPDATE mails SET attempts = 2 WHERE id = $1`, reminder)

	mails, total, err := d.store.MailsOf(d.ctx, d.consultation, 10)
	d.must(err)
	if total != 2 || len(mails) != 2 {
		t.Fatalf("%d mails of %d", len(mails), total)
	}
	for _, m := range mails {
		if m.Recipient != "toni Muster" {
			t.Errorf("%s goes to %q", m.Template, m.Recipient)
		}
		switch m.ID {
		case opened:
			if m.State != "sent" || m.Subject != "Bitte bestätigen" || !m.At.Equal(monday) || m.Attempts != 0 {
				t.Errorf("sent: %+v", m)
			}
		case reminder:
			if m.State != "queued" || m.Attempts != 2 || m.DueOn == nil || m.DueOn.Format(time.DateOnly) != "2026-03-16" {
				t.Errorf("queued: %+v", m)
			}
		}
	}
	if latest, total, err := d.store.MailsOf(d.ctx, d.consultation, 1); err != nil || len(latest) != 1 || total != 2 {
		t.Errorf("limited to one: %d of %d, %v", len(latest), total, err)
	}
}

func TestInternalNotesLatestFirst(t *testing.T) {
	d := newDesk(t)
	d.must(d.store.AddInternalNote(d.ctx, d.consultation, d.people["kim"], "erste", monday))
	d.must(d.store.AddInternalNote(d.ctx, d.consultation, d.people["robin"], "zweite", monday.Add(time.Hour)))
	notes, err := d.store.InternalNotes(d.ctx, d.consultation)
	d.must(err)
	if len(notes) != 2 || notes[0].Note != "zweite" || notes[0].AuthorName != "robin Muster" {
		t.Errorf("notes %+v", notes)
	}
}

func TestTasksAreHandedToActiveCoordinatorsOnly(t *testing.T) {
	d := newDesk(t)
	d.exec(`UPDATE persons SET active = false WHERE id = $1`, d.people["robin"])
	persons, err := d.store.Coordinators(d.ctx)
	d.must(err)
	var names []string
	for _, p := range persons {
		names = append(names, p.FirstName)
	}
	if !slices.Equal(names, []string{"kim", "lea"}) {
		t.Errorf("coordinators %v", names)
	}
}

func TestSessionsOfThisWeek(t *testing.T) {
	d := newDesk(t)
	for number, starts := range map[int]time.Time{
		1: monday.AddDate(0, 0, -1), 2: monday.AddDate(0, 0, 2), 3: monday.AddDate(0, 0, 6), 4: monday.AddDate(0, 0, 7),
	} {
		kind := "dialogue"
		if number == 1 {
			kind = "opening"
		}
		d.exec(`INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at) VALUES ($1, $2, $3, 'scheduled', $4, $4)`,
			d.consultation, number, kind, starts)
	}
	d.exec(`INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at) VALUES ($1, 5, 'dialogue', 'cancelled', $2, $2)`,
		d.consultation, monday.AddDate(0, 0, 1))
	sessions, err := d.store.SessionsThisWeek(d.ctx, monday, 10)
	d.must(err)
	if len(sessions) != 2 || sessions[0].Ordinal != 1 || sessions[1].Ordinal != 2 {
		t.Errorf("this week: %+v, want the first and second dialogue session", sessions)
	}
}
