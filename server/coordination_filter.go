package server

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// ages are the months from which on consultations can be asked for as old.
var ages = []string{"3", "6", "12", "24"}

// listFilter is what the list of consultations and those of tasks are both filtered by, with the answers that each filter can
// take. All of it stands in the address.
type listFilter struct {
	Words                                               string
	Stage, Task, Land, Topic, Coordinator, Advisor, Age []filterOption
	DueBy                                               string // 2006-01-02
	More                                                bool   // a filter is set that is asked for less often
	LeftOut                                             string // what the address asks for and there is not, in words
	filter                                              store.ConsultationFilter
	filtered                                            bool
}

// consultationFilter is the filter of the list of consultations.
type consultationFilter struct {
	listFilter
	Outcome []filterOption
	Columns []filterOption
	columns []string
}

// addressReader reads the answers of filters from an address and notes what it does not know.
type addressReader struct {
	c       *Context
	asked   url.Values
	leftOut []string
	known   []string
}

// choice is the answer of one filter, "" where none of the keys is asked for.
func (r *addressReader) choice(query string, keys []string, label func(key string) string) (string, []filterOption) {
	r.known = append(r.known, query)
	asked := r.asked.Get(query)
	if !slices.Contains(keys, asked) {
		r.leaveOut(query, asked)
		asked = ""
	}
	return asked, r.c.filterOptions(asked, keys, label)
}

// day is a date, nil where none is asked for.
func (r *addressReader) day(query string) *time.Time {
	r.known = append(r.known, query)
	asked := r.asked.Get(query)
	day, err := time.ParseInLocation(time.DateOnly, asked, advisory.Berlin)
	if err != nil {
		r.leaveOut(query, asked)
		return nil
	}
	return &day
}

func (r *addressReader) leaveOut(query, asked string) {
	if asked != "" {
		r.leftOut = append(r.leftOut, query+"="+asked)
	}
}

// rest leaves out everything that no filter knows.
func (r *addressReader) rest() string {
	for query, asked := range r.asked {
		if !slices.Contains(r.known, query) {
			r.leaveOut(query, strings.Join(asked, ","))
		}
	}
	slices.Sort(r.leftOut)
	return strings.Join(r.leftOut, ", ")
}

func (c *Context) addressReader(known ...string) *addressReader {
	return &addressReader{c: c, asked: c.QueryParams(), known: append(known, wordsQuery, pageQuery, allQuery)}
}

// consultationFilter reads the filter from the address. What is not known any more is left out and said.
func (s *Server) consultationFilter(c *Context) (consultationFilter, error) {
	r := c.addressReader()
	var f consultationFilter
	if err := s.readFilter(r, &f.listFilter); err != nil {
		return f, err
	}
	f.addOutcome(r)
	f.addColumns(r)
	empty := store.ConsultationFilter{Words: f.Words, Page: f.filter.Page}
	f.filtered = f.filter != empty
	empty.Stage, empty.Outcome, empty.Running = f.filter.Stage, f.filter.Outcome, f.filter.Running
	f.More = f.filter != empty
	f.LeftOut = r.rest()
	return f, nil
}

// readFilter reads what all lists are filtered by.
func (s *Server) readFilter(r *addressReader, f *listFilter) error {
	f.Words = r.c.QueryParam(wordsQuery)
	f.filter = store.ConsultationFilter{Words: f.Words, Page: r.c.page()}
	f.addOwed(r)
	f.addRequest(r)
	return s.addPersons(r, f)
}

// addOwed adds the filters by stage and by what is owed.
func (f *listFilter) addOwed(r *addressReader) {
	c := r.c
	var asked string
	asked, f.Stage = r.choice(stageQuery, stageKeys(), func(key string) string { return c.T("stages." + key + ".name") })
	f.filter.Stage = advisory.Stage(asked)
	asked, f.Task = r.choice(taskQuery, keysOf(advisory.TaskKinds), func(key string) string { return c.T("tasks." + key + ".title") })
	f.filter.Task = advisory.TaskKind(asked)
	if f.filter.DueBy = r.day(dueByQuery); f.filter.DueBy != nil {
		f.DueBy = f.filter.DueBy.Format(time.DateOnly)
	}
}

func (f *consultationFilter) addOutcome(r *addressReader) {
	c := r.c
	var asked string
	asked, f.Outcome = r.choice(stateQuery, append([]string{runningState}, keysOf(advisory.Outcomes)...), func(key string) string {
		if key == runningState {
			return c.T("conditions.running")
		}
		return c.T("outcomes." + key + ".name")
	})
	if f.filter.Running = asked == runningState; !f.filter.Running {
		f.filter.Outcome = advisory.Outcome(asked)
	}
}

// addRequest adds the filters by what the municipality sent.
func (f *listFilter) addRequest(r *addressReader) {
	c, asked := r.c, ""
	laender, topics := c.server.texts.OptionList(c.Lang, "laender"), c.server.texts.OptionList(c.Lang, "topics")
	asked, f.Land = r.choice(landQuery, optionKeys(laender), labelIn(laender))
	f.filter.Land = advisory.Land(asked)
	f.filter.Topic, f.Topic = r.choice(topicQuery, optionKeys(topics), labelIn(topics))
	asked, f.Age = r.choice(ageQuery, ages, func(key string) string { return c.T("coordination_pages.filter.older", "n", key) })
	if months, err := strconv.Atoi(asked); err == nil {
		before := c.Now().AddDate(0, -months, 0)
		f.filter.SentBefore = &before
	}
}

// addPersons adds the filters by who coordinates and who accompanies.
func (s *Server) addPersons(r *addressReader, f *listFilter) error {
	ctx := r.c.Request().Context()
	coordinators, err := s.store.Coordinators(ctx)
	if err != nil {
		return err
	}
	advisors, err := s.store.Advisors(ctx)
	if err != nil {
		return err
	}
	choices := append([]texts.Option{{Key: store.Unclaimed, Label: r.c.T("task_states.unclaimed")}}, optionsOf(coordinators)...)
	f.filter.Coordinator, f.Coordinator = r.choice(coordinatorQuery, optionKeys(choices), labelIn(choices))
	choices = optionsOf(advisors)
	f.filter.Advisor, f.Advisor = r.choice(advisorQuery, optionKeys(choices), labelIn(choices))
	return nil
}

func keysOf[T ~string](values []T) []string {
	keys := make([]string, len(values))
	for i, value := range values {
		keys[i] = string(value)
	}
	return keys
}

func optionKeys(options []texts.Option) []string {
	keys := make([]string, len(options))
	for i, option := range options {
		keys[i] = option.Key
	}
	return keys
}

func labelIn(options []texts.Option) func(key string) string {
	return func(key string) string {
		for _, option := range options {
			if option.Key == key {
				return option.Label
			}
		}
		return key
	}
}
