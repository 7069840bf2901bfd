package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const profilePath = "/profil"

// profilePage is the advisor's own profile.
type profilePage struct {
	View  form.View
	Name  string
	Email string
}

// Template implements Page.
func (profilePage) Template() string { return "advisor_profile" }

// profileForm is the form with the answers that the program gives to it; the topics of the profile so far can be kept.
func (c *Context) profileForm(so store.AdvisorProfile) *texts.Form {
	c.Sources = form.Sources{"countries": countries[c.Lang]()}
	return c.offering(c.Form("advisor_profile"), c.server.texts.topics.current().offered, so.Topics)
}

func (c *Context) showProfile(status int, f *texts.Form, answers advisory.Answers, errs form.Errors) error {
	return c.Show(status, profilePage{
		View: form.NewView(f, answers, errs, c.Sources, c.FormContext()), Name: c.Person.Name(), Email: c.Person.Email,
	})
}

func (s *Server) showProfile(c *Context) error {
	profile, err := s.store.AdvisorProfile(c.Request().Context(), c.Person.ID)
	if err != nil {
		return err
	}
	return c.showProfile(http.StatusOK, c.profileForm(profile), s.profileAnswers(profile), nil)
}

func (s *Server) saveProfile(c *Context) error {
	before, err := s.store.AdvisorProfile(c.Request().Context(), c.Person.ID)
	if err != nil {
		return err
	}
	f := c.profileForm(before)
	answers := form.Decode(f, c.Posted(), c.Sources)
	if errs := form.Validate(f, answers, c.Sources, c.FormContext()); len(errs) > 0 {
		return c.showProfile(http.StatusUnprocessableEntity, f, answers, errs)
	}
	profile := s.profileOf(form.WithoutHidden(f, answers))
	profile.PersonID = c.Person.ID
	if err := s.store.SaveAdvisorProfile(c.Request().Context(), profile); err != nil {
		return err
	}
	return c.Done(profilePath, "messages.profile_saved")
}

// mailLanguages are the languages of mails by the answers of the forms.
var mailLanguages = map[string]texts.Lang{"german": texts.German, "english": texts.English}

// profileAnswers shows a profile in its form.
func (s *Server) profileAnswers(p store.AdvisorProfile) advisory.Answers {
	answers := advisory.Answers{"topics": p.Topics, "languages": p.Languages}
	for key, value := range map[string]string{
		"about": p.About, "competences": p.Competences, "other_language": p.OtherLanguage, "home": p.Home,
		"meeting_format": p.MeetingFormat, "phone": p.Phone, "origin_country": p.OriginCountry, "mail_rhythm": p.MailRhythm,
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
