package server

import (
	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// requestToRead are the parts of a request that are worth reading again.
var requestToRead = []string{"municipality", "situation", "goal", "topics", "contact"}

// request shows what the municipality asked for.
func (b *panelBuilder) request() {
	if consultation := b.consultation(); b.err == nil {
		b.add(taskPanel{
			ID: "request", Title: b.T("task_pages.request"), Lists: b.answers("request", consultation.Request, requestToRead...),
		})
	}
}

// openQuestion is the question that waits for its answer.
func (b *panelBuilder) openQuestion() {
	said, err := b.server.store.LastSaid(b.ctx(), b.desk.ConsultationID, "ask_question")
	if !b.fails(err) {
		b.add(taskPanel{
			ID: "question", Title: b.T("task_pages.question", "name", said.ActorName, "date", b.date(said)),
			Text: lines(said.Answers.Get("question")),
		})
	}
}

// question shows the last question with its answer, where there was one.
func (b *panelBuilder) question() {
	question, err := b.server.store.LastSaid(b.ctx(), b.desk.ConsultationID, "ask_question")
	if b.fails(err) || question.Form == "" {
		return
	}
	answer, err := b.server.store.LastSaid(b.ctx(), b.desk.ConsultationID, "answer_question")
	if !b.fails(err) {
		read := append(b.answers("ask_question", question.Answers), b.answers("answer_question", answer.Answers)...)
		if answer.OnBehalf {
			read = append(read, list(fact(b.T("on_behalf.entry"), b.authorOf(answer, b.desk.Municipality)))...)
		}
		b.add(taskPanel{ID: "answer", Title: b.T("task_pages.answered"), Lists: read})
	}
}

// refusal shows the refusal that waits for a second person.
func (b *panelBuilder) refusal() {
	said, err := b.server.store.LastSaid(b.ctx(), b.desk.ConsultationID, "decline_request")
	if !b.fails(err) {
		b.add(taskPanel{
			ID: "refusal", Title: b.T("task_pages.refusal", "name", said.ActorName, "date", b.date(said)),
			Lists: b.answers("decline_request", said.Answers),
		})
	}
}

// returned shows why a refusal came back.
func (b *panelBuilder) returned() {
	said, err := b.server.store.LastSaid(b.ctx(), b.desk.ConsultationID, "approve_refusal")
	if b.fails(err) || said.Choice != advisory.Return {
		return
	}
	b.add(taskPanel{
		ID: "returned", Title: b.T("task_pages.returned", "name", said.ActorName, "date", b.date(said)),
		Lists: b.answers("approve_refusal", said.Answers),
	})
}

// assessment shows what the coordinator recorded beside goal and need.
func (b *panelBuilder) assessment() {
	said, err := b.server.store.LastSaid(b.ctx(), b.desk.ConsultationID, "assessment")
	if !b.fails(err) {
		read := b.answersAsAsked(said.ProgrammeVersion, "assessment", said.Answers)
		b.add(taskPanel{ID: "assessment", Title: b.T("task_pages.assessment"), Lists: read})
	}
}

// goal shows goal and need in the municipality's words.
func (b *panelBuilder) goal() {
	goal, err := b.server.latestGoal(b.Context, b.desk)
	if b.fails(err) || goal.Version == 0 {
		return
	}
	b.add(taskPanel{
		ID: "goal", Title: b.T("consultation.goal"), Quote: lines(goal.Goal), QuoteNote: b.goalNote(goal),
		Lists: list(fact(b.T("consultation.need"), lines(goal.Need)...)),
	})
}

func (b *panelBuilder) goalNote(goal store.GoalVersion) string {
	if goal.ConfirmedAt == nil {
		return ""
	}
	return b.enteredFor(b.T("task_pages.goal_confirmed", "date", texts.Date(b.Lang, *goal.ConfirmedAt)), goal.SettledBy, b.desk.Municipality)
}

// invitation shows an invited advisor what the municipality wants, without naming its persons.
func (b *panelBuilder) invitation() {
	goal, err := b.server.latestGoal(b.Context, b.desk)
	if b.fails(err) {
		return
	}
	assessment, err := b.server.store.Assessment(b.ctx(), b.desk.ConsultationID)
	if b.fails(err) {
		return
	}
	consultation := b.consultation()
	if b.err != nil {
		return
	}
	invited, err := b.server.store.InvitedTo(b.ctx(), b.desk.ID)
	if b.fails(err) {
		return
	}
	land := b.server.texts.OptionLabel(b.Lang, "laender", string(b.desk.Land))
	wishes := items(b.answers("request", consultation.Request), "wished_start", "meeting_format", "languages", "other_language", "access_needs")
	b.add(taskPanel{
		ID: "goal", Title: b.T("task_pages.what_about"), Quote: lines(goal.Goal), QuoteNote: b.goalNote(goal),
		Lists: list(
			fact(b.T("tables.municipality"), b.desk.Municipality+", "+land),
			fact(b.T("consultation.need"), lines(goal.Need)...),
			fact(b.T("consultation.situation"), lines(assessment.Get("situation"))...),
			fact(b.T("consultation.topics"), b.labels("topics", assessment.All("topics"))),
			fact(b.T("task_pages.your_part"), b.part(invited)), wishes),
	})
}

func (b *panelBuilder) part(invited store.InvitedTo) string {
	part := b.T("roles.advisor.name")
	if invited.Lead {
		part = b.T("roles.lead_advisor.name")
	}
	if invited.Others == 0 {
		return b.T("task_pages.part_alone", "part", part)
	}
	return b.server.texts.Count(b.Lang, "task_pages.part_with", invited.Others, "part", part)
}

// why shows an invited advisor the reason of the choice.
func (b *panelBuilder) why() {
	invited, err := b.server.store.InvitedTo(b.ctx(), b.desk.ID)
	if !b.fails(err) && invited.Why != "" {
		b.add(taskPanel{ID: "why", Title: b.T("task_pages.why"), Text: lines(invited.Why)})
	}
}

// contacts shows whom to call at the municipality.
func (b *panelBuilder) contacts() {
	contacts, err := b.server.store.Contacts(b.ctx(), b.desk.ConsultationID)
	if b.fails(err) {
		return
	}
	panel := taskPanel{ID: "contacts", Title: b.T("consultation.contacts")}
	for _, contact := range contacts {
		panel.Persons = append(panel.Persons, contact.Person)
	}
	b.add(panel)
}

// team shows whom to call of the advisors who accompany the municipality.
func (b *panelBuilder) team() {
	team, err := b.server.store.Team(b.ctx(), b.desk.ConsultationID)
	if b.fails(err) {
		return
	}
	panel := taskPanel{ID: "team", Title: b.T("consultation.team")}
	for _, advisor := range team {
		if advisor.Until == nil {
			panel.Persons = append(panel.Persons, advisor.Person)
		}
	}
	if len(panel.Persons) > 0 {
		b.add(panel)
	}
}

// openTask shows the task that a call is about.
func (b *panelBuilder) openTask() {
	task, err := b.server.store.Task(b.ctx(), b.desk.About)
	if advisory.CodeOf(err) == advisory.NotFound || b.fails(err) {
		return
	}
	card, err := b.server.taskCard(b.Context, task)
	if b.fails(err) {
		return
	}
	panel := taskPanel{ID: "open-task", Title: b.T("task_pages.open_task"), Lists: list(
		fact(b.T("tables.task"), card.Title), fact(b.T("tables.owner"), card.Owner),
		fact(b.T("tables.due"), b.T("task_pages.due", "until", b.T("dates.until", "date", texts.Date(b.Lang, task.DueOn)), "left", card.Due)),
	)}
	if card.May {
		panel.Link = &taskChoice{Label: card.Action, URL: card.URL}
	}
	b.add(panel)
}
