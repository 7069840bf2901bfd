package store_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

// mentioned are the numbers of unread mentions and of queued mails about them, by person.
func (d *desk) mentioned() map[string][2]int {
	d.Helper()
	counts := map[string][2]int{}
	for name, id := range d.people {
		_, total, err := d.store.Mentions(d.ctx, id, 10)
		d.must(err)
		mails := d.count(`SELECT count(*) FROM mails WHERE person_id = $1 AND template = 'note_mention' AND state = 'queued'`, id)
		if total+mails > 0 {
			counts[name] = [2]int{total, mails}
		}
	}
	return counts
}

func TestWhoIsMentionedIsToldOnce(t *testing.T) {
	d := newDesk(t)
	d.exec(`UPDATE persons SET active = false WHERE id = $1`, d.people["lea"])
	d.must(d.store.AddInternalNote(d.ctx, d.consultation, d.people["kim"], "@robin geheim", monday,
		d.people["robin"], d.people["robin"], d.people["kim"], d.people["lea"], d.people["toni"], d.people["amina"], "niemand"))
	if got := d.mentioned(); len(got) != 1 || got["robin"] != [2]int{1, 1} {
		t.Fatalf("told: %v, want only robin, once: neither the author, nor who is inactive, nor others than coordinators", got)
	}
	mentions, _, err := d.store.Mentions(d.ctx, d.people["robin"], 10)
	d.must(err)
	notes, err := d.store.InternalNotes(d.ctx, d.consultation)
	d.must(err)
	if m := mentions[0]; m.AuthorName != "kim Muster" || m.NoteID != notes[0].ID || !m.WrittenAt.Equal(monday) {
		t.Errorf("mention %+v of note %+v", m, notes[0])
	}
	if note := notes[0]; !slices.Equal(note.Mentioned, []string{"robin Muster"}) || !slices.Equal(note.UnreadBy, []string{d.people["robin"]}) {
		t.Errorf("note %+v", note)
	}
	d.must(d.store.SeeMentions(d.ctx, d.people["kim"], notes[0].ID, monday))
	if got := d.mentioned(); got["robin"][0] != 1 {
		t.Error("somebody else has read it for robin")
	}
	d.must(d.store.SeeMentions(d.ctx, d.people["robin"], "kein/e Nummer", monday))
	d.must(d.store.SeeMentions(d.ctx, d.people["robin"], notes[0].ID, monday))
	if got := d.mentioned(); got["robin"] != [2]int{0, 1} { // a mail that goes at once is on its way
		t.Errorf("after reading: %v", got)
	}
}

func TestReadMentionsNeedNoMailOfTheDay(t *testing.T) {
	d := newDesk(t)
	d.exec(`UPDATE persons SET mail_rhythm = 'daily_digest' WHERE id = $1`, d.people["robin"])
	d.must(d.store.AddInternalNote(d.ctx, d.consultation, d.people["kim"], "eins", monday, d.people["robin"]))
	d.must(d.store.AddInternalNote(d.ctx, d.consultation, d.people["kim"], "zwei", monday.Add(time.Hour), d.people["robin"]))
	if waiting := d.read(`SELECT count(*)::text FROM mails WHERE template = 'note_mention' AND digest`); waiting != "2" {
		t.Fatalf("%s mails wait for the mail of the day, want 2", waiting)
	}
	notes, err := d.store.InternalNotes(d.ctx, d.consultation)
	d.must(err)
	d.must(d.store.SeeMentions(d.ctx, d.people["robin"], notes[0].ID, monday))
	if got := d.mentioned(); got["robin"] != [2]int{1, 1} {
		t.Errorf("one of two read: %v", got)
	}
	d.must(d.store.SeeMentions(d.ctx, d.people["robin"], "", monday))
	if got := d.mentioned(); len(got) != 0 {
		t.Errorf("all read: %v", got)
	}
}

func TestMentionsOfAnErasedConsultationVanish(t *testing.T) {
	d := newErasure(t, advisory.Declined)
	d.must(d.store.AddInternalNote(d.ctx, d.consultation, d.people["kim"], named, monday, d.people["robin"]))
	d.anonymise(2, 0, 0)
	if got := d.mentioned(); len(got) != 0 {
		t.Errorf("still told: %v", got)
	}
	if left := d.read(`SELECT count(*)::text FROM internal_notes WHERE note LIKE '%` + named + `%'`); left != "0" {
		t.Errorf("%s notes still hold words", left)
	}
}
