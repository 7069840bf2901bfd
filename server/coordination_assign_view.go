package server

import (
	"strconv"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// assignPage shows an assignment with the controls as they were set.
func (c *Context) assignPage(a assignment, f *texts.Form, picks map[string]string, answers advisory.Answers, errs form.Errors) assignPage {
	page := assignPage{Task: a.task, Exhausted: len(a.suggestions) == 0, Wanted: c.wanted(a.need), Points: c.pointsOf(a.need)}
	wrong := errs.For("advisors") != "" || errs.For("lead") != ""
	for i, found := range a.suggestions {
		view := c.suggestionView(found, i+1)
		view.Picks = c.picks(found.ID, picks[found.ID], wrong, "", pickMember, pickLead)
		page.Suggestions = append(page.Suggestions, view)
	}
	for _, found := range a.asked {
		view := c.suggestionView(found, 0)
		view.About, view.Badge = c.askedAs(found), c.invitationBadge(found.Invitation)
		view.Picks = c.picks(found.ID, picks[found.ID], wrong, pickMember, pickLead)
		page.Asked = append(page.Asked, view)
	}
	for _, found := range a.unavailable {
		page.Unavailable = append(page.Unavailable, unavailableView{Name: nameAndTown(found), Reason: c.whyUnavailable(found)})
	}
	page.Form = form.NewView(f, answers, pointAt(errs, page.firstPick()), c.Sources, c.FormContext())
	page.Why = fieldNamed(page.Form, "why")
	for _, key := range []string{"advisors", "lead"} {
		if page.Error == "" {
			page.Error = errs.For(key)
		}
	}
	return page
}

// firstPick is the id of the first control, where errors of the choice as a whole lead.
func (p assignPage) firstPick() string {
	for _, view := range append(append([]suggestionView(nil), p.Suggestions...), p.Asked...) {
		return view.Picks[0].ID
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

func (c *Context) picks(id, chosen string, wrong bool, values ...string) []pickView {
	var picks []pickView
	for _, value := range values {
		label := c.T("coordination_pages.assign.not_invite")
		if value != "" {
			label = c.T("coordination_pages.assign." + value)
		}
		picks = append(picks, pickView{
			ID: "advisor-" + id + "-" + value, Name: pickPrefix + id, Value: value, Label: label, Chosen: value == chosen, Wrong: wrong,
		})
	}
	return picks
}

func (c *Context) suggestionView(found suggestion, number int) suggestionView {
	return suggestionView{
		ID: found.ID, Name: found.Name(), Initials: found.Initials(), Number: number, Total: found.Total(), About: found.Home,
		Criteria: c.criteria(found),
	}
}

// criteria gives each number its reason.
func (c *Context) criteria(found suggestion) []criterionView {
	topics, languages := c.labels("topics", found.SharedTopics), c.languagesOf(found.SharedLanguages, languageBeside(found))
	criteria := []criterionView{
		c.criterion("topic", found.Topic, topicPoints, c.reason("topic", topics)),
		c.criterion("language", found.Language, languagePoints, c.reason("language", languages)),
		c.criterion("load", found.Load, loadPoints, c.T("matching.load", "n", found.PoolAdvisor.Load, "max", found.Capacity)),
		c.criterion("rotation", found.Rotation, rotationPoints, c.lastInvited(found.LastInvitedAt)),
	}
	if found.FromPartnerCountry {
		criteria = append(criteria, c.criterion("partner_country", found.Country, countryPoints,
			c.T("coordination_pages.assign.country_agreed")))
	}
	return criteria
}

func languageBeside(found suggestion) string {
	for _, key := range found.SharedLanguages {
		if key == "other" {
			return found.OtherLanguage
		}
	}
	return ""
}

// reason says what fits, or that nothing does.
func (c *Context) reason(criterion, value string) string {
	if value == "" {
		return c.T("coordination_pages.assign.no_" + criterion)
	}
	return c.T("matching."+criterion, "value", value)
}

func (c *Context) criterion(key string, points, most int, why string) criterionView {
	return criterionView{
		Label: c.T("coordination_pages.criteria." + key), Points: points, Max: most, Why: why,
		Width: strconv.FormatFloat(40*float64(points)/float64(most), 'f', 1, 64),
	}
}

func (c *Context) askedAs(found suggestion) string {
	text := c.advisorRole(found.AskedLead)
	if found.Invitation == "open" && found.AnswerDue != nil {
		text += ", " + c.T("coordination_pages.assign.answer_until", "date", texts.Date(c.Lang, *found.AnswerDue))
	}
	return text
}

// whyUnavailable names why somebody cannot be chosen: the answer to this consultation's invitation, or no room.
func (c *Context) whyUnavailable(found suggestion) string {
	switch found.Invitation {
	case "":
		return c.T("matching.no_capacity") + " (" + c.T("matching.load", "n", found.PoolAdvisor.Load, "max", found.Capacity) + ")"
	case "conflict_of_interest":
		return c.T("matching.declared_conflict")
	default:
		return c.T("invitations." + found.Invitation)
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
	return lines
}

// pointsOf says how many points each criterion gives.
func (c *Context) pointsOf(need store.Need) []factLine {
	most := []struct {
		key    string
		points int
	}{{"topic", topicPoints}, {"language", languagePoints}, {"load", loadPoints}, {"rotation", rotationPoints}}
	var lines []factLine
	for _, m := range most {
		lines = append(lines, factLine{c.T("coordination_pages.criteria." + m.key),
			c.T("coordination_pages.assign.up_to", "n", m.points)})
	}
	if need.PartnerCountry != "" {
		lines = append(lines, factLine{c.T("coordination_pages.criteria.partner_country"),
			c.T("coordination_pages.assign.on_top", "n", countryPoints)})
	}
	return lines
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
