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
	Municipality     string           `db:"municipality"`
	Unit             string           `db:"unit"`
	Subject          string           `db:"subject"`
	Land             advisory.Land    `db:"land"`
	Language         string           `db:"language"`
	Request          advisory.Answers `db:"request"` // of the form request; empty in lists
	Stage            advisory.Stage   `db:"stage"`
	StageSince       time.Time        `db:"stage_since"`
	Outcome          advisory.Outcome `db:"outcome"` // "" while it runs
	RestingSince     *time.Time       `db:"resting_since"`
	CoordinatorID    *string          `db:"coordinator_id"` // nil before the request is claimed
	SentAt           time.Time        `db:"sent_at"`
	ClosedAt         *time.Time       `db:"closed_at"`      // when the outcome was reached
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

// HasCoordinator tells whether this person is responsible for the consultation.
func (c Consultation) HasCoordinator(personID string) bool {
	return c.CoordinatorID != nil && *c.CoordinatorID == personID
}

const (
	consultationListColumns = `c.id, c.number, c.municipality, c.unit, c.subject, c.land, c.language, c.stage, c.stage_since,
		c.outcome, c.resting_since, c.coordinator_id, c.sent_at, c.closed_at, c.follow_up_from, c.ended_at,
		c.programme_version, c.step, c.demo, c.updated_at`
	consultationColumns = consultationListColumns + `, c.request`
)

// ConsultationByNumber reads one consultation by the number that people know, in whatever case it is written. Code
// not_found where there is none.
func (s *Store) ConsultationByNumber(ctx context.Context, number string) (Consultation, error) {
	return s.consultation(ctx, `c.number = $1`, strings.ToUpper(strings.TrimSpace(number)))
}

// ConsultationByID reads one consultation. Code not_found where there is none.
func (s *Store) ConsultationByID(ctx context.Context, id string) (Consultation, error) {
	return s.consultation(ctx, `c.id::text = $1`, id)
}

func (s *Store) consultation(ctx context.Context, condition, value string) (Consultation, error) {
	var c Consultation
	err := s.db.GetContext(ctx, &c, `SELECT `+consultationColumns+` FROM consultations c WHERE `+condition, value)
	return c, problem(err)
}

// Relation is what a person is to a consultation. Without any, its pages do not exist for the person; staff excepted.
type Relation struct {
	Contact       bool `db:"contact"`        // confirmed contact of its municipality
	Advisor       bool `db:"advisor"`        // accompanies it now
	Lead          bool `db:"lead"`           // and leads
	Invited       bool `db:"invited"`        // asked to accompany it, or accepted and not agreed to yet
	FormerAdvisor bool `db:"former_advisor"` // accompanied it once: no access any more
}

// Participates tells whether the person sees the consultation: as a contact, or as an advisor who accompanies it.
func (r Relation) Participates() bool { return r.Contact || r.Advisor }

// Relation reads what a person is to a consultation.
func (s *Store) Relation(ctx context.Context, consultationID, personID string) (Relation, error) {
	var r Relation
	err := s.db.GetContext(ctx, &r, `
		SELECT
			EXISTS (SELECT FROM contacts WHERE consultation_id = $1 AND person_id = $2 AND confirmed_at IS NOT NULL) AS contact,
			EXISTS (SELECT FROM team WHERE consultation_id = $1 AND advisor_id = $2 AND until IS NULL) AS advisor,
			EXISTS (SELECT FROM team WHERE consultation_id = $1 AND advisor_id = $2 AND until IS NULL AND lead) AS lead,
			EXISTS (SELECT FROM team WHERE consultation_id = $1 AND advisor_id = $2 AND until IS NOT NULL) AS former_advisor,
			EXISTS (SELECT FROM invitations WHERE consultation_id = $1 AND advisor_id = $2 AND state IN ('open', 'accepted'))
				AND NOT EXISTS (SELECT FROM team WHERE consultation_id = $1 AND advisor_id = $2) AS invited`,
		consultationID, personID)
	return r, problem(err)
}

// ConsultationsPerPage is how many consultations a page of a list shows.
const ConsultationsPerPage = 25

// participation selects the consultations that the person $1 sees.
const participation = `
	SELECT consultation_id FROM contacts WHERE person_id = $1 AND confirmed_at IS NOT NULL
	UNION SELECT consultation_id FROM team WHERE advisor_id = $1 AND until IS NULL`

// ConsultationsOfPerson reads a page, from 1, of the consultations whose contact or advisor the person is, the running
// ones first and of each the latest change first, and how many there are.
func (s *Store) ConsultationsOfPerson(ctx context.Context, personID string, page int) ([]Consultation, int, error) {
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*) FROM (`+participation+`) mine`, personID); err != nil {
		return nil, 0, problem(err)
	}
	var found []Consultation
	err := s.db.SelectContext(ctx, &found, `
		SELECT `+consultationListColumns+` FROM (`+participation+`) mine JOIN consultations c ON c.id = mine.consultation_id
		ORDER BY c.outcome = '' DESC, c.updated_at DESC, c.id LIMIT $2 OFFSET $3`,
		personID, ConsultationsPerPage, ConsultationsPerPage*(max(page, 1)-1))
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
