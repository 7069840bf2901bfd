package chaos_test

import (
	"math/rand/v2"
	"time"

	"miglobe/advisory"
	"miglobe/local/robot"
	"miglobe/texts"
)

// odds say how often a choice is taken, out of the sum of all.
type odds []struct {
	choice advisory.Choice
	weight int
}

// inTheStorm is what people choose while everything may happen; what is not named here has one choice, or none is better.
var inTheStorm = map[advisory.TaskKind]odds{
	advisory.ReviewRequest:       {{advisory.Accept, 86}, {advisory.Ask, 8}, {advisory.Refer, 3}, {advisory.Decline, 3}},
	advisory.ApproveRefusal:      {{advisory.Approve, 1}, {advisory.Return, 1}},
	advisory.AnswerInvitation:    {{advisory.Accept, 80}, {advisory.Decline, 15}, {advisory.ConflictOfInt, 5}},
	advisory.AgreeToAdvisors:     {{advisory.Agree, 92}, {advisory.AskForOthers, 8}},
	advisory.ChooseSlot:          {{advisory.Choose, 85}, {advisory.CounterPropose, 15}},
	advisory.RecordOutcome:       {{advisory.WasHeld, 80}, {advisory.WasExcused, 6}, {advisory.MunicipalityAway, 5}, {advisory.AdvisorAway, 4}, {advisory.NotKnown, 5}},
	advisory.DecideAccompaniment: {{advisory.Continue, 85}, {advisory.EndHere, 15}},
	advisory.ConfirmOptions:      {{advisory.Confirm, 88}, {advisory.Change, 12}},
	advisory.CallParticipants:    {{advisory.Reached, 3}, {advisory.NotReached, 1}},
	advisory.CheckAddress:        {{advisory.AddressWorks, 1}},
	advisory.DecideRest:          {{advisory.GoOn, 3}, {advisory.Rest, 1}},
	advisory.AnswerRestQuestion:  {{advisory.Resume, 8}, {advisory.RestLonger, 1}, {advisory.End, 1}},
	advisory.DecideAfterRest:     {{advisory.Resume, 1}},
	advisory.ConfirmGoalChange:   {{advisory.Confirm, 1}, {advisory.Keep, 1}},
}

// inTheCalm is what leads to the end: the first choice of each. Dates that have passed are not to be chosen any more, so others
// are proposed now and then.
func inTheCalm() map[advisory.TaskKind]odds {
	calm := map[advisory.TaskKind]odds{}
	for kind, all := range inTheStorm {
		calm[kind] = all[:1]
	}
	calm[advisory.ChooseSlot] = inTheStorm[advisory.ChooseSlot]
	return calm
}

func (o odds) draw(dice *rand.Rand) advisory.Choice {
	sum := 0
	for _, option := range o {
		sum += option.weight
	}
	n := dice.IntN(sum)
	for _, option := range o {
		if n -= option.weight; n < 0 {
			return option.choice
		}
	}
	return o[0].choice
}

// answer is what a person enters to settle a task.
func (c *crowd) answer(dice *rand.Rand, t openTask) robot.Writer {
	w := robot.Writer{
		Words: "Erprobt " + string(t.Kind), Calendar: calendarOf(t.Land), Today: c.now(), Advisors: 1 + dice.IntN(4)/3,
		Wishes: map[string]string{
			texts.BehalfPrefix + "on_date": c.today(), "new_need": "no",
			"follow_up_from": calendarOf(t.Land).AddWorkdays(c.now(), 5).In(advisory.Berlin).Format(time.DateOnly),
		},
	}
	if t.Kind == advisory.WriteNote {
		w.Wishes["further_sessions"] = []string{"enough", "enough", "another", "open"}[dice.IntN(4)*c.wildness()]
	}
	possible, ok := c.choices[t.Kind]
	if !ok {
		return w
	}
	choice := possible.draw(dice)
	rule, _ := advisory.DefaultProgramme().Rule(t.Kind)
	switch {
	case rule.ChoiceField != "":
		w.Wishes[rule.ChoiceField] = string(choice)
	case t.Kind != advisory.ChooseSlot || choice != advisory.Choose:
		w.Choice = string(choice)
	default:
		w.Wishes["slot"] = []string{"1", "2", "3"}[dice.IntN(3)]
	}
	return w
}

// wildness is 0 when everything shall come to its end.
func (c *crowd) wildness() int {
	if c.calm {
		return 0
	}
	return 1
}
