package store

import (
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// recipient is a person to whom a step sends a mail.
type recipient struct {
	ID       string `db:"id"`
	Language string `db:"language"`
}

// mail orders a mail of a step to everybody behind an address, or to some persons.
func (w *stepWriter) mail(entry advisory.Entry) error {
	recipients, err := w.recipientsOf(entry)
	if err != nil {
		return err
	}
	order := mailOrder{Template: entry.Mail, InputID: entry.Input}
	if entry.Session != nil {
		order.Session = entry.Session.Number
	}
	return w.order(recipients, order, fmt.Sprintf("step-%d-%d", w.step.Number, w.position))
}

func (w *stepWriter) recipientsOf(entry advisory.Entry) ([]recipient, error) {
	if entry.Mail == advisory.MailSessionNudge { // a reminder: nobody absent gets it
		return w.acting(`id = ANY($1::uuid[])`, pq.Array(entry.Persons))
	}
	if len(entry.Persons) > 0 {
		return w.persons(`id = ANY($1::uuid[])`, pq.Array(entry.Persons))
	}
	return w.recipients(entry.To, taskRow{})
}

// mailOwner orders a mail that presses for a task: opened or reminder. Staff have one template for all their tasks.
func (w *stepWriter) mailOwner(t taskRow, what, occasion string) error {
	recipients, err := w.owners(t, what == "reminder")
	if err != nil {
		return err
	}
	template := advisory.Template(fmt.Sprintf("%s_%s", t.Kind, what))
	switch {
	case t.Role.Coordinates() || t.ownedByStaff(w):
		template = advisory.Template("staff_task_" + what)
	case t.Kind == advisory.AnswerRestQuestion:
		template = advisory.MailRestEnding
	}
	order := mailOrder{Template: template, TaskID: t.ID, Session: t.Session, Reminder: what == "reminder"}
	return w.order(recipients, order, t.ID+"/"+occasion)
}

// ownedByStaff tells whether a task of another role has come to the coordinator, as record_outcome does where the lead
// advisor does not know.
func (t taskRow) ownedByStaff(w *stepWriter) bool {
	return t.OwnerID != nil && w.consultation.CoordinatorID.Valid && *t.OwnerID == w.consultation.CoordinatorID.String
}

// order queues one mail for each recipient. The occasion makes the same mail the same row.
func (w *stepWriter) order(recipients []recipient, order mailOrder, occasion string) error {
	order.ConsultationID = w.step.ConsultationID
	for _, to := range recipients {
		order.PersonID, order.Language = to.ID, to.Language
		order.Key = fmt.Sprintf("%s/%s/%s/%s", w.step.ConsultationID, order.Template, to.ID, occasion)
		if err := orderMail(w.ctx, w.tx, w.now, order); err != nil {
			return err
		}
	}
	return nil
}

// recipients finds the persons behind an address. A contact gets nothing before the address is confirmed.
func (w *stepWriter) recipients(to advisory.Address, t taskRow) ([]recipient, error) {
	const contacts = `id IN (SELECT person_id FROM contacts WHERE consultation_id = $1 AND confirmed_at IS NOT NULL)`
	const team = `id IN (SELECT advisor_id FROM team WHERE consultation_id = $1 AND until IS NULL)`
	consultation := w.step.ConsultationID
	switch to {
	case advisory.ToMunicipality:
		return w.persons(contacts, consultation)
	case advisory.ToAdvisors:
		return w.persons(team, consultation)
	case advisory.ToOtherAdvisors:
		return w.persons(`id IN (SELECT advisor_id FROM team WHERE consultation_id = $1 AND until IS NULL AND NOT lead)`,
			consultation)
	case advisory.ToEverybody:
		return w.persons(`(`+contacts+` OR `+team+`)`, consultation)
	case advisory.ToCoordinator:
		return w.coordinator()
	case advisory.ToDeputy:
		return w.deputies(t)
	case advisory.ToLead:
		return w.acting(`role = 'lead_coordinator'`)
	default:
		return nil, fmt.Errorf("no such address: %q", to)
	}
}

// owners are who owes a task, or who acts for them while they are absent. Nobody absent is reminded; what opens while
// nobody acts waits in the owner's own mail.
func (w *stepWriter) owners(t taskRow, reminder bool) ([]recipient, error) {
	switch {
	case t.OwnerID != nil && t.Kind.ForPerson():
		return w.persons(`id = $1 AND (NOT $2 OR acting_for(id, $3) = id)`, *t.OwnerID, reminder, w.now)
	case t.OwnerID != nil:
		acting, err := w.acting(`id = $1`, *t.OwnerID)
		if err != nil || len(acting) > 0 || reminder {
			return acting, err
		}
		return w.persons(`id = $1`, *t.OwnerID)
	case t.Role == advisory.Municipality:
		return w.recipients(advisory.ToMunicipality, t)
	default:
		team, err := w.persons(`role = 'coordinator' AND id IS DISTINCT FROM $1 AND acting_for(id, $2) = id`, t.NotID, w.now)
		if err != nil || len(team) > 0 {
			return team, err
		}
		return w.persons(`role = 'lead_coordinator' AND id IS DISTINCT FROM $1`, t.NotID)
	}
}

func (w *stepWriter) coordinator() ([]recipient, error) {
	if w.consultation.CoordinatorID.Valid {
		return w.acting(`id = $1`, w.consultation.CoordinatorID.String)
	}
	return w.acting(`role = 'coordinator'`)
}

// deputies are those of the task's owner. A task that nobody has claimed has the whole team for its deputies.
func (w *stepWriter) deputies(t taskRow) ([]recipient, error) {
	if t.OwnerID != nil {
		return w.acting(`id = (SELECT deputy_id FROM persons WHERE id = $1)`, *t.OwnerID)
	}
	return w.acting(`role = 'coordinator'`)
}

// acting finds the persons themselves, or who acts for them while they are absent (journey.md, Absence).
func (w *stepWriter) acting(condition string, args ...any) ([]recipient, error) {
	moment := fmt.Sprintf("$%d", len(args)+1)
	return w.persons(`id IN (SELECT acting_for(id, `+moment+`) FROM persons WHERE active AND `+condition+`)`, append(args, w.now)...)
}

func (w *stepWriter) persons(condition string, args ...any) ([]recipient, error) {
	var found []recipient
	err := sqlx.SelectContext(w.ctx, w.tx, &found, `SELECT id, language FROM persons WHERE active AND `+condition+` ORDER BY id`, args...)
	return found, err
}
