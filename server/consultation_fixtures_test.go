package server

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// path is the page of the consultation.
func (f *consultationFixture) path() string { return consultationPath(f.Number) }

// secrets are words and facts that municipality and advisors must never read (texts/README.md, promise 5).
var secrets = []string{"geheime Notiz", "Keine Lust auf Rathaus", "Schwager im Amt", "Bitte niemanden aus Bonn", "Nicht weitersagen",
	"Kannte den Rat nicht", "Einladung abgesagt", "Interessenkonflikt", "Andere Poolmitglieder gewünscht", "Ablehnung vorgeschlagen", "Gespräch vermerkt"}

// withSecrets is a consultation at its opening before which an advisor has declined, another has declared a conflict,
// the municipality has asked for others, and the staff have written to each other.
func (f *consultationFixture) withSecrets() {
	f.t.Helper()
	f.reach(advisory.AnswerInvitation)
	decliner, conflicted := f.named(advisory.Advisor, "Dana", "Absage"), f.named(advisory.Advisor, "Conny", "Konflikt")
	for _, advisor := range []store.Person{decliner, conflicted} {
		f.exec(`INSERT INTO advisors (person_id) VALUES ($1)`, advisor.ID)
	}
	f.settleNext(advisory.AnswerInvitation)
	f.open(advisory.OpenTask{Kind: advisory.AnswerInvitation, Owner: advisory.Owner{Role: advisory.Advisor, Person: decliner.ID}})
	f.say(decliner, advisory.Decline, "answer_invitation", advisory.Answers{"decline_reason": {"topic"}, "comment": {secrets[1]}}, advisory.InvitationDeclined)
	f.open(advisory.OpenTask{Kind: advisory.AnswerInvitation, Owner: advisory.Owner{Role: advisory.Advisor, Person: conflicted.ID}})
	f.say(conflicted, advisory.ConflictOfInt, "answer_invitation", advisory.Answers{"conflict_text": {secrets[2]}}, advisory.ConflictDeclared)
	f.openNext(advisory.AgreeToAdvisors)
	f.say(f.Contact, advisory.AskForOthers, "agree_to_advisors", advisory.Answers{"wish": {secrets[3]}}, advisory.OthersWanted)
	f.openNext(advisory.AgreeToAdvisors)
	f.settleNext(advisory.AgreeToAdvisors)
	f.write(advisory.Entry{History: advisory.RefusalProposed}, advisory.Entry{History: advisory.CallNoted})
	f.exec(`INSERT INTO internal_notes (id, consultation_id, author_id, note, written_at) VALUES ($1, $2, $3, $4, now())`,
		uuid.NewString(), f.ID, f.Coordinator.ID, secrets[0])
	f.exec(`UPDATE inputs SET answers = answers || '{"internal_note": ["Nicht weitersagen"]}' WHERE form = 'accept_request'`)
	f.exec(`UPDATE inputs SET answers = answers || '{"why_not_first": ["Kannte den Rat nicht"]}' WHERE form = 'choose_advisors'`)
	f.openNext(advisory.ProposeSlots)
}

// evaluated opens the look back for both sides, with two advisors, and lets those answer who are named.
func (f *consultationFixture) evaluated(answered ...store.Person) {
	f.t.Helper()
	f.reach(advisory.Evaluate)
	tasks := map[string]string{f.Contact.ID: f.last}
	for _, advisor := range []store.Person{f.Lead, f.Member} {
		tasks[advisor.ID] = f.open(advisory.OpenTask{Kind: advisory.Evaluate, Owner: advisory.Owner{Role: advisory.Advisor, Person: advisor.ID}})
	}
	for _, person := range answered {
		f.last = tasks[person.ID]
		f.say(person, advisory.Submit, "evaluate_"+string(person.Role), advisory.Answers{
			"learned_text": {"Gelernt von " + person.FirstName}, "include_migrants_level": {"level_3"}, "learned_something": {"level_4"},
		}, advisory.EvaluationAnswered)
	}
}

// ended brings the consultation to an outcome.
func (f *consultationFixture) ended(outcome advisory.Outcome) {
	f.t.Helper()
	end := func(kind advisory.TaskKind, actor store.Person, choice advisory.Choice, form string, answers advisory.Answers, told advisory.HistoryKind) {
		f.reach(kind)
		f.say(actor, choice, form, answers, told, advisory.Entry{Outcome: outcome, Ended: outcome != advisory.Completed})
	}
	switch outcome {
	case advisory.Declined:
		end(advisory.ReviewRequest, f.Coordinator, advisory.Decline, "decline_request",
			advisory.Answers{"message": {"Das Anliegen passt nicht."}, "internal_note": {secrets[4]}}, advisory.RequestDeclined)
	case advisory.Referred:
		end(advisory.ReviewRequest, f.Coordinator, advisory.Refer, "refer_request",
			advisory.Answers{"recommendation": {"Fragen Sie die Nachbarn."}}, advisory.RequestReferred)
	case advisory.NotAccompanied:
		end(advisory.DecideAccompaniment, f.Contact, advisory.EndHere, "decide_accompaniment", advisory.Answers{}, advisory.AccompanimentEnded)
	case advisory.Completed:
		end(advisory.CloseConsultation, f.Coordinator, advisory.Close, "close_consultation",
			advisory.Answers{"summary": {"Zwei Optionen sind auf dem Weg."}, "follow_up_from": {workday(120)}, "internal_note": {secrets[4]}}, advisory.ConsultationClosed)
	case advisory.Withdrawn:
		task, _ := f.reach(advisory.ProposeSlots)
		in := advisory.Input{ID: uuid.Must(uuid.NewV7()).String(), Kind: advisory.Withdraw, Actor: f.Contact.ID}
		if _, err := f.store.JournalInput(context.Background(), store.NewInput{ConsultationID: f.ID, Message: in, Form: "withdraw",
			Answers: advisory.Answers{"comment": {secrets[4]}}, EnteredAt: march}); err != nil {
			f.t.Fatal(err)
		}
		f.write(advisory.Entry{Close: task, State: advisory.Obsolete}, advisory.Entry{History: advisory.ConsultationWithdrawn, Input: in.ID},
			advisory.Entry{Outcome: outcome})
	}
}

// tells lets a person say something beside the tasks, with what follows from it.
func (f *consultationFixture) tells(in advisory.Input, form string, answers advisory.Answers, onBehalf bool, then ...advisory.Entry) {
	f.t.Helper()
	in.ID = uuid.Must(uuid.NewV7()).String()
	if _, err := f.store.JournalInput(context.Background(), store.NewInput{ConsultationID: f.ID, Message: in, Form: form, FormVersion: 1,
		Answers: answers, OnBehalf: onBehalf, EnteredAt: time.Now()}); err != nil {
		f.t.Fatal(err)
	}
	for i := range then {
		if then[i].History != "" {
			then[i].Input = in.ID
		}
	}
	f.write(then...)
}

// wantNoMissingText fails where a page shows the key of a text in its place.
func (a *answer) wantNoMissingText() *answer {
	a.t.Helper()
	page := a.text("html")
	for _, section := range []string{"status_pages.", "outcomes.", "sessions.", "history.", "tasks.", "stages.", "mirror.", "baseline.", "conditions."} {
		for _, word := range strings.Fields(page) {
			if strings.HasPrefix(word, section) && !strings.HasSuffix(word, ".") {
				a.t.Errorf("%s: text is missing: %s", a.what, word)
			}
		}
	}
	return a
}

// inBothLanguages shows a page in German and in English.
func inBothLanguages(b *browser, path string) map[texts.Lang]*answer {
	return map[texts.Lang]*answer{
		texts.German:  b.get(path).wantStatus(200).wantNoMissingText(),
		texts.English: b.get("/en" + path).wantStatus(200).wantNoMissingText(),
	}
}
