package server

import (
	"strings"

	"miglobe/store"
)

// addDirectoryFacts adds what the coordination team has to know of an advisor beside the profile for municipalities.
func (s *Server) addDirectoryFacts(c *Context, page *advisorPage) error {
	ctx := c.Request().Context()
	proposal, err := s.store.LatestProposal(ctx, page.Advisor.ID)
	if err != nil {
		return err
	}
	if proposal != nil && proposal.State == store.ProposalWaiting && page.Advisor.Active {
		page.Proposal = c.proposalView(*proposal)
	}
	page.FurtherPlaces = orNone(c, strings.Join(page.Advisor.FurtherPlaces, ", "))
	page.Consent = c.T("advisor_pages.profile.consent_not_given")
	if page.Advisor.OriginConsent {
		page.Consent = c.T("advisor_pages.profile.consent_given")
	}
	page.Absences, err = s.absencesAhead(c, page.Advisor.ID)
	return err
}

// absencesAhead are the times in which somebody is away, now or later.
func (s *Server) absencesAhead(c *Context, personID string) ([]string, error) {
	absences, err := s.store.Absences(c.Request().Context(), personID, c.Now())
	var periods []string
	for _, absence := range absences {
		periods = append(periods, c.period(absence))
	}
	return periods, err
}
