package server

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

// upload sends a file as a browser does.
func (b *browser) upload(content string) *answer {
	b.site.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	part, err := parts.CreateFormFile(fileField, "pool.csv")
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = parts.Close()
	}
	if err != nil {
		b.site.t.Fatal(err)
	}
	b.header.Set("Content-Type", parts.FormDataContentType())
	defer b.header.Del("Content-Type")
	return b.do(http.MethodPost, poolImportPath, &body)
}

// confirms presses the button of a preview.
func (b *browser) confirms(preview *answer, path string) *answer {
	b.site.t.Helper()
	return b.post(path, planField, preview.attr("input[name="+planField+"]", "value"))
}

const twoBadLines = "E-Mail;Vorname;Nachname;Themen;Kapazität\n" +
	"exempel@example.org;Amina;Exempel;Fußball;9\n" +
	"vorlage@example.org;Joseph;Vorlage;Migration und Entwicklung;3\n" +
	"keine;X;Y;;\n" +
	"noor@example.org;Noor;Neu;;\n"

func TestNothingIsImportedBeforeTheGoodRestIsConfirmed(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Head)
	path := b.upload(twoBadLines).wantStatus(http.StatusSeeOther).location()
	preview := inBothLanguages(b, path)["de"]
	preview.wantText(".kern-alert--danger", "Nichts ist übernommen: 2 Zeilen haben Fehler").
		wantText("section[aria-labelledby=faults-h]", "2ThemenFußballEines davon: Kommunale Partnerschaften").
		wantText("section[aria-labelledby=faults-h]", "2Kapazität9Eines davon: 0, 1, 2, 3").
		wantText("section[aria-labelledby=faults-h]", "4E-MailkeineEine vollständige E-Mail-Adresse").
		wantText("section[aria-labelledby=new-h]", "1 neues Poolmitglied Noor NeuZeile 5").
		wantText("section[aria-labelledby=changed-h]", "ThemenKommunale PartnerschaftenMigration und Entwicklung").
		wantText("button.kern-btn--primary", "Die 2 fehlerfreien Zeilen übernehmen")
	if f.count(`SELECT count(*) FROM persons WHERE email = 'noor@example.org'`) != 0 {
		t.Fatal("the first request imported something")
	}
	b.follow(b.confirms(preview, path)).wantText(".kern-alert--success", "2 Zeilen sind übernommen.")
	joseph, err := f.store.PoolAdvisor(t.Context(), f.Member.ID)
	if err != nil || joseph.Capacity != 3 || len(joseph.Topics) != 1 || joseph.Topics[0] != "migration_development" || joseph.About == "" {
		t.Errorf("joseph %+v, %v", joseph, err)
	}
	if f.count(`SELECT count(*) FROM persons WHERE email = 'noor@example.org' AND role = 'advisor' AND active`) != 1 {
		t.Error("no account for the new address")
	}
	b.confirms(preview, path).wantStatus(http.StatusNotFound).wantText("h1", "Diese Datei ist nicht mehr da")
}

func TestAPoolThatHasChangedSinceThePreviewIsRefused(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Head)
	path := b.upload("E-Mail;Telefon\nvorlage@example.org;0221 99999\n").location()
	preview := b.get(path)
	f.exec(`UPDATE persons SET active = false WHERE id = $1`, f.Member.ID)
	b.confirms(preview, path).wantStatus(http.StatusConflict).wantText("main", "Es wurde nichts übernommen.")
	if f.count(`SELECT count(*) FROM persons WHERE phone = '0221 99999'`) != 0 {
		t.Fatal("it was imported all the same")
	}
	b.get(path).wantText("section[aria-labelledby=faults-h]", "gesperrt")
	f.exec(`UPDATE persons SET active = true WHERE id = $1`, f.Member.ID)
	b.follow(b.confirms(b.get(path), path)).wantText(".kern-alert--success", "1 Zeile ist übernommen.")
}

func TestFilesThatAreNoneSayWhatIsWanted(t *testing.T) {
	f := newConsultation(t)
	b := f.signedIn(f.Head)
	b.post(poolImportPath).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Bitte wählen Sie eine Datei aus")
	b.upload("").wantStatus(http.StatusUnprocessableEntity)
	for _, size := range []int{maxPoolFile + 1, maxBody + 1} {
		b.upload(strings.Repeat("x", size)).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "höchstens 512 kB")
	}
	for content, told := range map[string]string{
		"PK\x03\x04\x00\x00": "Eine CSV-Datei", "Name;Ort\nx;y": "Eine dieser Überschriften", "E-Mail\n": "mindestens eine Zeile",
		"E-Mail\n" + strings.Repeat("a@b.example\n", maxPoolLines+1): "Höchstens 1000 Zeilen",
	} {
		page := b.get(b.upload(content).wantStatus(http.StatusSeeOther).location())
		page.wantText("section[aria-labelledby=faults-h]", told)
		if page.has("main form button") {
			t.Errorf("%.20q can be confirmed", content)
		}
	}
	path := b.upload("E-Mail;Nachname\nvorlage@example.org;M\xfcller").location()
	b.get(path).wantText(".kern-alert--warning", "Windows-1252").wantText("section[aria-labelledby=changed-h]", "Müller")
}

func TestTheExportIsTheImportThatChangesNothing(t *testing.T) {
	f := newConsultation(t)
	f.exec(`UPDATE advisors SET networks = E'=1+1\n"Zeile;2"', further_places = '{Bonn,Witten}', origin_country = 'GH', origin_consent = true`)
	b := f.signedIn(f.Head)
	for _, language := range []string{"", "/en"} {
		response, content := b.download(language + poolExportPath)
		if response.StatusCode != http.StatusOK || !bytes.HasPrefix(content, []byte("\ufeff")) || bytes.Contains(content, []byte("\n=1")) {
			t.Fatalf("status %d, %q", response.StatusCode, content)
		}
		page := b.get(b.upload(string(content)).wantStatus(http.StatusSeeOther).location())
		page.wantText("main", "Die Datei ändert nichts.").wantText("main", "2 Zeilen ändern nichts.")
		if page.has("main form button") {
			t.Error("there is something to confirm")
		}
	}
}

func TestOnlyLeadCoordinatorsImportAndSeeTheirOwnFile(t *testing.T) {
	f := newConsultation(t)
	path := f.signedIn(f.Head).upload(twoBadLines).location()
	other := f.named(advisory.LeadCoordinator, "Lou", "Anders")
	f.signedIn(other).get(path).wantStatus(http.StatusNotFound)
	for _, person := range []store.Person{f.Coordinator, f.Lead, f.Contact} {
		b := f.signedIn(person)
		b.get(path).wantStatus(http.StatusForbidden)
		b.get(poolExportPath).wantStatus(http.StatusForbidden)
		b.upload(twoBadLines).wantStatus(http.StatusForbidden)
	}
	f.signedIn(f.Head).get(poolPath).wantText(".mg-exports", "Aus einer Datei übernehmen")
	if f.signedIn(f.Coordinator).get(poolPath).has("a[href='" + poolImportPath + "']") {
		t.Error("a coordinator is offered the import")
	}
}
