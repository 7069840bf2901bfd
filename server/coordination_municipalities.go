package server

import (
	"net/http"
	"slices"

	"miglobe/advisory"
	"miglobe/server/sheet"
	"miglobe/store"
	"miglobe/texts"
)

const (
	municipalitiesPath = "/kommunen"
	withoutAGSQuery    = "ags" // "ohne": only those without an official key
	withoutAGS         = "ohne"
)

func (s *Server) municipalityRoutes() []Route {
	const one, merge = municipalitiesPath + "/:id", municipalitiesPath + "/:id/zusammenfuehren"
	return []Route{
		{Method: http.MethodGet, Path: municipalitiesPath, Who: Coordination, Handle: s.showMunicipalities},
		{Method: http.MethodGet, Path: municipalitiesPath + csvSuffix, Who: Coordination, Handle: s.exportMunicipalities(csvSuffix), File: true},
		{Method: http.MethodGet, Path: municipalitiesPath + xlsxSuffix, Who: Coordination, Handle: s.exportMunicipalities(xlsxSuffix), File: true},
		{Method: http.MethodGet, Path: one, Who: Coordination, Handle: s.showMunicipality},
		{Method: http.MethodPost, Path: one, Who: Coordination, Handle: s.changeMunicipality},
		{Method: http.MethodGet, Path: merge, Who: Coordination, Handle: s.showMergeMunicipality},
		{Method: http.MethodPost, Path: merge, Who: Coordination, Handle: s.mergeMunicipality},
	}
}

func municipalityPages() []Page {
	return []Page{municipalityListPage{}, municipalityPage{}, mergeMunicipalityPage{}}
}

// municipalityListPage is the directory of municipalities.
type municipalityListPage struct {
	Words      string
	Land       []filterOption
	WithoutAGS bool
	Rows       []municipalityRow
	Empty      *emptyView
	Pager      pagerView
	Exports    exportLinks
}

// Template implements Page.
func (municipalityListPage) Template() string { return "coordination_municipalities" }

type municipalityRow struct {
	ID, Name, Land, AGS, Consultations, LastSent string
}

// municipalityFilter is the filter as the address says it, and the answers that it can take.
func (c *Context) municipalityFilter() (store.MunicipalityFilter, []filterOption) {
	filter := store.MunicipalityFilter{
		Words: c.QueryParam(wordsQuery), WithoutAGS: c.QueryParam(withoutAGSQuery) == withoutAGS, Page: c.page(),
	}
	if land := advisory.Land(c.QueryParam(landQuery)); slices.Contains(advisory.Laender, land) {
		filter.Land = land
	}
	return filter, c.filterOptions(string(filter.Land), keysOf(advisory.Laender), func(key string) string { return c.landName(advisory.Land(key)) })
}

func (c *Context) landName(land advisory.Land) string {
	return c.server.texts.OptionLabel(c.Lang, "laender", string(land))
}

func (s *Server) showMunicipalities(c *Context) error {
	filter, laender := c.municipalityFilter()
	found, total, err := s.store.Municipalities(c.Request().Context(), filter)
	if err != nil {
		return err
	}
	page := municipalityListPage{Words: filter.Words, Land: laender, WithoutAGS: filter.WithoutAGS, Exports: c.exportLinks(),
		Pager: c.pager(total, store.MunicipalitiesPerPage)}
	for _, entry := range found {
		page.Rows = append(page.Rows, c.municipalityRow(entry))
	}
	if len(found) == 0 {
		page.Empty = c.emptyList(filter.Land != "" || filter.WithoutAGS || total > 0, emptyView{Text: c.T("municipalities.none")})
	}
	return c.Show(http.StatusOK, page)
}

func (c *Context) municipalityRow(entry store.MunicipalityEntry) municipalityRow {
	row := municipalityRow{ID: entry.ID, Name: entry.Name, Land: c.landName(entry.Land), AGS: orNone(c, entry.AGS),
		Consultations: c.T("municipalities.count", "running", entry.Running, "total", entry.Total)}
	if entry.LastSentAt != nil {
		row.LastSent = texts.Date(c.Lang, *entry.LastSentAt)
	}
	return row
}

func (s *Server) exportMunicipalities(format string) Handler {
	return func(c *Context) error {
		filter, _ := c.municipalityFilter()
		found, err := s.store.AllMunicipalities(c.Request().Context(), filter)
		if err != nil {
			return err
		}
		return c.export(format, c.T("municipalities.file"), func(rows sheet.Writer) error {
			if err := rows.Row(c.T("tables.municipality"), c.T("tables.land"), c.T("municipalities.ags"), c.T("municipalities.running"),
				c.T("municipalities.total"), c.T("municipalities.last_sent")); err != nil {
				return err
			}
			for _, entry := range found {
				if err := rows.Row(entry.Name, c.landName(entry.Land), entry.AGS, entry.Running, entry.Total, dayOrNothing(entry.LastSentAt)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
