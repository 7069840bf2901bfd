package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const (
	noteQuery = "notiz" // the note that a mention leads to
	tellField = "tell"  // who is told of a note without being named in it
)

func (s *Server) internalNoteRoutes() []Route {
	return []Route{
		{Method: http.MethodPost, Path: participationPath + "/:number/notizen", Who: Coordination, Handle: s.addNote},
		{Method: http.MethodPost, Path: participationPath + "/:number/notizen/:id/gelesen", Who: Coordination, Handle: s.readNote},
		{Method: http.MethodPost, Path: mentionsPath + "/gelesen", Who: Coordination, Handle: s.readMentions},
	}
}

// noteRow is an internal note on the consultation's page.
type noteRow struct {
	ID, AuthorName string
	WrittenAt      time.Time
	Parts          []notePart
	Told           []string // names of those who are mentioned
	ReadPath       string   // marks it as read; "" where the person is not mentioned or has read it
	Opened         bool     // the address leads to it
}

// addNotes adds the notes. Whoever comes to a note by its address has read it.
func (s *Server) addNotes(c *Context, page *staffConsultationPage) error {
	ctx := c.Request().Context()
	notes, err := s.store.InternalNotes(ctx, page.Consultation.ID)
	if err != nil {
		return err
	}
	colleagues, err := s.store.Coordinators(ctx)
	if err != nil {
		return err
	}
	for _, note := range notes {
		row := noteRow{ID: note.ID, AuthorName: note.AuthorName, WrittenAt: note.WrittenAt, Told: note.Mentioned,
			Parts: mentionedIn(note, colleagues), Opened: c.QueryParam(noteQuery) == note.ID}
		if slices.Contains(note.UnreadBy, c.Person.ID) {
			if row.Opened {
				err = s.store.SeeMentions(ctx, c.Person.ID, note.ID, c.Now())
			} else {
				row.ReadPath = consultationPath(page.Consultation.Number) + "/notizen/" + note.ID + "/gelesen"
			}
		}
		page.Notes = append(page.Notes, row)
	}
	return err
}

// mentionedIn marks in a note who was told of it, by the names that they have now.
func mentionedIn(note store.InternalNote, colleagues []store.Person) []notePart {
	told := slices.DeleteFunc(slices.Clone(colleagues), func(p store.Person) bool { return !slices.Contains(note.Mentioned, p.Name()) })
	return newMentionNames(told).parts(note.Note)
}

// noteForm is the form of a note with those who can be told of it: everybody of the coordination team but the person.
func (s *Server) noteForm(c *Context) (*texts.Form, form.Sources, []store.Person, error) {
	f := c.Form("internal_note")
	colleagues, err := s.store.Coordinators(c.Request().Context())
	colleagues = slices.DeleteFunc(colleagues, func(p store.Person) bool { return p.ID == c.Person.ID })
	if len(colleagues) == 0 {
		f = withoutField(f, tellField)
	}
	return f, form.Sources{"colleagues": optionsOf(colleagues)}, colleagues, err
}

func withoutField(f *texts.Form, key string) *texts.Form {
	shorter := *f
	shorter.Steps = nil
	for _, step := range f.Steps {
		step.Fields = slices.DeleteFunc(slices.Clone(step.Fields), func(field texts.Field) bool { return field.Key == key })
		shorter.Steps = append(shorter.Steps, step)
	}
	return &shorter
}

func (s *Server) addNoteForm(c *Context, page *staffConsultationPage) error {
	f, sources, _, err := s.noteForm(c)
	page.NoteForm = form.NewView(f, nil, nil, sources, c.FormContext())
	return err
}

// addNote keeps a note of the coordination team and tells who is mentioned. The engine does not hear of it.
func (s *Server) addNote(c *Context) error {
	consultation, err := c.consultation()
	if err != nil {
		return err
	}
	f, sources, colleagues, err := s.noteForm(c)
	if err != nil {
		return err
	}
	answers := form.Decode(f, c.Posted(), sources)
	if errs := form.Validate(f, answers, sources, c.FormContext()); len(errs) > 0 {
		page, err := s.staffConsultation(c, consultation)
		if err != nil {
			return err
		}
		page.NoteForm = form.NewView(f, answers, errs, sources, c.FormContext())
		return c.Show(http.StatusUnprocessableEntity, page)
	}
	told, names := toldOf(answers, colleagues)
	if err := s.store.AddInternalNote(c.Request().Context(), consultation.ID, c.Person.ID, answers.Get("note"), c.Now(), told...); err != nil {
		return err
	}
	if len(told) > 0 {
		return c.Done(consultationPath(consultation.Number), "mentions.saved", "names", strings.Join(names, ", "))
	}
	return c.Done(consultationPath(consultation.Number), "messages.saved")
}

// toldOf are those whom a note mentions and those who were chosen beside it.
func toldOf(answers advisory.Answers, colleagues []store.Person) (ids, names []string) {
	mentioned := newMentionNames(colleagues).in(answers.Get("note"))
	for _, person := range colleagues {
		if slices.Contains(mentioned, person.ID) || answers.Has(tellField, person.ID) {
			ids, names = append(ids, person.ID), append(names, person.Name())
		}
	}
	return ids, names
}

// readNote marks a note as read by who is mentioned in it.
func (s *Server) readNote(c *Context) error {
	consultation, err := c.consultation()
	if err != nil {
		return err
	}
	if err := s.store.SeeMentions(c.Request().Context(), c.Person.ID, c.Param("id"), c.Now()); err != nil {
		return err
	}
	return c.Done(consultationPath(consultation.Number), "mentions.read")
}
