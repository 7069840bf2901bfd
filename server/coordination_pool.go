package server

import (
	"net/http"
	"time"

	"miglobe/store"
	"miglobe/texts"
)

const advisorsConsultations = 50 // at most so many on a profile

// poolPage lists the advisors.
type poolPage struct {
	Words  string
	Topics []filterOption
	Rows   []poolRow
	Empty  *emptyView
	Pager  pagerView

	Exports   exportLinks
	Waiting   int  // changes of profiles that wait for an approval
	MayImport bool // and export, as a file that can be imported again
}

// Template implements Page.
func (poolPage) Template() string { return "coordination_pool" }

// poolRow is an advisor in the list; what is not known says so.
type poolRow struct {
	ID, Name, Home, Topics, Languages, Load, LastInvited string
	Full                                                 *taskBadge // no room for one more
	Leaving                                              *taskBadge // the pool, or has left it
}

func (s *Server) showPool(c *Context) error {
	filter, topics := c.poolFilter()
	page := poolPage{Words: filter.Words, Topics: topics, Exports: c.exportLinks()}
	advisors, total, err := s.store.Pool(c.Request().Context(), filter)
	if err != nil {
		return err
	}
	for _, advisor := range advisors {
		page.Rows = append(page.Rows, c.poolRow(advisor))
	}
	if page.Waiting, err = s.store.CountWaitingProposals(c.Request().Context()); err != nil {
		return err
	}
	page.MayImport = poolFileAccess.check(c.Person, nil) == nil
	page.Pager = c.pager(total, store.AdvisorsPerPage)
	if len(page.Rows) == 0 {
		page.Empty = c.emptyList(filter.Topic != "" || total > 0, emptyView{Text: c.T("empty.advisors")})
	}
	return c.Show(http.StatusOK, page)
}

// poolFilter is the filter of the pool as the address says it, and the topics that it can take.
func (c *Context) poolFilter() (store.PoolFilter, []filterOption) {
	filter := store.PoolFilter{Words: c.QueryParam(wordsQuery), Page: c.page()}
	topics := c.server.texts.OptionList(c.Lang, "topics")
	var options []filterOption
	filter.Topic, options = c.addressReader().choice(topicQuery, optionKeys(topics), labelIn(topics))
	return filter, options
}

func (c *Context) poolRow(advisor store.PoolAdvisor) poolRow {
	row := poolRow{
		ID: advisor.ID, Name: advisor.Name(), Home: orNone(c, advisor.Home), Topics: orNone(c, c.labels("topics", advisor.Topics)),
		Languages:   orNone(c, c.languagesOf(advisor.Languages, advisor.OtherLanguage)),
		Load:        c.T("coordination_pages.pool.load", "n", advisor.Load, "max", advisor.Capacity),
		LastInvited: c.T("matching.never_invited"),
	}
	if advisor.LastInvitedAt != nil {
		row.LastInvited = texts.Date(c.Lang, *advisor.LastInvitedAt)
	}
	if !advisor.HasRoom() {
		row.Full = badge("neutral", c.T("matching.no_capacity"))
	}
	if advisor.IsLeaving() && advisor.Active {
		row.Leaving = badge("info", c.T("team_pages.leaving.badge"))
	}
	return row
}

// lastInvited says when somebody was asked for the last time.
func (c *Context) lastInvited(at *time.Time) string {
	if at == nil {
		return c.T("matching.never_invited")
	}
	return c.T("matching.rotation", "date", texts.Date(c.Lang, *at))
}

// advisorPage is an advisor's profile as the coordination team sees it.
type advisorPage struct {
	Row           poolRow
	Advisor       store.PoolAdvisor
	MeetingFormat string
	Blocked       *taskBadge
	Leaving       *taskBadge
	LeavingPath   string        // the hand-over of somebody who leaves; "" where the account is closed
	Proposal      *proposalView // waits for a decision; nil where nothing does
	Consent       string        // to the use of the country of origin
	FurtherPlaces string
	Absences      []string // going on or ahead
	Consultations []advisorsConsultation
}

// Template implements Page.
func (advisorPage) Template() string { return "coordination_advisor" }

type advisorsConsultation struct {
	Number, Municipality, Subject, Role string
	State, Standing                     *taskBadge
	Since                               time.Time
}

func (s *Server) showAdvisor(c *Context) error {
	ctx := c.Request().Context()
	advisor, err := s.store.PoolAdvisor(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	page := advisorPage{Row: c.poolRow(advisor), Advisor: advisor,
		MeetingFormat: s.texts.OptionLabel(c.Lang, "meeting_formats", advisor.MeetingFormat)}
	page.Leaving, page.LeavingPath = page.Row.Leaving, leavingPathOf(advisor.ID)
	if !advisor.Active {
		page.Blocked, page.LeavingPath = badge("neutral", c.T("administration.user_blocked")), ""
		if advisor.IsLeaving() {
			page.Blocked = badge("neutral", c.T("team_pages.leaving.has_left"))
		}
	}
	if err := s.addDirectoryFacts(c, &page); err != nil {
		return err
	}
	consultations, err := s.store.ConsultationsOfAdvisor(ctx, advisor.ID, advisorsConsultations)
	for _, found := range consultations {
		row := advisorsConsultation{
			Number: found.Number, Municipality: found.Municipality, Subject: found.Subject, Role: c.advisorRole(found.Lead),
			Standing: c.standing(store.Consultation{Stage: found.Stage, Outcome: found.Outcome}), Since: found.Since,
		}
		switch found.State {
		case "active":
			row.State = badge("success", c.T("team.active"))
		case "former":
			row.State = badge("neutral", c.T("team.former"))
		default:
			row.State = c.invitationBadge(found.State)
		}
		page.Consultations = append(page.Consultations, row)
	}
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}
