package store_test

import (
	"slices"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

// finds tells which consultations words lead to, the most relevant first.
func (d *desk) finds(words string) (numbers []string) {
	d.Helper()
	list, err := d.store.ConsultationList(d.ctx, store.ConsultationFilter{Words: words})
	d.must(err)
	for _, found := range list.Consultations {
		numbers = append(numbers, found.Number)
	}
	return numbers
}

func TestGermanWordsAreFound(t *testing.T) {
	d := newWorkbench(t)
	d.addConsultations(1, "Münster", advisory.Dialogue, "")
	d.exec(`UPDATE consultations SET subject = 'Städtepartnerschaft der Vereine an der Straße, für Frauen und Häuser aus Quellwasser'
		WHERE municipality = 'Münster'`)
	d.must(d.store.RefreshSearch(d.ctx))
	for _, words := range []string{
		"Münster", "muenster", "MUENSTER", "munster", "Münst", // umlauts, beginnings
		"Verein", "Vereine", "Vereinen", "Frau", "Haus", "Haeuser", // stems
		"Strasse", "Straßen", "STRASSE", "Quellwasser",
		"Partnerschaft", "Partnerschaften", "Städtepartnerschaften", "Staedte", // compounds
		"Vereine und Münster", "für Frauen",
	} {
		if got := d.finds(words); !slices.Contains(got, "MG-2025-0001") {
			t.Errorf("%q finds %v", words, got)
		}
	}
	for _, words := range []string{"Minster", "Vereine Köln", "und", "' | (", "Frauenhaus"} {
		if got := d.finds(words); slices.Contains(got, "MG-2025-0001") {
			t.Errorf("%q finds %v", words, got)
		}
	}
}

func TestWhatFitsBestComesFirstThenTheLatest(t *testing.T) {
	d := newWorkbench(t)
	d.addConsultations(3, "Vereinbach", advisory.Dialogue, "")
	d.exec(`UPDATE consultations SET subject = 'Verein' WHERE number = 'MG-2025-0003'`)
	d.must(d.store.RefreshSearch(d.ctx))
	want := []string{"MG-2025-0003", "MG-2025-0001", "MG-2025-0002"}
	if got := d.finds("Vereine"); len(got) != 4 || !slices.Equal(slices.DeleteFunc(got, func(n string) bool { return n == "MG-2026-0001" }), want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// Everything that is said is found from the moment on at which it is written.
func TestWordsAreFoundAsSoonAsTheyAreWritten(t *testing.T) {
	d := newDesk(t)
	found := func(words string) {
		t.Helper()
		if got := d.finds(words); !slices.Equal(got, []string{"MG-2026-0001"}) {
			t.Errorf("%q finds %v", words, got)
		}
	}
	not := func(words string) {
		t.Helper()
		if got := d.finds(words); len(got) > 0 {
			t.Errorf("%q finds %v", words, got)
		}
	}
	not("kim")
	d.write(advisory.Entry{Coordinator: d.people["kim"]}, d.opens(1, advisory.RecordAssessment, advisory.Coordinator, "kim"))
	found("kim muster")
	found("toni")
	not("Lastenräder")
	d.write(d.said(1, advisory.Record, "kim", advisory.Answers{"goal": {"Lastenräder teilen"}, "need": {"Werkstatt"}}),
		advisory.Entry{Team: &advisory.Team{Advisors: []string{d.people["amina"]}, Lead: d.people["amina"]}},
		d.opens(2, advisory.DraftOptions, advisory.Advisor, "amina"))
	found("Lastenrad")
	found("werkstätten amina")
	d.write(d.said(2, advisory.Submit, "amina", advisory.Answers{"options.1.title": {"Tauschbörse gründen"}}))
	found("tauschboerse")
	d.must(d.store.AddInternalNote(d.ctx, d.consultation, d.people["kim"], "Rückruf im Bürgerbüro", monday))
	found("Rückrufe Bürgerbüro")
	kim, err := d.store.Person(d.ctx, d.people["kim"])
	d.must(err)
	kim.LastName = "Sonnenschein"
	_, err = d.store.SavePerson(d.ctx, kim)
	d.must(err)
	found("Sonnenschein")
	not("kim muster sonnenblume")
}

func TestContactsAreFound(t *testing.T) {
	d := newDesk(t)
	d.must(d.store.AddContact(d.ctx, store.ContactChange{ConsultationID: d.consultation, Actor: d.people["kim"], Now: monday},
		advisory.Answers{"first_name": {"Jördis"}, "last_name": {"Größer"}, "email": {"j@demo.example"}}))
	if got := d.finds("joerdis groesser"); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}

func TestAVeryLongNoteIsKeptAndFound(t *testing.T) {
	d := newDesk(t)
	words := d.read(`SELECT string_agg(md5(n::text), ' ') || ' ' || repeat('x', 5000) FROM generate_series(1, 20000) n`)
	d.must(d.store.AddInternalNote(d.ctx, d.consultation, d.people["kim"], "Anfang "+words, monday))
	if got := d.finds("Anfang"); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}

func TestErasedWordsAreNotFoundAnyMore(t *testing.T) {
	d := newErasure(t, advisory.Declined)
	d.must(d.store.RefreshSearch(d.ctx))
	if got := d.finds(named); len(got) != 1 {
		t.Fatalf("before: %v", got)
	}
	d.anonymise(1, 0, 1)
	if got := d.finds(named); len(got) != 0 {
		t.Errorf("after: %v", got)
	}
	if held := d.read(`SELECT coalesce(string_agg(document::text, ' '), '') FROM consultation_search WHERE document::text LIKE '%wintergr%'`); held != "" {
		t.Errorf("kept: %s", held)
	}
	if got := d.finds("Musterhausen"); len(got) != 1 {
		t.Errorf("its municipality finds %v", got)
	}
}
