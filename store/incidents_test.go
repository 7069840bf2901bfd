package store_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// late journals an input that was to be delivered an hour ago, and returns its id.
func (d *desk) late(kind advisory.InputKind) string {
	d.Helper()
	in := advisory.Input{ID: uuid.NewString(), Kind: kind, Actor: d.people["toni"]}
	_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, EnteredAt: monday})
	d.must(err)
	d.exec(`UPDATE inputs SET created_at = now() - interval '1 hour', deliveries = 5, next_delivery = now() + interval '40 seconds' WHERE id = $1`, in.ID)
	return in.ID
}

// failedMail is an order that stands at a state, and returns its id.
func (d *desk) failedMail(template advisory.Template, person, state string, attempts int) string {
	d.Helper()
	id := uuid.NewString()
	d.exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, state, ordered_at, not_before, attempts,
		next_attempt, failure) VALUES ($1::uuid, $1, $2, $3, $4, 'de', $5, $6, $6, $7, now() + interval '20 minutes', 'internal')`,
		id, d.consultation, d.people[person], template, state, monday, attempts)
	return id
}

func (d *desk) failedMails() store.Incidents[store.FailedMail] {
	d.Helper()
	mails, err := d.store.FailedMails(d.ctx, monday.Add(time.Hour), 1)
	d.must(err)
	return mails
}

func TestUndeliveredInputsAreDueAtOnceWhenRetried(t *testing.T) {
	d := newDesk(t)
	id, applied, fresh := d.late(advisory.Withdraw), d.late(advisory.BeginRest), d.late(advisory.ProposeGoal)
	d.exec(`UPDATE inputs SET state = 'applied' WHERE id = $1`, applied)
	d.exec(`UPDATE inputs SET created_at = now(), deliveries = 0 WHERE id = $1`, fresh)
	inputs, err := d.store.UndeliveredInputs(d.ctx, 1)
	d.must(err)
	if inputs.Total != 1 || len(inputs.Rows) != 1 {
		t.Fatalf("%+v", inputs)
	}
	if row := inputs.Rows[0]; row.ID != id || row.Number != "MG-2026-0001" || row.Kind != advisory.Withdraw || row.Deliveries != 5 {
		t.Errorf("%+v", row)
	}
	for _, asked := range []string{id, ""} { // the second time there is nothing left to bring forward
		n, err := d.store.RetryInputs(d.ctx, asked)
		d.must(err)
		if want := map[string]int{id: 1, "": 0}[asked]; n != want {
			t.Errorf("retried %q: %d, want %d", asked, n, want)
		}
	}
	claimed, err := d.store.ClaimDeliveries(d.ctx, 10)
	d.must(err)
	if len(claimed) != 1 || claimed[0].ID != id {
		t.Errorf("the relay takes %+v", claimed)
	}
}

func TestFailedMailsAreQueuedAnewOnce(t *testing.T) {
	d := newDesk(t)
	given, stuck := d.failedMail(advisory.MailRequestAccepted, "toni", "given_up", 30), d.failedMail("staff_task_opened", "kim", "queued", 3)
	refused := d.failedMail("staff_task_opened", "robin", "bounced", 1)
	unclear := d.failedMail(advisory.MailRequestReceived, "toni", "bounced", 1)
	oldLink := d.failedMail(advisory.MailSignInLink, "lea", "given_up", 30)
	d.exec(`UPDATE persons SET bounced_at = now() WHERE id = ANY(ARRAY[$1, $2]::uuid[])`, d.people["toni"], d.people["robin"])
	d.failedMail("staff_task_reminder", "kim", "queued", 2) // on its way
	d.failedMail("staff_task_reminder", "kim", "sent", 4)
	d.exec(`UPDATE mails SET ordered_at = $2 WHERE id = $1`, d.failedMail("staff_task_opened", "kim", "given_up", 30), monday.AddDate(0, 0, -31))

	mails := d.failedMails()
	if mails.Total != 5 || mails.Retryable != 3 {
		t.Fatalf("%d mails, %d to retry: %+v", mails.Total, mails.Retryable, mails.Rows)
	}
	for _, row := range mails.Rows {
		if want := row.ID == unclear; row.Clarified != want {
			t.Errorf("%s is being clarified: %v", row.Template, row.Clarified)
		}
		if want := row.ID == given || row.ID == stuck || row.ID == refused; row.Retryable != want {
			t.Errorf("%s to %s can be retried: %v", row.Template, row.Role, row.Retryable)
		}
	}
	for i, asked := range []string{given, given, unclear, oldLink, ""} {
		n, err := d.store.RetryMails(d.ctx, monday.Add(time.Hour), asked)
		d.must(err)
		if want := []int{1, 0, 0, 0, 2}[i]; n != want {
			t.Errorf("retry %d: %d mails, want %d", i, n, want)
		}
	}
	if queued := d.read(`SELECT count(*) FROM mails WHERE id = ANY(ARRAY[$1, $2, $3]::uuid[]) AND state = 'queued' AND attempts = 0
		AND next_attempt <= now() AND failure = ''`, given, stuck, refused); queued != "3" {
		t.Errorf("%s mails wait for the post office", queued)
	}
	if left := d.failedMails(); left.Total != 2 || left.Retryable != 0 {
		t.Errorf("left: %+v", left)
	}
}

func TestAFailingStepIsShownUntilItIsWritten(t *testing.T) {
	d := newDesk(t)
	d.exec(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room for %', NEW.kind; END $$`)
	d.exec(`CREATE TRIGGER refuse BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION refuse()`)
	step := d.step(1, d.opens(1, advisory.ClaimRequest, advisory.Coordinator, ""))
	failed := store.FailedStep{Workflow: d.consultation, Step: 1, ConsultationID: d.consultation, Namespace: "miglobe", ActivityID: "7"}
	for range 2 {
		_, err := d.store.WriteStep(d.ctx, showing(monday), step)
		cause := store.CauseOf(err)
		if cause != (store.Cause{Reason: "rule", Detail: "open_task P0001"}) {
			t.Fatalf("cause %+v of %v", cause, err)
		}
		d.must(d.store.RecordStepFailure(d.ctx, failed, cause))
	}
	failures, err := d.store.StepFailures(d.ctx, 1)
	d.must(err)
	if failures.Total != 1 || failures.Rows[0].Attempts != 2 || failures.Rows[0].Number != "MG-2026-0001" || !failures.Rows[0].Retryable {
		t.Fatalf("%+v", failures)
	}
	for _, want := range []int{1, 0} {
		if n, err := d.store.RetrySteps(d.ctx, d.consultation, 1); err != nil || n != want {
			t.Errorf("retried %d, want %d, %v", n, want, err)
		}
	}
	for _, want := range []int{1, 0} { // a second worker finds it taken
		claimed, err := d.store.ClaimStepRetries(d.ctx, 10)
		d.must(err)
		if len(claimed) != want || want == 1 && claimed[0] != failed {
			t.Errorf("claimed %+v", claimed)
		}
	}
	d.must(d.store.StepRetried(d.ctx, failed))
	if n, err := d.store.RetrySteps(d.ctx, "", 0); err != nil || n != 1 {
		t.Errorf("after the engine has tried: %d, %v", n, err)
	}

	d.exec(`DROP TRIGGER refuse ON tasks`)
	_, err = d.store.WriteStep(d.ctx, showing(monday), step)
	d.must(err)
	if failures, err = d.store.StepFailures(d.ctx, 1); err != nil || failures.Total != 0 || len(failures.Rows) != 0 {
		t.Errorf("written, and shown: %+v, %v", failures, err)
	}
	d.must(d.store.RemoveExpired(d.ctx, monday))
	if left := d.read(`SELECT count(*) FROM step_failures`); left != "0" {
		t.Errorf("%s rows are kept", left)
	}
}

func TestTheCauseOfAFailureQuotesNoValue(t *testing.T) {
	d := newDesk(t)
	const word = "Mühlbachverein"
	d.exec(`ALTER TABLE tasks ADD CONSTRAINT no_person CHECK (owner_role <> $$` + word + `$$)`)
	for statement, want := range map[string]store.Cause{
		`SELECT $$` + word + `$$::uuid`:                                          {Reason: "value", Detail: "22P02"},
		`SELECT ` + word:                                                         {Reason: "schema", Detail: "42703"},
		`UPDATE persons SET role = $$` + word + `$$`:                             {Reason: "rule", Detail: "23514 persons persons_role_check"},
		`UPDATE persons SET email = NULL`:                                        {Reason: "rule", Detail: "23502 persons email"},
		`SET TRANSACTION READ ONLY; UPDATE persons SET phone = $$` + word + `$$`: {Reason: "read_only", Detail: "25006"},
	} {
		_, err := d.store.DB().Exec(statement)
		if got := store.CauseOf(fmt.Errorf("entry: %w", err)); got != want {
			t.Errorf("%s: %+v, want %+v", statement, got, want)
		}
	}
}

var wholeIncidents = regexp.MustCompile(`Seq Scan on (inputs|mails|steps|consultations)`)

func TestIncidentsAreCarriedByIndexes(t *testing.T) {
	d := newDesk(t)
	d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
			stage_since, sent_at, updated_at)
		SELECT gen_random_uuid(), 'MG-2025-' || n, 'Gemeinde', 'NW', 'Anliegen', 1, '{}', 1, 'review', $1, $1, $1
		FROM generate_series(1001, 3000) n`, monday)
	d.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, message, state, entered_at, created_at)
		SELECT gen_random_uuid(), id, id, 'task', '{}', CASE WHEN random() < 0.01 THEN 'journaled' ELSE 'applied' END, $1,
			now() - random() * interval '900 days'
		FROM consultations, generate_series(1, 10)`, monday)
	d.exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, state, attempts, ordered_at, not_before)
		SELECT gen_random_uuid(), id || '/' || n, id, $2, 'confirm_need_opened', 'de',
			CASE WHEN random() < 0.01 THEN 'given_up' ELSE 'sent' END, 1, $1::timestamptz - random() * interval '900 days', $1
		FROM consultations, generate_series(1, 10) n`, monday, d.people["kim"])
	d.exec(`INSERT INTO steps (consultation_id, number, result) SELECT id, n, '{}' FROM consultations, generate_series(1, 10) n`)
	d.exec(`INSERT INTO step_failures (workflow_id, step, consultation_id, namespace, activity_id, reason, detail, first_at)
		SELECT id, 10 + random()::int, id, 'miglobe', '7', 'rule', '', now() - random() * interval '9 days' FROM consultations`)
	for _, table := range []string{"consultations", "inputs", "mails", "steps", "step_failures"} {
		d.exec(`VACUUM ANALYZE ` + table)
	}
	for name, statement := range d.store.IncidentStatements(monday) {
		text, args := statement()
		if plan := d.plan(text, args...); wholeIncidents.MatchString(plan) {
			t.Errorf("%s reads a whole table:\n%s", name, plan)
		}
	}
}
