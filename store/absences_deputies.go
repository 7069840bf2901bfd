package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// PossibleDeputies reads who can stand in for a person: the active others who do the same work, by name.
func (s *Store) PossibleDeputies(ctx context.Context, person Person) ([]Person, error) {
	roles := []string{string(person.Role)}
	if person.Role.Coordinates() {
		roles = []string{string(advisory.Coordinator), string(advisory.LeadCoordinator)}
	}
	var persons []Person
	err := s.db.SelectContext(ctx, &persons, `
		SELECT `+personColumns+` FROM persons WHERE role = ANY($1) AND active AND id <> $2
		ORDER BY last_name, first_name, id`, pq.Array(roles), person.ID)
	return persons, problem(err)
}

// Represents reads for whom else a person acts at a moment: the ids of those who are absent and whose chain of deputies
// ends with this person.
func (s *Store) Represents(ctx context.Context, personID string, moment time.Time) ([]string, error) {
	var ids []string
	err := s.db.SelectContext(ctx, &ids, `
		SELECT DISTINCT person_id FROM absences
		WHERE from_at <= $2 AND $2 < until_at AND person_id <> $1 AND acting_for(person_id, $2) = $1`, personID, moment)
	return ids, problem(err)
}

// actsAs are the persons whose work a person sees at a moment: the person first, then everybody whom the person represents.
func (s *Store) actsAs(ctx context.Context, personID string, moment time.Time) ([]string, error) {
	represented, err := s.Represents(ctx, personID, moment)
	return append([]string{personID}, represented...), err
}

// RepresentedIn reads the names of the absent advisors in whose place alone a person sees consultations, by consultation:
// those where the person is none of the team.
func (s *Store) RepresentedIn(ctx context.Context, consultationIDs []string, personID string, represented []string) (map[string]string, error) {
	var found []struct {
		ConsultationID string `db:"consultation_id"`
		Names          string `db:"names"`
	}
	err := s.db.SelectContext(ctx, &found, `
		SELECT m.consultation_id, string_agg(trim(p.first_name || ' ' || p.last_name), ', ' ORDER BY m.lead DESC, p.last_name) AS names
		FROM team m JOIN persons p ON p.id = m.advisor_id
		WHERE m.consultation_id = ANY($1::uuid[]) AND m.advisor_id = ANY($3::uuid[]) AND m.until IS NULL AND NOT EXISTS (
			SELECT FROM team o WHERE o.consultation_id = m.consultation_id AND o.advisor_id = $2 AND o.until IS NULL)
		GROUP BY m.consultation_id`, pq.Array(consultationIDs), personID, pq.Array(represented))
	names := map[string]string{}
	for _, consultation := range found {
		names[consultation.ConsultationID] = consultation.Names
	}
	return names, problem(err)
}

// Deputy is who acts in the place of somebody absent.
type Deputy struct {
	ForID string    `db:"for_id"` // who is absent
	ID    string    `db:"id"`     // "" where nobody acts
	Name  string    `db:"name"`
	Until time.Time `db:"until_at"` // when the absent person is back
}

// Deputies reads who of some persons is absent at a moment, and who acts for each at the end of the chain of deputies.
// Who is there is left out.
func (s *Store) Deputies(ctx context.Context, personIDs []string, moment time.Time) (map[string]Deputy, error) {
	var found []Deputy
	err := s.db.SelectContext(ctx, &found, `
		SELECT a.person_id AS for_id, coalesce(d.id::text, '') AS id,
			coalesce(trim(d.first_name || ' ' || d.last_name), '') AS name, a.until_at
		FROM absences a LEFT JOIN persons d ON d.id = acting_for(a.person_id, $2)
		WHERE a.person_id = ANY($1::uuid[]) AND a.from_at <= $2 AND $2 < a.until_at`, pq.Array(personIDs), moment)
	byPerson := map[string]Deputy{}
	for _, deputy := range found {
		byPerson[deputy.ForID] = deputy
	}
	return byPerson, problem(err)
}

// personalTasks are the kinds of task that no deputy gets.
var personalTasks = func() pq.StringArray {
	kinds := pq.StringArray{}
	for _, rule := range advisory.DefaultProgramme().Tasks {
		if rule.Kind.ForPerson() {
			kinds = append(kinds, string(rule.Kind))
		}
	}
	return kinds
}()

// biased tells of a consultation and a person whether the person has declared a conflict of interest there, or has left
// its team. Such a person is deputy of nobody in it. The two names are expressions of the statement around it.
func biased(consultation, person string) string {
	return `(EXISTS (SELECT FROM invitations biased WHERE biased.consultation_id = ` + consultation + ` AND biased.advisor_id = ` + person + `
			AND biased.state = 'conflict_of_interest')
		OR EXISTS (SELECT FROM team former WHERE former.consultation_id = ` + consultation + ` AND former.advisor_id = ` + person + `
			AND former.until IS NOT NULL))`
}

// actsFor tells whether a person acts at a moment for the owner of a task, who is absent.
func (s *Store) actsFor(ctx context.Context, task Task, personID string, moment time.Time) (bool, error) {
	if task.OwnerID == nil || *task.OwnerID == personID || task.Kind.ForPerson() {
		return false, nil
	}
	var acts bool
	err := s.db.GetContext(ctx, &acts, `
		SELECT coalesce(acting_for($1::uuid, $2) = $3::uuid, false) AND NOT `+biased(`$4::uuid`, `$3::uuid`),
		*task.OwnerID, moment, personID, task.ConsultationID)
	return acts, problem(err)
}

// DeputyFor tells in whose place a person would settle a task at a moment: the owner's, who is absent and for whom the
// person acts. "" where the person does it in the own name.
func (s *Store) DeputyFor(ctx context.Context, task Task, personID string, moment time.Time) (string, error) {
	acts, err := s.actsFor(ctx, task, personID, moment)
	if err != nil || !acts {
		return "", err
	}
	return *task.OwnerID, nil
}
