package server

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// timelineEvent is one line of a consultation's history, for staff.
type timelineEvent struct {
	Icon, Title, Who string
	At               time.Time
	About            string          // the task that it is about, where the title does not say it
	Said             []form.ReadItem // what was entered
}

func (s *Server) addTimeline(c *Context, page *staffConsultationPage) error {
	before, _ := strconv.ParseInt(c.QueryParam(beforeQuery), 10, 64)
	var kinds []advisory.HistoryKind
	page.Timeline, kinds = c.timelineFilter(page.Consultation.Number)
	entries, err := s.store.History(c.Request().Context(), page.Consultation.ID, eventsShown+1, before, kinds...)
	if err != nil {
		return err
	}
	if len(entries) > eventsShown {
		entries = entries[:eventsShown]
		page.Older = c.linkAt(consultationPath(page.Consultation.Number), beforeQuery, strconv.FormatInt(entries[eventsShown-1].ID, 10)) + "#verlauf"
	}
	if before > 0 {
		page.Newest = c.linkAt(consultationPath(page.Consultation.Number), beforeQuery, "") + "#verlauf"
	}
	reader, err := s.newAnswerReader(c, page)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		event := timelineEvent{
			Icon: iconOf(entry.Kind), Title: c.T("history."+string(entry.Kind), "version", entry.Programme), Who: c.whoSaid(entry, page.Consultation), At: entry.At,
			Said: reader.read(entry),
		}
		if slices.Contains(aboutTasks, entry.Kind) && entry.TaskKind != "" {
			event.About = c.T("tasks." + string(entry.TaskKind) + ".title")
			if entry.TaskOwner != "" {
				event.About += " (" + entry.TaskOwner + ")"
			}
		}
		page.Events = append(page.Events, event)
	}
	return nil
}

// aboutTasks are the entries whose title does not say which task they are about.
var aboutTasks = []advisory.HistoryKind{advisory.ReminderSent, advisory.TaskHandedOver, advisory.TaskEscalated,
	advisory.InvitationLapsed, advisory.InvitationWithdrawn, advisory.EvaluationClosed}

func (c *Context) whoSaid(entry store.HistoryEntry, consultation store.Consultation) string {
	switch {
	case entry.ActorID == nil:
		return c.T("history.by_system")
	case entry.OnBehalf:
		return c.T("history.by_on_behalf", "coordinator", entry.ActorName, "municipality", consultation.Municipality)
	case entry.DeputyFor != "":
		return c.T("history.by_deputy", "actor", entry.ActorName, "name", entry.DeputyFor)
	default:
		return c.T("history.by", "actor", entry.ActorName)
	}
}

var eventIcons = map[advisory.HistoryKind]string{
	advisory.RequestSent: "draft", advisory.QuestionAsked: "mail", advisory.AdvisorsChosen: "mail", advisory.ReminderSent: "mail",
	advisory.RefusalProposed: "close", advisory.RequestDeclined: "close", advisory.InvitationDeclined: "close",
	advisory.InvitationLapsed: "close", advisory.InvitationWithdrawn: "close", advisory.ConflictDeclared: "close",
	advisory.OthersWanted: "close", advisory.AppointmentCancelled: "close", advisory.AccompanimentEnded: "close",
	advisory.ConsultationWithdrawn: "close", advisory.SlotsWereProposed: "calendar-today",
	advisory.SlotsCounterProposed: "calendar-today", advisory.AppointmentConfirmed: "calendar-today",
	advisory.OutcomeRecorded: "calendar-today", advisory.AssessmentRecorded: "edit", advisory.NoteShared: "edit",
	advisory.OptionsShared: "edit", advisory.OptionsChanged: "edit", advisory.TaskHandedOver: "arrow-forward",
	advisory.TaskEscalated: "arrow-forward", advisory.CallNoted: "info", advisory.RestBegun: "info", advisory.RestEnded: "info",
	advisory.RestAsked: "help", advisory.RestRefused: "info", advisory.RestProlonged: "info", advisory.RestAnswered: "edit",
	advisory.GoalChangeProposed: "edit", advisory.GoalKept: "info", advisory.SessionPlanned: "calendar-today",
	advisory.SessionDropped: "close", advisory.SessionNudged: "mail", advisory.AppointmentMoved: "calendar-today",
	advisory.NoteCorrected: "edit", advisory.AssignmentReopened: "autorenew", advisory.ReplacementBegun: "autorenew",
	advisory.WithdrawalFinal: "close", advisory.AddressBounced: "mail", advisory.ContactLeft: "arrow-forward",
	advisory.PersonAnonymised: "info", advisory.ProgrammeAdopted: "calendar-today",
}

func iconOf(kind advisory.HistoryKind) string {
	if icon, ok := eventIcons[kind]; ok {
		return icon
	}
	return "check"
}

// answerReader prints what was entered with an entry of the history.
type answerReader struct {
	c        *Context
	sources  form.Sources
	revealed bool // both sides have looked back
}

func (s *Server) newAnswerReader(c *Context, page *staffConsultationPage) (answerReader, error) {
	ctx := c.Request().Context()
	reader := answerReader{c: c, sources: form.Sources{"countries": countries[c.Lang]()}}
	invited, err := s.store.Invitations(ctx, page.Consultation.ID)
	if err != nil {
		return reader, err
	}
	coordinators, err := s.store.Coordinators(ctx)
	if err != nil {
		return reader, err
	}
	evaluations, err := s.store.Evaluations(ctx, page.Consultation.ID)
	if err != nil {
		return reader, err
	}
	reader.revealed = store.Revealed(evaluations) || !page.Consultation.IsRunning()
	for _, advisor := range invited {
		reader.add("suggested_advisors", advisor.AdvisorID, advisor.AdvisorName)
		reader.add("chosen_advisors", advisor.AdvisorID, advisor.AdvisorName)
		reader.add("current_advisors", advisor.AdvisorID, advisor.AdvisorName)
	}
	for _, contact := range page.People.Contacts {
		reader.add("contacts", contact.ID, contact.Name())
	}
	reader.sources["coordinators"] = optionsOf(coordinators)
	reader.sources["options"], err = s.optionTitles(c, taskDesk{Task: store.Task{ConsultationID: page.Consultation.ID}})
	return reader, err
}

func (r answerReader) add(source, personID, name string) {
	option := texts.Option{Key: personID, Label: name}
	if !slices.ContainsFunc(r.sources[source], func(o texts.Option) bool { return o.Key == personID }) {
		r.sources[source] = append(r.sources[source], option)
	}
}

// unread are the forms whose answers stand elsewhere on the page: the request, and a date by its position.
var unread = []string{"request", "choose_slot"}

// read returns the questions that were answered. What one side looks back at stays closed until both have (journey.md,
// Mirror).
func (r answerReader) read(entry store.HistoryEntry) []form.ReadItem {
	basis := r.readForm(basisForm, 0, withoutPrefix(entry.Answers, behalfPrefix))
	blind := entry.Kind == advisory.EvaluationAnswered && !r.revealed
	if entry.Form == "" || blind || slices.Contains(unread, entry.Form) {
		return basis
	}
	if entry.Form == "option" {
		return r.readOptions(entry.Answers)
	}
	return append(basis, r.readForm(entry.Form, entry.ProgrammeVersion, entry.Answers)...)
}

func (r answerReader) readForm(name string, version int, answers advisory.Answers) []form.ReadItem {
	f, ok := r.c.formAsAsked(name, version)
	if !ok {
		return nil
	}
	var items []form.ReadItem
	for _, step := range form.Reading(f, answers, r.sources, r.c.FormContext()) {
		for _, item := range step.Items {
			if answers.Get(item.Key) != "" {
				items = append(items, item)
			}
		}
	}
	return items
}

func (r answerReader) readOptions(answers advisory.Answers) []form.ReadItem {
	var items []form.ReadItem
	for i, option := range splitOptions(answers) {
		items = append(items, form.ReadItem{
			Label: r.c.server.texts.FormText(r.c.Lang, "common.repeat_options", "n", i+1), Lines: []string{option.Get("title")},
		})
	}
	return items
}

// withoutPrefix are the answers whose key begins with the prefix, by the rest of their key.
func withoutPrefix(answers advisory.Answers, prefix string) advisory.Answers {
	stripped := advisory.Answers{}
	for key, values := range answers {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			stripped[rest] = values
		}
	}
	return stripped
}
