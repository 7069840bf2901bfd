package form

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"miglobe/texts"
)

func TestValidateEveryType(t *testing.T) {
	options := []texts.Option{{Key: "a", Label: "A"}, {Key: "b", Label: "B"}, {Key: "c", Label: "C"}}
	own := map[string]string{"missing": "EIGEN", "too_long": "Höchstens {max}, jetzt {n}."}
	german := func(key string, pairs ...any) string { return catalog.FormText(texts.German, "errors."+key, pairs...) }
	for _, test := range []struct {
		name  string
		field texts.Field
		typed []string
		want  string
	}{
		{"optional text left out", texts.Field{Type: "text"}, nil, ""},
		{"required text left out", texts.Field{Type: "text", Required: true}, nil, german("missing")},
		{"own message wins", texts.Field{Type: "text", Required: true, Errors: own}, []string{" "}, "EIGEN"},
		{"as long as allowed, in characters", texts.Field{Type: "text", Max: 4}, []string{"äöü👋"}, ""},
		{"too long", texts.Field{Type: "text", Max: 3}, []string{"äöü👋"}, german("too_long", "max", 3, "n", 4)},
		{"too long, own message", texts.Field{Type: "textarea", Max: 3, Errors: own}, []string{"a\r\nbc"}, "Höchstens 3, jetzt 4."},
		{"line end counts once", texts.Field{Type: "textarea", Max: 3}, []string{"a\r\nb"}, ""},
		{"radio", texts.Field{Type: "radio", Options: options, Required: true}, []string{"b"}, ""},
		{"radio without answer", texts.Field{Type: "radio", Options: options, Required: true}, nil, german("missing_choice")},
		{"unknown option", texts.Field{Type: "radio", Options: options}, []string{"d"}, german("invalid_choice")},
		{"option of the program", texts.Field{Type: "select", Source: "people", Options: options}, []string{"kim"}, ""},
		{"written option beside a source", texts.Field{Type: "select", Source: "people", Options: options}, []string{"a"}, ""},
		{"option that the program does not give", texts.Field{Type: "select", Source: "people"}, []string{"alex"}, german("invalid_choice")},
		{"source that is not there", texts.Field{Type: "select", Source: "none"}, []string{"kim"}, german("invalid_choice")},
		{"choices", texts.Field{Type: "checkbox", Options: options, Required: true, Min: 2}, []string{"a", "c"}, ""},
		{"no choice", texts.Field{Type: "checkbox", Options: options, Required: true}, nil, german("missing_choices")},
		{"too few choices", texts.Field{Type: "checkbox", Options: options, Min: 2}, []string{"a"}, german("missing_choices")},
		{"too many choices", texts.Field{Type: "checkbox", Options: options, Max: 2}, []string{"a", "b", "c"}, german("too_many_choices", "max", 2)},
		{"one unknown choice", texts.Field{Type: "checkbox", Options: options}, []string{"a", "x"}, german("invalid_choice")},
		{"box ticked", texts.Field{Type: "checkbox", Required: true}, []string{"yes"}, ""},
		{"box not ticked", texts.Field{Type: "checkbox", Required: true}, nil, german("must_confirm")},
		{"box with a value of nobody's", texts.Field{Type: "checkbox"}, []string{"maybe"}, german("invalid_choice")},
		{"date", texts.Field{Type: "date"}, []string{"2028-02-29"}, ""},
		{"typed date", texts.Field{Type: "date"}, []string{"29.02.2028"}, ""},
		{"day that does not exist", texts.Field{Type: "date"}, []string{"29.02.2026"}, german("invalid_date")},
		{"year without sense", texts.Field{Type: "date"}, []string{"0026-02-01"}, german("invalid_date")},
		{"email", texts.Field{Type: "email"}, []string{"t.muster+x@büro.musterstadt.example"}, ""},
		{"email without host", texts.Field{Type: "email"}, []string{"t.muster@"}, german("invalid_email")},
		{"email without domain", texts.Field{Type: "email"}, []string{"t.muster@localhost"}, german("invalid_email")},
		{"email with a name", texts.Field{Type: "email"}, []string{"Toni <t@muster.example>"}, german("invalid_email")},
		{"two emails", texts.Field{Type: "email"}, []string{"a@muster.example,b@muster.example"}, german("invalid_email")},
		{"email with a header", texts.Field{Type: "email"}, []string{"a@muster.example\r\nBcc:b@muster.example"}, german("invalid_email")},
		{"telephone", texts.Field{Type: "tel"}, []string{"+49 (0)221 / 0000-00"}, ""},
		{"telephone with words", texts.Field{Type: "tel"}, []string{"0221 00000 abends"}, german("invalid_tel")},
		{"telephone too short", texts.Field{Type: "tel"}, []string{"110"}, german("invalid_tel")},
		{"municipality", texts.Field{Type: "municipality", Source: "municipalities"}, []string{"Musterstadt (Kreis)"}, ""},
		{"municipality without letters", texts.Field{Type: "municipality", Errors: map[string]string{"invalid": "NAME"}}, []string{"12345"}, "NAME"},
		{"time", texts.Field{Type: "text", Max: 5, Format: "time"}, []string{"9.00"}, ""},
		{"no time", texts.Field{Type: "text", Max: 5, Format: "time"}, []string{"24:00"}, german("invalid_time")},
		{"number", texts.Field{Type: "text", Format: "number"}, []string{"MG-2026-0042"}, ""},
		{"no number", texts.Field{Type: "text", Format: "number"}, []string{"2026/42"}, german("invalid_number")},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.field.Key = "field"
			sources := Sources{"people": {{Key: "kim", Label: "Kim"}}}
			errors := errorsOf(formOf(test.field), url.Values{"field": test.typed}, sources, context(texts.German))
			if got := errors.For("field"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestDrafts(t *testing.T) {
	f := catalogForm(t, texts.German, "request")
	c := context(texts.German)
	c.Draft = true
	if errors := Validate(f, answersFrom("email", "t@muster.example"), nil, c); len(errors) != 0 {
		t.Errorf("a draft may be incomplete: %v", messages(errors))
	}
	if errors := Validate(f, answersFrom("email", "t@", "topics", "unknown"), nil, c); len(errors) != 2 {
		t.Errorf("a draft must not hold what cannot be understood: %v", messages(errors))
	}
}

func TestOneStepIsChecked(t *testing.T) {
	c := context(texts.German)
	c.Step = "goal"
	errors := Validate(catalogForm(t, texts.German, "request"), answersFrom("goal", "Ein Ziel"), nil, c)
	if got := keys(errors); !slices.Equal(got, []string{"subject", "need"}) {
		t.Errorf("errors of %v", got)
	}
}

func keys(errors Errors) []string {
	var out []string
	for _, e := range errors {
		out = append(out, e.Key)
	}
	return out
}

func TestConditions(t *testing.T) {
	invitation := catalogForm(t, texts.German, "answer_invitation")
	change := catalogForm(t, texts.German, "confirm_options")
	structure := catalogForm(t, texts.German, "structure_check")
	for _, test := range []struct {
		name   string
		form   *texts.Form
		typed  []string
		errors []string
		stays  []string
	}{
		{"nothing chosen: only the choice is asked for", invitation, nil, []string{"answer"}, nil},
		{"declined: the declaration is not needed", invitation,
			[]string{"answer", "decline", "decline_reason", "no_time", "conflict_exists", "possible"}, nil, []string{"answer", "decline_reason"}},
		{"accepted: the declaration is needed", invitation, []string{"answer", "accept"}, []string{"conflict_exists", "conflict_update"}, []string{"answer"}},
		{"accepted: a reason for declining is dropped", invitation,
			[]string{"answer", "accept", "decline_reason", "nonsense", "conflict_exists", "none", "conflict_update", "yes"}, nil,
			[]string{"answer", "conflict_exists", "conflict_update"}},
		{"possible conflict: its kind is needed", invitation,
			[]string{"answer", "conflict_of_interest", "conflict_exists", "possible", "conflict_update", "yes"}, []string{"conflict_kinds"},
			[]string{"answer", "conflict_exists", "conflict_update"}},
		{"hidden with its trigger", invitation,
			[]string{"answer", "decline", "conflict_exists", "possible", "conflict_text", "x"}, nil, []string{"answer"}},
		{"confirmed: no text needed", change, []string{"decision", "confirm"}, nil, []string{"decision"}},
		{"change without text", change, []string{"decision", "change"}, []string{"change_text"}, []string{"decision"}},
		{"reason for what is not wanted", structure,
			[]string{"integration_centre_state", "not_wanted", "integration_officer_state", "asked", "integration_officer_reason", "alt", "integration_council_state", "involved"},
			[]string{"integration_centre_reason"},
			[]string{"integration_centre_state", "integration_council_state", "integration_officer_state"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			answers := answersFrom(test.typed...)
			if got := keys(Validate(test.form, answers, nil, context(texts.German))); !slices.Equal(got, test.errors) {
				t.Errorf("errors of %v, want %v", got, test.errors)
			}
			var stays []string
			for key := range WithoutHidden(test.form, answers) {
				stays = append(stays, key)
			}
			slices.Sort(stays)
			if !slices.Equal(stays, test.stays) {
				t.Errorf("answers of %v stay, want %v", stays, test.stays)
			}
		})
	}
}

func TestConditionsWithinARepetition(t *testing.T) {
	f := formOf(
		texts.Field{Key: "kind", Type: "radio", Options: []texts.Option{{Key: "a"}, {Key: "other"}}},
		texts.Field{Key: "which", Type: "text", Required: true, ShowIf: &texts.Condition{Field: "kind", Option: "other"}},
	)
	f.Steps[0].Repeat, f.Steps[0].RepeatCount = "slots", 2
	answers := answersFrom("step.1.kind", "a", "step.1.which", "x", "step.2.kind", "other")
	if got := keys(Validate(f, answers, nil, context(texts.German))); !slices.Equal(got, []string{"step.2.which"}) {
		t.Errorf("errors of %v", got)
	}
	if WithoutHidden(f, answers).Get("step.1.which") != "" {
		t.Error("a hidden answer of the first repetition stays")
	}
}

func TestLimitsOfDates(t *testing.T) {
	f := formOf(texts.Field{Key: "day", Type: "date", Errors: map[string]string{"too_late": "Bis {date}."}})
	german := func(key string, pairs ...any) string { return catalog.FormText(texts.German, "errors."+key, pairs...) }
	for _, test := range []struct {
		name             string
		typed            string
		earliest, newest string
		want             string
	}{
		{"first allowed day", "2026-11-23", "2026-11-23", "", ""},
		{"yesterday", "2026-11-22", "2026-11-23", "", german("date_in_past")},
		{"later than today, still too early", "2026-11-25", "2026-12-01", "", german("date_too_early", "date", "Di.,\u00a001.12.2026")},
		{"last allowed day", "2027-05-23", "", "2027-05-23", ""},
		{"too late", "2027-05-24", "", "2027-05-23", "Bis So.,\u00a023.05.2027."},
		{"not in the future", "2026-11-24", "", "2026-11-23", german("date_in_future")},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := context(texts.German)
			if test.earliest != "" {
				c.NotBefore = map[string]time.Time{"day": day(test.earliest).Add(14 * time.Hour)}
			}
			if test.newest != "" {
				c.NotAfter = map[string]time.Time{"day": day(test.newest).Add(14 * time.Hour)}
			}
			if got := Validate(f, answersFrom("day", test.typed), nil, c).For("day"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestRulesBetweenFields(t *testing.T) {
	absence := catalogForm(t, texts.German, "absence")
	complete := []string{"from_part", "all_day", "to_part", "all_day", "from", "2026-12-24"}
	for to, want := range map[string]string{
		"2026-12-23": "Der letzte Tag liegt vor dem ersten.",
		"2026-12-24": "",
		"2027-01-02": "",
	} {
		if got := Validate(absence, answersFrom(append(complete, "to", to)...), nil, context(texts.German)).For("to"); got != want {
			t.Errorf("absence until %s: got %q, want %q", to, got, want)
		}
	}

	request := catalogForm(t, texts.German, "request")
	for second, want := range map[string]string{
		"T.Muster@Muster.example": "Bitte geben Sie für die zweite Kontaktperson eine andere Adresse an.",
		"k.muster@muster.example": "",
	} {
		answers := answersFrom("email", "t.muster@muster.example", "second_contact_email", second)
		if got := Validate(request, answers, nil, context(texts.German)).For("second_contact_email"); got != want {
			t.Errorf("second contact %s: got %q, want %q", second, got, want)
		}
	}
}

func TestSlots(t *testing.T) {
	f := catalogForm(t, texts.English, "propose_slots")
	c := context(texts.English)
	c.Workday = func(t time.Time) bool { return t.Weekday() != time.Saturday }
	c.NotBefore = map[string]time.Time{"date": c.Today}
	values := url.Values{"meeting_format": {"video"}}
	for key, value := range map[string]string{
		"slots.1.date": "2026-12-01", "slots.1.start_time": "9.00", "slots.1.duration": "minutes_60",
		"slots.2.date": "2026-12-05", "slots.2.start_time": "9:00", "slots.2.duration": "minutes_60",
		"slots.3.date": "1.12.2026", "slots.3.start_time": "09:00", "slots.3.duration": "minutes_90",
	} {
		values.Set(key, value)
	}
	errors := errorsOf(f, values, nil, c)
	want := Errors{
		{Key: "slots.2.date", ID: "slots-2-date", Message: catalog.FormText(texts.English, "errors.no_working_day")},
		{Key: "slots.3.start_time", ID: "slots-3-start_time", Message: catalog.FormText(texts.English, "errors.same_slot")},
	}
	if len(errors) != len(want) {
		t.Fatalf("got %v", messages(errors))
	}
	for i, e := range errors {
		if e.Key != want[i].Key || e.ID != want[i].ID || e.Message != want[i].Message {
			t.Errorf("got %+v, want %+v", e, want[i])
		}
	}
	if !strings.HasPrefix(errors[0].Text(), "Proposal 2, ") {
		t.Errorf("the summary does not say which proposal: %q", errors[0].Text())
	}

	values.Set("slots.2.date", "2026-11-20")
	if got := errorsOf(f, values, nil, c).For("slots.2.date"); got != catalog.FormText(texts.English, "errors.date_in_past") {
		t.Errorf("a limit by the key of the field counts for every repetition, got %q", got)
	}
}

func TestAddedErrorsKeepTheOrderOfThePage(t *testing.T) {
	f := catalogForm(t, texts.German, "user")
	c := context(texts.German)
	errors := Validate(f, answersFrom("email", "k@muster.example", "first_name", "Kim", "role", "advisor"), nil, c)
	errors = errors.Add(f, nil, c, "email", "duplicate")
	errors = errors.Add(f, nil, c, "last_name", "too_long", "max", 80)
	errors = errors.Add(f, nil, c, "", "form_expired")
	if got := keys(errors); !slices.Equal(got, []string{"", "email", "last_name", "language"}) {
		t.Errorf("got %v", got)
	}
	if got := errors.For("email"); got != "Zu dieser E-Mail-Adresse gibt es schon ein Konto." {
		t.Errorf("own message of the field: %q", got)
	}
	if got := errors.For("last_name"); got != "Bitte geben Sie den Nachnamen ein." {
		t.Errorf("the first error of a field stays, got %q", got)
	}
	if errors[0].ID != "" || errors[0].Text() != catalog.FormText(texts.German, "errors.form_expired") {
		t.Errorf("error of the whole form: %+v", errors[0])
	}
}
