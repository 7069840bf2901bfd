package server

import (
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

const goalPath = "/ziel" // below the consultation's

func (s *Server) goalRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: participationPath + "/:number" + goalPath, Who: participants, Handle: s.showGoal}}
}

// goalColumn is one version of goal and need beside others. Templates show it by "goal-column".
type goalColumn struct {
	store.GoalVersion
	Title      string
	Badge      *taskBadge
	Written    string
	Confirmed  string
	Declined   string
	Why        []string
	Goal, Need []wordPart
	New        bool // changed words are new, else they are left out in the other version
}

// goalPage shows all versions side by side.
type goalPage struct {
	store.Consultation
	ForMunicipality bool
	Columns         []goalColumn
	Requested       goalView // where nothing is recorded yet
	Change          *consultationAction
}

// Template implements Page.
func (goalPage) Template() string { return "goal_versions" }

func (s *Server) showGoal(c *Context) error {
	ctx := c.Request().Context()
	consultation, err := c.consultation()
	if err != nil {
		return err
	}
	page := goalPage{Consultation: consultation, Requested: goalOfRequest(consultation)}
	if !c.Person.Role.Coordinates() {
		relation, err := s.participation(c, consultation)
		if err != nil {
			return err
		}
		page.ForMunicipality = relation.Contact
	}
	versions, err := s.store.GoalVersions(ctx, consultation.ID)
	if err != nil {
		return err
	}
	current := store.CurrentGoal(versions)
	for _, version := range versions {
		page.Columns = append(page.Columns, c.goalColumn(consultation, version, current))
	}
	if goalCanChange(c, consultation) {
		page.Change = &consultationAction{c.T("goal_pages.offer"), consultationPath(consultation.Number) + proposeGoal.path}
	}
	return c.Show(http.StatusOK, page)
}

// goalColumn tells what a version is, who wrote it and whether it counts.
func (c *Context) goalColumn(consultation store.Consultation, version, current store.GoalVersion) goalColumn {
	day := func(t time.Time) string { return texts.Date(c.Lang, t) }
	column := goalColumn{
		GoalVersion: version, Title: c.T("goal_pages.version", "n", version.Version), Why: lines(version.Why),
		Written: c.T("goal_pages.written", "who", c.goalAuthor(consultation, version), "date", day(version.WrittenAt)),
		Goal:    []wordPart{{Text: version.Goal}}, Need: []wordPart{{Text: version.Need}},
	}
	if version.Version == 1 {
		column.Title = c.T("goal_versions.baseline")
	}
	if version.ConfirmedAt != nil {
		column.Confirmed = c.enteredFor(c.T("task_pages.goal_confirmed", "date", day(*version.ConfirmedAt)), version.SettledBy,
			consultation.Municipality)
	}
	if version.DeclinedAt != nil {
		column.Declined = c.enteredFor(c.T("goal_pages.declined", "date", day(*version.DeclinedAt)), version.SettledBy,
			consultation.Municipality)
	}
	switch {
	case version.Version == current.Version && current.Version > 0:
		column.Badge = badge("success", c.T("goal_versions.current"))
	case version.IsOpen() && consultation.IsRunning():
		column.Badge = badge("info", c.T("goal_pages.open"))
	case !version.Counts():
		column.Badge = badge("neutral", c.T("goal_versions.kept"))
	}
	return column
}

// goalAuthor names who wrote a version, and for whom.
func (c *Context) goalAuthor(consultation store.Consultation, version store.GoalVersion) string {
	return c.author(version.AuthorName, version.OnBehalf, consultation.Municipality)
}

// goalVersions shows the baseline, the version that counts and the one that is proposed, with what differs between the
// last two.
func (b *panelBuilder) goalVersions() {
	consultation := b.consultation()
	if b.err != nil {
		return
	}
	versions, err := b.server.store.GoalVersions(b.ctx(), consultation.ID)
	if b.fails(err) {
		return
	}
	proposed, current := store.OpenGoalProposal(versions), store.CurrentGoal(versions)
	if proposed.Version == 0 || current.Version == 0 {
		b.goal()
		return
	}
	b.add(taskPanel{
		ID: "proposed", Title: b.T("goal_pages.proposed_by", "name", b.goalAuthor(consultation, proposed)),
		Text: append([]string{b.T("goal_pages.proposed_on", "date", texts.Date(b.Lang, proposed.WrittenAt))}, lines(proposed.Why)...),
	})
	b.add(taskPanel{ID: "versions", Title: b.T("goal_pages.compare"), Versions: b.compareGoals(consultation, versions[0], current, proposed)})
}

func (b *panelBuilder) compareGoals(consultation store.Consultation, baseline, current, proposed store.GoalVersion) []goalColumn {
	column := func(version store.GoalVersion) goalColumn {
		column := b.goalColumn(consultation, version, current)
		column.Why = nil // stands in a panel of its own
		return column
	}
	valid, wanted := column(current), column(proposed)
	valid.Goal, wanted.Goal = compareWords(current.Goal, proposed.Goal)
	valid.Need, wanted.Need = compareWords(current.Need, proposed.Need)
	wanted.New = true
	if baseline.Version == current.Version {
		return []goalColumn{valid, wanted}
	}
	return []goalColumn{column(baseline), valid, wanted}
}

// goalView is the goal in the municipality's words. Of the versions it shows the one that counts.
type goalView struct {
	Goal, Need string
	Version    int          // 0: as in the request, nothing is recorded yet
	On         time.Time    // when the version was confirmed or written
	Confirmed  bool         // by the municipality
	Entered    string       // that somebody confirmed it for the municipality; "" where it did so itself
	Proposal   *goalColumn  // on which the municipality has still to decide
	Earlier    []goalColumn // that counted once, the latest first
	Versions   string       // path of the page with all versions; "" where there is one at most
}

func goalOfRequest(consultation store.Consultation) goalView {
	return goalView{Goal: consultation.Request.Get("goal"), Need: consultation.Request.Get("need")}
}

// goal shows the version that counts. Until the municipality has confirmed it, the page says so.
func (c *Context) goal(consultation store.Consultation, versions []store.GoalVersion) goalView {
	current := store.CurrentGoal(versions)
	if current.Version == 0 {
		return goalOfRequest(consultation)
	}
	view := goalView{Goal: current.Goal, Need: current.Need, Version: current.Version, On: current.WrittenAt}
	if current.ConfirmedAt != nil {
		view.Confirmed, view.On = true, *current.ConfirmedAt
		view.Entered = c.entrySentence(current.SettledBy, consultation.Municipality)
	}
	if open := store.OpenGoalProposal(versions); open.Version > 0 && consultation.IsRunning() {
		proposal := c.goalColumn(consultation, open, current)
		proposal.Title = c.T("goal_versions.proposed", "name", c.goalAuthor(consultation, open))
		view.Proposal = &proposal
	}
	for i := len(versions) - 1; i >= 0; i-- {
		if versions[i].Version != current.Version && versions[i].Counts() {
			view.Earlier = append(view.Earlier, c.goalColumn(consultation, versions[i], current))
		}
	}
	if len(versions) > 1 {
		view.Versions = consultationPath(consultation.Number) + goalPath
	}
	return view
}

// goalHint tells the coordination team that the goal has changed since the municipality agreed to its advisors.
type goalHint struct {
	Text string
	Link consultationAction
}

func (c *Context) goalHint(consultation store.Consultation, versions []store.GoalVersion, dates map[advisory.Stage]time.Time) *goalHint {
	current, agreed := store.CurrentGoal(versions), dates[advisory.Opening]
	if !atStages(consultation, advisory.Opening, advisory.Dialogue, advisory.Options) || current.ConfirmedAt == nil ||
		!current.ConfirmedAt.After(agreed) {
		return nil
	}
	return &goalHint{
		Text: c.T("goal_pages.hint", "date", texts.Date(c.Lang, *current.ConfirmedAt)),
		Link: consultationAction{c.T("actions.re_open_assignment"), consultationPath(consultation.Number) + reopeningPath},
	}
}
