package workflows_test

import (
	"time"

	"miglobe/advisory"
)

// script says how people answer: the choices of a kind one after the other, the last again and again. A kind that is not
// named stays open.
type script map[advisory.TaskKind][]advisory.Choice

// straight is a journey in which everybody says yes at once.
func straight() script {
	return script{
		advisory.ClaimRequest:        {advisory.Claim},
		advisory.ReviewRequest:       {advisory.Accept},
		advisory.AnswerQuestion:      {advisory.Answer},
		advisory.ApproveRefusal:      {advisory.Approve},
		advisory.RecordAssessment:    {advisory.Record},
		advisory.ConfirmNeed:         {advisory.Confirm},
		advisory.ChooseAdvisors:      {advisory.Choose},
		advisory.AnswerInvitation:    {advisory.Accept},
		advisory.AgreeToAdvisors:     {advisory.Agree},
		advisory.ProposeSlots:        {advisory.Propose},
		advisory.ChooseSlot:          {advisory.Choose},
		advisory.RecordOutcome:       {advisory.WasHeld},
		advisory.WriteNote:           {advisory.Share},
		advisory.DecideAccompaniment: {advisory.Continue},
		advisory.DraftOptions:        {advisory.Share},
		advisory.ConfirmOptions:      {advisory.Confirm},
		advisory.Evaluate:            {advisory.Submit},
		advisory.CloseConsultation:   {advisory.Close},
		advisory.AnswerFollowUp:      {advisory.Submit},
	}
}

// until is the straight journey up to a kind of task, which stays open.
func until(kind advisory.TaskKind) script {
	s := straight()
	delete(s, kind)
	return s
}

// with changes the answers of one kind.
func (s script) with(kind advisory.TaskKind, choices ...advisory.Choice) script {
	s[kind] = choices
	return s
}

// follow lets people answer by the script, an hour after they were asked.
func (j *journey) follow(s script) {
	var look func()
	look = func() {
		if j.world.ended() {
			return
		}
		for _, t := range j.world.open() {
			choices := s[t.Kind]
			if len(choices) == 0 {
				continue
			}
			j.settle(t, choices[0], details(t, choices[0]))
			if len(choices) > 1 {
				s[t.Kind] = choices[1:]
			}
		}
		j.at(time.Hour, look)
	}
	j.at(time.Hour, look)
}

// details are what a choice says beside itself.
func details(t *testTask, choice advisory.Choice) func(*advisory.Input) {
	return func(in *advisory.Input) {
		switch t.Kind {
		case advisory.ClaimRequest:
			in.Actor = "kim"
		case advisory.ApproveRefusal:
			in.Actor = "robin"
		case advisory.ChooseAdvisors:
			in.Advisors, in.Lead = []string{"amina", "joseph"}, "amina"
		case advisory.WriteNote:
			in.Enough = true
		}
	}
}
