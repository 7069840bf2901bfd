package server

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

var newContact = []string{"first_name", "Sam", "last_name", "Sommer", "email", "Sam.Sommer@example.org", "function", "Integrationsbüro"}

func (f *consultationFixture) contacts() string { return f.path() + "/kontakte" }

// waiting adds a contact who has not confirmed the address yet.
func (f *consultationFixture) waiting() store.Person {
	f.t.Helper()
	f.signedIn(f.Contact).post(f.contacts()+"/neu", newContact...).wantLocation(f.contacts())
	person, err := f.store.PersonByEmail(context.Background(), "sam.sommer@example.org")
	if err != nil {
		f.t.Fatal(err)
	}
	return person
}

// addressLink is the link that the post office writes into the mail that confirms an address.
func (f *consultationFixture) addressLink(email string) string {
	f.t.Helper()
	token, _, err := f.store.IssuePersonAddressLink(context.Background(), f.ID, email)
	if err != nil {
		f.t.Fatal(err)
	}
	return "/adresse-bestaetigen/" + token
}

func TestNewContactSeesNothingBeforeConfirming(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ConfirmNeed)
	b := f.signedIn(f.Contact)
	status := b.get(f.path()).wantStatus(http.StatusOK)
	list := b.get(status.attr("a[href$=kontakte]", "href")).wantStatus(http.StatusOK).wantText("main li", "Toni Muster (Sie)")
	form := b.get(list.attr("main .mg-buttons a", "href")).wantStatus(http.StatusOK).wantText("h1", "Kontaktperson hinzufügen")
	b.post(form.attr("main form", "action"), "first_name", "Sam").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Nachname")
	b.follow(b.post(form.attr("main form", "action"), newContact...)).wantText(".kern-alert--success", "Sam.Sommer@example.org").
		wantText("main ul", "wartet auf Bestätigung")
	if f.mails(advisory.MailVerifyAddress) != 1 || f.count(`SELECT count(*) FROM mails WHERE person_id IS NULL AND address = 'sam.sommer@example.org'`) != 1 {
		t.Fatal("no mail asks for the confirmation")
	}
	b.get(f.path()).wantText("section[aria-labelledby=kontakte]", "wartet auf Bestätigung")
	if f.signedIn(f.Lead).get(f.path()).has("a[href$=kontakte]") {
		t.Error("advisors are offered to manage the contacts")
	}

	person, _ := f.store.PersonByEmail(t.Context(), "sam.sommer@example.org")
	anonymous := f.browser()
	anonymous.post("/anmelden", "email", person.Email).wantStatus(http.StatusOK)
	if f.mails(advisory.MailSignInLink) != 0 {
		t.Error("who has not confirmed the address gets a link to sign in")
	}
	early := f.signedIn(person) // by whatever way
	for _, path := range []string{f.path(), f.contacts(), f.contacts() + "/neu", "/aufgaben/" + f.last} {
		early.get(path).wantStatus(http.StatusNotFound)
	}
	early.post(f.contacts()+"/neu", newContact...).wantStatus(http.StatusNotFound)

	link := f.addressLink("sam.sommer@example.org")
	other := f.browser()
	for range 2 {
		other.get(link).wantStatus(http.StatusOK).wantText("main", "sam.sommer@example.org")
	}
	other.get("/en"+link).wantStatus(http.StatusOK).wantText("main", "Please confirm")
	early.get(f.path()).wantStatus(http.StatusNotFound)
	other.follow(other.post(link)).wantStatus(http.StatusOK).wantText(".kern-alert--success", "Adresse ist bestätigt").wantText("h1", "Vereine einbinden")
	other.get("/aufgaben/" + f.last).wantStatus(http.StatusOK)
	f.browser().get(link).wantStatus(http.StatusGone).wantText("main", "nur einmal")
	f.browser().post(link).wantStatus(http.StatusGone)
	f.signedIn(f.Coordinator).get(f.path()).wantText("#verlauf", "Kontaktperson hinzugefügt").wantText("#verlauf", "Sommer")
}

func TestExpiredAddressLink(t *testing.T) {
	f := newConsultation(t)
	f.waiting()
	link := f.addressLink("sam.sommer@example.org")
	f.exec(`UPDATE address_links SET expires_at = now() - interval '1 second'`)
	b := f.browser()
	b.get(link).wantStatus(http.StatusGone)
	b.post(link).wantStatus(http.StatusGone).wantText("h1", "gilt nicht mehr")
	b.get("/adresse-bestaetigen/unbekannt").wantStatus(http.StatusGone)
	if f.count(`SELECT count(*) FROM contacts WHERE confirmed_at IS NOT NULL`) != 1 {
		t.Error("an old link confirms")
	}
}

func TestAddressThatCannotBeAContacts(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Contact)
	for address, says := range map[string]string{f.Lead.Email: "anderen Rolle", f.Coordinator.Email: "anderen Rolle", f.Contact.Email: "schon Kontaktperson"} {
		b.post(f.contacts()+"/neu", "first_name", "Neu", "last_name", "Name", "email", address).
			wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", says)
	}
	answer := b.post(f.contacts()+"/neu", "first_name", "Neu", "last_name", "Name", "email", f.Lead.Email)
	if answer.attr("input[name=first_name]", "value") != "Neu" {
		t.Error("what was typed is lost")
	}
	f.exec(`UPDATE consultations SET outcome = 'declined', closed_at = now(), ended_at = now()`)
	b.get(f.contacts() + "/neu").wantLocation(f.contacts())
	b.post(f.contacts()+"/neu", newContact...).wantStatus(http.StatusConflict).wantText("main", "beendet").wantText("main", "Sommer")
}

func TestWhoMayChangeContacts(t *testing.T) {
	f := newConsultation(t)
	sam := f.waiting()
	stranger := f.named(advisory.Municipality, "Fred", "Fremd")
	resend, leave := f.contacts()+"/"+sam.ID+"/bestaetigung", f.contacts()+"/"+sam.ID+"/ausscheiden"
	for name, test := range map[string]struct {
		person                    store.Person
		list, add, resend, askOut int
	}{
		"contact":            {f.Contact, 200, 200, 403, 404},
		"coordinator":        {f.Coordinator, 200, 200, 303, 200},
		"colleague":          {f.Colleague, 200, 200, 303, 200},
		"lead advisor":       {f.Lead, 403, 403, 403, 403},
		"other municipality": {stranger, 404, 404, 403, 404},
		"reader":             {f.named(advisory.Reader, "Rita", "Leser"), 403, 403, 403, 403},
	} {
		t.Run(name, func(t *testing.T) {
			b := f.signedIn(test.person)
			b.get(f.contacts()).wantStatus(test.list)
			b.get(f.contacts() + "/neu").wantStatus(test.add)
			b.post(resend).wantStatus(test.resend)
			b.get(leave).wantStatus(test.askOut)
		})
	}
	f.signedIn(f.Contact).post(leave).wantStatus(http.StatusNotFound)
	b := f.signedIn(f.Coordinator)
	list := b.get(f.contacts()).wantText("main", "Bitte um Bestätigung noch einmal senden")
	b.follow(b.post(list.attr("main li form", "action"))).wantText(".kern-alert--success", "noch einmal unterwegs")
	f.exec(`UPDATE contacts SET confirmed_at = now() WHERE person_id = $1`, sam.ID)
	b.post(resend).wantStatus(http.StatusConflict).wantText("h1", "inzwischen erledigt")
}

func TestLeavingEndsAccessAtOnce(t *testing.T) {
	f := newConsultation(t)
	id, _ := f.reach(advisory.ConfirmNeed)
	sam := f.waiting()
	confirmed := f.browser()
	confirmed.post(f.addressLink(sam.Email)).wantStatus(http.StatusSeeOther)
	token, err := f.store.IssueTaskLink(t.Context(), id, sam.ID)
	if err != nil {
		t.Fatal(err)
	}
	tab := f.browser()
	task := tab.follow(tab.get("/a/" + token)).wantStatus(http.StatusOK)

	leave := confirmed.get(confirmed.get(f.contacts()).attr("a[href$=ausscheiden]", "href")).wantText("h1", "nicht mehr Kontaktperson")
	if f.count(`SELECT count(*) FROM contacts WHERE left_at IS NOT NULL`) != 0 {
		t.Fatal("looking at the page changes something")
	}
	other := f.signedIn(sam)
	other.get(f.path()).wantStatus(http.StatusOK)
	confirmed.follow(confirmed.post(leave.attr("main form", "action"))).wantText(".kern-alert--success", "nicht mehr Kontaktperson")

	for _, path := range []string{f.path(), f.contacts(), "/aufgaben/" + id} {
		other.get(path).wantStatus(http.StatusNotFound)
	}
	tab.get("/aufgaben/" + id).wantStatus(http.StatusGone)
	tab.post("/aufgaben/"+id, task.filled()...).wantStatus(http.StatusConflict).wantText("main", "Das haben Sie geschrieben")
	f.browser().get("/a/" + token).wantStatus(http.StatusGone)
	if len(f.engine.inputs) != 0 {
		t.Error("who left has settled a task")
	}
	f.signedIn(f.Contact).get(f.contacts()).wantStatus(http.StatusOK)
	if f.signedIn(f.Contact).get(f.contacts()).has(`a[href="mailto:` + sam.Email + `"]`) {
		t.Error("contacts see who left")
	}
	staff := f.signedIn(f.Coordinator)
	staff.get(f.contacts()).wantText("main ul", "ausgeschieden am")
	staff.get(f.path()).wantText("#personen", "ausgeschieden am")
}

func TestLastContactOnThePage(t *testing.T) {
	f := newConsultation(t)
	leave := f.contacts() + "/" + f.Contact.ID + "/ausscheiden"
	b := f.signedIn(f.Contact)
	b.get(leave).wantText("h1", "einzige Kontaktperson").wantText("main .mg-buttons a", "Kontaktperson hinzufügen")
	b.post(leave).wantStatus(http.StatusConflict).wantText("main", "andere Kontaktperson")
	b.get(f.path()).wantStatus(http.StatusOK)
	staff := f.signedIn(f.Coordinator)
	staff.get(leave).wantText("main .kern-alert", "eine Aufgabe")
	staff.follow(staff.post(leave)).wantText(".kern-alert--success", "Toni Muster")
	if f.count(`SELECT count(*) FROM inputs WHERE kind = 'clarify_address' AND message->>'person' = $1`, f.Contact.ID) != 1 {
		t.Error("nobody is asked to clarify the address")
	}
	staff.post(leave).wantStatus(http.StatusNotFound)
	b.get(f.path()).wantStatus(http.StatusNotFound)
}

// refused lets mails to a person come back and opens the task to clarify it.
func (f *consultationFixture) refused(person store.Person) string {
	f.t.Helper()
	f.exec(`UPDATE persons SET bounced_at = now() WHERE id = $1`, person.ID)
	for state, failure := range map[string]string{"bounced": "the mail server refuses for good: 550 5.1.1", "held_back": ""} {
		f.exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, state, failure, subject, ordered_at, not_before)
			VALUES ($1, $2, $3, $4, 'note_shared', 'de', $5, $6, 'Neue Notiz', now(), now())`,
			uuid.NewString(), uuid.NewString(), f.ID, person.ID, state, failure)
	}
	return f.open(advisory.OpenTask{Kind: advisory.CheckAddress, About: person.ID,
		Owner: advisory.Owner{Role: advisory.Coordinator, Person: f.Coordinator.ID}})
}

func TestCheckAddress(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	b, contact, lead := f.signedIn(f.Coordinator), f.signedIn(f.Contact), f.signedIn(f.Lead)
	path := "/aufgaben/" + f.refused(f.Contact)
	for _, page := range inBothLanguages(b, path) {
		page.wantText("main", "Toni Muster").wantText("main", "Neue Notiz").wantText("main", "0000 12345")
	}
	page := b.get(path).wantText("main", "das Postfach gibt es nicht").wantText("main", "Zurückgehalten: 1 Mail").wantText("main", "Kommune")
	contact.get(path).wantStatus(http.StatusNotFound)
	b.get(f.path()).wantText("#personen", "an diese Adresse geht zurzeit nichts")
	for _, page := range []*answer{lead.get(f.path()), contact.get(f.path()), contact.get(f.contacts())} {
		if strings.Contains(page.wantStatus(http.StatusOK).text("main"), "geht zurzeit nichts") {
			t.Errorf("%s: others than coordinators read that mails come back", page.what)
		}
	}

	b.post(path, "choice", page.attr(`button[name=choice]`, "value")).wantLocation(f.path())
	correct := b.get(path+"?wahl=correct_address").wantText("h1", "Adresse berichtigen")
	action := correct.attr("main form", "action")
	b.post(action, "choice", "correct_address", "email", f.Lead.Email).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "anderen Konto")
	b.post(action, "choice", "correct_address", "email", "neu@example.org").wantLocation(f.path())
	b.get(path+"?wahl=new_contact").wantText("h1", "Kontaktperson hinzufügen")
	b.post(action, append([]string{"choice", "new_contact", "email", f.Lead.Email}, newContact[:4]...)...).
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "anderen Rolle")
	b.post(action, append([]string{"choice", "new_contact"}, newContact...)...).wantLocation(f.path())

	var said []advisory.Choice
	for _, input := range f.engine.inputs {
		said = append(said, input.Message.Choice)
		if input.OnBehalf || input.Message.Kind != advisory.TaskInput {
			t.Errorf("input %+v", input)
		}
	}
	if len(said) != 3 || said[0] != advisory.AddressWorks || said[1] != advisory.CorrectAddress || said[2] != advisory.NewContact ||
		f.engine.inputs[1].Answers.Get("email") != "neu@example.org" || f.engine.inputs[2].Form != "contact" {
		t.Errorf("the engine hears %v", said)
	}
}

func TestCorrectedAddressEndsTheSessionsOfTheOldOne(t *testing.T) {
	for name, person := range map[string]func(*consultationFixture) store.Person{
		"contact":     func(f *consultationFixture) store.Person { return f.Contact },
		"advisor":     func(f *consultationFixture) store.Person { return f.Lead },
		"coordinator": func(f *consultationFixture) store.Person { return f.Coordinator },
	} {
		t.Run(name, func(t *testing.T) {
			f := newConsultation(t)
			f.reach(advisory.ProposeSlots)
			p := person(f)
			before := f.signedIn(p)
			before.get(f.path()).wantStatus(http.StatusOK)
			f.refused(p)
			f.say(f.Coordinator, advisory.CorrectAddress, "correct_address", advisory.Answers{"email": {"neu@example.org"}}, advisory.AddressClarified)
			before.get(f.path()).wantStatus(http.StatusOK) // not confirmed yet
			b := f.browser()
			answer := b.post(f.addressLink("neu@example.org"))
			if p.Role == advisory.Municipality {
				b.follow(answer).wantStatus(http.StatusOK)
			} else {
				answer.wantStatus(http.StatusOK).wantText("main", "neu@example.org")
				b.get(f.path()).wantStatus(http.StatusSeeOther)
			}
			before.get(f.path()).wantStatus(http.StatusSeeOther) // signed out
			if f.count(`SELECT count(*) FROM mails WHERE state = 'held_back'`) != 0 {
				t.Error("mails are still held back")
			}
			found, err := f.store.PersonByEmail(t.Context(), "neu@example.org")
			if err != nil || found.ID != p.ID || found.BouncedAt != nil || found.NewEmail != "" {
				t.Errorf("%+v, %v", found, err)
			}
		})
	}
}

func TestCheckAddressOfWhoLeftLast(t *testing.T) {
	f := newConsultation(t)
	f.exec(`UPDATE contacts SET confirmed_at = NULL, left_at = now()`)
	id := f.open(advisory.OpenTask{Kind: advisory.CheckAddress, About: f.Contact.ID, Owner: advisory.Owner{Role: advisory.Coordinator}})
	f.signedIn(f.Coordinator).get("/aufgaben/"+id).wantText("main", "Wer ausgeschieden ist").wantText("main", "Toni Muster")
}
