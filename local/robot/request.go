package robot

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const requestArea = "/anfrage"

// FileRequest writes a request step by step, sends it and confirms the address by the link of the mail, whose path
// confirmation waits for. Then the visitor is signed in as the contact of the municipality.
func (v *Visitor) FileRequest(ctx context.Context, w Writer, confirmation func(context.Context) (string, error)) (Answer, error) {
	answer, err := v.post(ctx, v.resolve(requestArea), url.Values{})
	for err == nil && answer.Told() == Applied && !strings.HasSuffix(answer.Location, "/gesendet") {
		answer, err = v.writeStep(ctx, answer.Location, w)
	}
	if err != nil || answer.Told() != Applied {
		return answer, err
	}
	path, err := confirmation(ctx)
	if err != nil {
		return Answer{}, err
	}
	return v.post(ctx, v.resolve(path), url.Values{})
}

// writeStep fills in one step. The last one is taken only after as long as a person needs at least to write all this.
func (v *Visitor) writeStep(ctx context.Context, path string, w Writer) (Answer, error) {
	for {
		shown, answer, err := v.open(ctx, v.resolve(path))
		if err != nil {
			return answer, err
		}
		f, ok := shown.form(v.resolve(path).Path, "")
		if !ok {
			return answer, fmt.Errorf("%w: %s (%s)", ErrNoForm, path, shown.heading())
		}
		f.fill(w)
		answer, err = v.Send(ctx, f)
		if err != nil || answer.Status != http.StatusUnprocessableEntity || !strings.HasSuffix(v.resolve(path).Path, "/check") {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return answer, ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
}
