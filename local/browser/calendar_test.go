package browser_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"miglobe/advisory"
)

// TestCalendarFeed: an advisor subscribes to the own appointments, and the address is worth nothing once it is revoked.
func TestCalendarFeed(t *testing.T) {
	t.Parallel()
	c := filed(t, "Kalenderfeld").until(advisory.Opening)
	dates := atTen(8, 1)
	c.scheduled(dates[0])
	amina := visits(t, phone, c.amina)
	amina.signIn()
	amina.follow("Termine im eigenen Kalender abonnieren")
	amina.sees("Sie haben noch keine Adresse.")
	amina.press("Adresse anlegen")
	amina.sees("Wir zeigen die Adresse nur dieses eine Mal.")
	address, err := ask[string](amina, "value", "Oder kopieren Sie die Adresse", "")
	c.must(err)
	status, feed := c.downloads(address)
	if status != http.StatusOK || line(feed, "UID:") != line(amina.entry("REQUEST", dates[0]), "UID:") ||
		!strings.Contains(feed, dates[0].Format("20060102T150405")) || strings.Count(feed, "VALUE=DURATION") != 1 ||
		strings.Contains(feed, "METHOD:REQUEST") {
		t.Errorf("the feed answers %d: %s", status, feed)
	}
	amina.open("/kalender")
	amina.sees("Zuletzt abgerufen")
	amina.seesNot(address)
	amina.press("Adresse widerrufen")
	amina.isTold("Die Adresse gilt nicht mehr.")
	if status, _ := c.downloads(address); status != http.StatusNotFound {
		t.Errorf("the revoked address answers %d", status)
	}
}

// downloads asks for a file as a program does.
func (c *consultation) downloads(address string) (int, string) {
	c.Helper()
	answer, err := http.Get(address) //nolint:noctx // the test ends with it
	c.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	c.must(err)
	return answer.StatusCode, string(body)
}

// TestDailyDigest: coordinators and advisors choose one mail a day, and find their choice again.
func TestDailyDigest(t *testing.T) {
	t.Parallel()
	const question, digest = "Wie oft dürfen wir Ihnen schreiben?", "einmal am Tag, gesammelt"
	kim, amina := visits(t, desk, person(t, advisory.Coordinator, "Kim")), visits(t, phone, advisor(t, "Amina"))
	kim.signIn()
	kim.follow("Mails: wie oft und in welcher Sprache")
	kim.choose(question, digest)
	kim.press("Speichern")
	kim.isTold("Ihre Wahl ist gespeichert.")
	kim.open("/mails")
	amina.signIn()
	amina.open("/profil")
	amina.choose(question, digest)
	amina.press("Profil speichern")
	amina.open("/profil")
	for _, v := range []*visitor{kim, amina} {
		if !v.look("isChosen", digest, question) {
			t.Errorf("%s chose the digest and does not find it chosen", v.name)
		}
	}
}
