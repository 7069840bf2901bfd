package worker

import (
	"fmt"
	"net/url"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

// link makes the address of the one page that the mail is about. Links with a token are made here, because only their
// hash is stored.
func (w *writer) link(m store.QueuedMail, data *mail.Data) error {
	path, err := m.Link, error(nil)
	switch {
	case path != "":
	case m.Template == advisory.MailSignInLink:
		path, err = w.signInLink(m, data)
	case m.Template == advisory.MailVerifyAddress && m.DraftID.Valid:
		path, err = w.addressLink(m, data)
	case m.Template == advisory.MailVerifyAddress:
		path, err = w.personAddressLink(m, data)
	case m.DraftID.Valid:
		path, err = w.draftLink(m, data)
	case m.Template == advisory.MailInvitationLapsed:
		path = "/profil" // who did not answer takes no part in the consultation
	case m.TaskID.Valid:
		token, issued := w.links[m.ID]
		if !issued {
			token, err = w.Store.IssueTaskLink(w.ctx, m.TaskID.String, m.PersonID.String)
		}
		path = "/a/" + token
	case w.facts != nil:
		path, err = w.consultationPath()
	}
	if err != nil {
		return err
	}
	data.Link = w.url(path)
	return nil
}

// leadsToTask tells whether a mail has a link to the page that settles its task.
func leadsToTask(m store.QueuedMail) bool {
	return m.TaskID.Valid && m.PersonID.Valid && m.Link == "" && !m.DraftID.Valid && m.Template != advisory.MailInvitationLapsed
}

// url is the address of a page in the language of the mail.
func (w *writer) url(path string) string {
	if w.lang == texts.English {
		path = "/en" + path
	}
	return w.settings.SiteURL + path
}

func (w *writer) signInLink(m store.QueuedMail, data *mail.Data) (string, error) {
	token, expires, err := w.Store.IssueSignInLink(w.ctx, m.PersonID.String, store.SignInLinkLife)
	data.Due = texts.LongDateTime(w.lang, expires)
	return "/anmelden/" + token, err
}

func (w *writer) addressLink(m store.QueuedMail, data *mail.Data) (string, error) {
	token, expires, err := w.Store.IssueAddressLink(w.ctx, m.DraftID.String, m.Address)
	data.Due = texts.LongDateTime(w.lang, expires)
	return "/bestaetigen/" + token, err
}

// personAddressLink confirms the address of somebody who is to become a contact, or whose address was corrected.
func (w *writer) personAddressLink(m store.QueuedMail, data *mail.Data) (string, error) {
	token, expires, err := w.Store.IssuePersonAddressLink(w.ctx, m.ConsultationID.String, m.Address)
	if advisory.CodeOf(err) == advisory.NotFound {
		return "", fmt.Errorf("%w: nobody waits for this address any more", errNotNeeded)
	}
	data.Due = texts.LongDateTime(w.lang, expires)
	return "/adresse-bestaetigen/" + token, err
}

// consultationPath leads to the consultation, or where the person takes no part in it, to the person's own list.
func (w *writer) consultationPath() (string, error) {
	own := "/beratungen/" + url.PathEscape(w.facts.Number)
	if w.person == nil || w.person.Role.Coordinates() {
		return own, nil
	}
	relation, err := w.Store.Relation(w.ctx, w.facts.ID, w.person.ID, w.Clock.Now())
	switch {
	case err != nil:
		return "", err
	case relation.Participates():
		return own, nil
	case w.person.Role == advisory.Municipality:
		return "/beratungen", nil
	}
	return tasksPath, nil
}

// Paths of the lists that a person's work begins with.
const (
	tasksPath     = "/aufgaben"
	workbenchPath = "/arbeitsplatz"
)

// draftLink leads back to a draft. It stays the same as long as the draft lives.
func (w *writer) draftLink(m store.QueuedMail, data *mail.Data) (string, error) {
	draft, err := w.Store.Draft(w.ctx, m.DraftID.String)
	if err != nil {
		return "", err
	}
	token, err := w.Store.DraftToken(w.ctx, draft.ID)
	data.Due = texts.LongDate(w.lang, draft.Expires())
	return "/anfrage/" + token, err
}
