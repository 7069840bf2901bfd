package browser_test

import (
	"context"
	"fmt"

	"miglobe/advisory"
)

// workbench is what coordinators see beside the consultations of the other walks.
func (g *gallery) workbench() {
	c := filed(g.T, "Werkbank "+g.d.name)
	robin := g.signedIn(person(g.T, advisory.Coordinator, "Robin"))
	robin.open("/arbeitsplatz?liste=unclaimed&q=" + c.number)
	robin.follow("Alle auf dieser Seite auswählen")
	robin.press("Übernehmen", "Mit den ausgewählten Aufgaben")
	g.shot(robin, "selection")
	c.until(advisory.Assessment) // somebody else was faster
	robin.press("1 Aufgabe übernehmen")
	g.shot(robin, "selection-result")
	g.open(robin, "/vorgaenge/tafel?q="+c.number, "board")
	g.open(robin, c.page()+"/zusammenfassung", "summary")
	g.open(robin, "/pool/ausgewogenheit", "fairness")
	g.open(robin, "/kommunen?q=Werkbank", "municipalities")
	robin.follow("Werkbank " + g.d.name)
	g.shot(robin, "municipality")
	g.open(robin, robin.here.Path+"/zusammenfuehren", "municipality-merge")
}

// settings are the pages of lead coordinators. The ones with mistakes and effects are walked in the tests of each.
func (g *gallery) settings() {
	lou := person(g.T, advisory.LeadCoordinator, "Lou")
	lead, version := g.signedIn(lou), g.secondProgramme(lou.ID)
	for _, page := range []struct{ path, name string }{
		{"", "settings"},
		{"/programm", "programme"},
		{fmt.Sprintf("/programm/%d", version), "programme-version"},
		{fmt.Sprintf("/programm/%d/unterschied/1", version), "programme-difference"},
		{"/programm/1/wiederherstellen", "programme-restore"},
		{fmt.Sprintf("/programm/%d/umstellen", version), "programme-moving"},
		{"/programm/aufgaben/confirm_need", "programme-task"},
		{"/programm/kalender", "programme-calendar"},
		{"/programm/zahlen", "programme-numbers"},
		{"/themen", "topics"},
		{"/fragebogen", "questionnaires"},
		{"/fragebogen/evaluate_municipality/process", "questions"},
		{"/gewichte", "weights"},
		{"/mails", "mail-texts"},
		{"/mails/note_shared/de/fassungen/0", "mail-text-standard"},
		{"/mails/note_shared/de", "mail-text"},
	} {
		g.open(lead, "/einstellungen"+page.path, page.name)
	}
	lead.press("Vorschau")
	g.shot(lead, "mail-text-preview")
}

// secondProgramme is the newest version of the programme, of which there are two at least.
func (g *gallery) secondProgramme(authorID string) int {
	g.Helper()
	ctx := context.Background()
	newest, err := app.Store.Programme(ctx)
	if err == nil && newest.Version == 1 {
		_, err = app.Store.AddProgramme(ctx, newest, authorID, "Für die Bilder")
		if advisory.CodeOf(err) == advisory.Conflict { // the walk on the other device has made it
			err = nil
		}
	}
	if err != nil {
		g.Fatal(err)
	}
	if newest, err = app.Store.Programme(ctx); err != nil {
		g.Fatal(err)
	}
	return newest.Version
}
