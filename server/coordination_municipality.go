package server

import (
	"errors"
	"net/http"
	"strings"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	municipalityConsultations = 50 // at most so many on the page of a municipality
	municipalityContacts      = 50
	mergeCandidates           = 20
)

// municipalityPage is one municipality: who speaks for it and all its consultations.
type municipalityPage struct {
	Entry         store.MunicipalityEntry
	Land          string
	OtherNames    []string
	Form          form.View
	Contacts      []municipalityContactRow
	Consultations []municipalityConsultation
	MergePath     string // where an entry that is the same joins; "" where there is no other of the Land
}

// Template implements Page.
func (municipalityPage) Template() string { return "coordination_municipality" }

type municipalityContactRow struct {
	Name, Function, Email, Phone, About string
}

type municipalityConsultation struct {
	Number, Subject, Sent string
	Standing              *taskBadge
}

func municipalityAt(id string) string { return municipalitiesPath + "/" + id }

func (s *Server) showMunicipality(c *Context) error {
	entry, err := s.store.Municipality(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	answers := advisory.Answers{}
	answers.Set("name", entry.Name)
	if entry.AGS != "" {
		answers.Set("ags", entry.AGS)
	}
	return s.showMunicipalityWith(c, http.StatusOK, entry, answers, nil)
}

func (s *Server) showMunicipalityWith(c *Context, status int, entry store.MunicipalityEntry, answers advisory.Answers, errs form.Errors) error {
	ctx := c.Request().Context()
	page := municipalityPage{Entry: entry, Land: c.landName(entry.Land),
		Form: form.NewView(c.Form("municipality_entry"), answers, errs, nil, c.FormContext())}
	names, err := s.store.MunicipalityNames(ctx, entry.ID)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != entry.Name {
			page.OtherNames = append(page.OtherNames, name)
		}
	}
	others, err := s.store.MunicipalitiesLike(ctx, entry, 1)
	if err != nil {
		return err
	}
	if len(others) > 0 {
		page.MergePath = municipalityAt(entry.ID) + "/zusammenfuehren"
	}
	contacts, err := s.store.MunicipalityContacts(ctx, entry.ID, municipalityContacts)
	if err != nil {
		return err
	}
	for _, contact := range contacts {
		page.Contacts = append(page.Contacts, municipalityContactRow{
			Name: contact.Name(), Function: contact.Function, Email: contact.Email, Phone: contact.Phone,
			About: s.texts.Count(c.Lang, "municipalities.contact_of", contact.Consultations, "date", texts.Date(c.Lang, contact.Since)),
		})
	}
	consultations, err := s.store.ConsultationsOfMunicipality(ctx, entry.ID, municipalityConsultations)
	if err != nil {
		return err
	}
	for _, found := range consultations {
		page.Consultations = append(page.Consultations, municipalityConsultation{
			Number: found.Number, Subject: found.Subject, Sent: texts.Date(c.Lang, found.SentAt), Standing: c.standing(found)})
	}
	return c.Show(status, page)
}

func (s *Server) changeMunicipality(c *Context) error {
	ctx := c.Request().Context()
	entry, err := s.store.Municipality(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	f := c.Form("municipality_entry")
	answers := form.Decode(f, c.Posted(), nil)
	errs := form.Validate(f, answers, nil, c.FormContext())
	ags := strings.ReplaceAll(answers.Get("ags"), " ", "")
	if problem := advisory.CheckAGS(ags, entry.Land); ags != "" && problem != advisory.AGSFits && errs.For("ags") == "" {
		errs = errs.Add(f, nil, c.FormContext(), "ags", string(problem), "land", c.landName(entry.Land))
	}
	if len(errs) == 0 {
		err := s.store.ChangeMunicipality(ctx, entry.ID, answers.Get("name"), ags)
		var taken store.TakenAGS
		switch {
		case err == nil:
			return c.Done(municipalityAt(entry.ID), "messages.saved")
		case !errors.As(err, &taken):
			return err
		}
		errs = errs.Add(f, nil, c.FormContext(), "ags", "taken", "name", taken.Other.Name)
	}
	return s.showMunicipalityWith(c, http.StatusUnprocessableEntity, entry, answers, errs)
}

// mergeMunicipalityPage asks which other entry is the same municipality.
type mergeMunicipalityPage struct {
	Entry store.MunicipalityEntry
	Form  form.View
}

// Template implements Page.
func (mergeMunicipalityPage) Template() string { return "coordination_municipality_merge" }

// mergeForm is the form with the entries that are most like this one.
func (s *Server) mergeForm(c *Context) (store.MunicipalityEntry, *texts.Form, error) {
	ctx := c.Request().Context()
	entry, err := s.store.Municipality(ctx, c.Param("id"))
	if err != nil {
		return entry, nil, err
	}
	others, err := s.store.MunicipalitiesLike(ctx, entry, mergeCandidates)
	var options []texts.Option
	for _, other := range others {
		row := c.municipalityRow(other)
		label := other.Name
		if other.AGS != "" {
			label += " (" + c.T("municipalities.ags") + " " + other.AGS + ")"
		}
		options = append(options, texts.Option{Key: other.ID, Label: label, Description: row.Consultations})
	}
	c.Sources = form.Sources{"municipality_entries": options}
	return entry, c.Form("merge_municipality"), err
}

func (s *Server) showMergeMunicipality(c *Context) error {
	entry, f, err := s.mergeForm(c)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, mergeMunicipalityPage{entry, form.NewView(f, nil, nil, c.Sources, c.FormContext())})
}

func (s *Server) mergeMunicipality(c *Context) error {
	entry, f, err := s.mergeForm(c)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), c.Sources)
	errs := form.Validate(f, answers, c.Sources, c.FormContext())
	if len(errs) == 0 {
		into := answers.Get("same_as")
		err := s.store.MergeMunicipality(c.Request().Context(), entry.ID, into)
		switch advisory.CodeOf(err) {
		case "":
			return c.Done(municipalityAt(into), "municipalities.merged", "name", entry.Name)
		case advisory.Conflict:
			errs = errs.Add(f, c.Sources, c.FormContext(), "same_as", "two_keys")
		default:
			return err
		}
	}
	return c.Show(http.StatusUnprocessableEntity, mergeMunicipalityPage{entry, form.NewView(f, answers, errs, c.Sources, c.FormContext())})
}
