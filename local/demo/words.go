package demo

import (
	"fmt"
	"time"

	"miglobe/advisory"
)

// checked is the answer of a box that was ticked.
const checked = "yes"

// scene is what an answer may depend on.
type scene struct {
	request  request
	calendar advisory.Calendar
	now      time.Time // when it is said
	session  time.Time // day and hour of the session that is being planned
	advisors []string  // ids of the advisors who are invited, the lead first
}

// words are the answers to a task, entered in the form of its choice.
type words func(scene) advisory.Answers

func said(pairs ...string) words {
	return func(scene) advisory.Answers {
		answers := advisory.Answers{}
		for i := 0; i < len(pairs); i += 2 {
			answers.Set(pairs[i], pairs[i+1])
		}
		return answers
	}
}

// levels answer the four guiding questions.
func levels(answers advisory.Answers, include, visible, competences, development int) {
	for key, level := range map[string]int{
		"include_migrants": include, "visible_engagement": visible,
		"competences_networks": competences, "migration_development": development,
	} {
		answers.Set(key+"_level", fmt.Sprintf("level_%d", level))
	}
}

func effects(answers advisory.Answers, prefix string, circle, quality, recognition, engagement string) {
	answers.Set(prefix+"wider_circle", circle)
	answers.Set(prefix+"better_quality", quality)
	answers.Set(prefix+"recognition", recognition)
	answers.Set(prefix+"engagement", engagement)
}

// resting is a break until well after today.
func resting(s scene) advisory.Answers {
	until := s.calendar.AddWorkdays(s.now, 30)
	return said("reason", "municipal_break", "resume_on", until.Format(time.DateOnly))(s)
}

func newGoal(s scene) advisory.Answers {
	return said("goal", s.request.goal+" Die Ergebnisse sollen im nächsten Bericht der Stadt stehen.", "need", s.request.need,
		"why", "Im letzten Gespräch war der Bericht allen wichtig.")(s)
}

func assessment(s scene) advisory.Answers {
	answers := advisory.Answers{
		"situation": {s.request.situation}, "goal": {s.request.goal}, "need": {s.request.need}, "topics": s.request.topics,
		"wishes_for_advisors":      {"Erfahrung mit kleinen Verwaltungen wäre schön."},
		"integration_centre_state": {"asked"}, "integration_officer_state": {"involved"}, "integration_council_state": {"involved"},
		"include_migrants_text": {"Bisher nur in einzelnen Projekten."},
	}
	levels(answers, 1, 1, 0, 1)
	return answers
}

func sameNeed(s scene) advisory.Answers {
	return advisory.Answers{"goal": {s.request.goal}, "need": {s.request.need}}
}

func chosen(s scene) advisory.Answers {
	return advisory.Answers{
		"advisors": s.advisors, "lead": {s.advisors[0]}, "why": {"Thema, Sprache und Weg passen."},
	}
}

// slots are three dates, the session's own first.
func slots(s scene) advisory.Answers {
	answers := advisory.Answers{"meeting_format": {"on_site"}, "place": {"Rathaus, Raum 1"}}
	for i, day := range []time.Time{s.session, s.calendar.AddWorkdays(s.session, 1), s.calendar.AddWorkdays(s.session, 2)} {
		prefix := fmt.Sprintf("slots.%d.", i+1)
		answers.Set(prefix+"date", day.In(advisory.Berlin).Format(time.DateOnly))
		answers.Set(prefix+"start_time", s.session.In(advisory.Berlin).Format("15:04"))
		answers.Set(prefix+"duration", "minutes_90")
	}
	return answers
}

func note(further string) words {
	return said(
		"topics", "Wir haben über die Lage vor Ort, die Beteiligten und ihre Erwartungen gesprochen.",
		"agreements", "Die Kommune spricht den Integrationsrat an.",
		"learned", "Alle bringen Wissen mit; gefragt hatte bisher niemand danach.",
		"next_step", "Ein Treffen mit den Vereinen vorbereiten.",
		"further_sessions", further,
	)
}

// options are two options for action, all fields with the number of the option before them.
func options(scene) advisory.Answers {
	answers := advisory.Answers{}
	for i, option := range []struct{ title, description, unit, step, effort, structure string }{
		{"Runder Tisch mit Vereinen", "Verwaltung und Vereine treffen sich alle drei Monate und planen gemeinsam.",
			"Amt für Internationales", "Einladung an die Vereine", "small", "integration_council"},
		{"Feste Ansprechperson", "Eine Stelle in der Verwaltung bündelt Fragen und hält Kontakt.",
			"Hauptamt", "Aufgabe beschreiben und zuordnen", "medium", "integration_officer"},
	} {
		prefix := fmt.Sprintf("options.%d.", i+1)
		for key, value := range map[string]string{
			"title": option.title, "description": option.description, "responsible_unit": option.unit,
			"first_step": option.step, "effort": option.effort, "structures_used": option.structure, "committee": "Ausschuss für Internationales",
		} {
			answers.Set(prefix+key, value)
		}
		effects(answers, prefix, "hoped", "hoped", "begun", "none")
	}
	return answers
}

func mirror(answers advisory.Answers, learned, surprise string) {
	answers.Set("learned_something", "level_4")
	answers.Set("learned_text", learned)
	answers.Set("equal_footing", "level_3")
	answers.Set("solutions_from_dialogue", "level_4")
	answers.Set("surprise_text", surprise)
}

func municipalityLooksBack(scene) advisory.Answers {
	answers := advisory.Answers{
		"goal_reached": {"level_3"}, "own_goal": {"level_4"}, "usable_options": {"level_3"}, "good_organisation": {"level_4"},
		"recommend": {"yes"},
	}
	levels(answers, 2, 2, 2, 2)
	mirror(answers, "Wie viel Wissen in unserer Stadt schon da ist.", "Die Vereine hatten längst eigene Kontakte.")
	effects(answers, "", "begun", "begun", "hoped", "hoped")
	return answers
}

func advisorLooksBack(scene) advisory.Answers {
	answers := advisory.Answers{
		"clear_need": {"level_3"}, "open_municipality": {"level_4"}, "recognised": {"level_4"}, "good_support": {"level_4"},
	}
	mirror(answers, "Wie eine kleine Verwaltung entscheidet.", "Der Rat war weiter, als ich dachte.")
	effects(answers, "", "begun", "hoped", "begun", "hoped")
	return answers
}

// closing asks for the follow-up half a year later.
func closing(s scene) advisory.Answers {
	return advisory.Answers{
		"summary":        {"Zwei Handlungsoptionen sind gemeinsam entstanden, eine ist schon begonnen."},
		"follow_up_from": {s.now.In(advisory.Berlin).AddDate(0, 6, 0).Format(time.DateOnly)},
	}
}

func followUp(scene) advisory.Answers {
	answers := advisory.Answers{
		"options.1.progress": {"implemented"}, "options.2.progress": {"begun"},
		"options.2.progress_text": {"Die Stelle ist im Haushalt angemeldet."}, "new_need": {"no"},
	}
	levels(answers, 3, 2, 2, 3)
	effects(answers, "", "shown", "begun", "begun", "begun")
	return answers
}
