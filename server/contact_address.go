package server

import (
	"slices"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// checkAddress finds what is wrong with the address that a coordinator enters to settle check_address, beside the rules of
// the form. Afterwards nothing could be said any more.
func (s *Server) checkAddress(c *Context, d taskDesk, f *texts.Form, answers advisory.Answers, fc form.Context, errs form.Errors) (form.Errors, error) {
	if d.Kind != advisory.CheckAddress || len(errs) > 0 || answers.Get("email") == "" {
		return errs, nil
	}
	ctx, address := c.Request().Context(), answers.Get("email")
	if f.Name == "contact" {
		err := s.store.MayBecomeContact(ctx, d.ConsultationID, address)
		if code := addressError(err); code != "" {
			return errs.Add(f, c.Sources, fc, "email", code), nil
		}
		return errs, err
	}
	taken, err := s.store.AddressIsTaken(ctx, address, d.About)
	if taken {
		errs = errs.Add(f, c.Sources, fc, "email", "duplicate")
	}
	return errs, err
}

// unclearAddress shows a coordinator whose address it is and what is known of it.
func (b *panelBuilder) unclearAddress() {
	address, err := b.server.store.UnclearAddress(b.ctx(), b.desk.ConsultationID, b.desk.About)
	if advisory.CodeOf(err) == advisory.NotFound || b.fails(err) {
		return
	}
	facts := fact(b.T("tables.role"), b.T("roles."+string(address.Role)+".name"))
	title := b.T("contact_pages.panel.address")
	switch {
	case address.BouncedAt != nil:
		facts = append(facts, fact(b.T("contact_pages.panel.since"), texts.DateTime(b.Lang, *address.BouncedAt))...)
	case address.LeftAt != nil:
		title = b.T("contact_pages.panel.gone")
	}
	if address.LeftAt != nil {
		facts = append(facts, fact(b.T("contact_pages.panel.left"), texts.Date(b.Lang, *address.LeftAt))...)
	}
	mails := b.refusedMails(address)
	if address.Held > 0 {
		mails = append(mails, b.server.texts.Count(b.Lang, "contact_pages.panel.held", address.Held))
	}
	facts = append(facts, fact(b.T("contact_pages.panel.mails"), mails...)...)
	if address.NewEmail != "" {
		facts = append(facts, fact(b.T("contact_pages.panel.new"), address.NewEmail)...)
	}
	b.add(taskPanel{ID: "address", Title: title, Persons: []store.Person{address.Person}, Lists: list(facts)})
}

func (b *panelBuilder) refusedMails(address store.UnclearAddress) []string {
	var said []string
	consultation := store.Consultation{Number: b.desk.Number}
	for _, m := range address.Failed {
		subject, err := b.mailSubject(store.ConsultationMail{
			Template: m.Template, Subject: m.Subject, DueOn: m.DueOn, StartsAt: m.StartsAt,
		}, consultation)
		if b.fails(err) {
			return nil
		}
		said = append(said, b.T("contact_pages.panel.mail", "date", texts.Date(b.Lang, m.At), "subject", subject,
			"reason", b.T("contact_pages.failures."+failureOf(m))))
	}
	return said
}

// enhancedCodes say what a mail server meant (RFC 3463).
var enhancedCodes = map[string][]string{
	"unknown_mailbox": {"5.1.1", "5.1.6"},
	"unknown_domain":  {"5.1.2", "5.1.3", "5.1.10"},
	"mailbox_blocked": {"5.2.1"},
	"mailbox_full":    {"5.2.2"},
}

// failureOf is the key of the words for what a mail server said. Its own words may repeat the address and are not kept.
func failureOf(m store.RefusedMail) string {
	if m.State == "given_up" {
		return "given_up"
	}
	words := strings.Fields(m.Failure)
	for key, codes := range enhancedCodes {
		if slices.ContainsFunc(codes, func(code string) bool { return slices.Contains(words, code) }) {
			return key
		}
	}
	return "refused"
}

// contactsElsewhere shows who else could be asked.
func (b *panelBuilder) contactsElsewhere() {
	contacts, err := b.server.store.Contacts(b.ctx(), b.desk.ConsultationID)
	if b.fails(err) {
		return
	}
	panel := taskPanel{ID: "contacts", Title: b.T("consultation.contacts")}
	for _, contact := range contacts {
		if contact.ID != b.desk.About {
			panel.Persons = append(panel.Persons, contact.Person)
		}
	}
	if len(panel.Persons) > 0 {
		b.add(panel)
	}
}
