package worker_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
)

// orderAbout puts a mail about session 1 to a person in the outbox.
func (o *office) orderAbout(person, template string, at time.Time) {
	o.Helper()
	o.orderFor(person, template, 0, false, at)
	o.exec(`UPDATE mails SET session = 1 WHERE key = $1`, o.lastKey(template))
}

// calendars are the calendar files of letters, unfolded.
func calendars(letters []string) (files []string) {
	for _, letter := range letters {
		if from := strings.Index(letter, "BEGIN:VCALENDAR"); from >= 0 {
			letter = strings.ReplaceAll(strings.ReplaceAll(letter[from:], "=\r\n", ""), "=3D", "=")
			letter = letter[:strings.Index(letter, "END:VCALENDAR")]
			files = append(files, strings.ReplaceAll(letter, "\r\n ", ""))
		}
	}
	return files
}

func TestOnlyThePresentDateOfAnAppointmentIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		change string
		orders []string
		want   []string // states
		method string
	}{
		"confirmed":             {`SELECT 1`, []string{"appointment_confirmed"}, []string{"sent"}, "REQUEST"},
		"moved before it went":  {`UPDATE sessions SET sequence = 1`, []string{"appointment_confirmed", "appointment_moved"}, []string{"not_needed", "sent"}, "REQUEST"},
		"moved after reminders": {`UPDATE sessions SET sequence = 1`, []string{"appointment_reminder", "appointment_moved"}, []string{"not_needed", "sent"}, "REQUEST"},
		"cancelled":             {`UPDATE sessions SET state = 'cancelled', sequence = 1`, []string{"appointment_moved", "appointment_reminder", "appointment_cancelled"}, []string{"not_needed", "not_needed", "sent"}, "CANCEL"},
		"cancelled and agreed anew": {`UPDATE sessions SET sequence = 2`, []string{"appointment_cancelled", "appointment_confirmed"},
			[]string{"not_needed", "sent"}, "REQUEST"},
		"over": {`UPDATE sessions SET state = 'outcome_wanted'`, []string{"appointment_confirmed", "appointment_reminder"}, []string{"not_needed", "not_needed"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, "toni@demo.example")
			o.contact(o.toni)
			o.session(1, monday.AddDate(0, 0, 7))
			o.exec(test.change)
			for i, template := range test.orders {
				o.orderAbout(o.toni, template, monday.Add(time.Duration(i-10)*time.Minute))
			}
			o.open(monday)
			if got := o.states(); !slices.Equal(got, test.want) {
				t.Errorf("states %v, want %v", got, test.want)
			}
			files := calendars(o.lettersTo("toni@demo.example"))
			if test.method == "" && len(files) > 0 || test.method != "" && (len(files) != 1 || !strings.Contains(files[0], "METHOD:"+test.method)) {
				t.Errorf("calendar files %v, want one with %s", files, test.method)
			}
		})
	}
}

func TestTheReasonOfAChangedAppointmentIsThatOfItsInput(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.contact(o.toni)
	o.session(1, monday.AddDate(0, 0, 7))
	for i, kind := range []string{"move_appointment", "withdraw"} {
		o.exec(`INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, answers, message, entered_at)
			VALUES ($1, $2, '', $3, $4, '{"reason": ["Ratssitzung"]}', '{}', $5)`, inputID(byte(i+1)), o.consultation, kind, o.toni, monday)
	}
	o.orderAbout(o.toni, "appointment_moved", sevenOClock)
	o.exec(`UPDATE mails SET input_id = $1`, inputID(1))
	o.open(monday)
	o.exec(`UPDATE sessions SET state = 'cancelled'`)
	o.orderAbout(o.toni, "appointment_cancelled", monday)
	o.exec(`UPDATE mails SET input_id = $1 WHERE template = 'appointment_cancelled'`, inputID(2))
	o.open(monday)
	letters := o.lettersTo("toni@demo.example")
	if len(letters) != 2 || !strings.Contains(letters[0], "Ratssitzung") || strings.Contains(letters[1], "Ratssitzung") {
		t.Errorf("%d letters; the occasion of a move is for everybody, that of a withdrawal is not", len(letters))
	}
}

func TestAReleasedAdvisorLosesTheCalendarEntryAndTheNewOneGetsIt(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.contact(o.toni)
	o.session(1, monday.AddDate(0, 0, 1))
	o.exec(`UPDATE sessions SET sequence = 1`)
	former := o.person("former@demo.example", advisory.Advisor)
	o.exec(`INSERT INTO team (consultation_id, advisor_id, lead, since, until) VALUES ($1, $2, false, $4, $4), ($1, $3, true, $4, NULL)`,
		o.consultation, former, o.robin, monday)
	o.orderAbout(former, "appointment_reminder", sevenOClock)
	o.orderAbout(former, "appointment_cancelled", sevenOClock.Add(time.Minute))
	o.orderFor(former, "advisor_released", 0, false, sevenOClock.Add(time.Minute))
	o.orderAbout(o.robin, "appointment_confirmed", sevenOClock.Add(time.Minute))
	o.orderFor(former, "options_confirmed", 0, false, sevenOClock)
	o.open(monday)
	gone, came := calendars(o.lettersTo("former@demo.example")), calendars(o.lettersTo("robin@demo.example"))
	if len(o.lettersTo("former@demo.example")) != 2 || len(gone) != 1 || len(came) != 1 {
		t.Fatalf("%d letters and %d calendar files to who left, %d to who came, states %v", len(o.lettersTo("former@demo.example")), len(gone), len(came), o.states())
	}
	if !strings.Contains(gone[0], "METHOD:CANCEL") || !strings.Contains(gone[0], "SEQUENCE:1") || strings.Contains(gone[0], "toni@demo.example") ||
		!strings.Contains(gone[0], "former@demo.example") {
		t.Errorf("to who left: %s", gone[0])
	}
	if !strings.Contains(came[0], "METHOD:REQUEST") || !strings.Contains(came[0], "toni@demo.example") || strings.Contains(came[0], "former@demo.example") {
		t.Errorf("to who came: %s", came[0])
	}
}
