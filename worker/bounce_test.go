package worker_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

// clarifications are the inputs that ask the engine to have an address clarified, with the workflows that they go to.
func (o *office) clarifications() (persons, workflows []string) {
	o.Helper()
	rows, err := o.store.DB().Query(`SELECT message, workflow_id FROM inputs WHERE kind = 'clarify_address' AND actor_id IS NULL AND state = 'journaled'`)
	o.must(err)
	defer rows.Close()
	for rows.Next() {
		var message []byte
		var workflow string
		o.must(rows.Scan(&message, &workflow))
		var in advisory.Input
		o.must(json.Unmarshal(message, &in))
		persons, workflows = append(persons, in.Person), append(workflows, workflow)
	}
	return persons, workflows
}

func TestARefusedAddressIsClarifiedOnceAndItsMailsAreHeldBack(t *testing.T) {
	o := newOffice(t, "gone@demo.example")
	o.contact(o.toni)
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	o.order("request_accepted", 0, false)
	o.order("decide_accompaniment_opened", 2, false)
	o.open(monday.AddDate(0, 0, 1))
	if got := o.states(); !slices.Equal(got, []string{"bounced", "held_back", "held_back"}) {
		t.Errorf("states %v", got)
	}
	persons, workflows := o.clarifications()
	if !slices.Equal(persons, []string{o.toni}) || !slices.Equal(workflows, []string{advisory.WorkflowID(o.consultation)}) {
		t.Errorf("clarify %v in %v, want Toni once in the consultation", persons, workflows)
	}
}

func TestWhatWasHeldBackGoesToTheNewAddress(t *testing.T) {
	ctx := context.Background()
	o := newOffice(t, "gone@demo.example")
	o.contact(o.toni)
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	o.order("decide_accompaniment_opened", 2, false)
	o.order("request_accepted", 0, false)
	o.open(monday)
	o.exec(`UPDATE tasks SET state = 'done' WHERE kind = 'decide_accompaniment'`) // over meanwhile
	o.exec(`UPDATE persons SET new_email = 'found@demo.example' WHERE id = $1`, o.toni)
	token, _, err := o.store.IssuePersonAddressLink(ctx, o.consultation, "found@demo.example")
	o.must(err)
	_, err = o.store.ConfirmPersonAddress(ctx, token, monday)
	o.must(err)
	o.open(monday)
	if n := len(o.lettersTo("found@demo.example")); n != 1 {
		t.Errorf("%d letters to the new address, want one with both", n)
	}
	if got := o.states(); !slices.Equal(got, []string{"sent", "not_needed", "combined"}) && !slices.Equal(got, []string{"sent", "combined", "not_needed"}) {
		t.Errorf("states %v", got)
	}
}

func TestAfterTheClosingTheFollowUpHearsOfARefusedAddress(t *testing.T) {
	o := newOffice(t, "gone@demo.example")
	o.contact(o.toni)
	o.exec(`UPDATE consultations SET outcome = 'completed', follow_up_from = '2026-09-01'`)
	o.order("consultation_closed", 0, false)
	o.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) VALUES ($1, $2, true, $3)`, o.consultation, o.robin, monday)
	o.open(monday)
	if _, workflows := o.clarifications(); !slices.Equal(workflows, []string{advisory.FollowUpWorkflowID(o.consultation)}) {
		t.Errorf("workflows %v", workflows)
	}
}

func TestNobodyIsAskedAboutAnAddressOfTheStaffOrOfNoConsultation(t *testing.T) {
	o := newOffice(t, "gone@demo.example")
	o.exec(`UPDATE persons SET email = 'gone@staff.example' WHERE id = $1`, o.kim)
	o.ownTask(3, "choose_advisors", o.kim)
	o.orderFor(o.kim, "staff_task_opened", 3, false, sevenOClock)
	o.must(o.store.OrderSignInLink(context.Background(), "gone@demo.example", monday))
	o.open(monday)
	if got := o.states(); !slices.Equal(got, []string{"bounced", "bounced"}) {
		t.Errorf("states %v", got)
	}
	if persons, _ := o.clarifications(); len(persons) != 0 {
		t.Errorf("clarify %v", persons)
	}
	o.exec(`UPDATE persons SET email = 'kim@demo.example' WHERE id = $1`, o.kim)
	o.orderFor(o.kim, "staff_task_reminder", 3, true, monday)
	o.open(monday)
	var bounced bool
	o.must(o.store.DB().QueryRow(`SELECT bounced_at IS NOT NULL FROM persons WHERE id = $1`, o.kim).Scan(&bounced))
	if n := len(o.lettersTo("kim@demo.example")); n != 1 || bounced {
		t.Errorf("%d letters to a staff address that works again, still marked: %t", n, bounced)
	}
}

func TestAnEntryThatWasNotAdoptedIsTold(t *testing.T) {
	ctx := context.Background()
	o := newOffice(t, "toni@demo.example")
	o.contact(o.toni)
	for _, in := range []store.NewInput{
		{ConsultationID: o.consultation, Form: "withdraw", EnteredAt: monday, Message: advisory.Input{ID: inputID(1), Kind: advisory.Withdraw, Actor: o.toni}},
		{ConsultationID: o.consultation, EnteredAt: monday, Message: advisory.Input{ID: inputID(2), Kind: advisory.ClarifyAddress, Person: o.toni}},
	} {
		_, err := o.store.JournalInput(ctx, in)
		o.must(err)
	}
	for range 2 {
		o.must(o.store.RefuseInputAndTell(ctx, inputID(1), advisory.TaskIsSettled))
		o.must(o.store.RefuseInputAndTell(ctx, inputID(2), advisory.UnderWay)) // the program itself
	}
	o.open(monday)
	letters := o.lettersTo("toni@demo.example")
	if len(letters) != 1 || !strings.Contains(letters[0], "Beratung zur=C3=BCckziehen") && !strings.Contains(letters[0], "Beratung zurückziehen") ||
		!strings.Contains(letters[0], "https://miglobe.example/beratungen/MG-2026-0001") {
		t.Errorf("letters %v", letters)
	}
}

func inputID(n byte) string {
	return "00000000-0000-7000-8000-00000000000" + string('0'+rune(n))
}
