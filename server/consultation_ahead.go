package server

import (
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// aheadStep is one row of "what happens next": who does what, until when.
type aheadStep struct {
	Who   string
	Mine  bool // the person behind the request does it
	Title string
	Meta  string // until when, or at what date
	Open  bool   // it is going on
}

// doer is who takes a step of the journey, in the words of status_pages.who.
type doer string

const (
	byCoordination doer = "coordination"
	byMunicipality doer = "municipality"
	byLead         doer = "lead"
	byPool         doer = "pool"
	byEverybody    doer = "everybody"
)

// meeting stands for the session itself, which is nobody's task.
const meeting advisory.TaskKind = "session"

// pathStep is a step that everybody in a consultation may know of. What the staff do among themselves is none.
type pathStep struct {
	stage advisory.Stage
	kind  advisory.TaskKind
	by    doer
}

// journeyPath is the way that a consultation takes where nothing gets in between (journey.md, Human tasks).
var journeyPath = []pathStep{
	{advisory.Review, advisory.ReviewRequest, byCoordination},
	{advisory.Assessment, advisory.RecordAssessment, byCoordination},
	{advisory.Assessment, advisory.ConfirmNeed, byMunicipality},
	{advisory.Assignment, advisory.ChooseAdvisors, byCoordination},
	{advisory.Assignment, advisory.AnswerInvitation, byPool},
	{advisory.Assignment, advisory.AgreeToAdvisors, byMunicipality},
	{advisory.Opening, advisory.ProposeSlots, byLead},
	{advisory.Opening, advisory.ChooseSlot, byMunicipality},
	{advisory.Opening, meeting, byEverybody},
	{advisory.Opening, advisory.WriteNote, byLead},
	{advisory.Opening, advisory.DecideAccompaniment, byMunicipality},
	{advisory.Dialogue, advisory.ProposeSlots, byLead},
	{advisory.Dialogue, advisory.ChooseSlot, byMunicipality},
	{advisory.Dialogue, meeting, byEverybody},
	{advisory.Dialogue, advisory.WriteNote, byLead},
	{advisory.Options, advisory.DraftOptions, byLead},
	{advisory.Options, advisory.ConfirmOptions, byEverybody},
	{advisory.Evaluation, advisory.Evaluate, byEverybody},
	{advisory.Closing, advisory.CloseConsultation, byCoordination},
	{advisory.FollowUp, advisory.AnswerFollowUp, byMunicipality},
}

// shownAs names the step as which a task outside the path is told, so that nothing internal is seen through it.
var shownAs = map[advisory.TaskKind]advisory.TaskKind{
	advisory.ClaimRequest:   advisory.ReviewRequest,
	advisory.ApproveRefusal: advisory.ReviewRequest,
	advisory.RecordOutcome:  meeting,
}

const stepsShown = 4

// ahead tells what happens next, from what is going on. Sessions and programme may be nil: then dates and periods are
// left out.
func (c *Context) ahead(consultation store.Consultation, relation store.Relation, open []store.Task,
	sessions []store.Session, programme *advisory.Programme) []aheadStep {
	if !consultation.IsRunning() && (consultation.Outcome != advisory.Completed || len(open) == 0) {
		return nil
	}
	a := aheadBuilder{Context: c, relation: relation, programme: programme, open: map[advisory.TaskKind][]store.Task{}}
	for _, task := range open {
		kind := task.Kind
		if told, ok := shownAs[kind]; ok {
			kind = told
		}
		a.open[kind] = append(a.open[kind], task)
	}
	a.nextSession = nextSession(sessions)
	var steps []aheadStep
	if len(a.open[advisory.AnswerQuestion]) > 0 {
		steps = append(steps, a.step(pathStep{advisory.Review, advisory.AnswerQuestion, byMunicipality}))
	}
	for _, step := range journeyPath[a.position(consultation.Stage):] {
		if len(steps) < stepsShown {
			steps = append(steps, a.step(step))
		}
	}
	return steps
}

// waitingFor is the first step that somebody takes now, or nil.
func (c *Context) waitingFor(steps []aheadStep) *aheadStep {
	i := slices.IndexFunc(steps, func(step aheadStep) bool { return step.Open })
	if i < 0 {
		return nil
	}
	return &steps[i]
}

// nextSession is the first of the sessions that have a date or wait for their outcome, or nil.
func nextSession(sessions []store.Session) *store.Session {
	var next *store.Session
	for i := range sessions {
		session := &sessions[i]
		dated := session.HasDate() && (session.State == advisory.Scheduled || session.State == advisory.OutcomeWanted)
		if dated && (next == nil || session.StartsAt.Before(*next.StartsAt)) {
			next = session
		}
	}
	return next
}

type aheadBuilder struct {
	*Context
	relation    store.Relation
	programme   *advisory.Programme
	open        map[advisory.TaskKind][]store.Task
	nextSession *store.Session
}

// position is where the consultation stands on the path: at the first step of its stage that is going on.
func (a aheadBuilder) position(stage advisory.Stage) int {
	inStage := func(s pathStep) bool { return s.stage == stage }
	going := slices.IndexFunc(journeyPath, func(s pathStep) bool { return inStage(s) && a.isGoing(s) })
	if going >= 0 {
		return going
	}
	return max(0, slices.IndexFunc(journeyPath, inStage))
}

func (a aheadBuilder) isGoing(s pathStep) bool {
	return len(a.open[s.kind]) > 0 || s.kind == meeting && a.nextSession != nil
}

func (a aheadBuilder) step(s pathStep) aheadStep {
	step := aheadStep{Open: a.isGoing(s), Title: a.T("status_pages.steps." + a.nameOf(s))}
	open := a.open[s.kind]
	if len(open) > 0 && s.by != byEverybody && open[0].OwnerRole == advisory.Advisor && s.by != byPool {
		s.by = byLead // the choice of a date goes back and forth
	}
	own, _ := a.ownTasks(open)
	step.Mine = len(own) > 0 || len(open) == 0 && a.isDoer(s.by)
	step.Who = a.T("status_pages.who." + string(s.by))
	if step.Mine && s.by != byEverybody {
		step.Who = a.T("status_pages.who.you")
	}
	if s.by == byLead && a.relation.Contact {
		step.Who = a.T("status_pages.who.team")
	}
	step.Meta = a.until(s, open, own)
	return step
}

// nameOf is the text key of a step: a session is named by its kind.
func (a aheadBuilder) nameOf(s pathStep) string {
	if s.kind == meeting {
		return string(meeting) + "_" + string(s.stage)
	}
	return string(s.kind)
}

func (a aheadBuilder) isDoer(by doer) bool {
	switch by {
	case byMunicipality:
		return a.relation.Contact
	case byLead:
		return a.relation.Lead
	}
	return false
}

// until is the due date of what is going on, the date of a session, or how long the person will have.
func (a aheadBuilder) until(s pathStep, open, own []store.Task) string {
	switch {
	case s.kind == meeting:
		if a.nextSession == nil || !a.nextSession.HasDate() {
			return ""
		}
		return texts.DateTimeRange(a.Lang, *a.nextSession.StartsAt, *a.nextSession.EndsAt)
	case len(open) > 0 && open[0].IsFrozen():
		return a.T("status_pages.ahead.frozen")
	case len(own) > 0:
		return a.untilDate(own[0].DueOn)
	case len(open) > 0:
		return a.untilDate(open[0].DueOn)
	case a.programme != nil && a.isDoer(s.by):
		rule, _ := a.programme.Rule(s.kind)
		return a.server.texts.Count(a.Lang, "status_pages.ahead.within", rule.Due)
	}
	return ""
}

func (a aheadBuilder) untilDate(day time.Time) string {
	return a.T("dates.until", "date", texts.Date(a.Lang, day))
}
