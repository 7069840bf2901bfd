package workflows_test

import (
	"slices"
	"time"

	"miglobe/advisory"
)

var pool = []string{"amina", "joseph", "ruth", "bela", "chris"}

// move plays one move of a random sequence.
func (q *sequence) move() {
	t := q.temper
	switch n := q.rng.IntN(t.settle + t.deed + t.odd + t.outage + t.quiet); {
	case n < t.settle:
		q.settleSomething()
	case n < t.settle+t.deed:
		q.doSomething()
	case n < t.settle+t.deed+t.odd:
		q.doSomethingOdd()
	case n < t.settle+t.deed+t.odd+t.outage:
		q.world.away = q.world.now().Add(time.Duration(1+q.rng.IntN(240)*q.rng.IntN(2)) * time.Minute)
	}
}

func (q *sequence) settleSomething() {
	open := q.world.open()
	if len(open) == 0 {
		return
	}
	q.answer(one(q, open...))
}

// answer settles a task, mostly so that the journey goes on.
func (q *sequence) answer(t *testTask) {
	rule, _ := q.world.programme.Rule(t.Kind)
	choice := one(q, rule.Choices...)
	if on := straight()[t.Kind]; len(on) > 0 && q.rng.IntN(10) < 6 {
		choice = on[0]
	}
	in := advisory.Input{Kind: advisory.TaskInput, Task: t.ID, Choice: choice, Actor: t.Owner.Person}
	if in.Actor == "" {
		in.Actor = one(q, "kim", "robin")
	}
	switch {
	case t.Kind == advisory.ChooseAdvisors:
		for range 1 + q.rng.IntN(3) {
			if person := one(q, pool...); !slices.Contains(in.Advisors, person) {
				in.Advisors = append(in.Advisors, person)
			}
		}
		in.Lead = one(q, append(slices.Clone(in.Advisors), q.world.advisors...)...)
	case t.Kind == advisory.WriteNote:
		in.Enough = q.rng.IntN(2) == 0
	}
	q.say(in)
}

// deeds of a random sequence, more often those that lead on.
func (q *sequence) doSomething() {
	person := one(q, pool...)
	if len(q.world.advisors) > 0 && q.rng.IntN(3) > 0 {
		person = one(q, q.world.advisors...)
	} else if invited := q.world.find(advisory.AnswerInvitation); invited != nil {
		person = invited.Owner.Person
	}
	number := 1 + q.rng.IntN(len(q.world.sessions)+1)
	for scheduled, s := range q.world.sessions {
		if s.state == advisory.Scheduled && scheduled != number {
			number = max(number, scheduled)
		}
	}
	if q.world.withdrawn && q.rng.IntN(2) == 0 {
		q.say(advisory.Input{Kind: advisory.UndoWithdrawal, Actor: "toni"})
		return
	}
	deeds := []advisory.Input{
		{Kind: advisory.BeginRest, Actor: "kim"},
		{Kind: advisory.EndRest, Actor: "kim"},
		{Kind: advisory.AskForRest, Actor: "toni"},
		{Kind: advisory.PlanSession, Actor: "amina"},
		{Kind: advisory.PlanSession, Actor: "kim"},
		{Kind: advisory.MoveAppointment, Actor: "toni", Session: number},
		{Kind: advisory.MoveAppointment, Actor: "amina", Session: number},
		{Kind: advisory.CancelAppointment, Actor: "toni", Session: number},
		{Kind: advisory.CorrectNote, Actor: "toni", Session: number},
		{Kind: advisory.ProposeGoal, Actor: "amina"},
		{Kind: advisory.ProposeGoal, Actor: "toni", Choice: advisory.Confirm},
		{Kind: advisory.ReplaceAdvisor, Actor: "kim", Person: person},
		{Kind: advisory.ReplaceAdvisor, Actor: "kim", Person: person},
		{Kind: advisory.ReopenAssignment, Actor: "kim"},
		{Kind: advisory.AdoptProgramme, Actor: "kim", Version: q.world.programme.Version + q.rng.IntN(2)},
		{Kind: advisory.ClarifyAddress, Person: one(q, "toni", "uma")},
		q.handOverSomething(),
		{Kind: advisory.UndoWithdrawal, Actor: "toni"},
		{Kind: advisory.Withdraw, Actor: "toni"},
	}
	q.say(one(q, deeds...))
}

// handOverSomething gives a task of the coordination to another coordinator.
func (q *sequence) handOverSomething() advisory.Input {
	in := advisory.Input{Kind: advisory.HandOver, Actor: "kim", To: one(q, "kim", "robin")}
	if open := q.world.open(); len(open) > 0 {
		if t := one(q, open...); t.Owner.Role == advisory.Coordinator || t.Owner.Person == "kim" {
			in.Task = t.ID
		}
	}
	if q.rng.IntN(3) == 0 {
		in.Choice, in.To = advisory.Claim, in.Actor
	}
	return in
}

// doSomethingOdd says what nobody should say, or says something again.
func (q *sequence) doSomethingOdd() {
	if len(q.played) > 0 && q.rng.IntN(2) == 0 {
		again := q.played[max(0, len(q.played)-1-q.rng.IntN(5))]
		if again.reply.err == nil || q.renewed == 0 { // a new history does not know what was refused, but the relay does
			again.delivered++
			q.input(again.Input)
		}
		return
	}
	odd := []advisory.Input{
		{Kind: "nonsense", Actor: "kim"},
		{Kind: advisory.TaskInput, Task: "no-such-task", Choice: advisory.Accept, Actor: "kim"},
		{Kind: advisory.HandOver, Task: "no-such-task", To: "kim", Actor: "kim"},
		{Kind: advisory.ReplaceAdvisor, Person: "nobody", Actor: "kim"},
		{Kind: advisory.ReplaceAdvisor, Actor: "kim"},
		{Kind: advisory.MoveAppointment, Session: 99, Actor: "toni"},
		{Kind: advisory.CancelAppointment, Actor: "toni"},
		{Kind: advisory.CorrectNote, Session: -1, Actor: "toni"},
		{Kind: advisory.ClarifyAddress},
		{Kind: advisory.AdoptProgramme, Actor: "kim"},
	}
	if tasks := q.world.tasks; len(tasks) > 0 {
		t := one(q, tasks...)
		odd = append(odd, advisory.Input{Kind: advisory.TaskInput, Task: t.ID, Choice: one(q, advisory.Propose, advisory.Close, advisory.Choose), Actor: "toni"},
			advisory.Input{Kind: advisory.TaskInput, Task: t.ID, Choice: advisory.Approve, Actor: "kim"})
	}
	q.say(one(q, odd...))
}

// finish brings a sequence to its end: withdrawn, or through the follow-up.
func (q *sequence) finish() {
	switch w := q.world; {
	case w.outcome() == advisory.Completed && w.resting:
		q.say(advisory.Input{Kind: advisory.EndRest, Actor: "kim"})
	case w.outcome() == advisory.Completed:
		if t := w.find(advisory.AnswerFollowUp); t != nil {
			q.answer(t)
		}
	case !w.withdrawn:
		q.say(advisory.Input{Kind: advisory.Withdraw, Actor: "toni"})
	}
}

// expect is what has to come of an input that is said alone: "refused", "applied", or "" where the world cannot tell.
func (w *world) expect(in advisory.Input) string {
	applied := func(allowed bool) string {
		if allowed {
			return "applied"
		}
		return "refused"
	}
	under := func(stages ...advisory.Stage) bool { return slices.Contains(stages, w.stage) }
	searching := w.find(advisory.ChooseAdvisors) != nil || w.find(advisory.AnswerInvitation) != nil || w.find(advisory.AgreeToAdvisors) != nil
	session := w.sessions[in.Session]
	switch {
	case w.outcome() == advisory.Completed:
		return ""
	case w.ended():
		return "refused"
	case in.Kind == advisory.UndoWithdrawal:
		return applied(w.withdrawn)
	case w.withdrawn:
		return "refused"
	}
	switch in.Kind {
	case advisory.TaskInput:
		return w.expectAnswer(in)
	case advisory.HandOver:
		t := w.task(in.Task)
		if t != nil && in.Choice == advisory.Claim && (t.Owner.Person != "" || t.Not == in.To) {
			return "refused"
		}
		return applied(t != nil && t.state == advisory.Open)
	case advisory.Withdraw, advisory.BeginRest:
		return "applied"
	case advisory.EndRest:
		return applied(w.resting)
	case advisory.AskForRest:
		return applied(!w.resting && w.find(advisory.DecideRest) == nil)
	case advisory.PlanSession:
		if !under(advisory.Dialogue) || w.resting {
			return "refused"
		}
		return ""
	case advisory.MoveAppointment, advisory.CancelAppointment:
		return applied(session != nil && session.state == advisory.Scheduled)
	case advisory.CorrectNote:
		if session == nil && in.Session > 0 {
			return "" // begun, but not told yet
		}
		return applied(session != nil)
	case advisory.ProposeGoal:
		asked := in.Choice != advisory.Confirm && w.find(advisory.ConfirmGoalChange) != nil
		return applied(!asked && under(advisory.Assignment, advisory.Opening, advisory.Dialogue, advisory.Options))
	case advisory.ReplaceAdvisor:
		switch invited := w.find(advisory.AnswerInvitation, in.Person); {
		case in.Person == "" || in.Person == "nobody":
			return "refused"
		case slices.Contains(w.advisors, in.Person) || invited != nil:
			return "applied"
		}
		return ""
	case advisory.ReopenAssignment:
		return applied(!searching && under(advisory.Opening, advisory.Dialogue, advisory.Options))
	case advisory.AdoptProgramme:
		if in.Version > w.programme.Version {
			return "" // a date may move into the past
		}
		return "refused"
	case advisory.ClarifyAddress:
		open := slices.ContainsFunc(w.open(), func(t *testTask) bool { return t.Kind == advisory.CheckAddress && t.About == in.Person })
		return applied(in.Person != "" && !open)
	default:
		return "refused"
	}
}

func (w *world) expectAnswer(in advisory.Input) string {
	t := w.task(in.Task)
	if t == nil || t.state != advisory.Open {
		return "refused"
	}
	rule, _ := w.programme.Rule(t.Kind)
	switch {
	case !rule.Offers(in.Choice), t.Not != "" && t.Not == in.Actor:
		return "refused"
	case t.Kind == advisory.ChooseAdvisors:
		return ""
	}
	return "applied"
}
