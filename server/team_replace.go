package server

import (
	"net/http"
	"slices"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	replacementSuffix = "/wechsel"
	replacementPath   = participationPath + "/:number" + replacementSuffix

	personQuery = "person" // who leaves
	leftPool    = "left_pool"
)

func (s *Server) teamRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: replacementPath, Who: Coordination, Handle: s.showReplacement},
		{Method: http.MethodPost, Path: replacementPath, Who: Coordination, Handle: s.replaceAdvisor},
		{Method: http.MethodGet, Path: leavingPath, Who: Coordination, Handle: s.showLeaving},
		{Method: http.MethodPost, Path: leavingPath, Who: Coordination, Handle: s.beginLeaving},
		{Method: http.MethodPost, Path: leavingPath + "/bleiben", Who: Coordination, Handle: s.stayInPool},
		{Method: http.MethodPost, Path: leavingPath + "/einladung/:number", Who: Coordination, Handle: s.withdrawInvitation},
		{Method: http.MethodPost, Path: leavingPath + "/abschluss", Who: Coordination, Handle: s.closeAdvisor},
	}
}

func teamPages() []Page { return []Page{replacementPage{}, leavingPage{}} }

// replacementPage says what follows from a replacement, and asks who leaves.
type replacementPage struct {
	store.Consultation
	View         form.View
	Nobody       bool     // accompanies the consultation or is invited
	Invited      bool     // somebody is invited
	Appointments []string // ahead: they stay
}

// Template implements Page.
func (replacementPage) Template() string { return "team_replace" }

// offerReplacement is for the coordination team, from the assignment on.
func offerReplacement(c *Context, consultation store.Consultation, _ store.Relation) []consultationAction {
	if !c.Person.Role.Coordinates() || !consultation.IsRunning() || !hasTeam(consultation.Stage) {
		return nil
	}
	return []consultationAction{{c.T("actions.replace_advisor"), consultationPath(consultation.Number) + replacementSuffix}}
}

// hasTeam tells whether advisors are sought or found in this stage.
func hasTeam(stage advisory.Stage) bool {
	return slices.Index(advisory.Stages, stage) >= slices.Index(advisory.Stages, advisory.Assignment) && stage != advisory.FollowUp
}

// replacement is a consultation with whoever may leave it.
type replacement struct {
	store.Consultation
	advisors []store.CurrentAdvisor
}

func (s *Server) replacement(c *Context) (replacement, error) {
	ctx := c.Request().Context()
	consultation, err := c.consultation()
	if err != nil {
		return replacement{}, err
	}
	r := replacement{Consultation: consultation}
	r.advisors, err = s.store.CurrentAdvisors(ctx, consultation.ID)
	var options []texts.Option
	for _, advisor := range r.advisors {
		options = append(options, texts.Option{Key: advisor.PersonID, Label: c.currentAdvisor(advisor)})
	}
	c.Sources = form.Sources{"current_advisors": options}
	return r, err
}

// currentAdvisor names somebody with the part that the person has.
func (c *Context) currentAdvisor(advisor store.CurrentAdvisor) string {
	about := c.advisorRole(advisor.Lead)
	if !advisor.InTeam {
		about += ", " + c.T("team_pages.replace.invited."+advisor.Invited)
	}
	return advisor.Name() + " (" + about + ")"
}

// chosen is the advisor of this id, nil where there is none.
func (r replacement) chosen(id string) *store.CurrentAdvisor {
	i := slices.IndexFunc(r.advisors, func(a store.CurrentAdvisor) bool { return a.PersonID == id })
	if i < 0 {
		return nil
	}
	return &r.advisors[i]
}

func (s *Server) showReplacement(c *Context) error {
	r, err := s.replacement(c)
	if err != nil {
		return err
	}
	if !r.IsRunning() {
		return c.Go(consultationPath(r.Number))
	}
	answers := advisory.Answers{}
	if advisor := r.chosen(c.QueryParam(personQuery)); advisor != nil {
		answers.Set("advisor", advisor.PersonID)
		if advisor.IsLeaving {
			answers.Set("reason", leftPool)
		}
	}
	return s.askReplacement(c, http.StatusOK, r, answers, nil)
}

func (s *Server) askReplacement(c *Context, status int, r replacement, answers advisory.Answers, errs form.Errors) error {
	page := replacementPage{
		Consultation: r.Consultation, View: form.NewView(c.Form("replace_advisor"), answers, errs, c.Sources, c.FormContext()),
		Nobody:  len(r.advisors) == 0,
		Invited: slices.ContainsFunc(r.advisors, func(a store.CurrentAdvisor) bool { return !a.InTeam }),
	}
	sessions, err := s.store.Sessions(c.Request().Context(), r.ID)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		if session.State == advisory.Scheduled && session.HasDate() && session.EndsAt.After(c.Now()) {
			page.Appointments = append(page.Appointments, c.sessionTitle(session.Kind, session.Ordinal)+": "+
				texts.DateTime(c.Lang, *session.StartsAt))
		}
	}
	return c.Show(status, page)
}

func (s *Server) replaceAdvisor(c *Context) error {
	f := c.Form("replace_advisor") // before anything is refused, so that the page can show what was typed
	r, err := s.replacement(c)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), c.Sources)
	leaves := r.chosen(answers.Get("advisor"))
	errs := form.Validate(f, answers, c.Sources, c.FormContext())
	if leaves != nil && !leaves.InTeam && answers.Get("handover_note") == "" { // who was only invited has nothing to hand over
		errs = slices.DeleteFunc(errs, func(e form.Error) bool { return e.Key == "handover_note" })
	}
	if len(errs) > 0 {
		return s.askReplacement(c, http.StatusUnprocessableEntity, r, answers, errs)
	}
	result, err := s.submitReplacement(c, r.Consultation, *leaves, answers)
	if err != nil {
		return err
	}
	path, done := consultationPath(r.Number), "team_pages.replace.done"
	if !leaves.InTeam {
		done = "team_pages.replace.withdrawn"
	}
	if leaves.IsLeaving {
		path = leavingPathOf(leaves.PersonID)
	}
	return c.Settled(result, path, done, "name", leaves.Name(), "number", r.Number)
}

// submitReplacement says it to the engine. Where the state does not allow it any more, the page says why.
func (s *Server) submitReplacement(c *Context, consultation store.Consultation, leaves store.CurrentAdvisor, answers advisory.Answers) (Result, error) {
	result, err := c.Submit(store.NewInput{
		ConsultationID: consultation.ID, Message: advisory.Input{Kind: advisory.ReplaceAdvisor, Person: leaves.PersonID},
		Form: "replace_advisor", Answers: answers,
	})
	if err != nil {
		return result, c.explainRefusal(err, consultation, "team_pages.replace.refused")
	}
	return result, nil
}
