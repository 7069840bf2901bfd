package mail_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"miglobe/advisory"
	"miglobe/mail"
)

func exampleEvent() mail.Event {
	return mail.Event{
		UID:           "sitzung-17@miglobe.example",
		Sequence:      2,
		Method:        mail.Request,
		Stamp:         time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC),
		Start:         time.Date(2026, 3, 17, 9, 0, 0, 0, time.UTC),
		End:           time.Date(2026, 3, 17, 10, 30, 0, 0, time.UTC),
		Summary:       "MiGlobe: Gespräch zu „Vereine einbinden“; Rathaus, Raum 1 (MG-2026-0042), Beratung der Kommune Musterstadt",
		Description:   "Ziel, Notizen und Kontaktdaten:\r\nhttps://miglobe.example/a/BEISPIEL",
		Location:      "Rathaus, Raum 1; Äußere Straße",
		URL:           "https://miglobe.example/a/BEISPIEL",
		OrganizerName: "MiGlobe Koordination",
		OrganizerMail: "koordination@miglobe.example",
		Attendees: []mail.Address{
			{Name: "Frau Beispiel", Address: "beispiel@musterstadt.example"},
			{Name: `Kim "O'Beispiel", Dr.; Rat: \`, Address: "kim@miglobe.example"},
			{Address: "ohne-namen@miglobe.example"},
		},
	}
}

// readEvent parses a calendar file back, as a mail program would.
func readEvent(t *testing.T, file []byte) (*ics.Calendar, *ics.VEvent) {
	t.Helper()
	calendar, err := ics.ParseCalendar(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("parse calendar file: %v\n%s", err, file)
	}
	if len(calendar.Events()) != 1 {
		t.Fatalf("file has %d events, want 1:\n%s", len(calendar.Events()), file)
	}
	return calendar, calendar.Events()[0]
}

func TestCalendar(t *testing.T) {
	tests := map[string]struct {
		change         func(*mail.Event)
		method, status string
		start, end     string
	}{
		"winter": {func(*mail.Event) {}, "REQUEST", "CONFIRMED", "20260317T100000", "20260317T113000"},
		"summer": {func(e *mail.Event) {
			e.Start, e.End = e.Start.AddDate(0, 3, 0), e.End.AddDate(0, 3, 0)
		}, "REQUEST", "CONFIRMED", "20260617T110000", "20260617T123000"},
		"given in Berlin": {func(e *mail.Event) {
			e.Start, e.End = e.Start.In(advisory.Berlin), e.End.In(advisory.Berlin)
		}, "REQUEST", "CONFIRMED", "20260317T100000", "20260317T113000"},
		"cancelled": {func(e *mail.Event) { e.Method, e.Sequence = mail.Cancel, 3 },
			"CANCEL", "CANCELLED", "20260317T100000", "20260317T113000"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			event := exampleEvent()
			test.change(&event)
			calendar, got := readEvent(t, mail.Calendar(event))
			var method string
			for _, property := range calendar.CalendarProperties {
				if property.IANAToken == string(ics.PropertyMethod) {
					method = property.Value
				}
			}
			if method != test.method || string(event.File().Method) != test.method {
				t.Errorf("method is %q, want %q", method, test.method)
			}
			for property, want := range map[ics.ComponentProperty]string{
				ics.ComponentPropertyUniqueId:    event.UID,
				ics.ComponentPropertyStatus:      test.status,
				ics.ComponentPropertyDtstamp:     "20260302T093000Z",
				ics.ComponentPropertyDtStart:     test.start,
				ics.ComponentPropertyDtEnd:       test.end,
				ics.ComponentPropertySummary:     event.Summary,
				ics.ComponentPropertyDescription: strings.ReplaceAll(event.Description, "\r\n", "\n"),
				ics.ComponentPropertyLocation:    event.Location,
				ics.ComponentPropertyUrl:         event.URL,
				ics.ComponentPropertyOrganizer:   "mailto:" + event.OrganizerMail,
			} {
				if value := got.GetProperty(property); value == nil || value.Value != want {
					t.Errorf("%s is %v, want %q", property, value, want)
				}
			}
			if sequence := got.GetProperty(ics.ComponentPropertySequence).Value; sequence != string(rune('0'+event.Sequence)) {
				t.Errorf("sequence is %s, want %d", sequence, event.Sequence)
			}
			if start, err := got.GetStartAt(); err != nil || !start.Equal(event.Start) {
				t.Errorf("start is %v (%v), want %v", start, err, event.Start)
			}
			if end, err := got.GetEndAt(); err != nil || !end.Equal(event.End) {
				t.Errorf("end is %v (%v), want %v", end, err, event.End)
			}
		})
	}
}

func TestCalendarAttendees(t *testing.T) {
	_, got := readEvent(t, mail.Calendar(exampleEvent()))
	want := []struct{ address, name string }{
		{"beispiel@musterstadt.example", "Frau Beispiel"},
		{"kim@miglobe.example", "Kim O’Beispiel Dr. Rat"},
		{"ohne-namen@miglobe.example", ""},
	}
	attendees := got.Attendees()
	if len(attendees) != len(want) {
		t.Fatalf("there are %d attendees, want %d", len(attendees), len(want))
	}
	for i, attendee := range attendees {
		name := strings.Join(attendee.ICalParameters["CN"], ",")
		if attendee.Email() != want[i].address || name != want[i].name {
			t.Errorf("attendee %d is %q %q, want %q %q", i, name, attendee.Email(), want[i].name, want[i].address)
		}
		if rsvp := attendee.ICalParameters["RSVP"]; len(rsvp) != 1 || rsvp[0] != "false" {
			t.Errorf("attendee %d is asked for an answer: %q", i, rsvp)
		}
	}
}

func TestCalendarLines(t *testing.T) {
	file := string(mail.Calendar(exampleEvent()))
	if strings.Count(file, "\n") != strings.Count(file, "\r\n") || !strings.HasSuffix(file, "END:VCALENDAR\r\n") {
		t.Error("lines do not end with CRLF")
	}
	for line := range strings.SplitSeq(file, "\r\n") {
		if len(line) > 75 {
			t.Errorf("line has %d octets: %q", len(line), line)
		}
		if !utf8.ValidString(line) {
			t.Errorf("a letter is torn apart: %q", line)
		}
	}
}

func TestCalendarTimezone(t *testing.T) {
	calendar, event := readEvent(t, mail.Calendar(exampleEvent()))
	zones := calendar.Timezones()
	if len(zones) != 1 {
		t.Fatalf("file has %d time zones, want 1", len(zones))
	}
	zone := zones[0].GetProperty(ics.ComponentPropertyTzid).Value
	for _, property := range []ics.ComponentProperty{ics.ComponentPropertyDtStart, ics.ComponentPropertyDtEnd} {
		if id := event.GetProperty(property).ICalParameters["TZID"]; len(id) != 1 || id[0] != zone {
			t.Errorf("%s has the time zone %q, which is not in the file (%q)", property, id, zone)
		}
	}
	if zone != advisory.Berlin.String() {
		t.Errorf("time zone is %q, want %q", zone, advisory.Berlin)
	}
	file := string(mail.Calendar(exampleEvent()))
	for _, rule := range []string{
		"BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n",
		"BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n",
	} {
		if !strings.Contains(file, rule) {
			t.Errorf("file lacks the rule\n%s\nin\n%s", rule, file)
		}
	}
}

func TestCalendarValuesStayInTheirLine(t *testing.T) {
	event := exampleEvent()
	evil := "x\r\nATTENDEE:mailto:opfer@boese.example"
	event.UID, event.Summary, event.Description, event.Location = evil, evil, evil, evil
	event.URL, event.OrganizerName, event.OrganizerMail = evil, evil, evil
	event.Attendees = []mail.Address{{Name: evil, Address: evil}}
	_, got := readEvent(t, mail.Calendar(event))
	if n := len(got.Attendees()); n != 1 {
		t.Errorf("a value brought in attendees: there are %d, want 1:\n%s", n, mail.Calendar(event))
	}
}

func TestCalendarIsTheSameEachTime(t *testing.T) {
	if !bytes.Equal(mail.Calendar(exampleEvent()), mail.Calendar(exampleEvent())) {
		t.Error("the same event gives different files")
	}
}
