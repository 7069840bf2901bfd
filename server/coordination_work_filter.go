package server

import (
	"miglobe/store"
)

// workFilter is the filter of a list of tasks.
type workFilter struct {
	listFilter
	List  store.WorkList
	Due   []filterOption
	tasks store.WorkFilter
}

// workFilter reads the list and its filter from the address. What is not known any more is left out and said.
func (s *Server) workFilter(c *Context) (workFilter, error) {
	r := c.addressReader()
	f := workFilter{List: store.MyTasks}
	if err := s.readFilter(r, &f.listFilter); err != nil {
		return f, err
	}
	if asked, _ := r.choice(listQuery, keysOf(store.WorkLists), c.listName); asked != "" {
		f.List = store.WorkList(asked)
	}
	asked, dues := r.choice(dueQuery, keysOf(store.DueGroups), func(key string) string { return c.T("coordination_pages.due." + key) })
	f.Due = dues
	f.tasks = store.WorkFilter{
		List: f.List, Person: *c.Person, Now: c.Now(), Due: store.DueGroup(asked), DueBy: f.filter.DueBy, Kind: f.filter.Task,
		Advisor: f.filter.Advisor, Stage: f.filter.Stage, Land: f.filter.Land, Topic: f.filter.Topic, Coordinator: f.filter.Coordinator,
		SentBefore: f.filter.SentBefore, Words: f.Words, Page: f.filter.Page,
	}
	empty := store.ConsultationFilter{Words: f.Words, Page: f.filter.Page}
	f.filtered = f.filter != empty || asked != ""
	empty.Stage = f.filter.Stage
	f.More = f.filter != empty
	f.LeftOut = r.rest()
	return f, nil
}

func (c *Context) listName(list string) string { return c.T("coordination_pages.tabs." + list) }
