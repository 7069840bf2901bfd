package form

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"miglobe/advisory"
	"miglobe/texts"
)

// Every form of the catalogue, in both languages: empty, it asks for what is
// required; filled, it is accepted; what is shown is usable by everybody.
func TestEveryFormOfTheCatalogue(t *testing.T) {
	for _, lang := range texts.Langs {
		for _, name := range catalog.FormNames() {
			t.Run(string(lang)+"/"+name, func(t *testing.T) {
				f := catalogForm(t, lang, name)
				sources, c := sourcesFor(f), context(lang)

				errors := Validate(f, nil, sources, c)
				for _, q := range questions(sections(f, labelsOf(sources))) {
					wanted := q.field.Required && q.field.ShowIf == nil && q.step.ShowIf == nil
					if (errors.For(q.key) != "") != wanted {
						t.Errorf("%s: empty field has error %q", q.key, errors.For(q.key))
					}
				}
				checkPage(t, render(t, "form-fields", NewView(f, nil, errors, sources, c)), errors)

				answers := filled(f, sources)
				if errors := Validate(f, answers, sources, c); len(errors) > 0 {
					t.Errorf("a complete form is refused: %v", messages(errors))
				}
				page := render(t, "form-fields", NewView(f, answers, nil, sources, c))
				checkPage(t, page, nil)
				if again := Decode(f, posted(page), sources); !sameAnswers(again, answers) {
					t.Errorf("posted again: got %v, want %v", again, answers)
				}
				checkReading(t, f, answers, sources, c)
			})
		}
	}
}

// filled answers every question of a form: the first option, all choices.
func filled(f *texts.Form, sources Sources) advisory.Answers {
	answers := advisory.Answers{}
	for i, q := range questions(sections(f, labelsOf(sources))) {
		switch {
		case q.severalChoices():
			for _, option := range q.options(sources) {
				answers[q.key] = append(answers[q.key], option.Key)
			}
		case q.isChoice():
			answers.Set(q.key, q.options(sources)[0].Key)
		case q.field.Format == "time":
			answers.Set(q.key, "10:00")
		case q.field.Format == "number":
			answers.Set(q.key, "MG-2026-0042")
		case q.field.Type == "date":
			answers.Set(q.key, time.Date(2027, time.January, 4+i, 0, 0, 0, 0, advisory.Berlin).Format(isoDate))
		case q.field.Type == "email":
			answers.Set(q.key, strings.ReplaceAll(q.key, "_", "-")+"@muster.example")
		case q.field.Type == "tel":
			answers.Set(q.key, "0221 00000")
		case q.field.Type == "textarea":
			answers.Set(q.key, "Zeile 1\n<Zeile> \"2\"")
		default:
			answers.Set(q.key, "Muster & Co.")
		}
	}
	return answers
}

func sameAnswers(a, b advisory.Answers) bool {
	if len(a) != len(b) {
		return false
	}
	for key := range a {
		if !slices.Equal(a[key], b[key]) {
			return false
		}
	}
	return true
}

// checkPage asserts what a person with a screen reader relies on.
func checkPage(t testing.TB, page *html.Node, errors Errors) {
	t.Helper()
	ids := map[string]bool{}
	for _, node := range all(page, "[id]") {
		if ids[attr(node, "id")] {
			t.Errorf("id %s twice", attr(node, "id"))
		}
		ids[attr(node, "id")] = true
	}
	labelled := map[string]bool{}
	for _, label := range all(page, "label") {
		labelled[attr(label, "for")] = text(label) != ""
	}
	for _, control := range all(page, "input, textarea, select") {
		if !labelled[attr(control, "id")] {
			t.Errorf("%s has no label", attr(control, "id"))
		}
	}
	for _, group := range all(page, "fieldset") {
		if legend := group.FirstChild.NextSibling; legend.Data != "legend" || text(legend) == "" {
			t.Error("a group does not begin with its legend")
		}
	}
	for _, node := range all(page, "[aria-describedby], [aria-labelledby]") {
		for _, id := range strings.Fields(attr(node, "aria-describedby") + " " + attr(node, "aria-labelledby")) {
			if !ids[id] {
				t.Errorf("%s does not exist", id)
			}
		}
	}
	for _, e := range errors {
		if e.ID != "" && !ids[e.ID] {
			t.Errorf("the summary leads to %s, which does not exist", e.ID)
		}
	}
	for _, node := range all(page, "[style], style, script, [placeholder], [disabled]") {
		t.Errorf("%s is not allowed on a form", node.Data)
	}
}

func checkReading(t *testing.T, f *texts.Form, answers advisory.Answers, sources Sources, c Context) {
	t.Helper()
	steps := Reading(f, answers, sources, c)
	for _, step := range steps {
		for _, item := range step.Items {
			if len(item.Lines) == 0 || item.Lines[0] == "" || item.Lines[0] == c.Catalog.FormText(c.Lang, "common.no_answer") {
				t.Errorf("%s/%s reads %q", step.Key, item.Key, item.Lines)
			}
		}
	}
	checkPage(t, render(t, "form-reading", steps), nil)
}

func TestErrorsAreShownAtTheFieldAndInTheSummary(t *testing.T) {
	f := catalogForm(t, texts.German, "note")
	answers := answersFrom("topics", strings.Repeat("ä", 3001), "learned", "x", "next_step", "y")
	c := context(texts.German)
	errors := Validate(f, answers, nil, c)
	view := NewView(f, answers, errors, nil, c)

	summary := render(t, "form-errors", view)
	if got := text(one(t, summary, "#fehler[role=alert][tabindex='-1'] h2#fehler-h")); got != "Bitte prüfen Sie 2 Angaben:" {
		t.Errorf("heading of the summary: %q", got)
	}
	links := all(summary, "#fehler li a")
	if len(links) != 2 || attr(links[0], "href") != "#topics" || attr(links[1], "href") != "#further_sessions-another" {
		t.Fatalf("%d links", len(links))
	}
	if got := text(links[0]); got != "Themen: "+errors.For("topics") {
		t.Errorf("first link: %q", got)
	}
	if got := text(links[1]); !strings.HasPrefix(got, "Wie geht es mit den Gesprächen weiter? Bitte wählen Sie") {
		t.Errorf("second link: %q", got)
	}

	page := render(t, "form-fields", view)
	area := one(t, page, "textarea#topics.kern-form-input__input--error[aria-invalid=true]")
	if attr(area, "aria-describedby") != "topics-hint topics-err" || attr(area, "name") != "topics" {
		t.Errorf("attributes of the text area: %v", area.Attr)
	}
	if got := text(one(t, page, ".kern-form-input--error p.kern-error#topics-err")); got != errors.For("topics") {
		t.Errorf("error at the field: %q", got)
	}
	one(t, page, "fieldset.kern-fieldset--error[aria-describedby='further_sessions-err']")
	if got := len(all(page, "input.kern-form-check__radio--error[aria-describedby='further_sessions-err']")); got != 3 {
		t.Errorf("%d radios are marked, want 3", got)
	}
	if got := area.FirstChild.Data; got != answers.Get("topics") {
		t.Error("what was typed is lost")
	}

	if got := strings.TrimSpace(text(render(t, "form-errors", NewView(f, answers, nil, nil, c)))); got != "" {
		t.Errorf("a summary without errors: %q", got)
	}
}

func TestOptionalFieldsAreMarked(t *testing.T) {
	page := render(t, "form-fields", NewView(catalogForm(t, texts.English, "note"), nil, nil, nil, context(texts.English)))
	if marks := all(page, ".kern-label__optional"); len(marks) != 1 || text(marks[0]) != "– optional" {
		t.Errorf("%d marks", len(marks))
	}
	if got := text(one(t, page, "label[for=agreements]")); got != "Agreements – optional" {
		t.Errorf("got %q", got)
	}
}

func TestHeadingsOnlyForSeveralSteps(t *testing.T) {
	request := catalogForm(t, texts.German, "request")
	c := context(texts.German)
	if got := len(all(render(t, "form-fields", NewView(request, nil, nil, nil, c)), "section.mg-form__section > div > h2")); got != 6 {
		t.Errorf("%d headings for six steps", got)
	}
	c.Step = "contact"
	page := render(t, "form-fields", NewView(request, nil, nil, nil, c))
	if len(all(page, "h2")) != 0 || len(all(page, "#subject")) != 0 {
		t.Error("one step shows a heading or fields of another step")
	}
	if got := attr(one(t, page, "input#email[type=email]"), "autocomplete"); got != "email" {
		t.Errorf("autocomplete %q", got)
	}
}

func TestKindsOfControls(t *testing.T) {
	c := context(texts.German)
	c.NotBefore = map[string]time.Time{"wished_start": c.Today}
	request := catalogForm(t, texts.German, "request")
	page := render(t, "form-fields", NewView(request, answersFrom("wished_start", "2027-01-04"), nil, sourcesFor(request), c))
	for _, selector := range []string{
		"textarea#situation[data-count][maxlength='4000'][data-count-left='Noch {n} Zeichen']",
		"input#wished_start[type=date][min='2026-11-23'][value='2027-01-04']",
		".kern-form-input__select-wrapper > select#land.kern-form-input__select > option[value='']",
		"select#land > option[value='second.one']",
		"input#phone[type=tel]",
		"input#privacy_read.kern-form-check__checkbox[type=checkbox][value=yes]",
		"fieldset.kern-fieldset input#topics-education[type=checkbox][name=topics][value=education]",
		".kern-fieldset__body--horizontal input#meeting_format-video[type=radio]",
		"input#municipality[type=text]",
	} {
		one(t, page, selector)
	}
	assessment := render(t, "form-fields", NewView(catalogForm(t, texts.German, "assessment"), answersFrom("include_migrants_level", "level_2"), nil, nil, c))
	if got := len(all(assessment, ".mg-scale > .kern-form-check > input[name=include_migrants_level]")); got != 5 {
		t.Errorf("%d steps of the scale", got)
	}
	one(t, assessment, "input#include_migrants_level-level_2[checked]")
}

func TestWhatADateFieldCannotShowStaysVisible(t *testing.T) {
	f := catalogForm(t, texts.German, "move_appointment")
	page := render(t, "form-fields", NewView(f, answersFrom("date", "nach Ostern", "start_time", "10:00"), nil, nil, context(texts.German)))
	one(t, page, "input#date[type=text][value='nach Ostern']")
	one(t, page, "input#start_time[type=time][step='900'][value='10:00']")
}

func TestConditionalFieldsSayWhenTheyApply(t *testing.T) {
	c := context(texts.German)
	page := render(t, "form-fields", NewView(catalogForm(t, texts.German, "answer_invitation"), nil, nil, nil, c))
	one(t, page, ".mg-reveal[data-show-field=answer][data-show-option=decline] select#decline_reason")
	one(t, page, "section.mg-reveal[data-show-field=answer][data-show-not-option=decline] .mg-reveal[data-show-field=conflict_exists][data-show-option=possible] #conflict_text")

	c.Step = "conflict"
	page = render(t, "form-fields", NewView(catalogForm(t, texts.German, "answer_invitation"), nil, nil, nil, c))
	if len(all(page, "[data-show-field=answer]")) != 0 {
		t.Error("a condition on a field of another page cannot be followed")
	}
}

func TestRepeatedSteps(t *testing.T) {
	c := context(texts.German)
	page := render(t, "form-fields", NewView(catalogForm(t, texts.German, "propose_slots"), nil, nil, nil, c))
	if got := len(all(page, "fieldset > legend + div .mg-slot")); got != 3 {
		t.Errorf("%d proposals", got)
	}
	one(t, page, "input#slots-2-date[name='slots.2.date']")

	f := catalogForm(t, texts.German, "follow_up")
	page = render(t, "form-fields", NewView(f, nil, nil, sourcesFor(f), c))
	legends := all(page, "fieldset > legend.kern-label--large")
	if len(legends) != 2 || text(legends[1]) != "Fair einkaufen" {
		t.Errorf("%d options for action", len(legends))
	}
}

func TestAnswersThatExplainThemselvesAreCards(t *testing.T) {
	f := catalogForm(t, texts.German, "choose_slot")
	sources := Sources{"proposed_slots": {
		{Key: "1", Label: "Di., 01.12.2026, 10:00 bis 12:00 Uhr", Description: "vor Ort", Day: day("2026-12-01")},
	}}
	c := context(texts.German)
	c.IDPrefix = "choose"
	errors := Validate(f, nil, sources, c)
	page := render(t, "form-fields", NewView(f, nil, errors, sources, c))
	checkPage(t, page, errors)
	radio := one(t, page, ".mg-choices > .mg-choice > input#choose-slot-1[name=slot]")
	if got := attr(radio, "aria-describedby"); got != "choose-slot-1-about choose-slot-err" {
		t.Errorf("described by %q", got)
	}
	if got := text(one(t, page, ".mg-date[aria-hidden=true]")); got != "Di.01.Dez." {
		t.Errorf("leaf of the calendar: %q", got)
	}
	one(t, page, ".mg-choice input#choose-slot-none_fits")
	if errors[0].ID != "choose-slot-1" {
		t.Errorf("the summary leads to %q", errors[0].ID)
	}
}

func TestReading(t *testing.T) {
	f := catalogForm(t, texts.German, "request")
	c := context(texts.German)
	answers := answersFrom(
		"municipality", "Musterstadt", "land", "NW", "situation", "Eins\nZwei", "topics", "education", "topics", "participation",
		"wished_start", "2027-01-04", "partner_country", "gone", "earlier_consultation", "no", "earlier_number", "MG-2026-0042",
	)
	sources := Sources{"laender": catalog.OptionList(texts.German, "laender")}
	steps := Reading(f, answers, sources, c)
	read := map[string]string{}
	for _, step := range steps {
		for _, item := range step.Items {
			read[item.Key] = strings.Join(item.Lines, "|")
		}
	}
	for key, want := range map[string]string{
		"municipality":              "Musterstadt",
		"land":                      "Nordrhein-Westfalen",
		"situation":                 "Eins|Zwei",
		"topics":                    "Entwicklungspolitische Bildungsarbeit|Beteiligung / interkulturelle Öffnung",
		"wished_start":              "Mo.,\u00a004.01.2027",
		"partner_country":           "keine Angabe",
		"phone":                     "keine Angabe",
		"consent_name_municipality": "Nein",
	} {
		if read[key] != want {
			t.Errorf("%s reads %q, want %q", key, read[key], want)
		}
	}
	if _, ok := read["earlier_number"]; ok {
		t.Error("a field that is not shown is read")
	}

	steps[0].ChangeURL = "/anfrage/kommune"
	page := render(t, "form-reading", steps)
	if got := text(one(t, page, "section.kern-summary a[href='/anfrage/kommune']")); got != "Ändern: Ihre Kommune" {
		t.Errorf("link for changing: %q", got)
	}
	if got := len(all(page, "dd br")); got != 2 {
		t.Errorf("%d line breaks, want 2", got)
	}
}

func TestReadingOfRepeatedSteps(t *testing.T) {
	f := catalogForm(t, texts.English, "propose_slots")
	steps := Reading(f, filled(f, nil), nil, context(texts.English))
	if len(steps) != 4 || steps[2].Title != "Proposal 3" || steps[2].ID == steps[1].ID || steps[3].Number != 4 {
		t.Errorf("got %+v", steps)
	}
}
