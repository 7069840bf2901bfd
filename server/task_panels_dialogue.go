package server

import (
	"slices"
	"strconv"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

// wishes shows what the municipality said about dates and places.
func (b *panelBuilder) wishes() {
	consultation := b.consultation()
	if b.err != nil {
		return
	}
	session := b.session()
	if b.err != nil {
		return
	}
	b.add(taskPanel{ID: "wishes", Title: b.T("task_pages.wishes"), Lists: list(
		fact(b.T("task_pages.session"), b.sessionTitle(session.Kind, session.Ordinal)),
		items(b.answers("request", consultation.Request), "wished_start", "fixed_dates", "meeting_format", "languages",
			"other_language", "access_needs"),
	)})
}

// session is the session that the task is about.
func (b *panelBuilder) session() store.Session {
	sessions, err := b.server.store.Sessions(b.ctx(), b.desk.ConsultationID)
	b.err = err
	return sessionOf(sessions, b.desk.Session)
}

// offer shows who proposes dates, and the dates themselves where the form is about other ones.
func (b *panelBuilder) offer() {
	session := b.session()
	if b.err != nil {
		return
	}
	proposal := session.Proposal
	var dates []string
	if b.choice == advisory.CounterPropose || !b.desk.May {
		for _, slot := range session.Slots {
			dates = append(dates, texts.DateTimeRange(b.Lang, slot.StartsAt, slot.EndsAt))
		}
	}
	b.add(taskPanel{ID: "offer", Title: b.T("task_pages.offer"), Lists: list(
		fact(b.T("task_pages.session"), b.sessionTitle(session.Kind, session.Ordinal)), fact(b.T("task_pages.proposed_by"), b.authorOf(proposal, b.desk.Municipality)),
		fact(b.T("nav.appointments"), dates...), fact(b.T("task_pages.participants"), proposal.Answers.Get(participantsField)),
		fact(b.T("task_pages.message"), lines(proposal.Answers.Get("message"))...),
	)})
}

// appointment shows when and where the session of the task was or is.
func (b *panelBuilder) appointment() {
	session := b.session()
	if b.err != nil || !session.HasDate() {
		return
	}
	b.add(taskPanel{ID: "appointment", Title: b.sessionTitle(session.Kind, session.Ordinal), Lists: list(
		fact(b.T("tables.when"), texts.DateTimeRange(b.Lang, *session.StartsAt, *session.EndsAt)),
		fact(b.T("tables.where"), b.where(session.Format, session.Place)),
		fact(b.T("task_pages.participants"), session.Participants),
	)})
}

// notes shows the shared notes, latest first.
func (b *panelBuilder) notes() {
	sessions, err := b.server.store.Sessions(b.ctx(), b.desk.ConsultationID)
	if b.fails(err) {
		return
	}
	panel := taskPanel{ID: "notes", Title: b.T("consultation.notes")}
	for _, session := range slices.Backward(sessions) {
		if session.Note == nil {
			continue
		}
		for _, step := range b.answers("note", session.Note.Answers) {
			step.Title = b.sessionTitle(session.Kind, session.Ordinal)
			if session.HasDate() {
				step.Title += ", " + texts.Date(b.Lang, *session.StartsAt)
			}
			panel.Lists = append(panel.Lists, step)
		}
		if correction := session.Note.Correction; correction != nil {
			panel.Lists = append(panel.Lists, list(fact(b.T("appointment_pages.correction"), lines(correction.Text)...))...)
		}
	}
	if len(panel.Lists) > 0 {
		b.add(panel)
	}
}

// changeWish shows what somebody wanted changed in the latest version.
func (b *panelBuilder) changeWish() {
	latest, err := b.server.latestOptions(b.Context, b.desk)
	if b.fails(err) {
		return
	}
	for _, said := range latest.Confirmations {
		if said.Choice != advisory.Change {
			continue
		}
		name := said.Name
		if name == "" {
			name = b.desk.Municipality
		}
		if said.OnBehalf {
			name = b.author(said.ActorName, true, b.desk.Municipality)
		}
		b.add(taskPanel{
			ID: "change", Title: b.T("task_pages.change_wish", "name", name, "date", texts.Date(b.Lang, *said.ClosedAt)),
			Text: lines(said.Answers.Get("change_text")),
		})
	}
}

// options shows the latest version of the options for reading.
func (b *panelBuilder) options() {
	latest, err := b.server.latestOptions(b.Context, b.desk)
	if b.fails(err) || latest.Version == 0 {
		return
	}
	version := b.T("options.version", "n", latest.Version, "date", texts.Date(b.Lang, latest.SharedAt))
	panel := taskPanel{ID: "options", Title: b.T("consultation.options") + ", " + version}
	for i, option := range latest.Options() {
		panel.Lists = append(panel.Lists, b.option(i+1, option))
	}
	b.add(panel)
}

// option is one option as one list below its title.
func (b *panelBuilder) option(n int, option advisory.Answers) form.ReadStep {
	list := form.ReadStep{Title: strconv.Itoa(n) + ". " + option.Get("title")}
	for _, step := range b.answers("option", option) {
		list.Items = append(list.Items, step.Items...)
	}
	list.Items = slices.DeleteFunc(list.Items, func(item form.ReadItem) bool { return item.Key == "title" })
	return list
}

// completeness shows what a consultation has and what is missing when it is closed.
func (b *panelBuilder) completeness() {
	sessions, err := b.server.store.Sessions(b.ctx(), b.desk.ConsultationID)
	if b.fails(err) {
		return
	}
	latest, err := b.server.latestOptions(b.Context, b.desk)
	if b.fails(err) {
		return
	}
	evaluations, err := b.server.store.Evaluations(b.ctx(), b.desk.ConsultationID)
	if b.fails(err) {
		return
	}
	b.add(taskPanel{ID: "complete", Title: b.T("task_pages.complete"), Lists: list(
		fact(b.T("consultation.sessions"), b.sessionsState(sessions)), fact(b.T("consultation.options"), b.optionsState(latest)),
		fact(b.T("consultation.evaluation"), b.evaluationStates(evaluations)...),
	)})
}

func (b *panelBuilder) sessionsState(sessions []store.Session) string {
	held, notes := 0, 0
	for _, session := range sessions {
		if session.State == advisory.Held {
			held++
		}
		if session.Note != nil {
			notes++
		}
	}
	return b.T("task_pages.sessions_held", "n", held, "notes", notes)
}

func (b *panelBuilder) optionsState(latest store.OptionVersion) string {
	if latest.Version == 0 {
		return b.T("task_pages.missing")
	}
	state := b.T("options.shared")
	if latest.ConfirmedAt != nil {
		state = b.T("options.confirmed")
	}
	return b.server.texts.Count(b.Lang, "task_pages.options_state", len(latest.Options()), "state", state)
}

// evaluationStates tell whether the answers of both sides are there, not what they say.
func (b *panelBuilder) evaluationStates(evaluations []store.Evaluation) []string {
	var states []string
	for _, e := range evaluations {
		name, state := e.Name, b.T("questionnaires.closed_without_answer")
		if name == "" {
			name = b.desk.Municipality
		}
		if e.Answered() {
			state = b.enteredFor(b.T("questionnaires.answered"), e.EnteredBy(), b.desk.Municipality)
		}
		states = append(states, name+": "+state)
	}
	return states
}
