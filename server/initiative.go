package server

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// initiative is something that a person brings about in a consultation without owing it. It has a page that says what
// follows and asks once more, and a link on the consultation's page where it is offered.
type initiative struct {
	path  string // below the consultation's
	kind  advisory.InputKind
	who   Access
	form  string // of texts/forms; "" where there is nothing to fill in
	words initiativeWords
	// forMunicipality: what a coordinator enters is the municipality's word, and says on what it is based.
	forMunicipality bool
	// possible tells whether the state of the consultation allows it; the engine has the last word.
	possible func(*Context, store.Consultation) bool
	// prepare completes the page; nil where there is nothing to add.
	prepare func(*Context, *initiativeDesk) error
	// check finds what is wrong with the answers beside the rules of the form; nil where nothing is.
	check func(*Context, initiativeDesk, advisory.Answers, form.Errors) form.Errors
}

// initiativeWords are keys of texts/ui.
type initiativeWords struct {
	offer       string // the link to the page; "" where something else leads there
	offerBehalf string // the same, for who enters it for the municipality
	title       string // "": that of the form
	submit      string // "": that of the form
	onBehalf    string // notice for who enters it for the municipality
	keep        string // the way back
	done        string // the success alert
	refused     string // group of the explanations of a refusal by its reason; what is missing is in public.refusals
}

// initiativeDesk is an initiative as the person behind the request has it before them.
type initiativeDesk struct {
	store.Consultation
	Relation  store.Relation
	Programme advisory.Programme
	OnBehalf  bool
	Choice    advisory.Choice // what it means for the engine beside its kind
	Form      *texts.Form
	Context   form.Context
	Known     advisory.Answers // what the form begins with
	Title     string
	Text      []string // paragraphs
	Panels    []taskPanel
	Done      string // the success alert, a key of texts/ui
}

// initiatives are all of them, in the order in which a page offers them.
var initiatives = []initiative{
	proposeGoal, enterGoal, askForRest, beginRest, changeRest, endRest, undoWithdrawal, withdraw, reopening,
}

func (s *Server) initiativeRoutes() []Route {
	var routes []Route
	for _, i := range initiatives {
		path := participationPath + "/:number" + i.path
		routes = append(routes,
			Route{Method: http.MethodGet, Path: path, Who: i.who, Handle: func(c *Context) error { return s.showInitiative(c, i) }},
			Route{Method: http.MethodPost, Path: path, Who: i.who, Handle: func(c *Context) error { return s.takeInitiative(c, i) }})
	}
	return routes
}

func initiativePages() []Page { return []Page{initiativePage{}, goalPage{}} }

// initiativePage says what follows and asks once more.
type initiativePage struct {
	store.Consultation
	View     form.View
	Title    string
	Text     []string
	Notice   string // in whose place somebody acts
	Panels   []taskPanel
	Requires bool
	Action   string // path
	Keep     string // words of the way back
}

// Template implements Page.
func (initiativePage) Template() string { return "initiative" }

// offerInitiatives are the links to what the person may bring about now.
func offerInitiatives(c *Context, consultation store.Consultation, relation store.Relation) []consultationAction {
	var offered []consultationAction
	for _, i := range initiatives {
		key := i.words.offer
		if i.forMunicipality && c.Person.Role.Coordinates() {
			key = i.words.offerBehalf
		}
		takesPart := c.Person.Role.Coordinates() || relation.Participates()
		if key != "" && takesPart && i.who.check(c.Person, nil) == nil && i.possible(c, consultation) {
			offered = append(offered, consultationAction{c.T(key), consultationPath(consultation.Number) + i.path})
		}
	}
	return offered
}

// initiativeDesk reads the consultation that the path names: one in which the person takes part, or any for coordinators.
func (s *Server) initiativeDesk(c *Context, i initiative) (initiativeDesk, error) {
	ctx := c.Request().Context()
	d := initiativeDesk{Form: c.plainForm(i), Context: c.FormContext(), Done: i.words.done}
	d.Title = d.Form.Title
	d.Context.NotBefore, d.Context.NotAfter = map[string]time.Time{}, map[string]time.Time{}
	var err error
	if d.Consultation, err = c.consultation(); err != nil {
		return d, err
	}
	if !c.Person.Role.Coordinates() {
		if d.Relation, err = s.participation(c, d.Consultation); err != nil {
			return d, err
		}
	}
	if d.Programme, err = s.store.ProgrammeVersion(ctx, d.ProgrammeVersion); err != nil {
		return d, err
	}
	d.Form = c.asked(d.Form, d.Programme)
	d.OnBehalf = i.forMunicipality && c.Person.Role.Coordinates()
	if i.prepare != nil {
		if err := i.prepare(c, &d); err != nil {
			return d, err
		}
	}
	if d.OnBehalf {
		return d, s.addBasis(c, &d)
	}
	return d, nil
}

// plainForm is the form of an initiative before it is prepared. It is known before anything is refused, so that a page
// can show what was typed.
func (c *Context) plainForm(i initiative) *texts.Form {
	f := texts.Form{}
	if i.form != "" {
		f = *c.Form(i.form)
	}
	if i.words.title != "" {
		f.Title = c.T(i.words.title)
	}
	if i.words.submit != "" {
		f.Submit = c.T(i.words.submit)
	}
	c.form = &f
	return &f
}

// addBasis asks a coordinator on what an entry for the municipality is based.
func (s *Server) addBasis(c *Context, d *initiativeDesk) error {
	contacts, err := s.contactOptions(c, taskDesk{Task: store.Task{ConsultationID: d.ID}})
	if err != nil {
		return err
	}
	c.Sources = form.Sources{"contacts": contacts}
	d.Form = c.withBasis(d.Form)
	d.Form.Steps[0].Intro = "" // the notice of the page says it
	d.Context.NotAfter[behalfPrefix+"on_date"] = c.Now()
	c.form = d.Form
	return nil
}

func (s *Server) showInitiative(c *Context, i initiative) error {
	d, err := s.initiativeDesk(c, i)
	if err != nil {
		return err
	}
	if !i.possible(c, d.Consultation) {
		return c.Go(consultationPath(d.Number))
	}
	return s.askForInitiative(c, i, d, http.StatusOK, d.Known, nil)
}

func (s *Server) askForInitiative(c *Context, i initiative, d initiativeDesk, status int, answers advisory.Answers, errs form.Errors) error {
	page := initiativePage{
		Consultation: d.Consultation, View: form.NewView(d.Form, answers, errs, c.Sources, d.Context), Title: d.Title, Text: d.Text,
		Panels: d.Panels, Requires: requires(d.Form), Action: consultationPath(d.Number) + i.path, Keep: c.T(i.words.keep),
	}
	if d.OnBehalf {
		page.Notice = c.T(i.words.onBehalf, "municipality", d.Municipality)
	}
	return c.Show(status, page)
}

func (s *Server) takeInitiative(c *Context, i initiative) error {
	d, err := s.initiativeDesk(c, i)
	if err != nil {
		return err
	}
	answers := form.Decode(d.Form, c.Posted(), c.Sources)
	errs := form.Validate(d.Form, answers, c.Sources, d.Context)
	if i.check != nil {
		errs = i.check(c, d, answers, errs)
	}
	if len(errs) > 0 {
		return s.askForInitiative(c, i, d, http.StatusUnprocessableEntity, answers, errs)
	}
	result, err := c.Submit(store.NewInput{
		ConsultationID: d.ID, Message: advisory.Input{Kind: i.kind, Choice: d.Choice}, Form: d.Form.Name,
		Answers: form.WithoutHidden(d.Form, answers), OnBehalf: d.OnBehalf,
	})
	if err != nil {
		return c.explainRefusal(err, d.Consultation, i.words.refused)
	}
	return c.Settled(result, consultationPath(d.Number), d.Done)
}

// explainRefusal says why the engine refused an input, in the words of a group of texts where it has some.
func (c *Context) explainRefusal(err error, consultation store.Consultation, group string) error {
	var refused *inbox.Refused
	if !errors.As(err, &refused) {
		return err
	}
	told := &Explained{Err: err, ActionLabel: c.T("errors.e409.action"), ActionPath: consultationPath(consultation.Number)}
	if key := group + "." + string(refused.Reason); c.server.texts.HasUI(c.Lang, key) {
		told.Text = c.T(key)
	}
	return told
}

// running is possible for what a consultation allows from its beginning to its end.
func running(_ *Context, consultation store.Consultation) bool { return consultation.IsRunning() }

// atStages tells whether the consultation runs and is at one of the stages.
func atStages(consultation store.Consultation, stages ...advisory.Stage) bool {
	return consultation.IsRunning() && slices.Contains(stages, consultation.Stage)
}
