package server

import (
	"net/http"
	"strconv"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// The ends of the paths of what may be done with a session.
const (
	sessionsPath = participationPath + "/:number/termine/:session"
	movePath     = "/verschieben"
	cancelPath   = "/absagen"
	correctPath  = "/notiz"
	planPath     = "/weiteres-gespraech"
)

func (s *Server) appointmentRoutes() []Route {
	corrects := Only(advisory.Municipality, advisory.Coordinator, advisory.LeadCoordinator)
	plans := Only(advisory.Advisor, advisory.Coordinator, advisory.LeadCoordinator)
	return []Route{
		{Method: http.MethodGet, Path: sessionsPath + movePath, Who: participants, Handle: s.showMove},
		{Method: http.MethodPost, Path: sessionsPath + movePath, Who: participants, Handle: s.move},
		{Method: http.MethodGet, Path: sessionsPath + cancelPath, Who: participants, Handle: s.showCancel},
		{Method: http.MethodPost, Path: sessionsPath + cancelPath, Who: participants, Handle: s.cancel},
		{Method: http.MethodGet, Path: sessionsPath + correctPath, Who: corrects, Handle: s.showCorrection},
		{Method: http.MethodPost, Path: sessionsPath + correctPath, Who: corrects, Handle: s.correct},
		{Method: http.MethodGet, Path: participationPath + "/:number" + planPath, Who: plans, Handle: s.showPlan},
		{Method: http.MethodPost, Path: participationPath + "/:number" + planPath, Who: plans, Handle: s.plan},
	}
}

func appointmentPages() []Page { return []Page{appointmentPage{}} }

// appointmentPage is the form by which something happens to a session, with what it is now.
type appointmentPage struct {
	store.Consultation
	Title   string
	Session *sessionView // nil where it is about a new one
	People  []string     // who takes part
	Text    string       // what follows
	Notice  string       // in whose place somebody acts
	View    form.View
	Action  string
	Warning *dateWarning
}

// Template implements Page.
func (appointmentPage) Template() string { return "appointment_change" }

// sessionDesk is a session as the person behind the request has it before them.
type sessionDesk struct {
	store.Consultation
	relation  store.Relation
	session   store.Session
	programme advisory.Programme
}

// consultationDesk reads the consultation of the path: one in which the person takes part, or any for coordinators.
func (s *Server) consultationDesk(c *Context) (d sessionDesk, err error) {
	ctx := c.Request().Context()
	if d.Consultation, err = c.consultation(); err != nil {
		return d, err
	}
	if !c.Person.Role.Coordinates() {
		if d.relation, err = s.participation(c, d.Consultation); err != nil {
			return d, err
		}
	}
	d.programme, err = s.store.ProgrammeVersion(ctx, d.ProgrammeVersion)
	return d, err
}

// sessionDesk reads the session of the path.
func (s *Server) sessionDesk(c *Context) (sessionDesk, error) {
	d, err := s.consultationDesk(c)
	if err != nil {
		return d, err
	}
	sessions, err := s.store.Sessions(c.Request().Context(), d.ID)
	if err != nil {
		return d, err
	}
	number, _ := strconv.Atoi(c.Param("session"))
	if d.session = sessionOf(sessions, number); d.session.Number == 0 {
		return d, advisory.Errorf(advisory.NotFound, "consultation %s has no session %q", d.Number, c.Param("session"))
	}
	return d, nil
}

// refused is the page that says why something cannot be done any more; cause is what the engine said, if it was asked.
func (d sessionDesk) refused(c *Context, title, reason string, cause error) error {
	const key = "appointment_pages.refused."
	if cause == nil {
		cause = advisory.Errorf(advisory.Conflict, "session %d: %s", d.session.Number, reason)
	}
	told := &Explained{
		Err: cause, Title: c.T(key + title), ActionLabel: c.T("task_pages.back"), ActionPath: consultationPath(d.Number),
	}
	date := ""
	if d.session.Note != nil {
		date = texts.Date(c.Lang, d.session.Note.CorrectUntil)
	}
	if reason != "" {
		told.Text = c.T(key+reason, "date", date)
	}
	return told
}

// page is the page of the session with a form that was filled in so far.
func (s *Server) sessionPage(c *Context, d sessionDesk, path string, view form.View) (appointmentPage, error) {
	shown := c.session(d.Consultation, d.relation, d.session)
	shown.Actions = nil
	page := appointmentPage{
		Consultation: d.Consultation, Title: view.Form.Title, Session: &shown, View: view,
		Action: sessionPath(d.Number, d.session.Number) + path,
	}
	people, err := s.store.Participants(c.Request().Context(), d.ID)
	for _, person := range people {
		page.People = append(page.People, person.Name()+", "+c.T("roles."+string(person.Role)+".name"))
	}
	return page, err
}

// say tells the engine, and where the state does not allow it any more, why.
func (s *Server) say(c *Context, d sessionDesk, input store.NewInput, done string) error {
	input.ConsultationID = d.ID
	input.Message.Session = d.session.Number
	result, err := c.Submit(input)
	if advisory.CodeOf(err) == advisory.Conflict {
		return d.refused(c, "title", "", err)
	}
	if err != nil {
		return err
	}
	return c.Settled(result, consultationPath(d.Number), "appointment_pages."+done)
}

// toChange reads the session whose appointment is to be changed, with the form for it, so that a refusal keeps what was
// typed.
func (s *Server) toChange(c *Context, formName string) (sessionDesk, *texts.Form, error) {
	f := c.Form(formName)
	d, err := s.sessionDesk(c)
	if err != nil {
		return d, f, err
	}
	if reason := c.changeRefused(d.Consultation, d.session); reason != "" {
		return d, f, d.refused(c, "title", reason, nil)
	}
	return d, f, nil
}

func (s *Server) showMove(c *Context) error {
	d, f, err := s.toChange(c, "move_appointment")
	if err != nil {
		return err
	}
	return s.askMove(c, d, http.StatusOK, form.NewView(f, d.present(s.texts.Catalog), nil, nil, c.moveContext(d)), nil)
}

func (s *Server) askMove(c *Context, d sessionDesk, status int, view form.View, warning *dateWarning) error {
	page, err := s.sessionPage(c, d, movePath, view)
	page.Warning, page.Text = warning, view.Form.Intro
	if err != nil {
		return err
	}
	return c.Show(status, page)
}

func (c *Context) moveContext(d sessionDesk) form.Context {
	return c.limitDates(c.FormContext(), advisory.NewCalendar(d.Land, d.programme.Closures...), d.programme)
}

// present is the appointment as the form shows it before it is changed.
func (d sessionDesk) present(catalog *texts.Catalog) advisory.Answers {
	start := d.session.StartsAt.In(advisory.Berlin)
	answers := advisory.Answers{
		dateField: {start.Format(time.DateOnly)}, timeField: {start.Format("15:04")},
		"meeting_format": {d.session.Format}, "place": {d.session.Place},
	}
	for _, option := range catalog.OptionList(texts.German, "durations") {
		if start.Add(advisory.SlotLength(option.Key)).Equal(*d.session.EndsAt) {
			answers.Set(durationField, option.Key)
		}
	}
	return answers
}

// move gives the session another date, or adds where it takes place. The first time that the new date collides with
// something, the page says so and nothing is sent.
func (s *Server) move(c *Context) error {
	d, f, err := s.toChange(c, "move_appointment")
	if err != nil {
		return err
	}
	answers, fc := form.Decode(f, c.Posted(), nil), c.moveContext(d)
	errs := c.checkDates(f, answers, fc, form.Validate(f, answers, nil, fc))
	dates := wishedDates(f, answers)
	sameTime := len(dates) == 1 && dates[0].Start.Equal(*d.session.StartsAt) && dates[0].End.Equal(*d.session.EndsAt)
	if len(errs) == 0 && sameTime && answers.Get("meeting_format") == d.session.Format && answers.Get("place") == d.session.Place {
		errs = errs.Add(f, nil, fc, "", "appointment_unchanged")
	}
	if len(errs) > 0 {
		return s.askMove(c, d, http.StatusUnprocessableEntity, form.NewView(f, answers, errs, nil, fc), nil)
	}
	if !sameTime {
		warning, err := s.dateWarning(c, d.ID, d.session.Number, dates)
		if err != nil {
			return err
		}
		if warning != nil {
			fc.Warnings = warning.Groups
			return s.askMove(c, d, http.StatusOK, form.NewView(f, answers, nil, nil, fc), warning)
		}
	}
	answers.Set("place", answers.Get("place")) // who empties the field takes the place away
	return s.say(c, d, store.NewInput{Message: advisory.Input{Kind: advisory.MoveAppointment}, Form: f.Name, Answers: answers}, "moved")
}

func (s *Server) showCancel(c *Context) error {
	d, f, err := s.toChange(c, "cancel_appointment")
	if err != nil {
		return err
	}
	return s.askCancel(c, d, http.StatusOK, form.NewView(f, nil, nil, nil, c.FormContext()))
}

func (s *Server) askCancel(c *Context, d sessionDesk, status int, view form.View) error {
	page, err := s.sessionPage(c, d, cancelPath, view)
	if err != nil {
		return err
	}
	page.Title = c.T("confirmations.cancel_appointment_title")
	page.Text = c.T("appointment_pages.cancel_text", "when", page.Session.When) + " " + view.Form.Intro
	return c.Show(status, page)
}

// cancel calls the appointment off.
func (s *Server) cancel(c *Context) error {
	d, f, err := s.toChange(c, "cancel_appointment")
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		return s.askCancel(c, d, http.StatusUnprocessableEntity, form.NewView(f, answers, errs, nil, c.FormContext()))
	}
	return s.say(c, d, store.NewInput{Message: advisory.Input{Kind: advisory.CancelAppointment}, Form: f.Name, Answers: answers}, "cancelled")
}
