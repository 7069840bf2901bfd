package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// InternalNote is a note that only the coordination team sees.
type InternalNote struct {
	ID         string         `db:"id"`
	AuthorName string         `db:"author_name"`
	Note       string         `db:"note"`
	WrittenAt  time.Time      `db:"written_at"`
	Mentioned  pq.StringArray `db:"mentioned"` // names
	UnreadBy   pq.StringArray `db:"unread_by"` // ids of the mentioned persons who have not read it yet
}

// InternalNotes reads all notes on a consultation, the latest first.
func (s *Store) InternalNotes(ctx context.Context, consultationID string) ([]InternalNote, error) {
	var notes []InternalNote
	err := s.db.SelectContext(ctx, &notes, `
		SELECT n.id, trim(p.first_name || ' ' || p.last_name) AS author_name, n.note, n.written_at,
			ARRAY(SELECT trim(q.first_name || ' ' || q.last_name) FROM note_mentions m JOIN persons q ON q.id = m.person_id
				WHERE m.note_id = n.id ORDER BY q.last_name, q.first_name) AS mentioned,
			ARRAY(SELECT person_id::text FROM note_mentions WHERE note_id = n.id AND seen_at IS NULL) AS unread_by
		FROM internal_notes n JOIN persons p ON p.id = n.author_id
		WHERE n.consultation_id = $1 ORDER BY n.written_at DESC, n.id DESC`, consultationID)
	return notes, problem(err)
}

// AddInternalNote writes a note on a consultation and tells those of the mentioned persons who are active in the
// coordination team: at their workbench, and by a mail without the note's words. Nobody is told of an own note. Notes stay:
// there is no way to change one. at is business time.
func (s *Store) AddInternalNote(ctx context.Context, consultationID, authorID, note string, at time.Time, mentioned ...string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		id := newID()
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO internal_notes (id, consultation_id, author_id, note, written_at) VALUES ($1, $2, $3, $4, $5)`,
			id, consultationID, authorID, note, at); err != nil {
			return err
		}
		if err := mention(ctx, tx, consultationID, id, mentioned); err != nil {
			return err
		}
		return refreshSearch(ctx, tx, consultationID)
	})
}

func mention(ctx context.Context, tx *sqlx.Tx, consultationID, noteID string, mentioned []string) error {
	var told []struct {
		PersonID string    `db:"id"`
		Language string    `db:"language"`
		Number   string    `db:"number"`
		At       time.Time `db:"written_at"`
	}
	if err := tx.SelectContext(ctx, &told, `
		SELECT p.id, p.language, c.number, n.written_at FROM persons p, internal_notes n JOIN consultations c ON c.id = n.consultation_id
		WHERE n.id = $1 AND p.id::text = ANY($2) AND p.id <> n.author_id AND p.active AND p.role IN ($3, $4) ORDER BY p.id`,
		noteID, pq.Array(mentioned), advisory.Coordinator, advisory.LeadCoordinator); err != nil {
		return err
	}
	for _, person := range told {
		if _, err := tx.ExecContext(ctx, `INSERT INTO note_mentions (note_id, person_id, written_at) VALUES ($1, $2, $3)`,
			noteID, person.PersonID, person.At); err != nil {
			return err
		}
		if err := orderMail(ctx, tx, person.At, mailOrder{
			Key: mentionKey(noteID, person.PersonID), ConsultationID: consultationID, PersonID: person.PersonID, Language: person.Language,
			Template: advisory.MailNoteMention, Link: NotePath(person.Number, noteID),
		}); err != nil {
			return err
		}
	}
	return nil
}

func mentionKey(noteID, personID string) string {
	return string(advisory.MailNoteMention) + "/" + noteID + "/" + personID
}

// NotePath is where somebody who is mentioned reads a note: opened by that person, it counts as read.
func NotePath(number, noteID string) string {
	return "/beratungen/" + number + "?notiz=" + noteID + "#notiz-" + noteID
}

// Mention is an internal note in which somebody is mentioned and that the person has not read yet.
type Mention struct {
	NoteID       string    `db:"note_id"`
	Number       string    `db:"number"` // of the consultation
	Municipality string    `db:"municipality"`
	Subject      string    `db:"subject"`
	AuthorName   string    `db:"author_name"`
	WrittenAt    time.Time `db:"written_at"`
}

// Mentions reads where a person is mentioned and has not read it yet, the latest first, at most limit, and how many there
// are.
func (s *Store) Mentions(ctx context.Context, personID string, limit int) ([]Mention, int, error) {
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*) FROM note_mentions WHERE person_id = $1 AND seen_at IS NULL`, personID); err != nil {
		return nil, 0, problem(err)
	}
	var mentions []Mention
	err := s.db.SelectContext(ctx, &mentions, mentionsQuery, personID, limit)
	return mentions, total, problem(err)
}

const mentionsQuery = `
	SELECT m.note_id, c.number, c.municipality, c.subject, trim(p.first_name || ' ' || p.last_name) AS author_name, m.written_at
	FROM note_mentions m JOIN internal_notes n ON n.id = m.note_id JOIN consultations c ON c.id = n.consultation_id
		JOIN persons p ON p.id = n.author_id
	WHERE m.person_id = $1 AND m.seen_at IS NULL ORDER BY m.written_at DESC, m.note_id LIMIT $2`

// SeeMentions notes that a person has read the note in which they are mentioned, or all of them where noteID is "". A mail
// about it that waits for the one mail a day is not needed any more. Where the person is not mentioned nothing changes. at
// is business time.
func (s *Store) SeeMentions(ctx context.Context, personID, noteID string, at time.Time) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE note_mentions SET seen_at = $3 WHERE person_id = $1 AND seen_at IS NULL AND ($2 = '' OR note_id::text = $2)`,
			personID, noteID, at); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE mails SET state = 'not_needed' WHERE person_id = $1 AND state = 'queued' AND digest AND template = $2
				AND ($3 = '' OR key = $4)`, personID, advisory.MailNoteMention, noteID, mentionKey(noteID, personID))
		return err
	})
}
