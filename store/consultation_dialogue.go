package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
)

// GoalVersion is one version of goal and need. Version 1 is the baseline; only the municipality confirms one.
type GoalVersion struct {
	Version     int           `db:"version"`
	Goal        string        `db:"goal"`
	Need        string        `db:"need"`
	WrittenAt   time.Time     `db:"written_at"`
	ConfirmedAt *time.Time    `db:"confirmed_at"`
	AuthorName  string        `db:"author_name"`
	AuthorRole  advisory.Role `db:"author_role"`
	OnBehalf    bool          `db:"on_behalf"` // entered by a coordinator for the municipality
}

// GoalVersions reads every version of goal and need, the first one first.
func (s *Store) GoalVersions(ctx context.Context, consultationID string) ([]GoalVersion, error) {
	var versions []GoalVersion
	err := s.db.SelectContext(ctx, &versions, `
		SELECT g.version, g.goal, g.need, g.written_at, g.confirmed_at, i.on_behalf, p.role AS author_role,
			trim(p.first_name || ' ' || p.last_name) AS author_name
		FROM goal_versions g JOIN inputs i ON i.id = g.input_id JOIN persons p ON p.id = i.actor_id
		WHERE g.consultation_id = $1 ORDER BY g.version`, consultationID)
	return versions, problem(err)
}

// Assessment reads the answers of the latest assessment; nil before there is one.
func (s *Store) Assessment(ctx context.Context, consultationID string) (advisory.Answers, error) {
	said, err := s.LastSaid(ctx, consultationID, "assessment")
	return said.Answers, err
}

// Session is one session of a consultation, from its proposed dates to its note.
type Session struct {
	Number       int                   `db:"number"`
	Kind         advisory.SessionKind  `db:"kind"`
	State        advisory.SessionState `db:"state"`
	StartsAt     *time.Time            `db:"starts_at"` // nil before a date is chosen
	EndsAt       *time.Time            `db:"ends_at"`
	Format       string                `db:"meeting_format"`
	Place        string                `db:"place"`
	Participants string                `db:"participants"`
	Sequence     int                   `db:"sequence"`
	Ordinal      int                   `db:"ordinal"` // among the sessions of its kind, from 1
	Round        int                   // of the latest proposed dates; 0 where there are none
	Slots        []Slot                // the latest proposed dates
	Note         *Note                 // nil before it is shared
}

// HasDate tells whether a date was chosen and still counts.
func (s Session) HasDate() bool {
	switch s.State {
	case advisory.SlotsWanted, advisory.SlotsProposed, advisory.CounterProposed:
		return false
	}
	return s.StartsAt != nil && s.EndsAt != nil
}

// Slot is a proposed date.
type Slot struct {
	Position int       `db:"position"` // from 1; the answer to choose_slot
	StartsAt time.Time `db:"starts_at"`
	EndsAt   time.Time `db:"ends_at"`
	Format   string    `db:"meeting_format"`
	Place    string    `db:"place"`
}

// Note is the note of a session, for everybody in the consultation.
type Note struct {
	Answers      advisory.Answers `db:"answers"` // of the form note
	AuthorName   string           `db:"author_name"`
	SharedAt     time.Time        `db:"shared_at"`
	CorrectUntil time.Time        `db:"correct_until"` // the last day on which the municipality may correct it
}

// Sessions reads all sessions of a consultation in their order, with the latest proposed dates and the notes.
func (s *Store) Sessions(ctx context.Context, consultationID string) ([]Session, error) {
	var sessions []Session
	if err := s.db.SelectContext(ctx, &sessions, `
		SELECT number, kind, state, starts_at, ends_at, meeting_format, place, participants, sequence,
			row_number() OVER (PARTITION BY kind ORDER BY number) AS ordinal
		FROM sessions WHERE consultation_id = $1 ORDER BY number`, consultationID); err != nil {
		return nil, problem(err)
	}
	byNumber := map[int]*Session{}
	for i := range sessions {
		byNumber[sessions[i].Number] = &sessions[i]
	}
	if err := s.addSlots(ctx, consultationID, byNumber); err != nil {
		return nil, err
	}
	return sessions, s.addNotes(ctx, consultationID, byNumber)
}

func (s *Store) addSlots(ctx context.Context, consultationID string, sessions map[int]*Session) error {
	var slots []struct {
		Session int `db:"session"`
		Round   int `db:"round"`
		Slot
	}
	if err := s.db.SelectContext(ctx, &slots, `
		SELECT session, round, position, starts_at, ends_at, meeting_format, place FROM slots
		WHERE consultation_id = $1 AND (session, round) IN (
			SELECT session, max(round) FROM slots WHERE consultation_id = $1 GROUP BY session)
		ORDER BY session, position`, consultationID); err != nil {
		return problem(err)
	}
	for _, slot := range slots {
		session := sessions[slot.Session]
		session.Round, session.Slots = slot.Round, append(session.Slots, slot.Slot)
	}
	return nil
}

func (s *Store) addNotes(ctx context.Context, consultationID string, sessions map[int]*Session) error {
	var notes []struct {
		Session int `db:"session"`
		Note
	}
	if err := s.db.SelectContext(ctx, &notes, `
		SELECT n.session, i.answers, trim(p.first_name || ' ' || p.last_name) AS author_name, n.shared_at, n.correct_until
		FROM notes n JOIN inputs i ON i.id = n.input_id JOIN persons p ON p.id = i.actor_id
		WHERE n.consultation_id = $1`, consultationID); err != nil {
		return problem(err)
	}
	for _, note := range notes {
		shared := note.Note
		sessions[note.Session].Note = &shared
	}
	return nil
}

// OptionVersion is one version of the options for action, and who has said what about it.
type OptionVersion struct {
	Version       int              `db:"version"`
	Answers       advisory.Answers `db:"answers"` // options.N.FIELD, N from 1; see Options
	AuthorName    string           `db:"author_name"`
	SharedAt      time.Time        `db:"shared_at"`
	ConfirmedAt   *time.Time       `db:"confirmed_at"` // by both sides
	Confirmations []Confirmation
}

// Options are the answers of the form option, one for each option.
func (v OptionVersion) Options() []advisory.Answers {
	var options []advisory.Answers
	for key, values := range v.Answers {
		rest, ok := strings.CutPrefix(key, "options.")
		number, field, _ := strings.Cut(rest, ".")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 1 || field == "" {
			continue
		}
		for len(options) < n {
			options = append(options, advisory.Answers{})
		}
		options[n-1].Set(field, values...)
	}
	return options
}

// Confirmation is what one owner of confirm_options has said about a version, or owes.
type Confirmation struct {
	TaskID   string             `db:"task_id"`
	Role     advisory.Role      `db:"owner_role"`
	PersonID *string            `db:"owner_id"` // nil: the municipality
	Name     string             `db:"owner_name"`
	State    advisory.TaskState `db:"state"`
	Choice   advisory.Choice    `db:"choice"`
	Answers  advisory.Answers   `db:"answers"` // of the form confirm_options
	ClosedAt *time.Time         `db:"closed_at"`
}

// OptionVersions reads every version of the options, the latest one first.
func (s *Store) OptionVersions(ctx context.Context, consultationID string) ([]OptionVersion, error) {
	var versions []OptionVersion
	if err := s.db.SelectContext(ctx, &versions, `
		SELECT v.version, i.answers, trim(p.first_name || ' ' || p.last_name) AS author_name, v.shared_at, v.confirmed_at
		FROM option_versions v JOIN inputs i ON i.id = v.input_id JOIN persons p ON p.id = i.actor_id
		WHERE v.consultation_id = $1 ORDER BY v.version DESC`, consultationID); err != nil {
		return nil, problem(err)
	}
	var confirmations []struct {
		Version int `db:"version"`
		Confirmation
	}
	if err := s.db.SelectContext(ctx, &confirmations, `
		SELECT t.version, t.id AS task_id, t.owner_role, t.owner_id, t.state, t.choice, t.closed_at,
			coalesce(trim(p.first_name || ' ' || p.last_name), '') AS owner_name, coalesce(i.answers, '{}') AS answers
		FROM tasks t LEFT JOIN persons p ON p.id = t.owner_id LEFT JOIN inputs i ON i.id = t.input_id
		WHERE t.consultation_id = $1 AND t.kind = 'confirm_options' ORDER BY t.owner_id NULLS FIRST, t.opened_at, t.id`,
		consultationID); err != nil {
		return nil, problem(err)
	}
	for i := range versions {
		for _, said := range confirmations {
			if said.Version == versions[i].Version {
				versions[i].Confirmations = append(versions[i].Confirmations, said.Confirmation)
			}
		}
	}
	return versions, nil
}
