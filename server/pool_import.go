package server

import (
	"errors"
	"io"
	"net/http"
	"slices"

	"miglobe/advisory"
	"miglobe/server/sheet"
	"miglobe/store"
)

const (
	poolImportPath = poolPath + "/import"
	poolExportPath = poolPath + "/export" + csvSuffix
	fileField      = "datei"
	planField      = "stand" // fingerprint of the plan that the page showed
)

// poolFileAccess is who may make accounts and change profiles by a file.
var poolFileAccess = Only(advisory.LeadCoordinator)

func (s *Server) poolImportRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: poolExportPath, Who: poolFileAccess, Handle: s.exportPoolFile, File: true},
		{Method: http.MethodGet, Path: poolImportPath, Who: poolFileAccess, Handle: s.showPoolUpload},
		{Method: http.MethodPost, Path: poolImportPath, Who: poolFileAccess, Handle: s.uploadPoolFile},
		{Method: http.MethodGet, Path: poolImportPath + "/:upload", Who: poolFileAccess, Handle: s.showPoolPreview},
		{Method: http.MethodPost, Path: poolImportPath + "/:upload", Who: poolFileAccess, Handle: s.importPoolFile},
	}
}

func (s *Server) exportPoolFile(c *Context) error {
	members, err := s.store.PoolMembers(c.Request().Context())
	if err != nil {
		return err
	}
	return c.export(csvSuffix, c.T("advisor_pages.import.file_name"), func(rows sheet.Writer) error {
		return c.poolFile().write(rows, members)
	})
}

// poolUploadPage takes a file of advisors, and says what is in one.
type poolUploadPage struct {
	Problem         string // with the file that was sent
	Columns         []factLine
	MaxKB, MaxLines int
}

// Template implements Page.
func (poolUploadPage) Template() string { return "pool_upload" }

func (s *Server) showPoolUpload(c *Context) error { return c.poolUpload(http.StatusOK, "") }

func (c *Context) poolUpload(status int, problem string) error {
	file := c.poolFile()
	page := poolUploadPage{Problem: problem, MaxKB: maxPoolFile >> 10, MaxLines: maxPoolLines}
	for _, column := range append(file.columns(), countryColumn) {
		page.Columns = append(page.Columns, factLine{file.heading(c.Lang, column), file.expects(column)})
	}
	return c.Show(status, page)
}

// expects says what a column holds.
func (p poolFile) expects(column string) string {
	field := p.field(column)
	options := (&lineReader{poolFile: p}).offered(field)
	switch {
	case column == emailColumn || column == countryColumn || column == "further_places":
		return p.T("advisor_pages.column_notes." + column)
	case field.Type == "checkbox":
		return p.T("advisor_pages.column_notes.several", "options", options)
	case len(field.Options) > 0:
		return p.T("advisor_pages.faults.one_of", "options", options)
	case field.Max > 0:
		return p.T("advisor_pages.column_notes.text", "max", field.Max)
	default:
		return field.Hint
	}
}

func (s *Server) uploadPoolFile(c *Context) error {
	content, problem, err := c.uploaded(fileField, maxPoolFile)
	if err != nil {
		return err
	}
	if problem != "" {
		return c.poolUpload(http.StatusUnprocessableEntity, problem)
	}
	id, err := s.store.KeepPoolUpload(c.Request().Context(), c.Person.ID, content)
	if err != nil {
		return err
	}
	return c.Go(poolImportPath + "/" + id)
}

// uploaded reads a file of at most so many bytes, or says what is wrong with it.
func (c *Context) uploaded(field string, most int64) (content []byte, problem string, err error) {
	tooLarge := c.T("advisor_pages.import.too_large", "max", most>>10)
	file, header, err := c.Request().FormFile(field)
	var beyond *http.MaxBytesError
	switch {
	case errors.As(err, &beyond):
		return nil, tooLarge, nil
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart):
		return nil, c.T("advisor_pages.import.no_file"), nil
	case err != nil:
		return nil, "", advisory.Errorf(advisory.Invalid, "upload: %w", err)
	}
	defer file.Close()                          //nolint:errcheck // was only read
	defer c.Request().MultipartForm.RemoveAll() //nolint:errcheck // the system clears what stays
	if header.Size > most {
		return nil, tooLarge, nil
	}
	if content, err = io.ReadAll(file); err != nil {
		return nil, "", advisory.Errorf(advisory.Invalid, "upload: %w", err)
	}
	if len(content) == 0 {
		return nil, c.T("advisor_pages.import.no_file"), nil
	}
	return content, "", nil
}

// poolPreviewPage says what a file does before it does it, and what of it is wrong.
type poolPreviewPage struct {
	Plan      poolPlan
	New       []poolLine
	Changed   []poolLine
	Unchanged int
	Path      string
	Stand     string
}

// Template implements Page.
func (poolPreviewPage) Template() string { return "pool_preview" }

// Effective is how many lines would be taken over.
func (p poolPreviewPage) Effective() int { return len(p.New) + len(p.Changed) }

func (s *Server) showPoolPreview(c *Context) error {
	ctx := c.Request().Context()
	content, err := s.store.PoolUpload(ctx, c.Param("upload"), c.Person.ID)
	if err != nil {
		return uploadGone(c, err)
	}
	file := c.poolFile()
	table, faults := file.read(content)
	plan := poolPlan{Faults: faults, Encoding: table.Encoding}
	if len(faults) == 0 {
		accounts, err := s.store.PoolAccounts(ctx, table.emails())
		if err != nil {
			return err
		}
		plan = file.plan(table, accounts)
	}
	page := poolPreviewPage{Plan: plan, Path: poolImportPath + "/" + c.Param("upload"), Stand: plan.fingerprint()}
	for _, line := range plan.effective() {
		if line.New {
			page.New = append(page.New, line)
		} else {
			page.Changed = append(page.Changed, line)
		}
	}
	page.Unchanged = len(plan.Lines) - page.Effective()
	return c.Show(http.StatusOK, page)
}

// importPoolFile does what the page showed: all of it, or nothing where it would be something else by now.
func (s *Server) importPoolFile(c *Context) error {
	ctx := c.Request().Context()
	content, err := s.store.PoolUpload(ctx, c.Param("upload"), c.Person.ID)
	if err != nil {
		return uploadGone(c, err)
	}
	file := c.poolFile()
	table, faults := file.read(content)
	if len(faults) > 0 {
		return advisory.Errorf(advisory.Invalid, "file with wrong headings was confirmed")
	}
	taken := 0
	err = s.store.ImportPool(ctx, c.Param("upload"), c.Person.ID, slices.Compact(slices.Sorted(slices.Values(table.emails()))),
		func(accounts map[string]store.PoolMember) ([]store.PoolMember, error) {
			plan := file.plan(table, accounts)
			if plan.fingerprint() != c.Posted().Get(planField) {
				return nil, advisory.Errorf(advisory.Conflict, "the file would do something else by now")
			}
			var members []store.PoolMember
			for _, line := range plan.effective() {
				members = append(members, line.member)
			}
			taken = len(members)
			return members, nil
		})
	switch advisory.CodeOf(err) {
	case advisory.NotFound:
		return uploadGone(c, err)
	case advisory.Conflict:
		return &Explained{Err: err, Text: c.T("advisor_pages.import.pool_has_changed"), ActionLabel: c.T("advisor_pages.import.look_again"),
			ActionPath: poolImportPath + "/" + c.Param("upload")}
	}
	if err != nil {
		return err
	}
	key := "advisor_pages.import.done_many"
	if taken == 1 {
		key = "advisor_pages.import.done_one"
	}
	return c.Done(poolPath, key, "n", taken)
}

// uploadGone explains that a file was used already, or has waited too long.
func uploadGone(c *Context, err error) error {
	if advisory.CodeOf(err) != advisory.NotFound {
		return err
	}
	return &Explained{Err: err, Title: c.T("advisor_pages.import.gone_title"), Text: c.T("advisor_pages.import.gone"),
		ActionLabel: c.T("advisor_pages.import.again"), ActionPath: poolImportPath}
}
