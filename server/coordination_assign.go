package server

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

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

// assignment is what the page that chooses advisors and its form work with. Everybody of the pool is in one of the lists.
type assignment struct {
	task        store.Task
	need        store.Need
	weights     advisory.MatchingWeights
	suggestions []suggestion // may be invited
	staying     []suggestion // accompany the municipality already and are not asked
	asked       []suggestion // were invited and have not said no
	again       []suggestion // were asked, accompanied once, or declared a conflict earlier: may be asked, deliberately
	unavailable []suggestion
	occasion    occasion
}

// occasion is why advisors are chosen where it is not the first time.
type occasion struct {
	leaving   []store.Replacement // whose leaving the municipality has not agreed to yet
	reopening *store.Reopening
	wish      string // of the municipality, which asked for others
}

func (s *Server) assignment(c *Context, task store.Task) (assignment, error) {
	ctx := c.Request().Context()
	need, err := s.store.Need(ctx, task.ConsultationID)
	if err != nil {
		return assignment{}, err
	}
	programme, err := s.store.ProgrammeVersion(ctx, task.ProgrammeVersion)
	if err != nil {
		return assignment{}, err
	}
	candidates, err := s.store.Candidates(ctx, task.ConsultationID, need, c.Now())
	if err != nil {
		return assignment{}, err
	}
	a := newAssignment(task, need, programme.Matching, candidates, c.Now())
	a.occasion, err = s.occasion(c, task.ConsultationID)
	return a, err
}

// newAssignment orders the candidates by some weights and puts each into its list. It leaves the occasion out.
func newAssignment(task store.Task, need store.Need, weights advisory.MatchingWeights, candidates []store.Candidate, now time.Time) assignment {
	a := assignment{task: task, need: need, weights: weights}
	for _, found := range suggest(need, weights, candidates, now) {
		list := a.listFor(found)
		*list = append(*list, found)
	}
	return a
}

// listFor is where the page shows a candidate.
func (a *assignment) listFor(found suggestion) *[]suggestion {
	switch {
	case found.InTeam:
		return &a.staying
	case found.Invitation == "open" || found.Invitation == "accepted":
		return &a.asked
	case found.Invitation == "conflict_of_interest" || found.LeftReason == "conflict_of_interest",
		found.IsLeaving(), found.AbsentUntil != nil, !found.HasRoom():
		return &a.unavailable
	case found.Invitation != "" || found.LeftAt != nil || found.EarlierConflict != "":
		return &a.again
	default:
		return &a.suggestions
	}
}

func (s *Server) occasion(c *Context, consultationID string) (occasion, error) {
	ctx := c.Request().Context()
	var o occasion
	left, err := s.store.Replacements(ctx, consultationID)
	if err != nil {
		return o, err
	}
	for _, replacement := range left {
		if !replacement.Agreed {
			o.leaving = append(o.leaving, replacement)
		}
	}
	if o.reopening, err = s.store.Reopening(ctx, consultationID); err != nil {
		return o, err
	}
	answer, err := s.store.LastSaid(ctx, consultationID, "agree_to_advisors")
	if answer.Choice == advisory.AskForOthers {
		o.wish = answer.Answers.Get("wish")
	}
	return o, err
}

// choosable are everybody who can be part of the choice, in the order of the page.
func (a assignment) choosable() []suggestion {
	var all []suggestion
	for _, list := range [][]suggestion{a.staying, a.suggestions, a.asked, a.again} {
		all = append(all, list...)
	}
	return all
}

// invitable are those whom a choice invites.
func (a assignment) invitable() []suggestion {
	return append(append([]suggestion(nil), a.suggestions...), a.again...)
}

// fixed are those who are part of the choice whatever is chosen: they stay, or have been asked.
func (a assignment) fixed() []suggestion {
	return append(append([]suggestion(nil), a.staying...), a.asked...)
}

func (a assignment) sources() form.Sources {
	var options []texts.Option
	for _, candidate := range a.choosable() {
		options = append(options, texts.Option{Key: candidate.ID, Label: candidate.Name()})
	}
	return form.Sources{"suggested_advisors": options, "chosen_advisors": options}
}

// picked are the controls as they stand at first: who stays stays, who was asked stays asked. One of them leads at most.
func (a assignment) picked() map[string]string {
	picks, led := map[string]string{}, false
	for _, candidate := range append(append([]suggestion(nil), a.asked...), a.staying...) {
		picks[candidate.ID] = pickMember
		if candidate.AskedLead && !led {
			picks[candidate.ID], led = pickLead, true
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
	return c.Show(http.StatusOK, c.assignPage(a, f, a.proposed(c.QueryParams()), nil, nil))
}

// proposed are the controls as a link sets them, such as that of a suggested team. A lead who is there already stays it.
func (a assignment) proposed(query url.Values) map[string]string {
	picks := a.picked()
	led := slices.Contains(slices.Collect(maps.Values(picks)), pickLead)
	for _, candidate := range a.invitable() {
		switch pick := query.Get(pickPrefix + candidate.ID); {
		case pick == pickLead && !led:
			picks[candidate.ID], led = pickLead, true
		case pick == pickLead || pick == pickMember:
			picks[candidate.ID] = pickMember
		}
	}
	return picks
}

// submitChooseAdvisors invites whoever was chosen. Who stays or was asked before is not asked again, but may get the lead.
func (s *Server) submitChooseAdvisors(c *Context, task store.Task) error {
	a, err := s.assignment(c, task)
	if err != nil {
		return err
	}
	f := c.Form("choose_advisors")
	c.Sources = a.sources()
	picks := postedPicks(c, a)
	answers, errs := c.choice(a, f, picks)
	if len(errs) > 0 {
		return c.Show(http.StatusUnprocessableEntity, c.assignPage(a, f, picks, answers, errs))
	}
	message := advisory.Input{Kind: advisory.TaskInput, Task: task.ID, Choice: advisory.Choose, Lead: answers.Get("lead")}
	for _, candidate := range a.invitable() {
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
	done := "tasks.choose_advisors.done"
	if len(message.Advisors) == 0 {
		done = "team_pages.assign.done_without_invitation"
	}
	return c.Settled(result, "/beratungen/"+task.Number, done)
}

// postedPicks are the controls that say that somebody is chosen, by the id of the person. Who is part of the choice
// whatever is chosen is a member where nothing else is said.
func postedPicks(c *Context, a assignment) map[string]string {
	picks := map[string]string{}
	for _, candidate := range a.fixed() {
		picks[candidate.ID] = pickMember
	}
	for name, values := range c.Posted() {
		id, ok := strings.CutPrefix(name, pickPrefix)
		if ok && (values[0] == pickMember || values[0] == pickLead) {
			picks[id] = values[0]
		}
	}
	return picks
}

// noteFirst notes in the answers whether the first suggestion is invited, where somebody is and there was one.
func (a assignment) noteFirst(answers advisory.Answers, picks map[string]string) {
	delete(answers, "first_suggestion")
	invites := slices.ContainsFunc(a.invitable(), func(candidate suggestion) bool { return picks[candidate.ID] != "" })
	switch {
	case len(a.suggestions) == 0 || !invites:
	case picks[a.suggestions[0].ID] != "":
		answers.Set("first_suggestion", "invited")
	default:
		answers.Set("first_suggestion", "not_invited")
	}
}

// choice turns the controls into the answers of the form and checks them: somebody, and exactly one lead among them.
func (c *Context) choice(a assignment, f *texts.Form, picks map[string]string) (advisory.Answers, form.Errors) {
	answers := form.Decode(f, c.Posted(), c.Sources)
	delete(answers, "advisors")
	delete(answers, "lead")
	a.noteFirst(answers, picks)
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
