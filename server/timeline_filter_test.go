package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"miglobe/advisory"
)

func TestTimelineIsFilteredByParts(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ConfirmNeed)
	f.exec(`INSERT INTO history (consultation_id, step, at, kind) SELECT $1, 9, now(), 'reminder_sent' FROM generate_series(1, 30)`, f.ID)
	b := f.signedIn(f.Coordinator)
	said := b.get(f.path()+"?verlauf=said").wantStatus(http.StatusOK).wantText("#verlauf", "Bedarf festgehalten").
		wantText("#verlauf .mg-choose a[aria-current]", "Gesagtes")
	if strings.Contains(said.text("#verlauf ol"), "Erinnerung gesendet") {
		t.Error("reminders are among what was said")
	}
	tasks := b.get(f.path()+"?verlauf=tasks").wantText("#verlauf ol", "Erinnerung gesendet")
	older := tasks.attr("#verlauf .mg-pager a[href*='vor=']", "href")
	if !strings.Contains(older, "verlauf=tasks") {
		t.Fatalf("the older entries are at %q", older)
	}
	second := b.get(strings.TrimSuffix(older, "#verlauf")).wantText("#verlauf ol", "Anfrage übernommen")
	if strings.Contains(second.text("#verlauf ol"), "Bedarf festgehalten") {
		t.Error("the second page has lost the filter")
	}
	if href := second.attr("#verlauf .mg-choose a[href*='verlauf=said']", "href"); strings.Contains(href, "vor=") {
		t.Errorf("another part begins in the middle: %q", href)
	}
	b.get(f.path()+"?verlauf=appointments").wantText("#verlauf", "Hierzu steht nichts im Verlauf.")
	b.get(f.path()+"?verlauf=unsinn").wantText("#verlauf .mg-choose a[aria-current]", "Alles").wantText("#verlauf ol", "Erinnerung gesendet")
}

func TestEveryEntryBelongsToAPartOfTheTimeline(t *testing.T) {
	kinds := map[advisory.HistoryKind]bool{}
	for kind := range toldToParticipants {
		kinds[kind] = true
	}
	for kind := range eventIcons {
		kinds[kind] = true
	}
	for kind := range kinds {
		if !slices.ContainsFunc(timelineParts, func(part timelinePart) bool { return slices.Contains(part.kinds, kind) }) {
			t.Errorf("%s is found by no filter", kind)
		}
	}
}
