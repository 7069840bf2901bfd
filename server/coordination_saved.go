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
	Path    string // below which a filter is deleted, without language
}

type savedFilter struct {
	ID, Name, URL string
	Note          string // with whom it is shared, or whose it is
	Mine, Current bool
}

// pathOf is the page of a list whose filters are saved.
var pathOf = map[store.SavedList]string{store.ConsultationFilters: consultationsPath, store.TaskFilters: workbenchPath}

func (s *Server) savedFilters(c *Context, list store.SavedList) (savedFilters, error) {
	found, err := s.store.SavedFilters(c.Request().Context(), list, c.Person.ID)
	saved := savedFilters{Action: c.linkWith(), Path: pathOf[list] + savedFiltersPath, Form: form.NewView(c.Form("save_filter"), nil, nil, nil, c.FormContext())}
	for _, filter := range found {
		row := savedFilter{ID: filter.ID, Name: filter.Name, URL: c.URL(pathOf[list]), Mine: filter.OwnerID == c.Person.ID}
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
func (s *Server) saveFilter(list store.SavedList) Handler {
	return func(c *Context) error {
		f := c.Form("save_filter")
		answers := form.Decode(f, c.Posted(), nil)
		if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
			return s.showUnsavedFilter(c, list, form.NewView(f, answers, errs, nil, c.FormContext()))
		}
		address, err := url.Parse(c.linkWith())
		if err != nil {
			return err
		}
		if err := s.store.SaveFilter(c.Request().Context(), store.SavedFilter{
			OwnerID: c.Person.ID, List: list, Name: answers.Get("name"), Query: address.RawQuery, Shared: answers.Has("shared", "yes"),
		}); err != nil {
			return err
		}
		return c.Done(addressOf(pathOf[list], address.Query()), "coordination_pages.saved.done", "name", answers.Get("name"))
	}
}

// showUnsavedFilter shows the list again with the form that was not right.
func (s *Server) showUnsavedFilter(c *Context, list store.SavedList, view form.View) error {
	if list == store.TaskFilters {
		page, err := s.workbench(c)
		if err != nil {
			return err
		}
		page.Saved.Form = view
		return c.Show(http.StatusUnprocessableEntity, page)
	}
	page, err := s.consultationList(c)
	if err != nil {
		return err
	}
	page.Saved.Form = view
	return c.Show(http.StatusUnprocessableEntity, page)
}

func (s *Server) deleteFilter(list store.SavedList) Handler {
	return func(c *Context) error {
		if err := s.store.DeleteFilter(c.Request().Context(), c.Param("id"), c.Person.ID); err != nil {
			return err
		}
		return c.Done(pathOf[list], "coordination_pages.saved.deleted")
	}
}
