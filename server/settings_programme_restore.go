package server

import (
	"net/http"
	"strconv"

	"miglobe/advisory"
)

// restoring is an earlier version whose rules shall count again, and the newest one.
type restoring struct{ earlier, newest advisory.Programme }

func (s *Server) restoring(c *Context) (r restoring, err error) {
	if r.earlier, err = s.programmeOf(c, "version"); err == nil {
		r.newest, err = s.store.Programme(c.Request().Context())
	}
	return r, err
}

func (s *Server) showRestore(c *Context) error {
	r, err := s.restoring(c)
	if err != nil {
		return err
	}
	return c.confirmRestore(r, http.StatusOK)
}

func (c *Context) confirmRestore(r restoring, status int) error {
	n, next := r.earlier.Version, r.newest.Version+1
	page := programmeConfirmPage{
		Title: c.T("settings_programme.restore_title", "n", n), Path: programmeVersionPath(n) + "/wiederherstellen",
		Version: r.newest.Version, Next: next, Earlier: n, Back: programmeVersionPath(n),
		Text:  c.T("settings_programme.restore_text", "n", n, "next", next),
		Table: ruleWords{c}.table(r.newest, r.earlier, c.T("settings_programme.will_be")),
	}
	if len(page.Table.Rows) == 0 {
		page.Same = c.T("settings_programme.restore_same", "n", n)
	}
	for _, problem := range r.earlier.Problems() { // it was made before there was a rule
		page.Refused = append(page.Refused, ruleWords{c}.problem(problem))
	}
	return c.Show(status, page)
}

// restoreProgramme makes a new version with the rules of an earlier one.
func (s *Server) restoreProgramme(c *Context) error {
	r, err := s.restoring(c)
	if err != nil {
		return err
	}
	switch {
	case c.Posted().Get(baseField) != strconv.Itoa(r.newest.Version):
		return s.outdated(c)
	case len(r.earlier.Problems()) > 0 || len(r.newest.Differences(r.earlier)) == 0:
		return c.confirmRestore(r, http.StatusUnprocessableEntity)
	}
	again := r.earlier
	again.Version = r.newest.Version
	return s.saveProgramme(c, again, c.T("settings_programme.restored_note", "n", r.earlier.Version), "settings_programme.restored")
}
