package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// invitedOn writes an invitation as it stands in the database, answered two days later where it was answered.
func (f *consultationFixture) invitedOn(day string, state string, person store.Person) {
	f.t.Helper()
	task := f.ID + "/" + uuid.NewString()
	f.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, opened_at, due_on, state)
		VALUES ($1, $2::uuid, $2::text, 'answer_invitation', 'advisor', $3, $4::timestamptz, $4::date, 'done')`, task, f.ID, person.ID, day)
	f.exec(`INSERT INTO invitations (task_id, consultation_id, advisor_id, state, invited_at, answered_at) VALUES ($1, $2, $3, $4, $5::timestamptz,
		CASE WHEN $4 <> 'open' THEN $5::timestamptz + interval '60 hours' END)`, task, f.ID, person.ID, state, day)
}

const in2025 = "/pool/ausgewogenheit?zeitraum=2025"

// yearOfInvitations is 2025, with a pool of four that was there before and somebody who is anonymised.
func yearOfInvitations(t *testing.T) (f *consultationFixture, b *browser, away store.Person) {
	t.Helper()
	f = newConsultation(t)
	away = f.advisor("Zora", "")
	f.advisor("Nie", "")
	gone := f.advisor("Gone", "")
	f.exec(`UPDATE persons SET created_at = '2020-01-01'`)
	f.exec(`INSERT INTO absences (id, person_id, from_at, until_at) VALUES (gen_random_uuid(), $1, '2025-03-01 00:00+01', '2025-12-01 00:00+01')`, away.ID)
	for _, day := range []string{"2025-02-03 10:00+01", "2025-02-10 10:00+01", "2025-05-05 10:00+02"} {
		f.invitedOn(day, "accepted", f.Lead)
	}
	f.invitedOn("2025-02-17 10:00+01", "declined", f.Lead)
	f.invitedOn("2025-08-01 10:00+02", "lapsed", f.Member)
	f.invitedOn("2025-02-05 10:00+01", "conflict_of_interest", gone)
	f.invitedOn("2024-12-31 10:00+01", "accepted", f.Member)
	f.exec(`UPDATE persons SET active = false, first_name = '', last_name = $2 WHERE id = $1`, gone.ID, advisory.Erased)
	return f, f.signedIn(f.Coordinator), away
}

// rowOf are the cells of the row of the table of persons whose heading begins so.
func rowOf(page *answer, name string) []string {
	for _, row := range page.all("table[aria-labelledby=persons-h] tbody tr") {
		var cells []string
		for cell := range row.ChildNodes() {
			if cell.Data == "th" || cell.Data == "td" {
				cells = append(cells, strings.Join(strings.Fields(textOf(cell)), " "))
			}
		}
		if strings.HasPrefix(cells[0], name) {
			return cells
		}
	}
	return nil
}

func TestFairnessTellsHowInvitationsAreSpread(t *testing.T) {
	f, b, _ := yearOfInvitations(t)
	page := b.get(in2025).wantStatus(http.StatusOK).
		wantText("h1", "Verteilung der Einladungen").wantText(".kern-subline", "Mi., 01.01.2025 bis Mi., 31.12.2025").
		wantText("section[aria-labelledby=finding-h]", "2 von 4 Poolmitgliedern wurden in diesem Zeitraum nicht eingeladen.").
		wantText("section[aria-labelledby=finding-h]", "Eine dieser Personen war mindestens die Hälfte der Zeit abwesend.").
		wantText("section[aria-labelledby=finding-h]", "Die 3 am häufigsten Eingeladenen erhielten zusammen 100 % der Einladungen. Bei gleicher Verteilung wären es 60 %.").
		wantText("svg[aria-labelledby='by-person-t by-person-d'] desc", "2 von 4 Poolmitgliedern").
		wantText("section[aria-labelledby=time-h]", "Die meisten Einladungen: Februar 2025, 4.")
	for name, want := range map[string][]string{
		"Amina":     {"4", "3", "1", "0", "0", "0", "0", "2,5 Tage", "1 von 1", "noch nie", "0"},
		"Joseph":    {"1", "0", "0", "0", "1", "0", "0", "–", "1 von 1", "noch nie", "0"},
		"Zora":      {"0", "0", "0", "0", "0", "0", "0", "–", "0 von 2", "noch nie", "275"},
		"Ehemalige": {"1", "0", "0", "1", "0", "0", "0", "2,5 Tage", "–", "–", "–"},
		"Alle":      {"6", "3", "1", "1", "1", "0", "0", "2,5 Tage", "", "", ""},
	} {
		if got := rowOf(page, name); len(got) == 0 || !slices.Equal(got[1:], want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if strings.Contains(textOf(page.root), advisory.Erased) || page.has(".kern-badge--danger") {
		t.Error("somebody erased is named, or a no is red")
	}
	one := b.get(in2025+"&person="+f.Member.ID).wantText("#time-h", "Im Verlauf: Joseph Vorlage").
		wantText("section[aria-labelledby=time-h]", "Die meisten Einladungen: August 2025, 1.")
	if got := len(one.all("table[aria-labelledby=time-h] tbody tr")); got != 12 {
		t.Errorf("%d months", got)
	}
	b.get("/en"+in2025).wantText("section[aria-labelledby=finding-h]", "2 of 4 advisors were not invited")
}

func TestFairnessPeriods(t *testing.T) {
	_, b, _ := yearOfInvitations(t)
	for query, want := range map[string]string{
		"zeitraum=2025-q1":              "01.01.2025 bis Mo., 31.03.2025",
		"von=2025-02-01&bis=2025-02-05": "01.02.2025 bis Mi., 05.02.2025",
		"bis=2025-06-30":                "01.07.2024 bis Mo., 30.06.2025",
		"zeitraum=2019":                 "01.01.2019 bis Di., 31.12.2019",
	} {
		page := b.get("/pool/ausgewogenheit?"+query).wantStatus(http.StatusOK).wantText(".kern-subline", want)
		if page.has(".kern-alert--info") {
			t.Errorf("%s is not understood", query)
		}
	}
	if got := rowOf(b.get("/pool/ausgewogenheit?von=2025-02-01&bis=2025-02-05"), "Alle"); got == nil || got[1] != "2" {
		t.Errorf("the last day is not part of the period: %q", got)
	}
	for _, query := range []string{"von=2025-02-05&bis=2025-02-01", "von=2010-01-01&bis=2025-01-01", "von=gestern", "zeitraum=2025-q5",
		"zeitraum=x", "von=2099-01-01&bis=2099-02-01", "zeitraum=2099"} {
		b.get("/pool/ausgewogenheit?"+query).wantStatus(http.StatusOK).wantText(".kern-alert--info", "Zu sehen sind die letzten 12 Monate.")
	}
	long := b.get("/pool/ausgewogenheit?von=2023-01-01&bis=2025-12-31").wantText("table[aria-labelledby=time-h] thead", "Quartal").
		wantText("table[aria-labelledby=time-h]", "1. Quartal 2025")
	if got := len(long.all("table[aria-labelledby=time-h] tbody tr")); got != 12 {
		t.Errorf("%d quarters", got)
	}
	b.get("/pool/ausgewogenheit").wantStatus(http.StatusOK).wantText("#zeitraum [selected]", "Die letzten 12 Monate").
		wantText("#zeitraum", time.Now().Format("2006")).wantText(".kern-subline", time.Now().In(advisory.Berlin).Format("02.01.")+time.Now().Format("2006"))
}

func TestFairnessIsSortedAsAsked(t *testing.T) {
	_, b, _ := yearOfInvitations(t)
	order := func(query string) string {
		var names []string
		for _, link := range b.get(in2025 + query).wantStatus(http.StatusOK).all("table[aria-labelledby=persons-h] tbody th a") {
			first, _, _ := strings.Cut(textOf(link), " ")
			names = append(names, first)
		}
		return strings.Join(names, " ")
	}
	for query, want := range map[string]string{
		"": "Amina Nie Joseph Zora", "&sortierung=-name": "Zora Joseph Nie Amina", "&sortierung=invited": "Nie Zora Joseph Amina",
		"&sortierung=-absent": "Zora Amina Nie Joseph", "&sortierung=nothing": "Amina Nie Joseph Zora",
	} {
		if got := order(query); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	page := b.get(in2025 + "&sortierung=-invited")
	if got := len(page.all("th[aria-sort]")); got != 1 {
		t.Errorf("%d columns say that they sort", got)
	}
	page.wantText("th[aria-sort=descending]", "ladungen")
	if link := page.attr("th[aria-sort=descending] a", "href"); !strings.Contains(link, "zeitraum=2025") || !strings.Contains(link, "sortierung=invited") {
		t.Errorf("the other way round is %q", link)
	}
}

func TestFairnessFiles(t *testing.T) {
	_, b, _ := yearOfInvitations(t)
	page := b.get(in2025 + "&sortierung=-invited")
	_, file := b.download(page.attr(".mg-exports a[href*=csv]", "href"))
	lines := strings.Split(strings.TrimSpace(string(file)), "\r\n")
	if len(lines) != 6 || !strings.HasPrefix(lines[1], "Amina Exempel;4;3;1;0;0;0;0;2,5;1;;0,0;1;01.01.2025;31.12.2025") ||
		!strings.HasPrefix(lines[5], "Ehemalige;1;0;0;1;0;0;0;2,5;;;;;01.01.2025") {
		t.Errorf("%q", lines)
	}
	b.get(page.attr(".mg-exports a[href*=xlsx]", "href")).wantStatus(http.StatusOK)
}

func TestFairnessTellsHowOftenTheFirstSuggestionWasInvited(t *testing.T) {
	f, b, _ := yearOfInvitations(t)
	if b.get(in2025).has("[aria-labelledby=finding-h] h3") {
		t.Error("something is told of choices, though there is none")
	}
	for _, answers := range []string{`{"first_suggestion": ["invited"]}`, `{"first_suggestion": ["not_invited"], "why_not_first": ["Kennt den Rat schon."]}`} {
		f.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, form, answers, message, state, entered_at)
			VALUES (gen_random_uuid(), $1::uuid, $1::text, 'task', $2, 'choose_advisors', $3, '{}', 'applied', '2025-06-01')`, f.ID, f.Coordinator.ID, answers)
	}
	b.get(in2025).wantText("[aria-labelledby=finding-h]", "Bei 1 von 2 Auswahlen war der erste Vorschlag unter den Eingeladenen.").
		wantText("[aria-labelledby=finding-h] details", "Kennt den Rat schon.").wantText("[aria-labelledby=finding-h] details a", f.Number)
}

func TestWhoMaySeeFairness(t *testing.T) {
	s := newSite(t)
	for _, role := range advisory.Roles {
		b, status := s.signedIn(s.person(role, string(role)+"@example.org")), http.StatusForbidden
		if role.Coordinates() {
			status = http.StatusOK
		}
		for _, path := range []string{"/pool/ausgewogenheit", "/pool/ausgewogenheit.csv", "/pool/ausgewogenheit.xlsx"} {
			b.get(path).wantStatus(status)
		}
	}
	s.signedIn(s.person(advisory.Coordinator, "link@example.org")).get("/pool").wantText("main a[href='/pool/ausgewogenheit']", "Verteilung")
}
