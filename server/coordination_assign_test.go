package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/lib/pq"

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
}

// wantsTwoTopics lets the assessment name one topic that the pool of the fixture knows and one that it does not know.
func (f *consultationFixture) wantsTwoTopics() {
	f.exec(`UPDATE inputs SET answers = answers || '{"topics": ["partnerships", "participation"]}' WHERE form = 'assessment'`)
}

// about is a part of the page that shows a candidate.
func about(person store.Person) string {
	return "article[aria-labelledby='candidate-" + person.ID + "']"
}

func TestAScoreOpensIntoItsPartsInWords(t *testing.T) {
	f, path, b := choosing(t)
	f.wantsTwoTopics()
	f.exec(`UPDATE consultations SET municipality = 'Stadt Köln' WHERE id = $1`, f.ID)
	near := f.advisor("Near", `home = 'Bonn', competences = 'Vereine, Theater', capacity = 3`)
	lost := f.advisor("Lost", `home = 'Nirgendwo', competences = 'Theater', languages = '{french}'`)
	f.another("MG-2026-0077", near, true)
	page := b.get(path).wantStatus(http.StatusOK).
		wantText(about(near)+" .mg-cand__short", "1 von 2 Themen; 24 km; 1 von 3 Beratungen").
		wantText(about(near)+" details", "Warum dieser Vorschlag?").
		wantText(about(near)+" details", "Erfahrung passt: Vereine").
		wantText(about(near)+" details", "Entfernung: 24 km").
		wantText(about(lost)+" .mg-cand__short", "1 von 2 Themen; Entfernung unbekannt; 0 von 2 Beratungen").
		wantText(about(lost)+" details", "Keine genannte Erfahrung kommt im Bedarf vor").
		wantText(about(lost)+" details", "Keine gemeinsame Sprache").
		wantText(about(lost)+" details", "Wohnort nicht im Verzeichnis").
		wantText("section[aria-labelledby='points-h']", "Ab 150 km gibt es keine Punkte")
	total, sum := 0, 0
	fmt.Sscan(page.text(about(near)+" .mg-points strong"), &total)
	for _, part := range page.all(about(near) + " .mg-score__n") {
		var points, most int
		if _, err := fmt.Sscanf(strings.TrimSpace(textOf(part)), "%d von %d", &points, &most); err != nil || points > most {
			t.Errorf("%q: %v", textOf(part), err)
		}
		sum += points
	}
	if total == 0 || total != sum {
		t.Errorf("%d points, the parts make %d", total, sum)
	}
	b.get("/en"+path).wantText(about(near)+" .mg-cand__short", "1 of 2 topics; 24 km; 1 of 3 consultations")
}

func TestWeightsAreThoseOfTheProgrammeThatTheConsultationKeeps(t *testing.T) {
	f, path, b := choosing(t)
	f.exec(`INSERT INTO programmes (version, rules) SELECT 2, jsonb_set(jsonb_set(rules, '{version}', '2'), '{matching}',
		'{"topic": 60, "language": 40}') FROM programmes WHERE version = 1`)
	b.get(path).wantText("section[aria-labelledby='points-h']", "bis zu 30 Punkte")
	f.exec(`UPDATE consultations SET programme_version = 2 WHERE id = $1`, f.ID)
	page := b.get(path).wantText("section[aria-labelledby='points-h']", "bis zu 60 Punkte").wantText(about(f.Lead)+" .mg-points", "100")
	if n := len(page.all(about(f.Lead) + " .mg-score__n")); n != 2 {
		t.Errorf("%d criteria are shown, 2 count", n)
	}
}

func TestOriginChangesNothingWithoutPartnerCountryAndConsent(t *testing.T) {
	f, path, b := choosing(t)
	one, other := f.advisor("One", ""), f.advisor("Other", "")
	shown := func(country, origin string, consent bool) string {
		f.exec(`UPDATE consultations SET request = request || jsonb_build_object('partner_country', $2::text[]) WHERE id = $1`, f.ID,
			pq.StringArray{country})
		f.exec(`UPDATE advisors SET origin_country = $2, origin_consent = $3 WHERE person_id = $1`, other.ID, origin, consent)
		return b.get(path).wantStatus(http.StatusOK).text("section[aria-labelledby='suggestions-h']")
	}
	with := map[string]string{"GH": shown("GH", "", false), "": shown("", "", false)}
	if strings.Index(with["GH"], one.FirstName+" ") > strings.Index(with["GH"], other.FirstName+" ") {
		t.Fatal("the one who comes first by name does not stand first")
	}
	for _, country := range []string{"GH", ""} {
		for _, origin := range []string{"GH", "SN"} {
			for _, consent := range []bool{true, false} {
				counts := country == "GH" && origin == "GH" && consent
				if got := shown(country, origin, consent); (got != with[country]) != counts {
					t.Errorf("asked for %q, from %s, consent %v: changed %v", country, origin, consent, !counts)
				}
			}
		}
	}
}

func TestAnEarlierConflictIsNotSuggestedButTold(t *testing.T) {
	f, path, b := choosing(t)
	torn := f.advisor("Torn", "")
	earlier := f.another("MG-2026-0077", torn, false)
	f.exec(`UPDATE consultations SET municipality = 'musterstadt ', land = 'NW' WHERE id = $1`, earlier)
	f.exec(`UPDATE invitations SET state = 'conflict_of_interest', answered_at = now() WHERE consultation_id = $1`, earlier)
	page := b.get(path).wantStatus(http.StatusOK).
		wantText("#again "+about(torn), "Interessenkonflikt mit dieser Kommune angegeben (MG-2026-0077)")
	if page.has("section[aria-labelledby='suggestions-h'] > " + about(torn)) {
		t.Error("who declared a conflict is suggested")
	}
	b.post(path, "advisor."+torn.ID, "lead").wantStatus(http.StatusSeeOther) // on purpose
}

func TestATeamIsPickedByItsLink(t *testing.T) {
	f, path, b := choosing(t)
	f.wantsTwoTopics()
	f.advisor("Best", `topics = '{partnerships}', home = 'Köln'`)
	adds := f.advisor("Adds", `topics = '{participation}', languages = '{french}', last_invited_at = now()`)
	f.advisor("Never", `topics = '{}'`)
	page := b.get(path).wantStatus(http.StatusOK).
		wantText("section[aria-labelledby='teams-h'] li", "2 Personen: 2 von 2 Themen").
		wantText("section[aria-labelledby='teams-h'] li", "Adds Addssen")
	if page.has("input[checked]:not([value=''])") {
		t.Error("somebody is picked before anybody asked for it")
	}
	before := f.fingerprint()
	link := page.attr("section[aria-labelledby='teams-h'] li:first-child a", "href")
	page = b.get(link).wantStatus(http.StatusOK).wantText("section[aria-labelledby='teams-h'] li:first-child", "vorausgewählt")
	if f.fingerprint() != before || len(f.engine.inputs) != 0 {
		t.Error("looking at a suggestion changed something")
	}
	var posted, members []string
	for _, control := range page.all("input[checked]:not([value=''])") {
		name, value := attribute(control, "name"), attribute(control, "value")
		posted, members = append(posted, name, value), append(members, strings.TrimPrefix(name, pickPrefix))
	}
	if len(members) != 2 || !slices.Contains(members, adds.ID) {
		t.Fatalf("picked %v", posted)
	}
	b.post(path, posted...).wantStatus(http.StatusSeeOther)
	in := f.engine.inputs[0].Message
	slices.Sort(in.Advisors)
	slices.Sort(members)
	if !slices.Equal(in.Advisors, members) || in.Lead == "" {
		t.Errorf("%+v", in)
	}
}

func TestALinkPicksNobodyWhoCannotBeChosenAndNoSecondLead(t *testing.T) {
	f, path, b := choosing(t)
	task := f.last
	f.open(advisory.OpenTask{Kind: advisory.AnswerInvitation, Owner: advisory.Owner{Role: advisory.Advisor, Person: f.Lead.ID}})
	f.exec(`UPDATE invitations SET lead = true`)
	f.last = task
	full := f.advisor("Full", `capacity = 0`)
	page := b.get(path + "?advisor." + full.ID + "=lead&advisor." + f.Member.ID + "=lead&advisor.x=member&advisor." + f.Lead.ID + "=").
		wantStatus(http.StatusOK)
	if page.has("input[name='advisor." + full.ID + "']") {
		t.Error("somebody without room is picked")
	}
	for person, want := range map[string]string{f.Lead.ID: "lead", f.Member.ID: "member"} {
		if got := page.attr("input[name='advisor."+person+"'][checked]", "value"); got != want {
			t.Errorf("picked as %q, want %q", got, want)
		}
	}
}

func TestTheReasonForSomebodyElseThanTheFirstIsForTheTeamAlone(t *testing.T) {
	f, path, b := choosing(t)
	b.post(path, "advisor."+f.Lead.ID, "lead", "why_not_first", "Kennt den Rat schon.").wantStatus(http.StatusSeeOther)
	if got := f.engine.inputs[0].Answers.Get("why_not_first"); got != "Kennt den Rat schon." {
		t.Errorf("noted %q", got)
	}
}

func TestItIsNotedWhetherTheFirstSuggestionIsInvited(t *testing.T) {
	f, path, b := choosing(t)
	first := f.advisor("First", `topics = '{partnerships,participation}', home = 'Köln'`)
	f.exec(`UPDATE advisors SET last_invited_at = now() WHERE person_id <> $1`, first.ID)
	b.post(path, "advisor."+f.Lead.ID, "lead", "first_suggestion", "invited").wantStatus(http.StatusSeeOther)
	b.post(path, "advisor."+f.Lead.ID, "lead", "advisor."+first.ID, "member").wantStatus(http.StatusSeeOther)
	for i, want := range []string{"not_invited", "invited"} {
		if got := f.engine.inputs[i].Answers.Get("first_suggestion"); got != want {
			t.Errorf("choice %d: noted %q, want %q", i, got, want)
		}
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
