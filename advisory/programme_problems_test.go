package advisory_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// changed is the default programme with one row or number changed.
func changed(change func(p *advisory.Programme)) advisory.Programme {
	p := advisory.DefaultProgramme()
	change(&p)
	return p
}

// withTask is the default programme with the row of one task changed.
func withTask(kind advisory.TaskKind, change func(r *advisory.TaskRule)) advisory.Programme {
	return changed(func(p *advisory.Programme) { change(row(p, kind)) })
}

func row(p *advisory.Programme, kind advisory.TaskKind) *advisory.TaskRule {
	return &p.Tasks[slices.IndexFunc(p.Tasks, func(r advisory.TaskRule) bool { return r.Kind == kind })]
}

func TestTheDefaultProgrammeHasNoProblems(t *testing.T) {
	for _, problem := range advisory.DefaultProgramme().Problems() {
		t.Errorf("%+v", problem)
	}
}

func TestProblemsOfAProgramme(t *testing.T) {
	need, claim := advisory.ConfirmNeed, advisory.ClaimRequest
	for name, test := range map[string]struct {
		programme advisory.Programme
		want      string // the first: code, task, field
	}{
		"never reminds": {withTask(need, func(r *advisory.TaskRule) { r.Reminders = nil }), "never_reminds confirm_need reminders"},
		"never escalates": {withTask(need, func(r *advisory.TaskRule) { r.Escalations = nil }),
			"never_escalates confirm_need escalations"},
		"never presses anybody": {withTask(claim, func(r *advisory.TaskRule) { r.Escalations = nil }),
			"never_presses claim_request reminders"},
		"reminds after the due date": {withTask(need, func(r *advisory.TaskRule) { r.Reminders = []int{5, 11} }),
			"reminds_too_late confirm_need reminders"},
		"due before its reminders": {withTask(need, func(r *advisory.TaskRule) { r.Due = 8 }), "reminds_too_late confirm_need reminders"},
		"reminders in the wrong order": {withTask(need, func(r *advisory.TaskRule) { r.Reminders = []int{9, 5} }),
			"not_ascending confirm_need reminders"},
		"a reminder twice": {withTask(need, func(r *advisory.TaskRule) { r.Reminders = []int{5, 5} }),
			"not_ascending confirm_need reminders"},
		"a reminder at once": {withTask(need, func(r *advisory.TaskRule) { r.Reminders = []int{0, 5} }),
			"out_of_range confirm_need reminders"},
		"a reminder every day": {withTask(need, func(r *advisory.TaskRule) { r.Reminders = []int{1, 2, 3, 4, 5, 6} }),
			"too_many confirm_need reminders"},
		"escalates before it is due": {withTask(need, func(r *advisory.TaskRule) { r.Escalations[0].After = 9 }),
			"escalates_early confirm_need escalations.1.after"},
		"due after it escalates": {withTask(need, func(r *advisory.TaskRule) { r.Due = 12 }),
			"escalates_early confirm_need escalations.1.after"},
		"escalations in the wrong order": {withTask(claim, func(r *advisory.TaskRule) { r.Escalations[1].After = 3 }),
			"not_ascending claim_request escalations.2.after"},
		"escalates next year": {withTask(need, func(r *advisory.TaskRule) { r.Escalations[0].After = 250 }),
			"out_of_range confirm_need escalations.1.after"},
		"an escalation that the engine does not carry out": {
			withTask(need, func(r *advisory.TaskRule) { r.Escalations[0].Then = advisory.AskDesk }),
			"other_escalation confirm_need escalations"},
		"due at once":  {withTask(need, func(r *advisory.TaskRule) { r.Due, r.Reminders = 0, []int{0} }), "out_of_range confirm_need due"},
		"due too late": {withTask(need, func(r *advisory.TaskRule) { r.Due, r.Escalations[0].After = 91, 91 }), "out_of_range confirm_need due"},
		"a choice too few": {withTask(need, func(r *advisory.TaskRule) { r.Choices = r.Choices[:1] }),
			"choices_unknown confirm_need choices"},
		"a task is missing": {changed(func(p *advisory.Programme) { p.Tasks = p.Tasks[1:] }), "task_missing claim_request "},
		"a task twice":      {changed(func(p *advisory.Programme) { p.Tasks = append(p.Tasks, p.Tasks[0]) }), "task_twice claim_request "},
		"a task that the journey does not know": {
			changed(func(p *advisory.Programme) { p.Tasks = append(p.Tasks, advisory.TaskRule{Kind: "dance"}) }), "task_unknown dance "},

		"the desk closes before it opens": {changed(func(p *advisory.Programme) { p.DeskOpens, p.DeskCloses = 17, 8 }),
			"closes_too_early  desk_closes"},
		"the desk never opens":          {changed(func(p *advisory.Programme) { p.DeskCloses = 8 }), "closes_too_early  desk_closes"},
		"mails at night":                {changed(func(p *advisory.Programme) { p.DeskCloses = 24 }), "out_of_range  desk_closes"},
		"a closure that is no date":     {changed(func(p *advisory.Programme) { p.Closures = []string{"2027-02-30"} }), "no_date  closures"},
		"a closure twice":               {changed(func(p *advisory.Programme) { p.Closures = []string{"2027-12-24", "2027-12-24"} }), "twice  closures"},
		"always closed":                 {changed(func(p *advisory.Programme) { p.Closures = everyDay(401) }), "too_many  closures"},
		"no topic":                      {changed(func(p *advisory.Programme) { p.Topics = nil }), "none_given  topics"},
		"a topic twice":                 {changed(func(p *advisory.Programme) { p.Topics[1] = p.Topics[0] }), "twice  topics"},
		"no reminder of an appointment": {changed(func(p *advisory.Programme) { p.ReminderDays = nil }), "none_given  reminder_days"},
		"the last reminder first":       {changed(func(p *advisory.Programme) { p.ReminderDays = []int{1, 7} }), "not_descending  reminder_days"},
		"reminded after the appointment": {changed(func(p *advisory.Programme) { p.ReminderDays = []int{7, 0} }),
			"out_of_range  reminder_days"},
		"decides before it nudges": {changed(func(p *advisory.Programme) { p.QuietDays = []int{60, 30} }), "not_ascending  quiet_days"},
		"nudges only":              {changed(func(p *advisory.Programme) { p.QuietDays = []int{30} }), "pair_wanted  quiet_days"},
		"nudges at once":           {changed(func(p *advisory.Programme) { p.QuietDays = []int{0, 30} }), "out_of_range  quiet_days"},
		"calls before the first date": {changed(func(p *advisory.Programme) { p.SlotRounds = 0 }),
			"out_of_range  slot_rounds"},
		"no session may be missed":    {changed(func(p *advisory.Programme) { p.MissedSessions = 0 }), "out_of_range  missed_sessions"},
		"follow-up at once":           {changed(func(p *advisory.Programme) { p.FollowUpMonths = 0 }), "out_of_range  follow_up_months"},
		"a withdrawal without return": {changed(func(p *advisory.Programme) { p.UndoDays = 0 }), "out_of_range  undo_days"},
		"no rest":                     {changed(func(p *advisory.Programme) { p.RestMonths = 0 }), "out_of_range  rest_months"},
		"no correction":               {changed(func(p *advisory.Programme) { p.CorrectionDays = 0 }), "out_of_range  correction_days"},
		"no date ahead":               {changed(func(p *advisory.Programme) { p.PlanMonths = 0 }), "out_of_range  plan_months"},
		"asked when the rest is over": {changed(func(p *advisory.Programme) { p.RestQuestion = 4 }), "asks_too_late  rest_question"},
		"negative points":             {changed(func(p *advisory.Programme) { p.Matching.Load = -1 }), "out_of_range  matching.load"},
		"points for the partner country only": {
			changed(func(p *advisory.Programme) {
				p.Matching = advisory.MatchingWeights{PartnerCountry: 5, FarKM: 150, RotationDays: 180}
			}),
			"no_weight  matching.topic"},
		"everything is near": {changed(func(p *advisory.Programme) { p.Matching.FarKM = 0 }), "out_of_range  matching.far_km"},
	} {
		t.Run(name, func(t *testing.T) {
			problems := test.programme.Problems()
			if len(problems) == 0 {
				t.Fatal("accepted")
			}
			if got := fmt.Sprintf("%s %s %s", problems[0].Code, problems[0].Task, problems[0].Field); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func everyDay(n int) []string {
	var days []string
	for i := range n {
		days = append(days, time.Date(2027, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	return days
}

// Whatever somebody makes of the table: what passes presses everybody, from now on, and reminds nobody after the due date.
func TestAProgrammeThatPassesPressesEverybodyInTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	passed, refused := 0, 0
	for range 4000 {
		p := advisory.DefaultProgramme()
		for range 1 + random.IntN(3) {
			disturb(random, &p)
		}
		if len(p.Problems()) > 0 {
			refused++
			continue
		}
		passed++
		now := time.Date(2027, 1, 1+random.IntN(365), random.IntN(24), random.IntN(60), 0, 0, advisory.Berlin)
		calendar := advisory.NewCalendar(advisory.Laender[random.IntN(len(advisory.Laender))], p.Closures...)
		for _, kind := range advisory.TaskKinds {
			checkPresses(t, p.Dates(calendar, kind, now), kind, now)
		}
	}
	if passed < 200 || refused < 200 {
		t.Errorf("%d programmes passed, %d were refused: that says little", passed, refused)
	}
}

func disturb(random *rand.Rand, p *advisory.Programme) {
	r := &p.Tasks[random.IntN(len(p.Tasks))]
	switch random.IntN(6) {
	case 0:
		r.Due = random.IntN(20) - 1
	case 1:
		r.Reminders = nil
		for range random.IntN(4) {
			r.Reminders = append(r.Reminders, random.IntN(15)-1)
		}
	case 2:
		r.Escalations = slices.Clone(r.Escalations)
		for i := range r.Escalations {
			r.Escalations[i].After += random.IntN(10) - 3
		}
	case 3:
		r.Escalations = r.Escalations[:random.IntN(len(r.Escalations)+1)]
	case 4:
		p.DeskOpens, p.DeskCloses = random.IntN(25), random.IntN(25)
	case 5:
		p.Closures = everyDay(random.IntN(60))
	}
}

func checkPresses(t *testing.T, dates advisory.Dates, kind advisory.TaskKind, now time.Time) {
	t.Helper()
	if len(dates.Presses) == 0 {
		t.Errorf("%s: nobody is pressed", kind)
	}
	for _, press := range dates.Presses {
		switch {
		case !press.At.After(now):
			t.Errorf("%s: pressed at %s, opened at %s", kind, press.At, now)
		case press.Remind > 0 && !press.At.Before(dates.DueOn.AddDate(0, 0, 1)):
			t.Errorf("%s: reminded at %s, due on %s", kind, press.At, dates.DueOn)
		case press.Rule != nil && press.At.Before(dates.DueOn.AddDate(0, 0, 1)):
			t.Errorf("%s: escalates at %s, due on %s", kind, press.At, dates.DueOn)
		}
	}
}
