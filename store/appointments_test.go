package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// elsewhere is another consultation that these persons accompany, with an appointment.
func (d *desk) elsewhere(number string, state advisory.SessionState, start time.Time, names ...string) string {
	d.Helper()
	id := uuid.NewString()
	d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at) VALUES ($1, $2, 'Nachbarstadt', 'BY', 'Klima', 1, '{}', 1, 'opening', $3, $3, $3)`, id, number, monday)
	for _, name := range names {
		d.exec(`INSERT INTO team (consultation_id, advisor_id, since) VALUES ($1, $2, $3)`, id, d.people[name], monday)
	}
	d.exec(`INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at, place) VALUES ($1, 1, 'opening', $2, $3, $4, 'Rathaus')`,
		id, state, start, start.Add(time.Hour))
	return id
}

func TestEngagementsOfTheTeam(t *testing.T) {
	d := accompanied(t)
	at := func(hour int) time.Time { return time.Date(2026, 3, 10, hour, 0, 0, 0, advisory.Berlin) }
	d.elsewhere("MG-2026-0002", advisory.Scheduled, at(9), "amina")
	d.elsewhere("MG-2026-0003", advisory.Cancelled, at(10), "amina")
	d.elsewhere("MG-2026-0004", advisory.Scheduled, at(10), "kim") // who is not of the team
	left := d.elsewhere("MG-2026-0005", advisory.Scheduled, at(10), "joseph")
	d.exec(`UPDATE team SET until = $2 WHERE consultation_id = $1`, left, monday)
	d.exec(`INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at) VALUES ($1, 4, 'dialogue', 'scheduled', $2, $3)`,
		d.consultation, at(11), at(12))
	d.exec(`INSERT INTO absences (id, person_id, from_at, until_at) VALUES ($1, $2, $3, $4)`, uuid.NewString(), d.people["joseph"], at(12), at(24))

	type found struct {
		person, number string
		absent         bool
	}
	read := func(session int, from, until time.Time) []found {
		engagements, err := d.store.EngagementsOfTeam(d.ctx, d.consultation, session, from, until)
		d.must(err)
		var all []found
		for _, e := range engagements {
			all = append(all, found{e.PersonName, e.Number, e.IsAbsence()})
		}
		return all
	}
	for name, test := range map[string]struct {
		session     int
		from, until time.Time
		want        []found
	}{
		"the whole day": {9, at(0), at(24), []found{
			{"amina Muster", "MG-2026-0002", false}, {"amina Muster", "MG-2026-0001", false}, {"joseph Muster", "MG-2026-0001", false},
			{"joseph Muster", "", true}}},
		"the session itself does not count":        {4, at(11), at(12), nil},
		"what ends when the other begins does not": {9, at(10), at(11), nil},
		"half a day": {9, at(23), at(24), []found{{"joseph Muster", "", true}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(test.session, test.from, test.until)
			if len(got) != len(test.want) {
				t.Fatalf("%+v, want %+v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("%+v, want %+v", got[i], test.want[i])
				}
			}
		})
	}
}

func TestSessionsCarryWhoProposedAndTheCorrection(t *testing.T) {
	d := accompanied(t)
	slots := advisory.Answers{"slots.1.date": {"2026-03-10"}, "slots.1.start_time": {"10:00"}, "slots.1.duration": {"minutes_90"},
		"message": {"Gern auch später"}, "participants": {"Amt 50"}}
	move := func(number int, state advisory.SessionState) advisory.Entry {
		return advisory.Entry{Session: &advisory.SessionStep{Number: number, Kind: advisory.DialogueSession, State: state}}
	}
	d.write(move(1, advisory.SlotsWanted), move(2, advisory.SlotsWanted), d.opens(1, advisory.ProposeSlots, advisory.Advisor, "amina"),
		d.opens(2, advisory.ProposeSlots, advisory.Advisor, "joseph"))
	d.exec(`UPDATE tasks SET session = 2 WHERE id = $1`, advisory.TaskID(d.consultation, 2))
	d.write(d.said(1, advisory.Propose, "amina", slots))
	d.write(d.said(2, advisory.Propose, "joseph", slots))
	sessions, err := d.store.Sessions(d.ctx, d.consultation)
	d.must(err)
	if sessions[0].Proposal.ActorName != "amina Muster" || sessions[1].Proposal.ActorName != "joseph Muster" ||
		sessions[0].Proposal.Answers.Get("message") != "Gern auch später" {
		t.Errorf("proposals %+v and %+v", sessions[0].Proposal, sessions[1].Proposal)
	}

	d.write(d.opens(3, advisory.ChooseSlot, advisory.Municipality, ""))
	d.write(d.said(3, advisory.Choose, "toni", advisory.Answers{"slot": {"1"}, "participants": {"Frau Rat"}}), move(1, advisory.Scheduled))
	d.write(d.opens(4, advisory.WriteNote, advisory.Advisor, "amina"))
	d.write(d.saidWith("note", 4, advisory.Share, "amina", advisory.Answers{"learned": {"Zuhören"}}))
	correction := advisory.Input{ID: uuid.Must(uuid.NewV7()).String(), Kind: advisory.CorrectNote, Actor: d.people["kim"], Session: 1}
	_, err = d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: correction, Form: "correct_note",
		Answers: advisory.Answers{"correction": {"Und Fragen"}}, OnBehalf: true, EnteredAt: monday})
	d.must(err)
	d.write(advisory.Entry{History: advisory.NoteCorrected, Input: correction.ID, Session: &advisory.SessionStep{Number: 1}})
	sessions, err = d.store.Sessions(d.ctx, d.consultation)
	d.must(err)
	note := sessions[0].Note
	if sessions[0].Participants != "Amt 50, Frau Rat" {
		t.Errorf("participants %q", sessions[0].Participants)
	}
	if note == nil || note.Answers.Get("learned") != "Zuhören" || note.AuthorName != "amina Muster" || note.Correction == nil ||
		note.Correction.Text != "Und Fragen" || note.Correction.ByName != "kim Muster" || !note.Correction.OnBehalf {
		t.Errorf("note %+v, correction %+v", note, note.Correction)
	}
}

func TestCalendarFeedBelongsToOnePerson(t *testing.T) {
	d := newDesk(t)
	none, err := d.store.CalendarFeed(d.ctx, d.people["amina"])
	if none != nil || err != nil {
		t.Fatalf("before: %+v, %v", none, err)
	}
	first, err := d.store.IssueCalendarFeed(d.ctx, d.people["amina"])
	d.must(err)
	second, err := d.store.IssueCalendarFeed(d.ctx, d.people["amina"])
	d.must(err)
	other, err := d.store.IssueCalendarFeed(d.ctx, d.people["toni"])
	d.must(err)
	for name, token := range map[string]string{"renewed": first, "of a municipality": other, "guessed": "x", "empty": ""} {
		if _, err := d.store.ReadCalendarFeed(d.ctx, token); advisory.CodeOf(err) != advisory.NotFound {
			t.Errorf("%s: %v, want not_found", name, err)
		}
	}
	if feed, err := d.store.CalendarFeed(d.ctx, d.people["amina"]); err != nil || feed == nil || feed.ReadAt != nil {
		t.Errorf("before it is read: %+v, %v", feed, err)
	}
	person, err := d.store.ReadCalendarFeed(d.ctx, second)
	if err != nil || person.ID != d.people["amina"] {
		t.Errorf("reads %+v, %v", person, err)
	}
	if feed, err := d.store.CalendarFeed(d.ctx, d.people["amina"]); err != nil || feed.ReadAt == nil {
		t.Errorf("after it is read: %+v, %v", feed, err)
	}
	d.must(d.store.RevokeCalendarFeed(d.ctx, d.people["amina"]))
	d.must(d.store.RevokeCalendarFeed(d.ctx, d.people["amina"]))
	if _, err := d.store.ReadCalendarFeed(d.ctx, second); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("revoked: %v, want not_found", err)
	}
}

func TestFeedHoldsOwnAppointments(t *testing.T) {
	d := newDesk(t)
	at := func(day int) time.Time { return monday.AddDate(0, 0, day) }
	d.elsewhere("MG-2026-0002", advisory.Scheduled, at(7), "amina", "joseph")
	d.elsewhere("MG-2026-0003", advisory.Held, at(-7), "amina")
	d.elsewhere("MG-2026-0004", advisory.Cancelled, at(8), "amina")
	d.elsewhere("MG-2026-0005", advisory.Held, at(-50), "amina")
	d.exec(`UPDATE consultations SET coordinator_id = $1 WHERE number = 'MG-2026-0003'`, d.people["kim"])
	for name, want := range map[string][]string{
		"amina": {"MG-2026-0003", "MG-2026-0002"}, "joseph": {"MG-2026-0002"}, "kim": {"MG-2026-0003"}, "robin": nil,
	} {
		found, err := d.store.FeedAppointments(d.ctx, d.people[name], at(-30))
		d.must(err)
		var numbers []string
		for _, appointment := range found {
			numbers = append(numbers, appointment.Number)
		}
		if len(numbers) != len(want) || len(want) > 0 && numbers[0] != want[0] || len(want) > 1 && numbers[1] != want[1] {
			t.Errorf("%s: %v, want %v", name, numbers, want)
		}
	}
}
