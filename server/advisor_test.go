package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

func TestMyTasksAreGroupedByDueDate(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	for _, sql := range []string{"current_date - 3", "(now() AT TIME ZONE 'Europe/Berlin')::date", "current_date + 60"} {
		id := f.open(advisory.OpenTask{Kind: advisory.WriteNote, Session: 1, Owner: advisory.Owner{Role: advisory.Advisor, Person: f.Lead.ID}})
		f.exec(`UPDATE tasks SET due_on = `+sql+` WHERE id = $1`, id)
	}
	b := f.signedIn(f.Lead)
	page := inBothLanguages(b, "/aufgaben")[texts.German]
	var groups []string
	for _, heading := range page.all(".mg-group__h") {
		groups = append(groups, strings.Fields(textOf(heading))[0])
	}
	if groups[0] != "Überfällig" || groups[1] != "Heute" || groups[len(groups)-1] != "Später" {
		t.Errorf("groups %v", groups)
	}
	page.wantText(".mg-group .kern-badge--danger", "überfällig").wantText(".kern-badge--warning", "heute")
	if slices.Contains(groups, "Ruht") {
		t.Error("nothing rests")
	}
	rest := true
	f.write(advisory.Entry{Rest: &rest})
	b.get("/aufgaben").wantText(".mg-group__h", "Ruht 4")
}

func TestMyTasksAreMine(t *testing.T) {
	f := newConsultation(t)
	invitation, _ := f.reach(advisory.AnswerInvitation)
	f.signedIn(f.Lead).get("/aufgaben").wantText("main", "Beantworten Sie die Einladung")
	if !f.signedIn(f.Lead).get("/aufgaben").has("a[href='" + taskPath(invitation) + "']") {
		t.Error("the list does not lead to the invitation")
	}
	for _, other := range []store.Person{f.Member, f.Contact} {
		f.signedIn(other).get("/aufgaben").wantText(".mg-empty", "Für Sie steht nichts an.")
	}
	f.signedIn(f.Coordinator).get("/aufgaben").wantLocation("/arbeitsplatz")
	f.signedIn(f.named(advisory.Reader, "Rita", "Leser")).get("/aufgaben").wantStatus(http.StatusForbidden)
}

func TestAppointmentsStandBesideTheTasks(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.RecordOutcome)
	for _, person := range []store.Person{f.Contact, f.Lead, f.Member} {
		page := f.signedIn(person).get("/aufgaben")
		page.wantText("section[aria-labelledby=termine]", "Auftaktgespräch").wantText("section[aria-labelledby=termine]", "vor Ort, Rathaus")
	}
	f.signedIn(f.named(advisory.Advisor, "Otto", "Anderswo")).get("/aufgaben").wantText("section[aria-labelledby=termine]", "Es stehen keine Termine an.")
}

func TestProfileRoundTrip(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Lead)
	page := inBothLanguages(b, profilePath)[texts.German]
	page.wantText("main", "Ich moderiere seit 2010.").wantText("main", "einmal am Tag, gesammelt")
	typed := []string{
		"about", "Ich berate Vereine.", "topics", "education", "topics", "fair_trade", "languages", "german", "languages", "other",
		"other_language", "Twi", "home", "Bonn", "capacity", "three", "meeting_format", "video", "phone", "0228 123",
		"origin_country", "GH", "origin_consent", "yes", "mail_rhythm", "daily_digest", "mail_language", "english",
	}
	b.follow(b.post(profilePath, typed...)).wantText(".kern-alert--success", "Ihr Profil ist gespeichert.")
	again := b.get(profilePath)
	for _, chosen := range []string{"input[name=topics][value=education][checked]", "input[name=languages][value=other][checked]",
		"input[name=home][value=Bonn]", "option[value=three][selected]", "option[value=GH][selected]", "option[value=english][selected]",
		"input[name=origin_consent][checked]", "input[value=daily_digest][checked]", "input[name=other_language][value=Twi]"} {
		if !again.has(chosen) {
			t.Errorf("after saving there is no %s", chosen)
		}
	}
	profile, err := f.store.AdvisorProfile(t.Context(), f.Lead.ID)
	if err != nil || profile.Capacity != 3 || profile.Language != "en" || profile.MailRhythm != "daily_digest" || profile.Phone != "0228 123" {
		t.Errorf("stored %+v, %v", profile, err)
	}
}

func TestProfileWithErrorsKeepsWhatWasTyped(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Lead)
	page := b.post(profilePath, "about", "", "home", "Bonn", "capacity", "seven").wantStatus(http.StatusUnprocessableEntity)
	page.wantText("#fehler", "Bitte schreiben Sie ein paar Sätze über sich.")
	if !page.has("input[name=home][value=Bonn]") {
		t.Error("what was typed is gone")
	}
	if profile, _ := f.store.AdvisorProfile(t.Context(), f.Lead.ID); profile.About != "Ich moderiere seit 2010." {
		t.Error("a profile with errors was saved")
	}
	f.signedIn(f.Contact).get(profilePath).wantStatus(http.StatusForbidden)
}
