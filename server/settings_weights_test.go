package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

// weighed are the fields of the form with the default weights, some of them changed.
func weighed(changes ...string) []string {
	weights := advisory.DefaultMatchingWeights()
	values := map[string]string{"stand": "1", "note": "Entfernung zählt vor Ort mehr."}
	for _, weight := range weights.All() {
		values[weight.Name] = strconv.Itoa(*weight.Value)
	}
	for i := 0; i < len(changes); i += 2 {
		values[changes[i]] = changes[i+1]
	}
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// previewOf is the address of a preview.
func previewOf(pairs []string) string {
	query := url.Values{"vorschau": {"1"}}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return "/einstellungen/gewichte?" + query.Encode()
}

// weighing has one open assignment, for which one advisor knows the topics and another lives nearer.
func weighing(t *testing.T) (f *consultationFixture, b *browser, knows, near store.Person) {
	t.Helper()
	f, _, _ = choosing(t)
	f.wantsTwoTopics()
	f.exec(`UPDATE consultations SET municipality = 'Köln' WHERE id = $1`, f.ID)
	f.exec(`UPDATE advisors SET topics = '{}', capacity = 0`)
	knows = f.advisor("Knows", `topics = '{partnerships,participation}', home = 'Aachen'`)
	near = f.advisor("Near", `topics = '{partnerships}', home = 'Köln'`)
	f.advisor("Else", `topics = '{}', home = 'Aachen'`)
	return f, f.signedIn(f.Head), knows, near
}

func TestThePreviewSaysWhoComesFirst(t *testing.T) {
	f, b, knows, near := weighing(t)
	page := b.get(previewOf(weighed("topic", "5", "distance", "60"))).wantStatus(http.StatusOK).
		wantText("#vorschau [role=status]", "Bei der einen offenen Zuordnung ändert sich der erste Vorschlag.").
		wantText("#vorschau [role=status]", "Die vorgeschlagenen Teams bleiben.").
		wantText("#vorschau [role=status]", "Laufende Beratungen behalten ihre Fassung").
		wantText("#vorschau", "Rang 1 heute: "+knows.Name()+". Mit den neuen Gewichten: "+near.Name()+".").
		wantText("#vorschau tbody tr:first-child", near.Name()).wantText("#vorschau tbody tr:first-child", "rückt vor, von 2 auf 1").
		wantText("#vorschau tbody", "rückt zurück, von 1 auf 2").wantText("#vorschau tbody", "bleibt auf 3").
		wantText("main form", "Die sechs Kriterien geben zusammen höchstens 120 Punkte")
	if got := page.attr("#f-distance, input[name=distance]", "value"); got != "60" {
		t.Errorf("typed 60, shown %q", got)
	}
	if n := f.count(`SELECT count(*) FROM programmes`); n != 1 {
		t.Errorf("the preview made %d versions", n)
	}
}

func TestThePreviewSaysWhichTeamChanges(t *testing.T) {
	f, b, knows, near := weighing(t)
	f.exec(`UPDATE advisors SET last_invited_at = now() WHERE person_id = $1`, near.ID)
	b.get(previewOf(weighed("distance", "0", "rotation", "100"))).wantStatus(http.StatusOK).
		wantText("#vorschau [role=status]", "bleibt der erste Vorschlag; dahinter ändert sich").
		wantText("#vorschau [role=status]", "Ein vorgeschlagenes Team ändert sich bei 1.").
		wantText("#vorschau", "Vorgeschlagenes Team zu zweit heute: "+knows.Name()+", "+near.Name()+". Mit den neuen Gewichten: "+knows.Name()+", Else Elsesen.")
}

func TestThePreviewSaysThatNothingChanges(t *testing.T) {
	f, b, knows, _ := weighing(t)
	b.get(previewOf(weighed())).wantStatus(http.StatusOK).
		wantText("#vorschau [role=status]", "Bei der einen offenen Zuordnung bleiben alle Vorschläge, wie sie sind.").
		wantText("#vorschau", "Rang 1 bleibt "+knows.Name()+".")
	b.get("/en"+previewOf(weighed())).wantText("#vorschau [role=status]", "all suggestions stay as they are")
	f.exec(`UPDATE tasks SET state = 'done'`)
	b.get(previewOf(weighed())).wantStatus(http.StatusOK).wantText("#vorschau [role=status]", "Zurzeit ist keine Zuordnung offen.")
}

func TestThePreviewComparesWithTheVersionThatTheConsultationFollows(t *testing.T) {
	f, b, knows, near := weighing(t)
	f.exec(`INSERT INTO programmes (version, rules) SELECT 2, jsonb_set(jsonb_set(rules, '{version}', '2'), '{matching}',
		rules->'matching' || '{"topic": 5, "distance": 60}') FROM programmes WHERE version = 1`)
	page := b.get("/einstellungen/gewichte").wantStatus(http.StatusOK).wantText(".kern-subline", "Fassung 2")
	if got := page.attr("input[name=topic]", "value"); got != "5" {
		t.Errorf("the form begins with %q points, want those of the newest programme", got)
	}
	b.get(previewOf(weighed("stand", "2", "topic", "5", "distance", "60"))).wantText("#vorschau", "heute nach Fassung 1").
		wantText("#vorschau", "Rang 1 heute: "+knows.Name()+". Mit den neuen Gewichten: "+near.Name()+".")
}

func TestSavedWeightsAreANewVersion(t *testing.T) {
	f, b, _, _ := weighing(t)
	page := b.follow(b.post("/einstellungen/gewichte", weighed("distance", "25")...).wantStatus(http.StatusSeeOther))
	page.wantText("[role=status]", "Fassung 2 ist gespeichert.")
	programme, err := f.store.Programme(t.Context())
	if err != nil || programme.Version != 2 || programme.Matching.Distance != 25 || programme.Matching.Topic != 30 || len(programme.Tasks) == 0 {
		t.Errorf("%+v (%v)", programme.Matching, err)
	}
	if n := f.count(`SELECT count(*) FROM programmes WHERE version = 2 AND note LIKE 'Entfernung%' AND author_id = $1`, f.Head.ID); n != 1 {
		t.Error("author or note of the version are missing")
	}
	b.follow(b.post("/einstellungen/gewichte", weighed("stand", "2", "distance", "25")...).wantStatus(http.StatusSeeOther)).
		wantText("[role=status]", "Es gibt keine neue Fassung.")
	if n := f.count(`SELECT count(*) FROM programmes`); n != 2 {
		t.Errorf("%d versions", n)
	}
}

func TestWrongWeightsAreNamedAndKept(t *testing.T) {
	f, b, _, _ := weighing(t)
	for name, test := range map[string]struct {
		changes []string
		want    string
	}{
		"too many points":   {[]string{"topic", "101"}, "Thema: Bitte geben Sie eine ganze Zahl von 0 bis 100 ein."},
		"no whole number":   {[]string{"language", "7,5"}, "Sprache: Bitte geben Sie eine ganze Zahl von 0 bis 100 ein."},
		"nothing":           {[]string{"load", ""}, "Auslastung: Bitte geben Sie eine ganze Zahl"},
		"no distance":       {[]string{"far_km", "0"}, "ganze Zahl von 1 bis 1000"},
		"no rotation":       {[]string{"rotation_days", "0"}, "ganze Zahl von 1 bis 1095"},
		"no reason":         {[]string{"note", ""}, "warum Sie die Gewichte ändern"},
		"nothing counts":    {[]string{"topic", "0", "competence", "0", "language", "0", "distance", "0", "load", "0", "rotation", "0"}, "mindestens einem der sechs Kriterien"},
		"wrong from before": {[]string{"topic", "-3", "stand", "0"}, "ganze Zahl von 0 bis 100"},
	} {
		page := b.post("/einstellungen/gewichte", weighed(test.changes...)...).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", test.want)
		if got := page.attr("[name="+test.changes[0]+"]", "value"); got != test.changes[1] {
			t.Errorf("%s: %q is shown again as %q", name, test.changes[1], got)
		}
		if name != "no reason" {
			b.get(previewOf(weighed(test.changes...))).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", test.want)
		}
	}
	b.get(previewOf(weighed("note", ""))).wantStatus(http.StatusOK)
	if n := f.count(`SELECT count(*) FROM programmes`); n != 1 {
		t.Errorf("%d versions", n)
	}
}

func TestAVersionThatCameMeanwhileIsToldAndTheTypedKept(t *testing.T) {
	f, b, _, _ := weighing(t)
	programme, err := f.store.Programme(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	programme.Matching.Load, programme.FollowUpMonths = 20, 9
	if _, err := f.store.AddProgramme(t.Context(), programme, f.Head.ID, "Auslastung zählt mehr."); err != nil {
		t.Fatal(err)
	}
	page := b.post("/einstellungen/gewichte", weighed("distance", "25")...).wantStatus(http.StatusConflict).
		wantText("[role=alert]", "Inzwischen gibt es Fassung 2").wantText("[role=alert]", "Gespeichert von Lea Leitner").
		wantText("[role=alert]", "Auslastung: dort 20, bei Ihnen 15").wantText("[role=alert]", "Entfernung: dort 15, bei Ihnen 25").
		wantText("textarea[name=note]", "Entfernung zählt vor Ort mehr.")
	if page.attr("input[name=distance]", "value") != "25" || page.attr("input[name=stand]", "value") != "2" {
		t.Error("what was typed, or the version it is based on now, is missing")
	}
	b.get(previewOf(weighed())).wantStatus(http.StatusOK) // a look in between does not hide it
	b.post("/einstellungen/gewichte", weighed("distance", "25", "stand", "2")...).wantStatus(http.StatusSeeOther)
	if programme, err = f.store.Programme(t.Context()); err != nil || programme.Version != 3 || programme.Matching.Distance != 25 || programme.FollowUpMonths != 9 {
		t.Errorf("version %d, %+v, follow-up after %d months (%v)", programme.Version, programme.Matching, programme.FollowUpMonths, err)
	}
}

func TestOnlyLeadCoordinatorsWeigh(t *testing.T) {
	s := newSite(t)
	if err := s.store.EnsureProgramme(t.Context(), advisory.DefaultProgramme()); err != nil {
		t.Fatal(err)
	}
	for _, role := range advisory.Roles {
		status := http.StatusForbidden
		if role == advisory.LeadCoordinator {
			status = http.StatusOK
		}
		page := s.signedIn(s.person(role, string(role)+"@example.org")).get("/einstellungen/gewichte").wantStatus(status)
		if status == http.StatusForbidden && strings.Contains(page.text("main"), "Fairer Wechsel") {
			t.Errorf("%s sees the weights", role)
		}
	}
}
