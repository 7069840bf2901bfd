package server

import (
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// journeyView is the way of a consultation in nine stops (GUIDE.md, section 8). Templates show it by "journey".
type journeyView struct {
	Stops    []journeyStop
	Position int        // of the current stop, from 1
	Current  string     // its name
	Compact  bool       // for staff: dots only on phones
	Badge    *taskBadge // resting or ended
}

// journeyStop is one stop. Phase stands at the first stop of a phase only.
type journeyStop struct {
	Phase  string
	Name   string
	State  stopState
	Before string // what only a screen reader says before the note
	Note   string
}

type stopState string

const (
	stopDone    stopState = "done"
	stopCurrent stopState = "current"
	stopOpen    stopState = "open"
)

// stop says which stages a stop of the diagram stands for, and the text keys of its name and phase. The request has no
// stage of its own: the draft is not shown. Closing belongs to the evaluation.
type stop struct {
	key    string
	phase  string
	stages []advisory.Stage
}

var stops = []stop{
	{"request", "entry", []advisory.Stage{advisory.Draft}},
	{"review", "", []advisory.Stage{advisory.Review}},
	{"assessment", "preparation", []advisory.Stage{advisory.Assessment}},
	{"assignment", "", []advisory.Stage{advisory.Assignment}},
	{"opening", "advice", []advisory.Stage{advisory.Opening}},
	{"dialogue", "", []advisory.Stage{advisory.Dialogue}},
	{"options", "", []advisory.Stage{advisory.Options}},
	{"evaluation", "effect", []advisory.Stage{advisory.Evaluation, advisory.Closing}},
	{"follow_up", "", []advisory.Stage{advisory.FollowUp}},
}

// journey draws the way of a consultation. The dates are those of store.StageDates.
func (c *Context) journey(consultation store.Consultation, dates map[advisory.Stage]time.Time, compact bool) journeyView {
	current := stopOf(consultation)
	view := journeyView{Position: current + 1, Compact: compact, Badge: c.journeyBadge(consultation)}
	for i, stop := range stops {
		if i > current && endedEarly(consultation) {
			break
		}
		view.Stops = append(view.Stops, c.stop(stop, i-current, consultation, dates, compact))
	}
	view.Current = view.Stops[current].Name
	return view
}

// stopOf is the place of the current stop. A completed consultation is on its way to the follow-up.
func stopOf(consultation store.Consultation) int {
	stage := consultation.Stage
	if consultation.Outcome == advisory.Completed {
		stage = advisory.FollowUp
	}
	return max(0, slices.IndexFunc(stops, func(s stop) bool { return slices.Contains(s.stages, stage) }))
}

// endedEarly tells whether there is no way on from the reached stop.
func endedEarly(consultation store.Consultation) bool {
	return !consultation.IsRunning() && consultation.Outcome != advisory.Completed
}

// stop draws one stop; ahead is how many stops it lies ahead of the current one.
func (c *Context) stop(s stop, ahead int, consultation store.Consultation, dates map[advisory.Stage]time.Time, compact bool) journeyStop {
	view := journeyStop{Name: c.T("status_pages.stops." + s.key), State: stopOpen}
	if s.phase != "" {
		view.Phase = c.T("status_pages.phases." + s.phase)
	}
	switch {
	case ahead < 0:
		view.State = stopDone
		view.Before, view.Note = c.doneOn(leftOn(s, consultation, dates))
	case ahead > 0:
		view.Before = c.T("status_pages.journey.still_open")
	case consultation.EndedAt != nil && !endedEarly(consultation):
		view.State = stopDone
		view.Before, view.Note = c.doneOn(*consultation.EndedAt)
	default:
		view.State = stopCurrent
		view.Note = c.now(s, consultation, compact)
	}
	return view
}

func (c *Context) doneOn(day time.Time) (before, note string) {
	if day.IsZero() {
		return c.T("status_pages.journey.done"), ""
	}
	return c.T("status_pages.journey.done_on"), texts.ShortDate(c.Lang, day)
}

// leftOn is when a stop was left: when the stage of a later stop began, or, behind the last stage, the outcome was reached.
func leftOn(s stop, consultation store.Consultation, dates map[advisory.Stage]time.Time) time.Time {
	last := s.stages[len(s.stages)-1]
	if last == advisory.Closing && consultation.ClosedAt != nil {
		return *consultation.ClosedAt
	}
	next := slices.Index(advisory.Stages, last) + 1
	if next < len(advisory.Stages) {
		return dates[advisory.Stages[next]]
	}
	return time.Time{}
}

// now is the note of the current stop.
func (c *Context) now(s stop, consultation store.Consultation, compact bool) string {
	day := func(key string, t time.Time) string { return c.T(key, "date", texts.ShortDate(c.Lang, t)) }
	switch {
	case endedEarly(consultation):
		return c.T("outcomes." + string(consultation.Outcome) + ".name")
	case consultation.IsResting() && consultation.RestUntil != nil:
		return day("conditions.resting_until", *consultation.RestUntil)
	case consultation.IsResting():
		return day("status_pages.journey.resting_since", *consultation.RestingSince)
	case consultation.Outcome == advisory.Completed && consultation.Stage != advisory.FollowUp:
		if consultation.FollowUpFrom == nil {
			return ""
		}
		return day("status_pages.journey.from", *consultation.FollowUpFrom)
	case compact:
		return day("dates.since", consultation.StageSince)
	default:
		return c.T("status_pages.journey.now")
	}
}

// journeyBadge says above the diagram what its stops do not: that the consultation rests or has ended.
func (c *Context) journeyBadge(consultation store.Consultation) *taskBadge {
	switch {
	case consultation.IsResting() && consultation.RestUntil != nil:
		return badge("info", c.T("conditions.resting_until", "date", texts.ShortDate(c.Lang, *consultation.RestUntil)))
	case consultation.IsResting():
		return badge("info", c.T("conditions.resting"))
	case consultation.IsRunning():
		return nil
	case consultation.Outcome == advisory.Completed:
		return badge("success", c.T("outcomes.completed.name"))
	default:
		return badge("neutral", c.T("outcomes."+string(consultation.Outcome)+".name"))
	}
}
