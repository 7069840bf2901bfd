package store

import (
	"context"
	"strings"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// ConsultationFilter says which of all consultations to read. Empty fields do not filter.
type ConsultationFilter struct {
	Stage       advisory.Stage
	Outcome     advisory.Outcome
	Running     bool              // only those without an outcome
	Words       string            // found in everything that is searched
	Task        advisory.TaskKind // somebody owes a task of this kind
	DueBy       *time.Time        // an open task, of kind Task if that is set, is due until this day; nothing is due while it rests
	Land        advisory.Land
	Topic       string // key of the option list topics, as the municipality chose it
	Coordinator string // person, or Unclaimed
	Advisor     string // person who accompanies
	SentBefore  *time.Time
	Page        int // from 1
}

// Unclaimed is the coordinator of consultations that nobody has claimed yet.
const Unclaimed = "unclaimed"

// ListedConsultation is a consultation as the team's list shows it.
type ListedConsultation struct {
	Consultation
	CoordinatorName string         `db:"coordinator_name"` // "" before the request is claimed
	AdvisorNames    string         `db:"advisor_names"`    // who accompany, the lead first; "" for nobody
	Topics          pq.StringArray `db:"topics"`           // keys of the option list topics
	NextDue         *time.Time     `db:"next_due"`         // of its open tasks; nil: nobody owes anything
}

// CountedConsultations is how far a list of consultations is counted; more are said to be more. So many of the latest are
// put in the order of relevance where words are looked for.
const CountedConsultations = 1000

// ConsultationList is a page of a list: the latest change first, or the most relevant where words are looked for.
type ConsultationList struct {
	Consultations []ListedConsultation
	Total         int  // on all pages, at most CountedConsultations
	Uncounted     bool // there are more than Total
	More          bool // there is another page
}

func (f ConsultationFilter) where() (string, map[string]any) {
	values := map[string]any{
		"limit": ConsultationsPerPage + 1, "offset": ConsultationsPerPage * (max(f.Page, 1) - 1),
		"counted": CountedConsultations + 1, "ranked": CountedConsultations,
	}
	return ` WHERE true` + f.conditions(values) + f.owed(values) + wordsCondition(f.Words, `c.id`, values), values
}

// conditions are those on the rows of consultations c alone, and adds their values.
func (f ConsultationFilter) conditions(values map[string]any) string {
	where := ``
	also := func(condition, name string, value any) {
		where += ` AND ` + condition
		values[name] = value
	}
	if f.Stage != "" {
		also(atStage(f.Stage), "stage", f.Stage)
	}
	if f.Running || f.Outcome != "" {
		also(`c.outcome = :outcome`, "outcome", f.Outcome)
	}
	if f.Land != "" {
		also(`c.land = :land`, "land", f.Land)
	}
	if f.Topic != "" {
		also(`c.request->'topics' @> jsonb_build_array(CAST(:topic AS text))`, "topic", f.Topic)
	}
	if f.Coordinator == Unclaimed {
		where += ` AND c.coordinator_id IS NULL`
	} else if f.Coordinator != "" {
		also(`c.coordinator_id = :coordinator`, "coordinator", asID(f.Coordinator))
	}
	if f.Advisor != "" {
		also(`c.id IN (SELECT consultation_id FROM team WHERE advisor_id = :advisor AND until IS NULL)`, "advisor", asID(f.Advisor))
	}
	if f.SentBefore != nil {
		also(`c.sent_at < :sent_before`, "sent_before", *f.SentBefore)
	}
	return where
}

// owed is the condition on open tasks, and adds its values.
func (f ConsultationFilter) owed(values map[string]any) string {
	if f.Task == "" && f.DueBy == nil {
		return ""
	}
	tasks, resting := `SELECT consultation_id FROM tasks WHERE state = 'open'`, ``
	if f.Task != "" {
		tasks += ` AND kind = :task`
		values["task"] = f.Task
	}
	if f.DueBy != nil {
		tasks += ` AND due_on <= :due_by`
		values["due_by"] = day(*f.DueBy)
		resting = ` AND c.resting_since IS NULL`
	}
	return ` AND c.id IN (` + tasks + `)` + resting
}

// atStage is a condition on consultations c. What is completed and waits for its follow-up is at the follow-up.
func atStage(stage advisory.Stage) string {
	switch stage {
	case advisory.FollowUp:
		return `c.stage IN (:stage, 'closing') AND (c.stage = :stage OR c.outcome = 'completed')`
	case advisory.Closing:
		return `c.stage = :stage AND c.outcome <> 'completed'`
	default:
		return `c.stage = :stage`
	}
}

func (f ConsultationFilter) countQuery() (string, map[string]any) {
	where, values := f.where()
	return `SELECT count(*) FROM (SELECT 1 FROM consultations c` + where + latestFirst + ` LIMIT :counted) found`, values
}

const latestFirst = ` ORDER BY c.updated_at DESC, c.id`

func (f ConsultationFilter) pageQuery() (string, map[string]any) {
	where, values := f.where()
	page, order := `SELECT c.* FROM consultations c`+where+latestFirst, latestFirst
	if words := searchFor(f.Words); len(words) > 0 {
		order = ` ORDER BY c.relevance DESC, c.updated_at DESC, c.id`
		page = `SELECT c.*, ` + words.relevance(values) + ` AS relevance FROM (` + page + ` LIMIT :ranked) c` + strings.ReplaceAll(order, "c.relevance", "relevance")
	}
	return listedConsultations + `(` + page + ` LIMIT :limit OFFSET :offset) c ` + besideConsultations + order, values
}

// listedConsultations and besideConsultations read consultations c as lists show them.
const (
	listedConsultations = `
		SELECT ` + consultationListColumns + `, coalesce(trim(k.first_name || ' ' || k.last_name), '') AS coordinator_name,
			(SELECT coalesce(string_agg(trim(p.first_name || ' ' || p.last_name), ', ' ORDER BY t.lead DESC, p.last_name), '')
				FROM team t JOIN persons p ON p.id = t.advisor_id WHERE t.consultation_id = c.id AND t.until IS NULL) AS advisor_names,
			ARRAY(SELECT jsonb_array_elements_text(c.request->'topics')) AS topics,
			(SELECT min(t.due_on) FROM tasks t WHERE t.consultation_id = c.id AND t.state = 'open') AS next_due
		FROM `
	besideConsultations = `LEFT JOIN persons k ON k.id = c.coordinator_id`
)

// ConsultationList reads a page of all consultations.
func (s *Store) ConsultationList(ctx context.Context, filter ConsultationFilter) (ConsultationList, error) {
	var list ConsultationList
	query, values := filter.pageQuery()
	if err := s.selectNamed(ctx, &list.Consultations, query, values); err != nil {
		return list, err
	}
	if len(list.Consultations) > ConsultationsPerPage {
		list.Consultations, list.More = list.Consultations[:ConsultationsPerPage], true
	}
	var total []int
	query, values = filter.countQuery()
	if err := s.selectNamed(ctx, &total, query, values); err != nil {
		return list, err
	}
	list.Total, list.Uncounted = min(total[0], CountedConsultations), total[0] > CountedConsultations
	return list, nil
}
