package browser_test

import (
	"net/http"

	"github.com/google/uuid"

	"miglobe/advisory"
)

// incidents are looked at before and after something goes wrong.
func (g *gallery) incidents() {
	admin := g.signedIn(person(g.T, advisory.Administrator, "Adi"))
	g.open(admin, "/betrieb", "incidents-few")
	c := filed(g.T, "Störungen "+g.d.name)
	exec := func(statement string, args ...any) {
		g.Helper()
		if _, err := app.Store.DB().Exec(statement, args...); err != nil {
			g.Fatal(err)
		}
	}
	for _, kind := range []advisory.InputKind{advisory.Withdraw, advisory.MoveAppointment, advisory.ProposeGoal} {
		for range 4 { // more than fit on a page; the relay does not come to them while somebody looks
			exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, message, entered_at, created_at, deliveries, next_delivery)
				SELECT $1, id, id, $2, '{}', now(), now() - interval '2 hours', 9, now() + interval '1 day' FROM consultations WHERE id = $3`,
				uuid.NewString(), kind, c.id)
		}
	}
	for step, cause := range map[int][2]string{98: {"rule", "open_task 23514 tasks tasks_state_check"}, 99: {"schema", "mail 42P01"}} {
		exec(`INSERT INTO step_failures (workflow_id, step, consultation_id, namespace, activity_id, reason, detail, attempts)
			SELECT id::text, $1, id, 'none', '7', $2, $3, 41 FROM consultations WHERE id = $4`, step, cause[0], cause[1], c.id)
	}
	for template, failed := range map[advisory.Template][4]string{
		advisory.MailStaffTaskOpened:   {c.kim.ID, "given_up", "mail_server"},
		advisory.MailRequestAccepted:   {c.toni.ID, "given_up", "deferred 451 4.7.1"},
		advisory.MailAppointmentMoved:  {c.amina.ID, "bounced", "the mail server refuses for good: 550 5.1.1"},
		advisory.MailStaffTaskReminder: {c.kim.ID, "bounced", "the mail server refuses for good: 552 5.2.2"},
	} {
		exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, state, ordered_at, not_before, attempts, failure)
			VALUES ($1::uuid, $1, $2, $3, $4, 'de', $5, $6, $6, 30, $7)`, uuid.NewString(), c.id, failed[0], template, failed[1],
			app.Clock.Now(), failed[2])
	}
	exec(`UPDATE persons SET bounced_at = now() WHERE id = $1`, c.amina.ID)
	g.open(admin, "/betrieb", "incidents")
	g.open(admin, "/betrieb?eingaben=2", "incidents-later-page")
	admin.press("Erneut versuchen: Schritt 98, " + c.number)
	admin.isTold("1 Schritt wird erneut versucht.")
	g.shot(admin, "incidents-asked")
	g.refused(admin, http.StatusNotFound, "/betrieb/mails/erneut", "error-retry-by-link")
	admin.language = "/en"
	g.open(admin, "/betrieb", "en-incidents")
}
