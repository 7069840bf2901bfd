package mail

import (
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"miglobe/advisory"
)

// Method says what a calendar file does to the appointments with its UIDs.
type Method string

const (
	Request Method = "REQUEST" // enters the appointment, or replaces what was entered
	Cancel  Method = "CANCEL"  // takes it out again
	Publish Method = "PUBLISH" // shows appointments to whoever subscribed to them
)

// Event is an appointment. It keeps its UID for as long as it exists; every
// change of it, the cancellation too, raises Sequence, or calendars ignore it.
type Event struct {
	UID      string // unique in the world, such as an id and the sender's domain
	Sequence int    // 0 when first sent
	Method   Method
	Stamp    time.Time // when this version was made; the same for every recipient
	Start    time.Time
	End      time.Time

	Summary     string
	Description string
	Location    string
	URL         string // the page of the appointment; may be empty
	Comment     string // why it was moved or called off; may be empty

	OrganizerName string
	OrganizerMail string
	Attendees     []Address // everybody who gets the file sees all of them
}

// CalendarFile is a calendar file on its way into a mail.
type CalendarFile struct {
	Method  Method
	Content []byte
}

// File makes the calendar file that an Envelope carries.
func (e Event) File() *CalendarFile {
	return &CalendarFile{Method: e.Method, Content: Calendar(e)}
}

// Calendar writes an appointment as an iCalendar file (RFC 5545, RFC 5546)
// with times of Europe/Berlin. The same event always gives the same bytes.
// Nobody is asked for an answer by calendar, because answers are given on the
// page.
func Calendar(e Event) []byte {
	calendar := newCalendar(e.Method)
	addEvent(calendar, e)
	return serialize(calendar)
}

// Feed writes appointments as the calendar of one reader, under the name that
// calendars show for it. Events are as in their invitations, with the same
// UIDs, so that a calendar knows what it has; attendees are left out, as
// RFC 5546 has it for what is published. Times of Europe/Berlin. The same
// events always give the same bytes.
func Feed(name string, events []Event) []byte {
	calendar := newCalendar(Publish)
	calendar.SetXWRCalName(singleLine(name))
	calendar.SetXPublishedTTL(feedInterval)
	calendar.SetRefreshInterval(feedInterval)
	for _, e := range events {
		e.Method, e.Attendees = Publish, nil
		addEvent(calendar, e)
	}
	return serialize(calendar)
}

// feedInterval is how often a calendar should ask for a feed again.
const feedInterval = "PT1H"

func newCalendar(method Method) *ics.Calendar {
	calendar := &ics.Calendar{}
	calendar.SetProductId("-//MiGlobe//MiGlobe//DE")
	calendar.SetVersion("2.0")
	calendar.SetCalscale("GREGORIAN")
	calendar.SetMethod(ics.Method(method))
	calendar.AddVTimezone(berlinTimezone())
	return calendar
}

func serialize(calendar *ics.Calendar) []byte {
	return []byte(calendar.Serialize(ics.WithNewLine("\r\n"), ics.WithLineLength(75)))
}

func addEvent(calendar *ics.Calendar, e Event) {
	event := calendar.AddEvent(singleLine(e.UID))
	event.SetDtStampTime(e.Stamp)
	event.SetSequence(e.Sequence)
	event.SetStatus(e.status())
	event.SetProperty(ics.ComponentPropertyDtStart, berlinTime(e.Start), ics.WithTZID(berlinID))
	event.SetProperty(ics.ComponentPropertyDtEnd, berlinTime(e.End), ics.WithTZID(berlinID))
	event.SetSummary(singleLine(e.Summary))
	setUnlessEmpty(event.SetDescription, clean(e.Description))
	setUnlessEmpty(event.SetLocation, singleLine(e.Location))
	setUnlessEmpty(event.SetURL, withoutBlanks(e.URL))
	setUnlessEmpty(event.AddComment, clean(e.Comment))
	event.SetTimeTransparency(ics.TransparencyOpaque)
	if organizer := withoutBlanks(e.OrganizerMail); organizer != "" {
		event.SetOrganizer("mailto:"+organizer, commonName(e.OrganizerName)...)
	}
	for _, attendee := range e.Attendees {
		event.AddAttendee("mailto:"+withoutBlanks(attendee.Address), append(commonName(attendee.Name),
			ics.ParticipationRoleReqParticipant, ics.ParticipationStatusNeedsAction, ics.WithRSVP(false))...)
	}
}

func (e Event) status() ics.ObjectStatus {
	if e.Method == Cancel {
		return ics.ObjectStatusCancelled
	}
	return ics.ObjectStatusConfirmed
}

func setUnlessEmpty(set func(string, ...ics.PropertyParameter), value string) {
	if value != "" {
		set(value)
	}
}

// withoutBlanks keeps an address from beginning a line of its own.
func withoutBlanks(address string) string {
	return strings.ReplaceAll(singleLine(address), " ", "")
}

// parameterUnsafe maps the characters that the library would escape with a
// backslash, which RFC 5545 does not know in parameters: calendars would show
// the backslash or stop reading.
var parameterUnsafe = strings.NewReplacer(
	`"`, "", `\`, "", "^", "", "'", "’", ",", " ", ";", " ", ":", " ")

func commonName(name string) []ics.PropertyParameter {
	name = singleLine(parameterUnsafe.Replace(name))
	if name == "" {
		return nil
	}
	return []ics.PropertyParameter{ics.WithCN(name)}
}

const (
	berlinID        = "Europe/Berlin"
	localTimeFormat = "20060102T150405"
)

func berlinTime(t time.Time) string { return t.In(advisory.Berlin).Format(localTimeFormat) }

// berlinTimezone is the rule of central European time since 1996. Calendars
// that do not know the name of the zone go by it.
func berlinTimezone() *ics.VTimezone {
	zone := ics.NewTimezone(berlinID)
	zone.Components = append(zone.Components,
		&ics.Daylight{ComponentBase: observance("CEST", "19700329T020000", "+0100", "+0200", "3")},
		&ics.Standard{ComponentBase: observance("CET", "19701025T030000", "+0200", "+0100", "10")})
	return zone
}

// observance is half a year of the zone, from the last Sunday of a month on.
func observance(name, since, from, to, month string) ics.ComponentBase {
	half := ics.ComponentBase{}
	half.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), from)
	half.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), to)
	half.AddProperty(ics.ComponentProperty(ics.PropertyTzname), name)
	half.AddProperty(ics.ComponentPropertyDtStart, since)
	half.AddProperty(ics.ComponentPropertyRrule, "FREQ=YEARLY;BYMONTH="+month+";BYDAY=-1SU")
	return half
}
