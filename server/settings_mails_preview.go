package server

import (
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// testMails bounds how many mails somebody sends to themselves.
var testMails = limit{"mail_template_test", 20, time.Hour}

// previewPolicy is that of a mail shown as a page of its own: its styles are inline, as mail programs want them. Nothing
// runs, is sent or loaded, and only our own pages may frame it.
const previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"

// framingPolicy is that of the page which shows such a preview.
const framingPolicy = contentSecurityPolicy + "; frame-src 'self'"

// mailPreviewView is a mail with invented data in both of its forms.
type mailPreviewView struct {
	Subject, Text string
	Path          string // of its HTML
}

// try shows a text that is not saved as the mail that it makes, and sends it to its author where they want it.
func (e mailEdit) try(answers advisory.Answers, words texts.MailText, sends bool) error {
	ctx := e.Request().Context()
	if sends {
		if err := e.server.limits.allow(ctx, testMails, e.Person.ID); err != nil {
			return err
		}
	}
	wording, err := e.server.wordings.Newest(ctx)
	if err != nil {
		return err
	}
	message, err := wording.ComposeSample(e.text.Lang, e.text.Name, words, e.server.mailSettings())
	if err != nil {
		return err
	}
	id, err := e.server.store.SaveMailPreview(ctx, e.Person.ID, store.MailPreview{
		Name: e.text.Name, Language: e.text.Lang, Subject: words.Subject, Body: words.Body,
	})
	if err != nil {
		return err
	}
	page := e.page(answers, nil)
	page.Preview = &mailPreviewView{Subject: message.Subject, Text: message.Text, Path: mailTextsPath + "/vorschau/" + id}
	if sends {
		if err := e.server.store.OrderTestMail(ctx, id, e.Person.ID, e.Now()); err != nil {
			return err
		}
		page.Sent = e.T("settings_mails.test_sent", "address", e.Person.Email)
	}
	e.Response().Header().Set("Content-Security-Policy", framingPolicy)
	return e.Show(http.StatusOK, page)
}

// showMailPreview shows the HTML of a mail to whoever has typed its text, and to nobody else.
func (s *Server) showMailPreview(c *Context) error {
	ctx := c.Request().Context()
	preview, err := s.store.MailPreview(ctx, c.Param("id"), c.Person.ID)
	if err != nil {
		return err
	}
	wording, err := s.wordings.Newest(ctx)
	if err != nil {
		return err
	}
	message, err := wording.ComposeSample(preview.Language, preview.Name, preview.Text(), s.mailSettings())
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", previewPolicy)
	c.Response().Header().Set("Content-Language", string(preview.Language))
	return c.HTML(http.StatusOK, message.HTML)
}
