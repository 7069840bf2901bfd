package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

const (
	optionForm   = "option"
	optionPrefix = "options."
	maxOptions   = 20
)

// splitOptions takes the answers of all options (options.N.FIELD) apart: the answers of the form "option", one each.
func splitOptions(all advisory.Answers) []advisory.Answers {
	return store.OptionVersion{Answers: all}.Options()
}

// joinOptions is the reverse of splitOptions.
func joinOptions(options []advisory.Answers) advisory.Answers {
	all := advisory.Answers{}
	for i, option := range options {
		for field, values := range option {
			all[fmt.Sprintf("%s%d.%s", optionPrefix, i+1, field)] = values
		}
	}
	return all
}

// taskOptionsPage lists the options that are being drafted.
type taskOptionsPage struct {
	taskHead
	Before, After []taskPanel
	Options       []draftedOption
	AddURL        string // "" where there are as many as there may be
	Errors        []optionError
	ErrorTitle    string
	SavedAt       time.Time
}

// Template implements Page.
func (taskOptionsPage) Template() string { return "task_options" }

type draftedOption struct {
	ID, Title, Unit string
	URL, RemoveURL  string
	Complete        bool
	Change, Remove  string // names of the links for screen readers
	missing         int
	number          int
}

type optionError struct{ URL, Text string }

func optionPath(taskID string, n int) string {
	return taskPath(taskID) + "/optionen/" + strconv.Itoa(n)
}

// draftDesk is the task whose options are being drafted by the person behind the request.
func (s *Server) draftDesk(c *Context) (taskDesk, error) {
	d, err := s.taskDesk(c)
	switch {
	case err != nil:
		return d, err
	case d.Kind != advisory.DraftOptions:
		return d, advisory.Errorf(advisory.NotFound, "task %s drafts no options", d.ID)
	case !d.May:
		return d, advisory.Errorf(advisory.Forbidden, "task %s is not this person's to settle", d.ID)
	}
	c.Form(optionForm)
	if !d.IsOpen() {
		return d, closedTask(c, d, nil)
	}
	return d, nil
}

// drafted reads the options so far: what was saved, else the version that somebody wanted changed.
func (s *Server) drafted(c *Context, d taskDesk) ([]advisory.Answers, time.Time, error) {
	answers, savedAt, err := s.prefilled(c, d)
	return splitOptions(answers), savedAt, err
}

func (s *Server) saveOptions(ctx context.Context, d taskDesk, options []advisory.Answers) error {
	return s.store.SaveTaskDraft(ctx, d.ID, d.Actor.ID, joinOptions(options), s.texts.FormVersion())
}

// showOptions shows the drafted options with links to write, change and remove them.
func (s *Server) showOptions(c *Context, d taskDesk) error {
	options, savedAt, err := s.drafted(c, d)
	if err != nil {
		return err
	}
	return s.showOptionList(c, d, options, savedAt, nil)
}

func (s *Server) showOptionList(c *Context, d taskDesk, options []advisory.Answers, savedAt time.Time, errs []optionError) error {
	page := taskOptionsPage{SavedAt: savedAt, Errors: errs}
	var err error
	if page.taskHead, err = s.taskHead(c, d); err != nil {
		return err
	}
	if page.Before, page.After, err = s.taskPanels(c, d, ""); err != nil {
		return err
	}
	page.Options = s.draftedOptions(c, d, options)
	if len(options) < maxOptions {
		page.AddURL = optionPath(d.ID, len(options)+1)
	}
	if len(errs) == 0 {
		return c.Show(http.StatusOK, page)
	}
	page.ErrorTitle = s.texts.FormCount(c.Lang, "errors.summary", len(errs))
	return c.Show(http.StatusUnprocessableEntity, page)
}

func (s *Server) draftedOptions(c *Context, d taskDesk, options []advisory.Answers) []draftedOption {
	f := c.Form(optionForm)
	drafted := make([]draftedOption, 0, len(options))
	for i, answers := range options {
		n := i + 1
		name := s.texts.FormText(c.Lang, "common.repeat_options", "n", n)
		option := draftedOption{
			ID: "option-" + strconv.Itoa(n), Title: answers.Get("title"), Unit: answers.Get("responsible_unit"), number: n,
			URL: optionPath(d.ID, n), RemoveURL: optionPath(d.ID, n) + "/entfernen",
			missing: len(form.Validate(f, answers, nil, c.taskFormContext(d))),
			Change:  s.texts.FormText(c.Lang, "common.change") + ": " + name,
			Remove:  s.texts.FormText(c.Lang, "common.remove") + ": " + name,
		}
		if option.Title == "" {
			option.Title = name
		}
		option.Complete = option.missing == 0
		drafted = append(drafted, option)
	}
	return drafted
}

// shareOptions gives the drafted options to everybody, once there is one and all are complete.
func (s *Server) shareOptions(c *Context, d taskDesk) error {
	options, savedAt, err := s.drafted(c, d)
	if err != nil {
		return err
	}
	var errs []optionError
	if len(options) == 0 {
		errs = append(errs, optionError{URL: optionPath(d.ID, 1), Text: c.T("empty.options")})
	}
	for _, option := range s.draftedOptions(c, d, options) {
		if !option.Complete {
			errs = append(errs, optionError{URL: option.URL, Text: s.texts.Count(c.Lang, "task_pages.option_incomplete", option.missing, "title", option.Title)})
		}
	}
	if len(errs) > 0 {
		return s.showOptionList(c, d, options, savedAt, errs)
	}
	return s.settle(c, d, c.Form(optionForm), advisory.Input{Choice: advisory.Share}, joinOptions(options))
}

// taskOptionPage is the form of one option.
type taskOptionPage struct {
	taskHead
	Form   form.View
	Action string
}

// Template implements Page.
func (taskOptionPage) Template() string { return "task_option" }

// optionOf reads the options and which of them the path names: one of those that exist, or the next one.
func (s *Server) optionOf(c *Context, d taskDesk) (options []advisory.Answers, n int, err error) {
	if options, _, err = s.drafted(c, d); err != nil {
		return nil, 0, err
	}
	n, err = strconv.Atoi(c.Param("n"))
	if err != nil || n < 1 || n > len(options)+1 || n > maxOptions {
		return nil, 0, advisory.Errorf(advisory.NotFound, "no option %q", c.Param("n"))
	}
	return options, n, nil
}

// showOption shows the form of an option; the number after the last one writes a new one.
func (s *Server) showOption(c *Context) error {
	d, err := s.draftDesk(c)
	if err != nil {
		return err
	}
	options, n, err := s.optionOf(c, d)
	if err != nil {
		return err
	}
	var answers advisory.Answers
	if n <= len(options) {
		answers = options[n-1]
	}
	return s.showOptionForm(c, d, n, http.StatusOK, answers, nil)
}

func (s *Server) showOptionForm(c *Context, d taskDesk, n, status int, answers advisory.Answers, errs form.Errors) error {
	head, err := s.taskHead(c, d)
	if err != nil {
		return err
	}
	f := c.Form(optionForm)
	head.Title = s.texts.FormText(c.Lang, "common.repeat_options", "n", n)
	head.Lead, head.BackURL, head.BackLabel = f.Intro, taskPath(d.ID), c.T("task_pages.back_to_options")
	return c.Show(status, taskOptionPage{
		taskHead: head, Action: optionPath(d.ID, n),
		Form: form.NewView(f, answers, errs, nil, c.taskFormContext(d)),
	})
}

// saveOption keeps an option with the others. A draft of it may be incomplete.
func (s *Server) saveOption(c *Context) error {
	d, err := s.draftDesk(c)
	if err != nil {
		return err
	}
	options, n, err := s.optionOf(c, d)
	if err != nil {
		return err
	}
	f := c.Form(optionForm)
	answers := form.Decode(f, c.Posted(), nil)
	fc := c.taskFormContext(d)
	fc.Draft = c.Posted().Get(actionField) == saveAction
	if errs := form.Validate(f, answers, nil, fc); len(errs) > 0 {
		return s.showOptionForm(c, d, n, http.StatusUnprocessableEntity, answers, errs)
	}
	answers = form.WithoutHidden(f, answers)
	switch {
	case len(answers) == 0:
		return c.Go(taskPath(d.ID))
	case n > len(options):
		options = append(options, answers)
	default:
		options[n-1] = answers
	}
	if err := s.saveOptions(c.Request().Context(), d, options); err != nil {
		return err
	}
	return c.Done(taskPath(d.ID), "messages.saved")
}

// taskOptionRemovalPage asks before an option is removed.
type taskOptionRemovalPage struct {
	taskHead
	Option draftedOption
}

// Template implements Page.
func (taskOptionRemovalPage) Template() string { return "task_option_removal" }

func (s *Server) askToRemoveOption(c *Context) error {
	d, options, n, err := s.existingOption(c)
	if err != nil {
		return err
	}
	head, err := s.taskHead(c, d)
	if err != nil {
		return err
	}
	head.Title, head.Lead = c.T("confirmations.remove_option_title"), c.T("task_pages.remove_option_text")
	head.BackURL, head.BackLabel = taskPath(d.ID), c.T("task_pages.back_to_options")
	return c.Show(http.StatusOK, taskOptionRemovalPage{taskHead: head, Option: s.draftedOptions(c, d, options)[n-1]})
}

func (s *Server) removeOption(c *Context) error {
	d, options, n, err := s.existingOption(c)
	if err != nil {
		return err
	}
	options = append(options[:n-1:n-1], options[n:]...)
	if err := s.saveOptions(c.Request().Context(), d, options); err != nil {
		return err
	}
	return c.Done(taskPath(d.ID), "messages.deleted")
}

func (s *Server) existingOption(c *Context) (taskDesk, []advisory.Answers, int, error) {
	d, err := s.draftDesk(c)
	if err != nil {
		return d, nil, 0, err
	}
	options, n, err := s.optionOf(c, d)
	if err == nil && n > len(options) {
		err = advisory.Errorf(advisory.NotFound, "no option %d", n)
	}
	return d, options, n, err
}
