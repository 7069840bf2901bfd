package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// WriteStep writes a step of a workflow in one transaction: inputs applied, tasks closed and opened, stage, history,
// mails. Writing a step twice changes nothing and returns the same dates. Code conflict with a *Forgotten where another step
// has its number. The clock gives the business time at which it
// happens; the dates of the result are real time.
func (s *Store) WriteStep(ctx context.Context, clock advisory.Clock, step advisory.Step) (advisory.StepResult, error) {
	var result advisory.StepResult
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		w, err := s.beginStep(ctx, tx, clock, step)
		if err != nil {
			return err
		}
		written, err := w.written()
		if err != nil || written {
			result = w.result
			return err
		}
		for i, entry := range step.Entries {
			w.position = i
			if err := w.write(entry); err != nil {
				return fmt.Errorf("step %d, entry %d: %w", step.Number, i, err)
			}
		}
		result = w.result
		if err := w.finish(); err != nil || !w.changesWords() {
			return err
		}
		return refreshSearch(ctx, tx, step.ConsultationID)
	})
	return result, err
}

// stepWriter writes the entries of one step.
type stepWriter struct {
	ctx          context.Context
	store        *Store
	tx           *sqlx.Tx
	clock        advisory.Clock
	now          time.Time // business time
	step         advisory.Step
	position     int // of the entry that is being written
	consultation stepConsultation
	programme    advisory.Programme
	calendar     advisory.Calendar
	actor        string // who settled a task in this step
	lead         string // who was asked to lead in this step
	applied      map[string]input
	said         bool // a task was settled by words that are searched
	result       advisory.StepResult
}

type stepConsultation struct {
	Land             advisory.Land  `db:"land"`
	Language         string         `db:"language"`
	ProgrammeVersion int            `db:"programme_version"`
	CoordinatorID    sql.NullString `db:"coordinator_id"`
	RestingSince     *time.Time     `db:"resting_since"`
}

// beginStep locks the consultation, so that its steps are written one after the other.
func (s *Store) beginStep(ctx context.Context, tx *sqlx.Tx, clock advisory.Clock, step advisory.Step) (*stepWriter, error) {
	w := &stepWriter{ctx: ctx, store: s, tx: tx, clock: clock, now: clock.Now(), step: step}
	err := tx.GetContext(ctx, &w.consultation, `
		SELECT land, language, programme_version, coordinator_id, resting_since FROM consultations WHERE id = $1 FOR UPDATE`,
		step.ConsultationID)
	if err != nil {
		return nil, err
	}
	if w.programme, err = s.programmeVersion(ctx, tx, w.consultation.ProgrammeVersion); err != nil {
		return nil, err
	}
	w.calendar = advisory.NewCalendar(w.consultation.Land, w.programme.Closures...)
	w.applied = map[string]input{}
	w.result.Schedules = map[string]advisory.Schedule{}
	w.result.Appointments = map[int]advisory.Appointment{}
	if step.Number == 1 {
		w.result.Rules = &advisory.Rules{SlotRounds: w.programme.SlotRounds, MissedSessions: w.programme.MissedSessions}
	}
	return w, nil
}

func (w *stepWriter) exec(query string, args ...any) error {
	_, err := w.tx.ExecContext(w.ctx, query, args...)
	return err
}

// written reads the result of a step that was written before.
func (w *stepWriter) written() (bool, error) {
	var row struct {
		Result []byte         `db:"result"`
		Digest []byte         `db:"digest"`
		Inputs pq.StringArray `db:"inputs"`
	}
	err := w.tx.GetContext(w.ctx, &row, `SELECT result, digest, inputs FROM steps WHERE consultation_id = $1 AND number = $2`,
		w.step.ConsultationID, w.step.Number)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		err = w.isThis(row.Digest, row.Inputs)
	}
	if err != nil {
		return false, err
	}
	w.result = advisory.StepResult{}
	return true, json.Unmarshal(row.Result, &w.result)
}

func (w *stepWriter) finish() error {
	result, err := json.Marshal(w.result)
	if err != nil {
		return err
	}
	sum, err := digest(w.step)
	if err != nil {
		return err
	}
	return w.exec(`
		WITH written AS (INSERT INTO steps (consultation_id, number, result, digest, inputs) VALUES ($1, $2, $3, $5, $6))
		UPDATE consultations SET step = $2, updated_at = $4 WHERE id = $1`,
		w.step.ConsultationID, w.step.Number, result, w.now, sum, pq.Array(inputsOf(w.step)))
}

// changesWords tells whether a step may change what its consultation is found by: what is said in it, and who is in it. Most
// decisions do not, and a person waits for each.
func (w *stepWriter) changesWords() bool {
	return w.said || w.step.Number == 1 || slices.ContainsFunc(w.step.Entries, func(entry advisory.Entry) bool {
		unasked := entry.Input != "" && entry.Task == "" && entry.Close == "" && entry.Adopt == nil
		return unasked || entry.Coordinator != "" || entry.Team != nil
	})
}

// sayMore are the tasks that are settled with words that are searched: goal and need, notes, options, names of contacts.
var sayMore = []advisory.TaskKind{
	advisory.RecordAssessment, advisory.ConfirmNeed, advisory.ConfirmGoalChange, advisory.CheckAddress, advisory.WriteNote,
	advisory.DraftOptions,
}

// write writes one entry. A step that both moves a thing and tells of it does it in the order of the entry's groups.
func (w *stepWriter) write(entry advisory.Entry) error {
	parts := []struct {
		name  string // in the cause of a failure
		set   bool
		write func(advisory.Entry) error
	}{
		{"close_task", entry.Close != "", w.closeTask},
		{"open_task", entry.Open != nil, w.openTask},
		{"stage", entry.Stage != "", w.enterStage},
		{"end", entry.Outcome != "" || entry.Ended, w.endConsultation},
		{"coordinator", entry.Coordinator != "", w.assignCoordinator},
		{"team", entry.Team != nil, w.assignTeam},
		{"rest", entry.Rest != nil, w.rest},
		{"undo", entry.Undone, w.undo},
		{"adopt", entry.Adopt != nil, w.adopt},
		{"quiet", entry.Quiet, w.planQuiet},
		{"uninvite", entry.Uninvite != "", w.uninvite},
		{"session", entry.Session != nil && entry.Session.State != "", w.moveSession},
		{"hand_over", entry.HandOver != "", w.handOver},
		{"escalate", entry.Escalate > 0, w.escalate},
		{"remind", entry.Remind > 0, w.remind},
		{"history", entry.History != "", w.tell},
		{"mail", entry.Mail != "", w.mail},
	}
	for _, part := range parts {
		if part.set {
			if err := part.write(entry); err != nil {
				return &partError{part: part.name, err: err}
			}
		}
	}
	return nil
}
