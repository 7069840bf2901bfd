package server

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"miglobe/advisory"
	"miglobe/store"
)

// download is a file as it was answered.
func (b *browser) download(path string) (*http.Response, []byte) {
	b.site.t.Helper()
	response, err := b.client.Get(b.site.URL + path)
	if err != nil {
		b.site.t.Fatal(err)
	}
	defer response.Body.Close()
	file, err := io.ReadAll(response.Body)
	if err != nil {
		b.site.t.Fatal(err)
	}
	return response, file
}

func TestFiltersOfConsultationsCombine(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	f.exec(`UPDATE consultations SET request = request || '{"topics": ["partnerships"]}', sent_at = now() - interval '4 months'`)
	f.exec(`UPDATE tasks SET due_on = current_date + 3 WHERE state = 'open'`)
	b := f.signedIn(f.Head)
	soon, later := time.Now().AddDate(0, 0, 1).Format(time.DateOnly), time.Now().AddDate(0, 0, 10).Format(time.DateOnly)
	for query, found := range map[string]bool{
		"aufgabe=propose_slots": true, "aufgabe=evaluate": false,
		"faellig_bis=" + later: true, "faellig_bis=" + soon: false,
		"land=NW": true, "land=SL": false,
		"thema=partnerships": true, "thema=education": false,
		"koordination=" + f.Coordinator.ID: true, "koordination=" + f.Colleague.ID: false, "koordination=unclaimed": false,
		"poolmitglied=" + f.Lead.ID: true,
		"alter=3":                   true, "alter=6": false,
		"q=Nirgendwo": false, "q=musterstädte": true, "q=amina": true, "q=VEREIN": true, "q=kim+beispiel": true,
		"stand=running&aufgabe=propose_slots&thema=partnerships&alter=3&q=muster&faellig_bis=" + later: true,
		"stand=running&aufgabe=propose_slots&thema=education&alter=3":                                  false,
	} {
		page := b.get("/vorgaenge?" + query).wantStatus(http.StatusOK)
		if page.has("tbody") != found || page.has(".mg-empty") == found {
			t.Errorf("%s: found %v, want %v", query, !found, found)
		}
		if page.has(".kern-alert") {
			t.Errorf("%s: %s", query, page.text(".kern-alert"))
		}
	}
	page := b.get("/vorgaenge?thema=partnerships&faellig_bis=" + later)
	if !page.has("select[name=thema] option[value=partnerships][selected]") || page.attr("input[name=faellig_bis]", "value") != later ||
		!page.has("details[open] select[name=thema]") {
		t.Error("the form does not show what is asked for")
	}
}

func TestColumnsAreChosenInTheAddress(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	b := f.signedIn(f.Head)
	b.get("/vorgaenge").wantText("thead", "Nächste Frist").wantText("thead", "Zuletzt geändert")
	page := b.get("/vorgaenge?spalte=advisors&spalte=topics").wantText("thead", "Poolmitglieder").wantText("thead", "Thema").
		wantText("tbody", "Amina Exempel")
	if strings.Contains(page.text("thead"), "Nächste Frist") {
		t.Error("a column that was not chosen is shown")
	}
}

func TestWhatAFilterDoesNotKnowIsLeftOutAndSaid(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.Head)
	page := b.get("/vorgaenge?farbe=rot&thema=abgeschafft&land=&faellig_bis=gestern&spalte=mond&stand=running&seite=1").wantStatus(http.StatusOK).
		wantText("tbody", "MG-2026-0042")
	for _, left := range []string{"farbe=rot", "thema=abgeschafft", "faellig_bis=gestern", "spalte=mond"} {
		page.wantText(".kern-alert--info", left)
	}
	if strings.Contains(page.text(".kern-alert--info"), "stand") || strings.Contains(page.text(".kern-alert--info"), "seite") {
		t.Error("it says that it left out what it knows")
	}
}

func TestSavedFilters(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	kim, head := f.signedIn(f.Coordinator), f.signedIn(f.Head)
	kim.post("/vorgaenge?stand=running", "name", "").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Bitte nennen Sie einen Namen.").
		wantText("tbody", "MG-2026-0042")
	kim.follow(kim.post("/vorgaenge?stand=running&seite=3&q=Münster", "name", "Läuft")).wantText(".kern-alert--success", "Läuft")
	page := kim.get("/vorgaenge")
	if got := page.attr("#gespeichert .mg-row a", "href"); got != "/vorgaenge?q=M%C3%BCnster&stand=running" {
		t.Errorf("leads to %q", got)
	}
	if head.get("/vorgaenge").has("#gespeichert .mg-row") {
		t.Error("others see what is not shared")
	}
	kim.post("/vorgaenge?thema=alt&stand=running", "name", "Läuft", "shared", "yes").wantStatus(http.StatusSeeOther)
	kim.get("/vorgaenge").wantText("#gespeichert .mg-row", "mit dem Team geteilt")
	shared := head.get("/vorgaenge").wantText("#gespeichert .mg-row", "geteilt von Kim Beispiel")
	if shared.has("#gespeichert form[action$='/loeschen']") {
		t.Error("others are offered to delete it")
	}
	head.get(shared.attr("#gespeichert .mg-row a", "href")).wantStatus(http.StatusOK).wantText(".kern-alert--info", "thema=alt").
		wantText("tbody", "MG-2026-0042").wantText("#gespeichert [aria-current]", "Läuft")
	action := kim.get("/vorgaenge").attr("#gespeichert .mg-row form", "action")
	head.post(action).wantStatus(http.StatusNotFound)
	kim.post(action).wantStatus(http.StatusSeeOther)
	if kim.get("/vorgaenge").has("#gespeichert .mg-row") {
		t.Error("it is still there")
	}
	f.signedIn(f.Contact).post("/vorgaenge", "name", "x").wantStatus(http.StatusForbidden)
}

func TestSavedFiltersOfTasks(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	kim, head := f.signedIn(f.Coordinator), f.signedIn(f.Head)
	kim.post("/arbeitsplatz?liste=team&aufgabe=review_request", "name", "").wantStatus(http.StatusUnprocessableEntity).
		wantText("#fehler", "Bitte nennen Sie einen Namen.").wantText(".mg-task", "Prüfen Sie die Anfrage")
	kim.follow(kim.post("/arbeitsplatz?liste=team&aufgabe=review_request&seite=1&alle=ja", "name", "Prüfungen", "shared", "yes")).
		wantText(".kern-alert--success", "Prüfungen").wantText("#gespeichert [aria-current]", "Prüfungen")
	if kim.get("/vorgaenge").has("#gespeichert .mg-row") {
		t.Error("it stands among those of consultations")
	}
	saved := head.get("/arbeitsplatz").wantText("#gespeichert .mg-row", "geteilt von Kim Beispiel").attr("#gespeichert .mg-row a", "href")
	if saved != "/arbeitsplatz?aufgabe=review_request&liste=team" {
		t.Errorf("leads to %q", saved)
	}
	head.get(saved).wantStatus(http.StatusOK).wantText(".mg-tabs a[aria-current]", "Team").wantText(".mg-task", "Kim Beispiel")
	action := kim.get("/arbeitsplatz").attr("#gespeichert .mg-row form", "action")
	head.post(action).wantStatus(http.StatusNotFound)
	kim.post(action).wantLocation("/arbeitsplatz")
}

// What was saved before a field or one of its answers went out of use still opens, and says what it leaves out.
func TestSavedFiltersOutliveTheirFields(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.Coordinator)
	for path, row := range map[string]string{"/arbeitsplatz": ".mg-task", "/vorgaenge": "tbody"} {
		for _, filter := range [][2]string{{"Feld", "farbe=rot"}, {"Antwort", "thema=abgeschafft"}, {"Person", "koordination=" + f.Contact.ID}, {"Tag", "faellig_bis=2026-02-31"}} {
			f.exec(`INSERT INTO saved_filters (id, owner_id, list, name, query) VALUES (gen_random_uuid(), $1, $2, $3, $4)`, f.Coordinator.ID,
				map[string]string{"/arbeitsplatz": "tasks", "/vorgaenge": "consultations"}[path], filter[0], filter[1]+"&land=NW")
		}
		for _, link := range b.get(path).all("#gespeichert .mg-row a") {
			query := link.Attr[slices.IndexFunc(link.Attr, func(a html.Attribute) bool { return a.Key == "href" })].Val
			page := b.get(query).wantStatus(http.StatusOK).wantText(row, f.Number).wantText(".kern-alert--info", "lässt sie weg")
			if !page.has("select[name=land] option[value=NW][selected]") || strings.Contains(page.text(".kern-alert--info"), "land=NW") {
				t.Errorf("%s: what is known is left out as well", query)
			}
		}
	}
}

func TestFiltersOfTasksStandInTheAddress(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	f.exec(`UPDATE consultations SET request = request || '{"topics": ["partnerships"]}', sent_at = now() - interval '4 months'`)
	b := f.signedIn(f.Head)
	for query, found := range map[string]bool{
		"liste=waiting": true, "liste=resting": false, "liste=waiting&aufgabe=propose_slots": true, "liste=waiting&aufgabe=evaluate": false,
		"liste=waiting&land=NW": true, "liste=waiting&land=SL": false, "liste=waiting&thema=partnerships": true, "liste=waiting&thema=education": false,
		"liste=waiting&koordination=" + f.Coordinator.ID: true, "liste=waiting&koordination=" + f.Colleague.ID: false,
		"liste=waiting&poolmitglied=" + f.Lead.ID: true, "liste=waiting&alter=3": true, "liste=waiting&alter=6": false,
		"liste=waiting&faellig_bis=2020-01-01": false, "liste=waiting&station=opening&aufgabe=propose_slots&land=NW&thema=partnerships&alter=3&q=muster": true,
		"liste=unclaimed": false, "liste=mine": false,
	} {
		page := b.get("/arbeitsplatz?" + query).wantStatus(http.StatusOK)
		if page.has(".mg-task") != found || page.has(".mg-empty") == found || page.has(".kern-alert") {
			t.Errorf("%s: found %v, want %v", query, !found, found)
		}
		_, file := b.download("/arbeitsplatz.csv?" + query)
		if strings.Contains(string(file), f.Number) != found {
			t.Errorf("%s: the file does not hold what the page shows", query)
		}
	}
	page := b.get("/arbeitsplatz?liste=waiting&thema=partnerships")
	if !page.has("details[open] select[name=thema] option[value=partnerships][selected]") || page.attr("input[name=liste]", "value") != "waiting" {
		t.Error("the form does not show what is asked for")
	}
	for list, words := range map[string]string{"resting": "Zurzeit ruht nichts.", "unclaimed": "Alle Anfragen sind übernommen."} {
		b.get("/arbeitsplatz?liste="+list).wantText(".mg-empty", words)
	}
	b.get("/arbeitsplatz?liste=alle").wantText(".kern-alert--info", "liste=alle")
	f.exec(`UPDATE consultations SET resting_since = now()`)
	b.get("/arbeitsplatz?liste=resting").wantText(".mg-group h2", "Ruht 1").wantText(".mg-task .kern-badge--info", "ruht")
}

func TestThePoolIsDownloadedAsItIsFiltered(t *testing.T) {
	f := newConsultation(t)
	f.exec(`UPDATE advisors SET home = '=Witten', origin_country = 'GH', origin_consent = true, last_invited_at = '2026-03-02' WHERE person_id = $1`, f.Lead.ID)
	b := f.signedIn(f.Coordinator)
	link := b.get("/pool?q=witten").attr("section .mg-exports a", "href")
	if link != "/pool.csv?q=witten" {
		t.Errorf("the list is downloaded at %q", link)
	}
	_, file := b.download(link)
	text := string(file)
	if !strings.HasPrefix(text, "\ufeffName;Wohnort;") || !strings.Contains(text, "Amina Exempel;'=Witten;Kommunale Partnerschaften;") ||
		!strings.Contains(text, ";02.03.2026") || strings.Contains(text, "Joseph") {
		t.Errorf("the file has %s", text)
	}
	if strings.Contains(text, "Ghana") || strings.Contains(text, "GH") || strings.Contains(text, "@") {
		t.Error("the file tells what the list does not")
	}
	if _, file = b.download("/pool.xlsx"); string(file[:2]) != "PK" {
		t.Errorf("no workbook: %.40q", file)
	}
	for _, person := range []store.Person{f.Contact, f.Lead, f.person(advisory.Reader, "rea@example.org"), f.person(advisory.Administrator, "adi@example.org")} {
		f.signedIn(person).get("/pool.csv").wantStatus(http.StatusForbidden)
	}
}

func TestListsAreDownloadedAsTheyAreFiltered(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	f.exec(`UPDATE consultations SET subject = '=cmd|calc'`)
	f.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage, stage_since, sent_at, updated_at)
		SELECT gen_random_uuid(), 'MG-2020-' || lpad(n::text, 4, '0'), 'Andersort', 'NW', 'Anliegen', 1, '{}', 1, 'dialogue', now(),
			now() - interval '1 year' - (n % 7) * interval '1 day', now() FROM generate_series(1, 1203) n`)
	b := f.signedIn(f.Coordinator)
	page := b.get("/vorgaenge?station=review")
	link := page.attr(".mg-exports a", "href")
	if link != "/vorgaenge.csv?station=review" {
		t.Errorf("the list is downloaded at %q", link)
	}
	response, file := b.download(link)
	if got := response.Header.Get("Content-Type"); got != "text/csv; charset=utf-8" || !strings.HasPrefix(string(file), "\ufeffNummer;Kommune;") {
		t.Errorf("%s: %.40q", got, file)
	}
	if text := string(file); !strings.Contains(text, "MG-2026-0042;") || !strings.Contains(text, ";'=cmd|calc;") || strings.Contains(text, "Andersort") {
		t.Errorf("the file has %s", text)
	}
	_, file = b.download("/vorgaenge.csv")
	numbers := map[string]bool{}
	for line := range strings.Lines(string(file)) {
		number, _, _ := strings.Cut(line, ";")
		numbers[number] = true
	}
	if len(numbers) != 1205 {
		t.Errorf("the whole list has %d different rows, want 1204 and the headings", len(numbers))
	}
	response, file = b.download("/en/vorgaenge.xlsx?station=review")
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if disposition := response.Header.Get("Content-Disposition"); !strings.Contains(disposition, `.xlsx"`) {
		t.Errorf("it is called %q", disposition)
	}
	rows, err := book.GetRows("Sheet1")
	if err != nil || len(rows) != 2 || rows[0][1] != "Municipality" || rows[1][0] != "MG-2026-0042" || rows[1][2] != "'=cmd|calc" {
		t.Errorf("%q, %v", rows, err)
	}
}

func TestTasksAreDownloaded(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	for rows, person := range []store.Person{f.Colleague, f.Coordinator} {
		_, file := f.signedIn(person).download("/arbeitsplatz.csv?liste=mine")
		if got := strings.Count(string(file), f.Number); got != rows {
			t.Errorf("%s gets %d rows, want %d", person.Name(), got, rows)
		}
	}
	if _, file := f.signedIn(f.Colleague).download("/arbeitsplatz.xlsx?liste=team"); !bytes.HasPrefix(file, []byte("PK")) {
		t.Errorf("no workbook: %.40q", file)
	}
}

// What everybody wrote is searched by the coordination team alone; nobody else is offered it.
func TestOnlyTheCoordinationTeamSearches(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	for _, person := range []store.Person{
		f.Contact, f.Lead, f.person(advisory.Reader, "rea@example.org"), f.person(advisory.Administrator, "adi@example.org"),
	} {
		b := f.signedIn(person)
		for _, path := range []string{"/vorgaenge", "/vorgaenge.csv", "/vorgaenge.xlsx", "/arbeitsplatz", "/arbeitsplatz.csv", "/arbeitsplatz.xlsx"} {
			b.get(path + "?q=Vereine").wantStatus(http.StatusForbidden)
		}
		if page := b.get(homePath(person.Role)).wantStatus(http.StatusOK); page.has("a[href^='/vorgaenge']") || page.has("[action^='/vorgaenge']") {
			t.Errorf("%s is offered the search", person.Role)
		}
	}
}
