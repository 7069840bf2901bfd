package server

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	absencePath      = "/abwesenheit"
	pastAbsencesKept = 5 // on the page
)

func (s *Server) absenceRoutes() []Route {
	own := Only(advisory.Advisor, advisory.Coordinator, advisory.LeadCoordinator)
	var routes []Route
	for _, area := range []struct {
		path string
		who  Access
		desk func(*Context) (absenceDesk, error)
	}{
		{absencePath, own, s.ownAbsences},
		{poolPath + "/:id" + absencePath, Coordination, s.absencesOfAdvisor}, // who is ill does not sign in
	} {
		at := func(method, path string, handle func(*Context, absenceDesk) error) {
			routes = append(routes, Route{Method: method, Path: area.path + path, Who: area.who, Handle: func(c *Context) error {
				f := c.Form("absence") // before anything is refused, so that a page can show what was typed
				d, err := area.desk(c)
				if err != nil {
					return err
				}
				d.Form = f
				return handle(c, d)
			}})
		}
		at(http.MethodGet, "", s.showAbsences)
		at(http.MethodPost, "", s.enterAbsence)
		at(http.MethodPost, "/:absence/beenden", s.endAbsence)
		at(http.MethodPost, "/:absence/loeschen", s.deleteAbsence)
	}
	return routes
}

func absencePages() []Page { return []Page{absencePage{}} }

// absenceDesk is whose absences are dealt with, and where.
type absenceDesk struct {
	store.Person
	Path     string
	ForOther bool // a coordinator enters them for an advisor
	Form     *texts.Form
}

func (s *Server) ownAbsences(c *Context) (absenceDesk, error) {
	return absenceDesk{Person: *c.Person, Path: absencePath}, nil
}

func (s *Server) absencesOfAdvisor(c *Context) (absenceDesk, error) {
	advisor, err := s.store.PoolAdvisor(c.Request().Context(), c.Param("id"))
	return absenceDesk{Person: advisor.Person, Path: poolPath + "/" + advisor.ID + absencePath, ForOther: true}, err
}

// absencePage lists somebody's absences, with the form for one more.
type absencePage struct {
	absenceDesk
	View      form.View
	Title     string
	Back      string // path
	BackLabel string
	Ahead     []absenceRow
	Past      []absenceRow
	Deputised []absenceRow // of others
}

// Template implements Page.
func (absencePage) Template() string { return "absence_list" }

// absenceRow is one absence.
type absenceRow struct {
	Name, Period, Deputy string
	Warning              string // the deputy is away, too
	Now                  bool
	End, Delete          string // paths, "" where that is not possible
}

func (s *Server) showAbsences(c *Context, d absenceDesk) error {
	return s.listAbsences(c, d, http.StatusOK, nil, nil)
}

func (s *Server) listAbsences(c *Context, d absenceDesk, status int, answers advisory.Answers, errs form.Errors) error {
	ctx := c.Request().Context()
	if err := s.offerDeputies(c, d); err != nil {
		return err
	}
	page := absencePage{
		absenceDesk: d, View: form.NewView(d.Form, answers, errs, c.Sources, c.absenceContext()), Title: c.T("absence_pages.title"),
		Back: homePath(d.Role), BackLabel: c.T("nav.my_tasks"),
	}
	if d.ForOther {
		page.Title, page.Back, page.BackLabel = c.T("absence_pages.title_for", "name", d.Name()), poolPath+"/"+d.ID, d.Name()
	}
	ahead, err := s.store.Absences(ctx, d.ID, c.Now())
	if err != nil {
		return err
	}
	past, err := s.store.PastAbsences(ctx, d.ID, c.Now(), pastAbsencesKept)
	if err != nil {
		return err
	}
	deputised, err := s.store.AbsencesDeputised(ctx, d.ID, c.Now())
	page.Ahead, page.Past, page.Deputised = c.absenceRows(d, ahead), c.absenceRows(d, past), c.absenceRows(d, deputised)
	if err != nil {
		return err
	}
	return c.Show(status, page)
}

func (c *Context) absenceRows(d absenceDesk, absences []store.Absence) []absenceRow {
	var rows []absenceRow
	for _, absence := range absences {
		row := absenceRow{
			Name: absence.PersonName, Period: c.period(absence), Now: absence.Begun(c.Now()) && !absence.Over(c.Now()),
			Deputy: c.T("absence_pages.no_deputy"),
		}
		if absence.DeputyName != "" {
			row.Deputy = c.T("absence_pages.deputy", "name", absence.DeputyName)
		}
		if absence.DeputyAway && !absence.Over(c.Now()) {
			row.Warning = c.T("absence_pages.deputy_away", "name", absence.DeputyName)
		}
		switch path := d.Path + "/" + absence.ID; {
		case absence.PersonID != d.ID || absence.Over(c.Now()):
		case row.Now:
			row.End = path + "/beenden"
		default:
			row.Delete = path + "/loeschen"
		}
		rows = append(rows, row)
	}
	return rows
}

// offerDeputies gives the form everybody who can stand in.
func (s *Server) offerDeputies(c *Context, d absenceDesk) error {
	deputies, err := s.store.PossibleDeputies(c.Request().Context(), d.Person)
	c.Sources = form.Sources{"deputies": optionsOf(deputies)}
	return err
}

// absenceContext lets an absence begin today at the earliest.
func (c *Context) absenceContext() form.Context {
	fc := c.FormContext()
	fc.NotBefore = map[string]time.Time{"from": c.Now()}
	return fc
}

func (s *Server) enterAbsence(c *Context, d absenceDesk) error {
	if err := s.offerDeputies(c, d); err != nil {
		return err
	}
	answers := form.Decode(d.Form, c.Posted(), c.Sources)
	errs, err := s.tryAbsence(c, d, answers)
	if err != nil {
		return err
	}
	if len(errs) > 0 {
		return s.listAbsences(c, d, http.StatusUnprocessableEntity, answers, errs)
	}
	if d.ForOther {
		return c.Done(d.Path, "absence_pages.saved_for", "name", d.Name())
	}
	return c.Done(d.Path, "messages.absence_saved")
}

// tryAbsence enters an absence, or says what is wrong with it.
func (s *Server) tryAbsence(c *Context, d absenceDesk, answers advisory.Answers) (form.Errors, error) {
	fc := c.absenceContext()
	errs := form.Validate(d.Form, answers, c.Sources, fc)
	if len(errs) > 0 {
		return errs, nil
	}
	absence, err := advisory.AbsenceFrom(d.ID, answers)
	switch {
	case err != nil:
		return errs.Add(d.Form, c.Sources, fc, "to_part", "nothing_between"), nil
	case !absence.Until.After(c.Now()):
		return errs.Add(d.Form, c.Sources, fc, "to_part", "over"), nil
	}
	err = s.store.EnterAbsence(c.Request().Context(), absence)
	var refused *store.AbsenceRefused
	switch {
	case !errors.As(err, &refused):
		return nil, err
	case refused.Overlaps != nil:
		return errs.Add(d.Form, c.Sources, fc, "from", "overlaps", "date", c.period(*refused.Overlaps)), nil
	default:
		return errs.Add(d.Form, c.Sources, fc, "deputy", "circle", "chain", c.circle(refused.Circle), "date", c.firstDay(refused.At)), nil
	}
}

// circle names who would stand in for whom: "Ben Muster vertritt Ada Muster, Ada Muster vertritt Ben Muster".
func (c *Context) circle(persons []store.Person) string {
	var links []string
	for i, person := range persons {
		deputy := persons[(i+1)%len(persons)]
		links = append(links, c.T("absence_pages.stands_in", "deputy", deputy.Name(), "name", person.Name()))
	}
	return strings.Join(links, ", ")
}

// endAbsence is for who is back earlier.
func (s *Server) endAbsence(c *Context, d absenceDesk) error {
	if err := s.store.EndAbsence(c.Request().Context(), c.Param("absence"), d.ID, c.Now()); err != nil {
		return c.absenceGone(d, err)
	}
	if d.ForOther {
		return c.Done(d.Path, "absence_pages.ended_for", "name", d.Name())
	}
	return c.Done(d.Path, "absence_pages.ended")
}

func (s *Server) deleteAbsence(c *Context, d absenceDesk) error {
	if err := s.store.DeleteAbsence(c.Request().Context(), c.Param("absence"), d.ID, c.Now()); err != nil {
		return c.absenceGone(d, err)
	}
	return c.Done(d.Path, "absence_pages.deleted")
}

// absenceGone says why an absence cannot be changed.
func (c *Context) absenceGone(d absenceDesk, err error) error {
	if advisory.CodeOf(err) != advisory.Conflict {
		return err
	}
	const key = "absence_pages.gone"
	return &Explained{
		Err: err, Title: c.T(key + ".title"), Text: c.T(key + ".text"), ActionLabel: c.T("absence_pages.link"), ActionPath: d.Path,
	}
}
