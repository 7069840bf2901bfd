package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// Forgotten says that another step stands in the database under the number of the one to be written: the engine was killed
// after it was written and before the engine had noted it. Inputs are what it answered, in their order; none where time alone
// brought it about.
type Forgotten struct {
	Inputs []advisory.Input
	Until  int // the latest step that is written and follows without anybody saying more
}

func (f *Forgotten) Error() string {
	return fmt.Sprintf("another step is written under this number, of %d inputs", len(f.Inputs))
}

// digest tells a step from another one of the same number.
func digest(step advisory.Step) ([]byte, error) {
	entries, err := json.Marshal(step.Entries)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(entries)
	return sum[:], nil
}

// isThis tells whether what is written under the number is the step: then writing it again changes nothing.
func (w *stepWriter) isThis(written []byte, inputs []string) error {
	own, err := digest(w.step)
	if err != nil || len(written) == 0 || bytes.Equal(written, own) {
		return err
	}
	forgotten := &Forgotten{}
	if err := w.tx.GetContext(w.ctx, &forgotten.Until, `
		SELECT coalesce((SELECT min(number) - 1 FROM steps WHERE consultation_id = c.id AND number > $2 AND inputs <> '{}'), c.step)
		FROM consultations c WHERE c.id = $1`, w.step.ConsultationID, w.step.Number); err != nil {
		return err
	}
	for _, id := range inputs {
		var message json.RawMessage
		if err := w.tx.GetContext(w.ctx, &message, `SELECT message FROM inputs WHERE id = $1`, id); err != nil {
			return err
		}
		in, err := Delivery{ID: id, Message: message}.Input()
		if err != nil {
			return err
		}
		forgotten.Inputs = append(forgotten.Inputs, in)
	}
	return advisory.Errorf(advisory.Conflict, "step %d: %w", w.step.Number, forgotten)
}

// inputsOf are the inputs whose effects a step holds, each once.
func inputsOf(step advisory.Step) []string {
	inputs := []string{}
	for _, entry := range step.Entries {
		if entry.Input != "" && (len(inputs) == 0 || inputs[len(inputs)-1] != entry.Input) {
			inputs = append(inputs, entry.Input)
		}
	}
	return inputs
}

// ConfirmInputs notes that the engine knows inputs: they are not delivered again. Nobody waits for the disk: an input that is
// delivered once more has no second effect.
func (s *Store) ConfirmInputs(ctx context.Context, ids []string) error {
	_, err := s.db.ExecContext(ctx, `
		WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true))
		UPDATE inputs SET confirmed = true FROM unhurried WHERE id = ANY($1::uuid[]) AND NOT confirmed`, pq.Array(ids))
	return problem(err)
}

// TaskIsOpen tells whether a task is open as far as the database knows.
func (s *Store) TaskIsOpen(ctx context.Context, id string) (open bool, err error) {
	err = s.db.GetContext(ctx, &open, `SELECT EXISTS (SELECT FROM tasks WHERE id = $1 AND state = 'open')`, id)
	return open, problem(err)
}
