package browser_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestChecksFindWhatIsWrong: a check that finds nothing on a bad page would find nothing anywhere.
func TestChecksFindWhatIsWrong(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "img-src 'none'")
		w.Write([]byte(`<!DOCTYPE html><html lang="de"><title>Schlecht</title><h1>Schlecht</h1><p>Schritt {n} von 6</p><input>
			<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><pre style="width: 2000px">breit</pre>
			<script>document.querySelector('p').append(' mit Skript')</script>`)) //nolint:errcheck // the browser is gone then
	}))
	defer site.Close()
	for _, d := range []device{desk, phone} {
		quiet := d
		quiet.axe = false
		v := newVisitor(t, quiet, "Stranger", "")
		v.must(v.leave(chromedp.Navigate(site.URL)))
		if problems := v.takeProblems(); len(problems) == 0 {
			t.Errorf("%s: a picture that the policy forbids is not reported", d.name)
		}
		if !v.isTooWide() {
			t.Errorf("%s: a page of 2000 pixels is not too wide", d.name)
		}
		if unfilled.FindString(v.here.Text) != "{n}" {
			t.Errorf("%s: the placeholder in %q is not found", d.name, v.here.Text)
		}
		if scripts := strings.Contains(v.here.Text, "mit Skript"); scripts != d.scripts {
			t.Errorf("%s: the page's script ran: %v", d.name, scripts)
		}
		var rules []string
		for _, found := range v.violations() {
			rules = append(rules, found.ID)
		}
		if !slices.Contains(rules, "label") || !slices.Contains(rules, "image-alt") {
			t.Errorf("%s: axe finds only %q", d.name, rules)
		}
	}
}
