package server

import (
	"net/http"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

func TestBoardShowsConsultationsByStage(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	f.exec(`UPDATE tasks SET due_on = current_date - 10 WHERE state = 'open'`)
	b := f.signedIn(f.Colleague)
	page := b.get("/vorgaenge/tafel").wantStatus(http.StatusOK).
		wantText("section[aria-labelledby=column-review]", "Musterstadt").
		wantText("section[aria-labelledby=column-review] li", "Kim Beispiel").
		wantText("section[aria-labelledby=column-review] .kern-badge--danger", "Überfällig").
		wantText("section[aria-labelledby=column-dialogue]", "Keine")
	if got := len(page.all(".mg-board section")); got != 9 {
		t.Errorf("%d columns, want 9", got)
	}
	f.exec(`UPDATE tasks SET due_on = current_date WHERE state = 'open'`)
	b.get("/en/vorgaenge/tafel").wantText("#column-review + ul .kern-badge--warning", "today")
	f.exec(`UPDATE consultations SET resting_since = now()`)
	b.get("/vorgaenge/tafel").wantText("#column-review + ul .kern-badge--info", "ruht")
}

func TestBoardHasTheFilterOfTheList(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.Coordinator)
	for query, found := range map[string]bool{
		"koordination=" + f.Coordinator.ID: true, "koordination=" + f.Colleague.ID: false, "station=review": true, "station=dialogue": false,
		"stand=running": true, "stand=declined": false, "q=musterst": true, "q=Nirgends": false, "farbe=rot": true,
	} {
		page := b.get("/vorgaenge/tafel?" + query).wantStatus(http.StatusOK)
		if page.has(".mg-board li") != found || page.has(".mg-empty") == found {
			t.Errorf("%s: found %v, want %v", query, !found, found)
		}
	}
	list := b.get("/vorgaenge?station=review&spalte=land&seite=3&koordination=" + f.Coordinator.ID)
	board := list.attr(".mg-choose a[href*=tafel]", "href")
	if want := "/vorgaenge/tafel?koordination=" + f.Coordinator.ID + "&spalte=land&station=review"; board != want {
		t.Errorf("the board is at %q, want %q", board, want)
	}
	if back := b.get(board).attr(".mg-choose a[href^='/vorgaenge?']", "href"); back != strings.Replace(board, "/tafel", "", 1) {
		t.Errorf("from the board back to %q", back)
	}
	if !b.get(board).has("input[type=hidden][name=spalte][value=land]") {
		t.Error("filtering on the board forgets the columns of the list")
	}
	b.get(board).wantText("nav[aria-label='Wessen Beratungen'] a[aria-current]", "Meine")
}

func TestBoardLeadsToTheRestOfAColumn(t *testing.T) {
	f := newConsultation(t)
	f.manyConsultations(store.CardsPerColumn+4, advisory.Dialogue, "")
	page := f.signedIn(f.Coordinator).get("/vorgaenge/tafel?land=NW").wantText("section[aria-labelledby=column-dialogue]", "4 weitere")
	if got := len(page.all("#column-dialogue + ul > li")); got != store.CardsPerColumn {
		t.Errorf("%d cards", got)
	}
	if href := page.attr("section[aria-labelledby=column-dialogue] p a", "href"); href != "/vorgaenge?land=NW&stand=running&station=dialogue" {
		t.Errorf("the rest is at %q", href)
	}
}
