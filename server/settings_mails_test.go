package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/texts"
)

const reminderText = "/einstellungen/mails/confirm_need_reminder/de"

// leads signs a lead coordinator in.
func (s *site) leads() *browser {
	s.t.Helper()
	return s.signedIn(s.person(advisory.LeadCoordinator, "leitung@example.org"))
}

// wording is the text of a form.
func (a *answer) wording() (subject, body string) {
	return a.attr("input[name=subject]", "value"), textOf(a.all("textarea[name=body]")[0])
}

func TestEveryMailIsInOneGroupWithItsPurpose(t *testing.T) {
	var listed []string
	for _, group := range mailGroups {
		listed = append(listed, group.mails...)
	}
	all := append(catalog().MailNames(), mailFooter)
	slices.Sort(all)
	slices.Sort(listed)
	if !slices.Equal(all, listed) {
		t.Errorf("listed %q, want %q", listed, all)
	}
	s := newSite(t)
	b := s.leads()
	b.get("/einstellungen").wantText("main", "Mailtexte")
	for _, lang := range []string{"", "/en"} {
		page := b.get(lang + mailTextsPath).wantStatus(http.StatusOK)
		for _, missing := range []string{"mail_list.", "settings_mails.", "{who}"} {
			if strings.Contains(page.text("html"), missing) {
				t.Errorf("a text is missing: %s", missing)
			}
		}
		if links := page.all("main .mg-mailtexts a"); len(links) != 2*len(all) {
			t.Errorf("%d links for %d mails in two languages", len(links), len(all))
		}
	}
	for _, name := range all {
		for _, lang := range []string{"de", "en"} {
			b.get(mailTextsPath + "/" + name + "/" + lang).wantStatus(http.StatusOK)
		}
	}
	b.get(mailTextsPath + "/no_such_mail/de").wantStatus(http.StatusNotFound)
	b.get(mailTextsPath + "/confirm_need_reminder/fr").wantStatus(http.StatusNotFound)
}

func TestATextIsSavedAndTakenBack(t *testing.T) {
	s := newSite(t)
	b := s.leads()
	page := b.get(reminderText).wantStatus(http.StatusOK).wantText("main", "Felder dieser Mail").wantText("main", "{{.Due}}")
	subject, body := page.wording()
	own := strings.Replace(body, "Guten Tag", "Schönen guten Tag", 1)
	b.follow(b.post(reminderText, "subject", subject, "body", strings.ReplaceAll(own, "\n", "\r\n"), "note", "Freundlicher", "base", "0", "do", "save")).
		wantText(".kern-alert--success", "gespeichert").wantText("section[aria-labelledby=fassungen]", "Kim Beispiel").
		wantText("section[aria-labelledby=fassungen]", "Freundlicher")
	b.get(mailTextsPath).wantText("a[href='"+reminderText+"'] ~ *, main", "eigener Text, Fassung 1")

	version := b.get(reminderText+"/fassungen/1").wantStatus(http.StatusOK).wantText("main", "Was sich zum Standardtext geändert hat").
		wantText("ins", "Schönen guten Tag {{.Name}},").wantText("del", "Guten Tag {{.Name}},")
	if len(version.all("ins")) != 1 || len(version.all("del")) != 1 {
		t.Error("one changed line shows as more")
	}
	b.follow(b.post(reminderText, "subject", subject, "body", own, "note", "Nichts", "base", "1", "do", "save")).wantText(".kern-alert--success", "gilt schon so")

	b.follow(b.post(reminderText+"/fassungen/0")).wantText(".kern-alert--success", "Es gilt wieder der Standardtext")
	if _, now := b.get(reminderText).wording(); now != body {
		t.Errorf("the text is %q", now)
	}
	if n := s.count(`SELECT count(*) FROM mail_templates WHERE standard AND version = 2 AND body = ''`); n != 1 {
		t.Error("the way back is no version that follows the product's text")
	}
	b.get(reminderText+"/fassungen/2").wantStatus(http.StatusOK).wantText("ins", "Guten Tag")
	b.follow(b.post(reminderText+"/fassungen/1")).wantText(".kern-alert--success", "Die frühere Fassung gilt wieder").
		wantText("section[aria-labelledby=fassungen]", "Wieder wie Fassung 1")
	if _, now := b.get(reminderText).wording(); now != strings.TrimSpace(own) {
		t.Errorf("the text is %q", now)
	}
	b.follow(b.post(reminderText, "subject", subject, "body", body, "note", "Wie zuvor", "base", "3", "do", "save"))
	if n := s.count(`SELECT count(*) FROM mail_templates WHERE standard`); n != 2 {
		t.Error("a text that is typed like the product's does not follow it")
	}
	b.get(reminderText + "/fassungen/99").wantStatus(http.StatusNotFound)
	b.get(reminderText + "/fassungen/x").wantStatus(http.StatusNotFound)
}

func TestAWrongTextIsRefusedWithItsLineAndKept(t *testing.T) {
	s := newSite(t)
	b := s.leads()
	subject, body := b.get(reminderText).wording()
	wrong := strings.Replace(body, "{{.Name}}", "{{.Vorname}}", 1) + "\n\nPS"
	for _, do := range []string{"save", "preview", "test"} {
		page := b.post(reminderText, "subject", subject+" {{.Link}}", "body", wrong, "note", "Probe", "base", "0", "do", do).
			wantStatus(http.StatusUnprocessableEntity).
			wantText("#fehler", "Zeile 1: Das Feld {{.Vorname}} gibt es nicht.").wantText("#fehler", "Die Fußzeile steht genau einmal").
			wantText("#fehler", "{{.Link}} geht nicht im Betreff")
		keptSubject, keptBody := page.wording()
		if keptSubject != subject+" {{.Link}}" || keptBody != wrong || page.attr("input[name=note]", "value") != "Probe" {
			t.Errorf("%s: kept %q %q", do, keptSubject, keptBody)
		}
	}
	b.post("/en"+reminderText, "subject", subject, "body", wrong, "note", "x", "base", "0", "do", "save").
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Line 1: There is no field {{.Vorname}}.")
	b.post(reminderText, "subject", subject, "body", body+"x", "base", "0", "do", "save").wantStatus(http.StatusUnprocessableEntity)
	b.post(reminderText, "subject", subject, "body", strings.Replace(body, "Guten", "Guten schönen", 1), "base", "0", "do", "save").
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Nennen Sie in einem Satz den Grund.")
	if n := s.count(`SELECT (SELECT count(*) FROM mail_templates) + (SELECT count(*) FROM mails WHERE template = 'template_test')`); n != 0 {
		t.Errorf("%d versions and mails", n)
	}
}

func TestWhoSavesLastSeesWhatSomebodyElseHasSaved(t *testing.T) {
	s := newSite(t)
	b := s.leads()
	subject, body := b.get(reminderText).wording()
	b.post(reminderText, "subject", subject, "body", strings.Replace(body, "Guten", "Schönen", 1), "note", "Erste", "base", "0", "do", "save").
		wantStatus(http.StatusSeeOther)
	second := strings.Replace(body, "Guten", "Besten", 1)
	preview := b.post(reminderText, "subject", subject, "body", second, "base", "0", "do", "preview").wantStatus(http.StatusOK)
	if base := preview.attr("input[name=base]", "value"); base != "0" {
		t.Fatalf("after a preview the text is made from version %s", base)
	}
	page := b.post(reminderText, "subject", subject, "body", second, "note", "Zweite", "base", "0", "do", "save").wantStatus(http.StatusConflict).
		wantText("[role=alert]", "Kim Beispiel hat Fassung 1 gespeichert")
	if _, kept := page.wording(); kept != strings.TrimSpace(second) {
		t.Errorf("kept %q", kept)
	}
	b.post(reminderText, "subject", subject, "body", second, "note", "Zweite", "base", page.attr("input[name=base]", "value"), "do", "save").
		wantStatus(http.StatusSeeOther)
}

func TestPreviewShowsTheMailAndRunsNothing(t *testing.T) {
	s := newSite(t)
	b := s.leads()
	subject, body := b.get(reminderText).wording()
	page := b.post(reminderText, "subject", subject, "body", strings.Replace(body, "Guten Tag", "Hallo", 1), "base", "0", "do", "preview").
		wantStatus(http.StatusOK).wantText("pre", "Hallo Frau Beispiel,").wantText("pre", "http://miglobe.example/a/BEISPIEL").
		wantText("section[aria-labelledby=vorschau]", "MG-2026-0042")
	if !strings.Contains(page.Header.Get("Content-Security-Policy"), "frame-src 'self'") || !strings.Contains(page.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("policy of the page: %q", page.Header.Get("Content-Security-Policy"))
	}
	frame := page.attr("iframe[sandbox='']", "src")
	shown := b.get(frame).wantStatus(http.StatusOK).wantText("h1", "MG-2026-0042").wantText("body", "Hallo Frau Beispiel")
	policy := shown.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "sandbox", "frame-ancestors 'self'", "form-action 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy of the preview %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "script") || strings.Contains(policy, "allow-") {
		t.Errorf("policy of the preview: %q", policy)
	}
	s.signedIn(s.person(advisory.LeadCoordinator, "andere@example.org")).get(frame).wantStatus(http.StatusNotFound)
	s.signedIn(s.person(advisory.Coordinator, "kim@example.org")).get(frame).wantStatus(http.StatusForbidden)
	if b.get("/").Header.Get("Content-Security-Policy") != contentSecurityPolicy {
		t.Error("the policy of other pages has changed")
	}
	if n := s.count(`SELECT (SELECT count(*) FROM mail_templates) + (SELECT count(*) FROM mails WHERE template = 'template_test')`); n != 0 {
		t.Error("looking at a text has changed or sent something")
	}
}

func TestTestMailGoesToOneselfAlone(t *testing.T) {
	s := newSite(t)
	b := s.leads()
	subject, body := b.get(reminderText).wording()
	send := func() *answer {
		return b.post(reminderText, "subject", subject, "body", strings.Replace(body, "Guten Tag", "Hallo", 1), "base", "0", "do", "test", "email", "andere@example.org")
	}
	send().wantStatus(http.StatusOK).wantText(".kern-alert--success", "unterwegs an leitung@example.org").wantText("pre", "Hallo Frau Beispiel")
	if n := s.count(`SELECT count(*) FROM mails m JOIN persons p ON p.id = m.person_id JOIN mail_template_previews t ON t.id = m.id
		WHERE m.template = 'template_test' AND p.email = 'leitung@example.org' AND m.address = '' AND t.body LIKE 'Hallo%'`); n != 1 {
		t.Errorf("%d test mails", n)
	}
	for range testMails.max - 1 {
		send().wantStatus(http.StatusOK)
	}
	page := send().wantStatus(http.StatusTooManyRequests)
	if page.attr("form[action='"+reminderText+"'] input[name=subject]", "value") != subject {
		t.Error("what was typed cannot be sent again")
	}
}

func TestMailTextsAreForLeadCoordinators(t *testing.T) {
	s := newSite(t)
	for _, role := range advisory.Roles {
		if role == advisory.LeadCoordinator {
			continue
		}
		b := s.signedIn(s.person(role, string(role)+"@example.org"))
		b.get(mailTextsPath).wantStatus(http.StatusForbidden)
		b.get(reminderText).wantStatus(http.StatusForbidden)
		b.post(reminderText, "subject", "x", "body", "y", "note", "z", "base", "0", "do", "save").wantStatus(http.StatusForbidden)
		b.post(reminderText + "/fassungen/0").wantStatus(http.StatusForbidden)
	}
}

// TestATextThatDoesNotFitAnyMore: as after a release that takes a field away.
func TestATextThatDoesNotFitAnyMore(t *testing.T) {
	s := newSite(t)
	b := s.leads()
	s.exec(`INSERT INTO mail_templates (name, language, version, subject, body, author_id, note, created_at)
		SELECT 'confirm_need_reminder', 'de', 1, 'Alt', E'Hallo {{.Firma}},\n\nText', id, 'Alt', now() FROM persons WHERE email = 'leitung@example.org'`)
	b.get(mailTextsPath).wantText(".mg-mailtexts .kern-badge--warning", "passt nicht mehr")
	b.get(reminderText).wantText(".kern-alert--warning", "Verschickt wird zurzeit der Standardtext").wantText(".kern-alert--warning", "Zeile 1: Das Feld {{.Firma}}")
	b.follow(b.post(reminderText + "/fassungen/0"))
	b.post(reminderText+"/fassungen/1").wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "{{.Firma}}")
	if _, body := b.get(reminderText + "?fassung=1").wantStatus(http.StatusOK).wording(); !strings.HasPrefix(body, "Hallo {{.Firma}}") {
		t.Errorf("the version is not to be adapted: %q", body)
	}
}

func TestTheFooterHasNoSubject(t *testing.T) {
	s := newSite(t)
	b := s.leads()
	path := mailTextsPath + "/" + mailFooter + "/en"
	page := b.get(path).wantStatus(http.StatusOK).wantText("h1", "Fußzeile aller Mails")
	if page.has("input[name=subject]") {
		t.Error("the footer has a subject")
	}
	body := textOf(page.all("textarea[name=body]")[0])
	b.post(path, "body", body+" Kind regards.", "base", "0", "do", "preview").wantStatus(http.StatusOK).wantText("pre", "Kind regards.").wantText("pre", "Dear Ms Example")
	b.post(path, "body", body+" Kind regards.", "base", "0", "do", "save", "note", "Gruß").wantStatus(http.StatusSeeOther)
}

func TestTheFormAndTheCheckHaveTheSameLimits(t *testing.T) {
	f, _ := catalog().Form(texts.German, "mail_template")
	limits := map[string]int{"subject": mail.MaxSubject, "body": mail.MaxBody}
	for _, field := range f.Steps[0].Fields {
		if want, ok := limits[field.Key]; ok && field.Max != want {
			t.Errorf("%s may have %d characters, want %d", field.Key, field.Max, want)
		}
	}
}

func TestOwnSubjectsShowBeforeTheMailIsWritten(t *testing.T) {
	f := newConsultation(t)
	f.exec(`INSERT INTO mails (id, key, consultation_id, person_id, template, language, ordered_at, not_before)
		VALUES (gen_random_uuid(), 'x', $1, $2, 'request_accepted', 'de', now(), now())`, f.ID, f.Contact.ID)
	b := f.signedIn(f.Coordinator)
	b.get(f.path()).wantText("#mails, main", "angenommen")
	f.exec(`INSERT INTO mail_templates (name, language, version, subject, body, author_id, created_at)
		SELECT 'request_accepted', 'de', 1, 'Es geht los: {{.Subject}} ({{.Number}})', $2, $1, now()`, f.Coordinator.ID, ownBody(t, "request_accepted"))
	b.get(f.path()).wantText("main", "Es geht los: Vereine einbinden (MG-2026-0042)")
}

func ownBody(t *testing.T, name string) string {
	t.Helper()
	text, ok := catalog().Mail(texts.German, name)
	if !ok {
		t.Fatal(name)
	}
	return text.Body
}
