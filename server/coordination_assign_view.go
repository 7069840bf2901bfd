package server

import (
	"cmp"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// suggestionsShown are the suggestions that stand there at once; the others are folded.
const suggestionsShown = 6

// assignPage is where a coordinator chooses advisors: explained suggestions, who stays, who was asked before, who cannot be
// asked.
type assignPage struct {
	Task        store.Task
	Form        form.View
	Why         *form.FieldView // the field for the reason
	WhyNotFirst *form.FieldView // the field for the reason why somebody else than the first was chosen
	Occasion    occasionView
	Teams       []suggestedTeamView
	Suggestions []suggestionView
	More        candidateFold // further suggestions
	Staying     []suggestionView
	Asked       []suggestionView
	Again       candidateFold // may be asked again
	Unavailable []unavailableView
	EarlierRule string // where those who accompanied the earlier consultation stand, "" without one
	Exhausted   bool
	Error       string // about the choice as a whole
	Wanted      []factLine
	Points      []factLine
	Rules       []string // how the criteria are to be understood
}

// Template implements Page.
func (assignPage) Template() string { return "coordination_assign" }

// Choosable tells whether there is anybody to choose.
func (p assignPage) Choosable() bool { return p.firstPick() != "" }

// candidateFold is a list that is folded unless somebody in it is chosen, or it is all there is.
type candidateFold struct {
	Rows []suggestionView
	Open bool
}

// occasionView says why advisors are chosen again; empty where it is the first time.
type occasionView struct {
	Leaving   []handoverView
	Reopening string // who re-opened the assignment and when
	Why       []string
	Wish      []string // of the municipality
}

// IsEmpty tells whether advisors are chosen for the first time.
func (o occasionView) IsEmpty() bool {
	return len(o.Leaving) == 0 && o.Reopening == "" && len(o.Wish) == 0
}

type unavailableView struct{ Name, Reason, Earlier string }

// assignPage shows an assignment with the controls as they were set.
func (c *Context) assignPage(a assignment, f *texts.Form, picks map[string]string, answers advisory.Answers, errs form.Errors) assignPage {
	page := assignPage{Task: a.task, Exhausted: len(a.suggestions) == 0, Wanted: c.wanted(a.need), Points: c.pointsOf(a),
		Rules: c.scoreRules(a.weights), Teams: c.suggestedTeams(a, picks), Occasion: c.occasionView(a.occasion), EarlierRule: c.earlierRule(a.need)}
	rows := candidateRows{Context: c, need: a.need, weights: a.weights, picks: picks, wrong: errs.For("advisors") != "" || errs.For("lead") != ""}
	for i, found := range a.suggestions {
		if view := rows.suggested(found, i+1); i < suggestionsShown {
			page.Suggestions = append(page.Suggestions, view)
		} else {
			page.More.add(view, picks[found.ID] != "")
		}
	}
	for _, found := range a.staying {
		page.Staying = append(page.Staying, rows.staying(found))
	}
	for _, found := range a.asked {
		page.Asked = append(page.Asked, rows.asked(found))
	}
	for _, found := range a.again {
		page.Again.add(rows.again(found), page.Exhausted || picks[found.ID] != "")
	}
	for _, found := range a.unavailable {
		page.Unavailable = append(page.Unavailable, unavailableView{Name: nameAndTown(found), Reason: c.whyUnavailable(found), Earlier: c.earlier(found)})
	}
	page.Form = form.NewView(f, answers, pointAt(errs, page.firstPick()), c.Sources, c.FormContext())
	page.Why, page.WhyNotFirst = fieldNamed(page.Form, "why"), fieldNamed(page.Form, "why_not_first")
	page.Error = cmp.Or(errs.For("advisors"), errs.For("lead"))
	return page
}

func (f *candidateFold) add(view suggestionView, open bool) {
	f.Rows = append(f.Rows, view)
	f.Open = f.Open || open
}

func (c *Context) occasionView(o occasion) occasionView {
	view := occasionView{Wish: lines(o.wish)}
	for _, replacement := range o.leaving {
		view.Leaving = append(view.Leaving, c.handover(replacement))
	}
	if o.reopening != nil {
		view.Reopening = c.T("team_pages.assign.reopened", "name", o.reopening.ActorName, "date", texts.Date(c.Lang, o.reopening.At))
		view.Why = lines(o.reopening.Why)
	}
	return view
}

// firstPick is the id of the first control, where errors of the choice as a whole lead.
func (p assignPage) firstPick() string {
	for _, list := range [][]suggestionView{p.Staying, p.Suggestions, p.Asked, p.Again.Rows} {
		if len(list) > 0 {
			return list[0].Picks[0].ID
		}
	}
	return ""
}

// pointAt lets the errors of the choice lead to a control, as the form's own fields are not on the page.
func pointAt(errs form.Errors, id string) form.Errors {
	pointed := append(form.Errors(nil), errs...)
	for i := range pointed {
		if pointed[i].Key == "advisors" || pointed[i].Key == "lead" {
			pointed[i].ID = id
		}
	}
	return pointed
}

func fieldNamed(view form.View, name string) *form.FieldView {
	for _, step := range view.Steps {
		for _, group := range step.Groups {
			for i := range group.Fields {
				if group.Fields[i].Name == name {
					return &group.Fields[i]
				}
			}
		}
	}
	return nil
}

// whyUnavailable names why somebody cannot be chosen: what the person said to this consultation, that the person leaves or
// is away, or no room.
func (c *Context) whyUnavailable(found suggestion) string {
	switch {
	case found.Invitation == "conflict_of_interest" || found.LeftReason == "conflict_of_interest":
		return c.T("matching.declared_conflict")
	case found.IsLeaving():
		return c.T("team_pages.leaving.badge")
	case found.AbsentUntil != nil: // the moment at which the person is back
		return c.T("matching.absent_until", "date", texts.Date(c.Lang, found.AbsentUntil.Add(-time.Nanosecond)))
	default:
		return c.T("matching.no_capacity") + " (" + c.T("matching.load", "n", found.PoolAdvisor.Load, "max", found.Capacity) + ")"
	}
}

func nameAndTown(found suggestion) string {
	if found.Home == "" {
		return found.Name()
	}
	return found.Name() + ", " + found.Home
}

// wanted says what the consultation looks for.
func (c *Context) wanted(need store.Need) []factLine {
	lines := []factLine{
		{c.T("consultation.topics"), orNone(c, c.labels("topics", need.Topics))},
		{c.T("coordination_pages.assign.languages"), orNone(c, c.languagesOf(need.Languages, need.OtherLanguage))},
	}
	if need.PartnerCountry != "" {
		lines = append(lines, factLine{c.T("coordination_pages.assign.partner_country"), c.countryName(need.PartnerCountry)})
	}
	if need.Follows != "" {
		lines = append(lines, factLine{c.T("follow_on.earlier"), need.Follows})
	}
	if need.SameAdvisors != "" {
		lines = append(lines, factLine{c.T("follow_on.same_advisors"),
			c.server.texts.OptionLabel(c.Lang, "yes_no_unsure", need.SameAdvisors)})
	}
	return lines
}

// earlierRule says where those stand who accompanied the earlier consultation.
func (c *Context) earlierRule(need store.Need) string {
	switch {
	case need.Follows == "":
		return ""
	case need.FavoursEarlierAdvisors():
		return c.T("follow_on.earlier_first")
	default:
		return c.T("follow_on.others_wished")
	}
}

func (c *Context) countryName(key string) string {
	for _, country := range countries[c.Lang]() {
		if country.Key == key {
			return country.Label
		}
	}
	return key
}

func orNone(c *Context, text string) string {
	if text == "" {
		return c.server.texts.FormText(c.Lang, "common.no_answer")
	}
	return text
}
