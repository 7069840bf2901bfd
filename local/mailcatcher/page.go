package mailcatcher

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
)

// pagePolicy lets the catcher's own pages load their style sheet and frame the HTML of a mail, no more.
const pagePolicy = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// mailPolicy holds the HTML of a mail: no script, no loading from elsewhere, an origin of its own. Links
// open in a new window, which is an ordinary one.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

//go:embed pages
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"time":      func(t time.Time) string { return t.In(advisory.Berlin).Format("02.01.2006, 15:04:05") },
	"withLinks": withLinks,
}).ParseFS(pageFiles, "pages/*.html"))

// Handler serves the pages and the API:
//
//	GET /                      all mails, newest first; ?to=ADDRESS those to one recipient
//	GET /mails/ID              one mail: text, HTML in a sandboxed frame, attachments
//	GET /mails/ID/html         its HTML; /source the mail as received; /attachments/N one attachment, from 0
//	GET /api/mails?to=ADDRESS  JSON array of Mail, newest first
func (c *Catcher) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.showList)
	mux.HandleFunc("GET /mails/{id}", c.withMail(showMail))
	mux.HandleFunc("GET /mails/{id}/html", c.withMail(showHTML))
	mux.HandleFunc("GET /mails/{id}/source", c.withMail(showSource))
	mux.HandleFunc("GET /mails/{id}/attachments/{index}", c.withMail(downloadAttachment))
	mux.HandleFunc("GET /api/mails", c.listAsJSON)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, pageFiles, "pages/style.css")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", pagePolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

type listPage struct {
	To         string
	Recipients []string
	Mails      []*Mail
}

func (c *Catcher) showList(w http.ResponseWriter, r *http.Request) {
	to := strings.TrimSpace(r.URL.Query().Get("to"))
	render(w, "list.html", listPage{To: to, Recipients: c.Recipients(), Mails: c.To(to)})
}

func (c *Catcher) listAsJSON(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(c.To(r.URL.Query().Get("to"))) // the reader has gone when this fails
}

// withMail finds the mail that the path names.
func (c *Catcher) withMail(show func(http.ResponseWriter, *http.Request, *Mail)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		mail, found := c.Mail(r.PathValue("id"))
		if !found {
			http.NotFound(w, r)
			return
		}
		show(w, r, mail)
	}
}

func showMail(w http.ResponseWriter, _ *http.Request, mail *Mail) { render(w, "mail.html", mail) }

func showHTML(w http.ResponseWriter, _ *http.Request, mail *Mail) {
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<base target="_blank">` + mail.HTML))
}

func showSource(w http.ResponseWriter, _ *http.Request, mail *Mail) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(mail.source)
}

func downloadAttachment(w http.ResponseWriter, r *http.Request, mail *Mail) {
	index, err := strconv.Atoi(r.PathValue("index"))
	if err != nil || index < 0 || index >= len(mail.Attachments) {
		http.NotFound(w, r)
		return
	}
	attachment := mail.Attachments[index]
	w.Header().Set("Content-Type", attachment.Type)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": attachment.Name}))
	_, _ = w.Write(attachment.content)
}

func render(w http.ResponseWriter, name string, page any) {
	var content bytes.Buffer
	if err := pages.ExecuteTemplate(&content, name, page); err != nil {
		http.Error(w, "Die Seite kann nicht gezeigt werden.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = content.WriteTo(w)
}

var address = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)]`)

// withLinks escapes a mail's text and makes the addresses in it links.
func withLinks(text string) template.HTML {
	var out strings.Builder
	end := 0
	for _, found := range address.FindAllStringIndex(text, -1) {
		link := template.HTMLEscapeString(text[found[0]:found[1]])
		out.WriteString(template.HTMLEscapeString(text[end:found[0]]))
		out.WriteString(`<a href="` + link + `">` + link + `</a>`)
		end = found[1]
	}
	out.WriteString(template.HTMLEscapeString(text[end:]))
	return template.HTML(out.String()) // every piece is escaped above
}
