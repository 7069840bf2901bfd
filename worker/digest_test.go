package worker_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
)

// digestOffice has an advisor who chose one mail a day, with a task of an own and one of the consultation.
func digestOffice(t *testing.T) *office {
	o := newOffice(t, "toni@demo.example")
	o.exec(`UPDATE persons SET mail_rhythm = 'daily_digest' WHERE id = $1`, o.robin)
	o.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, true, $3)`, o.consultation, o.robin, monday)
	o.ownTask(3, "propose_slots", o.robin)
	o.ownTask(4, "draft_options", o.robin)
	return o
}

func (o *office) ownTask(n int, kind, owner string) {
	o.task(n, kind)
	o.exec(`UPDATE tasks SET owner_id = $2, owner_role = (SELECT role FROM persons WHERE id = $2) WHERE id = $1`,
		advisory.TaskID(o.consultation, n), owner)
}

// orderFor puts a mail to a person in the outbox as a step does, at a moment.
func (o *office) orderFor(person, template string, task int, reminder bool, at time.Time) {
	o.Helper()
	o.order(template, task, reminder)
	o.exec(`UPDATE mails m SET person_id = p.id, ordered_at = $3, not_before = $3,
			digest = m.task_id IS NOT NULL AND p.mail_rhythm = 'daily_digest'
		FROM persons p WHERE p.id = $1 AND m.key = $2`, person, o.lastKey(template), at)
}

var sevenOClock = monday.Add(-3 * time.Hour)

func TestTheDigestCollectsWhatIsAboutTasks(t *testing.T) {
	o := digestOffice(t)
	o.orderFor(o.robin, "propose_slots_opened", 3, false, sevenOClock)
	o.orderFor(o.robin, "draft_options_reminder", 4, true, sevenOClock)
	o.orderFor(o.robin, "options_confirmed", 0, false, sevenOClock)
	o.open(sevenOClock)
	letters := o.lettersTo("robin@demo.example")
	if len(letters) != 1 || strings.Contains(letters[0], "Termine") {
		t.Fatalf("before the desk opens: %d letters; news go at once, tasks wait", len(letters))
	}
	o.open(monday)
	letters = o.lettersTo("robin@demo.example")
	if len(letters) != 2 {
		t.Fatalf("%d letters, want one digest", len(letters))
	}
	digest := o.box.letters[len(o.box.letters)-1]
	if subject, _ := decoder.DecodeHeader(digest.Header.Get("Subject")); !strings.Contains(subject, "offenen Aufgaben") {
		t.Errorf("subject %q", subject)
	}
	if n := strings.Count(letters[1], "https://miglobe.example/a/"); n < 2 {
		t.Errorf("%d links to tasks", n)
	}
	if got := o.states(); !slices.Equal(got, []string{"sent", "sent", "combined"}) && !slices.Equal(got, []string{"combined", "sent", "sent"}) {
		t.Errorf("states %v", got)
	}
}

func TestThereIsOneDigestADay(t *testing.T) {
	o := digestOffice(t)
	o.orderFor(o.robin, "propose_slots_opened", 3, false, sevenOClock)
	o.open(monday)
	o.orderFor(o.robin, "draft_options_reminder", 4, true, monday)
	o.open(monday.Add(time.Hour))
	if n := len(o.box.letters); n != 1 {
		t.Fatalf("%d letters on the first day", n)
	}
	o.open(monday.AddDate(0, 0, 1))
	if n := len(o.box.letters); n != 2 {
		t.Errorf("%d letters after the second day's opening", n)
	}
	o.open(monday.AddDate(0, 0, 2))
	if n := len(o.box.letters); n != 2 {
		t.Errorf("%d letters: nothing new, no digest", n)
	}
}

func TestWhatOpensDuringTheDayWaitsForTheNextMorning(t *testing.T) {
	o := digestOffice(t)
	friday := monday.AddDate(0, 0, 4)
	o.orderFor(o.robin, "propose_slots_opened", 3, false, friday)
	for _, at := range []time.Time{friday, friday.Add(5 * time.Hour), friday.AddDate(0, 0, 1), friday.AddDate(0, 0, 2)} {
		o.open(at)
	}
	if n := len(o.box.letters); n != 0 {
		t.Fatalf("%d letters before Monday", n)
	}
	o.open(time.Date(2026, 3, 9, 8, 0, 0, 0, advisory.Berlin))
	if n := len(o.box.letters); n != 1 {
		t.Errorf("%d letters on Monday at eight", n)
	}
}

func TestTheDigestIsSilentWhereNothingIsOpen(t *testing.T) {
	o := digestOffice(t)
	o.orderFor(o.robin, "propose_slots_opened", 3, false, sevenOClock)
	o.orderFor(o.robin, "draft_options_reminder", 4, true, sevenOClock)
	o.exec(`UPDATE tasks SET state = 'done'`)
	o.open(monday)
	if got := o.states(); len(o.box.letters) != 0 || !slices.Equal(got, []string{"not_needed", "not_needed"}) {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestACoordinatorsDigestListsWhatNobodyHasClaimed(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.exec(`UPDATE persons SET mail_rhythm = 'daily_digest' WHERE id = $1`, o.kim)
	o.task(3, "claim_request")
	o.exec(`UPDATE tasks SET owner_role = 'coordinator' WHERE id = $1`, advisory.TaskID(o.consultation, 3))
	o.ownTask(4, "choose_advisors", o.kim)
	o.orderFor(o.kim, "staff_task_opened", 3, false, sevenOClock)
	o.open(monday)
	letters := o.lettersTo("kim@demo.example")
	if len(letters) != 1 || strings.Count(letters[0], "/a/") < 2 || !strings.Contains(letters[0], "https://miglobe.example/arbeitsplatz") {
		t.Errorf("letters %v", letters)
	}
}

// A worker dies after the mail server's yes and before the mark. What comes again is the same message, also where more
// was ordered meanwhile.
func TestADigestThatIsSentAgainIsTheSameMessage(t *testing.T) {
	o := digestOffice(t)
	o.orderFor(o.robin, "draft_options_opened", 4, false, sevenOClock)
	o.open(monday)
	o.exec(`UPDATE mails SET state = 'queued', sent_at = NULL, message_id = '', next_attempt = now()`)
	o.orderFor(o.robin, "propose_slots_opened", 3, false, sevenOClock.Add(-time.Hour))
	o.open(monday.Add(time.Minute))
	if len(o.box.letters) != 2 {
		t.Fatalf("%d letters", len(o.box.letters))
	}
	first, second := o.box.letters[0].Header.Get("Message-ID"), o.box.letters[1].Header.Get("Message-ID")
	if first == "" || first != second {
		t.Errorf("Message-IDs %s and %s", first, second)
	}
	o.open(monday.AddDate(0, 0, 1))
	if got := o.states(); len(o.box.letters) != 2 || !slices.Contains(got, "sent") || !slices.Contains(got, "combined") || len(got) != 2 {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestTheDigestListsTheTasksOfWhomThePersonStandsInFor(t *testing.T) {
	o := digestOffice(t)
	absent := o.person("alex@demo.example", advisory.Advisor)
	o.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, false, $3)`, o.consultation, absent, monday)
	o.ownTask(5, "write_note", absent)
	o.absence(absent, o.robin)
	o.orderFor(absent, "write_note_reminder", 5, true, sevenOClock)
	o.open(monday)
	letters := o.lettersTo("robin@demo.example")
	if len(letters) != 1 || strings.Count(letters[0], "/a/") < 3 {
		t.Errorf("%d letters, want one with three tasks", len(letters))
	}
	if n := len(o.lettersTo("alex@demo.example")); n != 0 {
		t.Errorf("%d letters to the absent person", n)
	}
}
