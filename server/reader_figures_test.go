package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
)

// manyConsultations adds consultations of municipalities with telling names.
func (f *consultationFixture) manyConsultations(n int, stage advisory.Stage, outcome advisory.Outcome) {
	f.t.Helper()
	for range n {
		id := uuid.NewString()
		f.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
				stage_since, outcome, ended_at, sent_at, updated_at)
			VALUES ($1, $2, 'Geheimstadt', 'NW', 'Geheimes Anliegen', 1, '{}', 1, $3, now(), $4, CASE WHEN $4 <> '' THEN now() END, now(), now())`,
			id, fmt.Sprintf("MG-2025-%s", id[:8]), stage, outcome)
	}
}

func TestFiguresAreSuppressedBelowFive(t *testing.T) {
	f := newConsultation(t)
	f.manyConsultations(7, advisory.Dialogue, "")
	f.manyConsultations(4, advisory.Review, advisory.Declined)
	f.manyConsultations(5, advisory.Review, advisory.Referred)
	page := f.signedIn(f.named(advisory.Reader, "Rita", "Leser")).get("/zahlen").wantStatus(http.StatusOK)
	told := map[string]string{}
	for _, row := range page.all("tbody tr") {
		cells := slices.Collect(row.ChildNodes())
		told[strings.TrimSpace(textOf(cells[0]))] = strings.TrimSpace(textOf(cells[1]))
	}
	for label, want := range map[string]string{
		"Dialog": "7", "Prüfung": "unter 5", "Auftakt": "unter 5", "abgelehnt": "unter 5", "weiterverwiesen": "5",
	} {
		if told[label] != want {
			t.Errorf("%s: %q, want %q", label, told[label], want)
		}
	}
	page.wantText("section[aria-labelledby='stages-h']", "Die meisten laufenden Beratungen sind in der Station Dialog: 7.").
		wantText(".kern-subline", "Definitionen Fassung 1").
		wantText("svg title", "Laufende Beratungen nach Station")
}

func TestReaderSeesNoName(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.CloseConsultation)
	f.manyConsultations(6, advisory.Dialogue, "")
	reader := f.named(advisory.Reader, "Rita", "Leser")
	b := f.signedIn(reader)
	for _, path := range []string{"/zahlen", "/en/zahlen"} {
		page := b.get(path).wantStatus(http.StatusOK)
		text := textOf(page.root)
		for _, private := range []string{"Toni", "Muster", "Amina", "Exempel", "Joseph", "Vorlage", "Kim", "Robin", "Probe", "Lea",
			"Leitner", "Musterstadt", "Geheimstadt", "Geheimes", "MG-2026-0042", "MG-2025", "Vereine", "@example.org"} {
			if strings.Contains(text, private) {
				t.Errorf("%s tells %q", path, private)
			}
		}
	}
	for _, path := range []string{"/arbeitsplatz", "/vorgaenge", "/pool", "/pool/" + f.Lead.ID, "/konten"} {
		b.get(path).wantStatus(http.StatusForbidden)
	}
	if status := b.get("/beratungen/" + f.Number).StatusCode; status != http.StatusNotFound && status != http.StatusForbidden {
		t.Errorf("a reader opens a consultation: %d", status)
	}
}

func TestWhoMaySeeFigures(t *testing.T) {
	s := newSite(t)
	for role, status := range map[advisory.Role]int{
		advisory.Reader: http.StatusOK, advisory.Coordinator: http.StatusOK, advisory.LeadCoordinator: http.StatusOK,
		advisory.Municipality: http.StatusForbidden, advisory.Advisor: http.StatusForbidden, advisory.Administrator: http.StatusForbidden,
	} {
		s.signedIn(s.person(role, string(role)+"@example.org")).get("/zahlen").wantStatus(status)
	}
}
