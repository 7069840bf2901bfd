package server

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

const (
	feedPath       = "/kalender"
	revokeFeedPath = feedPath + "/widerrufen"
	feedSuffix     = ".ics"
	feedDays       = 30 // how long a feed keeps what is over
)

func (s *Server) calendarFeedRoutes() []Route {
	who := Only(advisory.Advisor, advisory.Coordinator, advisory.LeadCoordinator)
	return []Route{
		{Method: http.MethodGet, Path: feedPath, Who: who, Handle: s.showCalendarFeed},
		{Method: http.MethodPost, Path: feedPath, Who: who, Handle: s.issueCalendarFeed},
		{Method: http.MethodPost, Path: revokeFeedPath, Who: who, Handle: s.revokeCalendarFeed},
		{Method: http.MethodGet, Path: feedPath + "/:token", Who: Everybody, Handle: s.calendarFeed, Machine: true, Secret: true},
	}
}

func calendarFeedPages() []Page { return []Page{calendarFeedPage{}} }

// calendarFeedPage is where somebody makes, renews and revokes the address of the own calendar feed. The address is shown
// once, when it was made: only its hash is stored.
type calendarFeedPage struct {
	HasFeed bool
	Since   time.Time
	ReadAt  *time.Time
	Address string       // "" except when it was just made
	Open    template.URL // the same for programs that subscribe to calendars
}

// Template implements Page.
func (calendarFeedPage) Template() string { return "calendar_feed" }

func (s *Server) showCalendarFeed(c *Context) error {
	feed, err := s.store.CalendarFeed(c.Request().Context(), c.Person.ID)
	if err != nil {
		return err
	}
	page := calendarFeedPage{}
	if feed != nil {
		page.HasFeed, page.Since = true, s.clock.At(feed.CreatedAt)
		if feed.ReadAt != nil {
			at := s.clock.At(*feed.ReadAt)
			page.ReadAt = &at
		}
	}
	return c.Show(http.StatusOK, page)
}

// issueCalendarFeed makes an address, in the place of the former one.
func (s *Server) issueCalendarFeed(c *Context) error {
	token, err := s.store.IssueCalendarFeed(c.Request().Context(), c.Person.ID)
	if err != nil {
		return err
	}
	address := s.settings.SiteURL + feedPath + "/" + token + feedSuffix
	_, rest, _ := strings.Cut(address, "://")
	return c.Show(http.StatusOK, calendarFeedPage{
		HasFeed: true, Since: c.Now(), Address: address, Open: template.URL("webcal://" + rest), //nolint:gosec // made of our own address
	})
}

func (s *Server) revokeCalendarFeed(c *Context) error {
	if err := s.store.RevokeCalendarFeed(c.Request().Context(), c.Person.ID); err != nil {
		return err
	}
	return c.Done(feedPath, "calendar_feed.revoked")
}

// calendarFeed answers a calendar with the appointments of whoever made the address.
func (s *Server) calendarFeed(c *Context) error {
	if err := c.limitClient(feedsByClient); err != nil {
		return err
	}
	ctx := c.Request().Context()
	token, ok := strings.CutSuffix(c.Param("token"), feedSuffix)
	if !ok {
		return advisory.Errorf(advisory.NotFound, "not the address of a calendar")
	}
	person, err := s.store.ReadCalendarFeed(ctx, token)
	if err != nil {
		return err
	}
	appointments, err := s.store.FeedAppointments(ctx, person.ID, c.Now().AddDate(0, 0, -feedDays))
	if err != nil {
		return err
	}
	lang := texts.Lang(person.Language)
	events := make([]mail.Event, len(appointments))
	for i, appointment := range appointments {
		events[i] = s.feedEvent(lang, appointment)
	}
	return c.calendarFile(mail.Feed(s.texts.UI(lang, "calendar_feed.name"), events))
}

// feedEvent is an appointment in the words of its invitation.
func (s *Server) feedEvent(lang texts.Lang, a store.FeedAppointment) mail.Event {
	page := s.settings.SiteURL + consultationPath(a.Number)
	return mail.Event{
		UID: advisory.SessionUID(a.ConsultationID, a.Session, mail.Domain(s.settings.SiteURL)), Sequence: a.Sequence,
		Stamp: a.UpdatedAt, Start: a.StartsAt, End: a.EndsAt, Location: a.Place, URL: page,
		Summary: s.texts.UI(lang, "calendar_entry.summary", "kind", s.texts.UI(lang, "sessions."+string(a.Kind)), "subject", a.Subject),
		Description: s.texts.UI(lang, "calendar_entry.description", "number", a.Number, "link", page,
			"coordinator", s.whomToAsk(lang, a)),
		OrganizerName: s.settings.Operator["operator_name"], OrganizerMail: s.settings.Operator["operator_email"],
	}
}

// whomToAsk is the coordinator with a telephone number, or else with an address.
func (s *Server) whomToAsk(lang texts.Lang, a store.FeedAppointment) string {
	phone := cmp.Or(a.CoordinatorPhone, s.settings.CoordinationPhone)
	switch {
	case a.CoordinatorName == "":
		return cmp.Or(phone, s.settings.Operator["operator_email"])
	case phone == "":
		return a.CoordinatorName + ", " + a.CoordinatorEmail
	default:
		return a.CoordinatorName + ", " + s.texts.UI(lang, "tables.phone") + " " + phone
	}
}

// calendarFile answers with a file, or says that the one that the calendar has is still the same.
func (c *Context) calendarFile(file []byte) error {
	sum := sha256.Sum256(file)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	header := c.Response().Header()
	header.Set("Cache-Control", "private, no-cache")
	header.Set("ETag", tag)
	header.Set("X-Robots-Tag", "noindex")
	if strings.Contains(c.Request().Header.Get("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", file)
}
