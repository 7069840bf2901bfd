package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	weightsPath  = settingsPath + "/gewichte"
	weightsForm  = "matching_weights"
	previewQuery = "vorschau"
	basisField   = "stand" // the version of the programme that somebody began with
)

func (s *Server) weightsRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: weightsPath, Who: settingsAccess, Handle: s.showWeights},
		{Method: http.MethodPost, Path: weightsPath, Who: settingsAccess, Handle: s.saveWeights},
	}
}

// weightsPage is where lead coordinators change how suggestions are ordered.
type weightsPage struct {
	Version   int // that a save is based on
	Form      form.View
	Sum       string
	Overtaken *overtakenProgramme
	Preview   *weightsPreview
}

// Template implements Page.
func (weightsPage) Template() string { return "settings_weights" }

// overtakenProgramme tells what somebody else has saved meanwhile.
type overtakenProgramme struct {
	Title, Text string
	Differences []string // between the weights there and those that were typed
}

// showWeights shows the weights of the newest programme; or, where the address has others, what these would change.
func (s *Server) showWeights(c *Context) error {
	programme, err := s.store.Programme(c.Request().Context())
	if err != nil {
		return err
	}
	if c.QueryParam(previewQuery) == "" {
		return c.Show(http.StatusOK, c.weightsPage(programme, programme.Matching, answersOf(programme.Matching), nil))
	}
	draft := c.FormContext()
	draft.Draft = true // no reason is owed for a look
	weights, answers, errs := c.typedWeights(programme, c.QueryParams(), draft)
	page := c.weightsPage(programme, weights, answers, errs)
	page.Version = basisOf(c.QueryParams(), programme)
	if len(errs) > 0 {
		return c.Show(http.StatusUnprocessableEntity, page)
	}
	if page.Preview, err = s.weightsPreview(c, weights); err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}

// saveWeights makes a version of the programme with the typed weights, unless they are those that count already.
func (s *Server) saveWeights(c *Context) error {
	ctx := c.Request().Context()
	programme, err := s.store.Programme(ctx)
	if err != nil {
		return err
	}
	weights, answers, errs := c.typedWeights(programme, c.Posted(), c.FormContext())
	if len(errs) > 0 {
		page := c.weightsPage(programme, weights, answers, errs)
		page.Version = basisOf(c.Posted(), programme)
		return c.Show(http.StatusUnprocessableEntity, page)
	}
	if basisOf(c.Posted(), programme) != programme.Version {
		return s.weightsOvertaken(c, weights, answers)
	}
	if weights == programme.Matching {
		return c.Done(weightsPath, "settings_weights.unchanged")
	}
	programme.Matching = weights
	version, err := s.store.AddProgramme(ctx, programme, c.Person.ID, answers.Get("note"))
	if advisory.CodeOf(err) == advisory.Conflict {
		return s.weightsOvertaken(c, weights, answers)
	}
	if err != nil {
		return err
	}
	return c.Done(weightsPath, "settings_weights.saved", "n", version)
}

// basisOf is the version that somebody began with, so that whoever looks or corrects first hears of a version that came
// meanwhile when saving.
func basisOf(values url.Values, newest advisory.Programme) int {
	basis, err := strconv.Atoi(values.Get(basisField))
	if err != nil {
		return newest.Version
	}
	return basis
}

// weightsOvertaken says who made which version meanwhile and keeps what was typed, based on that version now.
func (s *Server) weightsOvertaken(c *Context, weights advisory.MatchingWeights, answers advisory.Answers) error {
	ctx := c.Request().Context()
	programme, err := s.store.Programme(ctx)
	if err != nil {
		return err
	}
	versions, err := s.store.ProgrammeVersions(ctx)
	if err != nil {
		return err
	}
	page := c.weightsPage(programme, weights, answers, nil)
	page.Overtaken = c.overtakenProgramme(versions[0], programme.Matching, weights)
	return c.Show(http.StatusConflict, page)
}

func (c *Context) overtakenProgramme(newest store.ProgrammeVersion, theirs, typed advisory.MatchingWeights) *overtakenProgramme {
	const key = "settings_weights.overtaken."
	told := &overtakenProgramme{Title: c.T(key+"title", "n", newest.Version)}
	text := key + "text"
	if newest.AuthorName == "" {
		text = key + "text_without_name"
	}
	told.Text = c.T(text, "n", newest.Version, "name", newest.AuthorName, "date", texts.Date(c.Lang, newest.CreatedAt), "note", newest.Note)
	labels := labelsOf(c.Form(weightsForm))
	yours := typed.All()
	for i, weight := range theirs.All() {
		if *weight.Value != *yours[i].Value {
			told.Differences = append(told.Differences, c.T(key+"differs", "label", labels[weight.Name],
				"theirs", *weight.Value, "yours", *yours[i].Value))
		}
	}
	if len(told.Differences) == 0 {
		told.Differences = []string{c.T(key + "same")}
	}
	return told
}

func (c *Context) weightsPage(programme advisory.Programme, weights advisory.MatchingWeights, answers advisory.Answers, errs form.Errors) weightsPage {
	page := weightsPage{Version: programme.Version, Form: form.NewView(c.Form(weightsForm), answers, errs, nil, c.FormContext())}
	if len(errs) == 0 {
		page.Sum = c.T("settings_weights.sum", "n", weights.Sum(), "top", weights.PartnerCountry)
	}
	return page
}

func answersOf(weights advisory.MatchingWeights) advisory.Answers {
	answers := advisory.Answers{}
	for _, weight := range weights.All() {
		answers.Set(weight.Name, strconv.Itoa(*weight.Value))
	}
	return answers
}

// typedWeights reads the weights of a form, and what is wrong with them in a programme.
func (c *Context) typedWeights(programme advisory.Programme, values url.Values, context form.Context) (advisory.MatchingWeights, advisory.Answers, form.Errors) {
	f := c.Form(weightsForm)
	answers := form.Decode(f, values, nil)
	errs := form.Validate(f, answers, nil, context)
	var weights advisory.MatchingWeights
	for _, weight := range weights.All() {
		typed, err := strconv.Atoi(answers.Get(weight.Name))
		if err != nil {
			typed = weight.Least - 1 // no number is as wrong as one out of bounds
		}
		*weight.Value = typed
	}
	programme.Matching = weights
	for _, problem := range programme.Problems() {
		weight, ok := strings.CutPrefix(problem.Field, "matching.")
		switch {
		case !ok: // is not to be changed here
		case problem.Code != advisory.NoWeight:
			errs = errs.Add(f, nil, context, weight, "invalid", "min", problem.Least, "max", problem.Most)
		case len(errs) == 0:
			errs = errs.Add(f, nil, context, weight, "nothing_counts")
		}
	}
	return weights, answers, errs
}

func labelsOf(f *texts.Form) map[string]string {
	labels := map[string]string{}
	for _, step := range f.Steps {
		for _, field := range step.Fields {
			labels[field.Key] = field.Label
		}
	}
	return labels
}
