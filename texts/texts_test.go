package texts

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func load(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParseLang(t *testing.T) {
	for tag, want := range map[string]Lang{
		"": German, "de": German, "de-AT": German, "fr": German, "enx": German,
		"en": English, "EN": English, "en-GB": English, "en_US": English, " en": English,
	} {
		if got := ParseLang(tag); got != want {
			t.Errorf("ParseLang(%q) = %q, want %q", tag, got, want)
		}
	}
}

func TestUITexts(t *testing.T) {
	c := load(t)
	for got, want := range map[string]string{
		c.UI(German, "app.page_title", "page", "Zahlen"):           "Zahlen – MiGlobe",
		c.UI(German, "tasks.review_request.choices.refer"):         "Weiterverweisen",
		c.UI(English, "tasks.call_participants.choices.reached"):   c.UI(English, "additional_tasks.call_participants.choices.reached"),
		c.Count(German, "dates.working_days_left", 1):              "noch 1 Arbeitstag",
		c.Count(German, "dates.working_days_left", 4):              "noch 4 Arbeitstage",
		c.Count(English, "dates.working_days_left", 0):             "0 working days left",
		c.FormText(German, "common.step_of", "n", 3, "count", "6"): "Schritt 3 von 6",
		c.FormCount(German, "errors.summary", 2):                   "Bitte prüfen Sie 2 Angaben:",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if c.UI(English, "tasks.call_participants.title") == "tasks.call_participants.title" {
		t.Error("an additional task is not found below tasks")
	}
}

func TestUnknownKeyIsShownAndLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })

	c := load(t)
	for range 3 {
		if got := c.UI(German, "no.such.key"); got != "no.such.key" {
			t.Errorf("got %q", got)
		}
	}
	if n := strings.Count(log.String(), "no.such.key"); n != 1 {
		t.Errorf("logged %d times, want once: %s", n, log.String())
	}
}

func TestFillLeavesWhatItDoesNotKnow(t *testing.T) {
	if got := Fill("{a} {b} {c}", "a", 1, "b", "{c}"); got != "1 {c} {c}" {
		t.Errorf("got %q", got)
	}
}

func TestFormsAreResolved(t *testing.T) {
	c := load(t)
	form, ok := c.Form(German, "assessment")
	if !ok {
		t.Fatal("form assessment does not exist")
	}
	guiding := form.Steps[1]
	if len(guiding.Fields) != 8 || len(guiding.Fields[0].Options) != 5 || guiding.Fields[0].Options[4].Value != 4 {
		t.Errorf("guiding questions are not resolved: %+v", guiding)
	}
	option, _ := c.Form(German, "option")
	structures := option.Steps[0].Fields[5].Options
	if last := structures[len(structures)-1].Key; len(structures) != 5 || last != "none" {
		t.Errorf("written options must come last, got %+v", structures)
	}
	if _, ok := c.Form(English, "no_such_form"); ok {
		t.Error("a form that does not exist was found")
	}
	if got := c.OptionLabel(English, "laender", "NW"); got != "North Rhine-Westphalia" {
		t.Errorf("label of the Land: %q", got)
	}
	if c.FormVersion() < 1 {
		t.Error("forms have no version")
	}
}

func TestRolesOfTheUserFormAreThoseOfTheInterface(t *testing.T) {
	c := load(t)
	for _, lang := range Langs {
		form, _ := c.Form(lang, "user")
		for _, field := range form.Steps[0].Fields {
			if field.Key != "role" {
				continue
			}
			for _, option := range field.Options {
				if want := c.UI(lang, "roles."+option.Key+".name"); option.Label != want {
					t.Errorf("%s: role %s is called %q, elsewhere %q", lang, option.Key, option.Label, want)
				}
			}
		}
	}
}
