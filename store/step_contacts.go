package store

import (
	"errors"

	"miglobe/advisory"
)

// clarifyAddress is what a coordinator has found out about an address that does not work, or about the municipality whose
// last contact left. What somebody else did to the same address meanwhile stays.
func (w *stepWriter) clarifyAddress(t taskRow, choice advisory.Choice, in input) error {
	switch choice {
	case advisory.AddressWorks:
		if err := w.exec(`UPDATE persons SET new_email = '' WHERE id = $1`, t.About); err != nil {
			return err
		}
		if err := releaseHeldBack(w.ctx, w.tx, t.About); err != nil {
			return err
		}
		return w.askContactAgain(t.About)
	case advisory.CorrectAddress:
		return w.correctAddress(t.About, in.Answers.Get("email"))
	case advisory.NewContact:
		return w.newContact(in)
	}
	return nil
}

// askContactAgain asks somebody who has left, or is still waiting, to confirm the address: a coordinator says that the
// person is still there.
func (w *stepWriter) askContactAgain(personID string) error {
	contact, waits, err := w.becomesWaiting(personID)
	if err != nil || !waits {
		return err
	}
	return askToConfirm(w.ctx, w.tx, w.step.ConsultationID, contact.Email, contact.Language, w.now)
}

func (w *stepWriter) becomesWaiting(personID string) (contact Contact, waits bool, err error) {
	result, err := w.tx.ExecContext(w.ctx, `UPDATE contacts SET left_at = NULL
		WHERE consultation_id = $1 AND person_id::text = $2 AND confirmed_at IS NULL`, w.step.ConsultationID, personID)
	if err != nil {
		return contact, false, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return contact, false, err
	}
	contact, err = contactOf(w.ctx, w.tx, w.step.ConsultationID, personID)
	return contact, true, err
}

// correctAddress asks at the new address whether it is the person's. Until it is confirmed the old one stays.
func (w *stepWriter) correctAddress(personID, email string) error {
	email = advisory.NormalEmail(email)
	taken, err := addressIsTaken(w.ctx, w.tx, email, personID)
	if err != nil || taken {
		return err
	}
	if _, _, err := w.becomesWaiting(personID); err != nil {
		return err
	}
	var person Person
	if err := w.tx.GetContext(w.ctx, &person, `
		UPDATE persons SET new_email = $2 WHERE id = $1 RETURNING `+personColumns, personID, email); err != nil {
		return err
	}
	return askToConfirm(w.ctx, w.tx, w.step.ConsultationID, email, person.Language, w.now)
}

func (w *stepWriter) newContact(in input) error {
	err := addContact(w.ctx, w.tx, w.step.ConsultationID, ContactPerson(in.Answers), w.now)
	var rule ContactRule
	if errors.As(err, &rule) {
		return nil // refused by the page before it was sent; whoever was faster stays
	}
	return err
}
