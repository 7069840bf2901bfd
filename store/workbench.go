package store

import (
	"context"
	"strings"
	"time"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// WorkList is one of the coordination team's lists of open tasks.
type WorkList string

// The lists.
const (
	MyTasks        WorkList = "mine"      // what the person and those represented owe, and what was passed on to them
	TeamTasks      WorkList = "team"      // what any coordinator owes, and what was passed on from others
	UnclaimedTasks WorkList = "unclaimed" // what nobody has claimed yet
	WaitingTasks   WorkList = "waiting"   // what municipalities and advisors owe while their consultations go on
	RestingTasks   WorkList = "resting"   // what anybody owes whose time stands still
)

// WorkLists are all lists in the order of the page.
var WorkLists = []WorkList{MyTasks, TeamTasks, UnclaimedTasks, WaitingTasks, RestingTasks}

// DueGroup is when a task is due, seen from today.
type DueGroup string

// The groups.
const (
	Overdue     DueGroup = "overdue"
	DueToday    DueGroup = "today"
	DueThisWeek DueGroup = "this_week" // after today, up to Sunday
	DueLater    DueGroup = "later"     // and whatever rests
)

// DueGroups are all groups, the most urgent first.
var DueGroups = []DueGroup{Overdue, DueToday, DueThisWeek, DueLater}

// DueGroup tells into which group a task falls. While its consultation rests, its time stands still.
func (t Task) DueGroup(now time.Time) DueGroup {
	if t.IsFrozen() {
		return DueLater
	}
	return DueGroupOf(t.DueOn, now)
}

// DueGroupOf tells into which group a date falls. Both dates are taken in Europe/Berlin.
func DueGroupOf(due, now time.Time) DueGroup {
	today, day := advisory.Midnight(now), advisory.Midnight(due)
	switch {
	case day.Before(today):
		return Overdue
	case day.Equal(today):
		return DueToday
	case !day.After(endOfWeek(now)):
		return DueThisWeek
	default:
		return DueLater
	}
}

// endOfWeek is the Sunday of now's week.
func endOfWeek(now time.Time) time.Time {
	day := advisory.Midnight(now)
	return day.AddDate(0, 0, (7-int(day.Weekday()))%7)
}

// WorkFilter says which tasks of which list to read. Empty fields do not filter.
type WorkFilter struct {
	List        WorkList
	Person      Person    // whose workbench it is
	Now         time.Time // business time
	Due         DueGroup
	DueBy       *time.Time // due until this day; nothing is due while it rests
	Kind        advisory.TaskKind
	Advisor     string // person who owes the task or accompanies its consultation
	Stage       advisory.Stage
	Land        advisory.Land
	Topic       string     // key of the option list topics, as the municipality chose it
	Coordinator string     // of the consultation: a person, or Unclaimed
	SentBefore  *time.Time // the request
	Words       string     // found in everything of the consultation that is searched
	Page        int        // from 1

	owners []string // the person and everybody whom the person represents
}

// Work is a page of a list, and how many tasks the filter leaves in each group on all pages together.
type Work struct {
	Tasks  []Task
	Groups map[DueGroup]int
}

// Total is the number of tasks on all pages.
func (w Work) Total() int {
	total := 0
	for _, n := range w.Groups {
		total += n
	}
	return total
}

// ofList are the conditions of the lists on open tasks t. What one person owes is a union of what its indexes find; what the
// whole team owes, and what nobody has claimed, has an index of its own in the order of the page.
var ofList = map[WorkList]string{
	MyTasks: `t.id IN (
		SELECT id FROM tasks WHERE state = 'open' AND owner_id = ANY(CAST(:owners AS uuid[]))
			AND (shown_from IS NULL OR shown_from <= :today)
		UNION SELECT o.id FROM tasks o JOIN consultations k ON k.id = o.consultation_id
			WHERE o.state = 'open' AND o.passed_to = 'coordinator' AND o.passed_to <> ''
				AND k.coordinator_id = ANY(CAST(:owners AS uuid[]))
		UNION SELECT o.id FROM tasks o JOIN persons absent ON absent.id = o.owner_id
			WHERE o.state = 'open' AND o.passed_to = 'deputy' AND o.passed_to <> '' AND absent.deputy_id = :person
		UNION SELECT id FROM tasks WHERE state = 'open' AND passed_to = 'lead_coordinator' AND passed_to <> ''
			AND EXISTS (SELECT FROM persons WHERE id = ANY(CAST(:owners AS uuid[])) AND role = 'lead_coordinator'))`,
	TeamTasks: `(t.owner_role IN ('coordinator', 'lead_coordinator') OR t.passed_to <> '')`,
	UnclaimedTasks: `t.owner_role IN ('coordinator', 'lead_coordinator') AND t.owner_id IS NULL
		AND t.not_id IS DISTINCT FROM :person`,
	WaitingTasks: `t.owner_role IN ('municipality', 'advisor') AND NOT ` + restingTask + ` AND (t.owner_id IS NULL
		OR t.owner_id NOT IN (SELECT id FROM persons WHERE role IN ('coordinator', 'lead_coordinator')))`,
	RestingTasks: restingTask,
}

// restingTask is IsFrozen for tasks t. It reads what rests, which is little, and not every task's consultation.
var restingTask = `(t.kind NOT IN (` + runningWhileResting + `)
	AND t.consultation_id IN (SELECT id FROM consultations WHERE resting_since IS NOT NULL))`

var dueGroup = `CASE WHEN ` + restingTask + ` THEN 'later' WHEN t.due_on < :today THEN 'overdue' WHEN t.due_on = :today THEN 'today'
	WHEN t.due_on <= :sunday THEN 'this_week' ELSE 'later' END`

// found is the tasks t of the filter, with their condition, and its values.
func (f WorkFilter) found() (string, map[string]any) {
	values := map[string]any{
		"person": f.Person.ID, "owners": pq.Array(f.owners),
		"today": day(f.Now), "sunday": day(endOfWeek(f.Now)),
		"limit": TasksPerPage, "offset": TasksPerPage * (max(f.Page, 1) - 1),
	}
	where := ` WHERE t.state = 'open' AND ` + ofList[f.List]
	if f.Kind != "" {
		where += ` AND t.kind = :kind`
		values["kind"] = f.Kind
	}
	if f.Due != "" {
		where += ` AND ` + dueGroup + ` = :due`
		values["due"] = f.Due
	}
	if f.DueBy != nil {
		where += ` AND t.due_on <= :due_by AND NOT ` + restingTask
		values["due_by"] = day(*f.DueBy)
	}
	if f.Advisor != "" {
		where += ` AND (t.owner_id = :advisor OR t.consultation_id IN (
			SELECT consultation_id FROM team WHERE advisor_id = :advisor AND until IS NULL))`
		values["advisor"] = asID(f.Advisor)
	}
	return `tasks t` + where + f.ofConsultations(values) + wordsCondition(f.Words, `t.consultation_id`, values), values
}

// ofConsultations is the condition on the consultations of the tasks, and adds its values. OFFSET 0 lets the database look
// each one up: open tasks are few, while a coordinator or a Land may have most of all consultations there ever were.
func (f WorkFilter) ofConsultations(values map[string]any) string {
	of := ConsultationFilter{Stage: f.Stage, Land: f.Land, Topic: f.Topic, Coordinator: f.Coordinator, SentBefore: f.SentBefore}
	conditions := of.conditions(values)
	if conditions == "" {
		return ""
	}
	return ` AND EXISTS (SELECT FROM consultations c WHERE c.id = t.consultation_id` + conditions + ` OFFSET 0)`
}

func (f WorkFilter) groupsQuery() (string, map[string]any) {
	found, values := f.found()
	return `SELECT ` + dueGroup + ` AS due, count(*) AS n FROM ` + found + ` GROUP BY 1`, values
}

func (f WorkFilter) countQuery() (string, map[string]any) {
	found, values := f.found()
	return `SELECT count(*) FROM ` + found, values
}

// pageQuery finds the tasks of the page first, and reads all about them alone.
func (f WorkFilter) pageQuery() (string, map[string]any) {
	found, values := f.found()
	const order = `, t.due_on, t.opened_at, t.id`
	return `SELECT ` + taskColumns + ` FROM ` + taskTables + ` WHERE t.id IN (
			SELECT t.id FROM ` + found + ` ORDER BY ` + restingTask + order + ` LIMIT :limit OFFSET :offset)
		ORDER BY ` + frozen + order, values
}

// Work reads a page of a list of open tasks, by due date; what rests comes last.
func (s *Store) Work(ctx context.Context, filter WorkFilter) (Work, error) {
	var err error
	if filter.owners, err = s.actsAs(ctx, filter.Person.ID, filter.Now); err != nil {
		return Work{}, err
	}
	groups, err := s.workGroups(ctx, filter)
	if err != nil {
		return Work{}, err
	}
	work := Work{Groups: groups}
	query, values := filter.pageQuery()
	return work, s.selectNamed(ctx, &work.Tasks, query, values)
}

func (s *Store) workGroups(ctx context.Context, filter WorkFilter) (map[DueGroup]int, error) {
	var counted []struct {
		Due DueGroup `db:"due"`
		N   int      `db:"n"`
	}
	query, values := filter.groupsQuery()
	if err := s.selectNamed(ctx, &counted, query, values); err != nil {
		return nil, err
	}
	groups := map[DueGroup]int{}
	for _, group := range counted {
		groups[group.Due] = group.N
	}
	return groups, nil
}

// FirstWork reads the first tasks of a list without any filter, at most limit.
func (s *Store) FirstWork(ctx context.Context, list WorkList, person Person, now time.Time, limit int) ([]Task, error) {
	owners, err := s.actsAs(ctx, person.ID, now)
	if err != nil {
		return nil, err
	}
	query, values := WorkFilter{List: list, Person: person, Now: now, owners: owners}.pageQuery()
	values["limit"] = limit
	var tasks []Task
	return tasks, s.selectNamed(ctx, &tasks, query, values)
}

// WorkCounts tells how many tasks each list of a person has without any filter.
func (s *Store) WorkCounts(ctx context.Context, person Person, now time.Time) (map[WorkList]int, error) {
	owners, err := s.actsAs(ctx, person.ID, now)
	if err != nil {
		return nil, err
	}
	counts := map[WorkList]int{}
	for _, query := range workCountQueries(person, now, owners) {
		var counted []struct {
			List WorkList `db:"list"`
			N    int      `db:"n"`
		}
		if err := s.selectNamed(ctx, &counted, query.statement, query.values); err != nil {
			return nil, err
		}
		for _, list := range counted {
			counts[list.List] = list.N
		}
	}
	return counts, nil
}

type namedQuery struct {
	statement string
	values    map[string]any
}

// workCountQueries count the person's own tasks by their indexes, and all other lists in one look at what is open.
func workCountQueries(person Person, now time.Time, owners []string) []namedQuery {
	own, values := WorkFilter{List: MyTasks, Person: person, Now: now, owners: owners}.countQuery()
	var columns, rows []string
	for _, list := range WorkLists {
		if list != MyTasks {
			columns = append(columns, `count(*) FILTER (WHERE `+ofList[list]+`) AS `+string(list))
			rows = append(rows, `SELECT '`+string(list)+`' AS list, `+string(list)+` AS n FROM counted`)
		}
	}
	return []namedQuery{
		{`SELECT '` + string(MyTasks) + `' AS list, n FROM (` + own + `) counted (n)`, values},
		{`WITH counted AS (SELECT ` + strings.Join(columns, `, `) + ` FROM tasks t WHERE t.state = 'open') ` + strings.Join(rows, ` UNION ALL `),
			map[string]any{"person": person.ID}},
	}
}
