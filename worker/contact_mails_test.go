package worker_test

import (
	"regexp"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

var addressLink = regexp.MustCompile(`https://miglobe\.example/adresse-bestaetigen/([A-Za-z0-9_-]+)`)

// plain undoes quoted-printable where it breaks lines.
func plain(body string) string {
	return strings.ReplaceAll(strings.ReplaceAll(body, "=\r\n", ""), "=3D", "=")
}

func TestMailToANewContactHoldsTheLinkAndNothingElse(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.exec(`UPDATE mails SET state = 'not_needed'`)
	change := store.ContactChange{ConsultationID: o.consultation, Actor: o.kim, FormVersion: 1, Now: monday}
	o.must(o.store.AddContact(t.Context(), change, advisory.Answers{"first_name": {"Sam"}, "last_name": {"Sommer"}, "email": {"sam@demo.example"}}))
	o.open(monday)
	if len(o.box.bodies) != 1 {
		t.Fatalf("%d letters", len(o.box.bodies))
	}
	body := plain(o.box.bodies[0])
	for _, word := range []string{"Musterhausen", "Vereine einbinden", "Sommer", "MG-2026-0001"} {
		if strings.Contains(body, word) {
			t.Errorf("the mail tells %q before the address is confirmed", word)
		}
	}
	found := addressLink.FindStringSubmatch(body)
	if found == nil {
		t.Fatal("no link in the mail")
	}
	link, err := o.store.ConfirmPersonAddress(t.Context(), found[1], monday)
	if err != nil || link.Email != "sam@demo.example" || link.ConsultationID != o.consultation {
		t.Errorf("%+v, %v", link, err)
	}
}

func TestNoMailToANewContactWhoLeft(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	change := store.ContactChange{ConsultationID: o.consultation, Actor: o.kim, FormVersion: 1, Now: monday}
	o.must(o.store.AddContact(t.Context(), change, advisory.Answers{"first_name": {"Sam"}, "last_name": {"Sommer"}, "email": {"sam@demo.example"}}))
	sam, err := o.store.PersonByEmail(t.Context(), "sam@demo.example")
	o.must(err)
	o.must(o.store.ContactLeaves(t.Context(), change, sam.ID))
	o.open(monday)
	if len(o.box.bodies) != 0 {
		t.Errorf("%d letters", len(o.box.bodies))
	}
}
