package inbox_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
	"miglobe/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// engine answers every Update with one error.
type engine struct {
	client.Client
	answer error
}

func (e *engine) UpdateWorkflow(context.Context, client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	return nil, e.answer
}

var (
	errAway    = errors.New("engine away")
	errRefused = temporal.NewNonRetryableApplicationError("input refused", advisory.RefusedInput, nil, advisory.TaskIsSettled)
)

func TestOnlyWhoWasToldThatItIsSavedGetsAMailAboutARefusal(t *testing.T) {
	for name, test := range map[string]struct {
		first error // what the engine answers to the page
		mails int
	}{
		"the page itself says it": {errRefused, 0},
		"the relay hears of it":   {errAway, 1},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, st := t.Context(), storetest.Open(t)
			if err := st.EnsureProgramme(ctx, advisory.DefaultProgramme()); err != nil {
				t.Fatal(err)
			}
			person, err := st.SavePerson(ctx, store.Person{Email: "toni@demo.example", Role: advisory.Municipality, FirstName: "Toni", LastName: "Muster", Active: true})
			if err != nil {
				t.Fatal(err)
			}
			consultation, now := uuid.NewString(), time.Now()
			if _, err := st.DB().Exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version,
				stage, stage_since, sent_at, updated_at, step) VALUES ($1, 'MG-2026-0001', 'Musterhausen', 'NW', 'Vereine', 1, '{}', 1, 'dialogue', $2, $2, $2, 3)`,
				consultation, now); err != nil {
				t.Fatal(err)
			}
			e := &engine{answer: test.first}
			box := inbox.New(st, e, slog.New(slog.DiscardHandler), nil)
			_, err = box.Submit(ctx, store.NewInput{ConsultationID: consultation, Form: "withdraw", EnteredAt: now,
				Message: advisory.Input{ID: uuid.NewString(), Kind: advisory.Withdraw, Actor: person}})
			if conflict := advisory.CodeOf(err) == advisory.Conflict; conflict != errors.Is(test.first, errRefused) {
				t.Fatalf("the page gets %v", err)
			}
			e.answer = errRefused
			for range 2 {
				if _, err := st.DB().Exec(`UPDATE inputs SET next_delivery = now()`); err != nil {
					t.Fatal(err)
				}
				box.RelayOnce(ctx)
			}
			var state string
			var mails int
			if err := st.DB().QueryRow(`SELECT state, (SELECT count(*) FROM mails WHERE template = 'input_not_adopted') FROM inputs`).Scan(&state, &mails); err != nil {
				t.Fatal(err)
			}
			if state != "refused" || mails != test.mails {
				t.Errorf("input is %s, %d mails, want %d", state, mails, test.mails)
			}
		})
	}
}
