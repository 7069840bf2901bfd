package server

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"miglobe/advisory"
)

var brokenText = regexp.MustCompile(`\b(task_pages|tasks|dates|consultation|sessions|options|forms|common)\.[a-z_.]+\b|\{[a-z_]+\}|<no value>|%!`)

func TestEveryTaskShowsInBothLanguages(t *testing.T) {
	for _, rule := range advisory.DefaultProgramme().Tasks {
		if rule.Kind == advisory.ChooseAdvisors {
			continue
		}
		t.Run(string(rule.Kind), func(t *testing.T) {
			f := newConsultation(t)
			id, owner := f.reach(rule.Kind)
			b := f.signedIn(owner)
			pages := []string{"/aufgaben/" + id, "/en/aufgaben/" + id}
			for choice := range rule.Forms {
				pages = append(pages, "/aufgaben/"+id+"?wahl="+string(choice), "/en/aufgaben/"+id+"?wahl="+string(choice))
			}
			before := f.fingerprint()
			for _, path := range pages {
				page := b.get(path).wantStatus(http.StatusOK).wantText("h1 + .kern-preline", f.Number)
				if broken := brokenText.FindString(page.text("main")); broken != "" && rule.Kind != advisory.DecideRest {
					t.Errorf("%s shows %q", path, broken)
				}
				if !page.has("main time[datetime]") {
					t.Errorf("%s does not say until when", path)
				}
			}
			if after := f.fingerprint(); after != before {
				t.Errorf("looking changed something: %s, before %s", after, before)
			}
		})
	}
}

// fingerprint is what settling or saving would change.
func (f *consultationFixture) fingerprint() string {
	f.t.Helper()
	var state string
	if err := f.store.DB().QueryRow(`SELECT concat_ws(' ', (SELECT count(*) FROM inputs), (SELECT count(*) FROM task_drafts),
		(SELECT string_agg(id || state || shown_from, ',' ORDER BY id) FROM tasks), (SELECT max(step) FROM consultations),
		(SELECT count(*) FROM history), (SELECT count(*) FROM mails))`).Scan(&state); err != nil {
		f.t.Fatal(err)
	}
	if len(f.engine.inputs) > 0 {
		state += " and the engine heard of it"
	}
	return state
}

func TestTaskTellsWhatItIsAbout(t *testing.T) {
	for kind, wanted := range map[advisory.TaskKind][]string{
		advisory.ReviewRequest:       {"Büro für Internationales", "Seit 2014 eine Partnerschaft", "Ghana", "Nordrhein-Westfalen"},
		advisory.AnswerQuestion:      {"Seit wann gibt es die Partnerschaft?", "Kim Beispiel"},
		advisory.ApproveRefusal:      {"Danke für Ihre Anfrage.", "nicht die kommunale Entwicklungspolitik", "Kim Beispiel"},
		advisory.ConfirmNeed:         {"Vereine wirken mit.", "Wie fangen wir an?"},
		advisory.AnswerInvitation:    {"Vereine wirken mit.", "Wegen Ihrer Erfahrung mit Vereinen.", "Kommunale Partnerschaften", "Federführung, allein"},
		advisory.AgreeToAdvisors:     {"Amina Exempel", "Federführung", "Ich moderiere seit 2010.", "Netzwerke in Westafrika", "Französisch"},
		advisory.ChooseSlot:          {"Auftaktgespräch", "Amina Exempel", "10:00 bis 12:00", "Rathaus", "Gern auch länger."},
		advisory.RecordOutcome:       {"Auftaktgespräch", "10:00 bis 12:00", "vor Ort, Rathaus"},
		advisory.DecideAccompaniment: {"Vereine wollen gefragt werden."},
		advisory.ConfirmOptions:      {"Vereine zum Runden Tisch einladen", "Fachbereich Soziales", "Fassung 1"},
		advisory.CloseConsultation:   {"1 geführt, 1 mit Notiz", "1 Handlungsoption, von beiden Seiten bestätigt", "Musterstadt: beantwortet"},
		advisory.AnswerFollowUp:      {"Vereine zum Runden Tisch einladen", "Wie weit ist diese Option?"},
		advisory.CallParticipants:    {"Toni Muster", "0000 12345", "Bestätigen Sie Ziel und Bedarf"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			f := newConsultation(t)
			id, owner := f.reach(kind)
			page := f.signedIn(owner).get("/aufgaben/" + id).wantStatus(http.StatusOK)
			for _, want := range wanted {
				if shown := page.text("main"); !strings.Contains(strings.ReplaceAll(shown, "\u00a0", " "), want) {
					t.Errorf("%q is missing in %q", want, shown)
				}
			}
		})
	}
}

func TestInvitationNamesNobodyOfTheMunicipality(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.AnswerInvitation)
	page := f.signedIn(owner).get("/aufgaben/" + id)
	for _, private := range []string{"Toni", "muster@example.org", "0000 12345"} {
		if strings.Contains(page.text("main"), private) {
			t.Errorf("an invited advisor reads %q", private)
		}
	}
}

func TestKnownAnswersArePrefilled(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.RecordAssessment)
	page := f.signedIn(owner).get("/aufgaben/"+id).wantText("textarea[name=goal]", "Vereine wirken mit.")
	if !page.has("input[name=topics][value=participation][checked]") {
		t.Error("the topics of the request are not ticked")
	}
}

func TestDueDate(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.ConfirmNeed)
	b := f.signedIn(owner)
	b.get("/aufgaben/"+id).wantText(".mg-due", "noch 10 Arbeitstage")
	f.exec(`UPDATE tasks SET due_on = $2 WHERE id = $1`, id, workday(0))
	b.get("/aufgaben/"+id).wantText(".mg-due", "fällig")
	f.exec(`UPDATE tasks SET due_on = '2020-01-02' WHERE id = $1`, id)
	b.get("/aufgaben/"+id).wantText(".mg-due", "überfällig seit")
	f.exec(`UPDATE consultations SET resting_since = '2020-01-01' WHERE id = $1`, f.ID)
	b.get("/aufgaben/"+id).wantText(".mg-due", "Frist steht still, noch 1 Arbeitstag")
}

func TestWhoMaySeeAndSettle(t *testing.T) {
	type want struct{ get, post int }
	settles, reads, foreign := want{http.StatusOK, http.StatusUnprocessableEntity}, want{http.StatusOK, http.StatusForbidden}, want{http.StatusNotFound, http.StatusNotFound}
	for _, test := range []struct {
		kind advisory.TaskKind
		who  func(*consultationFixture) string // name of a person
		want want
	}{
		{advisory.AnswerQuestion, contact, settles},
		{advisory.AnswerQuestion, coordinator, settles}, // on behalf
		{advisory.AnswerQuestion, leadAdvisor, foreign},
		{advisory.AnswerQuestion, stranger, foreign},
		{advisory.RecordAssessment, coordinator, settles},
		{advisory.RecordAssessment, colleague, settles},
		{advisory.RecordAssessment, contact, foreign},
		{advisory.ApproveRefusal, coordinator, reads}, // proposed it
		{advisory.ApproveRefusal, contact, foreign},
		{advisory.AnswerInvitation, leadAdvisor, settles},
		{advisory.AnswerInvitation, otherAdvisor, foreign},
		{advisory.AnswerInvitation, contact, foreign},
		{advisory.AnswerInvitation, coordinator, reads},
		{advisory.WriteNote, leadAdvisor, settles},
		{advisory.WriteNote, otherAdvisor, reads},
		{advisory.WriteNote, contact, reads},
		{advisory.WriteNote, coordinator, reads},
		{advisory.WriteNote, stranger, foreign},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			f := newConsultation(t)
			id, _ := f.reach(test.kind)
			email := test.who(f)
			person, err := f.store.PersonByEmail(t.Context(), email)
			if err != nil {
				t.Fatal(err)
			}
			b := f.signedIn(person)
			b.get("/aufgaben/" + id).wantStatus(test.want.get)
			b.post("/aufgaben/" + id).wantStatus(test.want.post)
			if len(f.engine.inputs) != 0 {
				t.Errorf("%s: the engine heard %+v", email, f.engine.inputs)
			}
		})
	}
}

func contact(f *consultationFixture) string      { return f.Contact.Email }
func coordinator(f *consultationFixture) string  { return f.Coordinator.Email }
func colleague(f *consultationFixture) string    { return f.Colleague.Email }
func leadAdvisor(f *consultationFixture) string  { return f.Lead.Email }
func otherAdvisor(f *consultationFixture) string { return f.Member.Email }
func stranger(f *consultationFixture) string {
	return f.person(advisory.Municipality, "fremd@example.org").Email
}

func TestClosedTaskSaysWhoAndWhen(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.WriteNote)
	f.settleNext(advisory.WriteNote)
	b := f.signedIn(owner)
	b.get("/aufgaben/"+id).wantStatus(http.StatusConflict).wantText("h1", "schon erledigt").wantText("main", "Amina Exempel hat sie am")
	b.post("/aufgaben/"+id, "topics", "Mein zweiter Text", "learned", "Viel", "next_step", "Weiter", "further_sessions", "open").
		wantStatus(http.StatusConflict).wantText("textarea", "Mein zweiter Text")
	if len(f.engine.inputs) != 0 {
		t.Errorf("the engine heard %+v", f.engine.inputs)
	}
}

func TestSomebodyWasFaster(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.WriteNote)
	b := f.signedIn(owner)
	page := b.get("/aufgaben/" + id)
	f.engine.err = advisory.Errorf(advisory.Conflict, "refused")
	b.post("/aufgaben/"+id, page.filled()...).wantStatus(http.StatusConflict).wantText("h1", "Inzwischen hat sich etwas geändert").wantText("textarea", "Ein Text.")
}

func TestLapsedInvitationIsNobodysFault(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.AnswerInvitation)
	f.write(advisory.Entry{Close: id, State: advisory.Lapsed})
	f.signedIn(owner).get("/aufgaben/"+id).wantStatus(http.StatusConflict).wantText("h1", "Die Frist dieser Aufgabe ist vorbei")
}

func TestTaskLinkSettlesItsTaskAndNothingElse(t *testing.T) {
	f := newConsultation(t)
	id, owner := f.reach(advisory.AnswerQuestion)
	token, err := f.store.IssueTaskLink(t.Context(), id, owner.ID)
	if err != nil {
		t.Fatal(err)
	}
	b := f.browser()
	b.get("/aufgaben/" + id).wantStatus(http.StatusSeeOther) // to the sign-in
	page := b.follow(b.get("/a/"+token)).wantStatus(http.StatusOK).wantText("h1", "Beantworten Sie die Rückfrage")
	if page.has(`a[href^="/beratungen/"]`) {
		t.Error("the page leads where the link gives no right to")
	}
	b.follow(b.post("/aufgaben/"+id, "answer", "Seit 2014.")).wantStatus(http.StatusOK).wantText("h1", "Vielen Dank")
	if got := f.engine.inputs[0].Message.Actor; got != owner.ID {
		t.Errorf("actor %s", got)
	}
}
