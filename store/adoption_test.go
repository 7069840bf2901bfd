package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// generous keeps a version after the newest that gives so many working days more for the municipality's confirmation, which
// version 1 reminds of after 5 and 9 and calls about after 10; fewer where more is negative.
func (d *desk) generous(more int) advisory.Programme {
	d.Helper()
	p, err := d.store.Programme(d.ctx)
	d.must(err)
	i := slices.IndexFunc(p.Tasks, func(rule advisory.TaskRule) bool { return rule.Kind == advisory.ConfirmNeed })
	rule := p.Tasks[i]
	rule.Due += more
	rule.Reminders = []int{rule.Reminders[0] + more, rule.Reminders[1] + more}
	rule.Escalations = []advisory.Escalation{{After: rule.Escalations[0].After + more, Then: advisory.Call}}
	p.Tasks[i] = rule
	p.Version, err = d.store.AddProgramme(d.ctx, p, d.people["lea"], "")
	d.must(err)
	return p
}

// adopts journals that the consultation follows a version, and returns the entry that does it.
func (d *desk) adopts(version int, pressed map[string]int) advisory.Entry {
	d.Helper()
	in := advisory.Input{ID: uuid.NewString(), Kind: advisory.AdoptProgramme, Actor: d.people["lea"], Version: version}
	_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, EnteredAt: monday})
	d.must(err)
	return advisory.Entry{Adopt: &advisory.Adoption{Version: version, Pressed: pressed}, Input: in.ID}
}

// ahead are the instants of a task's schedule in a step's result, in business time.
func ahead(r advisory.StepResult, clock advisory.Clock, task string) (instants []string) {
	for _, press := range r.Schedules[task] {
		instants = append(instants, clock.At(press.At).Round(time.Minute).Format("2006-01-02 15:04"))
	}
	return instants
}

func (d *desk) dueOn(n int) string {
	return d.read(`SELECT due_on::text FROM tasks WHERE id = $1`, advisory.TaskID(d.consultation, n))
}

func TestAnotherProgrammeTellsTheDatesOfWhatIsOpen(t *testing.T) {
	d := newDesk(t)
	task := advisory.TaskID(d.consultation, 1)
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""))
	d.writeAt(days(7), advisory.Entry{Remind: 1, Task: task})
	d.generous(4)
	d.steps++
	clock, step := showing(days(8)), d.step(d.steps, d.adopts(2, map[string]int{task: 1}), d.opens(2, advisory.ConfirmNeed, advisory.Municipality, ""))
	once, err := d.store.WriteStep(d.ctx, clock, step)
	d.must(err)
	again, err := d.store.WriteStep(d.ctx, showing(days(9)), step)
	d.must(err)
	if !slices.Equal(ahead(once, clock, task), ahead(again, clock, task)) || once.Rules == nil || len(once.Refused) > 0 {
		t.Errorf("first %+v, again %+v", once, again)
	}
	// Version 1: due on 16 March. The first reminder was sent and is not ahead any more, although version 2 has it on the 13th.
	if got := ahead(once, clock, task); !slices.Equal(got, []string{"2026-03-19 08:00", "2026-03-23 08:00"}) || d.dueOn(1) != "2026-03-20" {
		t.Errorf("ahead %v, due on %s", got, d.dueOn(1))
	}
	if due := d.dueOn(2); due != "2026-03-30" {
		t.Errorf("what opens afterwards is due on %s", due)
	}
	for query, want := range map[string]string{
		`SELECT programme_version FROM consultations`:                            "2",
		`SELECT state FROM inputs`:                                               "applied",
		`SELECT count(*) FROM history WHERE kind = 'programme_adopted'`:          "1",
		`SELECT count(*) FROM mails WHERE task_id LIKE '%-1' AND template <> ''`: "2", // opened and reminder: nothing more is sent
	} {
		if got := d.read(query); got != want {
			t.Errorf("%s = %s, want %s", query, got, want)
		}
	}
	history, err := d.store.History(d.ctx, d.consultation, 1, 0, advisory.ProgrammeAdopted)
	if err != nil || len(history) != 1 || history[0].Programme != 2 || history[0].ActorName != "lea Muster" {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestAProgrammeThatMovesADateIntoThePastIsRefused(t *testing.T) {
	d := newDesk(t)
	task := advisory.TaskID(d.consultation, 1)
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""))
	d.generous(-3) // the second reminder on 10 March, due on 11 March
	for name, c := range map[string]struct {
		at      time.Time
		version int
		want    advisory.Refusal
	}{
		"a reminder":   {days(8), 2, advisory.DateInThePast},
		"the due date": {days(14), 2, advisory.DateInThePast},
		"the same":     {days(1), 1, advisory.AlreadyAdopted},
		"no such":      {days(1), 7, advisory.NotNow},
	} {
		entry := d.adopts(c.version, map[string]int{task: 1})
		result := d.writeAt(c.at, entry)
		state := d.read(`SELECT state || ' ' || refusal FROM inputs WHERE id = $1`, entry.Input)
		if result.Refused[entry.Input] != c.want || len(result.Schedules) > 0 || state != "refused "+string(c.want) {
			t.Errorf("%s: %+v, the input is %s", name, result, state)
		}
	}
	if due := d.dueOn(1); due != "2026-03-16" || d.read(`SELECT programme_version FROM consultations`) != "1" {
		t.Errorf("due on %s", due)
	}
	d.writeAt(days(20), advisory.Entry{Outcome: advisory.Withdrawn})
	entry := d.adopts(2, nil)
	if got := d.writeAt(days(21), entry).Refused[entry.Input]; got != advisory.ConsultationEnded {
		t.Errorf("withdrawn: %q", got)
	}
}

// What rests has stood still: its remaining time by the new version counts from there, whether the rest is over or not.
func TestAnotherProgrammeAndRests(t *testing.T) {
	rests := func(resting bool) advisory.Entry {
		kind := advisory.RestEnded
		if resting {
			kind = advisory.RestBegun
		}
		return advisory.Entry{Rest: &resting, History: kind}
	}
	want := []string{"2026-05-07 08:00", "2026-05-11 08:00"} // 10 and 12 working days after 22 April, without 1 May
	for _, during := range []bool{true, false} {
		d := newDesk(t)
		task := advisory.TaskID(d.consultation, 1)
		d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""))
		d.writeAt(days(1), advisory.Entry{Remind: 1, Task: task}) // that it came early is of no matter here
		d.generous(4)
		d.writeAt(days(3), rests(true)) // Thursday, 5 March
		ending := days(51)              // Wednesday, 22 April
		var result advisory.StepResult
		clock := showing(ending)
		if during {
			if got := d.writeAt(days(40), d.adopts(2, map[string]int{task: 1})); len(got.Refused) > 0 || d.dueOn(1) != "2026-03-20" {
				t.Errorf("while it rests: %+v, due on %s", got, d.dueOn(1))
			}
			d.steps++
			var err error
			result, err = d.store.WriteStep(d.ctx, clock, d.step(d.steps, rests(false)))
			d.must(err)
		} else {
			d.writeAt(ending, rests(false))
			clock = showing(days(52))
			d.steps++
			var err error
			result, err = d.store.WriteStep(d.ctx, clock, d.step(d.steps, d.adopts(2, map[string]int{task: 1})))
			d.must(err)
		}
		if got := ahead(result, clock, task); !slices.Equal(got, want) || d.dueOn(1) != "2026-05-08" {
			t.Errorf("adopted while it rests %t: ahead %v, due on %s", during, got, d.dueOn(1))
		}
	}
}

// another opens a consultation beside the desk's, in which the municipality has been asked to confirm since a moment.
func (d *desk) another(number string, since time.Time) (id string) {
	d.Helper()
	id = uuid.NewString()
	d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at, step) VALUES ($1, $2, 'Musterhausen', 'NW', '', 1, '{}', 1, 'assessment', $3, $3, $3, 0)`, id, number, since)
	_, err := d.store.WriteStep(d.ctx, showing(since), advisory.Step{ConsultationID: id, Workflow: id, Number: 1, Entries: []advisory.Entry{
		{Open: &advisory.OpenTask{ID: advisory.TaskID(id, 1), Kind: advisory.ConfirmNeed, Owner: advisory.Owner{Role: advisory.Municipality}}}}})
	d.must(err)
	return id
}

func TestManyConsultationsFollowAnotherProgramme(t *testing.T) {
	d := newDesk(t)
	fresh, old, ended := d.another("MG-2026-0002", days(7)), d.another("MG-2026-0003", monday), d.another("MG-2026-0004", days(7))
	followed := d.another("MG-2026-0005", days(7))
	d.exec(`UPDATE consultations SET outcome = 'declined', ended_at = now() WHERE id = $1`, ended)
	d.exec(`UPDATE consultations SET outcome = 'completed', stage = 'closing' WHERE id = $1`, followed)
	to := d.generous(-3)
	now := days(8) // the second reminder of what opened on Monday, 2 March would have been on the 10th at 8
	candidates, more, err := d.store.AdoptionCandidates(d.ctx, to, now, 1)
	d.must(err)
	got := map[string]advisory.Refusal{}
	for _, c := range candidates {
		got[c.Number] = c.Refusal
		if c.ID == old && !c.Dates[0].Past.Equal(time.Date(2026, 3, 10, 8, 0, 0, 0, advisory.Berlin)) {
			t.Errorf("what would lie in the past: %+v", c.Dates)
		}
		if c.ID == fresh && (c.Dates[0].Before.DueOn.Format(time.DateOnly) != "2026-03-23" || c.Dates[0].After.DueOn.Format(time.DateOnly) != "2026-03-18") {
			t.Errorf("what would change: %+v", c.Dates)
		}
	}
	if len(got) != 4 || more || got["MG-2026-0002"] != "" || got["MG-2026-0003"] != advisory.DateInThePast {
		t.Errorf("candidates %v", got)
	}
	if n := d.read(`SELECT count(*) FROM inputs`); n != "0" {
		t.Errorf("looking said %s inputs", n)
	}
	journaled, kept, err := d.store.JournalAdoptions(d.ctx, to.Version, d.people["lea"], now)
	if err != nil || journaled != 3 || kept != 1 {
		t.Errorf("journaled %d, kept %d, %v", journaled, kept, err)
	}
	if again, kept, err := d.store.JournalAdoptions(d.ctx, to.Version, d.people["lea"], now); err != nil || again != 0 || kept != 1 {
		t.Errorf("once more: journaled %d, kept %d, %v", again, kept, err)
	}
	deliveries, err := d.store.ClaimDeliveries(d.ctx, 10)
	d.must(err)
	if len(deliveries) != 3 {
		t.Fatalf("%d are delivered at once", len(deliveries))
	}
	for _, delivery := range deliveries {
		in, err := delivery.Input()
		d.must(err)
		want := advisory.WorkflowID(delivery.ConsultationID)
		if delivery.ConsultationID == followed {
			want = advisory.FollowUpWorkflowID(followed)
		}
		if in.ID != delivery.ID || in.Kind != advisory.AdoptProgramme || in.Version != 2 || in.Actor != d.people["lea"] || delivery.WorkflowID != want {
			t.Errorf("%+v to %s", in, delivery.WorkflowID)
		}
		switch delivery.ConsultationID {
		case fresh:
			_, err = d.store.WriteStep(d.ctx, showing(now), advisory.Step{ConsultationID: fresh, Workflow: fresh, Number: 2,
				Entries: []advisory.Entry{{Adopt: &advisory.Adoption{Version: 2}, Input: in.ID}}})
		case followed:
			err = d.store.RefuseInputAndTell(d.ctx, in.ID, advisory.NotNow)
		}
		d.must(err)
	}
	progress, err := d.store.AdoptionProgress(d.ctx, 2)
	if err != nil || progress.Waiting != 1 || progress.Adopted != 1 || len(progress.Refused) != 1 || progress.Refused[0].Number != "MG-2026-0005" {
		t.Errorf("progress %+v, %v", progress, err)
	}
	if n := d.read(`SELECT count(*) FROM mails WHERE template = 'input_not_adopted'`); n != "0" {
		t.Errorf("%s mails about what one page tells", n)
	}
}

func TestThePageOfAnotherProgrammeReadsNoWholeTable(t *testing.T) {
	d := newDesk(t)
	d.fillYears()
	d.exec(`INSERT INTO programmes (version, rules) VALUES (2, '{}')`)
	plan := d.plan(`SELECT c.id FROM consultations c WHERE c.ended_at IS NULL AND c.programme_version < 2
		ORDER BY c.programme_version, c.id LIMIT 51 OFFSET 0`)
	if wholeTable.MatchString(plan) {
		t.Errorf("plan:\n%s", plan)
	}
	found, more, err := d.store.AdoptionCandidates(d.ctx, advisory.Programme{Version: 2, Tasks: advisory.DefaultProgramme().Tasks}, monday, 1)
	if err != nil || len(found) != 50 || !more {
		t.Errorf("%d on the first page, more %t, %v", len(found), more, err)
	}
}
