package server

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

const leavingPath = poolPath + "/:id/verabschieden"

func leavingPathOf(advisorID string) string { return poolPath + "/" + advisorID + "/verabschieden" }

// leavingPage guides through the hand-over of everything that an advisor who leaves the pool has a part in.
type leavingPage struct {
	Advisor  store.PoolAdvisor
	Name     string
	Path     string
	Open     []leavingRow
	Done     []leavingRow
	Progress string // how much is handed over; "" where there is nothing to hand over
}

// Template implements Page.
func (leavingPage) Template() string { return "pool_leaving" }

// Begun tells whether the hand-over has begun.
func (p leavingPage) Begun() bool { return p.Advisor.IsLeaving() }

// Closed tells whether the account is closed.
func (p leavingPage) Closed() bool { return !p.Advisor.Active }

// leavingRow is one consultation with the part of whoever leaves.
type leavingRow struct {
	Number, Municipality, Subject string
	Part                          string
	NextSession                   string
	Badge                         *taskBadge
	Replace                       string // path where the person accompanies; otherwise the invitation is withdrawn
	Withdraw                      string
	First                         bool // the one to go on with
	On                            time.Time
}

func (s *Server) leavingPage(c *Context) (leavingPage, error) {
	ctx := c.Request().Context()
	page := leavingPage{Path: leavingPathOf(c.Param("id"))}
	var err error
	if page.Advisor, err = s.store.PoolAdvisor(ctx, c.Param("id")); err != nil {
		return page, err
	}
	page.Name = page.Advisor.Name()
	parts, err := s.store.OpenParts(ctx, page.Advisor.ID)
	if err != nil {
		return page, err
	}
	for _, part := range parts {
		page.Open = append(page.Open, c.leavingRow(page, part))
	}
	if len(page.Open) > 0 {
		page.Open[0].First = true
	}
	if page.Begun() {
		handed, err := s.store.HandedOver(ctx, page.Advisor.ID, *page.Advisor.LeavingAt)
		if err != nil {
			return page, err
		}
		for _, done := range handed {
			page.Done = append(page.Done, c.handedRow(done))
		}
	}
	if all := len(page.Open) + len(page.Done); all > 0 {
		page.Progress = c.T("team_pages.leaving.progress", "n", len(page.Done), "count", all)
	}
	return page, nil
}

func (c *Context) leavingRow(page leavingPage, part store.OpenPart) leavingRow {
	row := leavingRow{
		Number: part.Number, Municipality: part.Municipality, Subject: part.Subject, Part: c.advisorRole(part.Lead),
		Badge: c.standing(store.Consultation{Stage: part.Stage, RestingSince: part.RestingSince}),
	}
	if part.NextSession != nil {
		row.NextSession = texts.DateTime(c.Lang, *part.NextSession)
	}
	if part.InTeam {
		row.Replace = consultationPath(part.Number) + replacementSuffix + "?" + personQuery + "=" + page.Advisor.ID
		return row
	}
	row.Part += ", " + c.T("team_pages.replace.invited."+part.Invitation)
	row.Withdraw = page.Path + "/einladung/" + part.Number
	return row
}

func (c *Context) handedRow(done store.HandedOver) leavingRow {
	row := leavingRow{Number: done.Number, Municipality: done.Municipality, On: done.BegunAt}
	switch {
	case done.Agreed || done.Outcome != "":
		row.Badge = badge("success", c.T("team_pages.leaving.settled"))
	default:
		row.Badge = badge("info", c.T("team_pages.leaving.searching"))
	}
	return row
}

func (s *Server) showLeaving(c *Context) error {
	page, err := s.leavingPage(c)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}

// beginLeaving begins the hand-over: from now on the advisor is not suggested any more.
func (s *Server) beginLeaving(c *Context) error {
	if err := s.store.BeginLeaving(c.Request().Context(), c.Param("id"), c.Now()); err != nil {
		return err
	}
	return c.Done(leavingPathOf(c.Param("id")), "team_pages.leaving.begun")
}

// stayInPool takes it back, as long as the account is not closed.
func (s *Server) stayInPool(c *Context) error {
	if err := s.store.StayInPool(c.Request().Context(), c.Param("id")); err != nil {
		return err
	}
	return c.Done(poolPath+"/"+c.Param("id"), "team_pages.leaving.stays")
}

// withdrawInvitation takes back an invitation that somebody who leaves the pool has not answered yet, or has accepted
// without the municipality's agreement.
func (s *Server) withdrawInvitation(c *Context) error {
	ctx := c.Request().Context()
	consultation, err := c.consultation()
	if err != nil {
		return err
	}
	advisors, err := s.store.CurrentAdvisors(ctx, consultation.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(advisors, func(a store.CurrentAdvisor) bool { return a.PersonID == c.Param("id") && !a.InTeam })
	if i < 0 {
		return &Explained{
			Err:  advisory.Errorf(advisory.Conflict, "advisor is not invited to %s", consultation.Number),
			Text: c.T("team_pages.leaving.no_invitation"), ActionLabel: c.T("errors.e409.action"), ActionPath: leavingPathOf(c.Param("id")),
		}
	}
	result, err := s.submitReplacement(c, consultation, advisors[i], advisory.Answers{
		"advisor": {advisors[i].PersonID}, "reason": {leftPool},
	})
	if err != nil {
		return err
	}
	return c.Settled(result, leavingPathOf(advisors[i].PersonID), "team_pages.replace.withdrawn", "name", advisors[i].Name(),
		"number", consultation.Number)
}

// closeAdvisor closes the account once nothing is left to hand over.
func (s *Server) closeAdvisor(c *Context) error {
	err := s.store.CloseAdvisor(c.Request().Context(), c.Param("id"))
	var rule store.AccountRule
	if errors.As(err, &rule) {
		return &Explained{
			Err: err, Text: c.T("team_pages.leaving.refused." + string(rule)), ActionLabel: c.T("team_pages.leaving.go_on"),
			ActionPath: leavingPathOf(c.Param("id")),
		}
	}
	if err != nil {
		return err
	}
	return c.Done(poolPath+"/"+c.Param("id"), "team_pages.leaving.closed")
}
