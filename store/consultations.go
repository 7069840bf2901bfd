package store

import (
	"context"
	"strings"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// Consultation is one consultation with what every page about it tells.
type Consultation struct {
	ID               string           `db:"id"`
	Number           string           `db:"number"`
	Municipality     string           `db:"municipality"`    // as the request says it
	MunicipalityID   *string          `db:"municipality_id"` // its entry in the directory; nil where it has none
	Unit             string           `db:"unit"`
	Subject          string           `db:"subject"`
	Land             advisory.Land    `db:"land"`
	Language         string           `db:"language"`
	Request          advisory.Answers `db:"request"` // of the form request; empty in lists
	Stage            advisory.Stage   `db:"stage"`
	StageSince       time.Time        `db:"stage_since"`
	Outcome          advisory.Outcome `db:"outcome"` // "" while it runs
	RestingSince     *time.Time       `db:"resting_since"`
	RestUntil        *time.Time       `db:"rest_until"`     // the day on which a rest ends; nil: nobody has said
	RestReason       string           `db:"rest_reason"`    // key of the option list rest_reasons, "" where nobody gave one
	CoordinatorID    *string          `db:"coordinator_id"` // nil before the request is claimed
	SentAt           time.Time        `db:"sent_at"`
	ClosedAt         *time.Time       `db:"closed_at"`      // when the outcome was reached
	UndoUntil        *time.Time       `db:"undo_until"`     // the instant from which a withdrawal is final
	FollowUpFrom     *time.Time       `db:"follow_up_from"` // the day from which the municipality is asked again
	EndedAt          *time.Time       `db:"ended_at"`       // nothing more will happen
	ProgrammeVersion int              `db:"programme_version"`
	Step             int              `db:"step"`
	Demo             bool             `db:"demo"`
	UpdatedAt        time.Time        `db:"updated_at"`
}

// IsRunning tells whether the consultation has no outcome yet.
func (c Consultation) IsRunning() bool { return c.Outcome == "" }

// IsResting tells whether all its remaining times stand still.
func (c Consultation) IsResting() bool { return c.RestingSince != nil && c.IsRunning() }

// CanBeTakenUp tells whether the municipality may still take its withdrawal back (journey.md, Withdrawal). Until it does,
// the consultation is withdrawn for everybody.
func (c Consultation) CanBeTakenUp(now time.Time) bool {
	return c.Outcome == advisory.Withdrawn && c.UndoUntil != nil && now.Before(*c.UndoUntil)
}

// LastUndoDay is the last day on which a withdrawal can be taken back; the zero time where it cannot.
func (c Consultation) LastUndoDay() time.Time {
	if c.UndoUntil == nil {
		return time.Time{}
	}
	return c.UndoUntil.Add(-time.Nanosecond)
}

// HasCoordinator tells whether this person is responsible for the consultation.
func (c Consultation) HasCoordinator(personID string) bool {
	return c.CoordinatorID != nil && *c.CoordinatorID == personID
}

const (
	consultationListColumns = `c.id, c.number, c.municipality, c.municipality_id, c.unit, c.subject, c.land, c.language, c.stage, c.stage_since,
		c.outcome, c.resting_since, c.rest_until, c.rest_reason, c.coordinator_id, c.sent_at, c.closed_at, c.undo_until,
		c.follow_up_from, c.ended_at, c.programme_version, c.step, c.demo, c.updated_at`
	consultationColumns = consultationListColumns + `, c.request`
)

// ConsultationByNumber reads one consultation by the number that people know, in whatever case it is written. Code
// not_found where there is none.
func (s *Store) ConsultationByNumber(ctx context.Context, number string) (Consultation, error) {
	return s.consultation(ctx, `c.number = $1`, strings.ToUpper(strings.TrimSpace(number)))
}

// ConsultationByID reads one consultation. Code not_found where there is none.
func (s *Store) ConsultationByID(ctx context.Context, id string) (Consultation, error) {
	return s.consultation(ctx, `c.id = $1`, asID(id))
}

func (s *Store) consultation(ctx context.Context, condition string, value any) (Consultation, error) {
	var c Consultation
	err := s.db.GetContext(ctx, &c, `SELECT `+consultationColumns+` FROM consultations c WHERE `+condition, value)
	return c, problem(err)
}

// Relation is what a person is to a consultation. Without any, its pages do not exist for the person; staff excepted.
type Relation struct {
	Contact       bool   `db:"contact"`        // confirmed contact of its municipality
	Advisor       bool   `db:"advisor"`        // accompanies it now, or acts for somebody absent who does
	Lead          bool   `db:"lead"`           // and leads, or acts for who leads
	DeputyOf      string `db:"deputy_of"`      // id of the absent advisor for whom the person, not of the team, acts; else ""
	Invited       bool   `db:"invited"`        // asked to accompany it, or accepted and not agreed to yet
	FormerAdvisor bool   `db:"former_advisor"` // accompanied it once: no access any more
}

// Participates tells whether the person sees the consultation: as a contact, or as an advisor who accompanies it.
func (r Relation) Participates() bool { return r.Contact || r.Advisor }

// Relation reads what a person is to a consultation at a moment of business time: a deputy's part in it ends with the
// absence.
func (s *Store) Relation(ctx context.Context, consultationID, personID string, moment time.Time) (Relation, error) {
	var r Relation
	err := s.db.GetContext(ctx, &r, `
		WITH acted AS (
			SELECT m.advisor_id, m.lead FROM team m WHERE m.consultation_id = $1 AND m.until IS NULL
				AND (m.advisor_id = $2 OR acting_for(m.advisor_id, $3) = $2 AND NOT `+biased(`$1`, `$2`)+`))
		SELECT
			EXISTS (SELECT FROM contacts WHERE consultation_id = $1 AND person_id = $2 AND confirmed_at IS NOT NULL) AS contact,
			EXISTS (SELECT FROM acted) AS advisor,
			EXISTS (SELECT FROM acted WHERE lead) AS lead,
			coalesce((SELECT advisor_id::text FROM acted WHERE NOT EXISTS (SELECT FROM acted WHERE advisor_id = $2)
				ORDER BY lead DESC, advisor_id LIMIT 1), '') AS deputy_of,
			EXISTS (SELECT FROM team WHERE consultation_id = $1 AND advisor_id = $2 AND until IS NOT NULL) AS former_advisor,
			EXISTS (SELECT FROM invitations WHERE consultation_id = $1 AND advisor_id = $2 AND state IN ('open', 'accepted'))
				AND NOT EXISTS (SELECT FROM team WHERE consultation_id = $1 AND advisor_id = $2) AS invited`,
		consultationID, personID, moment)
	return r, problem(err)
}

// ConsultationsPerPage is how many consultations a page of a list shows.
const ConsultationsPerPage = 25

// participation selects the consultations that somebody sees. The array $1 holds the person first and then the absent
// persons for whom the person acts.
var participation = `
	SELECT consultation_id FROM contacts WHERE person_id = ($1::uuid[])[1] AND confirmed_at IS NOT NULL
	UNION SELECT m.consultation_id FROM team m WHERE m.advisor_id = ANY($1::uuid[]) AND m.until IS NULL
		AND (m.advisor_id = ($1::uuid[])[1] OR NOT ` + biased(`m.consultation_id`, `($1::uuid[])[1]`) + `)`

// ConsultationsOfPerson reads a page, from 1, of the consultations whose contact or advisor the person is at a moment or
// acts for, the running ones first and of each the latest change first, and how many there are.
func (s *Store) ConsultationsOfPerson(ctx context.Context, personID string, moment time.Time, page int) ([]Consultation, int, error) {
	persons, err := s.actsAs(ctx, personID, moment)
	if err != nil {
		return nil, 0, err
	}
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*) FROM (`+participation+`) mine`, pq.Array(persons)); err != nil {
		return nil, 0, problem(err)
	}
	var found []Consultation
	err = s.db.SelectContext(ctx, &found, `
		SELECT `+consultationListColumns+` FROM (`+participation+`) mine JOIN consultations c ON c.id = mine.consultation_id
		ORDER BY c.outcome = '' DESC, c.updated_at DESC, c.id LIMIT $2 OFFSET $3`,
		pq.Array(persons), ConsultationsPerPage, ConsultationsPerPage*(max(page, 1)-1))
	return found, total, problem(err)
}

// OpenTasks reads the open tasks of several consultations by the consultation's id, each by due date.
func (s *Store) OpenTasks(ctx context.Context, consultationIDs []string) (map[string][]Task, error) {
	var tasks []Task
	if err := s.db.SelectContext(ctx, &tasks, `
		SELECT `+taskColumns+` FROM `+taskTables+`
		WHERE t.consultation_id = ANY($1::uuid[]) AND t.state = 'open'
		ORDER BY t.due_on, t.opened_at, t.id`, pq.Array(consultationIDs)); err != nil {
		return nil, problem(err)
	}
	byConsultation := map[string][]Task{}
	for _, t := range tasks {
		byConsultation[t.ConsultationID] = append(byConsultation[t.ConsultationID], t)
	}
	return byConsultation, nil
}

// stageBegins names what ends a stage, by the stage that begins with it (journey.md, Stages).
var stageBegins = map[advisory.HistoryKind]advisory.Stage{
	advisory.RequestAccepted:        advisory.Assessment,
	advisory.NeedConfirmed:          advisory.Assignment,
	advisory.AdvisorsAgreed:         advisory.Opening,
	advisory.AccompanimentContinued: advisory.Dialogue,
	advisory.SessionsDone:           advisory.Options,
	advisory.OptionsConfirmed:       advisory.Evaluation,
}

// StageDates tells when each stage began that the consultation has reached. A stage ended when the next one began.
func (s *Store) StageDates(ctx context.Context, consultationID string) (map[advisory.Stage]time.Time, error) {
	c, err := s.ConsultationByID(ctx, consultationID)
	if err != nil {
		return nil, err
	}
	kinds := make([]string, 0, len(stageBegins))
	for kind := range stageBegins {
		kinds = append(kinds, string(kind))
	}
	var begun []struct {
		Kind advisory.HistoryKind `db:"kind"`
		At   time.Time            `db:"at"`
	}
	if err := s.db.SelectContext(ctx, &begun, `
		SELECT kind, max(at) AS at FROM history WHERE consultation_id = $1 AND kind = ANY($2) GROUP BY kind`,
		consultationID, pq.Array(kinds)); err != nil {
		return nil, problem(err)
	}
	dates := map[advisory.Stage]time.Time{advisory.Review: c.SentAt}
	for _, b := range begun {
		dates[stageBegins[b.Kind]] = b.At
	}
	dates[c.Stage] = c.StageSince
	return dates, nil
}
