package worker

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/mail"
	"miglobe/store"
	"miglobe/texts"
)

// sendDigest makes one mail a day of all that a person owes, where something new is among it. What is collected settles
// when it goes, however often: its Message-ID is that of the person's day.
func (o *clerk) sendDigest(ctx context.Context, claimed []store.QueuedMail) error {
	due, err := o.sift(ctx, claimed)
	if err != nil || len(due) == 0 {
		return err
	}
	now := o.Clock.Now()
	next, err := o.nextDigest(ctx, due, now)
	if err != nil {
		return err
	}
	if next.After(now) {
		return o.postpone(ctx, due, next)
	}
	letter, err := o.digest(ctx, due, now)
	if err != nil {
		return err
	}
	day := advisory.Midnight(now).Format(time.DateOnly)
	return o.send(ctx, due, letter, "daily_digest/"+due[0].PersonID.String+"/"+day)
}

// nextDigest is when what is collected goes: with the desk's opening after it was ordered, once a day. A reminder belongs
// to its day, so it goes on the same one where nothing has gone yet.
func (o *clerk) nextDigest(ctx context.Context, due []store.QueuedMail, now time.Time) (time.Time, error) {
	facts, err := o.facts(ctx, due[0].ConsultationID.String)
	if err != nil {
		return now, err
	}
	calendar := advisory.NewCalendar(facts.Land, facts.Programme.Closures...)
	today := advisory.Midnight(now)
	had, err := o.Store.HadDigest(ctx, due[0].PersonID.String, today)
	if err != nil {
		return now, err
	}
	opening := facts.Programme.NextDesk(calendar, today)
	forToday := slices.ContainsFunc(due, func(m store.QueuedMail) bool { return m.Reminder || m.OrderedAt.Before(opening) })
	if had || !forToday {
		return facts.Programme.NextDesk(calendar, today.AddDate(0, 0, 1)), nil
	}
	return facts.Programme.NextDesk(calendar, now), nil
}

// digest writes the list of everything that is open for the person.
func (o *clerk) digest(ctx context.Context, due []store.QueuedMail, now time.Time) (letter, error) {
	person, err := o.Store.Person(ctx, due[0].PersonID.String)
	if err != nil {
		return letter{}, err
	}
	var about []string
	for _, m := range due {
		if m.TaskID.Valid && !slices.Contains(about, m.TaskID.String) {
			about = append(about, m.TaskID.String)
		}
	}
	tasks, err := o.Store.DigestTasks(ctx, person, about, now)
	if err != nil {
		return letter{}, err
	}
	w := writer{clerk: o, ctx: ctx, lang: language(due[0]), person: &person,
		to: mail.Address{Name: person.Name(), Address: person.Email}}
	list, err := w.taskList(tasks)
	if err != nil {
		return letter{}, err
	}
	mentions, err := w.mentionList(due)
	if err != nil {
		return letter{}, err
	}
	if list += mentions; list == "" {
		return letter{}, fmt.Errorf("%w: nothing is open", errNotNeeded)
	}
	path := tasksPath
	if person.Role.Coordinates() {
		path = workbenchPath
	}
	return w.finish([]mail.Part{{Template: string(advisory.MailDailyDigest), Data: mail.Data{
		Name: w.salutation(), Coordinator: w.generalLine(), Link: w.url(path), Reason: list,
	}}})
}

// taskList is a Markdown list with a link to each task.
func (w *writer) taskList(tasks []store.Task) (string, error) {
	var list strings.Builder
	for _, task := range tasks {
		token, err := w.Store.IssueTaskLink(w.ctx, task.ID, w.person.ID)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&list, "- %s\n", w.Texts.UI(w.lang, "digest.task",
			"task", "["+mail.EscapeMarkdown(w.taskTitle(task.Kind))+"]("+w.url("/a/"+token)+")",
			"subject", mail.EscapeMarkdown(task.Subject), "number", mail.EscapeMarkdown(task.Number),
			"due", mail.EscapeMarkdown(texts.LongDate(w.lang, berlinDay(task.DueOn)))))
	}
	return list.String(), nil
}

// mentionList is a Markdown list with a link to each note in which the person is mentioned.
func (w *writer) mentionList(due []store.QueuedMail) (string, error) {
	var list strings.Builder
	for _, m := range due {
		if m.Template != advisory.MailNoteMention {
			continue
		}
		facts, err := w.clerk.facts(w.ctx, m.ConsultationID.String)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&list, "- %s\n", w.Texts.UI(w.lang, "mentions.digest",
			"mentioned", "["+mail.EscapeMarkdown(w.Texts.UI(w.lang, "mentions.in_a_note"))+"]("+w.url(m.Link)+")",
			"subject", mail.EscapeMarkdown(facts.Subject), "number", mail.EscapeMarkdown(facts.Number)))
	}
	return list.String(), nil
}
