package server

import (
	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// suggestionView is an advisor with the reasons and the control that invites.
type suggestionView struct {
	ID, Name, Initials string
	Number             int // place in the list; 0 outside the suggestions
	Total              int
	InShort            string // the main reasons
	Criteria           []criterionView
	Earlier            string     // that the person accompanied the earlier consultation, "" where not
	Conflict           string     // that the person declared a conflict with the municipality earlier, "" where not
	About              string     // town; or what the person was asked for
	Badge              *taskBadge // how the person answered
	Question           string     // of the control
	Picks              []pickView
}

type pickView struct {
	ID, Name, Value, Label string
	Chosen                 bool
	Wrong                  bool
}

// candidateRows turns candidates into rows with the controls as they were set.
type candidateRows struct {
	*Context
	need    store.Need
	weights advisory.MatchingWeights
	picks   map[string]string // by the id of the person
	wrong   bool              // something about the choice as a whole
}

// suggested is somebody who may be invited, at a place of the list.
func (r candidateRows) suggested(found suggestion, number int) suggestionView {
	view := r.suggestionView(found, number)
	view.Question = r.T("coordination_pages.assign.invite_question", "name", found.Name())
	view.Picks = r.picksOf(found, "", pickMember, pickLead)
	return view
}

// again is somebody who was asked, accompanied the municipality before, or declared a conflict with it.
func (r candidateRows) again(found suggestion) suggestionView {
	view := r.suggested(found, 0)
	if found.Invitation == "" && found.LeftAt == nil {
		return view
	}
	view.About, view.Badge = r.askedBefore(found), r.earlierBadge(found)
	return view
}

// asked is somebody who was invited and has not said no.
func (r candidateRows) asked(found suggestion) suggestionView {
	view := r.suggestionView(found, 0)
	view.About, view.Badge = r.askedAs(found), r.invitationBadge(found.Invitation)
	view.Question = r.T("coordination_pages.assign.asked_question", "name", found.Name())
	view.Picks = r.picksOf(found, pickMember, pickLead)
	return view
}

// staying is somebody who accompanies the municipality already.
func (r candidateRows) staying(found suggestion) suggestionView {
	view := r.suggestionView(found, 0)
	view.Badge = badge("success", r.T("team.active"))
	view.Question = r.T("team_pages.assign.staying_question", "name", found.Name())
	view.Picks = r.picksOf(found, pickMember, pickLead)
	return view
}

func (r candidateRows) suggestionView(found suggestion, number int) suggestionView {
	return suggestionView{
		ID: found.ID, Name: found.Name(), Initials: found.Initials(), Number: number, Total: found.fit.Total(), About: found.Home,
		Earlier: r.earlier(found), Conflict: r.earlierConflict(found), InShort: r.inShort(found), Criteria: r.criteria(found),
	}
}

func (r candidateRows) picksOf(found suggestion, values ...string) []pickView {
	var views []pickView
	for _, value := range values {
		label := r.T("coordination_pages.assign.not_invite")
		if value != "" {
			label = r.T("coordination_pages.assign." + value)
		}
		views = append(views, pickView{
			ID: "advisor-" + found.ID + "-" + value, Name: pickPrefix + found.ID, Value: value, Label: label,
			Chosen: value == r.picks[found.ID], Wrong: r.wrong,
		})
	}
	return views
}

// earlier marks who accompanied the consultation that this one follows.
func (c *Context) earlier(found suggestion) string {
	if !found.AccompaniedEarlier {
		return ""
	}
	return c.T("follow_on.accompanied")
}

func (c *Context) earlierConflict(found suggestion) string {
	if found.EarlierConflict == "" {
		return ""
	}
	return c.T("matching.earlier_conflict", "number", found.EarlierConflict)
}

func (c *Context) askedAs(found suggestion) string {
	text := c.advisorRole(found.AskedLead)
	if found.Invitation == "open" && found.AnswerDue != nil {
		text += ", " + c.T("coordination_pages.assign.answer_until", "date", texts.Date(c.Lang, *found.AnswerDue))
	}
	return text
}

// askedBefore says when somebody was asked before, or until when the person accompanied the municipality.
func (c *Context) askedBefore(found suggestion) string {
	if found.LeftAt != nil {
		text := c.T("team_pages.assign.until", "date", texts.Date(c.Lang, *found.LeftAt))
		if reason := c.server.texts.OptionLabel(c.Lang, "replacement_reasons", found.LeftReason); found.LeftReason != "" {
			text += ". " + reason
		}
		return text
	}
	text := c.T("team_pages.assign.invited_on", "date", texts.Date(c.Lang, *found.InvitedAt))
	if found.AnsweredAt != nil {
		text += ", " + c.T("invitations."+found.Invitation) + " " + c.T("team_pages.assign.on", "date", texts.Date(c.Lang, *found.AnsweredAt))
	}
	return text
}

func (c *Context) earlierBadge(found suggestion) *taskBadge {
	if found.LeftAt != nil {
		return badge("neutral", c.T("team.former"))
	}
	return c.invitationBadge(found.Invitation)
}
