package server

import (
	"net/url"

	"miglobe/matching"
)

// suggestedTeamView is a suggested team, and the link that picks it without sending anything.
type suggestedTeamView struct {
	Title   string
	Members []factLine // name and topics
	Covers  string
	Missing string // topics that nobody knows, "" without any
	URL     string
	Picked  *taskBadge // that exactly this team is picked
}

func (c *Context) suggestedTeams(a assignment, picks map[string]string) []suggestedTeamView {
	names := map[string]string{}
	for _, found := range a.suggestions {
		names[found.ID] = found.Name()
	}
	var views []suggestedTeamView
	for _, team := range a.teams() {
		view := suggestedTeamView{
			Title: c.T("coordination_pages.assign.team.of", "n", len(team.Members)), URL: c.teamURL(a, team),
			Missing: c.labels("topics", team.Missing),
		}
		if isPicked(a, team, picks) {
			view.Picked = badge("success", c.T("coordination_pages.assign.team.picked"))
		}
		if most := len(a.need.Topics); most > 0 {
			view.Covers = c.server.texts.Count(c.Lang, "matching.in_short.topics", most, "some", len(team.Covered))
		}
		for _, member := range team.Members {
			topics := c.labels("topics", member.Score.SharedTopics)
			view.Members = append(view.Members, factLine{names[member.ID], c.reason("topic", topics)})
		}
		views = append(views, view)
	}
	return views
}

// teamURL is the page with a team picked, the first member to lead.
func (c *Context) teamURL(a assignment, team matching.Team) string {
	picks := url.Values{}
	for i, member := range team.Members {
		role := pickMember
		if i == 0 {
			role = pickLead
		}
		picks.Set(pickPrefix+member.ID, role)
	}
	return c.URL("/aufgaben/"+a.task.ID) + "?" + picks.Encode() + "#teams-h"
}

// isPicked tells whether of those who may be invited exactly the team is picked.
func isPicked(a assignment, team matching.Team, picks map[string]string) bool {
	n := 0
	for _, found := range a.invitable() {
		if picks[found.ID] != "" {
			n++
		}
	}
	for _, member := range team.Members {
		if picks[member.ID] == "" {
			return false
		}
	}
	return n == len(team.Members)
}
