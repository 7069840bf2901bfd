package server

import (
	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

// goalStages are the stages in which goal and need can get a new version: from their confirmation to the options.
var goalStages = []advisory.Stage{advisory.Assignment, advisory.Opening, advisory.Dialogue, advisory.Options}

func goalCanChange(_ *Context, consultation store.Consultation) bool {
	return atStages(consultation, goalStages...)
}

// proposeGoal is a new version of goal and need. That of the municipality counts at once; everybody else proposes
// (journey.md, Goal changes).
var proposeGoal = initiative{
	path: "/ziel-aendern", kind: advisory.ProposeGoal, who: participants, form: "goal_change",
	words: initiativeWords{
		offer: "goal_pages.offer", keep: "actions.cancel", done: "goal_pages.proposed", refused: "goal_pages.refused",
	},
	possible: goalCanChange,
	check:    refuseSameGoal,
	prepare: func(c *Context, d *initiativeDesk) error {
		d.Text = []string{d.Form.Intro}
		if d.Relation.Contact {
			c.ownGoal(d)
		}
		return c.knownGoal(d)
	},
}

// enterGoal is a new version that the municipality has told the coordination team: it counts at once.
var enterGoal = initiative{
	path: "/ziel-eintragen", kind: advisory.ProposeGoal, who: Coordination, form: "goal_change", forMunicipality: true,
	words: initiativeWords{
		offerBehalf: "goal_pages.offer_behalf", onBehalf: "goal_pages.on_behalf", keep: "actions.cancel",
		refused: "goal_pages.refused",
	},
	possible: goalCanChange,
	check:    refuseSameGoal,
	prepare: func(c *Context, d *initiativeDesk) error {
		c.ownGoal(d)
		d.Title, d.Done = c.T("goal_pages.behalf_title"), "goal_pages.entered"
		return c.knownGoal(d)
	},
}

// ownGoal makes the form that of the municipality, whose word counts.
func (c *Context) ownGoal(d *initiativeDesk) {
	d.Choice, d.Done = advisory.Confirm, "goal_pages.changed"
	d.Title, d.Form.Submit = c.T("goal_pages.own_title"), c.T("goal_pages.own_submit")
	d.Text = []string{c.T("goal_pages.own_text")}
}

// knownGoal begins with the version that counts. Where one is proposed already, the page shows it.
func (c *Context) knownGoal(d *initiativeDesk) error {
	versions, err := c.server.store.GoalVersions(c.Request().Context(), d.ID)
	current := store.CurrentGoal(versions)
	d.Known = advisory.Answers{"goal": {current.Goal}, "need": {current.Need}}
	if open := store.OpenGoalProposal(versions); open.Version > 0 {
		d.Panels = append(d.Panels, taskPanel{ID: "proposal", Title: c.T("goal_versions.proposed", "name", c.goalAuthor(d.Consultation, open)),
			Quote: lines(open.Goal), Lists: list(fact(c.T("consultation.need"), lines(open.Need)...))})
	}
	return err
}

// refuseSameGoal finds a new version that says what counts already.
func refuseSameGoal(c *Context, d initiativeDesk, answers advisory.Answers, errs form.Errors) form.Errors {
	if answers.Get("goal") == d.Known.Get("goal") && answers.Get("need") == d.Known.Get("need") {
		return errs.Add(d.Form, c.Sources, d.Context, "goal", "unchanged")
	}
	return errs
}
