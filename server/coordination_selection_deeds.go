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

// doWithAll does the deed with each task by itself: what goes wrong with one says nothing about the others.
func (s *Server) doWithAll(c *Context, chosen selection, f *texts.Form, answers advisory.Answers) (selectionResult, error) {
	result := selectionResult{Deed: chosen.Deed, Unknown: chosen.Unknown, Back: chosen.Back}
	var tasks []store.Task
	for _, task := range chosen.Tasks {
		reason := c.whyNot(chosen.Deed, task)
		if reason == "" && chosen.Deed == handOverDeed {
			to := answers.Get(personField)
			reason = c.whyNotGiven(task, to, labelIn(c.Sources["coordinators"])(to))
		}
		if reason != "" {
			result.leave(c, task, reason)
			continue
		}
		tasks = append(tasks, task)
	}
	var applied []bool
	var errs []error
	var err error
	switch chosen.Deed {
	case claimDeed, handOverDeed:
		applied, errs, err = s.submitEach(c, chosen.Deed, tasks, f, answers)
	default:
		applied, errs, err = s.moveEach(c, chosen.Deed, tasks, answers)
	}
	for i, task := range tasks {
		switch {
		case err != nil:
		case errs[i] != nil:
			result.leave(c, task, s.whyFailed(c, task, errs[i]))
		case applied[i]:
			result.Done++
		default:
			result.Waiting++
		}
	}
	return result, err
}

func (r *selectionResult) leave(c *Context, task store.Task, reason string) {
	r.Left = append(r.Left, resultLine{
		URL: taskPath(task.ID), Title: c.T("tasks." + string(task.Kind) + ".title"), Municipality: task.Municipality,
		Number: task.Number, Reason: reason,
	})
}

// submitEach says it to the engine, an input for each task, so that each has exactly one effect.
func (s *Server) submitEach(c *Context, d deed, tasks []store.Task, f *texts.Form, answers advisory.Answers) ([]bool, []error, error) {
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
			return nil, nil, err
		}
	}
	applied, errs := make([]bool, len(tasks)), make([]error, len(tasks))
	var group errgroup.Group
	group.SetLimit(submittedAtOnce)
	// What is begun is done with all: somebody who leaves the page has asked for all of it.
	ctx := context.WithoutCancel(c.Request().Context())
	for i, input := range inputs {
		group.Go(func() error {
			result, err := s.inbox.Submit(ctx, input)
			applied[i], errs[i] = result.Applied, err
			return nil
		})
	}
	return applied, errs, group.Wait()
}

// moveEach does what the engine does not hear of.
func (s *Server) moveEach(c *Context, d deed, tasks []store.Task, answers advisory.Answers) ([]bool, []error, error) {
	ctx := context.WithoutCancel(c.Request().Context())
	applied, errs := make([]bool, len(tasks)), make([]error, len(tasks))
	var day time.Time
	if d == bringForwardDeed {
		var err error
		if day, err = time.ParseInLocation(time.DateOnly, answers.Get("date"), advisory.Berlin); err != nil {
			return nil, nil, advisory.Errorf(advisory.Invalid, "bring-forward date: %w", err)
		}
	}
	for i, task := range tasks {
		if d == bringForwardDeed {
			errs[i] = s.store.BringForward(ctx, task.ID, c.Person.ID, day, answers.Get("note"))
		} else {
			errs[i] = s.store.RemindNow(ctx, s.clock, task.ID, c.Person.ID)
		}
		applied[i] = errs[i] == nil
	}
	return applied, errs, nil
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
