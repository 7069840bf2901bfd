package worker_test

import (
	"strings"
	"testing"
)

// mention lets Kim mention a colleague in a note whose words must not leave the house.
func (o *office) mention(colleague string) {
	o.Helper()
	o.exec(`UPDATE mails SET state = 'not_needed'`)
	o.exec(`UPDATE persons SET role = 'coordinator' WHERE id = $1`, colleague)
	o.must(o.store.AddInternalNote(o.Context(), o.consultation, o.kim, "@Robin Modell vertraulich", sevenOClock, colleague))
}

func TestAMentionIsMailedWithoutTheNote(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.mention(o.robin)
	o.open(sevenOClock)
	letters := o.lettersTo("robin@demo.example")
	if len(letters) != 1 || len(o.box.letters) != 1 {
		t.Fatalf("%d letters to Robin of %d", len(letters), len(o.box.letters))
	}
	if !strings.Contains(letters[0], "/beratungen/MG-2026-0001?notiz=") || strings.Contains(letters[0], "vertraulich") {
		t.Errorf("letter:\n%s", letters[0])
	}
}

func TestMentionsComeWithTheMailOfTheDay(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.exec(`UPDATE persons SET mail_rhythm = 'daily_digest' WHERE id = $1`, o.robin)
	o.mention(o.robin)
	o.open(sevenOClock)
	if n := len(o.box.letters); n != 0 {
		t.Fatalf("%d letters before the desk opens", n)
	}
	o.open(monday)
	letters := o.lettersTo("robin@demo.example")
	if len(letters) != 1 {
		t.Fatalf("%d letters, want the mail of the day though no task is open", len(letters))
	}
	if !strings.Contains(letters[0], "/beratungen/MG-2026-0001?notiz=") || strings.Contains(letters[0], "vertraulich") {
		t.Errorf("letter:\n%s", letters[0])
	}
}
