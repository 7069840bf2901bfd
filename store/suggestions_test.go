package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// candidateFor is amina as the matching of another consultation, of a municipality in a Land, sees her.
func (d *desk) candidateFor(number, municipality string, land advisory.Land) store.Candidate {
	d.Helper()
	id := uuid.NewString()
	d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at) VALUES ($1, $2, $3, $4, 'Noch einmal', 1, '{}', 1, 'assignment', $5, $5, $5)`,
		id, number, municipality, land, days(30))
	candidates, err := d.store.Candidates(d.ctx, id, store.Need{}, days(30))
	d.must(err)
	return candidates[slices.IndexFunc(candidates, func(c store.Candidate) bool { return c.ID == d.people["amina"] })]
}

func TestAConflictOfInterestIsRememberedForTheSameMunicipality(t *testing.T) {
	declared := map[string]func(d *desk){
		"when invited": func(d *desk) {
			d.write(d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "amina"))
			d.write(d.said(1, advisory.ConflictOfInt, "amina", nil))
		},
		"later": func(d *desk) {
			in := advisory.Input{ID: uuid.NewString(), Kind: advisory.ReplaceAdvisor, Person: d.people["amina"], Actor: d.people["kim"]}
			_, err := d.store.JournalInput(d.ctx, store.NewInput{ConsultationID: d.consultation, Message: in, Form: "replace_advisor",
				Answers: advisory.Answers{"reason": {"conflict_of_interest"}}, EnteredAt: days(2)})
			d.must(err)
			d.writeAt(days(2), advisory.Entry{History: advisory.ReplacementBegun, Input: in.ID})
		},
	}
	for name, declare := range declared {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			declare(d)
			if got := d.candidateFor("MG-2026-0002", " musterhausen", "NW").EarlierConflict; got != "MG-2026-0001" {
				t.Errorf("same municipality: %q", got)
			}
			if got := d.candidateFor("MG-2026-0003", "Musterhausen", "HE").EarlierConflict; got != "" {
				t.Errorf("namesake in another Land: %q", got)
			}
			if got := d.candidateFor("MG-2026-0004", "Beispielbach", "NW").EarlierConflict; got != "" {
				t.Errorf("another municipality: %q", got)
			}
		})
	}
	d := newDesk(t)
	d.write(d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "amina"))
	d.write(d.said(1, advisory.Decline, "amina", nil))
	if got := d.candidateFor("MG-2026-0002", "Musterhausen", "NW").EarlierConflict; got != "" {
		t.Errorf("who only declined: %q", got)
	}
}

func TestNeedSpeaksOfTheGoalThatCountsNow(t *testing.T) {
	d := newDesk(t)
	d.exec(`UPDATE consultations SET request = '{"situation": ["Es gibt Vereine."], "goal": ["Altes Ziel."], "need": ["Rat."]}'`)
	words := func() string {
		need, err := d.store.Need(d.ctx, d.consultation)
		d.must(err)
		if need.Municipality != "Musterhausen" || need.Land != "NW" {
			t.Errorf("%+v", need)
		}
		return need.Words
	}
	if got := words(); got != "Vereine einbinden\nEs gibt Vereine.\nAltes Ziel.\nRat.\n" {
		t.Errorf("from the request: %q", got)
	}
	d.write(d.opens(1, advisory.RecordAssessment, advisory.Coordinator, "kim"))
	d.write(d.saidWith("assessment", 1, advisory.Record, "kim", advisory.Answers{
		"situation": {"Neue Lage."}, "goal": {"Neues Ziel."}, "need": {"Wie?"}, "wishes_for_advisors": {"Jemand mit Moderation."}}))
	if got := words(); !strings.Contains(got, "Neue Lage.\nNeues Ziel.\nWie?\nJemand mit Moderation.") || strings.Contains(got, "Altes") {
		t.Errorf("after the assessment: %q", got)
	}
}
