package server

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/server/sheet"
	"miglobe/store"
	"miglobe/texts"
)

func fileIn(lang texts.Lang) poolFile {
	c := &Context{server: &Server{texts: wording{Catalog: catalog()}, clock: advisory.RealClock()}, Lang: lang}
	return c.poolFile()
}

// amina is an advisor whose address a file may have.
func amina() store.PoolMember {
	return store.PoolMember{
		Person: store.Person{ID: "a", Email: "amina@demo.example", Role: advisory.Advisor, FirstName: "Amina", LastName: "Exempel", Active: true},
		Profile: store.AdvisorProfile{PersonID: "a", About: "Ich berate.", Topics: []string{"participation", "partnerships"},
			Languages: []string{"german"}, Home: "Köln", Capacity: 2, MeetingFormat: "either", OriginCountry: "GH", OriginConsent: true,
			Language: "de", MailRhythm: "immediately", Phone: "0221 12345"},
	}
}

func accountsOf(members ...store.PoolMember) map[string]store.PoolMember {
	accounts := map[string]store.PoolMember{}
	for _, member := range members {
		accounts[member.Email] = member
	}
	return accounts
}

func planOf(t *testing.T, content string) poolPlan {
	t.Helper()
	file := fileIn(texts.German)
	table, faults := file.read([]byte(content))
	if len(faults) > 0 {
		return poolPlan{Faults: faults}
	}
	kim := store.PoolMember{Person: store.Person{ID: "k", Email: "kim@demo.example", Role: advisory.Coordinator, Active: true}}
	gone := amina()
	gone.ID, gone.Email, gone.Active = "g", "gone@demo.example", false
	return file.plan(table, accountsOf(amina(), kim, gone))
}

func TestFaultsOfAFileNameLineColumnFoundAndExpected(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		want    []string // line|column|found|part of what is expected
	}{
		"unknown heading":    {"E-Mail;Schuhgröße\na@b.example;42", []string{"0|Schuhgröße|Schuhgröße|Eine dieser Überschriften: E-Mail, Anrede"}},
		"no address column":  {"Vorname\nAmina", []string{"0|E-Mail||Eine Spalte mit dieser Überschrift"}},
		"heading twice":      {"E-Mail;Telefon;Phone number;E-mail\n", []string{"0|||mindestens eine Zeile"}},
		"same heading twice": {"E-Mail;Telefon;Telephone\na@b.example;1;2", []string{"0|Telephone|Telephone|nur einmal"}},
		"no lines":           {"E-Mail;Telefon\n", []string{"0|||mindestens eine Zeile"}},
		"missing name": {"E-Mail;Vorname;Nachname\nneu@demo.example;;Neu\namina@demo.example;Amina;\n", []string{
			"2|Vorname||Bitte geben Sie den Vornamen ein.", "3|Nachname||Bitte geben Sie den Nachnamen ein."}},
		"new without name columns": {"E-Mail\nneu@demo.example", []string{"2|Vorname||Vornamen", "2|Nachname||Nachnamen"}},
		"bad address":              {"E-Mail\nkeine Adresse", []string{"2|E-Mail|keine Adresse|vollständige E-Mail-Adresse"}},
		"address twice":            {"E-Mail\namina@demo.example\n\nAmina@Demo.Example", []string{"4|E-Mail|Amina@Demo.Example|steht schon in Zeile 2"}},
		"other role":               {"E-Mail\nkim@demo.example", []string{"2|E-Mail|kim@demo.example|andere Rolle"}},
		"blocked":                  {"E-Mail\ngone@demo.example", []string{"2|E-Mail|gone@demo.example|gesperrt"}},
		"unknown topic": {"E-Mail;Themen\namina@demo.example;Migration und Entwicklung | Fußball", []string{
			"2|Themen|Fußball|Eines davon: Kommunale Partnerschaften | Faire"}},
		"unknown language":  {"E-Mail;Sprachen\namina@demo.example;Klingonisch", []string{"2|Sprachen|Klingonisch|Eines davon: Deutsch"}},
		"unknown country":   {"E-Mail;Vorname;Nachname;Herkunftsland\nneu@demo.example;Neu;Muster;Atlantis", []string{"2|Herkunftsland|Atlantis|ISO 3166"}},
		"country of others": {"E-Mail;Herkunftsland\namina@demo.example;Ghana", []string{"2|Herkunftsland|Ghana|nur selbst"}},
		"capacity":          {"E-Mail;Kapazität\namina@demo.example;4", []string{"2|Kapazität|4|Eines davon: 0, 1, 2, 3"}},
		"no capacity":       {"E-Mail;Kapazität\namina@demo.example;", []string{"2|Kapazität||Kapazität"}},
		"telephone":         {"E-Mail;Telefon\namina@demo.example;abc", []string{"2|Telefon|abc|Vorwahl"}},
		"too long": {"E-Mail;Vorname\namina@demo.example;" + strings.Repeat("ä", 81), []string{
			"2|Vorname|" + strings.Repeat("ä", 80) + "…|höchstens 80 Zeichen"}},
		"cells":           {"E-Mail;Telefon\namina@demo.example;1;2", []string{"2||3 Spalten|2 Spalten"}},
		"beside headings": {"E-Mail;\namina@demo.example;x", []string{"2||x|ohne Überschrift"}},
		"quotes":          {"E-Mail;Telefon\namina@demo.example;\"a\"b", []string{"2|||Anführungszeichen"}},
		"unreadable":      {"E-Mail;Netzwerke\namina@demo.example;a\ufffdb", []string{"2|Netzwerke|a\ufffdb|UTF-8"}},
		"several in a line": {"E-Mail;Kapazität;Telefon\namina@demo.example;x;y", []string{"2|Kapazität|x|0, 1, 2, 3",
			"2|Telefon|y|Vorwahl"}},
	} {
		t.Run(name, func(t *testing.T) {
			plan := planOf(t, test.content)
			if len(plan.Faults) != len(test.want) {
				t.Fatalf("%d faults, want %d: %+v", len(plan.Faults), len(test.want), plan.Faults)
			}
			for i, want := range test.want {
				got, parts := plan.Faults[i], strings.SplitN(want, "|", 4)
				if fmt.Sprint(got.Line) != parts[0] || got.Column != parts[1] || got.Found != parts[2] || !strings.Contains(got.Expected, parts[3]) {
					t.Errorf("fault %+v, want %s", got, want)
				}
			}
		})
	}
}

func TestGoodLinesSayWhatTheyDo(t *testing.T) {
	plan := planOf(t, "\ufeffE-Mail;Vorname;Nachname;Themen;Kapazität;Wohnort;Weitere Orte;Herkunftsland;Netzwerke\r\n"+
		"amina@demo.example;Amina;Exempel;participation|Kommunale Partnerschaften;3;Köln;Bonn | Nirgendwo;;\"=SUMME(A1)\"\r\n"+
		"neu@demo.example;Noor;Neu;Fair procurement and fair trade;;Witten;;ghana;\r\n"+
		"falsch;;;;;;;;\r\n")
	if plan.BadLines != 1 || len(plan.Lines) != 2 || len(plan.effective()) != 2 {
		t.Fatalf("plan %+v", plan)
	}
	changed, added := plan.Lines[0], plan.Lines[1]
	var labels []string
	for _, change := range changed.Changes {
		labels = append(labels, change.Label)
	}
	if got := strings.Join(labels, ", "); changed.New || got != "Netzwerke, Weitere Orte, Beratungen gleichzeitig" {
		t.Errorf("changes %q", got)
	}
	if len(changed.Warnings) != 1 || !strings.Contains(changed.Warnings[0], "Nirgendwo") {
		t.Errorf("warnings %q", changed.Warnings)
	}
	profile := changed.member.Profile
	if profile.Capacity != 3 || len(profile.FurtherPlaces) != 2 || profile.About != "Ich berate." || !profile.OriginConsent || profile.OriginCountry != "GH" {
		t.Errorf("changed profile %+v", profile)
	}
	if last := added.Changes[len(added.Changes)-1]; last.Label != "Herkunftsland" || last.After[0] != "Ghana" {
		t.Errorf("the preview hides the country: %+v", added.Changes)
	}
	profile = added.member.Profile
	if !added.New || added.member.ID != "" || profile.Capacity != 1 || profile.OriginCountry != "GH" || profile.OriginConsent ||
		len(profile.Topics) != 1 || profile.Topics[0] != "fair_trade" {
		t.Errorf("new %+v", added.member)
	}
}

// odd are values that people and attackers put into profiles.
var odd = []string{"", "=1+1", "'=1", "''=1", "+49 221 12345", "-5", "@SUM(A1)", "a;b,c\td", `"`, `""x"`, "zwei\nZeilen", "'", "ä|b", "|", "0", "  innen  x",
	"<script>", "\ufeffBOM", "E-Mail", "Deutsch | Englisch", "a\u00a0b", "\u2028", "=\"x\"\n;\"y\""}

func oddMember(r *rand.Rand, n int) store.PoolMember {
	any := func() string { return strings.TrimSpace(odd[r.IntN(len(odd))]) }
	oneLine := func() string { return strings.ReplaceAll(any(), "\n", " ") }
	some := func(keys ...string) []string {
		var chosen []string
		for _, i := range r.Perm(len(keys))[:r.IntN(len(keys)+1)] {
			chosen = append(chosen, keys[i])
		}
		return chosen
	}
	member := amina()
	member.ID, member.Email = fmt.Sprint(n), fmt.Sprintf("odd-%d@demo.example", n)
	member.FirstName, member.LastName = "A"+oneLine(), "B"+oneLine()
	member.Salutation = []string{"", "ms", "mr", "neutral"}[r.IntN(4)]
	member.Profile = store.AdvisorProfile{
		PersonID: member.ID, About: any(), Competences: any(), Networks: any(), OtherLanguage: oneLine(), Home: oneLine(),
		FurtherPlaces: placesOf(any() + "\n" + any()), Topics: some("partnerships", "fair_trade", "education", "participation"),
		Languages: some("german", "english", "french", "other"), Capacity: r.IntN(4), MeetingFormat: []string{"", "either", "video"}[r.IntN(3)],
		OriginCountry: "GH", OriginConsent: r.IntN(2) == 0, Language: "en", MailRhythm: "daily_digest", Phone: []string{"", "+49 221 12345", oneLine()}[r.IntN(3)],
	}
	return member
}

// TestWhatIsExportedChangesNothing: whatever stands in profiles, the file with it imports without faults and effects, also
// where it was written in the other language.
func TestWhatIsExportedChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for round := range 60 {
		var members []store.PoolMember
		for n := range 8 {
			members = append(members, oddMember(r, n))
		}
		var content bytes.Buffer
		rows := sheet.CSV(&content)
		if err := fileIn(texts.Langs[round%2]).write(rows, members); err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(content.String(), "GH") || strings.Contains(content.String(), "Ghana") {
			t.Fatal("the country of origin is in the file")
		}
		file := fileIn(texts.Langs[round/2%2])
		table, faults := file.read(content.Bytes())
		plan := file.plan(table, accountsOf(members...))
		if len(faults)+len(plan.Faults) > 0 || len(plan.Lines) != len(members) {
			t.Fatalf("round %d: %+v %+v of %q", round, faults, plan.Faults, content.String())
		}
		for _, line := range plan.effective() {
			t.Fatalf("round %d: %+v of %q", round, line.Changes, content.String())
		}
	}
}

func TestAPlanWithOtherEffectsHasAnotherFingerprint(t *testing.T) {
	file := fileIn(texts.German)
	table, _ := file.read([]byte("E-Mail;Telefon\namina@demo.example;0221 99999"))
	before := file.plan(table, accountsOf(amina()))
	other := amina()
	other.Profile.Phone = "0228 12345"
	if after := file.plan(table, accountsOf(other)); after.fingerprint() == before.fingerprint() {
		t.Error("what the line overwrites has changed, and nobody notices")
	}
	if again := file.plan(table, accountsOf(amina())); again.fingerprint() != before.fingerprint() {
		t.Error("the same plan has two fingerprints")
	}
}
