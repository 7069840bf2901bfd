package server

import (
	"net/http"
	"net/url"

	"miglobe/server/form"
	"miglobe/store"
)

const savedFiltersPath = "/filter"

// savedFilters are the saved filters of a list as links, and the form that saves the filter that is shown.
type savedFilters struct {
	Filters []savedFilter
	Form    form.View
	Action  string // keeps the address, which is what is saved
}

type savedFilter struct {
	ID, Name, URL string
	Note          string // with whom it is shared, or whose it is
	Mine, Current bool
}

func (s *Server) savedFilters(c *Context) (savedFilters, error) {
	found, err := s.store.SavedFilters(c.Request().Context(), store.ConsultationFilters, c.Person.ID)
	saved := savedFilters{Action: c.linkWith(), Form: form.NewView(c.Form("save_filter"), nil, nil, nil, c.FormContext())}
	for _, filter := range found {
		row := savedFilter{ID: filter.ID, Name: filter.Name, URL: c.URL(consultationsPath), Mine: filter.OwnerID == c.Person.ID}
		if filter.Query != "" {
			row.URL += "?" + filter.Query
		}
		row.Current = row.URL == saved.Action
		switch {
		case !row.Mine:
			row.Note = c.T("coordination_pages.saved.from", "name", filter.OwnerName)
		case filter.Shared:
			row.Note = c.T("coordination_pages.saved.shared")
		}
		saved.Filters = append(saved.Filters, row)
	}
	return saved, err
}

// saveFilter saves the filter that stands in the address of the form.
func (s *Server) saveFilter(c *Context) error {
	f := c.Form("save_filter")
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		page, err := s.consultationList(c)
		if err != nil {
			return err
		}
		page.Saved.Form = form.NewView(f, answers, errs, nil, c.FormContext())
		return c.Show(http.StatusUnprocessableEntity, page)
	}
	address, err := url.Parse(c.linkWith())
	if err != nil {
		return err
	}
	if err := s.store.SaveFilter(c.Request().Context(), store.SavedFilter{
		OwnerID: c.Person.ID, List: store.ConsultationFilters, Name: answers.Get("name"), Query: address.RawQuery,
		Shared: answers.Has("shared", "yes"),
	}); err != nil {
		return err
	}
	return c.Done(addressOf(consultationsPath, address.Query()), "coordination_pages.saved.done", "name", answers.Get("name"))
}

func (s *Server) deleteFilter(c *Context) error {
	if err := s.store.DeleteFilter(c.Request().Context(), c.Param("id"), c.Person.ID); err != nil {
		return err
	}
	return c.Done(consultationsPath, "coordination_pages.saved.deleted")
}
