package robot

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"miglobe/advisory"
)

const taskPage = `<h1>Termin wählen</h1>
<form method="post" action="/aufgaben/7"><input type="hidden" name="version" value="3">
<input type="radio" name="slot" value="1"><input type="radio" name="slot" value="2">
<input type="radio" name="advisor.a" value=""><input type="radio" name="advisor.a" value="member"><input type="radio" name="advisor.a" value="lead">
<input type="radio" name="advisor.b" value="" checked><input type="radio" name="advisor.b" value="member"><input type="radio" name="advisor.b" value="lead">
<input type="date" name="slots.2.date"><input type="date" name="committee"><textarea name="comment"></textarea><input type="text" name="place" value="Rathaus">
<button type="submit" name="choice" value="confirm"></button><button type="submit" name="choice" value="keep"></button><button name="action" value="save"></button></form>`

// TestAPersonFillsInWhatThePageOffers: hidden fields come along, wishes count first, then what the page suggests.
func TestAPersonFillsInWhatThePageOffers(t *testing.T) {
	var sent url.Values
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(taskPage))
			return
		}
		_ = r.ParseForm()
		sent = r.PostForm
		w.Header().Set("Location", "/beratungen")
		w.WriteHeader(http.StatusSeeOther)
	}))
	defer site.Close()
	visitor, err := NewVisitor(site.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	friday := time.Date(2026, 11, 27, 12, 0, 0, 0, advisory.Berlin)
	f, err := visitor.PrepareTask(t.Context(), "7", Writer{
		Words: "Worte", Choice: "keep", Wishes: map[string]string{"slot": "2"}, Calendar: advisory.NewCalendar("NW"), Today: friday,
	})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := visitor.Send(t.Context(), f)
	if err != nil || answer.Told() != Applied {
		t.Fatalf("told %s, %v", answer.Told(), err)
	}
	for name, want := range map[string]string{
		"version": "3", "slot": "2", "advisor.a": "lead", "advisor.b": "", "slots.2.date": "2026-12-01", "committee": "",
		"comment": "Worte", "place": "Rathaus", "choice": "keep", "action": "",
	} {
		if sent.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, sent.Get(name), want)
		}
	}
}
