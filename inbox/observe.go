package inbox

import (
	"context"
	"time"

	"miglobe/advisory"
	"miglobe/telemetry"
)

// observe begins to measure and to trace what a person waits for; the returned function ends it with the answer.
func (i *Inbox) observe(ctx context.Context, name, kind string) (context.Context, func(Result, error)) {
	began := time.Now()
	ctx, end := i.watch.Span(ctx, name, "miglobe.input.kind", kind)
	return ctx, func(result Result, err error) {
		answer := answerOf(result, err)
		i.watch.Input(answer, time.Since(began))
		end(answer == telemetry.Failed, "miglobe.input.result", string(answer))
	}
}

func answerOf(result Result, err error) telemetry.Answer {
	switch {
	case advisory.CodeOf(err) == advisory.Conflict:
		return telemetry.Refused
	case err != nil:
		return telemetry.Failed
	case result.Applied:
		return telemetry.Applied
	}
	return telemetry.Waiting
}
