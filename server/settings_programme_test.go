package server

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

const needPath = "/einstellungen/programm/aufgaben/confirm_need"

// programmeSite has the default programme and a lead coordinator who is signed in.
func programmeSite(t *testing.T) (*site, *browser, store.Person) {
	t.Helper()
	s := newSite(t)
	if err := s.store.EnsureProgramme(t.Context(), advisory.DefaultProgramme()); err != nil {
		t.Fatal(err)
	}
	lead := s.person(advisory.LeadCoordinator, "leitung@example.org")
	return s, s.signedIn(lead), lead
}

func (s *site) newest() advisory.Programme {
	s.t.Helper()
	programme, err := s.store.Programme(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return programme
}

// saveProgramme makes a version beside the pages.
func (s *site) saveProgramme(author store.Person, note string, change func(*advisory.Programme)) {
	s.t.Helper()
	programme := s.newest()
	change(&programme)
	if _, err := s.store.AddProgramme(s.t.Context(), programme, author.ID, note); err != nil {
		s.t.Fatal(err)
	}
}

func needEntries(pairs ...string) []string {
	return append([]string{"stand", "1", "due", "12", "reminders", "5, 9", "escalations.1.after", "14"}, pairs...)
}

func TestADeadlineIsChangedAfterItsDifferenceWasSeen(t *testing.T) {
	s, b, _ := programmeSite(t)
	b.get("/einstellungen").wantText("main", "Fristen und Regeln")
	page := b.get("/einstellungen/programm/1").wantStatus(http.StatusOK).wantText("main", "Gilt für neue Beratungen")
	if !page.has("a[href='" + needPath + "']") {
		t.Fatal("no way to change a task")
	}
	page = b.get(needPath).wantStatus(http.StatusOK).wantText("h1", "Ziel und Bedarf bestätigen").
		wantText("fieldset legend", "Die Koordination ruft an")
	if due, days := page.attr("#due", "value"), page.attr("#reminders", "value"); due != "10" || days != "5, 9" {
		t.Errorf("the form says %q and %q", due, days)
	}
	page = b.post(needPath, needEntries("note", "Ferienzeit")...).wantStatus(http.StatusOK).
		wantText("tbody", "Ziel und Bedarf bestätigen: Frist 10 Arbeitstage 12 Arbeitstage").
		wantText("tbody", "Nach 10 Arbeitstagen: Die Koordination ruft an Nach 14 Arbeitstagen: Die Koordination ruft an").
		wantText("button[value=speichern]", "Als Fassung 2 speichern")
	if note := page.attr("input[type=hidden][name=note]", "value"); note != "Ferienzeit" || s.newest().Version != 1 {
		t.Errorf("looking saves: note %q, version %d", note, s.newest().Version)
	}
	if again := b.post(needPath, needEntries("schritt", "aendern")...).wantStatus(http.StatusOK); again.attr("#due", "value") != "12" {
		t.Error("what was typed is gone on the way back")
	}
	saved := b.post(needPath, needEntries("note", "Ferienzeit", "schritt", "speichern")...).wantLocation("/einstellungen/programm/2")
	b.follow(saved).wantText(".kern-alert--success", "Fassung 2 ist gespeichert.").wantText("main", "Grund: Ferienzeit")
	b.get("/einstellungen/programm").wantText("main", "Kim Beispiel").wantText(".mg-row", "Fassung 2 Gilt für neue Beratungen")
	b.get("/einstellungen/programm/2/unterschied/1").wantText("tbody", "Ziel und Bedarf bestätigen: Frist 10 Arbeitstage 12 Arbeitstage")
	b.get("/en/einstellungen/programm/2/unterschied/1").wantText("tbody", "Confirm goal and need: Due 10 working days 12 working days")
	if rule, _ := s.newest().Rule(advisory.ConfirmNeed); rule.Due != 12 || rule.Escalations[0].After != 14 || rule.Form != "confirm_need" {
		t.Errorf("%+v", rule)
	}
}

func TestAProgrammeThatMustNotBeUsedIsRefusedWithTheSentenceWhy(t *testing.T) {
	s, b, _ := programmeSite(t)
	const numbers, calendar = "/einstellungen/programm/zahlen", "/einstellungen/programm/kalender"
	for name, test := range map[string]struct {
		path     string
		pairs    []string // in place of what stands there
		field    string   // whose error it is
		sentence string
	}{
		"never reminds":         {needPath, []string{"reminders", ""}, "reminders", "So würde nie erinnert"},
		"escalates too early":   {needPath, []string{"escalations.1.after", "9"}, "escalations-1-after", "Nach 9 Arbeitstagen ist die Frist von 10 Arbeitstagen noch nicht vorbei."},
		"due after escalation":  {needPath, []string{"due", "12"}, "escalations-1-after", "Nennen Sie mindestens 12."},
		"reminds too late":      {needPath, []string{"reminders", "5, 11"}, "reminders", "Eine Erinnerung nach 11 Arbeitstagen käme nach der Frist"},
		"no order":              {needPath, []string{"reminders", "9 5"}, "reminders", "der Reihe nach"},
		"no numbers":            {needPath, []string{"reminders", "bald"}, "reminders", "ganze Zahlen"},
		"no number":             {needPath, []string{"due", "zehn"}, "due", "eine ganze Zahl"},
		"nothing":               {needPath, []string{"due", ""}, "due", "Nennen Sie eine Zahl."},
		"closes before opening": {calendar, []string{"desk_opens", "17", "desk_closes", "8"}, "desk_closes", "Um 8 Uhr kann das Büro nicht schließen"},
		"no closure":            {calendar, []string{"more_closures", "24.12.2099\nSommer"}, "more_closures", "„Sommer“ verstehen wir nicht."},
		"closed in the past":    {calendar, []string{"more_closures", "24.12.2020"}, "more_closures", "liegt in der Vergangenheit"},
		"closed for ever":       {calendar, []string{"more_closures", "1.1.2099 bis 31.12.2099"}, "more_closures", "mehr als 62 Tage"},
		"asks too late":         {numbers, []string{"rest_question", "2"}, "rest_question", "käme zu spät"},
		"one quiet day":         {numbers, []string{"quiet_days", "30"}, "quiet_days", "zwei Zahlen"},
		"too many rounds":       {numbers, []string{"slot_rounds", "99"}, "slot_rounds", "von 1 bis 10"},
		"the last first":        {numbers, []string{"reminder_days", "1, 7"}, "reminder_days", "die größte Zahl zuerst"},
	} {
		t.Run(name, func(t *testing.T) {
			pairs := entered(b.get(test.path), test.pairs)
			page := b.post(test.path, append(pairs, "schritt", "speichern")...).wantStatus(http.StatusUnprocessableEntity).
				wantText("#"+test.field+"-err", test.sentence).wantText("#fehler", test.sentence).wantText("title", "Fehler:")
			typed := page.attr("#"+test.field, "value") + page.text("textarea#"+test.field)
			if want := valueOf(pairs, strings.ReplaceAll(test.field, "-1-", ".1.")); typed != strings.Join(strings.Fields(want), " ") {
				t.Errorf("typed %q, shown again %q", want, typed)
			}
		})
	}
	b.post(needPath, "stand", "1", "due", "10", "reminders", "5, 9", "escalations.1.after", "10").
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "noch nichts geändert")
	b.post("/einstellungen/programm/aufgaben/answer_rest_question", "stand", "1", "due", "7", "reminders", "3", "escalations.1.after", "7").
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Frage vor dem Ende der Ruhezeit: Für die Antwort hat die Kommune 7 Arbeitstage.")
	if v := s.newest().Version; v != 1 {
		t.Errorf("version %d was made", v)
	}
}

// entered is what a form sends when some of its fields are filled in anew.
func entered(page *answer, anew []string) []string {
	var pairs []string
	for _, node := range page.all("main form [name]") {
		name, value, skip := "", "", false
		for _, a := range node.Attr {
			switch a.Key {
			case "name":
				name = a.Val
			case "value":
				value = a.Val
			}
		}
		for i := 0; i < len(anew); i += 2 {
			skip = skip || anew[i] == name
		}
		if !skip {
			pairs = append(pairs, name, value)
		}
	}
	return append(pairs, anew...)
}

func valueOf(pairs []string, name string) string {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1]
		}
	}
	return ""
}

func TestAChangeOfAnOlderVersionIsKeptAndSaysWhoWasFaster(t *testing.T) {
	s, b, _ := programmeSite(t)
	other := store.Person{Role: advisory.LeadCoordinator, Email: "andere@example.org", FirstName: "Robin", LastName: "Muster", Active: true, Language: "de"}
	other.ID, _ = s.store.SavePerson(t.Context(), other)
	s.saveProgramme(other, "", func(p *advisory.Programme) { p.SlotRounds = 4 })
	for _, step := range []string{"", "speichern"} {
		page := b.post(needPath, needEntries("note", "Ferienzeit", "schritt", step)...).wantStatus(http.StatusConflict).
			wantText("main", "Robin Muster hat am").wantText("main", "Fassung 2 gespeichert")
		if text := page.text("main"); !strings.Contains(text, "Ferienzeit") && !page.has("[value=Ferienzeit]") {
			t.Errorf("what was typed is gone: %s", text)
		}
	}
	b.post("/einstellungen/programm/1/wiederherstellen", "stand", "1").wantStatus(http.StatusConflict)
	if p := s.newest(); p.Version != 2 || p.SlotRounds != 4 {
		t.Errorf("version %d", p.Version)
	}
}

func TestClosuresAreAddedAndTakenOut(t *testing.T) {
	s, b, lead := programmeSite(t)
	s.saveProgramme(lead, "", func(p *advisory.Programme) { p.Closures = []string{"2020-12-24", "2099-05-04", "2099-05-05"} })
	const path = "/einstellungen/programm/kalender"
	page := b.get(path).wantText("main form", "04.05.2099").wantText("main", "Tag der Deutschen Einheit")
	if strings.Contains(page.text("main form"), "24.12.2020") {
		t.Error("a closure that is over is still asked about")
	}
	pairs := []string{"stand", "2", "desk_opens", "8", "desk_closes", "16", "closures", "2099-05-05", "more_closures", "24.12.2099 bis 28.12.2099\n\n2.1.2099"}
	b.post(path, pairs...).wantStatus(http.StatusOK).
		wantText("tbody", "entfällt: 04.05.2099 dazu: 02.01.2099, 24.12.2099 bis 25.12.2099, 28.12.2099").
		wantText("tbody", "Erinnerungen bis 17 Uhr 16 Uhr")
	b.post(path, append(pairs, "schritt", "speichern")...).wantLocation("/einstellungen/programm/3")
	want := []string{"2020-12-24", "2099-01-02", "2099-05-05", "2099-12-24", "2099-12-25", "2099-12-28"}
	if got := s.newest().Closures; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestAnEarlierVersionIsBroughtBackAsANewOne(t *testing.T) {
	s, b, lead := programmeSite(t)
	s.saveProgramme(lead, "Versuch", func(p *advisory.Programme) { p.UndoDays = 30 })
	const path = "/einstellungen/programm/1/wiederherstellen"
	b.get("/einstellungen/programm/1").wantText("a[href='"+path+"']", "Zu dieser Fassung zurückkehren")
	b.get(path).wantText("tbody", "30 Tage 14 Tage").wantText("button[value=speichern]", "Als Fassung 3 speichern")
	b.follow(b.post(path, "stand", "2")).wantText("h1", "Fassung 3").wantText("main", "Grund: Zurück zu Fassung 1")
	if p := s.newest(); p.UndoDays != 14 {
		t.Errorf("%d days", p.UndoDays)
	}
	if page := b.get(path).wantText("main", "dasselbe wie die neueste"); page.has("button[value=speichern]") {
		t.Error("the page offers what it refuses")
	}
	b.post(path, "stand", "3").wantStatus(http.StatusUnprocessableEntity)
	s.exec(`UPDATE programmes SET rules = jsonb_set(rules, '{slot_rounds}', '0') WHERE version = 2`)
	b.get("/einstellungen/programm/2/wiederherstellen").wantText("#fehler", "Nennen Sie eine Zahl von 1 bis 10.")
	b.post("/einstellungen/programm/2/wiederherstellen", "stand", "3").wantStatus(http.StatusUnprocessableEntity)
}

func TestTheNewestVersionLeadsToThoseThatFollowAnOlderOne(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.Head)
	const moving = "a[href$='/umstellen']"
	if b.get("/einstellungen/programm/1").has(moving) {
		t.Error("there is nothing to move yet")
	}
	f.saveProgramme(f.Head, "", func(p *advisory.Programme) { p.UndoDays = 20 })
	b.get("/einstellungen/programm").wantText("main", "Eine laufende Beratung folgt ihr.")
	href := b.get("/einstellungen/programm/2").attr(moving, "href")
	b.get(href).wantStatus(http.StatusOK).wantText("main", f.Number)
	if b.get("/einstellungen/programm/1").has(moving) {
		t.Error("consultations are moved to an older version")
	}
}

func TestWhatNamesNoVersionIsNotFound(t *testing.T) {
	_, b, _ := programmeSite(t)
	for _, path := range []string{"/9", "/x", "/99999999999999999999", "/1/unterschied/9", "/9/wiederherstellen", "/aufgaben/dance"} {
		b.get("/einstellungen/programm" + path).wantStatus(http.StatusNotFound)
	}
	b.get("/einstellungen/programm/1/unterschied/1").wantText("main", "sagen dasselbe")
}

// Whoever adds a field to the programme gives it words: settings_programme.fields in texts/ui.
func TestEveryRuleHasWords(t *testing.T) {
	empty := advisory.DefaultProgramme()
	full := everythingElse(t, reflect.ValueOf(empty)).Interface().(advisory.Programme)
	full.Tasks = slices.Clone(empty.Tasks)
	for i := range full.Tasks {
		full.Tasks[i] = everythingElse(t, reflect.ValueOf(empty.Tasks[i])).Interface().(advisory.TaskRule)
		full.Tasks[i].Kind = empty.Tasks[i].Kind
		full.Tasks[i].Escalations = []advisory.Escalation{{After: 1, Then: advisory.Lapse}}
	}
	differences := full.Differences(empty)
	for _, lang := range texts.Langs {
		words := ruleWords{&Context{Lang: lang, server: &Server{texts: wording{Catalog: catalog()}}}}
		for i, row := range words.table(empty, full, "").Rows {
			other := words.T("settings_programme.other_field", "name", differences[i].Field)
			if strings.Contains(row.What, other) || row.Was == row.Is || strings.Contains(row.What+row.Was+row.Is, "settings_programme") {
				t.Errorf("%s: %+v", lang, row)
			}
		}
		for _, kind := range advisory.TaskKinds {
			if name := words.label(kind, ""); name == string(kind) || !words.has("settings_programme.owners."+string(kind)) {
				t.Errorf("%s: no words for %s", lang, kind)
			}
			rule, _ := empty.Rule(kind)
			for _, escalation := range rule.Escalations {
				if strings.Contains(words.consequence(escalation), "settings_programme") {
					t.Errorf("%s: no words for %+v", lang, escalation)
				}
			}
		}
	}
	const unknown = "an_unknown_rule"
	words := ruleWords{&Context{Lang: texts.German, server: &Server{texts: wording{Catalog: catalog()}}}}
	if label := words.label("", unknown); !strings.Contains(label, unknown) {
		t.Errorf("a rule without words is called %q", label)
	}
}

// everythingElse is a copy in which every field says something else.
func everythingElse(t *testing.T, original reflect.Value) reflect.Value {
	t.Helper()
	changed := reflect.New(original.Type()).Elem()
	switch original.Kind() {
	case reflect.Struct:
		for i := range original.NumField() {
			changed.Field(i).Set(everythingElse(t, original.Field(i)))
		}
	case reflect.Int:
		changed.SetInt(original.Int() + 1)
	case reflect.String:
		changed.SetString(original.String() + "x")
	case reflect.Bool:
		changed.SetBool(!original.Bool())
	case reflect.Slice:
		changed.Set(reflect.MakeSlice(original.Type(), 1, 1))
	case reflect.Map:
		changed.Set(reflect.MakeMap(original.Type()))
		changed.SetMapIndex(reflect.Zero(original.Type().Key()), reflect.Zero(original.Type().Elem()))
	default:
		t.Fatalf("no other value of a %s", original.Type())
	}
	return changed
}

// Every reason has its sentence, in both languages.
func TestEveryProblemOfAProgrammeHasASentence(t *testing.T) {
	for _, code := range []advisory.ProblemCode{
		advisory.TaskMissing, advisory.TaskTwice, advisory.TaskUnknown, advisory.ChoicesUnknown, advisory.OutOfRange, advisory.NeverPresses,
		advisory.NeverReminds, advisory.NeverEscalates, advisory.OtherEscalation, advisory.TooManyGiven, advisory.NotAscending,
		advisory.NotDescending, advisory.RemindsTooLate, advisory.EscalatesEarly, advisory.ClosesTooEarly, advisory.AsksTooLate,
		advisory.NoneGiven, advisory.Twice, advisory.NoDate, advisory.PairWanted, advisory.NoWeight,
	} {
		for _, lang := range texts.Langs {
			words := ruleWords{&Context{Lang: lang, server: &Server{texts: wording{Catalog: catalog()}}}}
			sentence := words.problem(advisory.Problem{Code: code, Field: "topics", Value: "x"})
			if strings.Contains(sentence, "errors.") || strings.Contains(sentence, "{") {
				t.Errorf("%s: %s: %q", lang, code, sentence)
			}
		}
	}
}
