package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

const proposalsPath = poolPath + "/freigaben"

func (s *Server) advisorDirectoryRoutes() []Route {
	return append(s.poolImportRoutes(), []Route{
		{Method: http.MethodGet, Path: proposalsPath, Who: Coordination, Handle: s.showProposals},
		{Method: http.MethodPost, Path: proposalsPath + "/:proposal/freigeben", Who: Coordination, Handle: s.approveProposal},
		{Method: http.MethodPost, Path: proposalsPath + "/:proposal/zurueckgeben", Who: Coordination, Handle: s.returnProposal},
		{Method: http.MethodGet, Path: poolPath + "/:id" + editSuffix, Who: Coordination, Handle: s.showAdvisorEdit},
		{Method: http.MethodPost, Path: poolPath + "/:id" + editSuffix, Who: Coordination, Handle: s.saveAdvisorEdit},
	}...)
}

func advisorDirectoryPages() []Page {
	return []Page{proposalsPage{}, advisorEditPage{}, poolUploadPage{}, poolPreviewPage{}}
}

// proposalsPage lists what advisors want to change and may not change alone.
type proposalsPage struct {
	View      form.View // of the return with errors, for the summary
	Proposals []*proposalView
}

// Template implements Page.
func (proposalsPage) Template() string { return "advisor_proposals" }

func (s *Server) showProposals(c *Context) error {
	return s.listProposals(c, http.StatusOK, "", nil, nil)
}

// listProposals shows one proposal with what was typed to return it.
func (s *Server) listProposals(c *Context, status int, typedFor string, answers advisory.Answers, errs form.Errors) error {
	proposals, err := s.store.WaitingProposals(c.Request().Context())
	if err != nil {
		return err
	}
	var page proposalsPage
	for _, proposal := range proposals {
		view := c.proposalView(proposal)
		if proposal.ID == typedFor {
			view.Return, view.Open = c.returnView(proposal.ID, answers, errs), true
			page.View = view.Return
		}
		page.Proposals = append(page.Proposals, view)
	}
	if typedFor != "" && page.View.Form == nil {
		return proposalDecided(c, advisory.Errorf(advisory.Conflict, "proposal %s does not wait any more", typedFor))
	}
	return c.Show(status, page)
}

func (c *Context) returnView(id string, answers advisory.Answers, errs form.Errors) form.View {
	return form.NewView(c.Form("return_profile_proposal"), answers, errs, nil, c.returnContext(id))
}

// returnContext keeps the forms of several proposals on one page apart.
func (c *Context) returnContext(id string) form.Context {
	context := c.FormContext()
	context.IDPrefix = "p-" + id
	return context
}

func (s *Server) approveProposal(c *Context) error {
	proposal, err := s.store.ApproveProposal(c.Request().Context(), c.Param("proposal"), c.Person.ID, c.Now())
	if err != nil {
		return proposalDecided(c, err)
	}
	return c.Done(proposalsPath, "advisor_pages.proposals.approved", "name", proposal.PersonName)
}

func (s *Server) returnProposal(c *Context) error {
	f, id := c.Form("return_profile_proposal"), c.Param("proposal")
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.returnContext(id)); len(errs) > 0 {
		return s.listProposals(c, http.StatusUnprocessableEntity, id, answers, errs)
	}
	proposal, err := s.store.ReturnProposal(c.Request().Context(), id, c.Person.ID, answers.Get("reason"), c.Now())
	if err != nil {
		return proposalDecided(c, err)
	}
	return c.Done(proposalsPath, "advisor_pages.proposals.returned", "name", proposal.PersonName)
}

// proposalDecided explains that somebody else was faster.
func proposalDecided(c *Context, err error) error {
	if advisory.CodeOf(err) != advisory.Conflict {
		return err
	}
	return &Explained{Err: err, Text: c.T("advisor_pages.proposals.decided_already"), ActionPath: proposalsPath}
}

const editSuffix = "/bearbeiten"

// advisorEditPage is where a coordinator changes the profile of an advisor.
type advisorEditPage struct {
	View    form.View
	Member  store.PoolMember
	Version string // of the profile that the form shows
	Waits   bool   // the advisor has proposed a change
}

// Template implements Page.
func (advisorEditPage) Template() string { return "advisor_edit" }

const versionField = "stand"

func (s *Server) showAdvisorEdit(c *Context) error {
	member, version, err := s.store.PoolMember(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.advisorEdit(c, http.StatusOK, member, version, s.teamAnswers(member), nil)
}

func (s *Server) advisorEdit(c *Context, status int, member store.PoolMember, version string, answers advisory.Answers, errs form.Errors) error {
	proposal, err := s.store.LatestProposal(c.Request().Context(), member.ID)
	if err != nil {
		return err
	}
	return c.Show(status, advisorEditPage{Member: member, Version: version,
		Waits: proposal != nil && proposal.State == store.ProposalWaiting,
		View:  form.NewView(c.Form("advisor_by_team"), answers, errs, nil, c.FormContext())})
}

func (s *Server) saveAdvisorEdit(c *Context) error {
	f, ctx, version := c.Form("advisor_by_team"), c.Request().Context(), c.Posted().Get(versionField)
	member, _, err := s.store.PoolMember(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		return s.advisorEdit(c, http.StatusUnprocessableEntity, member, version, answers, errs)
	}
	err = s.store.ChangePoolMember(ctx, s.memberOf(member, form.WithoutHidden(f, answers)), version)
	if err != nil && advisory.CodeOf(err) == advisory.Conflict {
		return &Explained{Err: err, Text: c.T("advisor_pages.edit.changed_meanwhile"), ActionPath: poolPath + "/" + member.ID + editSuffix}
	}
	if err != nil {
		return err
	}
	return c.Done(poolPath+"/"+member.ID, "advisor_pages.edit.saved")
}

// teamAnswers show an advisor in the form advisor_by_team.
func (s *Server) teamAnswers(member store.PoolMember) advisory.Answers {
	answers := s.profileAnswers(member.Profile)
	for key, value := range map[string]string{
		"salutation": member.Salutation, "first_name": member.FirstName, "last_name": member.LastName,
	} {
		if value != "" {
			answers.Set(key, value)
		}
	}
	delete(answers, "origin_country")
	delete(answers, "origin_consent")
	return answers
}

// memberOf is an advisor with what the form advisor_by_team says; consent and country of origin stay as they are.
func (s *Server) memberOf(member store.PoolMember, answers advisory.Answers) store.PoolMember {
	profile := s.profileOf(answers)
	profile.PersonID, profile.OriginCountry, profile.OriginConsent = member.ID, member.Profile.OriginCountry, member.Profile.OriginConsent
	member.Salutation, member.FirstName, member.LastName = answers.Get("salutation"), answers.Get("first_name"), answers.Get("last_name")
	member.Profile = profile
	return member
}
