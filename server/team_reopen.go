package server

import (
	"slices"

	"miglobe/advisory"
	"miglobe/store"
)

const reopeningPath = "/zuordnung-neu" // below the consultation's

// reopening lets the team be chosen anew, for example after a change of the goal.
var reopening = initiative{
	path: reopeningPath, kind: advisory.ReopenAssignment, who: Coordination, form: "reopen_assignment",
	words: initiativeWords{
		offer: "actions.re_open_assignment", keep: "team_pages.reopen.keep", done: "team_pages.reopen.done",
		refused: "team_pages.reopen.refused",
	},
	possible: func(_ *Context, consultation store.Consultation) bool {
		return atStages(consultation, advisory.Opening, advisory.Dialogue, advisory.Options)
	},
	prepare: prepareReopening,
}

// selecting are the tasks of an assignment under way: a second one cannot begin beside it.
var selecting = []advisory.TaskKind{advisory.ChooseAdvisors, advisory.AnswerInvitation, advisory.AgreeToAdvisors}

// prepareReopening says what follows, and who stays.
func prepareReopening(c *Context, d *initiativeDesk) error {
	ctx := c.Request().Context()
	tasks, err := c.server.store.TasksOf(ctx, d.ID, true)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(tasks, func(t store.Task) bool { return slices.Contains(selecting, t.Kind) }) {
		d.Text = append(d.Text, c.T("team_pages.reopen.refused.under_way"))
	}
	advisors, err := c.server.store.CurrentAdvisors(ctx, d.ID)
	if err != nil {
		return err
	}
	stay := taskPanel{ID: "stays", Title: c.T("team_pages.reopen.stays")}
	for _, advisor := range advisors {
		if advisor.InTeam {
			stay.Text = append(stay.Text, c.currentAdvisor(advisor))
		}
	}
	d.Text = append(d.Text, c.T("team_pages.reopen.what_follows"), c.T("team_pages.reopen.replace_instead"))
	if len(stay.Text) > 0 {
		d.Panels = append(d.Panels, stay)
	}
	return nil
}
