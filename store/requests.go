package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"miglobe/advisory"
)

// SentRequest is a request that has become a consultation.
type SentRequest struct {
	ConsultationID   string        `db:"id"`
	Number           string        `db:"number"`
	Municipality     string        `db:"municipality"`
	Land             advisory.Land `db:"land"`
	SentAt           time.Time     `db:"sent_at"` // business time
	ProgrammeVersion int           `db:"programme_version"`
	Programme        advisory.Programme
	// Person confirmed the address just now. Nil where the link was used before: it signs in once.
	Person *Person
}

// SendRequest confirms the address that a link was sent to and makes the draft a consultation, in one transaction: the
// person, the contact, the number, the answers and the input that starts the journey. Using the link again returns the
// same consultation. The caller starts its workflow by the inbox.
//
// Errors: not_found where the link is of no use any more, conflict where the draft was changed after the link was sent,
// forbidden where the address has an account of another role, or a blocked one.
func (s *Store) SendRequest(ctx context.Context, token string, now time.Time) (SentRequest, error) {
	var sent SentRequest
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		// Whoever comes second waits here, and only then reads what the first has written.
		if _, err := tx.ExecContext(ctx, `SELECT 1 FROM drafts WHERE id = (SELECT draft_id FROM address_links
			WHERE token_hash = $1) FOR UPDATE`, tokenHash(token)); err != nil {
			return err
		}
		var link AddressLink
		if err := tx.GetContext(ctx, &link, addressLinkQuery, tokenHash(token)); err != nil {
			return err
		}
		var draft Draft
		if err := tx.GetContext(ctx, &draft, draftQuery+`WHERE d.id = $1`, link.DraftID); err != nil {
			return err
		}
		if draft.Number != "" {
			return s.readSentRequest(ctx, tx, draft.ID, &sent)
		}
		if link.Expired || link.UsedAt != nil {
			return advisory.Errorf(advisory.NotFound, "link has expired")
		}
		if draft.SentAt == nil || advisory.NormalEmail(draft.Answers.Get("email")) != link.Email {
			return advisory.Errorf(advisory.Conflict, "draft %s was changed after its link was sent", draft.ID)
		}
		return s.turnIntoConsultation(ctx, tx, draft, tokenHash(token), now, &sent)
	})
	return sent, err
}

func (s *Store) turnIntoConsultation(ctx context.Context, tx *sqlx.Tx, draft Draft, link []byte, now time.Time, sent *SentRequest) error {
	person, err := contactPerson(ctx, tx, draft)
	if err != nil {
		return err
	}
	if err := insertConsultation(ctx, tx, draft, now); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO contacts (consultation_id, person_id, confirmed_at) VALUES ($1, $2, $3)`,
		draft.ID, person.ID, now); err != nil {
		return err
	}
	if err := secondContact(ctx, tx, draft, person, now); err != nil {
		return err
	}
	input := newID()
	if _, err := journalInput(ctx, tx, NewInput{
		ConsultationID: draft.ID, Form: "request", FormVersion: draft.FormVersion, EnteredAt: now,
		Message: advisory.Input{ID: input, Kind: advisory.NewRequest, Actor: person.ID},
	}); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE address_links SET used_at = now(), consultation_id = $2 WHERE token_hash = $1`,
		link, draft.ID); err != nil {
		return err
	}
	// The words live in the consultation now. The row stays for a while, so that its links still lead somewhere.
	if _, err := tx.ExecContext(ctx, `UPDATE drafts SET answers = '{}', email = '', follows = NULL, updated_at = $2 WHERE id = $1`,
		draft.ID, now); err != nil {
		return err
	}
	if err := refreshSearch(ctx, tx, draft.ID); err != nil {
		return err
	}
	sent.Person = &person
	return s.readSentRequest(ctx, tx, draft.ID, sent)
}

// contactPerson is the municipality's person with the confirmed address; what was entered last about the person counts.
func contactPerson(ctx context.Context, tx *sqlx.Tx, draft Draft) (Person, error) {
	answers := draft.Answers
	email := advisory.NormalEmail(answers.Get("email"))
	var person Person
	err := tx.GetContext(ctx, &person, `SELECT `+personColumns+` FROM persons WHERE email = $1 FOR UPDATE`, email)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		person = Person{Role: advisory.Municipality, Active: true, Email: email}
	case err != nil:
		return person, err
	}
	if person.Role != advisory.Municipality || !person.Active {
		return person, advisory.Errorf(advisory.Forbidden, "address has an account of role %s", person.Role)
	}
	person.Salutation, person.Language = answers.Get("salutation"), draft.Language
	person.FirstName, person.LastName = answers.Get("first_name"), answers.Get("last_name")
	person.Function, person.Phone = answers.Get("function"), answers.Get("phone")
	if person.ID, err = savePerson(ctx, tx, person); err != nil {
		return person, err
	}
	return person, addressIsReached(ctx, tx, person.ID)
}

// secondContact asks the second person of the request to confirm the address. A request is not refused because of it: where
// the address cannot be a contact's, the coordination team reads it in the request.
func secondContact(ctx context.Context, tx *sqlx.Tx, draft Draft, first Person, now time.Time) error {
	second := Person{Role: advisory.Municipality, Active: true, Email: advisory.NormalEmail(draft.Answers.Get("second_contact_email"))}
	if second.Email == "" || second.Email == first.Email {
		return nil
	}
	second.FirstName, second.LastName = splitName(draft.Answers.Get("second_contact_name"))
	if second.LastName == "" {
		second.LastName = second.Email
	}
	err := addContact(ctx, tx, draft.ID, second, now)
	var rule ContactRule
	if errors.As(err, &rule) {
		return nil
	}
	return err
}

// splitName takes the last word of a name for the last name.
func splitName(name string) (first, last string) {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "", ""
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}

// insertConsultation gives the draft its number. The consultation keeps the draft's id, so that a draft can become one
// consultation only.
func insertConsultation(ctx context.Context, tx *sqlx.Tx, draft Draft, now time.Time) error {
	rules, err := programme(ctx, tx, `SELECT rules FROM programmes ORDER BY version DESC LIMIT 1`)
	if err != nil {
		return advisory.Errorf(advisory.Internal, "no programme: %w", err)
	}
	year, n := now.In(advisory.Berlin).Year(), 0
	if err := tx.GetContext(ctx, &n, `
		INSERT INTO consultation_numbers (year, last) VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = consultation_numbers.last + 1 RETURNING last`, year); err != nil {
		return err
	}
	municipality, land := draft.Answers.Get("municipality"), advisory.Land(draft.Answers.Get("land"))
	entry, err := municipalityOf(ctx, tx, land, municipality)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO consultations (id, number, municipality, land, municipality_id, unit, subject, language, programme_version, request,
			form_version, stage, follows, stage_since, sent_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14)`,
		draft.ID, advisory.ConsultationNumber(year, n), municipality, land, entry,
		draft.Answers.Get("unit"), draft.Answers.Get("subject"), draft.Language, rules.Version, draft.Answers,
		draft.FormVersion, advisory.Review, draft.Follows, now)
	return err
}

// SentRequest reads what the page after sending tells. Code not_found where there is no such consultation.
func (s *Store) SentRequest(ctx context.Context, consultationID string) (SentRequest, error) {
	var sent SentRequest
	err := s.inTx(ctx, func(tx *sqlx.Tx) error { return s.readSentRequest(ctx, tx, consultationID, &sent) })
	return sent, err
}

func (s *Store) readSentRequest(ctx context.Context, tx *sqlx.Tx, id string, sent *SentRequest) error {
	err := tx.GetContext(ctx, sent, `
		SELECT id, number, municipality, land, sent_at, programme_version FROM consultations WHERE id = $1`, id)
	if err != nil {
		return err
	}
	sent.Programme, err = s.programmeVersion(ctx, tx, sent.ProgrammeVersion)
	return err
}
