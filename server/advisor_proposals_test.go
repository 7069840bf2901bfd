package server

import (
	"net/http"
	"testing"

	"miglobe/store"
)

// ownProfile is what Amina sends of her profile, with other networks and another telephone.
func ownProfile(networks, phone string) []string {
	return []string{"about", "Ich moderiere seit 2010.", "topics", "partnerships", "competences", "Netzwerke in Westafrika",
		"networks", networks, "languages", "german", "languages", "french", "home", "Köln", "further_places", "Bonn\r\nWitten", "capacity", "one",
		"meeting_format", "either", "phone", phone, "mail_rhythm", "immediately", "mail_language", "german"}
}

func TestAnAdvisorsChangeWaitsForItsApproval(t *testing.T) {
	f := newConsultation(t)
	amina, kim := f.signedIn(f.Lead), f.signedIn(f.Coordinator)
	amina.follow(amina.post(profilePath, ownProfile("Vereine", "0221 12345")...)).
		wantText(".kern-alert--success", "warten auf Freigabe").
		wantText("section[aria-labelledby=proposal-h]", "Wartet auf Freigabe").
		wantText("section[aria-labelledby=proposal-h]", "Netzwerkekeine AngabeVereine").
		wantText("textarea[name=networks]", "Vereine")
	kim.get(poolPath).wantText("a[href='"+proposalsPath+"']", "1 Freigabe")
	profile := kim.get(poolPath + "/" + f.Lead.ID)
	profile.wantText("section[aria-labelledby=proposal-h]", "Vereine").wantText("section[aria-labelledby=facts-h]", "Bonn, Witten").
		wantText("section[aria-labelledby=facts-h]", "0221 12345").wantText("section[aria-labelledby=facts-h]", "keine Einwilligung")
	if advisor, _ := f.store.PoolAdvisor(t.Context(), f.Lead.ID); advisor.Networks != "" {
		t.Fatal("the change counts before its approval")
	}
	list := inBothLanguages(kim, proposalsPath)["de"]
	list.wantText("main section", "Netzwerkekeine AngabeVereine")
	approve := list.attr("main form", "action")
	kim.follow(kim.post(approve)).wantText(".kern-alert--success", "Die Änderung von Amina Exempel ist freigegeben.").
		wantText("main", "Es wartet keine Änderung auf Freigabe.")
	f.signedIn(f.Colleague).post(approve).wantStatus(http.StatusConflict).wantText("main", "schon entschieden")
	if advisor, _ := f.store.PoolAdvisor(t.Context(), f.Lead.ID); advisor.Networks != "Vereine" {
		t.Error("the approved change does not count")
	}
	amina.get(profilePath).wantText("section[aria-labelledby=proposal-h]", "Ihre Änderung ist freigegeben")
}

func TestAReturnNeedsAReasonThatTheAdvisorReads(t *testing.T) {
	f := newConsultation(t)
	amina, kim := f.signedIn(f.Lead), f.signedIn(f.Coordinator)
	amina.post(profilePath, ownProfile("Alle", "")...)
	path := proposalsPath + "/" + f.waitingProposal() + "/zurueckgeben"
	kim.post(path).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "warum Sie die Änderung zurückgeben").
		wantText("details[open]", "warum Sie die Änderung zurückgeben")
	kim.follow(kim.post(path, "reason", "Bitte nennen Sie einzelne Vereine.")).wantText(".kern-alert--success", "zurückgegeben")
	kim.post(path).wantStatus(http.StatusConflict)
	page := amina.get(profilePath)
	page.wantText("section[aria-labelledby=proposal-h]", "Bitte nennen Sie einzelne Vereine.")
	if page.text("textarea[name=networks]") != "" {
		t.Error("the form does not show what counts")
	}
	for _, person := range []store.Person{f.Lead, f.Contact, f.named("reader", "Rita", "Leser")} {
		f.signedIn(person).get(proposalsPath).wantStatus(http.StatusForbidden)
		f.signedIn(person).post(path, "reason", "x").wantStatus(http.StatusForbidden)
	}
}

func (f *consultationFixture) waitingProposal() string {
	f.t.Helper()
	found, err := f.store.WaitingProposals(f.t.Context())
	if err != nil || len(found) != 1 {
		f.t.Fatalf("waiting %+v, %v", found, err)
	}
	return found[0].ID
}

func TestACoordinatorEditsEverythingButConsents(t *testing.T) {
	f := newConsultation(t)
	f.exec(`UPDATE advisors SET origin_country = 'GH', origin_consent = true, home = 'Köln' WHERE person_id = $1`, f.Lead.ID)
	kim, path := f.signedIn(f.Coordinator), poolPath+"/"+f.Lead.ID+editSuffix
	page := inBothLanguages(kim, path)["de"]
	if page.has("[name=origin_consent]") || page.has("[name=origin_country]") {
		t.Error("the coordinator is asked about consents")
	}
	typed := append(ownProfile("Vereine", "0221 777"), "first_name", "Aminata", "last_name", "Exempel",
		"origin_country", "NG", versionField, page.attr("input[name="+versionField+"]", "value"))
	kim.follow(kim.post(path, typed...)).wantText("h1", "Aminata Exempel").wantText("section[aria-labelledby=about-h]", "Vereine").
		wantText("section[aria-labelledby=facts-h]", "mit Einwilligung")
	profile, err := f.store.AdvisorProfile(t.Context(), f.Lead.ID)
	if err != nil || profile.OriginCountry != "GH" || !profile.OriginConsent || profile.Phone != "0221 777" {
		t.Errorf("profile %+v, %v", profile, err)
	}
	kim.post(path, typed...).wantStatus(http.StatusConflict).wantText("main", "wurde das Profil geändert").wantText("main", "0221 777")
	kim.post(path, "capacity", "nine").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Vornamen")
	f.signedIn(f.Lead).get(path).wantStatus(http.StatusForbidden)
}
