package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
)

// advisor adds somebody to the pool beside the two of the fixture.
func (f *consultationFixture) advisor(first string, change string, args ...any) store.Person {
	f.t.Helper()
	person := f.named(advisory.Advisor, first, first+"sen")
	f.exec(`INSERT INTO advisors (person_id, topics, languages, home, capacity) VALUES ($1, '{partnerships}', '{german}', 'Witten', 2)`, person.ID)
	if change != "" {
		f.exec(`UPDATE advisors SET `+change+` WHERE person_id = $1`, append([]any{person.ID}, args...)...)
	}
	return person
}

func choosing(t *testing.T) (*consultationFixture, string, *browser) {
	t.Helper()
	f := newConsultation(t)
	id, owner := f.reach(advisory.ChooseAdvisors)
	return f, "/aufgaben/" + id, f.signedIn(owner)
}

func TestSuggestionsExplainThemselves(t *testing.T) {
	f, path, b := choosing(t)
	ghana := f.advisor("Ghana", `origin_country = 'GH', origin_consent = true`)
	f.advisor("Secret", `origin_country = 'GH', origin_consent = false`)
	f.advisor("French", `languages = '{french}', topics = '{education}', last_invited_at = now()`)
	full := f.advisor("Full", `capacity = 0`)
	page := b.get(path).wantStatus(http.StatusOK)

	var names []string
	for _, heading := range page.all(".mg-cand h3") {
		names = append(names, strings.Join(strings.Fields(textOf(heading)), " "))
	}
	if names[0] != "1. Ghana Ghanasen" || !strings.HasSuffix(names[len(names)-1], "French Frenchsen") {
		t.Errorf("order %v", names)
	}
	page.wantText("article[aria-labelledby='candidate-"+ghana.ID+"']", "Thema passt: Kommunale Partnerschaften").
		wantText("article[aria-labelledby='candidate-"+ghana.ID+"']", "Laufende Beratungen: 0 von 2").
		wantText("article[aria-labelledby='candidate-"+ghana.ID+"']", "Noch nie eingeladen").
		wantText("article[aria-labelledby='candidate-"+ghana.ID+"']", "Bezug zum Partnerland")
	if n := strings.Count(page.text("main form"), "Bezug zum Partnerland"); n != 1 {
		t.Errorf("the partner country is a reason for %d, want the one who agreed", n)
	}
	if page.has("input[name='advisor." + full.ID + "']") {
		t.Error("somebody without room can be chosen")
	}
	page.wantText("section[aria-labelledby='unavailable-h'] h3", "Full Fullsen, Witten").
		wantText("section[aria-labelledby='unavailable-h'] .mg-row__meta", "keine freie Kapazität")
	if text := page.text("main"); strings.Contains(text, "Entfernung") || strings.Contains(text, " km") {
		t.Error("the page speaks of a distance that nobody knows")
	}
}

func TestChosenAdvisorsReachTheEngine(t *testing.T) {
	f, path, b := choosing(t)
	b.post(path, "advisor."+f.Lead.ID, "lead", "advisor."+f.Member.ID, "member", "why", "Wegen der Erfahrung.").
		wantLocation("/beratungen/" + f.Number)
	if len(f.engine.inputs) != 1 {
		t.Fatalf("inputs %+v", f.engine.inputs)
	}
	in := f.engine.inputs[0]
	slices.Sort(in.Message.Advisors)
	want := []string{f.Lead.ID, f.Member.ID}
	slices.Sort(want)
	if in.Message.Choice != advisory.Choose || in.Message.Lead != f.Lead.ID || !slices.Equal(in.Message.Advisors, want) ||
		in.Form != "choose_advisors" || in.Answers.Get("why") != "Wegen der Erfahrung." || in.Answers.Get("lead") != f.Lead.ID {
		t.Errorf("%+v", in)
	}
}

func TestExactlyOneLeadIsWanted(t *testing.T) {
	for name, test := range map[string]struct {
		roles [2]string // of lead advisor and member
		want  string
	}{
		"nobody":    {[2]string{"", ""}, "mindestens ein Poolmitglied"},
		"no lead":   {[2]string{"member", ""}, "genau eine Federführung"},
		"two leads": {[2]string{"lead", "lead"}, "genau eine Federführung"},
	} {
		t.Run(name, func(t *testing.T) {
			f, path, b := choosing(t)
			page := b.post(path, "advisor."+f.Lead.ID, test.roles[0], "advisor."+f.Member.ID, test.roles[1], "why", "Weil es passt.").
				wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", test.want).wantText("textarea[name=why]", "Weil es passt.")
			target := strings.TrimPrefix(page.attr("#fehler a", "href"), "#")
			if !page.has("input[id='" + target + "']") {
				t.Errorf("the summary leads to %q, which is not on the page", target)
			}
			if chosen := page.attr("input[name='advisor."+f.Lead.ID+"'][checked]", "value"); chosen != test.roles[0] {
				t.Errorf("the choice is now %q", chosen)
			}
			if len(f.engine.inputs) != 0 {
				t.Error("the engine heard of it")
			}
		})
	}
}

func TestLeadMustBeChoosable(t *testing.T) {
	f, path, b := choosing(t)
	full := f.advisor("Full", `capacity = 0`)
	b.post(path, "advisor."+full.ID, "lead", "advisor."+f.Lead.ID, "member").
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "eines der ausgewählten Poolmitglieder")
}

func TestWhoWasAskedIsNotAskedAgain(t *testing.T) {
	f, path, b := choosing(t)
	task := f.last
	declined := f.advisor("Declined", "")
	for _, asked := range []store.Person{f.Lead, declined} {
		f.open(advisory.OpenTask{Kind: advisory.AnswerInvitation, Owner: advisory.Owner{Role: advisory.Advisor, Person: asked.ID}})
	}
	f.say(declined, advisory.Decline, "answer_invitation", nil, advisory.InvitationDeclined)
	f.last = task
	page := b.get(path).wantStatus(http.StatusOK).
		wantText("section[aria-labelledby='asked-h']", "Amina Exempel").
		wantText("section[aria-labelledby='asked-h']", "wartet auf Antwort").
		wantText("#again h3", "Declined Declinedsen").
		wantText("#again .mg-cand__head", "abgesagt")
	if page.has("#again[open]") || page.has("section[aria-labelledby='suggestions-h'] #candidate-"+declined.ID) {
		t.Error("who declined is suggested")
	}
	if page.has("input[name='advisor." + f.Lead.ID + "'][value='']") {
		t.Error("an invitation cannot be taken back here")
	}
	b.post(path, "advisor."+f.Lead.ID, "lead", "advisor."+f.Member.ID, "member").wantStatus(http.StatusSeeOther)
	in := f.engine.inputs[0]
	if !slices.Equal(in.Message.Advisors, []string{f.Member.ID}) || in.Message.Lead != f.Lead.ID {
		t.Errorf("%+v", in.Message)
	}
	b.post(path, "advisor."+declined.ID, "member", "advisor."+f.Lead.ID, "lead").wantStatus(http.StatusSeeOther) // on purpose
	if again := f.engine.inputs[1]; !slices.Equal(again.Message.Advisors, []string{declined.ID}) {
		t.Errorf("asked again: %+v", again.Message)
	}
}

func TestAnExhaustedListShowsAsSuch(t *testing.T) {
	f, path, b := choosing(t)
	f.exec(`UPDATE advisors SET capacity = 0`)
	page := b.get(path).wantStatus(http.StatusOK).wantText(".mg-empty", "Alle vorgeschlagenen Poolmitglieder sind gefragt").
		wantText(".mg-empty", "Mit der Kommune sprechen").wantText(".mg-empty", "Die Beratung ruhen lassen")
	if page.has(".mg-empty a[href='#again']") || page.has("main form button[type=submit]") {
		t.Error("nobody can be asked again, and nobody chosen")
	}
	b.get(page.attr(".mg-empty a[href$=ruhen]", "href")).wantStatus(http.StatusOK)
}

func TestWhereEverybodyWasAskedSomebodyCanBeAskedAgain(t *testing.T) {
	f, path, b := choosing(t)
	task := f.last
	invite := func(person store.Person) string {
		return f.open(advisory.OpenTask{Kind: advisory.AnswerInvitation, Owner: advisory.Owner{Role: advisory.Advisor, Person: person.ID}})
	}
	f.write(advisory.Entry{Close: invite(f.Lead), State: advisory.Lapsed})
	invite(f.Member)
	f.say(f.Member, advisory.ConflictOfInt, "answer_invitation", nil, advisory.ConflictDeclared)
	f.last = task
	page := b.get(path).wantStatus(http.StatusOK).wantText(".mg-empty", "Jemanden noch einmal fragen").
		wantText("#again[open]", "erloschen").wantText("#again", "Wir schlagen sie nicht vor").
		wantText("section[aria-labelledby='unavailable-h']", "Interessenkonflikt angegeben")
	if page.has("input[name='advisor." + f.Member.ID + "']") {
		t.Error("somebody with a conflict of interest can be asked again")
	}
	b.get("/en"+path).wantText("#again", "Ask again")
	b.post(path, "advisor."+f.Member.ID, "member", "advisor."+f.Lead.ID, "lead").wantStatus(http.StatusUnprocessableEntity)
	b.post(path, "advisor."+f.Lead.ID, "lead").wantStatus(http.StatusSeeOther)
	if in := f.engine.inputs[0].Message; in.Lead != f.Lead.ID || !slices.Equal(in.Advisors, []string{f.Lead.ID}) {
		t.Errorf("%+v", in)
	}
}

func TestNobodyAbsentIsSuggested(t *testing.T) {
	f, path, b := choosing(t)
	away, back := f.advisor("Away", ""), f.advisor("Back", "")
	f.exec(`INSERT INTO absences (id, person_id, from_at, until_at) VALUES
		(gen_random_uuid(), $1, now() - interval '1 day', '2099-05-02T00:00:00+02:00'),
		(gen_random_uuid(), $2, now() - interval '9 days', now() - interval '1 day')`, away.ID, back.ID)
	page := b.get(path).wantStatus(http.StatusOK).wantText("section[aria-labelledby='unavailable-h'] details", "abwesend bis Fr., 01.05.2099")
	if page.has("input[name='advisor."+away.ID+"']") || !page.has("input[name='advisor."+back.ID+"']") {
		t.Error("who is away can be chosen, or who is back cannot")
	}
	b.post(path, "advisor."+away.ID, "lead").wantStatus(http.StatusUnprocessableEntity)
}

func TestLongListsAreFolded(t *testing.T) {
	f, path, b := choosing(t)
	for range suggestionsShown {
		f.advisor(uniqueName(), `last_invited_at = now(), topics = '{}'`)
	}
	page := b.get(path).wantStatus(http.StatusOK).wantText("#more summary", "2 weitere Vorschläge")
	if n := len(page.all("section[aria-labelledby='suggestions-h'] > article")); n != suggestionsShown || page.has("#more[open]") {
		t.Errorf("%d suggestions stand there", n)
	}
	folded := page.attr("#more input[value=member]", "name")
	if !b.post(path, folded, "member").wantStatus(http.StatusUnprocessableEntity).has("#more[open]") {
		t.Errorf("what was chosen (%s) is folded away after an error", folded)
	}
}

// uniqueName is a first name that no other advisor of the test has.
func uniqueName() string { return "A" + uuid.NewString()[:8] }
