package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

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
		View:  form.NewView(c.teamForm(member), answers, errs, nil, c.FormContext())})
}

func (s *Server) saveAdvisorEdit(c *Context) error {
	ctx, version := c.Request().Context(), c.Posted().Get(versionField)
	member, _, err := s.store.PoolMember(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	f := c.teamForm(member)
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

// teamForm is the form of an advisor for the coordination team; the topics so far can be kept.
func (c *Context) teamForm(member store.PoolMember) *texts.Form {
	return c.offering(c.Form("advisor_by_team"), c.server.texts.topics.current().offered, member.Profile.Topics)
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
