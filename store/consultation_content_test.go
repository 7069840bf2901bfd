package store_test

import (
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

func TestGoalVersionsAndAssessment(t *testing.T) {
	d := newDesk(t)
	if none, err := d.store.Assessment(d.ctx, d.consultation); none != nil || err != nil {
		t.Errorf("before: %v, %v", none, err)
	}
	d.write(d.opens(1, advisory.RecordAssessment, advisory.Coordinator, "kim"))
	d.write(d.saidWith("assessment", 1, advisory.Record, "kim", advisory.Answers{"goal": {"Erstes"}, "need": {"N"}, "include_migrants_level": {"level_1"}}),
		d.opens(2, advisory.ConfirmNeed, advisory.Municipality, ""))
	d.write(d.saidWith("confirm_need", 2, advisory.Change, "toni", advisory.Answers{"goal": {"Unseres"}, "need": {"N"}}))
	versions, err := d.store.GoalVersions(d.ctx, d.consultation)
	d.must(err)
	if len(versions) != 2 || versions[0].Goal != "Erstes" || versions[0].ConfirmedAt != nil || versions[0].AuthorRole != advisory.Coordinator ||
		versions[1].Goal != "Unseres" || versions[1].ConfirmedAt == nil || versions[1].AuthorName != "toni Muster" {
		t.Errorf("versions %+v", versions)
	}
	assessment, err := d.store.Assessment(d.ctx, d.consultation)
	d.must(err)
	if assessment.Get("include_migrants_level") != "level_1" {
		t.Errorf("assessment %v", assessment)
	}
}

func TestSessionsCarryTheLatestDatesAndTheNote(t *testing.T) {
	d := accompanied(t)
	move := func(number int, kind advisory.SessionKind, state advisory.SessionState) advisory.Entry {
		return advisory.Entry{Session: &advisory.SessionStep{Number: number, Kind: kind, State: state}}
	}
	slots := func(day string) advisory.Answers {
		return advisory.Answers{"slots.1.date": {day}, "slots.1.start_time": {"10:00"}, "slots.1.duration": {"minutes_90"},
			"slots.2.date": {day}, "slots.2.start_time": {"14:00"}, "slots.2.duration": {"minutes_60"}, "meeting_format": {"video"}}
	}
	d.write(move(1, advisory.OpeningSession, advisory.SlotsWanted), d.opens(1, advisory.ProposeSlots, advisory.Advisor, "amina"))
	d.write(d.said(1, advisory.Propose, "amina", slots("2026-03-10")), d.opens(2, advisory.ChooseSlot, advisory.Municipality, ""))
	d.write(d.said(2, advisory.CounterPropose, "toni", slots("2026-03-17")), d.opens(3, advisory.ChooseSlot, advisory.Advisor, "amina"))
	sessions, err := d.store.Sessions(d.ctx, d.consultation)
	d.must(err)
	if len(sessions) != 1 || sessions[0].Round != 2 || len(sessions[0].Slots) != 2 || sessions[0].HasDate() ||
		sessions[0].Slots[1].StartsAt.In(advisory.Berlin).Format("2006-01-02 15:04") != "2026-03-17 14:00" {
		t.Fatalf("sessions %+v", sessions)
	}
	d.write(d.said(3, advisory.Choose, "amina", advisory.Answers{"slot": {"1"}}), move(1, advisory.OpeningSession, advisory.Scheduled))
	d.write(d.opens(4, advisory.WriteNote, advisory.Advisor, "amina"), move(1, advisory.OpeningSession, advisory.Held))
	d.write(d.saidWith("note", 4, advisory.Share, "amina", advisory.Answers{"learned": {"Zuhören"}}), move(2, advisory.DialogueSession, advisory.SlotsWanted),
		move(3, advisory.DialogueSession, advisory.SlotsWanted))
	sessions, err = d.store.Sessions(d.ctx, d.consultation)
	d.must(err)
	opening, third := sessions[0], sessions[2]
	if !opening.HasDate() || opening.Note == nil || opening.Note.Answers.Get("learned") != "Zuhören" || opening.Note.AuthorName != "amina Muster" ||
		opening.Note.CorrectUntil.Format("2006-01-02") != "2026-03-09" {
		t.Errorf("opening %+v, note %+v", opening, opening.Note)
	}
	if third.Number != 3 || third.Ordinal != 2 || third.HasDate() || third.Note != nil {
		t.Errorf("third session %+v", third)
	}
}

func TestOptionVersionsCarryWhatWasSaidAboutThem(t *testing.T) {
	d := accompanied(t)
	about := func(n, version int, kind advisory.TaskKind, role advisory.Role, person string) advisory.Entry {
		entry := d.opens(n, kind, role, person)
		entry.Open.Session, entry.Open.Version = 0, version
		return entry
	}
	options := advisory.Answers{"options.1.title": {"Eins"}, "options.2.title": {"Zwei"}, "options.2.effort": {"small"}}
	d.write(about(1, 1, advisory.DraftOptions, advisory.Advisor, "amina"))
	d.write(d.said(1, advisory.Share, "amina", options), about(2, 1, advisory.ConfirmOptions, advisory.Municipality, ""),
		about(3, 1, advisory.ConfirmOptions, advisory.Advisor, "joseph"))
	d.write(d.said(2, advisory.Change, "toni", advisory.Answers{"change_text": {"Bitte kürzer"}}),
		advisory.Entry{Close: advisory.TaskID(d.consultation, 3), State: advisory.Obsolete},
		about(4, 2, advisory.DraftOptions, advisory.Advisor, "amina"))
	d.write(d.said(4, advisory.Share, "amina", options), about(5, 2, advisory.ConfirmOptions, advisory.Municipality, ""))
	versions, err := d.store.OptionVersions(d.ctx, d.consultation)
	d.must(err)
	if len(versions) != 2 || versions[0].Version != 2 || len(versions[0].Confirmations) != 1 || len(versions[1].Confirmations) != 2 {
		t.Fatalf("versions %+v", versions)
	}
	wish := versions[1].Confirmations[0]
	if wish.PersonID != nil || wish.Choice != advisory.Change || wish.Answers.Get("change_text") != "Bitte kürzer" ||
		versions[1].Confirmations[1].State != advisory.Obsolete {
		t.Errorf("confirmations %+v", versions[1].Confirmations)
	}
	split := versions[0].Options()
	if len(split) != 2 || split[0].Get("title") != "Eins" || split[1].Get("effort") != "small" {
		t.Errorf("options %v", split)
	}
}

func TestTheMirrorIsRevealedOnceBothSidesHaveAnswered(t *testing.T) {
	municipality, lead, member := "municipality", "lead", "member"
	for name, test := range map[string]struct {
		states map[string]advisory.TaskState
		want   bool
	}{
		"nobody asked":                {nil, false},
		"all open":                    {map[string]advisory.TaskState{municipality: advisory.Open, lead: advisory.Open}, false},
		"municipality only":           {map[string]advisory.TaskState{municipality: advisory.Done, lead: advisory.Open}, false},
		"advisors only":               {map[string]advisory.TaskState{municipality: advisory.Open, lead: advisory.Done, member: advisory.Done}, false},
		"one advisor still to answer": {map[string]advisory.TaskState{municipality: advisory.Done, lead: advisory.Done, member: advisory.Open}, false},
		"one advisor never answered":  {map[string]advisory.TaskState{municipality: advisory.Done, lead: advisory.Done, member: advisory.Lapsed}, true},
		"municipality never answered": {map[string]advisory.TaskState{municipality: advisory.Lapsed, lead: advisory.Done}, false},
		"both":                        {map[string]advisory.TaskState{municipality: advisory.Done, lead: advisory.Done, member: advisory.Done}, true},
	} {
		var evaluations []store.Evaluation
		for who, state := range test.states {
			role := advisory.Advisor
			if who == municipality {
				role = advisory.Municipality
			}
			evaluations = append(evaluations, store.Evaluation{Role: role, State: state})
		}
		if got := store.Revealed(evaluations); got != test.want {
			t.Errorf("%s: revealed %v", name, got)
		}
	}
}

func TestEvaluationsNameTheSides(t *testing.T) {
	d := accompanied(t)
	d.write(d.opens(1, advisory.Evaluate, advisory.Municipality, ""), d.opens(2, advisory.Evaluate, advisory.Advisor, "amina"))
	d.write(d.saidWith("evaluate_advisor", 2, advisory.Submit, "amina", advisory.Answers{"learned_text": {"Viel"}}))
	evaluations, err := d.store.Evaluations(d.ctx, d.consultation)
	d.must(err)
	if len(evaluations) != 2 || evaluations[0].Role != advisory.Municipality || evaluations[0].Answered() || evaluations[0].PersonID != nil ||
		!evaluations[1].Answered() || evaluations[1].Name != "amina Muster" || evaluations[1].Answers.Get("learned_text") != "Viel" {
		t.Errorf("evaluations %+v", evaluations)
	}
}

func TestAdvisorProfileRoundTrip(t *testing.T) {
	d := newDesk(t)
	empty, err := d.store.AdvisorProfile(d.ctx, d.people["amina"])
	d.must(err)
	if empty.About != "" || empty.Capacity != 1 || empty.Language != "de" || empty.MailRhythm != "immediately" {
		t.Errorf("never saved: %+v", empty)
	}
	profile := store.AdvisorProfile{
		PersonID: d.people["amina"], About: "Ich moderiere.", Topics: []string{"education", "fair_trade"}, Competences: "Netzwerke",
		Languages: []string{"german", "other"}, OtherLanguage: "Twi", Home: "Bonn", Capacity: 3, MeetingFormat: "video",
		OriginCountry: "GH", OriginConsent: true, Phone: "0000 1", Language: "en", MailRhythm: "daily_digest",
	}
	d.must(d.store.SaveAdvisorProfile(d.ctx, profile))
	saved, err := d.store.AdvisorProfile(d.ctx, d.people["amina"])
	d.must(err)
	if saved.About != profile.About || saved.Capacity != 3 || saved.Phone != "0000 1" || saved.Language != "en" ||
		saved.MailRhythm != "daily_digest" || !saved.OriginConsent || len(saved.Topics) != 2 || saved.Languages[1] != "other" {
		t.Errorf("saved %+v", saved)
	}
	profile.OriginCountry = ""
	d.must(d.store.SaveAdvisorProfile(d.ctx, profile))
	if saved, err = d.store.AdvisorProfile(d.ctx, d.people["amina"]); err != nil || saved.OriginConsent {
		t.Errorf("consent without a country: %+v, %v", saved, err)
	}
	profile.PersonID = d.people["kim"]
	if err := d.store.SaveAdvisorProfile(d.ctx, profile); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("profile of a coordinator: %v, want not_found", err)
	}
	if _, err := d.store.AdvisorProfile(d.ctx, d.people["kim"]); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("profile of a coordinator: %v, want not_found", err)
	}
}
