package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// ContactRule is why the contacts of a consultation stay as they are. It comes with code conflict.
type ContactRule string

// The rules.
const (
	OtherRole        ContactRule = "other_role"        // the address has an account of another role, or a blocked one
	KnownContact     ContactRule = "known_contact"     // is a confirmed contact already
	LastContact      ContactRule = "last_contact"      // nobody else is confirmed or waiting
	NotWaiting       ContactRule = "not_waiting"       // has confirmed or left meanwhile
	ConsultationOver ContactRule = "consultation_over" // nothing more will happen
)

func (r ContactRule) Error() string { return "contacts stay as they are: " + string(r) }

func (r ContactRule) refusal() error {
	return advisory.Errorf(advisory.Conflict, "change of contacts: %w", r)
}

// ContactChange is what every change of a consultation's contacts needs to know.
type ContactChange struct {
	ConsultationID string
	Actor          string // the person who changes them
	FormVersion    int
	Now            time.Time // business time
}

// ContactPerson is who an answered form contact names.
func ContactPerson(answers advisory.Answers) Person {
	return Person{
		Role: advisory.Municipality, Active: true, Salutation: answers.Get("salutation"), FirstName: answers.Get("first_name"),
		LastName: answers.Get("last_name"), Function: answers.Get("function"), Phone: answers.Get("phone"),
		Email: advisory.NormalEmail(answers.Get("email")),
	}
}

// AddContact asks a further contact to confirm the address; before that the person sees nothing. Adding somebody who is
// waiting asks again, adding somebody who has left asks anew. Code conflict with a ContactRule where a rule forbids it.
func (s *Store) AddContact(ctx context.Context, change ContactChange, answers advisory.Answers) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		over, err := lockContacts(ctx, tx, change.ConsultationID)
		if err != nil {
			return err
		}
		if over {
			return ConsultationOver.refusal()
		}
		if err := addContact(ctx, tx, change.ConsultationID, ContactPerson(answers), change.Now); err != nil {
			return err
		}
		return tellOfContact(ctx, tx, change, advisory.ContactAdded, answers)
	})
}

// MayBecomeContact tells whether a form contact with this address would be accepted: a ContactRule where not.
func (s *Store) MayBecomeContact(ctx context.Context, consultationID, email string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		person, err := personForContact(ctx, tx, Person{Role: advisory.Municipality, Active: true, Email: advisory.NormalEmail(email)})
		if err != nil || person.ID == "" {
			return err
		}
		var confirmed bool
		if err := tx.GetContext(ctx, &confirmed, `SELECT EXISTS (SELECT FROM contacts
			WHERE consultation_id = $1 AND person_id = $2 AND confirmed_at IS NOT NULL)`, consultationID, person.ID); err != nil {
			return err
		}
		if confirmed {
			return KnownContact.refusal()
		}
		return nil
	})
}

// ResendConfirmation asks once more to confirm an address: that of a waiting contact, or a corrected one.
func (s *Store) ResendConfirmation(ctx context.Context, change ContactChange, personID string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := lockContacts(ctx, tx, change.ConsultationID); err != nil {
			return err
		}
		contact, err := contactOf(ctx, tx, change.ConsultationID, personID)
		if err != nil {
			return err
		}
		address := contact.ToConfirm()
		if address == "" {
			return NotWaiting.refusal()
		}
		return askToConfirm(ctx, tx, change.ConsultationID, address, contact.Language, change.Now)
	})
}

// ContactLeaves ends the access of a contact and the mails to it at once. The last one leaves only when somebody is waiting,
// or when a coordinator says so: then the engine is asked to have the address clarified. Code conflict with a ContactRule
// where a rule forbids it.
func (s *Store) ContactLeaves(ctx context.Context, change ContactChange, personID string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		over, err := lockContacts(ctx, tx, change.ConsultationID)
		if err != nil {
			return err
		}
		contact, err := contactOf(ctx, tx, change.ConsultationID, personID)
		if err != nil {
			return err
		}
		if contact.LeftAt != nil {
			return NotWaiting.refusal()
		}
		var others int
		if err := tx.GetContext(ctx, &others, `SELECT count(*) FROM contacts
			WHERE consultation_id = $1 AND person_id <> $2 AND left_at IS NULL`, change.ConsultationID, personID); err != nil {
			return err
		}
		last := others == 0 && !over
		if last && change.Actor == personID {
			return LastContact.refusal()
		}
		if err := endContact(ctx, tx, change, contact); err != nil {
			return err
		}
		if err := tellOfContact(ctx, tx, change, advisory.ContactLeft, advisory.Answers{
			"first_name": {contact.FirstName}, "last_name": {contact.LastName}, "function": {contact.Function},
		}); err != nil || !last {
			return err
		}
		return askToClarify(ctx, tx, change.ConsultationID, personID, change.Now)
	})
}

// endContact takes back everything that the person may do in the consultation, and what is on its way to the address.
func endContact(ctx context.Context, tx *sqlx.Tx, change ContactChange, contact Contact) error {
	if _, err := tx.ExecContext(ctx, `UPDATE contacts SET confirmed_at = NULL, left_at = $3
		WHERE consultation_id = $1 AND person_id = $2`, change.ConsultationID, contact.ID, change.Now); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE mails SET state = 'not_needed' WHERE consultation_id = $1
		AND state IN ('queued', 'held_back') AND (person_id = $2 OR person_id IS NULL AND address IN ($3, $4))`,
		change.ConsultationID, contact.ID, contact.Email, contact.NewEmail); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM task_links WHERE person_id = $2 AND task_id IN (SELECT id FROM tasks WHERE consultation_id = $1)`,
		`DELETE FROM task_drafts WHERE person_id = $2 AND task_id IN (SELECT id FROM tasks WHERE consultation_id = $1)`,
		`DELETE FROM address_links WHERE person_id = $2 AND consultation_id = $1 AND used_at IS NULL`,
	} {
		if _, err := tx.ExecContext(ctx, statement, change.ConsultationID, contact.ID); err != nil {
			return err
		}
	}
	return nil
}

// lockContacts makes changes of a consultation's contacts wait for each other and for its steps. It tells whether the
// consultation is over.
func lockContacts(ctx context.Context, tx *sqlx.Tx, consultationID string) (over bool, err error) {
	err = tx.GetContext(ctx, &over, `SELECT ended_at IS NOT NULL FROM consultations WHERE id = $1 FOR UPDATE`, consultationID)
	return over, err
}

func contactOf(ctx context.Context, tx *sqlx.Tx, consultationID, personID string) (contact Contact, err error) {
	err = tx.GetContext(ctx, &contact, contactQuery+`WHERE k.consultation_id = $1 AND k.person_id::text = $2`, consultationID, personID)
	return contact, err
}

// addContact makes the person a contact who is waiting, and asks for the confirmation. The mail of somebody new is in the
// language of the consultation.
func addContact(ctx context.Context, tx *sqlx.Tx, consultationID string, wanted Person, now time.Time) error {
	person, err := personForContact(ctx, tx, wanted)
	if err != nil {
		return err
	}
	if person.ID == "" {
		if err := tx.GetContext(ctx, &person.Language, `SELECT language FROM consultations WHERE id = $1`, consultationID); err != nil {
			return err
		}
	}
	if person.ID, err = savePerson(ctx, tx, person); err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO contacts (consultation_id, person_id) VALUES ($1, $2)
		ON CONFLICT (consultation_id, person_id) DO UPDATE SET left_at = NULL WHERE contacts.confirmed_at IS NULL`,
		consultationID, person.ID)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return KnownContact.refusal()
	}
	if err := refreshSearch(ctx, tx, consultationID); err != nil {
		return err
	}
	return askToConfirm(ctx, tx, consultationID, person.Email, person.Language, now)
}

// personForContact is the person with the address, or the wanted one without an id where there is nobody yet. What
// somebody else says about a person counts only as long as the person has confirmed nothing.
func personForContact(ctx context.Context, tx *sqlx.Tx, wanted Person) (Person, error) {
	var person Person
	err := tx.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE email = $1 FOR UPDATE`, wanted.Email)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return wanted, nil
	case err != nil:
		return person, err
	case person.Role != advisory.Municipality || !person.Active:
		return person, OtherRole.refusal()
	}
	var known bool
	if err := tx.GetContext(ctx, &known, `SELECT EXISTS (SELECT FROM contacts
		WHERE person_id = $1 AND (confirmed_at IS NOT NULL OR left_at IS NOT NULL))`, person.ID); err != nil || known {
		return person, err
	}
	person.Salutation, person.FirstName, person.LastName = wanted.Salutation, wanted.FirstName, wanted.LastName
	person.Function, person.Phone = wanted.Function, wanted.Phone
	return person, nil
}

// askToConfirm orders the mail with the link that confirms an address of a person.
func askToConfirm(ctx context.Context, tx *sqlx.Tx, consultationID, address, language string, now time.Time) error {
	return orderMail(ctx, tx, now, mailOrder{
		Key: "verify_address/" + newID(), ConsultationID: consultationID, Address: address, Template: advisory.MailVerifyAddress,
		Language: language,
	})
}

// tellOfContact writes what happened to the contacts into the history, between two steps. The words are kept as those of
// an input that the engine need not hear of.
func tellOfContact(ctx context.Context, tx *sqlx.Tx, change ContactChange, kind advisory.HistoryKind, words advisory.Answers) error {
	input := ""
	if words != nil {
		input = newID()
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, form, form_version, answers, message, state, entered_at)
			VALUES ($1, $2, $3, $4, $5, 'contact', $6, $7, '{}', 'applied', $8)`,
			input, change.ConsultationID, advisory.WorkflowID(change.ConsultationID), kind, change.Actor, change.FormVersion, words,
			change.Now); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO history (consultation_id, step, at, kind, actor_id, input_id)
		SELECT id, step, $2, $3, $4::uuid, NULLIF($5, '')::uuid FROM consultations WHERE id = $1`,
		change.ConsultationID, change.Now, kind, change.Actor, input)
	return err
}
