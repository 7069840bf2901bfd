package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

func TestWhoSeesAConsultation(t *testing.T) {
	f := newConsultation(t)
	f.withSecrets()
	second := f.named(advisory.Municipality, "Sam", "Zweit")
	f.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) VALUES ($1, $2, now())`, f.ID, second.ID)
	unconfirmed := f.named(advisory.Municipality, "Uli", "Unbestätigt")
	f.exec(`INSERT INTO contacts (consultation_id, person_id) VALUES ($1, $2)`, f.ID, unconfirmed.ID)
	former := f.named(advisory.Advisor, "Fara", "Früher")
	f.exec(`INSERT INTO team (consultation_id, advisor_id, since, until) VALUES ($1, $2, now(), now())`, f.ID, former.ID)
	invited := f.named(advisory.Advisor, "Ines", "Geladen")
	f.exec(`INSERT INTO advisors (person_id) VALUES ($1)`, invited.ID)
	invitation := f.open(advisory.OpenTask{Kind: advisory.AnswerInvitation, Owner: advisory.Owner{Role: advisory.Advisor, Person: invited.ID}})
	for name, test := range map[string]struct {
		person store.Person
		status int
	}{
		"contact":              {f.Contact, http.StatusOK},
		"second contact":       {second, http.StatusOK},
		"unconfirmed contact":  {unconfirmed, http.StatusNotFound},
		"lead":                 {f.Lead, http.StatusOK},
		"team advisor":         {f.Member, http.StatusOK},
		"invited advisor":      {invited, http.StatusNotFound},
		"former advisor":       {former, http.StatusNotFound},
		"other municipality":   {f.named(advisory.Municipality, "Fred", "Fremd"), http.StatusNotFound},
		"other advisor":        {f.named(advisory.Advisor, "Otto", "Anderswo"), http.StatusNotFound},
		"coordinator":          {f.Coordinator, http.StatusOK},
		"lead coordinator":     {f.Head, http.StatusOK},
		"commissioning reader": {f.named(advisory.Reader, "Rita", "Leser"), http.StatusForbidden},
		"administrator":        {f.named(advisory.Administrator, "Alex", "Betrieb"), http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			b := f.signedIn(test.person)
			page := b.get(f.path())
			if page.StatusCode != test.status {
				t.Fatalf("status %d, want %d", page.StatusCode, test.status)
			}
			if text := page.text("main"); test.status != http.StatusOK && strings.Contains(text, "Vereine") {
				t.Errorf("the page tells what it is about: %s", text)
			}
			listed := strings.Contains(b.get("/beratungen").text("main"), f.Number)
			if participates := test.status == http.StatusOK && !test.person.Role.Coordinates(); listed != participates {
				t.Errorf("listed among the own consultations: %v", listed)
			}
		})
	}
	f.signedIn(invited).get(taskPath(invitation)).wantStatus(http.StatusOK)
	f.browser().get(f.path()).wantLocation("/anmelden?weiter=%2Fberatungen%2F" + f.Number)
	f.signedIn(f.Contact).get("/beratungen/MG-1999-0001").wantStatus(http.StatusNotFound)
}

func TestParticipantsReadNothingInternal(t *testing.T) {
	f := newConsultation(t)
	f.withSecrets()
	for _, person := range []store.Person{f.Contact, f.Lead, f.Member} {
		page := f.signedIn(person).get(f.path()).wantStatus(http.StatusOK).text("main")
		for _, secret := range append(secrets, "Dana Absage", "Conny Konflikt", "Robin Probe") {
			if strings.Contains(page, secret) {
				t.Errorf("%s %s reads %q", person.Role, person.Name(), secret)
			}
		}
		for _, known := range []string{"Ziel und Bedarf bestätigt", "Begleitung bestätigt", "Kim Beispiel", "Amina Exempel"} {
			if !strings.Contains(page, known) {
				t.Errorf("%s %s does not read %q", person.Role, person.Name(), known)
			}
		}
	}
}

func TestTheNextTaskOfThePerson(t *testing.T) {
	f := newConsultation(t)
	slot, _ := f.reach(advisory.ChooseSlot)
	page := f.signedIn(f.Contact).get(f.path()).wantStatus(http.StatusOK)
	page.wantText(".mg-next h2", "Wählen Sie einen Termin")
	if href := page.attr(".mg-next a.kern-btn", "href"); href != taskPath(slot) {
		t.Errorf("the button leads to %q", href)
	}
	if n := len(page.all(".mg-next")); n != 1 {
		t.Errorf("%d next tasks", n)
	}
	page.wantText("ol.mg-rows", "Sie").wantText(".mg-journey [aria-current=step]", "Auftakt")
	if n := len(page.all(".mg-journey__stop")); n != 9 || len(page.all("[aria-current=step]")) != 1 {
		t.Errorf("%d stops", n)
	}
	waiting := f.signedIn(f.Lead).get(f.path()).wantStatus(http.StatusOK)
	waiting.wantText("#warten", "Zurzeit müssen Sie nichts tun").wantText("section[aria-labelledby=warten]", "Kommune – Termin wählen, bis")
	if waiting.has(".mg-next") || waiting.has("a[href='"+taskPath(slot)+"']") {
		t.Error("the advisor is led to the municipality's task")
	}
}

func TestSecondTasksStandBelowTheNext(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ChooseSlot)
	f.open(advisory.OpenTask{Kind: advisory.Evaluate, Owner: advisory.Owner{Role: advisory.Municipality}})
	page := f.signedIn(f.Contact).get(f.path())
	page.wantText(".mg-next h2", "Wählen Sie einen Termin").wantText("section[aria-labelledby=ausserdem]", "Blicken Sie auf die Beratung zurück")
}

func TestSessionsNotesAndOptions(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ConfirmOptions)
	f.open(advisory.OpenTask{Kind: advisory.ConfirmOptions, Version: 1, Owner: advisory.Owner{Role: advisory.Advisor, Person: f.Member.ID}})
	f.say(f.Member, advisory.Change, "confirm_options", advisory.Answers{"change_text": {"Bitte mit Datum"}}, advisory.OptionsChanged)
	for _, person := range []store.Person{f.Contact, f.Lead, f.Member} {
		page := f.signedIn(person).get(f.path()).wantStatus(http.StatusOK)
		page.wantText("section[aria-labelledby=termine]", "Auftaktgespräch").wantText("section[aria-labelledby=termine]", "stattgefunden").
			wantText("section[aria-labelledby=termine] details", "Vereine wollen gefragt werden.")
		page.wantText("section[aria-labelledby=optionen] summary", "1. Vereine zum Runden Tisch einladen").
			wantText("section[aria-labelledby=optionen]", "Joseph Vorlagewünscht ÄnderungenBitte mit Datum").
			wantText("section[aria-labelledby=optionen]", "Musterstadtnoch offen")
	}
}

func TestGoalKeepsItsVersions(t *testing.T) {
	f := newConsultation(t)
	contact := f.signedIn(f.Contact)
	contact.get(f.path()).wantText("section[aria-labelledby=ziel]", "So steht es in der Anfrage")
	f.reach(advisory.ConfirmNeed)
	contact.get(f.path()).wantText("section[aria-labelledby=ziel]", "noch nicht bestätigt")
	f.say(f.Contact, advisory.Change, "confirm_need", advisory.Answers{"goal": {"Vereine entscheiden mit."}, "need": {"Wer hilft?"}}, advisory.NeedConfirmed)
	page := contact.get(f.path())
	page.wantText("blockquote.mg-quote", "Vereine entscheiden mit.").wantText("section[aria-labelledby=ziel]", "Fassung 2, von der Kommune bestätigt").
		wantText("section[aria-labelledby=ziel] details", "Erste Fassung (zum Vergleich) Vereine wirken mit.")
}

func TestPeopleSeeWhomToAsk(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	f.exec(`UPDATE advisors SET home = 'Bonn' WHERE person_id = $1`, f.Lead.ID)
	contact := f.signedIn(f.Contact).get(f.path())
	contact.wantText("section[aria-labelledby=team]", "Amina Exempel Federführung").wantText("section[aria-labelledby=koord]", "Kim BeispielKoordination")
	if text := contact.text("section[aria-labelledby=team]"); strings.Contains(text, "Bonn") {
		t.Error("the municipality reads where the advisor lives, which serves distances only")
	}
	f.signedIn(f.Member).get(f.path()).wantText("section[aria-labelledby=kontakte]", "Toni Muster muster@example.org")
}

func TestTheMirrorStaysBlindUntilBothSidesHaveAnswered(t *testing.T) {
	words := map[string]string{"contact": "Gelernt von Toni", "lead": "Gelernt von Amina", "member": "Gelernt von Joseph"}
	for name, test := range map[string]struct {
		answered []string
		reads    map[string][]string // who reads whose words
	}{
		"municipality first":  {[]string{"contact"}, map[string][]string{"contact": {"contact"}, "lead": nil, "member": nil}},
		"an advisor is still": {[]string{"contact", "lead"}, map[string][]string{"contact": {"contact"}, "lead": {"lead"}, "member": nil}},
		"advisors only":       {[]string{"lead", "member"}, map[string][]string{"contact": nil, "lead": {"lead"}, "member": {"member"}}},
		"all": {[]string{"contact", "lead", "member"}, map[string][]string{
			"contact": {"contact", "lead", "member"}, "lead": {"contact", "lead", "member"}, "member": {"contact", "lead", "member"}}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newConsultation(t)
			people := map[string]store.Person{"contact": f.Contact, "lead": f.Lead, "member": f.Member}
			var answered []store.Person
			for _, who := range test.answered {
				answered = append(answered, people[who])
			}
			f.evaluated(answered...)
			for who, person := range people {
				page := f.signedIn(person).get(f.path()).wantStatus(http.StatusOK)
				text := page.text("main")
				for whose, said := range words {
					want := false
					for _, reads := range test.reads[who] {
						want = want || reads == whose
					}
					if strings.Contains(text, said) != want {
						t.Errorf("%s reads %s: %v", who, whose, !want)
					}
				}
				if open := len(test.answered) == 3; page.has("section[aria-labelledby=spiegel] table") != open {
					t.Errorf("%s: the mirror lies open: %v", who, !open)
				}
				// The municipality's answers at the end belong to what is blind.
				compares := who == "contact" && test.reads["contact"] != nil || len(test.answered) == 3
				if got := strings.Contains(page.text("section[aria-labelledby=leitfragen]"), "2 höher"); got != compares {
					t.Errorf("%s compares start and end: %v, want %v", who, got, compares)
				}
			}
		})
	}
}

func TestEveryEndSaysHowItEnded(t *testing.T) {
	for outcome, wants := range map[advisory.Outcome][]string{
		advisory.Declined:       {"Die Anfrage wurde abgelehnt", "Das Anliegen passt nicht."},
		advisory.Referred:       {"Ein anderes Angebot passt besser", "Fragen Sie die Nachbarn."},
		advisory.Withdrawn:      {"Die Beratung ist zurückgezogen", "können Sie die Beratung wieder aufnehmen"},
		advisory.NotAccompanied: {"Die Beratung endete nach dem Auftakt"},
		advisory.Completed:      {"Die Beratung ist abgeschlossen", "Zwei Optionen sind auf dem Weg.", "Nachschau ab"},
	} {
		t.Run(string(outcome), func(t *testing.T) {
			f := newConsultation(t)
			f.ended(outcome)
			pages := inBothLanguages(f.signedIn(f.Contact), f.path())
			page := pages[texts.German]
			for _, want := range wants {
				page.wantText("section[aria-labelledby=ende]", want)
			}
			if strings.Contains(page.text("main"), secrets[4]) {
				t.Error("an internal note is to be read")
			}
			if strings.Contains(page.text("section[aria-labelledby=termine]"), "Terminvorschläge fehlen") {
				t.Error("dates are still asked for")
			}
			if page.has("#warten") || page.has("a[href$=zurueckziehen]") {
				t.Error("an ended consultation waits, or can be withdrawn")
			}
			f.signedIn(f.Contact).get("/beratungen").wantText("main", catalog().UI(texts.German, "outcomes."+string(outcome)+".name"))
		})
	}
}

func TestTheFollowUpIsATaskLikeOthers(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.AnswerFollowUp)
	f.signedIn(f.Contact).get(f.path()).wantText(".mg-next h2", "Berichten Sie").wantText("#ende", "abgeschlossen")
	f.say(f.Contact, advisory.Submit, "follow_up", advisory.Answers{"options.1.progress": {"begun"}, "options.1.progress_text": {"Es geht voran."},
		"message": {"Danke an alle"}, "new_need_text": {"vertraulich"}, "include_migrants_level": {"level_4"}}, advisory.FollowUpAnswered, advisory.Entry{Ended: true})
	page := f.signedIn(f.Lead).get(f.path())
	page.wantText("section[aria-labelledby=nachschau]", "Vereine zum Runden Tisch einladenbegonnenEs geht voran.").
		wantText("section[aria-labelledby=nachschau]", "Danke an alle").wantText("section[aria-labelledby=ende]", "Die Nachschau ist seit")
	if strings.Contains(page.text("main"), "vertraulich") {
		t.Error("the advisor reads what the coordination team was told")
	}
}

func TestRestingStopsTheClock(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.AnswerQuestion)
	rest := true
	f.write(advisory.Entry{Rest: &rest, History: advisory.RestBegun})
	page := f.signedIn(f.Contact).get(f.path())
	page.wantText("#ruhe", "Die Beratung ruht bis").wantText(".mg-next", "Frist steht still").wantText("[aria-current=step]", "ruht bis")
}

func TestHistoryHasPages(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ConfirmOptions)
	b := f.signedIn(f.Contact)
	first := b.get(f.path())
	if n := len(first.all(".mg-event")); n != historyLines {
		t.Fatalf("%d lines", n)
	}
	older := b.get(strings.TrimSuffix(first.attr("section#verlauf ul.mg-stacklinks a", "href"), "#verlauf"))
	if older.wantStatus(http.StatusOK); older.text(".mg-event") == first.text(".mg-event") || !older.has("a[href='"+f.path()+"#verlauf']") {
		t.Error("the older entries are the same, or there is no way back")
	}
	b.get(f.path() + "?vor=x").wantStatus(http.StatusOK)
}

func TestStatusInBothLanguagesAtEveryTask(t *testing.T) {
	f := newConsultation(t)
	contact, lead := f.signedIn(f.Contact), f.signedIn(f.Lead)
	agreed := slices.Index(journeyOrder, advisory.ProposeSlots)
	for i, kind := range journeyOrder {
		f.openNext(kind)
		for _, path := range []string{f.path(), "/beratungen", "/aufgaben"} {
			inBothLanguages(contact, path)
		}
		if i >= agreed {
			inBothLanguages(lead, f.path())
		}
		f.settleNext(kind)
	}
}

func TestListOfConsultationsSaysWhatIsOwed(t *testing.T) {
	f := newConsultation(t)
	nobody := f.named(advisory.Municipality, "Nora", "Neu")
	f.signedIn(nobody).get("/beratungen").wantText(".mg-empty", "Sie haben noch keine Beratung")
	f.signedIn(f.Lead).get("/beratungen").wantText(".mg-empty", "Einladungen finden Sie unter")
	f.reach(advisory.ChooseSlot)
	f.signedIn(f.Contact).get("/beratungen").wantText(".mg-row", "Station: Auftakt").wantText(".mg-row", "Sie sind an der Reihe: Wählen Sie einen Termin")
	f.signedIn(f.Lead).get("/beratungen").wantText(".mg-row", "Musterstadt").wantText(".mg-row", "Als Nächstes: Kommune – Termin wählen")
	f.signedIn(f.Coordinator).get("/beratungen").wantLocation(consultationsPath)
}

func TestListOfConsultationsHasPages(t *testing.T) {
	f := newConsultation(t)
	f.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage, stage_since, sent_at, updated_at)
		SELECT gen_random_uuid(), 'MG-2025-' || n, 'Ort', 'NW', 'Anliegen', 1, '{}', 1, 'review', now(), now(), now() FROM generate_series(1, 30) n`)
	f.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) SELECT id, $1, now() FROM consultations ON CONFLICT DO NOTHING`, f.Contact.ID)
	b := f.signedIn(f.Contact)
	first := b.get("/beratungen")
	if n := len(first.all("main .mg-row")); n != store.ConsultationsPerPage {
		t.Errorf("%d rows on the first page", n)
	}
	second := b.get(first.attr("a[rel=next]", "href")).wantStatus(http.StatusOK)
	if n := len(second.all("main .mg-row")); n != 6 || !second.has("a[rel=prev]") {
		t.Errorf("%d rows on the second page", n)
	}
}

func TestNextMonday(t *testing.T) {
	for day, want := range map[string]string{"2026-03-02": "2026-03-09", "2026-03-06": "2026-03-09", "2026-03-08": "2026-03-09", "2026-03-29": "2026-03-30"} {
		at, _ := time.ParseInLocation(time.DateOnly, day, advisory.Berlin)
		if got := nextMonday(at.Add(15 * time.Hour)).Format(time.DateOnly); got != want {
			t.Errorf("after %s comes %s, want %s", day, got, want)
		}
	}
}
