package server

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// scheduled is a consultation whose opening conversation has a date, three working days from now.
func scheduled(t *testing.T) *consultationFixture {
	t.Helper()
	f := newConsultation(t)
	f.reach(advisory.RecordOutcome)
	return f
}

func (f *consultationFixture) session(path string) string { return sessionPath(f.Number, 1) + path }

// said is what the engine heard last.
func (f *consultationFixture) said() store.NewInput {
	f.t.Helper()
	if len(f.engine.inputs) != 1 {
		f.t.Fatalf("%d inputs, want 1", len(f.engine.inputs))
	}
	return f.engine.inputs[0]
}

func TestMoveBeginsWithTheAppointmentAsItIs(t *testing.T) {
	f := scheduled(t)
	for _, person := range []store.Person{f.Contact, f.Lead, f.Member, f.Coordinator} {
		f.engine.inputs = nil
		b := f.signedIn(person)
		link := b.get(f.path()).wantStatus(http.StatusOK).attr(`a[href$="/verschieben"]`, "href")
		page := b.get(link).wantStatus(http.StatusOK)
		page.wantText("main", "Rathaus").wantText("main", "10:00 bis 12:00 Uhr").wantText("main", "Toni Muster").wantText("main", "Amina Exempel")
		for name, want := range map[string]string{"date": workday(3), "start_time": "10:00", "place": "Rathaus"} {
			if got := page.attr(`[name="`+name+`"]`, "value"); got != want {
				t.Errorf("%s: %s is %q, want %q", person.Role, name, got, want)
			}
		}
		if page.attr(`option[value="minutes_120"][selected]`, "value") == "" || !page.has(`input[value="on_site"][checked]`) {
			t.Errorf("%s: duration or way of meeting is not what it is", person.Role)
		}
		// A link to the video conversation can be added without another date.
		b.follow(b.post(link, "date", workday(3), "start_time", "10:00", "duration", "minutes_120", "meeting_format", "video",
			"place", "https://video.example/raum")).wantText(".kern-alert--success", "geändert")
		in := f.said()
		if in.ConsultationID != f.ID || in.Message.Kind != advisory.MoveAppointment || in.Message.Session != 1 || in.Message.Actor != person.ID ||
			in.Form != "move_appointment" || in.OnBehalf || in.Answers.Get("place") != "https://video.example/raum" || in.Answers.Get("date") != workday(3) {
			t.Errorf("%s: the engine hears %+v", person.Role, in)
		}
	}
	inBothLanguages(f.signedIn(f.Contact), f.session(movePath))
}

// clocksGoForward is the next day on which two o'clock is followed by three.
func clocksGoForward() time.Time {
	day := advisory.Midnight(time.Now()).AddDate(0, 0, 1)
	for {
		if _, before := day.Zone(); day.Month() == time.March {
			if _, after := day.AddDate(0, 0, 1).Zone(); after > before {
				return day
			}
		}
		day = day.AddDate(0, 0, 1)
	}
}

func TestDatesThatCannotBe(t *testing.T) {
	sunday := clocksGoForward()
	for name, test := range map[string]struct{ date, clock, want string }{
		"in the past":                    {time.Now().AddDate(0, 0, -3).Format(time.DateOnly), "10:00", "in der Vergangenheit"},
		"further away than anyone plans": {"2206-11-24", "10:00", "Bitte geben Sie ein Datum ein"},
		"after the last day of plans":    {time.Now().AddDate(2, 1, 0).Format(time.DateOnly), "10:00", "Bitte wählen Sie ein Datum bis"},
		"a Sunday":                       {sunday.AddDate(0, 0, -7).Format(time.DateOnly), "10:00", "Wochenende"},
		"an hour that is skipped":        {sunday.Format(time.DateOnly), "02:30", "Diese Uhrzeit gibt es an dem Tag nicht"},
		"no date":                        {"bald", "10:00", "Bitte geben Sie ein Datum ein"},
		"no time":                        {workday(6), "spät", "Bitte geben Sie eine Uhrzeit ein"},
	} {
		t.Run(name, func(t *testing.T) {
			f := scheduled(t)
			page := f.signedIn(f.Contact).post(f.session(movePath), "date", test.date, "start_time", test.clock, "duration", "minutes_60",
				"meeting_format", "on_site", "place", "Rathaus", "reason", "Ratssitzung verlegt").wantStatus(http.StatusUnprocessableEntity)
			page.wantText("#fehler", test.want)
			if page.attr(`[name="reason"]`, "value") != "Ratssitzung verlegt" {
				t.Error("what was typed is lost")
			}
			slots := f.slots()
			slots["slots.1.date"], slots["slots.1.start_time"] = test.date, test.clock
			f.openNext(advisory.ProposeSlots)
			f.signedIn(f.Lead).post("/aufgaben/"+f.last, pairs(slots)...).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", test.want)
			if len(f.engine.inputs) != 0 {
				t.Errorf("the engine hears %+v", f.engine.inputs)
			}
		})
	}
}

func TestMoveToWhereItIsAlready(t *testing.T) {
	f := scheduled(t)
	b := f.signedIn(f.Contact)
	page := b.get(f.session(movePath))
	b.post(f.session(movePath), page.filled("duration", "minutes_120", "meeting_format", "on_site", "reason", "")...).
		wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "noch nichts geändert")
}

func TestBothSidesOfTheChangeOfTheClocks(t *testing.T) {
	f := scheduled(t)
	sunday := clocksGoForward()
	for _, day := range []time.Time{sunday.AddDate(0, 0, -2), sunday.AddDate(0, 0, 1)} {
		start := time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, advisory.Berlin)
		f.exec(`UPDATE sessions SET starts_at = $1, ends_at = $2`, start.UTC(), start.Add(90*time.Minute).UTC())
		b := f.signedIn(f.Contact)
		status := b.get(f.path()).wantText("#termine ~ *, section[aria-labelledby=termine]", "10:00 bis 11:30 Uhr")
		if got := status.attr("section[aria-labelledby=termine] time", "datetime"); got != day.Format(time.DateOnly) {
			t.Errorf("the day is %s, want %s", got, day.Format(time.DateOnly))
		}
		page := b.get(f.session(movePath))
		if page.attr(`[name="date"]`, "value") != day.Format(time.DateOnly) || page.attr(`[name="start_time"]`, "value") != "10:00" {
			t.Errorf("%s: the form begins with %s %s", day, page.attr(`[name="date"]`, "value"), page.attr(`[name="start_time"]`, "value"))
		}
	}
}

func TestWhoMayChangeAnAppointment(t *testing.T) {
	f := scheduled(t)
	former := f.named(advisory.Advisor, "Fina", "Fort")
	f.exec(`INSERT INTO team (consultation_id, advisor_id, since, until) VALUES ($1, $2, now(), now())`, f.ID, former.ID)
	for name, test := range map[string]struct {
		person store.Person
		status int
	}{
		"contact":            {f.Contact, http.StatusSeeOther},
		"lead advisor":       {f.Lead, http.StatusSeeOther},
		"another advisor":    {f.Member, http.StatusSeeOther},
		"coordinator":        {f.Coordinator, http.StatusSeeOther},
		"colleague":          {f.Colleague, http.StatusSeeOther},
		"former advisor":     {former, http.StatusNotFound},
		"other municipality": {f.named(advisory.Municipality, "Fred", "Fremd"), http.StatusNotFound},
		"other advisor":      {f.named(advisory.Advisor, "Anna", "Anders"), http.StatusNotFound},
		"reader":             {f.named(advisory.Reader, "Rita", "Leser"), http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			f.engine.inputs = nil
			b := f.signedIn(test.person)
			b.post(f.session(cancelPath), "reason", "Krank").wantStatus(test.status)
			b.post(f.session(movePath), "date", workday(8), "start_time", "10:00", "duration", "minutes_60", "meeting_format", "video").wantStatus(test.status)
			if heard := len(f.engine.inputs); heard != 0 != (test.status == http.StatusSeeOther) {
				t.Errorf("%d inputs", heard)
			}
		})
	}
}

func TestCancelAsksFirst(t *testing.T) {
	f := scheduled(t)
	b := f.signedIn(f.Lead)
	link := b.get(f.path()).attr(`a[href$="/absagen"]`, "href")
	for _, page := range inBothLanguages(b, link) {
		if !page.has(".mg-buttons a") || !page.has("main button[type=submit]") {
			t.Error("there is no way back or no way on")
		}
	}
	b.get(link).wantText("h1", "wirklich absagen").wantText("main form", "10:00 bis 12:00 Uhr")
	if len(f.engine.inputs) != 0 {
		t.Fatal("looking at the page has changed something")
	}
	b.follow(b.post(link, "reason", "Sturmwarnung")).wantText(".kern-alert--success", "abgesagt")
	in := f.said()
	if in.Message.Kind != advisory.CancelAppointment || in.Message.Session != 1 || in.Form != "cancel_appointment" || in.Answers.Get("reason") != "Sturmwarnung" {
		t.Errorf("the engine hears %+v", in)
	}
}

func TestAppointmentsThatCanNoLongerBeChanged(t *testing.T) {
	f := scheduled(t)
	b := f.signedIn(f.Contact)
	for name, test := range map[string]struct{ change, back, want string }{
		"begun": {`UPDATE sessions SET starts_at = now() - interval '1 minute'`,
			`UPDATE sessions SET starts_at = ends_at - interval '2 hours'`, "schon begonnen"},
		"cancelled":      {`UPDATE sessions SET state = 'cancelled'`, `UPDATE sessions SET state = 'scheduled'`, "schon abgesagt"},
		"held":           {`UPDATE sessions SET state = 'held'`, `UPDATE sessions SET state = 'scheduled'`, "schon vorbei"},
		"planned anew":   {`UPDATE sessions SET state = 'slots_wanted'`, `UPDATE sessions SET state = 'scheduled'`, "kein Termin fest"},
		"all over":       {`UPDATE consultations SET outcome = 'withdrawn'`, `UPDATE consultations SET outcome = ''`, "Die Beratung ist beendet"},
		"not any longer": {`SELECT 1`, `SELECT 1`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f.exec(test.change)
			defer f.exec(test.back)
			if test.want == "" { // the engine knows better than the page
				f.engine.err = advisory.Errorf(advisory.Conflict, "input: %w", &inbox.Refused{Reason: advisory.NotNow})
				defer func() { f.engine.err = nil }()
				test.want = "lässt sich nicht mehr ändern"
			} else if b.get(f.path()).has(`a[href$="/verschieben"]`) {
				t.Error("the page still offers it")
			}
			page := b.post(f.session(movePath), "date", workday(8), "start_time", "10:00", "duration", "minutes_60", "meeting_format", "video", "reason", "Wir tagen")
			page.wantStatus(http.StatusConflict).wantText("main", test.want).wantText("main", "Wir tagen")
			if page.attr("main a[href]", "href") != f.path() && !strings.Contains(page.text("main"), "Zur Beratung") {
				t.Error("there is no way back to the consultation")
			}
			b.post(f.session(cancelPath), "reason", "Wir tagen").wantStatus(http.StatusConflict).wantText("main", "Wir tagen")
		})
	}
	f.engine.err = nil
	b.get(sessionPath(f.Number, 7) + movePath).wantStatus(http.StatusNotFound)
	b.get(consultationPath(f.Number) + "/termine/x/absagen").wantStatus(http.StatusNotFound)
	f.engine.away = true
	b.post(f.session(cancelPath)).wantStatus(http.StatusAccepted)
}

func TestFurtherSessionIsPlannedInTheDialogue(t *testing.T) {
	f := scheduled(t)
	path := f.path() + planPath
	if f.signedIn(f.Lead).get(f.path()).has(`a[href$="` + planPath + `"]`) {
		t.Error("the page offers it at the opening")
	}
	f.signedIn(f.Lead).get(path).wantStatus(http.StatusConflict).wantText("main", "gehören in den Dialog")
	f.write(advisory.Entry{Stage: advisory.Dialogue})
	for name, test := range map[string]struct {
		person store.Person
		status int
	}{
		"lead": {f.Lead, http.StatusSeeOther}, "member": {f.Member, http.StatusSeeOther}, "coordinator": {f.Coordinator, http.StatusSeeOther},
		"contact": {f.Contact, http.StatusForbidden}, "other advisor": {f.named(advisory.Advisor, "Anna", "Anders"), http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			f.engine.inputs = nil
			b := f.signedIn(test.person)
			if offered := b.get(f.path()).has(`a[href$="` + planPath + `"]`); offered != (test.status == http.StatusSeeOther) {
				t.Errorf("offered: %v", offered)
			}
			b.post(path).wantStatus(test.status)
			if test.status != http.StatusSeeOther {
				return
			}
			b.get(path).wantStatus(http.StatusOK).wantText("main form", "1 Gespräch geplant")
			if in := f.said(); in.Message.Kind != advisory.PlanSession || in.Message.Actor != test.person.ID || in.ConsultationID != f.ID {
				t.Errorf("the engine hears %+v", in)
			}
		})
	}
	inBothLanguages(f.signedIn(f.Lead), path)
	f.exec(`UPDATE consultations SET resting_since = now()`)
	f.signedIn(f.Lead).post(path).wantStatus(http.StatusConflict).wantText("main", "ruht")
}

func TestTasksTellWhichOfSeveralSessionsTheyAreAbout(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ProposeSlots)
	var tasks []string
	for number := 2; number <= 3; number++ {
		f.write(advisory.Entry{Session: &advisory.SessionStep{Number: number, Kind: advisory.DialogueSession, State: advisory.SlotsWanted}})
		tasks = append(tasks, f.open(advisory.OpenTask{Kind: advisory.ProposeSlots, Session: number,
			Owner: advisory.Owner{Role: advisory.Advisor, Person: f.Lead.ID}}))
	}
	b := f.signedIn(f.Lead)
	list := b.get("/aufgaben").text("main")
	for i, title := range []string{"Dialoggespräch 1", "Dialoggespräch 2"} {
		if !strings.Contains(list, title) {
			t.Errorf("the list does not name %s", title)
		}
		b.get("/aufgaben/"+tasks[i]).wantText("main", title)
	}
	f.signedIn(f.Coordinator).get(f.path()).wantText("#aufgaben", "Dialoggespräch 2")
}

func TestNoteIsCorrectedByTheMunicipalityAlone(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.DecideAccompaniment)
	path := f.session(correctPath)
	b := f.signedIn(f.Contact)
	link := b.get(f.path()).attr(`a[href$="`+correctPath+`"]`, "href")
	b.get(link).wantStatus(http.StatusOK).wantText("main", "Runder Tisch").wantText("main form", "bleibt im Verlauf erhalten")
	inBothLanguages(b, link)
	b.post(link).wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "was anders dastehen soll")
	b.follow(b.post(link, "correction", "Es waren zwei Vereine.")).wantText(".kern-alert--success", "neben der Notiz")
	if in := f.said(); in.Message.Kind != advisory.CorrectNote || in.Message.Session != 1 || in.OnBehalf || in.Form != "correct_note" ||
		in.Answers.Get("correction") != "Es waren zwei Vereine." {
		t.Errorf("the engine hears %+v", in)
	}
	f.engine.inputs = nil
	k := f.signedIn(f.Coordinator)
	k.get(path).wantText("main", "für Musterstadt")
	k.post(path, "correction", "Es waren drei.").wantStatus(http.StatusUnprocessableEntity).wantText("#fehler", "Worauf beruht der Eintrag?")
	k.post(path, k.get(path).filled("correction", "Es waren drei.")...).wantStatus(http.StatusSeeOther)
	if in := f.said(); !in.OnBehalf || in.Form != "correct_note" || in.Answers.Get("behalf_basis") != "phone_call" {
		t.Errorf("entered for the municipality: %+v", in)
	}
	lead := f.signedIn(f.Lead)
	lead.get(path).wantStatus(http.StatusForbidden)
	if lead.get(f.path()).has(`a[href$="` + correctPath + `"]`) {
		t.Error("an advisor is offered to correct the note")
	}
	f.exec(`UPDATE notes SET correct_until = $1`, time.Now().In(advisory.Berlin).Format(time.DateOnly))
	b.get(path).wantStatus(http.StatusOK) // the last day counts
	f.exec(`UPDATE notes SET correct_until = $1`, time.Now().In(advisory.Berlin).AddDate(0, 0, -1).Format(time.DateOnly))
	b.post(path, "correction", "Zu spät").wantStatus(http.StatusConflict).wantText("main", "war bis").wantText("main", "Zu spät")
	if b.get(f.path()).has(`a[href$="` + correctPath + `"]`) {
		t.Error("the page still offers to correct the note")
	}
}

func TestCorrectionStandsBesideTheNote(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.DecideAccompaniment)
	id := uuid.Must(uuid.NewV7()).String()
	if _, err := f.store.JournalInput(t.Context(), store.NewInput{
		ConsultationID: f.ID, Message: advisory.Input{ID: id, Kind: advisory.CorrectNote, Actor: f.Coordinator.ID, Session: 1},
		Form: "correct_note", Answers: advisory.Answers{"correction": {"Es waren zwei Vereine.\nNicht drei."}}, OnBehalf: true, EnteredAt: time.Now(),
	}); err != nil {
		t.Fatal(err)
	}
	f.exec(`UPDATE notes SET correction_input_id = $1, corrected_at = now()`, id)
	for _, person := range []store.Person{f.Contact, f.Lead, f.Coordinator} {
		page := f.signedIn(person).get(f.path()).wantStatus(http.StatusOK)
		page.wantText("main", "Runder Tisch").wantText("main", "Berichtigung der Kommune").wantText("main", "Es waren zwei Vereine.").
			wantText("main", "Kim Beispiel für Musterstadt")
	}
	b := f.signedIn(f.Contact)
	if got := b.get(f.session(correctPath)).text("textarea"); !strings.Contains(got, "Nicht drei.") {
		t.Errorf("the form begins with %q", got)
	}
}

// slots are three dates as the form of propose_slots posts them.
func (f *consultationFixture) slots() map[string]string {
	values := map[string]string{}
	for key, answer := range slotAnswers {
		values[key] = answer[0]
	}
	return values
}

func pairs(values map[string]string) []string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		list = append(list, key, values[key])
	}
	return list
}
