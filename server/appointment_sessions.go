package server

import (
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// sessionView is one session as everybody sees it: when and where, what may be done with it, and its note.
type sessionView struct {
	store.Session
	Title   string
	Leaf    *dayLeaf // nil before there is a date
	Past    bool
	When    string
	Where   string
	Badge   *taskBadge
	Note    *noteView // nil before it is shared
	Actions []consultationAction
}

// noteView is the note of a session and what the municipality wants to stand beside it.
type noteView struct {
	Note         store.Note
	Items        []form.ReadItem
	Correction   *correctionView
	CorrectUntil string // until when it may be corrected; "" where it no longer may
}

type correctionView struct {
	Lines []string
	By    string
}

// sessionViews lists the sessions, the latest one first. Where the consultation has ended, one that never got a date is
// over.
func (c *Context) sessionViews(consultation store.Consultation, relation store.Relation, sessions []store.Session) []sessionView {
	var views []sessionView
	for i := len(sessions) - 1; i >= 0; i-- {
		if consultation.IsRunning() || sessions[i].HasDate() {
			views = append(views, c.session(consultation, relation, sessions[i]))
		}
	}
	return views
}

func (c *Context) session(consultation store.Consultation, relation store.Relation, session store.Session) sessionView {
	view := sessionView{
		Session: session, Title: c.sessionTitle(session.Kind, session.Ordinal), Badge: c.sessionBadge(session),
		Note: c.note(consultation, session.Note), Actions: c.sessionActions(consultation, relation, session),
	}
	if session.HasDate() {
		view.Leaf, view.Past = c.leaf(*session.StartsAt), session.EndsAt.Before(c.Now())
		view.When = texts.DateTimeRange(c.Lang, *session.StartsAt, *session.EndsAt)
		view.Where = c.where(session.Format, session.Place)
	}
	return view
}

func (c *Context) note(consultation store.Consultation, note *store.Note) *noteView {
	if note == nil {
		return nil
	}
	view := &noteView{Note: *note}
	for _, step := range c.reading("note", note.Answers, "") {
		view.Items = append(view.Items, step.Items...)
	}
	if correction := note.Correction; correction != nil {
		key := "appointment_pages.corrected_by"
		if correction.OnBehalf {
			key = "appointment_pages.corrected_on_behalf"
		}
		view.Correction = &correctionView{
			Lines: strings.Split(correction.Text, "\n"),
			By: c.T(key, "name", correction.ByName, "municipality", consultation.Municipality,
				"date", texts.Date(c.Lang, correction.CorrectedAt)),
		}
	}
	if consultation.IsRunning() && c.correctable(*note) {
		view.CorrectUntil = c.T("notes.correctable_until", "date", texts.Date(c.Lang, note.CorrectUntil))
	}
	return view
}

// correctable tells whether it is not too late to correct a note: the last day counts.
func (c *Context) correctable(note store.Note) bool {
	last := note.CorrectUntil
	return c.Now().Before(advisory.Midnight(last.AddDate(0, 0, 1)))
}

// sessionActions are what the person may do with a session.
func (c *Context) sessionActions(consultation store.Consultation, relation store.Relation, session store.Session) []consultationAction {
	var actions []consultationAction
	offer := func(key, path string) {
		actions = append(actions, consultationAction{c.T("appointment_pages." + key), sessionPath(consultation.Number, session.Number) + path})
	}
	coordinates := c.Person.Role.Coordinates()
	if coordinates || relation.Participates() {
		if c.changeRefused(consultation, session) == "" {
			offer("move", movePath)
			offer("cancel", cancelPath)
		}
	}
	if (coordinates || relation.Contact) && c.correctionRefused(consultation, session) == "" {
		offer("correct", correctPath)
	}
	return actions
}

func sessionPath(number string, session int) string {
	return consultationPath(number) + "/termine/" + strconv.Itoa(session)
}

// changeRefused says why the appointment of a session can no longer be changed: the last part of the key of a text; ""
// where it can.
func (c *Context) changeRefused(consultation store.Consultation, session store.Session) string {
	switch {
	case !consultation.IsRunning():
		return "consultation_ended"
	case session.State == advisory.Cancelled:
		return "cancelled"
	case !session.HasDate():
		return "no_date"
	case session.State != advisory.Scheduled:
		return "over"
	case !session.StartsAt.After(c.Now()):
		return "begun"
	}
	return ""
}

// correctionRefused says why the note of a session cannot be corrected, as changeRefused does.
func (c *Context) correctionRefused(consultation store.Consultation, session store.Session) string {
	switch {
	case !consultation.IsRunning():
		return "consultation_ended"
	case session.Note == nil:
		return "no_note"
	case !c.correctable(*session.Note):
		return "note_final"
	}
	return ""
}

func (c *Context) sessionBadge(session store.Session) *taskBadge {
	text := c.T("sessions." + string(session.State))
	switch session.State {
	case advisory.Held:
		return badge("success", text)
	case advisory.Cancelled, advisory.Excused, advisory.MunicipalityAbsent, advisory.AdvisorAbsent, advisory.UnknownOutcome:
		return badge("neutral", text)
	default:
		return badge("info", text)
	}
}
