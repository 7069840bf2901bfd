package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	contactsSuffix = "/kontakte"
	contactsPath   = participationPath + "/:number" + contactsSuffix
	contactPath    = contactsPath + "/:id"
	leaveSuffix    = "/ausscheiden"
	resendSuffix   = "/bestaetigung"
	addSuffix      = "/neu"

	confirmAddressPath = "/adresse-bestaetigen/:token" // mails lead here
)

func (s *Server) contactRoutes() []Route {
	who := Only(advisory.Municipality, advisory.Coordinator, advisory.LeadCoordinator)
	return []Route{
		{Method: http.MethodGet, Path: contactsPath, Who: who, Handle: s.showContacts},
		{Method: http.MethodGet, Path: contactsPath + addSuffix, Who: who, Handle: s.showNewContact},
		{Method: http.MethodPost, Path: contactsPath + addSuffix, Who: who, Handle: s.addContact},
		{Method: http.MethodPost, Path: contactPath + resendSuffix, Who: Coordination, Handle: s.resendConfirmation},
		{Method: http.MethodGet, Path: contactPath + leaveSuffix, Who: who, Handle: s.showLeaveContacts},
		{Method: http.MethodPost, Path: contactPath + leaveSuffix, Who: who, Handle: s.leaveContacts},
		{Method: http.MethodGet, Path: confirmAddressPath, Who: Everybody, Handle: s.showConfirmAddress, Secret: true},
		{Method: http.MethodPost, Path: confirmAddressPath, Who: Everybody, Handle: s.confirmAddress, Secret: true},
	}
}

func contactPages() []Page {
	return []Page{contactsPage{}, newContactPage{}, leaveContactsPage{}, confirmAddressPage{}, addressConfirmedPage{}}
}

// contactsPage lists the contacts of a consultation.
type contactsPage struct {
	store.Consultation
	ForStaff bool
	Rows     []contactRow
	AddPath  string // "" where nothing can be changed any more
}

// Template implements Page.
func (contactsPage) Template() string { return "contact_list" }

// contactRow is a contact with how the address stands.
type contactRow struct {
	store.Contact
	You    bool
	Badges []*taskBadge
	Notes  []string // what a coordinator should know of the address
	Resend string   // path, "" where the person behind the request may not
	Leave  string   // path
}

// contactRow prepares a contact for the person behind the request. Who has left and what is wrong with an address is for
// coordinators.
func (c *Context) contactRow(consultation store.Consultation, contact store.Contact) contactRow {
	row := contactRow{Contact: contact, You: contact.ID == c.Person.ID}
	staff := c.Person.Role.Coordinates()
	path := consultationPath(consultation.Number) + contactsSuffix + "/" + contact.ID
	switch {
	case contact.LeftAt != nil:
		row.Badges = append(row.Badges, badge("neutral", c.T("contact_pages.left", "date", texts.Date(c.Lang, *contact.LeftAt))))
		return row
	case contact.IsWaiting():
		row.Badges = append(row.Badges, badge("warning", c.T("contact_pages.waiting")))
	}
	if staff && contact.ToConfirm() != "" {
		row.Resend = path + resendSuffix
	}
	if staff || row.You {
		row.Leave = path + leaveSuffix
	}
	if staff {
		row.Badges = append(row.Badges, c.refusedAddress(contact.Person))
		row.Notes = c.addressNotes(contact)
	}
	return row
}

// refusedAddress marks an address to which nothing is sent; nil for all others.
func (c *Context) refusedAddress(person store.Person) *taskBadge {
	if person.BouncedAt == nil {
		return nil
	}
	return badge("danger", c.T("contact_pages.refused"))
}

func (c *Context) addressNotes(contact store.Contact) []string {
	var notes []string
	if contact.Unasked && contact.IsWaiting() {
		notes = append(notes, c.T("contact_pages.unasked"))
	}
	if contact.NewEmail != "" {
		notes = append(notes, c.T("contact_pages.new_address", "email", contact.NewEmail))
	}
	return notes
}

// contactRows are the contacts as the person behind the request may see them.
func (s *Server) contactRows(c *Context, consultation store.Consultation) ([]contactRow, error) {
	ctx := c.Request().Context()
	contacts, err := s.store.Contacts(ctx, consultation.ID)
	if err == nil && c.Person.Role.Coordinates() {
		var former []store.Contact
		former, err = s.store.FormerContacts(ctx, consultation.ID)
		contacts = append(contacts, former...)
	}
	rows := make([]contactRow, 0, len(contacts))
	for _, contact := range contacts {
		rows = append(rows, c.contactRow(consultation, contact))
	}
	return rows, err
}

// newContactPage asks who is added.
type newContactPage struct {
	store.Consultation
	View  form.View
	Intro string
}

// Template implements Page.
func (newContactPage) Template() string { return "contact_new" }

// leaveContactsPage says what follows, and asks once more.
type leaveContactsPage struct {
	store.Consultation
	Title, Text string
	Warning     string // "" unless nobody is left then
	AddPath     string // instead of the button: somebody has to be added first
	Action      string // path
	Button      string
}

// Template implements Page.
func (leaveContactsPage) Template() string { return "contact_leave" }

// confirmAddressPage asks the person who opened the link of a mail; opening it changes nothing.
type confirmAddressPage struct {
	Email, Number string
	Action        string
}

// Template implements Page.
func (confirmAddressPage) Template() string { return "contact_confirm" }

// addressConfirmedPage thanks somebody whose address was corrected.
type addressConfirmedPage struct{ Email string }

// Template implements Page.
func (addressConfirmedPage) Template() string { return "contact_confirmed" }
