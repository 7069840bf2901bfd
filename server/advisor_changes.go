package server

import (
	"slices"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// changeRow is a field of a profile before and after a change, as people read it. Templates show rows by
// "advisor-changes".
type changeRow struct {
	Label         string
	Before, After []string
}

// changes lists the fields whose answers differ, in the order of the form.
func (c *Context) changes(f *texts.Form, before, after advisory.Answers) []changeRow {
	was := map[string][]string{}
	for _, step := range form.Reading(f, before, c.Sources, c.FormContext()) {
		for _, item := range step.Items {
			was[item.Key] = item.Lines
		}
	}
	var rows []changeRow
	for _, step := range form.Reading(f, after, c.Sources, c.FormContext()) {
		for _, item := range step.Items {
			if slices.Equal(before.All(item.Key), after.All(item.Key)) {
				continue
			}
			row := changeRow{Label: item.Label, Before: was[item.Key], After: item.Lines}
			if row.Before == nil {
				row.Before = []string{orNone(c, "")}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// proposalView is a change that an advisor has proposed.
type proposalView struct {
	store.ProfileProposal
	Changes []changeRow
	Path    string // where it is decided
	Return  form.View
	Open    bool // the form that returns it shows
}

// Waits tells whether nobody has decided yet.
func (p proposalView) Waits() bool { return p.State == store.ProposalWaiting }

// WasReturned tells whether the advisor has to look at it again.
func (p proposalView) WasReturned() bool { return p.State == store.ProposalReturned }

func (c *Context) proposalView(proposal store.ProfileProposal) *proposalView {
	reviewed, _ := c.server.texts.Form(c.Lang, "advisor_by_team")
	view := &proposalView{ProfileProposal: proposal, Path: proposalsPath + "/" + proposal.ID,
		Changes: c.changes(reviewed, reviewedAnswers(proposal.Before), reviewedAnswers(proposal.After))}
	view.Return = c.returnView(proposal.ID, nil, nil)
	return view
}

// reviewedAnswers show the part of a profile that changes with an approval in its form; chosen topics in one order.
func reviewedAnswers(part store.ReviewedProfile) advisory.Answers {
	answers := advisory.Answers{}
	if len(part.Topics) > 0 {
		answers["topics"] = slices.Sorted(slices.Values(part.Topics))
	}
	for key, value := range map[string]string{"competences": part.Competences, "networks": part.Networks} {
		if value != "" {
			answers.Set(key, value)
		}
	}
	return answers
}

// decisionsShownDays is how long an advisor reads in the own profile what came of a proposal.
const decisionsShownDays = 30

// ownProposal is what an advisor reads of the own proposal: that it waits, or for a while what came of it.
func (c *Context) ownProposal(proposal *store.ProfileProposal) *proposalView {
	if proposal == nil || proposal.DecidedAt != nil && proposal.DecidedAt.AddDate(0, 0, decisionsShownDays).Before(c.Now()) {
		return nil
	}
	return c.proposalView(*proposal)
}
