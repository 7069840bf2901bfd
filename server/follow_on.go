package server

import (
	"net/http"
	"slices"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// A follow-up may show a new need: a linked new consultation, whose request is prefilled (journey.md, Edges of real life).
// It becomes one as every request does, when a contact sends it and confirms the address.

const followOnSuffix = "/folgeberatung"

func (s *Server) followOnRoutes() []Route {
	who := Only(advisory.Municipality, advisory.Coordinator, advisory.LeadCoordinator)
	path := participationPath + "/:number" + followOnSuffix
	return []Route{
		{Method: http.MethodGet, Path: path, Who: who, Handle: s.showFollowOn},
		{Method: http.MethodPost, Path: path, Who: who, Handle: s.beginFollowOn},
	}
}

// Why a consultation cannot be followed now: keys below follow_on.refused.
const (
	followUpNotAnswered = "not_answered"
	followOnUnderWay    = "under_way"
	noConfirmedContact  = "no_contact"
)

func offerFollowOn(c *Context, consultation store.Consultation, relation store.Relation) []consultationAction {
	if !relation.Contact && !c.Person.Role.Coordinates() {
		return nil
	}
	_, reason, err := c.server.followUpOf(c, consultation)
	if err != nil {
		c.Log.Error("offer follow-on consultation", "consultation", consultation.ID, "err", err)
	}
	if err != nil || reason != "" {
		return nil
	}
	return []consultationAction{{c.T("actions.new_consultation"), consultationPath(consultation.Number) + followOnSuffix}}
}

// followUpOf are the answers of the follow-up, or the reason why a consultation cannot be followed now.
func (s *Server) followUpOf(c *Context, consultation store.Consultation) (answers advisory.Answers, reason string, err error) {
	if consultation.Outcome != advisory.Completed {
		return nil, followUpNotAnswered, nil
	}
	if consultation.IsAnonymised() {
		return nil, noConfirmedContact, nil
	}
	ctx := c.Request().Context()
	said, err := s.store.LastSaid(ctx, consultation.ID, "follow_up")
	if err != nil || said.Form == "" {
		return nil, followUpNotAnswered, err
	}
	linked, err := s.store.LinkedConsultations(ctx, consultation.ID)
	if slices.ContainsFunc(linked, func(l store.LinkedConsultation) bool { return l.Running && !l.Earlier }) {
		reason = followOnUnderWay
	}
	return said.Answers, reason, err
}

// followOnDesk is a consultation that may be followed, with the form that the person behind the request gets.
type followOnDesk struct {
	store.Consultation
	followUp advisory.Answers
	form     *texts.Form
	contacts []store.Contact // the confirmed ones, for a coordinator
}

func (s *Server) followOnDesk(c *Context) (followOnDesk, error) {
	var d followOnDesk
	var err error
	if d.Consultation, err = c.consultation(); err != nil {
		return d, err
	}
	d.form = c.plainForm(initiative{words: initiativeWords{title: "actions.new_consultation", submit: "actions.new_consultation"}})
	if !c.Person.Role.Coordinates() {
		if _, err := s.participation(c, d.Consultation); err != nil {
			return d, err
		}
	} else if err := s.addRecipients(c, &d); err != nil {
		return d, err
	}
	var reason string
	if d.followUp, reason, err = s.followUpOf(c, d.Consultation); err != nil {
		return d, err
	}
	if reason != "" {
		return d, d.refused(c, reason)
	}
	return d, nil
}

// addRecipients lets a coordinator choose the contact who gets the draft.
func (s *Server) addRecipients(c *Context, d *followOnDesk) error {
	contacts, err := s.store.Contacts(c.Request().Context(), d.ID)
	if err != nil {
		return err
	}
	var options []texts.Option
	for _, contact := range contacts {
		if contact.IsConfirmed() {
			d.contacts = append(d.contacts, contact)
			options = append(options, texts.Option{Key: contact.ID, Label: contact.Name()})
		}
	}
	if len(options) == 0 {
		return d.refused(c, noConfirmedContact)
	}
	c.Sources = form.Sources{"contacts": options}
	d.form = c.Form("follow_on")
	return nil
}

func (d followOnDesk) refused(c *Context, reason string) error {
	return &Explained{
		Err:   advisory.Errorf(advisory.Conflict, "consultation %s cannot be followed: %s", d.Number, reason),
		Title: c.T("actions.new_consultation"), Text: c.T("follow_on.refused." + reason),
		ActionLabel: c.T("errors.e409.action"), ActionPath: consultationPath(d.Number),
	}
}

func (s *Server) showFollowOn(c *Context) error {
	d, err := s.followOnDesk(c)
	if err != nil {
		return err
	}
	answers := advisory.Answers{}
	if len(d.contacts) == 1 {
		answers.Set("contact", d.contacts[0].ID)
	}
	return c.askForFollowOn(http.StatusOK, d, answers, nil)
}

func (c *Context) askForFollowOn(status int, d followOnDesk, answers advisory.Answers, errs form.Errors) error {
	text := "follow_on.text"
	if c.Person.Role.Coordinates() {
		text = "follow_on.text_staff"
	}
	return c.Show(status, initiativePage{
		Consultation: d.Consultation, View: form.NewView(d.form, answers, errs, c.Sources, c.FormContext()), Title: d.form.Title,
		Text: []string{c.T(text)}, Requires: requires(d.form), Action: consultationPath(d.Number) + followOnSuffix,
		Keep: c.T("actions.cancel"),
	})
}

// beginFollowOn leads a contact into the prefilled request. Where a coordinator begins it, the chosen contact gets the
// link; nobody else sees it.
func (s *Server) beginFollowOn(c *Context) error {
	d, err := s.followOnDesk(c)
	if err != nil {
		return err
	}
	if !c.Person.Role.Coordinates() {
		draft, _, err := s.followOnDraft(c, d, *c.Person, string(c.Lang))
		if err != nil {
			return err
		}
		token, err := s.store.DraftToken(c.Request().Context(), draft.ID)
		if err != nil {
			return err
		}
		return c.Done(draftPath(token, c.Form("request").Steps[0].Key), "follow_on.open")
	}
	answers := form.Decode(d.form, c.Posted(), c.Sources)
	if errs := form.Validate(d.form, answers, c.Sources, c.FormContext()); len(errs) > 0 {
		return c.askForFollowOn(http.StatusUnprocessableEntity, d, answers, errs)
	}
	return s.mailFollowOn(c, d, answers.Get("contact"))
}

func (s *Server) mailFollowOn(c *Context, d followOnDesk, contactID string) error {
	to := d.contacts[slices.IndexFunc(d.contacts, func(contact store.Contact) bool { return contact.ID == contactID })]
	draft, begun, err := s.followOnDraft(c, d, to.Person, to.Language)
	if err != nil {
		return err
	}
	if err := s.store.MailDraftLink(c.Request().Context(), draft, to.Email, c.Now()); err != nil {
		return err
	}
	done := "follow_on.mailed"
	if !begun {
		done = "follow_on.mailed_before"
	}
	return c.Done(consultationPath(d.Number), done, "name", to.Name())
}

// followOnDraft begins the request with what is known of the person who will write it, or finds the one that is being
// written.
func (s *Server) followOnDraft(c *Context, d followOnDesk, writer store.Person, language string) (store.Draft, bool, error) {
	draft, begun, err := s.store.FollowOnDraft(c.Request().Context(), d.ID, store.Draft{
		Language: language, FormVersion: s.texts.FormVersion(), Answers: followOnAnswers(d.Consultation, d.followUp, writer),
	}, c.Now())
	if advisory.CodeOf(err) == advisory.Conflict { // sent since the page was shown
		err = d.refused(c, followOnUnderWay)
	}
	return draft, begun, err
}

// lasting are the answers of a request that are still true at the next one.
var lasting = []string{
	"municipality", "land", "unit", "topics", "structures", "other_structures", "meeting_format", "languages",
	"other_language", "access_needs",
}

// followOnAnswers are the answers that a request begins with after a follow-up. What somebody confirms by it stays open.
func followOnAnswers(earlier store.Consultation, followUp advisory.Answers, writer store.Person) advisory.Answers {
	answers := known(&writer)
	for _, key := range lasting {
		if values := earlier.Request.All(key); len(values) > 0 {
			answers[key] = slices.Clone(values)
		}
	}
	answers.Set("earlier_consultation", "yes")
	answers.Set("earlier_number", earlier.Number)
	if need := followUp.Get("new_need_text"); need != "" {
		answers.Set("situation", need)
		answers.Set("need", need)
	}
	return answers
}

// followOnLinks are links to what a consultation follows and what follows it, as far as the person may see it.
func (s *Server) followOnLinks(c *Context, consultation store.Consultation) ([]consultationAction, error) {
	ctx := c.Request().Context()
	linked, err := s.store.LinkedConsultations(ctx, consultation.ID)
	if err != nil {
		return nil, err
	}
	var links []consultationAction
	for _, other := range linked {
		if !c.Person.Role.Coordinates() {
			relation, err := s.store.Relation(ctx, other.ID, c.Person.ID, c.Now())
			if err != nil {
				return nil, err
			}
			if !relation.Participates() {
				continue
			}
		}
		key := "follow_on.by"
		if other.Earlier {
			key = "follow_on.of"
		}
		links = append(links, consultationAction{c.T(key, "number", other.Number), consultationPath(other.Number)})
	}
	return links, nil
}

func (s *Server) addFollowOn(c *Context, page *staffConsultationPage) error {
	var err error
	page.FollowOn, err = s.followOnLinks(c, page.Consultation)
	return err
}
