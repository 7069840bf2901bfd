package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// Need is what a consultation looks for in its advisors.
type Need struct {
	Topics         []string // keys of the option list topics
	Languages      []string // keys of the option list languages
	OtherLanguage  string
	PartnerCountry string // key of the countries; "" where the municipality named none
}

// Need reads what a consultation looks for: topics as the assessment has them, the rest from the request. Without an
// answer, the language is German (form request, languages).
func (s *Store) Need(ctx context.Context, consultationID string) (Need, error) {
	var row struct {
		Request    advisory.Answers `db:"request"`
		Assessment advisory.Answers `db:"assessment"`
	}
	err := s.db.GetContext(ctx, &row, `
		SELECT c.request, (SELECT i.answers FROM inputs i WHERE i.consultation_id = c.id AND i.form = 'assessment'
			AND i.state = 'applied' ORDER BY i.entered_at DESC, i.created_at DESC LIMIT 1) AS assessment
		FROM consultations c WHERE c.id = $1`, consultationID)
	if err != nil {
		return Need{}, problem(err)
	}
	need := Need{
		Topics: row.Assessment.All("topics"), Languages: row.Request.All("languages"),
		OtherLanguage: row.Request.Get("other_language"), PartnerCountry: row.Request.Get("partner_country"),
	}
	if len(need.Topics) == 0 {
		need.Topics = row.Request.All("topics")
	}
	if len(need.Languages) == 0 {
		need.Languages = []string{"german"}
	}
	return need, nil
}

// Candidate is an advisor with what the matching for one consultation may look at.
type Candidate struct {
	PoolAdvisor
	// FromPartnerCountry is true only where the municipality named a partner country, the advisor comes from there and
	// agreed to this use (journey.md, explainable matching). The country itself is not told.
	FromPartnerCountry bool `db:"from_partner_country"`

	Invitation string     `db:"invitation"` // state of the latest invitation to this consultation (ui/invitations), or ""
	AskedLead  bool       `db:"asked_lead"` // and whether it was one to lead
	InvitedAt  *time.Time `db:"invited_at"`
	AnswerDue  *time.Time `db:"answer_due"`
}

// Candidates reads all advisors whose account is not blocked, by name, with what they are to a consultation.
func (s *Store) Candidates(ctx context.Context, consultationID string, need Need) ([]Candidate, error) {
	var candidates []Candidate
	err := s.db.SelectContext(ctx, &candidates, `
		SELECT `+poolColumns+`, $2 <> '' AND a.origin_consent AND a.origin_country = $2 AS from_partner_country,
			coalesce(i.state, '') AS invitation, coalesce(i.lead, false) AS asked_lead, i.invited_at, i.due_on AS answer_due
		FROM `+poolTables+` LEFT JOIN LATERAL (
			SELECT v.state, v.lead, v.invited_at, t.due_on FROM invitations v JOIN tasks t ON t.id = v.task_id
			WHERE v.consultation_id = $1 AND v.advisor_id = a.person_id ORDER BY v.invited_at DESC, v.task_id DESC LIMIT 1) i ON true
		WHERE p.active ORDER BY p.last_name, p.first_name, p.id`, consultationID, need.PartnerCountry)
	return candidates, problem(err)
}
