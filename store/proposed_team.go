package store

import (
	"context"
	"time"

	"github.com/lib/pq"
)

// ProposedAdvisor is an advisor as a municipality may see one (form advisor_profile).
type ProposedAdvisor struct {
	PersonID      string         `db:"person_id"`
	FirstName     string         `db:"first_name"`
	LastName      string         `db:"last_name"`
	Lead          bool           `db:"lead"`
	Stays         bool           `db:"stays"` // accompanies the municipality already
	About         string         `db:"about"`
	Topics        pq.StringArray `db:"topics"`
	Competences   string         `db:"competences"`
	Networks      string         `db:"networks"`
	Languages     pq.StringArray `db:"languages"`
	OtherLanguage string         `db:"other_language"`
}

// ProposedTeam is what a municipality is asked to agree to: who has accepted to accompany it, beside whoever does already.
type ProposedTeam struct {
	Advisors []ProposedAdvisor // who stays and who is new, the lead first
	Leaving  []FormerAdvisor   // who has left since the municipality agreed to a team
}

// IsChange tells whether the municipality agreed to a team before.
func (t ProposedTeam) IsChange() bool {
	for _, advisor := range t.Advisors {
		if advisor.Stays {
			return true
		}
	}
	return len(t.Leaving) > 0
}

// FormerAdvisor is somebody who does not accompany a consultation any more.
type FormerAdvisor struct {
	PersonID  string    `db:"person_id"`
	FirstName string    `db:"first_name"`
	LastName  string    `db:"last_name"`
	Lead      bool      `db:"lead"` // led until then
	Until     time.Time `db:"until"`
}

// ProposedTeam reads the team that waits for the municipality's agreement.
func (s *Store) ProposedTeam(ctx context.Context, consultationID string) (ProposedTeam, error) {
	var team ProposedTeam
	err := s.db.SelectContext(ctx, &team.Advisors, `
		SELECT p.id AS person_id, p.first_name, p.last_name, coalesce(p.id::text = `+chosenLead+`, x.lead) AS lead, x.stays,
			coalesce(a.about, '') AS about, coalesce(a.topics, '{}') AS topics, coalesce(a.competences, '') AS competences,
			coalesce(a.networks, '') AS networks, coalesce(a.languages, '{}') AS languages, coalesce(a.other_language, '') AS other_language
		FROM (
			SELECT advisor_id, lead, true AS stays FROM team WHERE consultation_id = $1 AND until IS NULL
			UNION ALL
			SELECT v.advisor_id, v.lead, false FROM invitations v
				WHERE v.consultation_id = $1 AND v.state = 'accepted' AND `+awaitsAgreement+`
					AND NOT EXISTS (SELECT FROM team m
						WHERE m.consultation_id = $1 AND m.advisor_id = v.advisor_id AND m.until IS NULL)) x
		JOIN persons p ON p.id = x.advisor_id LEFT JOIN advisors a ON a.person_id = p.id
		ORDER BY 4 DESC, p.last_name, p.first_name`, consultationID)
	if err != nil {
		return team, problem(err)
	}
	err = s.db.SelectContext(ctx, &team.Leaving, `
		SELECT p.id AS person_id, p.first_name, p.last_name, m.lead, m.until FROM team m JOIN persons p ON p.id = m.advisor_id
		WHERE m.consultation_id = $1 AND m.until > `+lastAgreement+` AND NOT EXISTS (SELECT FROM invitations v
			WHERE v.consultation_id = $1 AND v.advisor_id = m.advisor_id AND v.state = 'accepted' AND `+awaitsAgreement+`)
		ORDER BY m.lead DESC, p.last_name, p.first_name`, consultationID)
	return team, problem(err)
}
