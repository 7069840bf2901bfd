package browser_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"miglobe/local/mailcatcher"
)

// letter waits for a mail with these words in its subject, or as a heading where several became one, that the person
// has not read yet. Every mail so far with the same words counts as read then.
func (v *visitor) letter(subject string) *mailcatcher.Mail {
	v.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	about := func(m *mailcatcher.Mail) bool {
		return strings.Contains(m.Subject, subject) || strings.Contains(m.Text, "\n\n"+subject+"\n\n")
	}
	mail, err := around.Mails.Wait(ctx, v.email, func(m *mailcatcher.Mail) bool {
		return about(m) && !v.read[subject+m.ID]
	})
	if err != nil {
		var subjects []string
		for _, m := range around.Mails.To(v.email) {
			subjects = append(subjects, m.Subject)
		}
		v.Fatalf("%s got no mail %q, but %q", v.name, subject, subjects)
	}
	for _, m := range around.Mails.To(v.email) {
		if about(m) {
			v.read[subject+m.ID] = true
		}
	}
	return mail
}

// entry waits for a calendar entry with a date, of this method ("REQUEST", "CANCEL").
func (v *visitor) entry(method string, at time.Time) string {
	v.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	begin := "DTSTART;TZID=Europe/Berlin:" + at.Format("20060102T150405")
	mail, err := around.Mails.Wait(ctx, v.email, func(m *mailcatcher.Mail) bool {
		return strings.Contains(m.Calendar, begin) && strings.Contains(m.Calendar, "METHOD:"+method)
	})
	if err != nil {
		v.Fatalf("%s got no entry %s for %s", v.name, method, begin)
	}
	return mail.Calendar
}

// sequence is which change of an entry this is.
func sequence(v *visitor, calendar string) int {
	v.Helper()
	n, err := strconv.Atoi(strings.TrimPrefix(line(calendar, "SEQUENCE:"), "SEQUENCE:"))
	v.must(err)
	return n
}

// followsMail opens the link of a mail by the words of its button, and returns it.
func (v *visitor) followsMail(subject, button string) string {
	v.Helper()
	mail := v.letter(subject)
	found := regexp.MustCompile(regexp.QuoteMeta(button) + `:\s+(http\S+)`).FindStringSubmatch(mail.Text)
	if found == nil {
		v.Fatalf("the mail %q has no button %q:\n%s", mail.Subject, button, mail.Text)
	}
	v.open(found[1])
	return found[1]
}

// signIn asks for a link, reads the mail and uses it.
func (v *visitor) signIn() {
	v.Helper()
	v.open("/anmelden")
	v.useSignInForm()
}

// useSignInForm goes on from the form that asks for the address.
func (v *visitor) useSignInForm() {
	v.Helper()
	v.expect("Anmelden")
	// All visitors come from one address of the internet, which could be used up.
	if _, err := app.Store.DB().Exec(`DELETE FROM rate_limits WHERE action IN ('sign_in_client', 'confirm_client')`); err != nil {
		v.Fatal(err)
	}
	v.fill("E-Mail-Adresse", v.email)
	v.press("Link zuschicken")
	v.expect("Bitte sehen Sie in Ihr Postfach")
	v.followsMail("Ihr Anmelde-Link für MiGlobe", "Zur Anmeldung")
	v.expect("Anmelden bei MiGlobe")
	v.press("Anmelden")
}
