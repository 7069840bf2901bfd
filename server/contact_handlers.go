package server

import (
	"errors"
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
)

// withContacts reads the consultation of the path: the municipality's own, or any for coordinators.
func (s *Server) withContacts(c *Context) (store.Consultation, error) {
	consultation, err := c.consultation()
	if err != nil || c.Person.Role.Coordinates() {
		return consultation, err
	}
	_, err = s.participation(c, consultation)
	return consultation, err
}

func (c *Context) contactChange(consultation store.Consultation) store.ContactChange {
	return store.ContactChange{
		ConsultationID: consultation.ID, Actor: c.Person.ID, FormVersion: c.server.texts.FormVersion(), Now: c.Now(),
	}
}

func contactsOf(consultation store.Consultation) string {
	return consultationPath(consultation.Number) + contactsSuffix
}

func (s *Server) showContacts(c *Context) error {
	consultation, err := s.withContacts(c)
	if err != nil {
		return err
	}
	page := contactsPage{Consultation: consultation, ForStaff: c.Person.Role.Coordinates()}
	if consultation.EndedAt == nil {
		page.AddPath = contactsOf(consultation) + addSuffix
	}
	if page.Rows, err = s.contactRows(c, consultation); err != nil {
		return err
	}
	return c.Show(http.StatusOK, page)
}

func (s *Server) showNewContact(c *Context) error {
	consultation, err := s.withContacts(c)
	switch {
	case err != nil:
		return err
	case consultation.EndedAt != nil:
		return c.Go(contactsOf(consultation))
	}
	return c.askForContact(http.StatusOK, consultation, nil, nil)
}

func (c *Context) askForContact(status int, consultation store.Consultation, answers advisory.Answers, errs form.Errors) error {
	f := c.Form("contact")
	page := newContactPage{Consultation: consultation, View: form.NewView(f, answers, errs, nil, c.FormContext()), Intro: f.Intro}
	if c.Person.Role.Coordinates() {
		page.Intro = c.T("contact_pages.add_as_staff")
	}
	return c.Show(status, page)
}

// addContact asks the new person to confirm the address. Where the address cannot be a contact's, the form says why.
func (s *Server) addContact(c *Context) error {
	f := c.Form("contact") // before anything is refused, so that the page can show what was typed
	consultation, err := s.withContacts(c)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), nil)
	if errs := form.Validate(f, answers, nil, c.FormContext()); len(errs) > 0 {
		return c.askForContact(http.StatusUnprocessableEntity, consultation, answers, errs)
	}
	address := answers.Get("email")
	if err := c.limitMails(address); err != nil {
		return err
	}
	err = s.store.AddContact(c.Request().Context(), c.contactChange(consultation), answers)
	if code := addressError(err); code != "" {
		errs := form.Errors(nil).Add(f, nil, c.FormContext(), "email", code)
		return c.askForContact(http.StatusUnprocessableEntity, consultation, answers, errs)
	}
	if err != nil {
		return c.contactsStay(consultation, err)
	}
	return c.Done(contactsOf(consultation), "contact_pages.added", "email", address)
}

// addressError is the code of the form's error where an address cannot be that of a contact.
func addressError(err error) string {
	switch {
	case errors.Is(err, store.OtherRole):
		return "other_role"
	case errors.Is(err, store.KnownContact):
		return "duplicate"
	}
	return ""
}

func (s *Server) resendConfirmation(c *Context) error {
	consultation, err := s.withContacts(c)
	if err != nil {
		return err
	}
	if err := c.limitMails(consultation.ID + c.Param("id")); err != nil {
		return err
	}
	if err := s.store.ResendConfirmation(c.Request().Context(), c.contactChange(consultation), c.Param("id")); err != nil {
		return c.contactsStay(consultation, err)
	}
	return c.Done(contactsOf(consultation), "contact_pages.resent")
}

// leavingContact is the contact of the path. Whoever is no coordinator speaks of oneself only.
func (s *Server) leavingContact(c *Context) (consultation store.Consultation, leaving store.Contact, others int, err error) {
	if consultation, err = s.withContacts(c); err != nil {
		return consultation, leaving, 0, err
	}
	contacts, err := s.store.Contacts(c.Request().Context(), consultation.ID)
	for _, contact := range contacts {
		if contact.ID == c.Param("id") {
			leaving = contact
		} else {
			others++
		}
	}
	known := leaving.ID != "" && (leaving.ID == c.Person.ID || c.Person.Role.Coordinates())
	if err == nil && !known {
		err = advisory.Errorf(advisory.NotFound, "no contact %s", c.Param("id"))
	}
	return consultation, leaving, others, err
}

func (s *Server) showLeaveContacts(c *Context) error {
	consultation, leaving, others, err := s.leavingContact(c)
	if err != nil {
		return err
	}
	page := leaveContactsPage{
		Consultation: consultation, Action: contactsOf(consultation) + "/" + leaving.ID + leaveSuffix,
		Title: c.T("contact_pages.leave_title"), Text: c.T("contact_pages.leave_text"), Button: c.T("contact_pages.leave"),
	}
	last := others == 0 && consultation.EndedAt == nil
	switch {
	case leaving.ID != c.Person.ID:
		page.Title, page.Text = c.T("contact_pages.mark_left_title", "name", leaving.Name()), c.T("contact_pages.mark_left_text")
		page.Button = c.T("contact_pages.mark_left")
		if last {
			page.Warning = c.T("contact_pages.mark_last_text")
		}
	case last:
		page.Title, page.Text = c.T("contact_pages.last_title"), c.T("contact_pages.last_text")
		page.AddPath = contactsOf(consultation) + addSuffix
	}
	return c.Show(http.StatusOK, page)
}

func (s *Server) leaveContacts(c *Context) error {
	consultation, leaving, _, err := s.leavingContact(c)
	if err != nil {
		return err
	}
	if err := s.store.ContactLeaves(c.Request().Context(), c.contactChange(consultation), leaving.ID); err != nil {
		return c.contactsStay(consultation, err)
	}
	if leaving.ID == c.Person.ID {
		return c.Done(participationPath, "contact_pages.gone", "number", consultation.Number)
	}
	return c.Done(contactsOf(consultation), "contact_pages.marked", "name", leaving.Name())
}

// contactsStay says why the contacts of a consultation stay as they are.
func (c *Context) contactsStay(consultation store.Consultation, err error) error {
	var rule store.ContactRule
	if !errors.As(err, &rule) {
		return err
	}
	told := &Explained{Err: err, ActionLabel: c.T("contact_pages.back"), ActionPath: contactsOf(consultation)}
	switch rule {
	case store.LastContact:
		told.Title, told.Text = c.T("contact_pages.last_title"), c.T("contact_pages.last_text")
		told.ActionLabel, told.ActionPath = c.T("actions.add_contact"), contactsOf(consultation)+addSuffix
	case store.NotWaiting:
		told.Title, told.Text = c.T("contact_pages.not_waiting_title"), c.T("contact_pages.not_waiting_text")
	case store.ConsultationOver:
		told.Title, told.Text = c.T("contact_pages.over_title"), c.T("contact_pages.over_text")
	}
	return told
}
