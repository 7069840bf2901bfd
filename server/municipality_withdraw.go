package server

import (
	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// whoWithdraws is the municipality; the coordination team enters it on its behalf.
var whoWithdraws = Only(advisory.Municipality, advisory.Coordinator, advisory.LeadCoordinator)

// withdraw ends a consultation as its municipality wishes (journey.md, Withdrawal).
var withdraw = initiative{
	path: "/zurueckziehen", kind: advisory.Withdraw, who: whoWithdraws, form: "withdraw", forMunicipality: true,
	words: initiativeWords{
		offer: "actions.withdraw", offerBehalf: "coordination_pages.record_withdrawal", onBehalf: "status_pages.withdraw.on_behalf",
		keep: "status_pages.withdraw.keep", done: "status_pages.withdraw.done", refused: "status_pages.withdraw.refused",
	},
	possible: running,
	prepare: func(c *Context, d *initiativeDesk) error {
		d.Title = c.T("confirmations.withdraw_title")
		d.Text = []string{texts.Fill(d.Form.Intro, "n", d.Programme.UndoDays)}
		return nil
	},
}

// undoWithdrawal takes a withdrawal back as long as that is possible.
var undoWithdrawal = initiative{
	path: "/wiederaufnehmen", kind: advisory.UndoWithdrawal, who: whoWithdraws, forMunicipality: true,
	words: initiativeWords{
		offerBehalf: "withdrawal_pages.record_undo", title: "withdrawal_pages.undo_title", submit: "actions.undo_withdrawal",
		onBehalf: "withdrawal_pages.undo_on_behalf", keep: "withdrawal_pages.keep", done: "messages.withdrawal_undone",
		refused: "withdrawal_pages.refused",
	},
	possible: func(c *Context, consultation store.Consultation) bool { return consultation.CanBeTakenUp(c.Now()) },
	prepare: func(c *Context, d *initiativeDesk) error {
		d.Text = []string{
			c.T("withdrawal_pages.undo_text", "stage", c.T("stages."+string(d.Stage)+".name")), c.T("rest_pages.everybody_hears"),
		}
		return nil
	},
}

// undoPath leads to the page that takes a withdrawal back.
func undoPath(number string) string { return consultationPath(number) + undoWithdrawal.path }
