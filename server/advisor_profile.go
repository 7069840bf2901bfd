package server

import (
	"net/http"
	"slices"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const profilePath = "/profil"

// profilePage is the advisor's own profile.
type profilePage struct {
	View     form.View
	Name     string
	Email    string
	Proposal *proposalView // what the advisor has proposed last, with what came of it; nil where that is long ago
	Absences []string      // going on or ahead
}

// Template implements Page.
func (profilePage) Template() string { return "advisor_profile" }

// profileForm is the form with the answers that the program gives to it; the topics of the profile so far can be kept.
func (c *Context) profileForm(so store.AdvisorProfile) *texts.Form {
	c.Sources = form.Sources{"countries": countries[c.Lang]()}
	return c.offering(c.Form("advisor_profile"), c.server.texts.topics.current().offered, so.Topics)
}

func (s *Server) showProfileForm(c *Context, status int, f *texts.Form, answers advisory.Answers, errs form.Errors) error {
	proposal, err := s.store.LatestProposal(c.Request().Context(), c.Person.ID)
	if err != nil {
		return err
	}
	page := profilePage{Name: c.Person.Name(), Email: c.Person.Email, Proposal: c.ownProposal(proposal)}
	if page.Absences, err = s.absencesAhead(c, c.Person.ID); err != nil {
		return err
	}
	page.View = form.NewView(f, answers, errs, c.Sources, c.FormContext())
	return c.Show(status, page)
}

// showProfile shows what the advisor said last: where something waits for an approval, that.
func (s *Server) showProfile(c *Context) error {
	ctx := c.Request().Context()
	profile, err := s.store.AdvisorProfile(ctx, c.Person.ID)
	if err != nil {
		return err
	}
	proposal, err := s.store.LatestProposal(ctx, c.Person.ID)
	if err != nil {
		return err
	}
	if proposal != nil && proposal.State == store.ProposalWaiting {
		profile = profile.With(proposal.After)
	}
	return s.showProfileForm(c, http.StatusOK, c.profileForm(profile), s.profileAnswers(profile), nil)
}

func (s *Server) saveProfile(c *Context) error {
	before, err := s.store.AdvisorProfile(c.Request().Context(), c.Person.ID)
	if err != nil {
		return err
	}
	f := c.profileForm(before)
	answers := form.Decode(f, c.Posted(), c.Sources)
	if errs := form.Validate(f, answers, c.Sources, c.FormContext()); len(errs) > 0 {
		return s.showProfileForm(c, http.StatusUnprocessableEntity, f, answers, errs)
	}
	profile := s.profileOf(form.WithoutHidden(f, answers))
	profile.PersonID = c.Person.ID
	waits, err := s.store.SaveOwnProfile(c.Request().Context(), profile, c.Now())
	if err != nil {
		return err
	}
	if waits {
		return c.Done(profilePath, "advisor_pages.own.saved_and_proposed")
	}
	return c.Done(profilePath, "messages.profile_saved")
}

// mailLanguages are the languages of mails by the answers of the forms.
var mailLanguages = map[string]texts.Lang{"german": texts.German, "english": texts.English}

// profileAnswers shows a profile in its form.
func (s *Server) profileAnswers(p store.AdvisorProfile) advisory.Answers {
	answers := advisory.Answers{"topics": p.Topics, "languages": p.Languages}
	for key, value := range map[string]string{
		"about": p.About, "competences": p.Competences, "networks": p.Networks, "other_language": p.OtherLanguage, "home": p.Home,
		"meeting_format": p.MeetingFormat, "phone": p.Phone, "origin_country": p.OriginCountry, "mail_rhythm": p.MailRhythm,
		"further_places": strings.Join(p.FurtherPlaces, "\n"),
	} {
		if value != "" {
			answers.Set(key, value)
		}
	}
	if p.OriginConsent {
		answers.Set("origin_consent", form.Checked)
	}
	for _, option := range s.texts.OptionList(texts.German, "capacities") {
		if option.Value == p.Capacity {
			answers.Set("capacity", option.Key)
		}
	}
	for answer, lang := range mailLanguages {
		if string(lang) == p.Language {
			answers.Set("mail_language", answer)
		}
	}
	return answers
}

// profileOf reads a profile from the answers of its form.
func (s *Server) profileOf(answers advisory.Answers) store.AdvisorProfile {
	profile := store.AdvisorProfile{
		About: answers.Get("about"), Topics: answers.All("topics"), Competences: answers.Get("competences"),
		Networks: answers.Get("networks"), FurtherPlaces: placesOf(answers.Get("further_places")),
		Languages: answers.All("languages"), OtherLanguage: answers.Get("other_language"), Home: answers.Get("home"),
		MeetingFormat: answers.Get("meeting_format"), OriginCountry: answers.Get("origin_country"),
		OriginConsent: answers.Has("origin_consent", form.Checked), Phone: answers.Get("phone"),
		Language: string(mailLanguages[answers.Get("mail_language")]), MailRhythm: answers.Get("mail_rhythm"),
	}
	for _, option := range s.texts.OptionList(texts.German, "capacities") {
		if option.Key == answers.Get("capacity") {
			profile.Capacity = option.Value
		}
	}
	return profile
}

// placesOf reads a list of places, one on a line.
func placesOf(text string) []string {
	var places []string
	for _, place := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '|' }) {
		if place = strings.TrimSpace(place); place != "" && !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	return places
}
