package server

import (
	"context"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
	"miglobe/telemetry"
)

// Inbox takes what people say to the engine. *inbox.Inbox is the real one.
type Inbox interface {
	// Submit journals an input and delivers it. Code conflict where the state does not allow it any more.
	Submit(ctx context.Context, input store.NewInput) (Result, error)
	// Start starts the workflow of a consultation that store.SendRequest wrote.
	Start(ctx context.Context, consultationID string) (Result, error)
}

// Result is what the inbox answers.
type Result = inbox.Result

// Submit says something to the engine in the name of the person behind the request: it completes the input and gives it to
// the inbox. The caller gives consultation, message, form and answers.
func (c *Context) Submit(input store.NewInput) (Result, error) {
	input, err := c.complete(input)
	if err != nil {
		return Result{}, err
	}
	c.SetRequest(c.Request().WithContext(telemetry.About(c.Request().Context(),
		telemetry.InputID, input.Message.ID, telemetry.ConsultationID, input.ConsultationID)))
	return c.server.inbox.Submit(c.Request().Context(), input)
}

// complete gives an input an id, the actor, in whose place the actor speaks, the version of the form and the time.
func (c *Context) complete(input store.NewInput) (store.NewInput, error) {
	actor := c.Actor()
	if actor == nil {
		return input, advisory.Errorf(advisory.Unauthorized, "an input needs a person")
	}
	input.Message.ID = uuid.Must(uuid.NewV7()).String()
	input.Message.Actor = actor.ID
	input.FormVersion = c.server.texts.FormVersion()
	input.EnteredAt = c.Now()
	var err error
	input.DeputyFor, err = c.server.speaksFor(c.Request().Context(), input)
	return input, err
}
