package store_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

var sam = advisory.Answers{"first_name": {"Sam"}, "last_name": {"Muster"}, "email": {"Sam@demo.example"}, "function": {"Büro"}}

func (d *desk) change(actor string) store.ContactChange {
	return store.ContactChange{ConsultationID: d.consultation, Actor: d.people[actor], FormVersion: 1, Now: monday}
}

// adds lets toni add the person of a form contact, and remembers it by name.
func (d *desk) adds(name string, answers advisory.Answers) {
	d.Helper()
	d.must(d.store.AddContact(d.ctx, d.change("toni"), answers))
	d.people[name] = d.read(`SELECT id FROM persons WHERE email = lower($1)`, answers.Get("email"))
}

// link is what the post office writes into the mail that confirms an address.
func (d *desk) link(email string) string {
	d.Helper()
	token, _, err := d.store.IssuePersonAddressLink(d.ctx, d.consultation, email)
	d.must(err)
	return token
}

func (d *desk) confirms(email string) {
	d.Helper()
	_, err := d.store.ConfirmPersonAddress(d.ctx, d.link(email), monday)
	d.must(err)
}

func (d *desk) takesPart(name string) bool {
	d.Helper()
	relation, err := d.store.Relation(d.ctx, d.consultation, d.people[name], monday)
	d.must(err)
	return relation.Participates()
}

func (d *desk) count(query string, args ...any) int {
	d.Helper()
	return count(d.T, d.store, query, args...)
}

func TestNewContactTakesPartOnceTheAddressIsConfirmed(t *testing.T) {
	d := newDesk(t)
	d.adds("sam", sam)
	if d.count(`SELECT count(*) FROM mails WHERE template = 'verify_address' AND address = 'sam@demo.example'
		AND consultation_id = $1 AND person_id IS NULL`, d.consultation) != 1 {
		t.Error("nobody asks for the confirmation")
	}
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""))
	d.must(d.store.OrderSignInLink(d.ctx, "sam@demo.example", monday))
	if d.takesPart("sam") || d.count(`SELECT count(*) FROM mails WHERE person_id = $1`, d.people["sam"]) != 0 {
		t.Error("somebody unconfirmed takes part, or gets mails")
	}
	first, second := d.link("sam@demo.example"), d.link("sam@demo.example")
	for range 2 {
		if link, err := d.store.PersonAddressLink(d.ctx, first); err != nil || link.Email != "sam@demo.example" || link.Number != "MG-2026-0001" {
			t.Fatalf("reading changes something: %+v, %v", link, err)
		}
	}
	link, err := d.store.ConfirmPersonAddress(d.ctx, first, monday)
	if err != nil || link.PersonID != d.people["sam"] || !d.takesPart("sam") {
		t.Fatalf("%+v, %v", link, err)
	}
	for name, token := range map[string]string{"used": first, "of another mail": second, "unknown": "x"} {
		if _, err := d.store.ConfirmPersonAddress(d.ctx, token, monday); advisory.CodeOf(err) != advisory.NotFound {
			t.Errorf("link %s: %v", name, err)
		}
	}
	if got := d.read(`SELECT string_agg(kind || ' ' || (SELECT first_name FROM persons WHERE id = actor_id), ', ' ORDER BY id)
		FROM history WHERE kind LIKE 'contact_%' AND step = (CASE kind WHEN 'contact_added' THEN 0 ELSE 1 END)`); got != "contact_added toni, contact_confirmed Sam" {
		t.Errorf("history: %s", got)
	}
	d.must(d.store.OrderSignInLink(d.ctx, "sam@demo.example", monday))
	if d.count(`SELECT count(*) FROM mails WHERE template = 'sign_in_link'`) != 1 {
		t.Error("a confirmed contact cannot sign in")
	}
}

func TestAddressLinkOfAContactEnds(t *testing.T) {
	d := newDesk(t)
	d.adds("sam", sam)
	old := d.link("sam@demo.example")
	d.exec(`UPDATE address_links SET expires_at = now() - interval '1 second'`)
	left := d.link("sam@demo.example")
	if hours := d.read(`SELECT round(extract(epoch FROM max(expires_at) - now()) / 3600)::text FROM address_links`); hours != "72" {
		t.Errorf("valid for %s hours", hours)
	}
	d.must(d.store.ContactLeaves(d.ctx, d.change("kim"), d.people["sam"]))
	for name, token := range map[string]string{"expired": old, "of somebody who left": left} {
		if _, err := d.store.PersonAddressLink(d.ctx, token); advisory.CodeOf(err) != advisory.NotFound {
			t.Errorf("link %s: %v", name, err)
		}
		if _, err := d.store.ConfirmPersonAddress(d.ctx, token, monday); advisory.CodeOf(err) != advisory.NotFound {
			t.Errorf("link %s confirms: %v", name, err)
		}
	}
	if _, _, err := d.store.IssuePersonAddressLink(d.ctx, d.consultation, "sam@demo.example"); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("a link for somebody who left: %v", err)
	}
	if d.takesPart("sam") || d.count(`SELECT count(*) FROM mails WHERE state = 'queued' AND address = 'sam@demo.example'`) != 0 {
		t.Error("who left takes part, or is still asked")
	}
}

func TestWhoCannotBecomeAContact(t *testing.T) {
	d := newDesk(t)
	blocked := savePerson(t, d.store, store.Person{Role: advisory.Municipality, Email: "blocked@demo.example", FirstName: "B", LastName: "B"})
	for email, rule := range map[string]store.ContactRule{
		"amina@demo.example": store.OtherRole, "kim@demo.example": store.OtherRole, "blocked@demo.example": store.OtherRole,
		"TONI@demo.example": store.KnownContact,
	} {
		answers := advisory.Answers{"first_name": {"Neu"}, "last_name": {"Name"}, "email": {email}}
		if err := d.store.AddContact(d.ctx, d.change("toni"), answers); !errors.Is(err, rule) || advisory.CodeOf(err) != advisory.Conflict {
			t.Errorf("%s: %v, want %s", email, err, rule)
		}
		if err := d.store.MayBecomeContact(d.ctx, d.consultation, email); !errors.Is(err, rule) {
			t.Errorf("%s before sending: %v, want %s", email, err, rule)
		}
	}
	if d.count(`SELECT count(*) FROM contacts`) != 1 || d.count(`SELECT count(*) FROM persons WHERE first_name = 'Neu'`) != 0 ||
		d.count(`SELECT count(*) FROM mails`) != 0 {
		t.Errorf("a refusal left something behind, %s", blocked)
	}
	d.exec(`UPDATE consultations SET outcome = 'declined', ended_at = now()`)
	if err := d.store.AddContact(d.ctx, d.change("toni"), sam); !errors.Is(err, store.ConsultationOver) {
		t.Errorf("after the end: %v", err)
	}
}

func TestContactOfAnotherConsultationKeepsWhatIsConfirmed(t *testing.T) {
	d := newDesk(t)
	d.adds("sam", sam)
	d.confirms("sam@demo.example")
	other := uuid.NewString()
	d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at) VALUES ($1, 'MG-2026-0002', 'Anderswo', 'NW', 'Anderes', 1, '{}', 1, 'review', $2, $2, $2)`, other, monday)
	change := d.change("kim")
	change.ConsultationID = other
	d.must(d.store.AddContact(d.ctx, change, advisory.Answers{"first_name": {"Falsch"}, "last_name": {"Falsch"}, "email": {"sam@demo.example"}}))
	if name := d.read(`SELECT first_name FROM persons WHERE id = $1`, d.people["sam"]); name != "Sam" {
		t.Errorf("somebody else renamed the person to %s", name)
	}
	waiting, err := d.store.Contacts(d.ctx, other)
	d.must(err)
	if len(waiting) != 1 || !waiting[0].IsWaiting() || !d.takesPart("sam") {
		t.Errorf("waiting: %+v", waiting)
	}
}

func TestResendingIsForWhoIsWaiting(t *testing.T) {
	d := newDesk(t)
	d.adds("sam", sam)
	d.must(d.store.ResendConfirmation(d.ctx, d.change("kim"), d.people["sam"]))
	if n := d.count(`SELECT count(*) FROM mails WHERE template = 'verify_address'`); n != 2 {
		t.Errorf("%d mails", n)
	}
	if err := d.store.ResendConfirmation(d.ctx, d.change("kim"), d.people["toni"]); !errors.Is(err, store.NotWaiting) {
		t.Errorf("to somebody confirmed: %v", err)
	}
	for _, stranger := range []string{d.people["amina"], "x"} {
		if err := d.store.ResendConfirmation(d.ctx, d.change("kim"), stranger); advisory.CodeOf(err) != advisory.NotFound {
			t.Errorf("to a stranger: %v", err)
		}
	}
}

func TestWhoLeavesLosesEverythingAtOnce(t *testing.T) {
	d := newDesk(t)
	d.adds("sam", sam)
	d.confirms("sam@demo.example")
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, ""))
	task := advisory.TaskID(d.consultation, 1)
	token, err := d.store.IssueTaskLink(d.ctx, task, d.people["sam"])
	d.must(err)
	d.must(d.store.SaveTaskDraft(d.ctx, task, d.people["sam"], advisory.Answers{"goal": {"Halb fertig"}}, 1))

	d.must(d.store.ContactLeaves(d.ctx, d.change("sam"), d.people["sam"]))
	if _, err := d.store.TaskLink(d.ctx, token); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("the link of a task: %v", err)
	}
	if d.takesPart("sam") || d.count(`SELECT count(*) FROM task_drafts`) != 0 ||
		d.count(`SELECT count(*) FROM mails WHERE person_id = $1 AND state = 'queued'`, d.people["sam"]) != 0 {
		t.Error("something is left of who left")
	}
	if d.count(`SELECT count(*) FROM mails WHERE person_id = $1 AND state = 'queued'`, d.people["toni"]) != 1 {
		t.Error("who stays lost a mail")
	}
	d.write(d.opens(2, advisory.AgreeToAdvisors, advisory.Municipality, ""))
	if d.count(`SELECT count(*) FROM mails WHERE person_id = $1 AND state = 'queued'`, d.people["sam"]) != 0 {
		t.Error("who left gets a mail")
	}
	former, err := d.store.FormerContacts(d.ctx, d.consultation)
	d.must(err)
	present, err := d.store.Contacts(d.ctx, d.consultation)
	d.must(err)
	if len(former) != 1 || former[0].ID != d.people["sam"] || former[0].LeftAt == nil || len(present) != 1 {
		t.Errorf("former %+v, present %+v", former, present)
	}
	if got := d.read(`SELECT i.answers->'first_name'->>0 FROM history h JOIN inputs i ON i.id = h.input_id WHERE h.kind = 'contact_left'`); got != "Sam" {
		t.Errorf("the history names %q", got)
	}

	d.adds("sam", sam) // comes back, and confirms anew
	if d.takesPart("sam") {
		t.Error("who comes back takes part without confirming")
	}
	d.confirms("sam@demo.example")
	if !d.takesPart("sam") {
		t.Error("who comes back does not take part")
	}
}

func TestLastContact(t *testing.T) {
	clarified := `SELECT count(*) FROM inputs WHERE kind = 'clarify_address' AND state = 'journaled' AND actor_id IS NULL
		AND next_delivery <= now() AND message->>'person' = $1`
	for name, test := range map[string]struct {
		waiting bool
		actor   string
		refused error
		asks    int
	}{
		"alone":                        {false, "toni", store.LastContact, 0},
		"with a successor waiting":     {true, "toni", nil, 0},
		"a coordinator says so":        {false, "kim", nil, 1},
		"a coordinator, one successor": {true, "kim", nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if test.waiting {
				d.adds("sam", sam)
			}
			err := d.store.ContactLeaves(d.ctx, d.change(test.actor), d.people["toni"])
			if !errors.Is(err, test.refused) {
				t.Fatalf("%v, want %v", err, test.refused)
			}
			if stays := test.refused != nil; d.takesPart("toni") != stays {
				t.Errorf("takes part: %v", !stays)
			}
			if n := d.count(clarified, d.people["toni"]); n != test.asks {
				t.Errorf("asked %d times to clarify the address, want %d", n, test.asks)
			}
		})
	}
}

func TestSecondContactOfARequestIsAsked(t *testing.T) {
	for email, want := range map[string]int{"Second@demo.example": 1, "coordinator@demo.example": 0, "t@demo.example": 0, "": 0} {
		t.Run(email, func(t *testing.T) {
			s := storetest.Open(t)
			ensureProgramme(t, s)
			savePerson(t, s, store.Person{Role: advisory.Coordinator, Email: "coordinator@demo.example", FirstName: "K", LastName: "B", Active: true})
			_, draft := newDraft(t, s, advisory.Answers{"municipality": {"Musterhausen"}, "land": {"NW"}, "subject": {"x"}, "email": {"t@demo.example"},
				"first_name": {"Toni"}, "last_name": {"Muster"}, "second_contact_name": {"Sam von Muster"}, "second_contact_email": {email}})
			if err := s.OrderVerification(t.Context(), draft, "t@demo.example", false, requestDay); err != nil {
				t.Fatal(err)
			}
			token, _, err := s.IssueAddressLink(t.Context(), draft.ID, "t@demo.example")
			if err != nil {
				t.Fatal(err)
			}
			sent, err := s.SendRequest(t.Context(), token, requestDay)
			if err != nil {
				t.Fatal(err)
			}
			if n := count(t, s, `SELECT count(*) FROM contacts k JOIN persons p ON p.id = k.person_id
				WHERE k.consultation_id = $1 AND confirmed_at IS NULL AND first_name = 'Sam von' AND last_name = 'Muster'`, sent.ConsultationID); n != want {
				t.Errorf("%d waiting, want %d", n, want)
			}
			if n := count(t, s, `SELECT count(*) FROM mails WHERE template = 'verify_address' AND consultation_id = $1`, sent.ConsultationID); n != want {
				t.Errorf("%d mails, want %d", n, want)
			}
		})
	}
}

// clarifies opens check_address about a person and settles it.
func (d *desk) clarifies(about string, choice advisory.Choice, answers advisory.Answers) {
	d.Helper()
	open := d.opens(d.steps+100, advisory.CheckAddress, advisory.Coordinator, "kim")
	open.Open.About = d.people[about]
	number := d.steps + 100
	d.write(open)
	d.write(d.said(number, choice, "kim", answers))
}

func (d *desk) bounce(name string) {
	d.Helper()
	d.exec(`UPDATE persons SET bounced_at = $2 WHERE id = $1`, d.people[name], monday)
	d.exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, state, ordered_at, not_before)
		VALUES (gen_random_uuid(), gen_random_uuid()::text, $1, $2, 'note_shared', 'de', 'held_back', $3, $3)`, d.consultation, d.people[name], monday)
}

func (d *desk) address(name string) string {
	d.Helper()
	return d.read(`SELECT email || ' ' || new_email || CASE WHEN bounced_at IS NULL THEN '' ELSE ' refused' END ||
		(SELECT ' ' || count(*) FROM mails WHERE person_id = persons.id AND state = 'held_back') FROM persons WHERE id = $1`, d.people[name])
}

func TestAddressIsClarified(t *testing.T) {
	for _, name := range []string{"toni", "amina", "robin"} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.bounce(name)
			d.clarifies(name, advisory.AddressWorks, nil)
			if got := d.address(name); got != name+"@demo.example  0" {
				t.Errorf("address works: %s", got)
			}
			d.bounce(name)
			signIn, _, err := d.store.IssueSignInLink(d.ctx, d.people[name], store.SignInLinkLife)
			d.must(err)
			d.clarifies(name, advisory.CorrectAddress, advisory.Answers{"email": {"New@demo.example"}})
			if got := d.address(name); got != name+"@demo.example new@demo.example refused 1" {
				t.Errorf("before the new address is confirmed: %s", got)
			}
			d.confirms("new@demo.example")
			if got := d.address(name); got != "new@demo.example  0" {
				t.Errorf("afterwards: %s", got)
			}
			if err := d.store.CheckSignInLink(d.ctx, signIn); advisory.CodeOf(err) != advisory.NotFound {
				t.Errorf("a link to the old address signs in: %v", err)
			}
		})
	}
}

func TestCorrectedAddressThatIsTaken(t *testing.T) {
	d := newDesk(t)
	for address, taken := range map[string]bool{"amina@demo.example": true, "Toni@demo.example": false, "free@demo.example": false} {
		if got, err := d.store.AddressIsTaken(d.ctx, address, d.people["toni"]); err != nil || got != taken {
			t.Errorf("%s: %v, %v", address, got, err)
		}
	}
	d.bounce("toni")
	d.clarifies("toni", advisory.CorrectAddress, advisory.Answers{"email": {"amina@demo.example"}})
	if got := d.address("toni"); got != "toni@demo.example  refused 1" {
		t.Errorf("taken before the step: %s", got)
	}
	d.clarifies("toni", advisory.CorrectAddress, advisory.Answers{"email": {"new@demo.example"}})
	token := d.link("new@demo.example")
	savePerson(t, d.store, store.Person{Role: advisory.Reader, Email: "new@demo.example", FirstName: "R", LastName: "R", Active: true})
	if _, err := d.store.ConfirmPersonAddress(d.ctx, token, monday); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("taken before the confirmation: %v", err)
	}
}

func TestNewContactSettlesCheckAddress(t *testing.T) {
	d := newDesk(t)
	d.must(d.store.ContactLeaves(d.ctx, d.change("kim"), d.people["toni"]))
	d.clarifies("toni", advisory.NewContact, sam)
	d.confirms("sam@demo.example")
	d.people["sam"] = d.read(`SELECT id FROM persons WHERE email = 'sam@demo.example'`)
	if !d.takesPart("sam") || d.takesPart("toni") {
		t.Error("the new contact does not take part, or the former one does")
	}
	d.clarifies("toni", advisory.NewContact, sam) // somebody was faster
}

func TestWhoIsStillThereIsAskedAgain(t *testing.T) {
	for choice, answers := range map[advisory.Choice]advisory.Answers{
		advisory.AddressWorks: nil, advisory.CorrectAddress: {"email": {"new@demo.example"}},
	} {
		d := newDesk(t)
		d.must(d.store.ContactLeaves(d.ctx, d.change("kim"), d.people["toni"]))
		d.clarifies("toni", choice, answers)
		if d.takesPart("toni") {
			t.Error("takes part without confirming")
		}
		address := "toni@demo.example"
		if answers != nil {
			address = answers.Get("email")
		}
		d.confirms(address)
		if !d.takesPart("toni") {
			t.Errorf("%s: does not take part", choice)
		}
	}
}

func TestUnclearAddress(t *testing.T) {
	d := newDesk(t)
	d.bounce("toni")
	d.exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, state, failure, ordered_at, not_before)
		VALUES (gen_random_uuid(), 'k', $1, $2, 'note_shared', 'de', 'bounced', 'refuses for good: 550 5.1.1', $3, $3)`,
		d.consultation, d.people["toni"], monday)
	found, err := d.store.UnclearAddress(d.ctx, d.consultation, d.people["toni"])
	d.must(err)
	if found.Held != 1 || len(found.Failed) != 1 || found.BouncedAt == nil || found.LeftAt != nil || found.Failed[0].State != "bounced" {
		t.Errorf("found %+v", found)
	}
	if _, err := d.store.UnclearAddress(d.ctx, d.consultation, ""); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("nobody: %v", err)
	}
}

func TestACorrectedAddressCanBeAskedAgain(t *testing.T) {
	d := newDesk(t)
	d.exec(`UPDATE persons SET new_email = 'toni.neu@demo.example' WHERE id = $1`, d.people["toni"])
	d.must(d.store.ResendConfirmation(d.ctx, d.change("kim"), d.people["toni"]))
	if got := d.read(`SELECT string_agg(address, ' ') FROM mails WHERE template = 'verify_address'`); got != "toni.neu@demo.example" {
		t.Errorf("asked at %s", got)
	}
}
