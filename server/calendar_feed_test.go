package server

import (
	"io"
	"net/http"
	"strings"
	"testing"

	ical "github.com/emersion/go-ical"

	"miglobe/advisory"
	"miglobe/store"
)

// feedOf makes the address of a person's feed and returns its path.
func (f *consultationFixture) feedOf(person store.Person) string {
	f.t.Helper()
	page := f.signedIn(person).post(feedPath).wantStatus(http.StatusOK)
	path, ok := strings.CutPrefix(page.attr("#feed", "value"), "http://miglobe.example")
	if !ok {
		f.t.Fatalf("address %q", page.attr("#feed", "value"))
	}
	return path
}

// subscribe asks for a feed as a calendar does: without a session.
func (f *consultationFixture) subscribe(path string, header ...string) (*http.Response, string) {
	f.t.Helper()
	request, err := http.NewRequest(http.MethodGet, f.URL+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	if len(header) == 2 {
		request.Header.Set(header[0], header[1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		f.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return response, string(body)
}

// events reads a feed with an independent parser.
func (f *consultationFixture) events(path string) []ical.Event {
	f.t.Helper()
	response, body := f.subscribe(path)
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		f.t.Fatalf("%d %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
	calendar, err := ical.NewDecoder(strings.NewReader(body)).Decode()
	if err != nil {
		f.t.Fatalf("%v:\n%s", err, body)
	}
	if method, _ := calendar.Props.Text(ical.PropMethod); method != "PUBLISH" {
		f.t.Errorf("method %q", method)
	}
	return calendar.Events()
}

func TestCalendarFeedHoldsTheAppointments(t *testing.T) {
	f := scheduled(t)
	f.exec(`UPDATE sessions SET sequence = 3`)
	for _, person := range []store.Person{f.Lead, f.Member, f.Coordinator} {
		events := f.events(f.feedOf(person))
		if len(events) != 1 {
			t.Fatalf("%s: %d events", person.Role, len(events))
		}
		for property, want := range map[string]string{
			ical.PropUID:      advisory.SessionUID(f.ID, 1, "miglobe.example"),
			ical.PropSummary:  "MiGlobe: Auftaktgespräch – Vereine einbinden",
			ical.PropLocation: "Rathaus",
		} {
			if got, _ := events[0].Props.Text(property); got != want {
				t.Errorf("%s: %s is %q, want %q", person.Role, property, got, want)
			}
		}
		if sequence, _ := events[0].Props.Get(ical.PropSequence).Int(); sequence != 3 {
			t.Errorf("sequence %d, want that of the invitation", sequence)
		}
		start, err := events[0].DateTimeStart(nil)
		if err != nil || start.In(advisory.Berlin).Format("2006-01-02 15:04") != workday(3)+" 10:00" {
			t.Errorf("starts %s (%v)", start, err)
		}
		if len(events[0].Props.Values(ical.PropAttendee)) > 0 {
			t.Error("the feed names who takes part")
		}
	}
}

func TestCalendarFeedLeavesOut(t *testing.T) {
	for name, test := range map[string]struct {
		change string
		want   int
	}{
		"nothing":                   {`SELECT 1`, 1},
		"what was called off":       {`UPDATE sessions SET state = 'cancelled'`, 0},
		"what is planned anew":      {`UPDATE sessions SET state = 'slots_proposed'`, 0},
		"what is long over":         {`UPDATE sessions SET starts_at = now() - interval '40 days', ends_at = now() - interval '40 days', state = 'held'`, 0},
		"not what was a while ago":  {`UPDATE sessions SET starts_at = now() - interval '20 days', ends_at = now() - interval '20 days', state = 'held'`, 1},
		"what the person has left":  {`UPDATE team SET until = now()`, 0},
		"not what rests meanwhile":  {`UPDATE consultations SET resting_since = now()`, 1},
		"not what others have left": {`UPDATE team SET until = now() WHERE NOT lead`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := scheduled(t)
			path := f.feedOf(f.Lead)
			f.exec(test.change)
			if got := len(f.events(path)); got != test.want {
				t.Errorf("%d events, want %d", got, test.want)
			}
		})
	}
}

func TestCalendarFeedIsOnlyForConsultationsOfTheCoordinator(t *testing.T) {
	f := scheduled(t)
	if n := len(f.events(f.feedOf(f.Colleague))); n != 0 {
		t.Errorf("a colleague's feed has %d events", n)
	}
}

func TestCalendarFeedAddressEnds(t *testing.T) {
	f := scheduled(t)
	gone := func(path string) {
		t.Helper()
		if response, body := f.subscribe(path); response.StatusCode != http.StatusNotFound || strings.Contains(body, "BEGIN:VCALENDAR") {
			t.Errorf("%d", response.StatusCode)
		}
	}
	first := f.feedOf(f.Lead)
	second := f.feedOf(f.Lead)
	gone(first)
	f.events(second)
	gone(strings.TrimSuffix(second, ".ics"))
	gone(feedPath + "/erraten.ics")

	f.exec(`UPDATE persons SET active = false WHERE id = $1`, f.Lead.ID)
	gone(second)
	f.exec(`UPDATE persons SET active = true, role = 'reader' WHERE id = $1`, f.Lead.ID)
	gone(second)
	f.exec(`UPDATE persons SET role = 'advisor' WHERE id = $1`, f.Lead.ID)
	f.events(second)

	b := f.signedIn(f.Lead)
	b.follow(b.post(revokeFeedPath)).wantText(".kern-alert--success", "gilt nicht mehr").wantText("main", "noch keine Adresse")
	gone(second)
	if n := f.count(`SELECT count(*) FROM calendar_feeds`); n != 0 {
		t.Errorf("%d feeds are left", n)
	}
}

func TestCalendarFeedAddressIsShownOnce(t *testing.T) {
	f := scheduled(t)
	b := f.signedIn(f.Lead)
	b.get("/profil").wantText(`a[href="/kalender"]`, "abonnieren")
	b.get(feedPath).wantStatus(http.StatusOK).wantText("main", "noch keine Adresse")
	page := b.post(feedPath).wantStatus(http.StatusOK).wantText("main", "nur dieses eine Mal")
	address := page.attr("#feed", "value")
	webcal := page.attr(`a[href^="webcal://"]`, "href")
	if strings.TrimPrefix(webcal, "webcal://") != strings.TrimPrefix(address, "http://") || len(address) < len("http://miglobe.example/kalender/.ics")+43 {
		t.Errorf("addresses %q and %q", address, webcal)
	}
	for lang, page := range inBothLanguages(b, feedPath) {
		if page.has("#feed") {
			t.Errorf("%s: the address is shown again", lang)
		}
	}
	b.get(feedPath).wantText("main", "Noch kein Kalender hat sie abgerufen")
	token := strings.TrimSuffix(strings.TrimPrefix(address, "http://miglobe.example/kalender/"), ".ics")
	if n := f.count(`SELECT count(*) FROM calendar_feeds WHERE token_hash = $1::bytea OR encode(token_hash, 'escape') LIKE '%' || $2 || '%'`, []byte(token), token); n != 0 {
		t.Error("the token itself is stored")
	}
	f.events("/kalender/" + token + ".ics")
	b.get(feedPath).wantText("main", "Zuletzt abgerufen")
	f.signedIn(f.Coordinator).get("/arbeitsplatz").wantText(`a[href="/kalender"]`, "abonnieren")
	f.signedIn(f.Contact).get(feedPath).wantStatus(http.StatusForbidden)
	f.signedIn(f.Contact).post(feedPath).wantStatus(http.StatusForbidden)
}

func TestCalendarFeedIsNotSentAgainUnchanged(t *testing.T) {
	f := scheduled(t)
	path := f.feedOf(f.Lead)
	response, _ := f.subscribe(path)
	tag := response.Header.Get("ETag")
	if tag == "" || !strings.HasPrefix(response.Header.Get("Cache-Control"), "private") || response.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("headers %v", response.Header)
	}
	if response, body := f.subscribe(path, "If-None-Match", tag); response.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("unchanged: %d %q", response.StatusCode, body)
	}
	f.exec(`UPDATE sessions SET starts_at = starts_at + interval '1 hour'`)
	if response, _ := f.subscribe(path, "If-None-Match", tag); response.StatusCode != http.StatusOK {
		t.Errorf("changed: %d", response.StatusCode)
	}
}

func TestCalendarFeedIsLimited(t *testing.T) {
	f := scheduled(t)
	path := f.feedOf(f.Lead)
	f.events(path)
	f.exec(`UPDATE rate_limits SET count = 100000 WHERE action = 'feed_client'`)
	if response, _ := f.subscribe(path); response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("%d, retry after %q", response.StatusCode, response.Header.Get("Retry-After"))
	}
}
