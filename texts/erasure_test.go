package texts

import (
	"reflect"
	"testing"

	"miglobe/advisory"
)

func TestWordsGoAndFiguresStay(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		form          string
		answers, want advisory.Answers
	}{
		"request": {"request", advisory.Answers{"municipality": {"Musterhausen"}, "topics": {"partnerships", "participation"}, "first_name": {"Toni"},
			"email": {"toni@demo.example"}, "phone": {"1"}, "situation": {"S"}, "earlier_number": {"MG-2025-0001"}, "second_contact_name": {""}},
			advisory.Answers{"municipality": {"Musterhausen"}, "topics": {"partnerships", "participation"}, "first_name": {advisory.Erased},
				"email": {advisory.Erased}, "phone": {advisory.Erased}, "situation": {advisory.Erased}, "earlier_number": {"MG-2025-0001"}, "second_contact_name": {""}}},
		"repeated": {"propose_slots", advisory.Answers{"slots.2.start_time": {"10:00"}, "slots.2.date": {"2026-03-10"}, "place": {"Bei Toni"}},
			advisory.Answers{"slots.2.start_time": {"10:00"}, "slots.2.date": {"2026-03-10"}, "place": {advisory.Erased}}},
		"question set": {"evaluate_municipality", advisory.Answers{"learned_something": {"level_4"}, "learned_text": {"Viel"}},
			advisory.Answers{"learned_something": {"level_4"}, "learned_text": {advisory.Erased}}},
		"on behalf": {"confirm_need", advisory.Answers{BehalfPrefix + "basis": {"phone_call"}, "comment": {"K"}},
			advisory.Answers{BehalfPrefix + "basis": {"phone_call"}, "comment": {advisory.Erased}}},
		"unknown form":  {"gone", advisory.Answers{"level": {"level_1"}}, advisory.Answers{"level": {advisory.Erased}}},
		"unknown field": {"request", advisory.Answers{"gone": {"Toni", "Kim"}}, advisory.Answers{"gone": {advisory.Erased}}},
	} {
		if got := c.WithoutWords(test.form, test.answers); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
