package workflows_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

func TestAQuietConsultation(t *testing.T) {
	begun := time.Date(2026, 3, 2, 10, 0, 0, 0, advisory.Berlin)
	after := func(days int, more time.Duration) string {
		return begun.AddDate(0, 0, days).Add(more).Format("2006-01-02 15:04")
	}
	for name, c := range map[string]struct {
		play      func(*journey)
		nudges    []string
		decisions []string
	}{
		"is nudged after 30 days and decided about after 60": {func(*journey) {},
			[]string{after(30, 0)}, []string{after(60, 0)}},
		"is asked anew after it went on": {func(j *journey) {
			j.at(61*day, func() { j.say(advisory.DecideRest, advisory.GoOn) })
		}, []string{after(30, 0), after(91, 0)}, []string{after(60, 0), after(121, 0)}},
		"is not quiet while a date is ahead": {func(j *journey) {
			j.at(20*day, func() { j.agree(1, 120*day) })
		}, nil, nil},
		"is quiet again where the date was cancelled": {func(j *journey) {
			j.at(20*day, func() { j.agree(1, 120*day) })
			j.at(40*day, func() { j.do(advisory.CancelAppointment, ofSession(1)) })
		}, []string{after(70, 0)}, []string{after(100, 0)}},
		"does not get older while it rests": {func(j *journey) {
			j.at(20*day, func() { j.do(advisory.BeginRest) })
			j.at(45*day+3*time.Minute, func() { j.do(advisory.EndRest) })
		}, []string{after(55, 3*time.Minute)}, []string{after(85, 3*time.Minute)}},
		"does not get older while it rests after the nudge": {func(j *journey) {
			j.at(40*day, func() { j.do(advisory.BeginRest) })
			j.at(50*day, func() { j.do(advisory.EndRest) })
		}, []string{after(30, 0)}, []string{after(70, 0)}},
		"does not get older while it rests where the date was cancelled in the rest": {func(j *journey) {
			j.world.pause = 60 * day
			j.at(2*day, func() { j.agree(1, 115*day) })
			j.at(5*day, func() { j.do(advisory.BeginRest) })
			j.at(30*day, func() { j.do(advisory.CancelAppointment, ofSession(1)) })
			j.at(50*day, func() { j.do(advisory.EndRest) })
		}, []string{after(80, 0)}, []string{after(110, 0)}},
		"begins anew after an undone withdrawal": {func(j *journey) {
			j.at(20*day, func() { j.do(advisory.Withdraw) })
			j.at(25*day, func() { j.do(advisory.UndoWithdrawal) })
		}, []string{after(55, 0)}, []string{after(85, 0)}},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJourney(t)
			j.world.pause = 150 * day
			c.play(j)
			j.runFrom(advisory.Dialogue, 124*day)
			if got := j.world.moments(isMail(advisory.MailSessionNudge)); !sameHours(got, c.nudges) {
				t.Errorf("nudged %v, want %v", got, c.nudges)
			}
			if got := j.world.moments(opensKind(advisory.DecideRest)); !sameHours(got, c.decisions) {
				t.Errorf("decided about %v, want %v", got, c.decisions)
			}
		})
	}
}

// sameHours compares moments; a span of so many times 24 hours comes out an hour later in summer time.
func sameHours(got, want []string) bool {
	return slices.EqualFunc(got, want, func(got, want string) bool {
		g, _ := time.Parse("2006-01-02 15:04", got)
		w, _ := time.Parse("2006-01-02 15:04", want)
		return g.Sub(w) == 0 || g.Sub(w) == time.Hour
	})
}

func TestWhoeverLeadsIsNudged(t *testing.T) {
	j := newJourney(t)
	j.at(10*day, func() { j.do(advisory.ReplaceAdvisor, ofPerson("amina")) })
	j.runFrom(advisory.Dialogue, 31*day)
	for _, m := range j.world.entries {
		if m.Mail == advisory.MailSessionNudge && !slices.Equal(m.Persons, []string{"kim"}) {
			t.Errorf("nudged %v while the coordinator stands in", m.Persons)
		}
	}
	if j.world.mailed(advisory.MailSessionNudge) != 1 {
		t.Error("not nudged")
	}
}

func TestAQuestionForRestIsNotAskedTwice(t *testing.T) {
	j := newJourney(t)
	j.at(59*day, func() { j.do(advisory.AskForRest) })
	j.runFrom(advisory.Dialogue, 61*day)
	if asked := len(j.world.moments(opensKind(advisory.DecideRest))); asked != 1 {
		t.Errorf("%d times decide_rest", asked)
	}
}
