package store_test

import (
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

// followOn begins the request that follows the consultation of the desk.
func (d *desk) followOn(answers advisory.Answers) (draft store.Draft, begun bool, err error) {
	d.Helper()
	return d.store.FollowOnDraft(d.ctx, d.consultation, store.Draft{Language: "de", FormVersion: 1, Answers: answers}, monday)
}

// followed sends the request of a follow-on consultation and returns it.
func (d *desk) followed() store.SentRequest {
	d.Helper()
	d.exec(`INSERT INTO consultation_numbers (year, last) VALUES ($1, 1)`, monday.Year()) // that of the desk
	draft, _, err := d.followOn(advisory.Answers{"municipality": {"Musterhausen"}, "land": {"NW"}, "subject": {"Weiter"},
		"first_name": {"toni"}, "last_name": {"Muster"}, "email": {"toni@demo.example"}})
	d.must(err)
	d.must(d.store.OrderVerification(d.ctx, draft, "toni@demo.example", false, monday))
	link, _, err := d.store.IssueAddressLink(d.ctx, draft.ID, "toni@demo.example")
	d.must(err)
	sent, err := d.store.SendRequest(d.ctx, link, monday)
	d.must(err)
	return sent
}

func TestOneOpenFollowOnDraftForEachConsultation(t *testing.T) {
	d := newDesk(t)
	first, begun, err := d.followOn(advisory.Answers{"need": {"Erstens"}})
	d.must(err)
	if !begun || first.Follows == nil || *first.Follows != d.consultation {
		t.Errorf("first: begun %v, %+v", begun, first)
	}
	again, begun, err := d.followOn(advisory.Answers{"need": {"Zweitens"}})
	d.must(err)
	if begun || again.ID != first.ID || again.Answers.Get("need") != "Erstens" {
		t.Errorf("again: begun %v, %+v", begun, again)
	}
	token, err := d.store.DraftToken(d.ctx, first.ID)
	d.must(err)
	if same, err := d.store.DraftByToken(d.ctx, token); err != nil || same.ID != first.ID {
		t.Errorf("the link leads to %+v, %v", same, err)
	}
	for range 2 { // drafts that follow nothing are many
		newDraft(t, d.store, nil)
	}
}

func TestTwoAtOnceBeginOneFollowOnDraft(t *testing.T) {
	d := newDesk(t)
	const clicks = 6
	ids := make(chan string, clicks)
	for range clicks {
		go func() {
			draft, _, err := d.followOn(nil)
			if err != nil {
				t.Error(err)
			}
			ids <- draft.ID
		}()
	}
	first := <-ids
	for range clicks - 1 {
		if id := <-ids; id != first {
			t.Errorf("two drafts: %s and %s", first, id)
		}
	}
}

func TestASentFollowOnIsLinkedAndStandsInTheWayWhileItRuns(t *testing.T) {
	d := newDesk(t)
	sent := d.followed()
	later, err := d.store.LinkedConsultations(d.ctx, d.consultation)
	d.must(err)
	if len(later) != 1 || later[0].ID != sent.ConsultationID || later[0].Number != sent.Number || later[0].Earlier || !later[0].Running {
		t.Errorf("what follows: %+v", later)
	}
	earlier, err := d.store.LinkedConsultations(d.ctx, sent.ConsultationID)
	d.must(err)
	if len(earlier) != 1 || earlier[0].ID != d.consultation || !earlier[0].Earlier {
		t.Errorf("what it follows: %+v", earlier)
	}
	if _, _, err := d.followOn(nil); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("a second one while it runs: %v", err)
	}
	d.exec(`UPDATE consultations SET outcome = 'withdrawn' WHERE id = $1`, sent.ConsultationID)
	if _, begun, err := d.followOn(nil); err != nil || !begun {
		t.Errorf("another one after its end: begun %v, %v", begun, err)
	}
}

func TestWhoAccompaniedTheEarlierConsultationIsMarked(t *testing.T) {
	d := newTeamDesk(t)
	d.leaves(days(2), "joseph", "Alles im Ordner", "amina", "amina") // not in the team at its end
	for _, wish := range []string{"", "no"} {
		d.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, form, answers, message, state, entered_at)
			VALUES (gen_random_uuid(), $1::uuid, $1, 'task', $2, 'follow_up', jsonb_build_object('same_advisors', jsonb_build_array($3::text)),
				'{}', 'applied', $4)`, d.consultation, d.people["toni"], wish, monday)
		earlier := d.consultation
		if wish == "" {
			d.consultation = d.followed().ConsultationID
		} else {
			d.consultation = d.read(`SELECT id::text FROM consultations WHERE follows = $1`, earlier)
		}
		need, err := d.store.Need(d.ctx, d.consultation)
		d.must(err)
		if need.Follows != "MG-2026-0001" || need.SameAdvisors != wish || need.FavoursEarlierAdvisors() != (wish == "") {
			t.Errorf("wish %q: %+v", wish, need)
		}
		for name, want := range map[string]bool{"amina": true, "joseph": false, "nina": false} {
			if got := d.candidate(name, days(3)).AccompaniedEarlier; got != want {
				t.Errorf("%s: %v", name, got)
			}
		}
		d.consultation = earlier
	}
	need, err := d.store.Need(d.ctx, d.consultation)
	d.must(err)
	if need.Follows != "" || need.FavoursEarlierAdvisors() || d.candidate("amina", days(3)).AccompaniedEarlier {
		t.Errorf("what follows nothing: %+v", need)
	}
}
