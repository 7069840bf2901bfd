package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// AdoptionCandidate is a running consultation that follows an older version of the programme, and what another one would
// change.
type AdoptionCandidate struct {
	Consultation
	Waiting bool             `db:"waiting"` // it is on its way to the other version
	Refusal advisory.Refusal // "" where it can follow the other version
	Dates   []AdoptedDates   // of all that is open
}

const (
	adoptionPage  = 50
	adoptionBatch = 500 // consultations read at a time where all are asked for
)

// AdoptionCandidates reads a page of the running consultations on a version before this one, oldest version first, with what
// would change for each at a moment of business time. Nothing changes by asking. Pages count from 1.
func (s *Store) AdoptionCandidates(ctx context.Context, to advisory.Programme, now time.Time, page int) (found []AdoptionCandidate, more bool, err error) {
	if err := s.db.SelectContext(ctx, &found, `
		SELECT `+consultationListColumns+`, EXISTS (SELECT FROM inputs i WHERE `+adoptionWaits+`) AS waiting
		FROM consultations c WHERE c.ended_at IS NULL AND c.programme_version < $1
		ORDER BY c.programme_version, c.id LIMIT $3 OFFSET $4`,
		to.Version, advisory.AdoptProgramme, adoptionPage+1, adoptionPage*(max(page, 1)-1)); err != nil {
		return nil, false, problem(err)
	}
	if more = len(found) > adoptionPage; more {
		found = found[:adoptionPage]
	}
	ids := make([]string, len(found))
	for i, candidate := range found {
		ids[i] = candidate.ID
	}
	err = s.judgeAdoptions(ctx, to, now, ids, func(i int, dates []AdoptedDates, refusal advisory.Refusal) {
		found[i].Dates, found[i].Refusal = dates, refusal
	})
	return found, more, err
}

// adoptionWaits: an input that lets consultation c follow version $1 is on its way; $2 is its kind.
const adoptionWaits = `i.consultation_id = c.id AND i.kind = $2 AND i.state = 'journaled' AND (i.message->>'version')::integer = $1`

// judgeAdoptions tells of each consultation, by its position in the ids, what another version would change.
func (s *Store) judgeAdoptions(ctx context.Context, to advisory.Programme, now time.Time, ids []string,
	tell func(int, []AdoptedDates, advisory.Refusal)) error {
	followers, err := readFollowers(ctx, s.db, ids...)
	if err != nil {
		return problem(err)
	}
	calendars := map[advisory.Land]advisory.Calendar{}
	for i, f := range followers {
		followed, err := s.programmeVersion(ctx, s.db, f.ProgrammeVersion)
		if err != nil {
			return err
		}
		if _, known := calendars[f.Land]; !known {
			calendars[f.Land] = advisory.NewCalendar(f.Land, to.Closures...)
		}
		dates, refusal, err := f.adopt(to, followed, calendars[f.Land], now, nil)
		if err != nil {
			return fmt.Errorf("consultation %s: %w", f.ID, err)
		}
		tell(i, dates, refusal)
	}
	return nil
}

// JournalAdoptions says in the name of a person that running consultations follow a newer version of the programme: those
// with these numbers, or all where none is given. Each is an input of its own, which the relay delivers. Kept counts those
// that cannot follow it now and get no input; those on their way already count in neither. Code not_found where there is no
// such version.
func (s *Store) JournalAdoptions(ctx context.Context, version int, actorID string, now time.Time, numbers ...string) (journaled, kept int, err error) {
	to, err := s.programmeVersion(ctx, s.db, version)
	if err != nil {
		return 0, 0, err
	}
	var movable []string
	for after := (adoptionKey{ID: "00000000-0000-0000-0000-000000000000"}); ; {
		var batch []adoptionKey
		if err := s.db.SelectContext(ctx, &batch, `
			SELECT c.programme_version, c.id FROM consultations c
			WHERE c.ended_at IS NULL AND c.programme_version < $1 AND (c.programme_version, c.id) > ($3, $4::uuid)
				AND (cardinality($5::text[]) = 0 OR c.number = ANY($5)) AND NOT EXISTS (SELECT FROM inputs i WHERE `+adoptionWaits+`)
			ORDER BY c.programme_version, c.id LIMIT $6`,
			version, advisory.AdoptProgramme, after.ProgrammeVersion, after.ID, pq.Array(append([]string{}, numbers...)), adoptionBatch); err != nil {
			return 0, 0, problem(err)
		}
		ids := make([]string, len(batch))
		for i, key := range batch {
			ids[i], after = key.ID, key
		}
		if err := s.judgeAdoptions(ctx, to, now, ids, func(i int, _ []AdoptedDates, refusal advisory.Refusal) {
			if refusal == "" {
				movable = append(movable, ids[i])
			} else {
				kept++
			}
		}); err != nil {
			return 0, 0, err
		}
		if len(batch) < adoptionBatch {
			break
		}
	}
	journaled, err = s.journalAdoptions(ctx, version, actorID, now, movable)
	return journaled, kept, err
}

// adoptionKey is where a consultation stands in the order of the list.
type adoptionKey struct {
	ProgrammeVersion int    `db:"programme_version"`
	ID               string `db:"id"`
}

// journalAdoptions is one statement, so that all of it is said or nothing. The workflow is that which listens now, as in
// journalInput.
func (s *Store) journalAdoptions(ctx context.Context, version int, actorID string, now time.Time, consultationIDs []string) (int, error) {
	var ids, followUps, messages []string
	for _, consultationID := range consultationIDs {
		in := advisory.Input{ID: newID(), Kind: advisory.AdoptProgramme, Actor: actorID, Version: version}
		message, err := json.Marshal(in)
		if err != nil {
			return 0, fmt.Errorf("input: %w", err)
		}
		ids, messages = append(ids, in.ID), append(messages, string(message))
		followUps = append(followUps, advisory.FollowUpWorkflowID(consultationID))
	}
	result, err := s.db.ExecContext(ctx, `
		INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, message, entered_at)
		SELECT said.id, c.id, CASE WHEN c.outcome = $5 THEN said.follow_up ELSE said.consultation END, $6, $7, said.message::jsonb, $8
		FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) said (id, consultation, follow_up, message)
			JOIN consultations c ON c.id = said.consultation::uuid`,
		pq.Array(ids), pq.Array(consultationIDs), pq.Array(followUps), pq.Array(messages), advisory.Completed,
		advisory.AdoptProgramme, actorID, now)
	if err != nil {
		return 0, problem(err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// AdoptionProgress is how far consultations have come on their way to a version of the programme.
type AdoptionProgress struct {
	Waiting int // said, and not decided yet
	Adopted int
	Refused []RefusedAdoption // the latest of the consultations that still follow an older version, at most a page
}

// RefusedAdoption is a consultation that was to follow a version of the programme and could not.
type RefusedAdoption struct {
	Number       string           `db:"number"`
	Municipality string           `db:"municipality"`
	Refusal      advisory.Refusal `db:"refusal"`
	EnteredAt    time.Time        `db:"entered_at"`
}

// AdoptionProgress reads it for one version.
func (s *Store) AdoptionProgress(ctx context.Context, version int) (p AdoptionProgress, err error) {
	const ofVersion = `i.kind = 'adopt_programme' AND (i.message->>'version')::integer = $1` // as the index has it
	if err := s.db.QueryRowxContext(ctx, `
		SELECT count(*) FILTER (WHERE i.state = 'journaled'), count(*) FILTER (WHERE i.state = 'applied')
		FROM inputs i WHERE `+ofVersion, version).Scan(&p.Waiting, &p.Adopted); err != nil {
		return p, problem(err)
	}
	err = s.db.SelectContext(ctx, &p.Refused, `
		SELECT * FROM (
			SELECT DISTINCT ON (c.id) c.number, c.municipality, i.refusal, i.entered_at
			FROM inputs i JOIN consultations c ON c.id = i.consultation_id
			WHERE `+ofVersion+` AND i.state = 'refused' AND c.ended_at IS NULL AND c.programme_version < $1
			ORDER BY c.id, i.id DESC) latest
		ORDER BY entered_at DESC, number LIMIT $2`, version, adoptionPage)
	return p, problem(err)
}
