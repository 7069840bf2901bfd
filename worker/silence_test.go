package worker_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// Nobody gets a mail about a thing that is over: for every task and every way it can end or move, with opened, reminder
// and escalated mail on their way at that instant (docs/journey.md, Rules for every reminder).

// owners of the tasks (docs/journey.md, Human tasks). What is left out is a coordinator's.
var taskOwners = map[advisory.TaskKind][]advisory.Role{
	advisory.AnswerQuestion: {advisory.Municipality}, advisory.ConfirmNeed: {advisory.Municipality},
	advisory.AgreeToAdvisors: {advisory.Municipality}, advisory.DecideAccompaniment: {advisory.Municipality},
	advisory.AnswerFollowUp: {advisory.Municipality}, advisory.ConfirmGoalChange: {advisory.Municipality},
	advisory.AnswerRestQuestion: {advisory.Municipality}, advisory.AnswerInvitation: {advisory.Advisor},
	advisory.ProposeSlots: {advisory.Advisor}, advisory.RecordOutcome: {advisory.Advisor}, advisory.WriteNote: {advisory.Advisor},
	advisory.DraftOptions:   {advisory.Advisor},
	advisory.ChooseSlot:     {advisory.Municipality, advisory.Advisor},
	advisory.ConfirmOptions: {advisory.Municipality, advisory.Advisor},
	advisory.Evaluate:       {advisory.Municipality, advisory.Advisor},
}

// ending is one way a task ends or moves: a statement about the task $1, its consultation $2, its owner $3, the other
// person $4 who gets it.
type ending struct {
	name      string
	statement string
	of        []advisory.Role // whose tasks can end like this
	other     bool            // the other person gets the mails instead
	pressed   bool            // the escalation still goes
	none      bool            // nothing has happened: everything goes
}

var (
	everybody = []advisory.Role{advisory.Municipality, advisory.Advisor, advisory.Coordinator}
	staff     = []advisory.Role{advisory.Advisor, advisory.Coordinator}
)

const absent = `INSERT INTO absences (id, person_id, from_at, until_at, deputy_id) SELECT gen_random_uuid(), $3::uuid, '2026-03-02', '2026-03-09', `

var endings = []ending{
	{name: "not at all", of: everybody, none: true, pressed: true, statement: `SELECT $1::text, $2::uuid, $3::uuid, $4::uuid`},
	{name: "done", of: everybody, statement: `UPDATE tasks SET state = 'done' WHERE id = $1 AND consultation_id = $2::uuid AND $3::uuid <> $4::uuid`},
	{name: "lapsed", of: everybody, statement: `UPDATE tasks SET state = 'lapsed' WHERE id = $1 AND consultation_id = $2::uuid AND $3::uuid <> $4::uuid`},
	{name: "handed over", of: staff, pressed: true, statement: `UPDATE tasks SET owner_id = $4::uuid WHERE id = $1 AND consultation_id = $2::uuid AND $3::uuid <> $4::uuid`},
	{name: "resting", of: everybody, statement: `UPDATE consultations SET resting_since = now(), rest_until = '2026-06-01' WHERE $1 <> '' AND id = $2::uuid AND $3::uuid <> $4::uuid`},
	{name: "absent with deputy", of: staff, other: true, pressed: true, statement: absent + `$4::uuid WHERE $1 <> '' AND $2::uuid IS NOT NULL`},
	{name: "absent without deputy", of: staff, pressed: true, statement: absent + `NULL WHERE $1 <> '' AND $2::uuid IS NOT NULL AND $4::uuid IS NOT NULL`},
	{name: "withdrawn", of: everybody, statement: `UPDATE consultations SET outcome = 'withdrawn', undo_until = '2026-03-20' WHERE $1 <> '' AND id = $2::uuid AND $3::uuid <> $4::uuid`},
	{name: "replaced", of: []advisory.Role{advisory.Advisor}, pressed: true, statement: `UPDATE team SET until = now() WHERE $1 <> '' AND consultation_id = $2::uuid AND advisor_id = $3::uuid AND $4::uuid IS NOT NULL`},
	{name: "contact left", of: []advisory.Role{advisory.Municipality}, pressed: true, statement: `UPDATE contacts SET confirmed_at = NULL, left_at = now() WHERE $1 <> '' AND consultation_id = $2::uuid AND person_id = $3::uuid AND $4::uuid IS NOT NULL`},
}

// silenceCase is one task and one way it ends, in a consultation of its own.
type silenceCase struct {
	name  string
	kind  advisory.TaskKind
	end   ending
	owner string // mail addresses
	other string
	lead  string
}

// expected are the letters to owner, other and lead. What falls together is one.
func (c silenceCase) expected() (owner, other, lead int) {
	pressed := c.end.pressed
	switch {
	case c.end.none:
		owner = 1
	case c.end.name == "resting" && c.kind.RunsWhileResting():
		owner, pressed = 1, true // its time runs on
	case c.end.other && !c.kind.ForPerson():
		other = 1
	case c.end.name == "replaced" && c.kind == advisory.AnswerInvitation:
		owner = 1 // an invitation is for somebody who takes no part yet
	}
	if pressed {
		lead = 1
	}
	return owner, other, lead
}

func TestSilenceAboutWhatIsOver(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	var cases []silenceCase
	for _, rule := range advisory.DefaultProgramme().Tasks {
		roles := taskOwners[rule.Kind]
		if roles == nil {
			roles = []advisory.Role{advisory.Coordinator}
		}
		for _, role := range roles {
			for _, end := range endings {
				if slices.Contains(end.of, role) {
					cases = append(cases, o.silenceCase(len(cases), rule.Kind, role, end))
				}
			}
		}
	}
	o.open(monday)
	var defective int
	o.must(o.store.DB().QueryRow(`SELECT count(*) FROM mails WHERE state = 'given_up'`).Scan(&defective))
	if defective > 0 {
		t.Errorf("%d mails are silent because they could not be written", defective)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			owner, other, lead := c.expected()
			for address, want := range map[string]int{c.owner: owner, c.other: other, c.lead: lead} {
				if got := len(o.lettersTo(address)); got != want {
					t.Errorf("%d letters to %s, want %d", got, address, want)
				}
			}
		})
	}
}

// silenceCase makes a task whose opened, reminder and escalated mails are on their way, and ends it.
func (o *office) silenceCase(n int, kind advisory.TaskKind, role advisory.Role, end ending) silenceCase {
	o.Helper()
	c := silenceCase{name: fmt.Sprintf("%s of %s/%s", kind, role, end.name), kind: kind, end: end}
	person := func(name string, role advisory.Role) (string, string) {
		address := fmt.Sprintf("%s-%d@demo.example", name, n)
		id, err := o.store.SavePerson(context.Background(), store.Person{Email: address, Role: role, FirstName: name, LastName: "Muster", Active: true})
		o.must(err)
		return id, address
	}
	ownerID, otherID, leadID := "", "", ""
	ownerID, c.owner = person("owner", role)
	otherID, c.other = person("other", role)
	leadID, c.lead = person("lead", advisory.LeadCoordinator)
	consultation := uuid.NewString()
	task := advisory.TaskID(consultation, 1)
	o.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at, coordinator_id, rest_until)
		VALUES ($1, $2, 'Musterhausen', 'NW', 'Vereine einbinden', 1, '{}', 1, 'dialogue', $3, $3, $3, $4, '2026-06-01')`,
		consultation, fmt.Sprintf("MG-2026-1%03d", n), monday, o.kim)
	o.exec(`INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at) VALUES ($1, 1, 'dialogue', 'outcome_wanted', $2, $3)`,
		consultation, monday.AddDate(0, 0, -3), monday.AddDate(0, 0, -3).Add(time.Hour))
	o.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since) SELECT $1, id, false, $3 FROM persons WHERE id = $2
		AND role = 'advisor' OR email = 'robin@demo.example'`, consultation, ownerID, monday)
	owner := any(nil)
	if role == advisory.Municipality {
		o.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) VALUES ($1, $2, $3)`, consultation, ownerID, monday)
	} else if kind != advisory.ClaimRequest || end.name == "handed over" {
		owner = ownerID
	}
	o.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, session, opened_at, due_on)
		VALUES ($1, $2::uuid, $3, $4, $5, $6, 1, $7, '2026-03-16')`, task, consultation, consultation, kind, role, owner, monday.AddDate(0, 0, -7))
	opened, reminder := fmt.Sprintf("%s_opened", kind), fmt.Sprintf("%s_reminder", kind)
	switch {
	case role == advisory.Coordinator:
		opened, reminder = "staff_task_opened", "staff_task_reminder"
	case kind == advisory.AnswerRestQuestion:
		opened, reminder = "rest_ending_question", "rest_ending_question"
	}
	for i, m := range []struct {
		template, person string
		reminder         bool
	}{{opened, ownerID, false}, {reminder, ownerID, true}, {"staff_task_escalated", leadID, true}} {
		o.exec(`INSERT INTO mails (id, key, consultation_id, task_id, session, person_id, template, language, reminder, ordered_at, not_before)
			VALUES ($1, $2, $3, $4, 1, $5, $6, 'de', $7, $8, $8)`, uuid.NewString(),
			fmt.Sprintf("%s/%s/%s/%d", consultation, m.template, m.person, i), consultation, task, m.person, m.template, m.reminder,
			monday.Add(-time.Hour))
	}
	o.exec(end.statement, task, consultation, ownerID, otherID)
	return c
}

// lettersTo are the letters that an address has got, as they were sent.
func (o *office) lettersTo(address string) (letters []string) {
	for i, letter := range o.box.letters {
		if strings.Contains(letter.Header.Get("To"), "<"+address+">") {
			letters = append(letters, o.box.bodies[i])
		}
	}
	return letters
}
