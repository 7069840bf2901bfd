package robot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Answer is what the pages said to something that was sent.
type Answer struct {
	Status   int
	Location string // where it goes on; "" where a page was shown
	Body     []byte
}

// Told is what a person knows after sending something.
type Told string

// What a person can have been told.
const (
	Applied   Told = "applied"   // it counts
	Waiting   Told = "waiting"   // it is saved and will be processed
	Refused   Told = "refused"   // somebody was faster, or it is not possible any more
	Corrected Told = "corrected" // something is missing or wrong in what was typed
	NotSaved  Told = "not_saved" // it did not work and can be tried again
)

// Told reads the answer to a form.
func (a Answer) Told() Told {
	switch {
	case a.Status == http.StatusSeeOther:
		return Applied
	case a.Status == http.StatusAccepted:
		return Waiting
	case a.Status == http.StatusConflict, a.Status == http.StatusNotFound, a.Status == http.StatusForbidden:
		return Refused
	case a.Status == http.StatusOK, a.Status == http.StatusUnprocessableEntity, a.Status == http.StatusBadRequest:
		return Corrected
	}
	return NotSaved
}

var (
	// ErrNoForm says that the page does not offer the person what was to be sent.
	ErrNoForm = errors.New("robot: the page has no such form")
	// ErrSettled says that somebody was faster.
	ErrSettled = errors.New("robot: it is settled already")
)

// PrepareTask opens the page of a task and fills in the form of the wished choice, or of the first where there is no wish.
func (v *Visitor) PrepareTask(ctx context.Context, taskID string, w Writer) (*Form, error) {
	address := v.resolve(taskArea + taskID)
	if w.Choice != "" {
		address.RawQuery = url.Values{choiceQuery: {w.Choice}}.Encode()
	}
	shown, err := v.openTask(ctx, address)
	if err != nil {
		return nil, err
	}
	if len(all(shown.root, `a[href="`+address.Path+`/optionen/1"]`)) == 1 && len(all(shown.root, ".mg-row--claim")) == 0 {
		if err := v.writeOption(ctx, address.Path+"/optionen/1", w); err != nil {
			return nil, err
		}
	}
	f, ok := shown.form(address.Path, w.Choice)
	if links := shown.choices(); !ok && len(links) > 0 {
		if shown, err = v.openTask(ctx, v.resolve(links[0])); err != nil {
			return nil, err
		}
		f, ok = shown.form(address.Path, "")
	}
	if !ok {
		return nil, fmt.Errorf("%w: %s (%s)", ErrNoForm, address.Path, shown.heading())
	}
	f.fill(w)
	f.pressAnyChoice()
	return f, nil
}

func (v *Visitor) openTask(ctx context.Context, address *url.URL) (page, error) {
	shown, answer, err := v.open(ctx, address)
	if err == nil && answer.Status == http.StatusConflict {
		err = ErrSettled
	} else if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("%w: %s answers %d (%s)", ErrNoForm, address.Path, answer.Status, shown.heading())
	}
	return shown, err
}

// writeOption writes one option for action, so that there is something to share.
func (v *Visitor) writeOption(ctx context.Context, path string, w Writer) error {
	shown, _, err := v.open(ctx, v.resolve(path))
	if err != nil {
		return err
	}
	f, ok := shown.form(path, "")
	if !ok {
		return fmt.Errorf("%w: %s (%s)", ErrNoForm, path, shown.heading())
	}
	f.fill(w)
	answer, err := v.Send(ctx, f)
	if err == nil && answer.Told() != Applied {
		err = fmt.Errorf("robot: %s: %s", path, v.Explain(answer))
	}
	return err
}

// PrepareInitiative opens a page of a consultation on which a person brings something about unasked, such as
// "/zurueckziehen", and fills in its form.
func (v *Visitor) PrepareInitiative(ctx context.Context, number, page string, w Writer) (*Form, error) {
	path := "/beratungen/" + number + page
	shown, err := v.openTask(ctx, v.resolve(path))
	if err != nil {
		return nil, err
	}
	f, ok := shown.form(path, "")
	if !ok {
		return nil, fmt.Errorf("%w: %s (%s)", ErrNoForm, path, shown.heading())
	}
	f.fill(w)
	return f, nil
}

// Send sends a form. A page that asks whether a date is meant all the same is told yes. An error says that there was no
// answer: the person does not know whether it was saved.
func (v *Visitor) Send(ctx context.Context, f *Form) (Answer, error) {
	answer, err := v.post(ctx, f.Action, f.Values)
	if err != nil || answer.Status != http.StatusOK {
		return answer, err
	}
	asked, err := parsePage(answer.Body, f.Action)
	if err != nil {
		return answer, nil
	}
	again, ok := asked.form(f.Action.Path, "")
	if !ok {
		return answer, nil
	}
	for _, b := range again.buttons {
		if b.name != "" && b.name != choiceField && b.name != "action" {
			f.Values.Set(b.name, b.value)
			return v.post(ctx, f.Action, f.Values)
		}
	}
	return answer, nil
}

// Explain says in words what an answer was, for reports of what went wrong.
func (v *Visitor) Explain(a Answer) string {
	shown, err := parsePage(a.Body, v.site)
	if err != nil {
		return fmt.Sprintf("%d", a.Status)
	}
	return fmt.Sprintf("%d %s: %s", a.Status, shown.heading(), strings.Join(shown.errors(), " | "))
}
