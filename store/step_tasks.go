package store

import (
	"encoding/json"
	"fmt"
	"time"

	"miglobe/advisory"
)

// taskRow is what a step needs to know of a task.
type taskRow struct {
	ID       string            `db:"id"`
	Kind     advisory.TaskKind `db:"kind"`
	Role     advisory.Role     `db:"owner_role"`
	OwnerID  *string           `db:"owner_id"`
	NotID    *string           `db:"not_id"`
	Session  int               `db:"session"`
	Version  int               `db:"version"`
	About    string            `db:"about"`
	OpenedAt time.Time         `db:"opened_at"`
	DueOn    time.Time         `db:"due_on"`
	Presses  []byte            `db:"presses"`
}

const taskRowColumns = `id, kind, owner_role, owner_id, not_id, session, version, about, opened_at, due_on, presses`

func (w *stepWriter) task(id string) (t taskRow, err error) {
	err = w.tx.GetContext(w.ctx, &t, `SELECT `+taskRowColumns+` FROM tasks WHERE id = $1`, id)
	if err != nil {
		return t, fmt.Errorf("task %s: %w", id, err)
	}
	return t, nil
}

// openTask opens a task with the dates that the calendar gives, and tells its owner by mail, unless the owner has just
// brought it about.
func (w *stepWriter) openTask(entry advisory.Entry) error {
	t := *entry.Open
	dates := w.programme.Dates(w.calendar, t.Kind, w.now)
	presses, err := json.Marshal(dates.Presses)
	if err != nil {
		return err
	}
	if err := w.exec(`
		INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, not_id, session, version, about,
			opened_at, due_on, presses)
		VALUES ($1, $2, $3, $4, $5, NULLIF($6, '')::uuid, NULLIF($7, '')::uuid, $8, $9, $10, $11, $12, $13)`,
		t.ID, w.step.ConsultationID, w.step.Workflow, t.Kind, t.Owner.Role, t.Owner.Person, t.Not, t.Session, t.Version,
		t.About, w.now, dates.DueOn.Format(time.DateOnly), presses); err != nil {
		return err
	}
	w.result.Schedules[t.ID] = dates.Pressing(w.clock)
	if t.Kind == advisory.AnswerInvitation {
		if err := w.invite(t); err != nil {
			return err
		}
	}
	if t.Owner.Role == advisory.Coordinator && t.Owner.Person != "" && t.Owner.Person == w.actor {
		return nil
	}
	return w.mailOwner(opened(t), "opened", "opened")
}

// opened is a task as its row says it, of what its mail needs.
func opened(t advisory.OpenTask) taskRow {
	row := taskRow{ID: t.ID, Kind: t.Kind, Role: t.Owner.Role, Session: t.Session, Version: t.Version, About: t.About}
	if t.Owner.Person != "" {
		row.OwnerID = &t.Owner.Person
	}
	if t.Not != "" {
		row.NotID = &t.Not
	}
	return row
}

// closeTask closes a task and applies the input that settled it. Mails that press for it are not needed any more.
func (w *stepWriter) closeTask(entry advisory.Entry) error {
	var t taskRow
	if err := w.tx.GetContext(w.ctx, &t, `
		WITH closed AS (
			UPDATE tasks SET state = $2, choice = $3, input_id = NULLIF($4, '')::uuid, closed_at = $5 WHERE id = $1 AND state = 'open'),
		mails AS (UPDATE mails SET state = 'not_needed' WHERE task_id = $1 AND state = 'queued'),
		drafts AS (DELETE FROM task_drafts WHERE task_id = $1)
		SELECT `+taskRowColumns+` FROM tasks WHERE id = $1`, entry.Close, entry.State, entry.Choice, entry.Input, w.now); err != nil {
		return fmt.Errorf("task %s: %w", entry.Close, err)
	}
	if entry.Input == "" {
		return w.closedUnanswered(t, entry.State)
	}
	in, err := w.apply(entry.Input)
	if err != nil {
		return err
	}
	w.actor = in.ActorID
	return w.effect(t, entry.Choice, in)
}

// apply marks an input as applied: it has had its one effect, however many entries of the step that has.
func (w *stepWriter) apply(id string) (input, error) {
	if in, ok := w.applied[id]; ok {
		return in, nil
	}
	in, err := applyInput(w.ctx, w.tx, id)
	if err == nil {
		w.applied[id] = in
	}
	return in, err
}

func (w *stepWriter) handOver(entry advisory.Entry) error {
	actor := ""
	if entry.Input != "" {
		in, err := w.apply(entry.Input)
		if err != nil {
			return err
		}
		actor = in.ActorID
	}
	if err := w.exec(`UPDATE mails SET state = 'not_needed' WHERE task_id = $1 AND state = 'queued'`, entry.Task); err != nil {
		return err
	}
	if err := w.exec(`UPDATE tasks SET owner_id = $2, shown_from = NULL, bring_forward_note = '' WHERE id = $1`,
		entry.Task, entry.HandOver); err != nil {
		return err
	}
	t, err := w.task(entry.Task)
	if err != nil || entry.HandOver == actor { // who takes a task knows it
		return err
	}
	return w.mailOwner(t, "opened", fmt.Sprintf("handed-over-%d-%d", w.step.Number, w.position))
}

func (w *stepWriter) remind(entry advisory.Entry) error {
	if err := w.exec(`UPDATE tasks SET reminders = $2 WHERE id = $1`, entry.Task, entry.Remind); err != nil {
		return err
	}
	t, err := w.task(entry.Task)
	if err != nil {
		return err
	}
	return w.mailOwner(t, "reminder", fmt.Sprintf("reminder-%d", entry.Remind))
}

func (w *stepWriter) escalate(entry advisory.Entry) error {
	if err := w.exec(`UPDATE tasks SET passed_to = $2 WHERE id = $1`, entry.Task, entry.To); err != nil {
		return err
	}
	t, err := w.task(entry.Task)
	if err != nil {
		return err
	}
	recipients, err := w.recipients(entry.To, t)
	if err != nil {
		return err
	}
	return w.order(recipients, mailOrder{
		Template: advisory.MailStaffTaskEscalated, TaskID: t.ID, Session: t.Session, Reminder: true,
	}, fmt.Sprintf("%s/escalated-%d", t.ID, entry.Escalate))
}
