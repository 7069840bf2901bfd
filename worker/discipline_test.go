package worker_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
)

func TestOneMailADayIsCountedForEachConsultation(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	other := uuid.NewString()
	o.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at) VALUES ($1, 'MG-2026-0002', 'Musterhausen', 'NW', 'Fair einkaufen', 1, '{}', 1, 'assessment', $2, $2, $2)`, other, monday)
	o.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, opened_at, due_on)
		VALUES ($1, $2::uuid, $3, 'confirm_need', 'municipality', $4, '2026-03-16')`, advisory.TaskID(other, 1), other, other, monday)
	o.order("confirm_need_reminder", 1, true)
	o.order("confirm_need_reminder", 1, true)
	o.exec(`UPDATE mails SET consultation_id = $1, task_id = $2 WHERE key = $3`, other, advisory.TaskID(other, 1), o.lastKey("confirm_need_reminder"))
	o.open(monday)
	if len(o.box.letters) != 2 {
		t.Fatalf("%d letters, want one for each consultation", len(o.box.letters))
	}
	o.order("decide_accompaniment_reminder", 2, true)
	o.open(monday.Add(time.Hour))
	if len(o.box.letters) != 2 {
		t.Error("a second mail about the same consultation on the same day")
	}
}

func TestWhatOpensWhileNobodyActsComesWithTheReturn(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.ownTask(3, "propose_slots", o.robin)
	o.absence(o.robin, "")
	o.orderFor(o.robin, "propose_slots_opened", 3, false, sevenOClock)
	o.orderFor(o.robin, "propose_slots_reminder", 3, true, sevenOClock)
	for day := range 3 {
		o.open(monday.AddDate(0, 0, day))
	}
	if n := len(o.box.letters); n != 0 {
		t.Fatalf("%d letters to somebody absent", n)
	}
	o.open(monday.AddDate(0, 0, 3))
	if got := o.states(); len(o.box.letters) != 1 || !slices.Contains(got, "sent") || !slices.Contains(got, "not_needed") {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestWhatWaitsDuringARestComesWithItsEnd(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.contact(o.toni)
	o.exec(`UPDATE consultations SET resting_since = now()`)
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	if n := len(o.box.letters); n != 0 {
		t.Fatalf("%d letters during the rest", n)
	}
	o.exec(`UPDATE consultations SET resting_since = NULL`)
	o.open(monday.Add(3 * time.Hour))
	if n := len(o.box.letters); n != 1 {
		t.Errorf("%d letters after it", n)
	}
}

func TestADeputyGetsTheReminderInTheOwnLanguageAndNotTwice(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	deputy := o.person("deputy@demo.example", advisory.Advisor)
	o.exec(`UPDATE persons SET language = 'en' WHERE id = $1`, deputy)
	o.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, true, $4), ($1, $3, false, $4)`, o.consultation, o.robin, deputy, monday)
	o.session(1, monday.AddDate(0, 0, 1))
	o.ownTask(3, "draft_options", o.robin)
	o.absence(o.robin, deputy)
	o.orderFor(o.robin, "draft_options_reminder", 3, true, sevenOClock)
	o.orderAbout(o.robin, "appointment_reminder", sevenOClock)
	o.orderAbout(deputy, "appointment_reminder", sevenOClock)
	o.open(monday)
	letters := o.lettersTo("deputy@demo.example")
	if len(letters) != 1 || !strings.Contains(letters[0], "Content-Language: en") || len(o.lettersTo("robin@demo.example")) != 0 {
		t.Fatalf("letters %v", letters)
	}
	if got := o.states(); strings.Join(got, " ") != "combined sent not_needed" && !slices.Contains(got, "not_needed") {
		t.Errorf("states %v", got)
	}
}

func TestWhoHasAConflictOfInterestIsDeputyOfNobody(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	biased := o.person("biased@demo.example", advisory.Advisor)
	o.ownTask(3, "propose_slots", o.robin)
	o.ownTask(4, "answer_invitation", biased)
	o.exec(`INSERT INTO invitations (task_id, consultation_id, advisor_id, state, invited_at) VALUES ($1, $2, $3, 'conflict_of_interest', $4)`,
		advisory.TaskID(o.consultation, 4), o.consultation, biased, monday)
	o.absence(o.robin, biased)
	o.orderFor(o.robin, "propose_slots_reminder", 3, true, sevenOClock)
	o.open(monday)
	if got := o.states(); len(o.box.letters) != 0 || !slices.Equal(got, []string{"not_needed"}) {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestAfterAWithdrawalOnlyItsOwnMailsGo(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.contact(o.toni)
	o.session(1, monday.AddDate(0, 0, 3))
	o.exec(`UPDATE sessions SET state = 'cancelled'`)
	o.exec(`UPDATE consultations SET outcome = 'withdrawn', closed_at = $1, undo_until = $2`, monday, advisory.Midnight(monday).AddDate(0, 0, 15))
	gone := map[string]bool{
		"consultation_withdrawn": true, "appointment_cancelled": true, "invitation_withdrawn": true,
		"request_accepted": false, "consultation_resting": false, "consultation_resumed": false, "session_nudge": false,
		"options_confirmed": false, "advisors_introduced": false, "appointment_confirmed": false, "appointment_reminder": false, "session_missed": false,
	}
	for template := range gone {
		o.orderAbout(o.toni, template, sevenOClock)
	}
	o.exec(`UPDATE mails SET ordered_at = ordered_at + interval '1 minute' WHERE template IN ('consultation_withdrawn', 'appointment_cancelled')`)
	o.open(monday)
	for template, want := range gone {
		var state string
		o.must(o.store.DB().QueryRow(`SELECT state FROM mails WHERE template = $1`, template).Scan(&state))
		if sent := state == "sent" || state == "combined"; sent != want {
			t.Errorf("%s is %s", template, state)
		}
	}
	if letters := strings.Join(o.lettersTo("toni@demo.example"), ""); !strings.Contains(letters, "16. M") {
		t.Error("the mail does not name the last day of the undo") // 2 March and 14 days
	}
}

func TestWhoHasAcceptedHearsOfTheWithdrawalUnlessItIsTakenBack(t *testing.T) {
	for outcome, want := range map[string]string{"withdrawn": "sent", "": "not_needed"} {
		o := newOffice(t, "toni@demo.example")
		o.ownTask(3, "answer_invitation", o.robin)
		o.exec(`UPDATE tasks SET state = 'done' WHERE id = $1`, advisory.TaskID(o.consultation, 3))
		o.exec(`INSERT INTO invitations (task_id, consultation_id, advisor_id, state, invited_at, answered_at) VALUES ($1, $2, $3, 'accepted', $4, $4)`,
			advisory.TaskID(o.consultation, 3), o.consultation, o.robin, monday)
		o.exec(`UPDATE consultations SET outcome = $1`, outcome)
		o.orderFor(o.robin, "invitation_withdrawn", 0, false, sevenOClock)
		o.open(monday)
		if got := o.states(); !slices.Equal(got, []string{want}) {
			t.Errorf("outcome %q: states %v, want %s", outcome, got, want)
		}
	}
}

func TestAnUndoneWithdrawalIsNotToldAnyMore(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.contact(o.toni)
	o.order("consultation_withdrawn", 0, false)
	o.orderFor(o.toni, "consultation_resumed", 0, false, monday)
	o.open(monday)
	if got := o.states(); len(o.box.letters) != 1 || !slices.Equal(got, []string{"not_needed", "sent"}) {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestANudgeIsForAQuietConsultation(t *testing.T) {
	for name, test := range map[string]struct {
		change  string
		letters int
	}{
		"quiet":   {`UPDATE consultations SET stage = 'dialogue'`, 1},
		"planned": {`UPDATE consultations SET stage = 'dialogue'; UPDATE sessions SET state = 'scheduled'`, 0},
		"resting": {`UPDATE consultations SET stage = 'dialogue', resting_since = now()`, 0},
		"further": {`UPDATE consultations SET stage = 'options'`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, "toni@demo.example")
			o.session(1, monday.AddDate(0, 0, 3))
			o.exec(`UPDATE sessions SET state = 'cancelled'`)
			o.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, true, $3)`, o.consultation, o.robin, monday)
			o.exec(test.change)
			o.orderFor(o.robin, "session_nudge", 0, false, sevenOClock)
			o.open(monday)
			letters := o.lettersTo("robin@demo.example")
			if len(letters) != test.letters || test.letters > 0 && !strings.Contains(letters[0], "30 Tage") {
				t.Errorf("%d letters", len(letters))
			}
		})
	}
}

// Every mail of the catalogue is filled from what the database knows, in both languages.
func TestEveryMailCanBeWritten(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.contact(o.toni)
	o.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, true, $3)`, o.consultation, o.robin, monday)
	o.session(1, monday.AddDate(0, 0, 7))
	o.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, form, answers, message, entered_at)
		VALUES ($1, $2, '', 'task', $3, 'withdraw', '{"message": ["Danke"], "recommendation": ["Bitte wenden Sie sich an das Land."]}', '{}', $4)`, inputID(1), o.consultation, o.toni, monday)
	o.exec(`INSERT INTO notes (consultation_id, session, input_id, shared_at, correct_until) VALUES ($1, 1, $2, $3, '2026-03-20')`, o.consultation, inputID(1), monday)
	draft, err := o.store.CreateDraft(t.Context(), draftOf("toni@demo.example"), monday.AddDate(0, 0, -24))
	o.must(err)
	saved, err := o.store.DraftByToken(t.Context(), draft)
	o.must(err)
	o.must(o.store.MailDraftLink(t.Context(), saved, "toni@demo.example", monday.AddDate(0, 0, -24)))
	o.must(o.store.OrderDraftReminders(t.Context(), monday))
	o.must(o.store.OrderDraftReminders(t.Context(), monday))
	o.open(monday)
	o.must(o.store.OrderVerification(t.Context(), saved, "toni@demo.example", true, monday))
	o.must(o.store.OrderSignInLink(t.Context(), "toni@demo.example", monday))
	o.exec(`UPDATE persons SET mail_rhythm = 'daily_digest' WHERE id = $1`, o.robin)
	o.ownTask(3, "propose_slots", o.robin)
	o.orderFor(o.robin, "propose_slots_opened", 3, false, sevenOClock)

	ownOrder := []string{"draft_saved", "draft_reminder", "verify_address", "sign_in_link", "daily_digest"}
	state := map[string]string{
		"consultation_resting": `resting_since = now(), rest_until = '2026-05-04', rest_reason = 'election'`, "rest_ending_question": `rest_until = '2026-05-04'`,
		"consultation_withdrawn": `outcome = 'withdrawn', undo_until = '2026-03-20'`, "consultation_withdrawn_advisor": `outcome = 'withdrawn', undo_until = '2026-03-20'`,
		"session_nudge": `stage = 'dialogue'`, "consultation_closed": `outcome = 'completed', follow_up_from = '2026-09-01'`,
	}
	o.open(monday)
	for _, name := range o.catalog.MailNames() {
		if slices.Contains(ownOrder, name) || name == "_footer" {
			continue
		}
		for _, lang := range []string{"de", "en"} {
			o.exec(`UPDATE consultations SET outcome = '', resting_since = NULL, rest_until = NULL, undo_until = NULL, stage = 'dialogue'`)
			o.exec(`UPDATE sessions SET state = $1`, map[bool]string{true: "cancelled", false: "scheduled"}[name == "session_nudge" || name == "appointment_cancelled"])
			if change := state[name]; change != "" {
				o.exec(`UPDATE consultations SET ` + change)
			}
			o.exec(`UPDATE mails SET sent_at = sent_at - interval '2 days' WHERE state = 'sent'`) // not today
			o.orderAbout(o.toni, name, sevenOClock.Add(time.Duration(o.mails)*time.Second))
			o.exec(`UPDATE mails SET language = $2, input_id = $3, task_id = CASE WHEN template ~ '_(opened|reminder|escalated)$|^rest_' AND template !~ '^(appointment|draft)_reminder'
				THEN $4 END WHERE key = $1`, o.lastKey(name), lang, inputID(1), advisory.TaskID(o.consultation, 1))
			o.open(monday)
			var sent string
			o.must(o.store.DB().QueryRow(`SELECT state || ' ' || failure FROM mails WHERE key = $1`, o.lastKey(name)).Scan(&sent))
			if sent != "sent " {
				t.Errorf("%s/%s: %s", lang, name, sent)
			}
		}
	}
	for _, name := range ownOrder[:4] {
		var n int
		o.must(o.store.DB().QueryRow(`SELECT count(*) FROM mails WHERE template = $1 AND state IN ('sent', 'combined')`, name).Scan(&n))
		if n != 1 {
			t.Errorf("%s went %d times", name, n)
		}
	}
}
