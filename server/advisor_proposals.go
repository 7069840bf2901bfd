package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
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
