package server

import (
	"net/http"
	"strings"
	"testing"
)

// listed gives the consultation of the fixture its entry in the directory, and adds a second one.
func (f *consultationFixture) listed() (town, double string) {
	f.t.Helper()
	const add = `INSERT INTO municipalities (id, land, name) VALUES ($1, 'NW', $2)`
	town, double = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	f.exec(add, town, "Musterstadt")
	f.exec(add, double, "Stadt Musterstadt (alt)")
	f.exec(`INSERT INTO municipality_names (land, folded, name, municipality_id) SELECT land, municipality_fold(name), name, id FROM municipalities`)
	f.exec(`UPDATE consultations SET municipality_id = $1, land = 'NW'`, town)
	return town, double
}

func TestTheDirectoryShowsAMunicipalityWithItsConsultationsAndContacts(t *testing.T) {
	f := newConsultation(t)
	town, _ := f.listed()
	b := f.signedIn(f.Coordinator)
	list := b.get("/kommunen?q=muster&land=NW&ags=ohne").wantStatus(http.StatusOK)
	if !strings.Contains(list.text("tbody"), "Musterstadt") || list.has(".mg-empty") {
		t.Errorf("list: %s", list.text("main"))
	}
	if empty := b.get("/kommunen?land=SL").wantStatus(http.StatusOK); !empty.has(".mg-empty") || empty.has("tbody") {
		t.Errorf("empty: %s", empty.text("main"))
	}
	page := b.get("/kommunen/" + town).wantStatus(http.StatusOK)
	for _, want := range []string{f.Number, f.Contact.Email} {
		if !strings.Contains(strings.ToLower(page.text("main")), strings.ToLower(want)) {
			t.Errorf("the page does not show %s: %s", want, page.text("main"))
		}
	}
	_, file := b.download("/kommunen.csv")
	if !strings.Contains(string(file), "Musterstadt") {
		t.Errorf("file %s", file)
	}
	if link := b.get("/beratungen/"+f.Number).attr("a[href^='/kommunen/']", "href"); link != "/kommunen/"+town {
		t.Errorf("the consultation leads to %q", link)
	}
	b.get("/kommunen/nobody").wantStatus(http.StatusNotFound)
	f.signedIn(f.Contact).get("/kommunen").wantStatus(http.StatusForbidden)
}

func TestAnOfficialKeyIsCheckedWhereItIsTyped(t *testing.T) {
	f := newConsultation(t)
	town, double := f.listed()
	b := f.signedIn(f.Coordinator)
	for ags, want := range map[string]string{"123": "8 Ziffern", "09162000": "Nordrhein-Westfalen"} {
		page := b.post("/kommunen/"+town, "name", "Musterstadt", "ags", ags).wantStatus(http.StatusUnprocessableEntity)
		if !strings.Contains(page.text(".mg-errors"), want) || page.attr("input[name=ags]", "value") != ags {
			t.Errorf("%s: %s", ags, page.text(".mg-errors"))
		}
	}
	b.post("/kommunen/"+town, "name", "Musterstadt", "ags", "05 911 000").wantStatus(http.StatusSeeOther)
	page := b.post("/kommunen/"+double, "name", "Musterstadt", "ags", "05911000").wantStatus(http.StatusUnprocessableEntity)
	if !strings.Contains(page.text(".mg-errors"), "Musterstadt") {
		t.Errorf("taken: %s", page.text(".mg-errors"))
	}
}

func TestADoubleEntryJoinsTheOneThatStays(t *testing.T) {
	f := newConsultation(t)
	town, double := f.listed()
	b := f.signedIn(f.Coordinator)
	b.post("/kommunen/" + double + "/zusammenfuehren").wantStatus(http.StatusUnprocessableEntity)
	b.post("/kommunen/"+double+"/zusammenfuehren", "same_as", double).wantStatus(http.StatusUnprocessableEntity)
	b.post("/kommunen/"+double+"/zusammenfuehren", "same_as", town).wantStatus(http.StatusSeeOther)
	if page := b.get("/kommunen/" + town).wantStatus(http.StatusOK); !strings.Contains(page.text(".kern-alert"), "(alt)") {
		t.Errorf("nothing says that they were merged: %s", page.text("main"))
	}
	b.get("/kommunen/" + double).wantStatus(http.StatusNotFound)
}
