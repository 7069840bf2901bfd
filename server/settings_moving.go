package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

const (
	movingPath     = programmesPath + "/:version/umstellen"
	movingAllPath  = movingPath + "/alle"
	movingOneField = "einzeln"  // number of the one consultation to move
	movingField    = "beratung" // numbers of the chosen ones
)

func (s *Server) movingRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: movingPath, Who: settingsAccess, Handle: s.showMoving},
		{Method: http.MethodPost, Path: movingPath, Who: settingsAccess, Handle: s.moveChosen},
		{Method: http.MethodPost, Path: movingAllPath, Who: settingsAccess, Handle: s.moveAll},
	}
}

// movingPage lists the running consultations that follow an older version of the programme, with what another one would
// change, and moves them to it.
type movingPage struct {
	Version     int
	Path        string
	Rows        []movingRow
	Waiting     string // how many are on their way, "" for none
	Adopted     string // how many have been moved, "" for none
	Refused     []movingRefusal
	NothingTold bool // it was sent without a choice
	Pager       pagerView
	Programme   string // path of the list of versions
	FirstChoice string // id of the first box, "" where nothing on this page can be moved now
}

// Template implements Page.
func (movingPage) Template() string { return "settings_moving" }

// movingRow is a consultation of the list.
type movingRow struct {
	Number, Municipality string
	Standing             *taskBadge
	Version              int
	Changes              []string // of its dates, in words
	Stays                string   // why it cannot be moved now; "" where it can
	StaysFor             []string // the dates that would lie in the past
}

// movingRefusal is a consultation that was to be moved and could not.
type movingRefusal struct{ Number, Municipality, Text string }

func (s *Server) showMoving(c *Context) error { return s.listMoving(c, http.StatusOK) }

func (s *Server) listMoving(c *Context, status int) error {
	ctx := c.Request().Context()
	programme, err := s.movingTo(c)
	if err != nil {
		return err
	}
	found, more, err := s.store.AdoptionCandidates(ctx, programme, c.Now(), c.page())
	if err != nil {
		return err
	}
	progress, err := s.store.AdoptionProgress(ctx, programme.Version)
	if err != nil {
		return err
	}
	page := movingPage{
		Version: programme.Version, Path: movingPathOf(programme.Version), Programme: programmesPath,
		NothingTold: status == http.StatusUnprocessableEntity, Pager: c.pagerWith(c.T("settings_moving.page", "n", c.page()), more),
	}
	for _, candidate := range found {
		page.Rows = append(page.Rows, c.movingRow(candidate))
	}
	if i := slices.IndexFunc(page.Rows, func(row movingRow) bool { return row.Stays == "" }); i >= 0 {
		page.FirstChoice = "b-" + page.Rows[i].Number
	}
	if progress.Waiting > 0 {
		page.Waiting = s.texts.Count(c.Lang, "settings_moving.waiting", progress.Waiting)
	}
	if progress.Adopted > 0 {
		page.Adopted = s.texts.Count(c.Lang, "settings_moving.adopted", progress.Adopted)
	}
	for _, refused := range progress.Refused {
		page.Refused = append(page.Refused, movingRefusal{refused.Number, refused.Municipality, c.whyNotAdopted(refused.Refusal)})
	}
	return c.Show(status, page)
}

// movingTo is the version that the path names. Code not_found where there is none.
func (s *Server) movingTo(c *Context) (advisory.Programme, error) {
	version, err := strconv.Atoi(c.Param("version"))
	if err != nil {
		return advisory.Programme{}, advisory.Errorf(advisory.NotFound, "version of the programme: %w", err)
	}
	return s.store.ProgrammeVersion(c.Request().Context(), version)
}

func movingPathOf(version int) string {
	return programmeVersionPath(version) + "/umstellen"
}

func (c *Context) whyNotAdopted(refusal advisory.Refusal) string {
	if key := "settings_moving.refused." + string(refusal); c.server.texts.HasUI(c.Lang, key) {
		return c.T(key)
	}
	return c.T("errors.refusals.not_now")
}

// moveChosen moves one consultation while the person waits, or says for the chosen ones that they are moved.
func (s *Server) moveChosen(c *Context) error {
	programme, err := s.movingTo(c)
	if err != nil {
		return err
	}
	if number := c.Posted().Get(movingOneField); number != "" {
		return s.moveOne(c, programme.Version, number)
	}
	numbers := c.Posted()[movingField]
	if len(numbers) == 0 {
		return s.listMoving(c, http.StatusUnprocessableEntity)
	}
	return s.sayMoves(c, programme.Version, numbers...)
}

func (s *Server) moveAll(c *Context) error {
	programme, err := s.movingTo(c)
	if err != nil {
		return err
	}
	return s.sayMoves(c, programme.Version)
}

// sayMoves journals all of it at once; the relay delivers it, and the list tells how far it has come.
func (s *Server) sayMoves(c *Context, version int, numbers ...string) error {
	ctx := c.Request().Context()
	journaled, kept, err := s.store.JournalAdoptions(ctx, version, c.Person.ID, c.Now(), numbers...)
	if err != nil {
		return err
	}
	c.Log.InfoContext(ctx, "consultations adopt a programme", "version", version, "said", journaled, "kept", kept)
	told := s.texts.Count(c.Lang, "settings_moving.said", journaled)
	if kept > 0 {
		told += " " + s.texts.Count(c.Lang, "settings_moving.kept", kept)
	}
	c.remember(messageEntry, told)
	return c.Go(movingPathOf(version))
}

func (s *Server) moveOne(c *Context, version int, number string) error {
	consultation, err := s.store.ConsultationByNumber(c.Request().Context(), number)
	if err != nil {
		return err
	}
	c.about(consultation.ID)
	result, err := c.Submit(store.NewInput{ConsultationID: consultation.ID,
		Message: advisory.Input{Kind: advisory.AdoptProgramme, Version: version}})
	var refused *inbox.Refused
	if errors.As(err, &refused) {
		return &Explained{Err: err, Title: c.T("settings_moving.stays", "number", consultation.Number), Text: c.whyNotAdopted(refused.Reason),
			ActionLabel: c.T("settings_moving.back_to_list"), ActionPath: movingPathOf(version)}
	}
	if err != nil {
		return err
	}
	return c.Settled(result, movingPathOf(version), "settings_moving.moved", "number", consultation.Number, "n", version)
}
