package server

import (
	"maps"
	"net/http"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	pickPrefix = "advisor." // and the id of the person: the field of one control
	pickMember = "member"
	pickLead   = "lead"
)

// assignPage is where a coordinator chooses advisors: explained suggestions, who was asked before, who cannot be asked.
type assignPage struct {
	Task        store.Task
	Form        form.View
	Why         *form.FieldView // the field for the reason
	Suggestions []suggestionView
	Asked       []suggestionView
	Unavailable []unavailableView
	Exhausted   bool
	Error       string // about the choice as a whole
	Wanted      []factLine
	Points      []factLine
}

// Template implements Page.
func (assignPage) Template() string { return "coordination_assign" }

// suggestionView is an advisor with the reasons and the control that invites.
type suggestionView struct {
	ID, Name, Initials string
	Number             int // place in the list
	Total              int
	Criteria           []criterionView
	About              string     // town; or what the person was asked for
	Badge              *taskBadge // how the person answered
	Picks              []pickView
}

// criterionView is one criterion in points and words.
type criterionView struct {
	Label, Why  string
	Points, Max int
	Width       string // of the bar, of 40
}

type pickView struct {
	ID, Name, Value, Label string
	Chosen                 bool
	Wrong                  bool
}

type unavailableView struct{ Name, Reason string }

// assignment is what the page and its form work with.
type assignment struct {
	task        store.Task
	need        store.Need
	suggestions []suggestion // may be invited
	asked       []suggestion // were invited and have not said no
	unavailable []suggestion
}

func (s *Server) assignment(c *Context, task store.Task) (assignment, error) {
	ctx := c.Request().Context()
	a := assignment{task: task}
	var err error
	if a.need, err = s.store.Need(ctx, task.ConsultationID); err != nil {
		return a, err
	}
	candidates, err := s.store.Candidates(ctx, task.ConsultationID, a.need)
	for _, found := range suggest(a.need, candidates, c.Now()) {
		switch {
		case found.Invitation == "open" || found.Invitation == "accepted":
			a.asked = append(a.asked, found)
		case found.Invitation != "" || !found.HasRoom():
			a.unavailable = append(a.unavailable, found)
		default:
			a.suggestions = append(a.suggestions, found)
		}
	}
	return a, err
}

// choosable are everybody who can be part of the choice, in the order of the page.
func (a assignment) choosable() []suggestion {
	return append(append([]suggestion(nil), a.suggestions...), a.asked...)
}

func (a assignment) sources() form.Sources {
	var options []texts.Option
	for _, candidate := range a.choosable() {
		options = append(options, texts.Option{Key: candidate.ID, Label: candidate.Name()})
	}
	return form.Sources{"suggested_advisors": options, "chosen_advisors": options}
}

// picked are the controls as they stand at first: who was asked stays asked.
func (a assignment) picked() map[string]string {
	picks := map[string]string{}
	for _, candidate := range a.asked {
		picks[candidate.ID] = pickMember
		if candidate.AskedLead {
			picks[candidate.ID] = pickLead
		}
	}
	return picks
}

// showChooseAdvisors shows whom a coordinator can invite, and why in this order.
func (s *Server) showChooseAdvisors(c *Context, task store.Task) error {
	a, err := s.assignment(c, task)
	if err != nil {
		return err
	}
	f := c.Form("choose_advisors")
	c.Sources = a.sources()
	return c.Show(http.StatusOK, c.assignPage(a, f, a.picked(), nil, nil))
}

// submitChooseAdvisors invites whoever was chosen. Who was asked before is not asked again, but may get the lead.
func (s *Server) submitChooseAdvisors(c *Context, task store.Task) error {
	a, err := s.assignment(c, task)
	if err != nil {
		return err
	}
	f := c.Form("choose_advisors")
	c.Sources = a.sources()
	picks := postedPicks(c)
	answers, errs := c.choice(a, f, picks)
	if len(errs) > 0 {
		return c.Show(http.StatusUnprocessableEntity, c.assignPage(a, f, picks, answers, errs))
	}
	message := advisory.Input{Kind: advisory.TaskInput, Task: task.ID, Choice: advisory.Choose, Lead: answers.Get("lead")}
	for _, candidate := range a.suggestions {
		if answers.Has("advisors", candidate.ID) {
			message.Advisors = append(message.Advisors, candidate.ID)
		}
	}
	result, err := c.Submit(store.NewInput{
		ConsultationID: task.ConsultationID, Message: message, Form: f.Name, Answers: answers,
	})
	if advisory.CodeOf(err) == advisory.Conflict {
		return s.overtaken(c, taskDesk{Task: task, Actor: *c.Actor(), TakesPart: true}, err)
	}
	if err != nil {
		return err
	}
	return c.Settled(result, "/beratungen/"+task.Number, "tasks.choose_advisors.done")
}

// postedPicks are the controls that say that somebody is chosen, by the id of the person.
func postedPicks(c *Context) map[string]string {
	picks := map[string]string{}
	for name, values := range c.Posted() {
		id, ok := strings.CutPrefix(name, pickPrefix)
		if ok && (values[0] == pickMember || values[0] == pickLead) {
			picks[id] = values[0]
		}
	}
	return picks
}

// choice turns the controls into the answers of the form and checks them: somebody, and exactly one lead among them.
func (c *Context) choice(a assignment, f *texts.Form, picks map[string]string) (advisory.Answers, form.Errors) {
	answers := form.Decode(f, c.Posted(), c.Sources)
	delete(answers, "advisors")
	delete(answers, "lead")
	leads, gone := 0, maps.Clone(picks)
	for _, candidate := range a.choosable() {
		pick, chosen := picks[candidate.ID]
		if !chosen {
			continue
		}
		delete(gone, candidate.ID)
		answers["advisors"] = append(answers["advisors"], candidate.ID)
		if pick == pickLead {
			leads++
			answers.Set("lead", candidate.ID)
		}
	}
	var errs form.Errors
	for _, pick := range gone { // cannot be chosen any more since the page was shown
		if pick == pickLead {
			errs = errs.Add(f, c.Sources, c.FormContext(), "lead", "lead_not_chosen")
		}
		errs = errs.Add(f, c.Sources, c.FormContext(), "advisors", "invalid_choice")
	}
	if leads > 1 {
		errs = errs.Add(f, c.Sources, c.FormContext(), "lead", "exactly_one_lead")
	}
	for _, found := range form.Validate(f, answers, c.Sources, c.FormContext()) {
		if errs.For(found.Key) == "" {
			errs = append(errs, found)
		}
	}
	return answers, errs
}
