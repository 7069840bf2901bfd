package store

import (
	"context"
	"strings"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// PoolAdvisor is an advisor as the coordination team sees one. The country of origin is no part of it: it serves the
// matching alone.
type PoolAdvisor struct {
	Person
	About         string         `db:"about"`
	Competences   string         `db:"competences"`
	Networks      string         `db:"networks"`
	Topics        pq.StringArray `db:"topics"`    // keys of the option list topics
	Languages     pq.StringArray `db:"languages"` // keys of the option list languages
	OtherLanguage string         `db:"other_language"`
	Home          string         `db:"home"`
	FurtherPlaces pq.StringArray `db:"further_places"` // towns that the way may begin in as well
	OriginConsent bool           `db:"origin_consent"` // the country of origin may be used where a municipality names it
	Capacity      int            `db:"capacity"`       // consultations at a time
	Load          int            `db:"load"`           // running consultations that the advisor accompanies or has agreed to
	MeetingFormat string         `db:"meeting_format"`
	LastInvitedAt *time.Time     `db:"last_invited_at"` // nil: never
	LeavingAt     *time.Time     `db:"leaving_at"`      // when the hand-over of somebody who leaves the pool began; nil: stays
}

// HasRoom tells whether the advisor can take on one more consultation.
func (a PoolAdvisor) HasRoom() bool { return a.Load < a.Capacity }

// IsLeaving tells whether the advisor leaves the pool, or has left it.
func (a PoolAdvisor) IsLeaving() bool { return a.LeavingAt != nil }

// runningConsultations selects the running consultations of advisor a.person_id.
const runningConsultations = `
	SELECT m.consultation_id FROM team m JOIN consultations r ON r.id = m.consultation_id
		WHERE m.advisor_id = a.person_id AND m.until IS NULL AND r.outcome = ''
	UNION SELECT v.consultation_id FROM invitations v JOIN consultations r ON r.id = v.consultation_id
		WHERE v.advisor_id = a.person_id AND v.state = 'accepted' AND r.outcome = '' AND ` + awaitsAgreement

const (
	poolColumns = `p.id, p.email, p.role, p.salutation, p.first_name, p.last_name, p.function, p.phone, p.language,
		p.mail_rhythm, p.deputy_id, p.active, p.demo, p.created_at, a.about, a.competences, a.networks, a.topics,
		a.languages, a.other_language, a.home, a.further_places, a.origin_consent, a.capacity, a.meeting_format, a.last_invited_at, a.leaving_at,
		(SELECT count(*) FROM (` + runningConsultations + `) running) AS load`
	poolTables = `advisors a JOIN persons p ON p.id = a.person_id AND p.role = 'advisor'`
)

// PoolFilter says which advisors to read. Empty fields do not filter.
type PoolFilter struct {
	Topic string // key of the option list topics
	Words string // parts of name and towns
	Page  int    // from 1
}

// AdvisorsPerPage is how many advisors a page of the pool shows.
const AdvisorsPerPage = 25

func (f PoolFilter) where() (string, map[string]any) {
	values := map[string]any{"limit": AdvisorsPerPage, "offset": AdvisorsPerPage * (max(f.Page, 1) - 1)}
	where := ` WHERE p.active`
	if f.Topic != "" {
		where += ` AND :topic = ANY(a.topics)`
		values["topic"] = f.Topic
	}
	if words := strings.TrimSpace(f.Words); words != "" {
		where += ` AND p.first_name || ' ' || p.last_name || ' ' || a.home || ' ' || array_to_string(a.further_places, ' ') ILIKE :words`
		values["words"] = "%" + literalPattern(words) + "%"
	}
	return where, values
}

// Pool reads a page of the advisors whose account is not blocked, by name, and how many there are.
func (s *Store) Pool(ctx context.Context, filter PoolFilter) ([]PoolAdvisor, int, error) {
	where, values := filter.where()
	var total []int
	if err := s.selectNamed(ctx, &total, `SELECT count(*) FROM `+poolTables+where, values); err != nil {
		return nil, 0, err
	}
	advisors, err := s.pool(ctx, where, values)
	return advisors, total[0], err
}

// WholePool is Pool for all pages. A pool is a few dozen people.
func (s *Store) WholePool(ctx context.Context, filter PoolFilter) ([]PoolAdvisor, error) {
	where, values := filter.where()
	values["limit"], values["offset"] = nil, 0
	return s.pool(ctx, where, values)
}

func (s *Store) pool(ctx context.Context, where string, values map[string]any) (advisors []PoolAdvisor, err error) {
	err = s.selectNamed(ctx, &advisors, `SELECT `+poolColumns+` FROM `+poolTables+where+`
		ORDER BY p.last_name, p.first_name, p.id LIMIT :limit OFFSET :offset`, values)
	return advisors, err
}

// PoolAdvisor reads one advisor, also a blocked one. Code not_found where there is none.
func (s *Store) PoolAdvisor(ctx context.Context, id string) (PoolAdvisor, error) {
	var advisor PoolAdvisor
	err := s.db.GetContext(ctx, &advisor, `SELECT `+poolColumns+` FROM `+poolTables+` WHERE p.id = $1`, asID(id))
	return advisor, problem(err)
}

// AdvisorsConsultation is a consultation that an advisor accompanies, accompanied, or was asked to.
type AdvisorsConsultation struct {
	Number       string           `db:"number"`
	Municipality string           `db:"municipality"`
	Subject      string           `db:"subject"`
	Stage        advisory.Stage   `db:"stage"`
	Outcome      advisory.Outcome `db:"outcome"`
	Lead         bool             `db:"lead"`
	State        string           `db:"state"` // active or former (ui/team), or the state of the invitation (ui/invitations)
	Since        time.Time        `db:"since"` // joined or invited
}

// ConsultationsOfAdvisor reads the latest consultations of an advisor with what the advisor is to each, at most limit.
func (s *Store) ConsultationsOfAdvisor(ctx context.Context, advisorID string, limit int) ([]AdvisorsConsultation, error) {
	var found []AdvisorsConsultation
	err := s.db.SelectContext(ctx, &found, `
		SELECT c.number, c.municipality, c.subject, c.stage, c.outcome, x.lead, x.state, x.since FROM (
			SELECT consultation_id, lead, CASE WHEN until IS NULL THEN 'active' ELSE 'former' END AS state, since
				FROM team WHERE advisor_id = $1
			UNION ALL
			SELECT DISTINCT ON (v.consultation_id) v.consultation_id, v.lead, v.state, v.invited_at FROM invitations v
				WHERE v.advisor_id = $1 AND NOT EXISTS (
					SELECT FROM team m WHERE m.consultation_id = v.consultation_id AND m.advisor_id = $1)
				ORDER BY consultation_id, since DESC) x
		JOIN consultations c ON c.id = x.consultation_id
		ORDER BY x.since DESC, c.number LIMIT $2`, advisorID, limit)
	return found, problem(err)
}
