package worker_test

import (
	"context"
	"fmt"
	stdmime "mime"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

var decoder stdmime.WordDecoder

// draftOf is a request that somebody has begun.
func draftOf(email string) store.Draft {
	return store.Draft{Answers: advisory.Answers{"email": {email}}, FormVersion: 1, Language: "de"}
}

func (o *office) person(address string, role advisory.Role) string {
	o.Helper()
	id, err := o.store.SavePerson(context.Background(), store.Person{Email: address, Role: role, FirstName: "Alex", LastName: "Muster", Active: true})
	o.must(err)
	return id
}

// contact makes a person a confirmed contact of the consultation.
func (o *office) contact(person string) {
	o.Helper()
	o.exec(`INSERT INTO contacts (consultation_id, person_id, confirmed_at) VALUES ($1, $2, $3)`, o.consultation, person, monday)
}

// absence is Monday to Wednesday; deputy may be "".
func (o *office) absence(person, deputy string) {
	o.Helper()
	o.exec(`INSERT INTO absences (id, person_id, from_at, until_at, deputy_id) VALUES (gen_random_uuid(), $1, $2, $3, NULLIF($4, '')::uuid)`,
		person, advisory.Midnight(monday), advisory.Midnight(monday).AddDate(0, 0, 3), deputy)
}

// lastKey is the key of the mail that was ordered last.
func (o *office) lastKey(template string) string { return fmt.Sprint(template, o.mails) }

// session gives the consultation a session with an appointment.
func (o *office) session(n int, start time.Time) {
	o.Helper()
	o.exec(`INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at, place) VALUES ($1, $2, 'dialogue', 'scheduled', $3, $4, 'Rathaus')`,
		o.consultation, n, start, start.Add(time.Hour))
}

// sentMail is a letter of one mail.
func sentMail(id, messageID string) []store.SentMail {
	return []store.SentMail{{IDs: []string{id}, MessageID: messageID}}
}
