package server

import (
	"testing"

	"miglobe/advisory"
)

func TestMailsTellPerPersonWhetherTheyArrived(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.CloseConsultation)
	f.exec(`UPDATE mails SET state = 'sent', sent_at = now(), subject = 'x'`)
	b := f.signedIn(f.Coordinator)
	b.get(f.path()).wantText("#mails .mg-row", "alles gesendet").wantNot(".mg-status a")
	person := func(id, state string) {
		f.exec(`UPDATE mails SET state = $2, failure = CASE $2 WHEN 'sent' THEN '' ELSE '550 5.1.1' END WHERE id = (
			SELECT id FROM mails WHERE consultation_id = $3 AND person_id = $1 ORDER BY ordered_at LIMIT 1)`, id, state, f.ID)
	}
	person(f.Contact.ID, "bounced")
	page := b.get(f.path()).wantText("#mails .mg-row", f.Contact.Name()).wantText("#mails .mg-row", "1 nicht zustellbar").wantText("#mails .mg-row", "Bitte klären Sie sie")
	page.wantText(".mg-status a", "Nicht alle Mails sind angekommen")
	if !page.has("#mails .mg-row a[href='" + f.contacts() + "']") {
		t.Error("no way to clarify the address")
	}
	person(f.Contact.ID, "sent")
	person(f.Lead.ID, "bounced")
	if !b.get(f.path()).has("#mails .mg-row a[href='" + poolPath + "/" + f.Lead.ID + "']") {
		t.Error("no way to the advisor whose address is refused")
	}
	person(f.Lead.ID, "given_up")
	b.get(f.path()).wantText("#mails .mg-row", "1 endgültig gescheitert").wantText("#mails .mg-row", "neu senden")
	person(f.Lead.ID, "queued")
	b.get("/en"+f.path()).wantText("#mails .mg-row", "1 not accepted yet")
}
