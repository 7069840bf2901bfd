package server

import (
	"strings"

	"miglobe/store"
	"miglobe/texts"
)

// staffPeople is everybody around a consultation.
type staffPeople struct {
	Contacts     []contactRow  // those who have left as well
	ContactsPath string        // where they are added and leave
	Coordinator  *store.Person // nil before the request is claimed
	Unreachable  *taskBadge    // nil where the address works
	Advisors     []advisorRow
}

// advisorRow is somebody who accompanies the consultation, did, or was asked to.
type advisorRow struct {
	ID, Name, Initials string
	About              string // what the person is here, and since when
	Badge              *taskBadge
	Refused            *taskBadge // nil where the address works
}

func (s *Server) addPeople(c *Context, page *staffConsultationPage) error {
	ctx := c.Request().Context()
	var err error
	if page.People.Contacts, err = s.contactRows(c, page.Consultation); err != nil {
		return err
	}
	page.People.ContactsPath = contactsOf(page.Consultation)
	if page.Consultation.CoordinatorID != nil {
		coordinator, err := s.store.Person(ctx, *page.Consultation.CoordinatorID)
		if err != nil {
			return err
		}
		page.People.Coordinator, page.People.Unreachable = &coordinator, c.refusedAddress(coordinator)
	}
	return s.addAdvisors(c, page)
}

func (s *Server) addAdvisors(c *Context, page *staffConsultationPage) error {
	ctx := c.Request().Context()
	team, err := s.store.Team(ctx, page.Consultation.ID)
	if err != nil {
		return err
	}
	listed, former := map[string]bool{}, map[string]bool{}
	for _, member := range team {
		listed[member.ID], former[member.ID] = true, member.Until != nil
		page.People.Advisors = append(page.People.Advisors, c.teamRow(member))
	}
	invitations, err := s.store.Invitations(ctx, page.Consultation.ID)
	for i := len(invitations) - 1; i >= 0; i-- { // the latest of each
		invitation := invitations[i]
		again := former[invitation.AdvisorID] && invitation.State == "open" // who has left is asked once more
		if !listed[invitation.AdvisorID] || again {
			listed[invitation.AdvisorID] = true
			page.People.Advisors = append(page.People.Advisors, c.invitedRow(invitation))
		}
	}
	return err
}

func (c *Context) teamRow(member store.TeamPerson) advisorRow {
	row := advisorRow{ID: member.ID, Name: member.Name(), Initials: member.Initials(), About: c.advisorRole(member.Lead),
		Refused: c.refusedAddress(member.Person)}
	if member.Until != nil {
		row.Badge = badge("neutral", c.T("team.former"))
	} else {
		row.Badge = badge("success", c.T("team.active"))
	}
	return row
}

func (c *Context) invitedRow(invitation store.Invitation) advisorRow {
	row := advisorRow{ID: invitation.AdvisorID, Name: invitation.AdvisorName, Initials: initialsOf(invitation.AdvisorName),
		About: c.advisorRole(invitation.Lead), Badge: c.invitationBadge(invitation.State)}
	if invitation.State == "open" {
		row.About += ", " + c.T("dates.until", "date", texts.Date(c.Lang, invitation.DueOn))
	}
	return row
}

func (c *Context) advisorRole(lead bool) string {
	if lead {
		return c.T("roles.lead_advisor.name")
	}
	return c.T("roles.advisor.name")
}

// invitationBadge says how somebody answered. A person's no is never red.
func (c *Context) invitationBadge(state string) *taskBadge {
	text := c.T("invitations." + state)
	switch state {
	case "open":
		return badge("info", text)
	case "accepted":
		return badge("success", text)
	default:
		return badge("neutral", text)
	}
}

// initialsOf stand in the place of a picture where only the whole name is known.
func initialsOf(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	return store.Person{FirstName: words[0], LastName: words[len(words)-1]}.Initials()
}
