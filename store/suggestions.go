package store

import (
	"cmp"
	"context"
	"strings"
	"time"

	"miglobe/advisory"
)

// Need is what a consultation looks for in its advisors.
type Need struct {
	Municipality   string
	Land           advisory.Land
	Topics         []string // keys of the option list topics
	Languages      []string // keys of the option list languages
	OtherLanguage  string
	PartnerCountry string // key of the countries; "" where the municipality named none
	Words          string // subject, situation, goal and need, and the wishes for advisors
	Follows        string // number of the earlier consultation, "" without
	SameAdvisors   string // whether those of the earlier one are wished again: key of yes_no_unsure, "" where nobody has said
}

// FavoursEarlierAdvisors tells whether who accompanied the earlier consultation is suggested first (journey.md, Edges of
// real life: follow-up shows a need).
func (n Need) FavoursEarlierAdvisors() bool { return n.Follows != "" && n.SameAdvisors != "no" }

// Need reads what a consultation looks for: topics and situation as the assessment has them, goal and need as they count
// now, the rest from the request. Without an answer, the language is German (form request, languages).
func (s *Store) Need(ctx context.Context, consultationID string) (Need, error) {
	var row struct {
		Municipality string           `db:"municipality"`
		Land         advisory.Land    `db:"land"`
		Subject      string           `db:"subject"`
		Request      advisory.Answers `db:"request"`
		Assessment   advisory.Answers `db:"assessment"`
		Follows      string           `db:"follows"`
		FollowUp     advisory.Answers `db:"follow_up"`
	}
	err := s.db.GetContext(ctx, &row, `
		SELECT c.municipality, c.land, c.subject, c.request, `+lastAnswers(`c.id`, `'assessment'`)+` AS assessment, coalesce(e.number, '') AS follows,
			`+lastAnswers(`e.id`, `'follow_up'`)+` AS follow_up
		FROM consultations c LEFT JOIN consultations e ON e.id = c.follows WHERE c.id = $1`, consultationID)
	if err != nil {
		return Need{}, problem(err)
	}
	goals, err := s.GoalVersions(ctx, consultationID)
	if err != nil {
		return Need{}, err
	}
	need := Need{
		Municipality: row.Municipality, Land: row.Land,
		Words:  needInWords(row.Subject, row.Request, row.Assessment, CurrentGoal(goals)),
		Topics: row.Assessment.All("topics"), Languages: row.Request.All("languages"),
		OtherLanguage: row.Request.Get("other_language"), PartnerCountry: row.Request.Get("partner_country"),
		Follows: row.Follows, SameAdvisors: row.FollowUp.Get("same_advisors"),
	}
	if len(need.Topics) == 0 {
		need.Topics = row.Request.All("topics")
	}
	if len(need.Languages) == 0 {
		need.Languages = []string{"german"}
	}
	return need, nil
}

func needInWords(subject string, request, assessment advisory.Answers, goal GoalVersion) string {
	return strings.Join([]string{
		subject, cmp.Or(assessment.Get("situation"), request.Get("situation")), cmp.Or(goal.Goal, request.Get("goal")),
		cmp.Or(goal.Need, request.Get("need")), assessment.Get("wishes_for_advisors"),
	}, "\n")
}

// lastAnswers are those that a consultation has had last to a form. The two names are expressions of the statement around
// it.
func lastAnswers(consultation, form string) string {
	return `(SELECT i.answers FROM inputs i WHERE i.consultation_id = ` + consultation + ` AND i.form = ` + form + `
		AND i.state = 'applied' ORDER BY i.entered_at DESC, i.created_at DESC LIMIT 1)`
}

// Candidate is an advisor with what the matching for one consultation may look at.
type Candidate struct {
	PoolAdvisor
	// FromPartnerCountry is true only where the municipality named a partner country, the advisor comes from there and
	// agreed to this use (journey.md, explainable matching). The country itself is not told.
	FromPartnerCountry bool `db:"from_partner_country"`

	AccompaniedEarlier bool `db:"accompanied_earlier"` // in the team of the consultation that this one follows, at its end

	AbsentUntil *time.Time `db:"absent_until"` // nil: is there now

	// EarlierConflict is the number of the latest other consultation of the same municipality for which the advisor declared
	// a conflict of interest, or "".
	EarlierConflict string `db:"earlier_conflict"`

	InTeam     bool       `db:"in_team"`     // accompanies the consultation now
	LeftAt     *time.Time `db:"left_at"`     // accompanied it until then, and was not asked again since
	LeftReason string     `db:"left_reason"` // why, a key of the option list replacement_reasons
	Invitation string     `db:"invitation"`  // state of the latest invitation (ui/invitations) that the team does not tell of, or ""
	AskedLead  bool       `db:"asked_lead"`  // leads, or was asked to
	InvitedAt  *time.Time `db:"invited_at"`
	AnsweredAt *time.Time `db:"answered_at"` // also when the invitation lapsed
	AnswerDue  *time.Time `db:"answer_due"`
}

// earlierConflict selects the number of the latest consultation beside $1 of the same municipality for which advisor
// a.person_id declared a conflict of interest, when invited or later.
const earlierConflict = `(SELECT e.number FROM (
		SELECT consultation_id FROM invitations WHERE advisor_id = a.person_id AND state = 'conflict_of_interest'
		UNION SELECT r.consultation_id FROM replacements r JOIN inputs n ON n.id = r.input_id
			WHERE r.advisor_id = a.person_id AND n.answers->'reason'->>0 = 'conflict_of_interest') x
	JOIN consultations e ON e.id = x.consultation_id JOIN consultations c ON c.id = $1 AND c.id <> e.id AND c.land = e.land
		AND lower(btrim(c.municipality)) = lower(btrim(e.municipality))
	ORDER BY e.sent_at DESC, e.number LIMIT 1)`

// Candidates reads all advisors whose account is not blocked, by name, with what they are to a consultation at a moment of
// business time.
func (s *Store) Candidates(ctx context.Context, consultationID string, need Need, now time.Time) ([]Candidate, error) {
	var candidates []Candidate
	err := s.db.SelectContext(ctx, &candidates, `
		SELECT `+poolColumns+`, $2 <> '' AND a.origin_consent AND a.origin_country = $2 AS from_partner_country,
			EXISTS (SELECT FROM consultations c JOIN team e ON e.consultation_id = c.follows
				WHERE c.id = $1 AND e.advisor_id = a.person_id AND e.until IS NULL) AS accompanied_earlier,
			(SELECT max(b.until_at) FROM absences b
				WHERE b.person_id = a.person_id AND b.from_at <= $3 AND $3 < b.until_at) AS absent_until,
			coalesce(`+earlierConflict+`, '') AS earlier_conflict,
			m.advisor_id IS NOT NULL AND m.until IS NULL AS in_team,
			CASE WHEN i.state IS NULL THEN m.until END AS left_at,
			CASE WHEN i.state IS NULL AND m.until IS NOT NULL THEN coalesce((
				SELECT n.answers->'reason'->>0 FROM replacements r JOIN inputs n ON n.id = r.input_id
				WHERE r.consultation_id = $1 AND r.advisor_id = a.person_id ORDER BY r.begun_at DESC LIMIT 1), '')
				ELSE '' END AS left_reason,
			CASE WHEN m.advisor_id IS NOT NULL AND m.until IS NULL THEN '' ELSE coalesce(i.state, '') END AS invitation,
			coalesce(p.id::text = `+chosenLead+`, CASE WHEN m.until IS NULL THEN m.lead END, i.lead, false) AS asked_lead,
			i.invited_at, i.answered_at, i.due_on AS answer_due
		FROM `+poolTables+` LEFT JOIN team m ON m.consultation_id = $1 AND m.advisor_id = a.person_id
		LEFT JOIN LATERAL (
			SELECT * FROM (
				SELECT v.consultation_id, v.advisor_id, v.state, v.lead, v.invited_at, v.answered_at, t.due_on
				FROM invitations v JOIN tasks t ON t.id = v.task_id
				WHERE v.consultation_id = $1 AND v.advisor_id = a.person_id ORDER BY v.invited_at DESC, v.task_id DESC LIMIT 1) v
			WHERE `+awaitsAgreement+`) i ON true
		WHERE p.active ORDER BY p.last_name, p.first_name, p.id`, consultationID, need.PartnerCountry, now)
	return candidates, problem(err)
}
