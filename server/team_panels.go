package server

import (
	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// handover tells an invited advisor that there is something to read once the person accompanies the municipality.
func (b *panelBuilder) handover() {
	awaits, err := b.server.store.HandoverAwaits(b.ctx(), b.desk.ConsultationID)
	if !b.fails(err) && awaits {
		b.add(taskPanel{ID: "handover", Title: b.T("team_pages.handover.title"), Text: []string{b.T("team_pages.handover.awaits")}})
	}
}

// proposedTeam shows the municipality who would accompany it; where the team changes, who leaves and who stays.
func (b *panelBuilder) proposedTeam() {
	team, err := b.server.store.ProposedTeam(b.ctx(), b.desk.ConsultationID)
	if b.fails(err) {
		return
	}
	if team.IsChange() {
		b.add(b.changeOf(team))
	}
	panel := taskPanel{ID: "advisors", Title: b.T("task_pages.proposed_advisors")}
	for _, advisor := range team.Advisors {
		shown := b.proposedAdvisor(advisor)
		if team.IsChange() {
			shown.Part += ", " + b.T("team_pages.proposal."+standingOf(advisor))
		}
		panel.Advisors = append(panel.Advisors, shown)
	}
	b.add(panel)
}

func standingOf(advisor store.ProposedAdvisor) string {
	if advisor.Stays {
		return "stays"
	}
	return "new"
}

// changeOf names everybody at a glance, before the profiles.
func (b *panelBuilder) changeOf(team store.ProposedTeam) taskPanel {
	var leaving, staying, joining, leading []string
	for _, person := range team.Leaving {
		leaving = append(leaving, b.nameAndPart(person.FirstName, person.LastName, person.Lead))
	}
	for _, person := range team.Advisors {
		name := b.nameAndPart(person.FirstName, person.LastName, person.Lead)
		if person.Stays {
			staying = append(staying, name)
		} else {
			joining = append(joining, name)
		}
		if person.Lead {
			leading = append(leading, person.FirstName+" "+person.LastName)
		}
	}
	return taskPanel{ID: "change", Title: b.T("team_pages.proposal.title"), Text: []string{b.T("team_pages.proposal.text")}, Lists: list(
		fact(b.T("team_pages.proposal.leaves"), leaving...), fact(b.T("team_pages.proposal.stay"), staying...),
		fact(b.T("team_pages.proposal.joins"), joining...), fact(b.T("roles.lead_advisor.name"), leading...),
	)}
}

func (b *panelBuilder) nameAndPart(first, last string, lead bool) string {
	return store.Person{FirstName: first, LastName: last}.Name() + " (" + b.advisorRole(lead) + ")"
}

func (b *panelBuilder) proposedAdvisor(a store.ProposedAdvisor) proposedAdvisor {
	person := store.Person{FirstName: a.FirstName, LastName: a.LastName}
	// Labels are those of the profile, which the advisor writes for municipalities.
	profile := b.answers("advisor_profile", advisory.Answers{
		"competences": {a.Competences}, "networks": {a.Networks}, "languages": a.Languages, "other_language": {a.OtherLanguage},
	})
	return proposedAdvisor{
		ID: a.PersonID, Name: person.Name(), Initials: person.Initials(), Part: b.advisorRole(a.Lead), About: lines(a.About),
		List: form.ReadStep{Items: append(fact(b.T("consultation.topics"), b.labels("topics", a.Topics)),
			items(profile, "competences", "networks", "languages", "other_language")...)},
	}
}

// handoverView is what somebody who left wrote for whoever comes, with the reason where the coordination team reads it.
type handoverView struct {
	ID, Title, About string
	Reason           string // "" for advisors
	Note             []string
}

// handovers are for an advisor who came in the place of somebody; nobody else of the participants reads them.
func (s *Server) handovers(c *Context, f consultationFacts) ([]handoverView, error) {
	if !f.relation.Advisor {
		return nil, nil
	}
	found, err := s.store.HandoversTo(c.Request().Context(), f.ID, c.Person.ID)
	var views []handoverView
	for _, replacement := range found {
		view := c.handover(replacement)
		view.Reason = ""
		views = append(views, view)
	}
	return views, err
}

// addReplacements shows the coordination team who left, why, and what was handed over.
func (s *Server) addReplacements(c *Context, page *staffConsultationPage) error {
	found, err := s.store.Replacements(c.Request().Context(), page.Consultation.ID)
	for _, replacement := range found {
		page.Replacements = append(page.Replacements, c.handover(replacement))
	}
	return err
}

func (c *Context) handover(r store.Replacement) handoverView {
	part := c.advisorRole(r.Lead)
	if !r.InTeam {
		part = c.T("team_pages.replace.only_invited")
	}
	return handoverView{
		ID: r.AdvisorID, Title: r.AdvisorName + " (" + part + ")", Note: lines(r.HandoverNote),
		About:  c.T("team_pages.handover.since", "date", texts.Date(c.Lang, r.BegunAt), "name", r.ActorName),
		Reason: c.server.texts.OptionLabel(c.Lang, "replacement_reasons", r.Reason),
	}
}
