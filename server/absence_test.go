package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// absent lets a person be absent from an hour ago until tomorrow; nobody is deputy where the deputy is empty.
func (f *consultationFixture) absent(person, deputy store.Person) {
	f.t.Helper()
	if err := f.store.EnterAbsence(context.Background(), advisory.Absence{
		Person: person.ID, From: time.Now().Add(-time.Hour), Until: time.Now().Add(24 * time.Hour), Deputy: deputy.ID,
	}); err != nil {
		f.t.Fatal(err)
	}
}

// back ends the absences of a person.
func (f *consultationFixture) back(person store.Person) {
	f.t.Helper()
	f.exec(`UPDATE absences SET until_at = now() - interval '1 minute' WHERE person_id = $1`, person.ID)
}

// at is the same database behind a server whose clock shows another time.
func (f *consultationFixture) at(moment time.Time) *site {
	f.t.Helper()
	needed := dependencies(f.store, f.engine)
	needed.Clock = advisory.NewClock(time.Now(), moment, 1)
	handler, err := New(settings(), needed)
	if err != nil {
		f.t.Fatal(err)
	}
	s := &site{Server: httptest.NewServer(handler), t: f.t, store: f.store, engine: f.engine}
	f.t.Cleanup(s.Close)
	return s
}

// poolAdvisor adds somebody to the pool.
func (f *consultationFixture) poolAdvisor(first, last string) store.Person {
	f.t.Helper()
	person := f.named(advisory.Advisor, first, last)
	f.exec(`INSERT INTO advisors (person_id) VALUES ($1)`, person.ID)
	return person
}

// ahead is the day so many days from now, as a form posts it.
func ahead(days int) string {
	return time.Now().In(advisory.Berlin).AddDate(0, 0, days).Format(time.DateOnly)
}

func absenceAnswers(from, fromPart, to, toPart, deputy string) []string {
	return []string{"from", from, "from_part", fromPart, "to", to, "to_part", toPart, "deputy", deputy}
}

func TestEnteringAnAbsence(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Lead)
	link := b.get(profilePath).attr("main a[href$=abwesenheit]", "href")
	page := inBothLanguages(b, link)[texts.German]
	page.wantText("h1", "Abwesenheit und Vertretung").wantText("main", "Es ist keine Abwesenheit eingetragen.")
	for person, offered := range map[store.Person]bool{f.Member: true, f.Lead: false, f.Coordinator: false} {
		if page.has("select[name=deputy] option[value='"+person.ID+"']") != offered {
			t.Errorf("%s is offered as deputy: %v", person.Name(), !offered)
		}
	}
	page = b.follow(b.post(link, absenceAnswers(ahead(3), "from_noon", ahead(5), "until_noon", f.Member.ID)...))
	page.wantText(".kern-alert--success", "Ihre Abwesenheit ist eingetragen.").wantText(".mg-row", "Vertretung: Joseph Vorlage").
		wantText(".mg-row__title", "(ab mittags) bis").wantText(".mg-row__title", "(bis mittags)")
	b.get("/en"+link).wantText(".mg-row__title", "to").wantText(".mg-row", "Deputy: Joseph Vorlage")
	page = b.follow(b.post(link, absenceAnswers(ahead(9), "all_day", ahead(9), "all_day", "")...))
	page.wantText(".mg-row:nth-child(2)", "Ohne Vertretung: Die Aufgaben bleiben so lange liegen.")
	if strings.Contains(page.text(".mg-row:nth-child(2) .mg-row__title"), "bis") {
		t.Error("a single day is shown as a period")
	}
	f.signedIn(f.Member).get(link).wantText("section[aria-labelledby=vertretungen]", "Amina Exempel")
	remove := page.attr(".mg-row:first-child form", "action")
	b.follow(b.post(remove)).wantText(".kern-alert--success", "gelöscht")
	b.post(remove).wantStatus(http.StatusConflict).wantText("h1", "Diese Abwesenheit lässt sich nicht mehr ändern")
	if f.count(`SELECT count(*) FROM absences`) != 1 || len(f.engine.inputs) != 0 {
		t.Error("something else was changed")
	}
}

func TestComingBackBeforeTheLastDay(t *testing.T) {
	f := newConsultation(t)
	f.absent(f.Coordinator, f.Colleague)
	b := f.signedIn(f.Coordinator)
	page := b.get(b.get(workbenchPath).attr("main a[href$=abwesenheit]", "href"))
	page.wantText(".mg-row", "Jetzt abwesend").wantText(".mg-row button", "Ich bin wieder da")
	b.follow(b.post(page.attr(".mg-row form", "action"))).wantText(".kern-alert--success", "wieder da").
		wantText("main", "Es ist keine Abwesenheit eingetragen.").wantText("details", "Frühere Abwesenheiten")
	if absence, err := f.store.AbsenceAt(t.Context(), f.Coordinator.ID, time.Now()); err != nil || absence != nil {
		t.Errorf("still away: %+v, %v", absence, err)
	}
}

func TestAbsencesThatAreRefused(t *testing.T) {
	f := newConsultation(t)
	cleo := f.poolAdvisor("Cleo", "Beleg")
	in := func(person, deputy store.Person, from, to int) {
		t.Helper()
		day := advisory.Midnight(time.Now())
		if err := f.store.EnterAbsence(t.Context(), advisory.Absence{
			Person: person.ID, From: day.AddDate(0, 0, from), Until: day.AddDate(0, 0, to), Deputy: deputy.ID}); err != nil {
			t.Fatal(err)
		}
	}
	in(f.Member, cleo, 10, 20)
	in(cleo, f.Lead, 12, 14)
	in(f.Lead, f.Member, 30, 40)
	b := f.signedIn(f.Lead)
	for name, test := range map[string]struct {
		typed []string
		says  string
	}{
		"nothing":              {nil, "Bitte geben Sie den ersten Tag ein."},
		"backwards":            {absenceAnswers(ahead(5), "all_day", ahead(4), "all_day", ""), "Der letzte Tag liegt vor dem ersten."},
		"in the past":          {absenceAnswers(ahead(-3), "all_day", ahead(4), "all_day", ""), "Dieses Datum liegt in der Vergangenheit."},
		"noon to noon":         {absenceAnswers(ahead(5), "from_noon", ahead(5), "until_noon", ""), "Zwischen Anfang und Ende liegt keine Zeit."},
		"the own time twice":   {absenceAnswers(ahead(29), "all_day", ahead(31), "all_day", ""), "In dieser Zeit gibt es schon einen Eintrag"},
		"nobody of the pool":   {absenceAnswers(ahead(5), "all_day", ahead(6), "all_day", f.Coordinator.ID), "Vertretung"},
		"oneself":              {absenceAnswers(ahead(5), "all_day", ahead(6), "all_day", f.Lead.ID), "Vertretung"},
		"deputies in a circle": {absenceAnswers(ahead(11), "all_day", ahead(13), "all_day", f.Member.ID), "Joseph Vorlage vertritt Amina Exempel, Cleo Beleg vertritt Joseph Vorlage, Amina Exempel vertritt Cleo Beleg: Ab"},
	} {
		t.Run(name, func(t *testing.T) {
			page := b.post(absencePath, test.typed...).wantStatus(http.StatusUnprocessableEntity)
			page.wantText("#fehler", test.says)
			if test.typed != nil && page.attr("input[name=from]", "value") != test.typed[1] {
				t.Error("what was typed is gone")
			}
		})
	}
	b.post("/en"+absencePath, absenceAnswers(ahead(11), "all_day", ahead(13), "all_day", f.Member.ID)...).
		wantText("#fehler", "Joseph Vorlage stands in for Amina Exempel")
	b.post(absencePath, absenceAnswers(ahead(14), "all_day", ahead(15), "all_day", f.Member.ID)...).wantStatus(http.StatusSeeOther)
	page := b.get(absencePath)
	page.wantText(".mg-row", "Joseph Vorlage ist in dieser Zeit zum Teil selbst abwesend.")
	if f.count(`SELECT count(*) FROM absences`) != 4 {
		t.Error("a refused absence was entered")
	}
}

func TestAnAfternoonThatIsOver(t *testing.T) {
	f := newConsultation(t)
	afternoon := time.Date(2026, 3, 2, 14, 0, 0, 0, advisory.Berlin)
	b := f.at(afternoon).signedIn(f.Lead)
	b.post(absencePath, absenceAnswers("2026-03-02", "all_day", "2026-03-02", "until_noon", "")...).
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Diese Zeit ist schon vorbei.")
	b.post(absencePath, absenceAnswers("2026-03-02", "all_day", "2026-03-02", "all_day", "")...).wantStatus(http.StatusSeeOther)
}

func TestWhoMayEnterAbsences(t *testing.T) {
	f := newConsultation(t)
	typed := absenceAnswers(ahead(0), "all_day", ahead(3), "all_day", f.Member.ID)
	for name, person := range map[string]store.Person{"municipality": f.Contact, "reader": f.named(advisory.Reader, "Rita", "Leser"),
		"administrator": f.named(advisory.Administrator, "Bo", "Betrieb")} {
		f.signedIn(person).get(absencePath).wantStatus(http.StatusForbidden)
		if got := f.signedIn(person).post(absencePath, typed...).StatusCode; got != http.StatusForbidden {
			t.Errorf("%s: %d", name, got)
		}
	}
	advisorsPath := poolPath + "/" + f.Lead.ID + absencePath
	f.signedIn(f.Member).post(advisorsPath, typed...).wantStatus(http.StatusForbidden)
	b := f.signedIn(f.Coordinator)
	b.get(poolPath + "/" + f.Colleague.ID + absencePath).wantStatus(http.StatusNotFound)
	if link := b.get(poolPath+"/"+f.Lead.ID).attr("main a[href$=abwesenheit]", "href"); link != advisorsPath {
		t.Errorf("the page of the advisor leads to %q", link)
	}
	inBothLanguages(b, advisorsPath)[texts.German].wantText("h1", "Abwesenheit von Amina Exempel").
		wantText("main", "Sie tragen die Abwesenheit für Amina Exempel ein.")
	page := b.follow(b.post(advisorsPath, typed...))
	page.wantText(".kern-alert--success", "Die Abwesenheit von Amina Exempel ist eingetragen.").wantText(".mg-row button", "Amina Exempel ist wieder da")
	end := page.attr(".mg-row form", "action")
	own := strings.Replace(end, poolPath+"/"+f.Lead.ID, "", 1)
	f.signedIn(f.Member).post(own).wantStatus(http.StatusConflict) // somebody else's
	if f.count(`SELECT count(*) FROM absences WHERE until_at > now() AND person_id = $1`, f.Lead.ID) != 1 {
		t.Fatal("somebody else has ended it")
	}
	f.signedIn(f.Lead).get(absencePath).wantText(".mg-row", "Jetzt abwesend")
	b.follow(b.post(end)).wantText(".kern-alert--success", "beendet")
}
