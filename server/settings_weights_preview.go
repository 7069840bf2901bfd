package server

import (
	"slices"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/matching"
	"miglobe/store"
)

const (
	previewedAssignments = 50 // at most so many are computed
	assignmentsPerPage   = 10
	previewedPlaces      = 5 // of each order
)

// weightsPreview is what other weights would change at the open assignments.
type weightsPreview struct {
	Sentences   []string // what it comes to
	Assignments []assignmentPreview
	Pager       pagerView
}

// assignmentPreview is one open assignment by the weights that it follows and by others.
type assignmentPreview struct {
	Task  store.Task
	First string
	Teams []string
	Rows  []previewRow
	Rest  string // how many stand behind in both orders, "" for none
}

type previewRow struct {
	Name          string
	Before, After int
	Change        string
}

// bothWays is an open assignment by its own weights and by others.
type bothWays struct{ today, changed assignment }

func (s *Server) weightsPreview(c *Context, weights advisory.MatchingWeights) (*weightsPreview, error) {
	tasks, total, err := s.store.OpenAssignments(c.Request().Context(), previewedAssignments)
	if err != nil {
		return nil, err
	}
	compared := make([]bothWays, 0, len(tasks))
	for _, task := range tasks {
		both, err := s.bothWays(c, task, weights)
		if err != nil {
			return nil, err
		}
		compared = append(compared, both)
	}
	// What changes most comes first.
	slices.SortStableFunc(compared, func(a, b bothWays) int { return b.weight() - a.weight() })
	preview := &weightsPreview{Sentences: c.previewSentences(compared, total), Pager: c.pager(len(compared), assignmentsPerPage)}
	from := min(assignmentsPerPage*(c.page()-1), len(compared))
	for _, both := range compared[from:min(from+assignmentsPerPage, len(compared))] {
		preview.Assignments = append(preview.Assignments, c.assignmentPreview(both))
	}
	return preview, nil
}

func (s *Server) bothWays(c *Context, task store.Task, weights advisory.MatchingWeights) (bothWays, error) {
	ctx := c.Request().Context()
	need, err := s.store.Need(ctx, task.ConsultationID)
	if err != nil {
		return bothWays{}, err
	}
	programme, err := s.store.ProgrammeVersion(ctx, task.ProgrammeVersion)
	if err != nil {
		return bothWays{}, err
	}
	candidates, err := s.store.Candidates(ctx, task.ConsultationID, need, c.Now())
	if err != nil {
		return bothWays{}, err
	}
	return bothWays{
		today:   newAssignment(task, need, programme.Matching, candidates, c.Now()),
		changed: newAssignment(task, need, weights, candidates, c.Now()),
	}, nil
}

// order are the ids of those who are suggested.
func (a assignment) order() []string {
	ids := make([]string, 0, len(a.suggestions))
	for _, found := range a.suggestions {
		ids = append(ids, found.ID)
	}
	return ids
}

func (b bothWays) firstChanges() bool {
	before, after := b.today.order(), b.changed.order()
	return len(before) > 0 && before[0] != after[0]
}

func (b bothWays) orderChanges() bool { return !slices.Equal(b.today.order(), b.changed.order()) }

func (b bothWays) teamChanges() bool {
	before, after := b.today.teams(), b.changed.teams()
	for i := range before {
		if !sameMembers(before[i], after[i]) {
			return true
		}
	}
	return false
}

// weight orders assignments by how much changes.
func (b bothWays) weight() int {
	switch {
	case b.firstChanges():
		return 3
	case b.teamChanges():
		return 2
	case b.orderChanges():
		return 1
	default:
		return 0
	}
}

func sameMembers(a, b matching.Team) bool {
	return slices.Equal(slices.Sorted(slices.Values(memberIDs(a))), slices.Sorted(slices.Values(memberIDs(b))))
}

func memberIDs(team matching.Team) []string {
	var ids []string
	for _, member := range team.Members {
		ids = append(ids, member.ID)
	}
	return ids
}

// previewSentences are what the preview comes to, the most important first.
func (c *Context) previewSentences(compared []bothWays, total int) []string {
	const key = "settings_weights.preview."
	first, team, some := 0, 0, 0
	for _, both := range compared {
		if both.firstChanges() {
			first++
		}
		if both.teamChanges() {
			team++
		}
		if both.weight() > 0 {
			some++
		}
	}
	count := func(name string, n int) string {
		return c.server.texts.Count(c.Lang, key+name, len(compared), "some", n)
	}
	var told []string
	switch {
	case len(compared) == 0:
		return []string{c.T(key + "none_open")}
	case some == 0:
		told = append(told, count("all_stay", 0))
	case first == 0:
		told = append(told, count("first_stays", some))
	default:
		told = append(told, count("first_changes", first))
	}
	switch {
	case team > 0:
		told = append(told, c.T(key+"team_changes", "n", team))
	case some > 0:
		told = append(told, c.T(key+"team_stays"))
	}
	if total > len(compared) {
		told = append(told, c.T(key+"bounded", "n", len(compared), "count", total))
	}
	return told
}

func (c *Context) assignmentPreview(both bothWays) assignmentPreview {
	const key = "settings_weights.preview."
	view := assignmentPreview{Task: both.today.task}
	names := map[string]string{}
	for _, found := range both.today.suggestions {
		names[found.ID] = found.Name()
	}
	before, after := both.today.order(), both.changed.order()
	switch {
	case len(before) == 0:
		view.First = c.T(key + "nobody")
		return view
	case both.firstChanges():
		view.First = c.T(key+"first_other", "before", names[before[0]], "after", names[after[0]])
	default:
		view.First = c.T(key+"first_same", "name", names[before[0]])
	}
	view.Teams = c.teamPreviews(both, names)
	moves := matching.Compare(before, after)
	for _, move := range moves {
		if move.Before <= previewedPlaces || move.After <= previewedPlaces {
			view.Rows = append(view.Rows, previewRow{names[move.ID], move.Before, move.After, c.moveInWords(move)})
		}
	}
	if rest := len(moves) - len(view.Rows); rest > 0 {
		view.Rest = c.server.texts.Count(c.Lang, key+"further", rest)
	}
	return view
}

func (c *Context) moveInWords(move matching.Move) string {
	const key = "settings_weights.preview."
	switch {
	case move.After < move.Before:
		return c.T(key+"up", "before", move.Before, "after", move.After)
	case move.After > move.Before:
		return c.T(key+"down", "before", move.Before, "after", move.After)
	default:
		return c.T(key+"stays", "n", move.After)
	}
}

// teamPreviews says of each size whether the suggested team stays.
func (c *Context) teamPreviews(both bothWays, names map[string]string) []string {
	const key = "settings_weights.preview."
	called := func(team matching.Team) string {
		var members []string
		for _, id := range memberIDs(team) {
			members = append(members, names[id])
		}
		return strings.Join(members, ", ")
	}
	var told []string
	before, after := both.today.teams(), both.changed.teams()
	for i := range before {
		size := c.T(key + "size_" + strconv.Itoa(len(before[i].Members)))
		if sameMembers(before[i], after[i]) {
			told = append(told, c.T(key+"team_same", "size", size, "names", called(before[i])))
		} else {
			told = append(told, c.T(key+"team_other", "size", size, "before", called(before[i]), "after", called(after[i])))
		}
	}
	return told
}
