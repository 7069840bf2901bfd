package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
)

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
	Proposal     Said                  // who proposed them, with what words
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
	Correction   *Correction      `db:"-"`             // beside the note; nil where there is none
}

// Correction is what the municipality wants to stand beside a note. The note itself stays as it is.
type Correction struct {
	Text        string
	ByName      string
	OnBehalf    bool // entered by a coordinator for the municipality
	CorrectedAt time.Time
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
		Said
	}
	if err := s.db.SelectContext(ctx, &slots, `
		SELECT s.session, s.round, s.position, s.starts_at, s.ends_at, s.meeting_format, s.place, i.form, i.choice, i.actor_id,
			trim(p.first_name || ' ' || p.last_name) AS actor_name, i.on_behalf, i.entered_at, i.answers
		FROM slots s JOIN inputs i ON i.id = s.input_id JOIN persons p ON p.id = i.actor_id
		WHERE s.consultation_id = $1 AND (s.session, s.round) IN (
			SELECT session, max(round) FROM slots WHERE consultation_id = $1 GROUP BY session)
		ORDER BY s.session, s.position`, consultationID); err != nil {
		return problem(err)
	}
	for _, slot := range slots {
		session := sessions[slot.Session]
		session.Round, session.Slots, session.Proposal = slot.Round, append(session.Slots, slot.Slot), slot.Said
	}
	return nil
}

func (s *Store) addNotes(ctx context.Context, consultationID string, sessions map[int]*Session) error {
	var notes []struct {
		Session int `db:"session"`
		Note
		Correction  advisory.Answers `db:"correction"`
		CorrectedBy string           `db:"corrected_by"`
		OnBehalf    bool             `db:"corrected_on_behalf"`
		CorrectedAt *time.Time       `db:"corrected_at"`
	}
	if err := s.db.SelectContext(ctx, &notes, `
		SELECT n.session, i.answers, trim(p.first_name || ' ' || p.last_name) AS author_name, n.shared_at, n.correct_until,
			k.answers AS correction, coalesce(trim(q.first_name || ' ' || q.last_name), '') AS corrected_by,
			coalesce(k.on_behalf, false) AS corrected_on_behalf, n.corrected_at
		FROM notes n JOIN inputs i ON i.id = n.input_id JOIN persons p ON p.id = i.actor_id
			LEFT JOIN inputs k ON k.id = n.correction_input_id LEFT JOIN persons q ON q.id = k.actor_id
		WHERE n.consultation_id = $1`, consultationID); err != nil {
		return problem(err)
	}
	for _, note := range notes {
		shared := note.Note
		if note.CorrectedAt != nil {
			shared.Correction = &Correction{
				Text: note.Correction.Get("correction"), ByName: note.CorrectedBy, OnBehalf: note.OnBehalf, CorrectedAt: *note.CorrectedAt,
			}
		}
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
	TaskID    string             `db:"task_id"`
	Role      advisory.Role      `db:"owner_role"`
	PersonID  *string            `db:"owner_id"` // nil: the municipality
	Name      string             `db:"owner_name"`
	State     advisory.TaskState `db:"state"`
	Choice    advisory.Choice    `db:"choice"`
	Answers   advisory.Answers   `db:"answers"` // of the form confirm_options
	ClosedAt  *time.Time         `db:"closed_at"`
	OnBehalf  bool               `db:"on_behalf"`  // entered by a coordinator for the municipality
	ActorName string             `db:"actor_name"` // who entered it; "" before
}

// EnteredBy names the coordinator who entered it for the municipality; "" where the municipality said it itself.
func (c Confirmation) EnteredBy() string {
	if c.OnBehalf {
		return c.ActorName
	}
	return ""
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
			coalesce(trim(p.first_name || ' ' || p.last_name), '') AS owner_name, coalesce(i.answers, '{}') AS answers,
			coalesce(i.on_behalf, false) AS on_behalf, coalesce(trim(k.first_name || ' ' || k.last_name), '') AS actor_name
		FROM tasks t LEFT JOIN persons p ON p.id = t.owner_id LEFT JOIN inputs i ON i.id = t.input_id
			LEFT JOIN persons k ON k.id = i.actor_id
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
