package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// followUpAnswered is a completed consultation whose follow-up was answered.
func followUpAnswered(t *testing.T, answers advisory.Answers) *consultationFixture {
	t.Helper()
	f := newConsultation(t)
	f.reach(advisory.AnswerFollowUp)
	f.say(f.Contact, advisory.Submit, "follow_up", answers, advisory.FollowUpAnswered, advisory.Entry{Ended: true})
	return f
}

var newNeed = advisory.Answers{
	"new_need": {"yes"}, "new_need_text": {"Wie gewinnen wir weitere Vereine?"}, "same_advisors": {"yes"},
}

// follows makes a follow-on consultation as if its request had been sent, and returns its number.
func (f *consultationFixture) follows(stage advisory.Stage) (id, number string) {
	f.t.Helper()
	id, number = uuid.NewString(), "MG-2026-0077"
	f.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
			stage_since, sent_at, updated_at, follows, coordinator_id)
		VALUES ($1, $2, 'Musterstadt', 'NW', 'Weiter', 1, $3, 1, $4, now(), now(), now(), $5, $6)`,
		id, number, requestAnswers, stage, f.ID, f.Coordinator.ID)
	f.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) VALUES ($1, $2, now())`, id, f.Contact.ID)
	return id, number
}

func TestFollowOnIsOfferedToContactsAndCoordinators(t *testing.T) {
	f := newConsultation(t)
	link := "a[href$='" + followOnSuffix + "']"
	f.reach(advisory.AnswerFollowUp)
	contact := f.signedIn(f.Contact)
	if contact.get(f.path()).has(link) {
		t.Error("offered before the follow-up is answered")
	}
	contact.get(f.path()+followOnSuffix).wantStatus(http.StatusConflict).wantText("main", "die Nachschau beantwortet")
	contact.post(f.path() + followOnSuffix).wantStatus(http.StatusConflict)
	f.say(f.Contact, advisory.Submit, "follow_up", newNeed, advisory.FollowUpAnswered, advisory.Entry{Ended: true})

	for _, person := range []store.Person{f.Contact, f.Coordinator, f.Head} {
		b := f.signedIn(person)
		b.get(f.path()).wantText(link, "Folgeberatung anlegen")
		b.get("/en"+f.path()+followOnSuffix).wantStatus(http.StatusOK).wantText("h1", "Create a follow-on consultation")
	}
	stranger := f.named(advisory.Municipality, "Fremde", "Person")
	for person, status := range map[store.Person]int{f.Lead: http.StatusForbidden, stranger: http.StatusNotFound} {
		b := f.signedIn(person)
		b.get(f.path() + followOnSuffix).wantStatus(status)
		b.post(f.path() + followOnSuffix).wantStatus(status)
	}
	if f.signedIn(f.Lead).get(f.path()).has(link) {
		t.Error("offered to an advisor")
	}
}

func TestAContactGoesStraightIntoThePrefilledRequest(t *testing.T) {
	f := followUpAnswered(t, newNeed)
	b := f.signedIn(f.Contact)
	b.get(f.path()+followOnSuffix).wantStatus(http.StatusOK).wantText("main form", "Gesendet wird erst, wenn Sie")
	location := b.post(f.path() + followOnSuffix).wantStatus(http.StatusSeeOther).location()
	draft, ok := strings.CutSuffix(location, "/municipality")
	if !ok || !strings.HasPrefix(draft, "/anfrage/") {
		t.Fatalf("leads to %s", location)
	}
	page := b.get(location).wantStatus(http.StatusOK).wantText("main", "haben wir eingetragen")
	for field, want := range map[string]string{"municipality": "Musterstadt", "unit": "Büro für Internationales"} {
		if got := page.attr("input[name="+field+"]", "value"); got != want {
			t.Errorf("%s: %q", field, got)
		}
	}
	b.get(draft+"/situation").wantText("textarea[name=situation]", newNeed.Get("new_need_text"))
	b.get(draft+"/goal").wantText("textarea[name=need]", newNeed.Get("new_need_text"))

	stored, err := f.store.DraftByToken(t.Context(), strings.TrimPrefix(draft, "/anfrage/"))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string][]string{
		"land": {"NW"}, "topics": {"partnerships", "participation"}, "meeting_format": {"on_site"}, "email": {advisory.NormalEmail(f.Contact.Email)},
		"last_name": {"Muster"}, "earlier_consultation": {"yes"}, "earlier_number": {f.Number},
		"privacy_read": nil, "confirm_checked": nil, "goal": nil, "subject": nil, "partner_country": nil,
	} {
		if got := stored.Answers.All(key); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
	b.post(f.path() + followOnSuffix).wantLocation(location) // never two
	if f.count(`SELECT count(*) FROM drafts`) != 1 {
		t.Error("a second click made a second draft")
	}
	if f.count(`SELECT count(*) FROM mails WHERE template = 'draft_saved'`) != 0 {
		t.Error("who is led into the form gets a mail")
	}
}

func TestACoordinatorMailsTheDraftToAContact(t *testing.T) {
	f := followUpAnswered(t, advisory.Answers{"new_need": {"unsure"}})
	second, waiting := f.named(advisory.Municipality, "Sascha", "Stadt"), f.named(advisory.Municipality, "Noch", "Unbestaetigt")
	f.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) VALUES ($1, $2, now()), ($1, $3, NULL)`, f.ID, second.ID, waiting.ID)
	b := f.signedIn(f.Coordinator)
	path := f.path() + followOnSuffix
	b.get(path).wantStatus(http.StatusOK).wantText("select[name=contact]", "Sascha Stadt").wantText("main form", "bekommt per Mail einen Link")
	for _, wrong := range []string{"", waiting.ID, f.Lead.ID} {
		b.post(path, "contact", wrong).wantStatus(http.StatusUnprocessableEntity)
	}
	if f.count(`SELECT count(*) FROM drafts`) != 0 {
		t.Fatal("a draft without a contact")
	}
	answer := b.post(path, "contact", second.ID).wantLocation(f.path())
	b.follow(answer).wantText(".kern-alert--success", "Sascha Stadt bekommt den Link per Mail")
	answer = b.post(path, "contact", second.ID).wantLocation(f.path())
	b.follow(answer).wantText(".kern-alert--success", "Den Entwurf gibt es schon")
	if drafts, mails := f.count(`SELECT count(*) FROM drafts WHERE follows = $1 AND answers->'email'->>0 = $2`, f.ID, advisory.NormalEmail(second.Email)),
		f.count(`SELECT count(*) FROM mails m JOIN drafts d ON d.id = m.draft_id WHERE m.template = 'draft_saved' AND m.address = $1`,
			advisory.NormalEmail(second.Email)); drafts != 1 || mails != 1 {
		t.Errorf("%d drafts, %d mails", drafts, mails)
	}
	f.exec(`UPDATE contacts SET confirmed_at = NULL`)
	b.get(path).wantStatus(http.StatusConflict).wantText("main", "Keine Kontaktperson")
}

func TestASentFollowOnIsLinkedOnBothPages(t *testing.T) {
	f := followUpAnswered(t, newNeed)
	f.exec(`UPDATE persons SET email = 't.muster@musterstadt.example' WHERE id = $1`, f.Contact.ID) // as the request is filled in
	b := f.signedIn(f.Contact)
	draft := strings.TrimSuffix(b.post(f.path()+followOnSuffix).location(), "/municipality")
	b.follow(b.post(b.sent(draft))).wantStatus(http.StatusOK)
	var number string
	if err := f.store.DB().QueryRow(`SELECT number FROM consultations WHERE follows = $1`, f.ID).Scan(&number); err != nil {
		t.Fatal(err)
	}

	for _, person := range []store.Person{f.Contact, f.Coordinator} {
		b := f.signedIn(person)
		b.get(f.path()).wantText("#folgeberatung a[href='"+consultationPath(number)+"']", "Folgeberatung: "+number)
		b.get(consultationPath(number)).wantText("#folgeberatung a[href='"+f.path()+"']", "Folgeberatung von "+f.Number)
		b.get("/en"+consultationPath(number)).wantText("#folgeberatung", "Follow-on consultation of "+f.Number)
	}
	if f.signedIn(f.Lead).get(f.path()).has("#folgeberatung") {
		t.Error("an advisor sees a consultation that is not the advisor's")
	}
	b = f.signedIn(f.Contact)
	if b.get(f.path()).has("a[href$='" + followOnSuffix + "']") {
		t.Error("a second one is offered while the first runs")
	}
	b.post(f.path()+followOnSuffix).wantStatus(http.StatusConflict).wantText("main", "sie läuft noch")
}

func TestEarlierAdvisorsAreSuggestedFirst(t *testing.T) {
	for same, test := range map[string]struct {
		first bool
		rule  string
	}{
		"yes":    {true, "steht an erster Stelle"},
		"unsure": {true, "steht an erster Stelle"},
		"no":     {false, "nicht wieder mit denselben"},
		"":       {true, "steht an erster Stelle"},
	} {
		t.Run(same, func(t *testing.T) {
			f := followUpAnswered(t, advisory.Answers{"new_need": {"yes"}, "same_advisors": {same}})
			better := f.advisor("Besser", "")
			f.exec(`UPDATE advisors SET topics = '{}', languages = '{}', last_invited_at = now()`)
			f.exec(`UPDATE advisors SET topics = '{partnerships,participation}', languages = '{german}', last_invited_at = NULL WHERE person_id = $1`, better.ID)
			f.exec(`UPDATE advisors SET capacity = 2`)
			f.exec(`UPDATE advisors SET capacity = 0 WHERE person_id = $1`, f.Member.ID)
			id, _ := f.follows(advisory.Assignment)
			f.ID, f.steps, f.tasks = id, 0, 0
			task, owner := f.openNext(advisory.ChooseAdvisors)
			page := f.signedIn(owner).get("/aufgaben/" + task).wantStatus(http.StatusOK)

			want := []string{"Besser Bessersen", "Amina Exempel"}
			if test.first {
				slices.Reverse(want)
			}
			for i, heading := range page.all(".mg-cand h3") {
				if text := strings.Join(strings.Fields(textOf(heading)), " "); !strings.HasSuffix(text, want[i]) {
					t.Errorf("place %d: %s, want %s", i+1, text, want[i])
				}
			}
			mark := "Hat die frühere Beratung begleitet"
			page.wantText("article[aria-labelledby='candidate-"+f.Lead.ID+"']", mark).wantText("main form", test.rule).
				wantText("section[aria-labelledby='unavailable-h']", "Joseph Vorlage").
				wantText("section[aria-labelledby='unavailable-h']", "keine freie Kapazität").
				wantText("section[aria-labelledby='unavailable-h']", mark).
				wantText("section[aria-labelledby='wanted-h']", f.Number)
			if strings.Contains(page.text("article[aria-labelledby='candidate-"+better.ID+"']"), mark) {
				t.Error("somebody else is marked")
			}
		})
	}
}
