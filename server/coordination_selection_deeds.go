package server

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// submittedAtOnce bounds how many inputs of one selection wait for the engine side by side, so that a page of tasks is
// answered in time where the engine is away.
const submittedAtOnce = 8

const resultEntry = "selection"

// selectionResult is what came of a selection.
type selectionResult struct {
	Deed    deed         `json:"deed"`
	Done    int          `json:"done"`
	Waiting int          `json:"waiting"` // saved, and not yet processed
	Left    []resultLine `json:"left"`
	Unknown int          `json:"unknown"`
	Back    string       `json:"back"`
}

// resultLine is a task with which it was not done, and why.
type resultLine struct {
	URL, Title, Municipality, Number, Reason string
}

// attempt is what came of one task.
type attempt struct {
	applied bool // otherwise it is saved, where there is no error
	err     error
}

// doWithAll does the deed with each task by itself: what goes wrong with one says nothing about the others.
func (s *Server) doWithAll(c *Context, chosen selection, f *texts.Form, answers advisory.Answers) (selectionResult, error) {
	result := selectionResult{Deed: chosen.Deed, Unknown: chosen.Unknown, Back: chosen.Back}
	tasks := result.sift(c, chosen, answers)
	do := s.moveEach
	if chosen.Deed == claimDeed || chosen.Deed == handOverDeed {
		do = s.submitEach
	}
	attempts, err := do(c, chosen.Deed, tasks, f, answers)
	for i, tried := range attempts {
		switch {
		case tried.err != nil:
			result.leave(c, tasks[i], s.whyFailed(c, tasks[i], tried.err))
		case tried.applied:
			result.Done++
		default:
			result.Waiting++
		}
	}
	return result, err
}

// sift keeps the tasks with which it can be tried, and notes why not with the others.
func (r *selectionResult) sift(c *Context, chosen selection, answers advisory.Answers) (tasks []store.Task) {
	to := answers.Get(personField)
	for _, task := range chosen.Tasks {
		reason := c.whyNot(chosen.Deed, task)
		if reason == "" && chosen.Deed == handOverDeed {
			reason = c.whyNotGiven(task, to, labelIn(c.Sources["coordinators"])(to))
		}
		if reason != "" {
			r.leave(c, task, reason)
			continue
		}
		tasks = append(tasks, task)
	}
	return tasks
}

func (r *selectionResult) leave(c *Context, task store.Task, reason string) {
	r.Left = append(r.Left, resultLine{
		URL: taskPath(task.ID), Title: c.T("tasks." + string(task.Kind) + ".title"), Municipality: task.Municipality,
		Number: task.Number, Reason: reason,
	})
}

// submitEach says it to the engine, an input for each task, so that each has exactly one effect.
func (s *Server) submitEach(c *Context, d deed, tasks []store.Task, f *texts.Form, answers advisory.Answers) ([]attempt, error) {
	inputs := make([]store.NewInput, len(tasks))
	for i, task := range tasks {
		input := store.NewInput{ConsultationID: task.ConsultationID, Message: advisory.Input{Kind: advisory.HandOver, Task: task.ID}}
		switch {
		case d == handOverDeed:
			input.Form, input.Answers, input.Message.To = f.Name, answers, answers.Get(personField)
		case task.Kind == advisory.ClaimRequest:
			input.Form, input.Message.Kind, input.Message.Choice = string(advisory.ClaimRequest), advisory.TaskInput, advisory.Claim
		default:
			input.Message.To, input.Message.Choice = c.Person.ID, advisory.Claim
		}
		var err error
		if inputs[i], err = c.complete(input); err != nil {
			return nil, err
		}
	}
	attempts := make([]attempt, len(tasks))
	var group errgroup.Group
	group.SetLimit(submittedAtOnce)
	// What is begun is done with all: somebody who leaves the page has asked for all of it.
	ctx := context.WithoutCancel(c.Request().Context())
	for i, input := range inputs {
		group.Go(func() error {
			result, err := s.inbox.Submit(ctx, input)
			attempts[i] = attempt{result.Applied, err}
			return nil
		})
	}
	return attempts, group.Wait()
}

// moveEach does what the engine does not hear of.
func (s *Server) moveEach(c *Context, d deed, tasks []store.Task, _ *texts.Form, answers advisory.Answers) ([]attempt, error) {
	ctx := context.WithoutCancel(c.Request().Context())
	var day time.Time
	if d == bringForwardDeed {
		var err error
		if day, err = time.ParseInLocation(time.DateOnly, answers.Get("date"), advisory.Berlin); err != nil {
			return nil, advisory.Errorf(advisory.Invalid, "bring-forward date: %w", err)
		}
	}
	attempts := make([]attempt, len(tasks))
	for i, task := range tasks {
		var err error
		if d == bringForwardDeed {
			err = s.store.BringForward(ctx, task.ID, c.Person.ID, day, answers.Get("note"))
		} else {
			err = s.store.RemindNow(ctx, s.clock, task.ID, c.Person.ID)
		}
		attempts[i] = attempt{err == nil, err}
	}
	return attempts, nil
}

// showResult sends the browser back to the list where all was done, else to the page that names what was not.
func (c *Context) showResult(result selectionResult, back string) error {
	if len(result.Left)+result.Unknown+result.Waiting == 0 {
		c.remember(messageEntry, c.server.texts.Count(c.Lang, "workbench.deeds."+string(result.Deed)+".done", result.Done))
		return c.Go(back)
	}
	kept, err := json.Marshal(result)
	if err != nil {
		return advisory.Errorf(advisory.Internal, "result of a selection: %w", err)
	}
	c.remember(resultEntry, string(kept))
	return c.Go(selectionResultPath)
}

// selectionResultPage says what was done with several tasks, and names each with which it was not.
type selectionResultPage struct {
	Result selectionResult
}

// Template implements Page.
func (selectionResultPage) Template() string { return "coordination_selection_result" }

// DoneKey is the text that says with how many it was done.
func (p selectionResultPage) DoneKey() string {
	return "workbench.deeds." + string(p.Result.Deed) + ".done"
}

func (s *Server) showSelectionResult(c *Context) error {
	var page selectionResultPage
	if err := json.Unmarshal([]byte(c.recall(resultEntry)), &page.Result); err != nil {
		return c.Go(workbenchPath) // nothing was done in this session
	}
	return c.Show(http.StatusOK, page)
}
