package mail_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	ical "github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"

	"miglobe/advisory"
	"miglobe/mail"
)

// readCalendar reads a file back with a parser that had no part in writing it.
func readCalendar(t *testing.T, file []byte) *ical.Calendar {
	t.Helper()
	calendar, err := ical.NewDecoder(bytes.NewReader(file)).Decode()
	if err != nil {
		t.Fatalf("read calendar file: %v\n%s", err, file)
	}
	return calendar
}

func propertyOf(t *testing.T, props ical.Props, name string) string {
	t.Helper()
	text, err := props.Text(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return text
}

// zoneChange is one change of the clocks, as the VTIMEZONE of a file tells it.
type zoneChange struct {
	at     time.Time
	offset time.Duration // from then on
}

// zoneOf expands the VTIMEZONE of a file, as a calendar does that does not know the zone by its name.
func zoneOf(t *testing.T, calendar *ical.Calendar, until time.Time) []zoneChange {
	t.Helper()
	var changes []zoneChange
	for _, component := range calendar.Children {
		if component.Name != ical.CompTimezone {
			continue
		}
		for _, half := range component.Children {
			from, to := offsetOf(t, half, "TZOFFSETFROM"), offsetOf(t, half, "TZOFFSETTO")
			option, err := half.Props.RecurrenceRule()
			if err != nil || option == nil {
				t.Fatalf("rule of %s: %v", half.Name, err)
			}
			if option.Dtstart, err = half.Props.DateTime(ical.PropDateTimeStart, time.UTC); err != nil {
				t.Fatal(err)
			}
			rule, err := rrule.NewRRule(*option)
			if err != nil {
				t.Fatal(err)
			}
			for _, local := range rule.Between(option.Dtstart, until, true) {
				changes = append(changes, zoneChange{at: local.Add(-from), offset: to})
			}
		}
	}
	slices.SortFunc(changes, func(a, b zoneChange) int { return a.at.Compare(b.at) })
	return changes
}

func offsetOf(t *testing.T, half *ical.Component, name string) time.Duration {
	t.Helper()
	offset, err := time.Parse("-0700", half.Props.Get(name).Value)
	if err != nil {
		t.Fatal(err)
	}
	_, seconds := offset.Zone()
	return time.Duration(seconds) * time.Second
}

// localIn is the time of day that the changes give at an instant.
func localIn(changes []zoneChange, at time.Time) string {
	offset := time.Duration(0)
	for _, change := range changes {
		if change.at.After(at) {
			break
		}
		offset = change.offset
	}
	return at.UTC().Add(offset).Format("2006-01-02 15:04")
}

func TestTimezoneOfTheFileIsTheTimeOfBerlin(t *testing.T) {
	changes := zoneOf(t, readCalendar(t, mail.Calendar(exampleEvent())), time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC))
	changed := 0
	for year := 2024; year <= 2035; year++ {
		for _, month := range []time.Month{time.March, time.October} {
			before := 0
			for at := time.Date(year, month, 24, 0, 0, 0, 0, time.UTC); at.Day() >= 24; at = at.Add(time.Hour) {
				want := at.In(advisory.Berlin).Format("2006-01-02 15:04")
				if got := localIn(changes, at); got != want {
					t.Fatalf("%s is %s by the file, want %s", at, got, want)
				}
				_, offset := at.In(advisory.Berlin).Zone()
				if before != 0 && before != offset {
					changed++
				}
				before = offset
			}
		}
	}
	if changed != 24 {
		t.Errorf("the test has seen %d changes of the clocks, want 24", changed)
	}
}

func TestAppointmentsBesideTheChangeOfTheClocks(t *testing.T) {
	for _, day := range []string{"2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26"} {
		for _, clock := range []string{"00:30", "04:00", "10:00", "23:30"} {
			event := exampleEvent()
			var err error
			if event.Start, err = time.ParseInLocation("2006-01-02 15:04", day+" "+clock, advisory.Berlin); err != nil {
				t.Fatal(err)
			}
			event.End = event.Start.Add(3 * time.Hour)
			calendar := readCalendar(t, mail.Calendar(event))
			changes := zoneOf(t, calendar, event.End.AddDate(1, 0, 0))
			props := calendar.Events()[0].Props
			for name, want := range map[string]time.Time{ical.PropDateTimeStart: event.Start, ical.PropDateTimeEnd: event.End} {
				local, err := time.Parse("20060102T150405", props.Get(name).Value)
				if err != nil {
					t.Fatal(err)
				}
				if got := localIn(changes, want); got != local.Format("2006-01-02 15:04") {
					t.Errorf("%s %s: %s is %s in the file, and %s by its zone", day, clock, name, local, got)
				}
			}
		}
	}
}

func TestInvitationMoveAndCancellationAreOneEntry(t *testing.T) {
	event := exampleEvent()
	event.Sequence = 0
	moved := event
	moved.Sequence, moved.Start, moved.End = 1, event.Start.AddDate(0, 0, 14), event.End.AddDate(0, 0, 14)
	moved.Comment = "Sitzungssaal belegt,\nbitte um Verständnis; danke"
	cancelled := moved
	cancelled.Method, cancelled.Sequence = mail.Cancel, 2

	for _, want := range []mail.Event{event, moved, cancelled} {
		calendar := readCalendar(t, mail.Calendar(want))
		if method := propertyOf(t, calendar.Props, ical.PropMethod); method != string(want.Method) {
			t.Errorf("method is %q, want %q", method, want.Method)
		}
		if n := len(calendar.Events()); n != 1 {
			t.Fatalf("%d events", n)
		}
		props := calendar.Events()[0].Props
		for name, text := range map[string]string{
			ical.PropUID: event.UID, ical.PropSummary: want.Summary, ical.PropLocation: want.Location, ical.PropComment: want.Comment,
			ical.PropDescription: strings.ReplaceAll(want.Description, "\r\n", "\n"),
		} {
			if got := propertyOf(t, props, name); got != text {
				t.Errorf("%s: %s is %q, want %q", want.Method, name, got, text)
			}
		}
		if sequence, err := props.Get(ical.PropSequence).Int(); err != nil || sequence != want.Sequence {
			t.Errorf("%s: sequence %d (%v), want %d", want.Method, sequence, err, want.Sequence)
		}
		status := ical.EventConfirmed
		if want.Method == mail.Cancel {
			status = ical.EventCancelled
		}
		if got, err := calendar.Events()[0].Status(); err != nil || got != status {
			t.Errorf("%s: status %s (%v), want %s", want.Method, got, err, status)
		}
		start, err := calendar.Events()[0].DateTimeStart(nil)
		if err != nil || !start.Equal(want.Start) {
			t.Errorf("%s: starts %s (%v), want %s", want.Method, start, err, want.Start)
		}
		if n := len(props.Values(ical.PropAttendee)); n != len(event.Attendees) {
			t.Errorf("%s: %d attendees, want %d", want.Method, n, len(event.Attendees))
		}
	}
}

func TestFeed(t *testing.T) {
	first, second := exampleEvent(), exampleEvent()
	second.UID, second.Sequence, second.Summary = "sitzung-18@miglobe.example", 0, strings.Repeat("Äußerst lange Überschrift, ", 12)
	second.Start, second.End = first.Start.AddDate(0, 3, 0), first.End.AddDate(0, 3, 0)
	file := mail.Feed("MiGlobe, Termine; meine", []mail.Event{first, second})
	calendar := readCalendar(t, file)
	if method := propertyOf(t, calendar.Props, ical.PropMethod); method != "PUBLISH" {
		t.Errorf("method is %q", method)
	}
	if name := propertyOf(t, calendar.Props, "X-WR-CALNAME"); name != "MiGlobe, Termine; meine" {
		t.Errorf("the calendar is called %q", name)
	}
	events := calendar.Events()
	if len(events) != 2 {
		t.Fatalf("%d events, want 2:\n%s", len(events), file)
	}
	for i, want := range []mail.Event{first, second} {
		props := events[i].Props
		if uid := propertyOf(t, props, ical.PropUID); uid != want.UID {
			t.Errorf("UID %q, want that of the invitation, %q", uid, want.UID)
		}
		if sequence, err := props.Get(ical.PropSequence).Int(); err != nil || sequence != want.Sequence {
			t.Errorf("sequence %d (%v), want %d", sequence, err, want.Sequence)
		}
		if summary := propertyOf(t, props, ical.PropSummary); summary != strings.TrimSpace(want.Summary) {
			t.Errorf("summary %q", summary)
		}
		if start, err := events[i].DateTimeStart(nil); err != nil || !start.Equal(want.Start) {
			t.Errorf("starts %s (%v), want %s", start, err, want.Start)
		}
		if len(props.Values(ical.PropAttendee)) > 0 || props.Get(ical.PropOrganizer) == nil {
			t.Error("what is published has an organizer and no attendees (RFC 5546)")
		}
	}
	for line := range strings.SplitSeq(string(file), "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") {
			t.Errorf("line is not folded: %q", line)
		}
	}
}

func TestEmptyFeedIsACalendar(t *testing.T) {
	calendar := readCalendar(t, mail.Feed("MiGlobe", nil))
	if len(calendar.Events()) != 0 || propertyOf(t, calendar.Props, ical.PropMethod) != "PUBLISH" {
		t.Errorf("%+v", calendar)
	}
}

func TestValuesBringNoLinesIntoAFeed(t *testing.T) {
	event := exampleEvent()
	for _, evil := range []string{
		"x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "x\nATTENDEE:mailto:opfer@boese.example", "x\rX-EVIL:1", "x\u2028BEGIN:VALARM", "x\x00\x0b", `x\nBEGIN:VALARM\`,
	} {
		event.UID, event.Summary, event.Description, event.Location, event.Comment = evil, evil, evil, evil, evil
		event.URL, event.OrganizerName, event.OrganizerMail = evil, evil, evil
		for name, file := range map[string][]byte{"feed": mail.Feed(evil, []mail.Event{event}), "invitation": mail.Calendar(event)} {
			calendar := readCalendar(t, file)
			if n := len(calendar.Events()); n != 1 {
				t.Fatalf("%s, %q: %d events\n%s", name, evil, n, file)
			}
			entry := calendar.Events()[0]
			attendees := len(entry.Props.Values(ical.PropAttendee))
			if len(entry.Children) > 0 || len(entry.Props["X-EVIL"]) > 0 || name == "feed" && attendees > 0 || attendees > len(event.Attendees) {
				t.Errorf("%s, %q: a value became a line of its own:\n%s", name, evil, file)
			}
		}
	}
}
