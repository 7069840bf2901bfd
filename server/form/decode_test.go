package form

import (
	"net/url"
	"reflect"
	"testing"

	"miglobe/advisory"
	"miglobe/texts"
)

func TestDecode(t *testing.T) {
	options := []texts.Option{{Key: "a"}, {Key: "b"}, {Key: "c"}}
	f := formOf(
		texts.Field{Key: "line", Type: "text"},
		texts.Field{Key: "area", Type: "textarea"},
		texts.Field{Key: "day", Type: "date"},
		texts.Field{Key: "clock", Type: "text", Format: "time"},
		texts.Field{Key: "number", Type: "text", Format: "number"},
		texts.Field{Key: "one", Type: "radio", Options: options},
		texts.Field{Key: "many", Type: "checkbox", Options: options},
		texts.Field{Key: "box", Type: "checkbox"},
	)
	for _, test := range []struct {
		name  string
		key   string
		typed []string
		want  []string
	}{
		{"spaces around", "line", []string{"  Rat \t"}, []string{"Rat"}},
		{"line breaks in one line", "line", []string{"a\r\nBcc: b"}, []string{"a Bcc: b"}},
		{"line ends", "area", []string{"\r\na\r\nb\rc\n"}, []string{"a\nb\nc"}},
		{"inner spaces and signs", "area", []string{"a  <b>\t\"ß\" 👋"}, []string{"a  <b>\t\"ß\" 👋"}},
		{"control characters", "line", []string{"a\x00\x1bb"}, []string{"ab"}},
		{"broken encoding", "line", []string{"a\xffb"}, []string{"a\uFFFDb"}},
		{"date of a date field", "day", []string{"2026-03-17"}, []string{"2026-03-17"}},
		{"typed date", "day", []string{"17.03.2026"}, []string{"2026-03-17"}},
		{"short typed date", "day", []string{" 7. 3. 2026"}, []string{"2026-03-07"}},
		{"English typed date", "day", []string{"17/03/2026"}, []string{"2026-03-17"}},
		{"no date", "day", []string{"31.02.2026"}, []string{"31.02.2026"}},
		{"time", "clock", []string{"09:05"}, []string{"09:05"}},
		{"short time", "clock", []string{"9:00"}, []string{"09:00"}},
		{"time with a point", "clock", []string{"9.30"}, []string{"09:30"}},
		{"no time", "clock", []string{"25:00"}, []string{"25:00"}},
		{"number", "number", []string{"mg-2026-0042"}, []string{"MG-2026-0042"}},
		{"only one value of a single field", "one", []string{"b", "a"}, []string{"b"}},
		{"first empty value is passed over", "one", []string{"", "a"}, []string{"a"}},
		{"choices in the order of the form, once each", "many", []string{"c", "x", "a", "c"}, []string{"a", "c", "x"}},
		{"single box", "box", []string{"yes"}, []string{"yes"}},
		{"nothing typed", "line", []string{" \r\n "}, nil},
		{"field of another form", "other", []string{"x"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			answers := Decode(f, url.Values{test.key: test.typed}, nil)
			if got := answers.All(test.key); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if test.want == nil && len(answers) != 0 {
				t.Errorf("keys without an answer: %v", answers)
			}
		})
	}
}

func TestDecodeRepeatedSteps(t *testing.T) {
	slots := catalogForm(t, texts.German, "propose_slots")
	answers := Decode(slots, url.Values{
		"slots.1.date": {"01.12.2026"}, "slots.3.start_time": {"9:30"}, "slots.4.date": {"2026-12-01"},
		"slots.01.date": {"2026-12-01"}, "slots.0.date": {"2026-12-01"}, "date": {"2026-12-01"}, "place": {"Rathaus"},
	}, nil)
	want := advisory.Answers{"slots.1.date": {"2026-12-01"}, "slots.3.start_time": {"09:30"}, "place": {"Rathaus"}}
	if !reflect.DeepEqual(answers, want) {
		t.Errorf("got %v, want %v", answers, want)
	}

	followUp := catalogForm(t, texts.German, "follow_up")
	answers = Decode(followUp, url.Values{"options.1.progress": {"begun"}, "options.2.progress": {"open"}},
		Sources{"options": {{Key: "x", Label: "Vereine einladen"}}})
	if want := (advisory.Answers{"options.1.progress": {"begun"}}); !reflect.DeepEqual(answers, want) {
		t.Errorf("one option for action, got %v", answers)
	}
}

func TestMergeReplacesOneStep(t *testing.T) {
	f := catalogForm(t, texts.German, "request")
	stored := answersFrom("subject", "Alt", "success_sign", "Alt", "municipality", "Musterstadt")
	merged := Merge(f, "goal", stored, answersFrom("subject", "Neu"))
	want := answersFrom("subject", "Neu", "municipality", "Musterstadt")
	if !reflect.DeepEqual(merged, want) {
		t.Errorf("got %v, want %v", merged, want)
	}
	if stored.Get("subject") != "Alt" {
		t.Error("the stored answers were changed")
	}
	if merged := Merge(f, "goal", nil, answersFrom("subject", "Neu")); merged.Get("subject") != "Neu" {
		t.Errorf("first step of a new draft: %v", merged)
	}
}
