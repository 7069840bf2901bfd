package chaos_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"

	"miglobe/advisory"
	"miglobe/local/robot"
)

// broken are promises that were not kept, each with what shows it.
type broken []string

func (b *broken) add(format string, args ...any) { *b = append(*b, fmt.Sprintf(format, args...)) }

// presses are the moments that press for tasks t; a task that nothing presses for has none.
const presses = `CASE jsonb_typeof(t.presses) WHEN 'array' THEN t.presses ELSE '[]' END`

// promises are rows that must not exist, by what they would break.
var promises = []struct{ promise, rows string }{
	{"every input is applied or refused", `SELECT id || ' ' || kind || ' is ' || state FROM inputs WHERE state = 'journaled'`},
	{"the engine knows every input that has an effect", `SELECT id || ' ' || kind FROM inputs WHERE state = 'applied' AND NOT confirmed`},
	{"a task is settled by one input at most", `
		SELECT task_id || ' by ' || count(*) FROM inputs WHERE kind = 'task' AND state = 'applied' GROUP BY task_id HAVING count(*) > 1`},
	{"an applied answer is the one that settled its task", `
		SELECT i.id || ' for ' || t.id || ', which is ' || t.state FROM inputs i JOIN tasks t ON t.id = i.task_id
		WHERE i.kind = 'task' AND i.state = 'applied' AND (t.input_id IS DISTINCT FROM i.id OR t.state <> 'done')`},
	{"a task is done by an answer", `SELECT id || ' ' || kind FROM tasks WHERE state = 'done' AND input_id IS NULL`},
	{"what was said stands in the history once", `
		SELECT h.input_id || ' ' || h.kind || ' × ' || count(*) FROM history h JOIN inputs i ON i.id = h.input_id
		WHERE h.kind <> 'appointment_cancelled' OR i.kind = 'cancel_appointment' -- a rest or a withdrawal cancels several
		GROUP BY h.input_id, h.kind HAVING count(*) > 1`},
	{"who was told that it is saved hears of a refusal", `
		SELECT i.id || ' ' || i.kind || ' was delivered ' || i.deliveries || ' times and refused' FROM inputs i
		WHERE i.state = 'refused' AND i.actor_id IS NOT NULL AND i.deliveries > 0
			AND NOT EXISTS (SELECT FROM mails m WHERE m.input_id = i.id AND m.template = 'input_not_adopted')`},
	{"steps are written one after the other, each once", `
		SELECT c.number || ': ' || count(s.number) || ' of ' || c.step FROM consultations c LEFT JOIN steps s ON s.consultation_id = c.id
		GROUP BY c.id HAVING count(s.number) <> c.step OR coalesce(max(s.number), 0) <> c.step`},
	{"nobody owes anything in a consultation that is over", `
		SELECT t.id || ' ' || t.kind FROM tasks t JOIN consultations c ON c.id = t.consultation_id
		WHERE t.state = 'open' AND c.ended_at IS NOT NULL`},
	{"every consultation comes to its end", `
		SELECT number || ' is in ' || stage || ' ' || outcome || ', open: '
			|| coalesce((SELECT string_agg(kind, ' ') FROM tasks WHERE consultation_id = c.id AND state = 'open'), 'nothing')
		FROM consultations c WHERE ended_at IS NULL`},
	{"no task lapses before all its reminders", `
		SELECT t.id || ' ' || t.kind || ': ' || t.reminders FROM tasks t JOIN consultations c ON c.id = t.consultation_id
		WHERE t.state = 'lapsed' AND t.reminders < (SELECT count(*) FROM jsonb_array_elements(` + presses + `) p WHERE p ? 'remind')`},
	{"everything that presses does so when a desk is open", `
		SELECT t.id || ' ' || (p->>'at') FROM tasks t, jsonb_array_elements(` + presses + `) p
		WHERE extract(hour FROM (p->>'at')::timestamptz AT TIME ZONE 'Europe/Berlin') NOT BETWEEN 8 AND 16
			AND NOT EXISTS (SELECT FROM history h WHERE h.consultation_id = t.consultation_id AND h.kind LIKE '%rest%')`},
	{"no mail is given up or forgotten", `
		SELECT id || ' ' || template || ' is ' || state || ' after ' || attempts FROM mails WHERE state IN ('queued', 'given_up', 'planned')`},
}

// check holds the house to its promises once everything is quiet.
func (c *crowd) check(ctx context.Context) (found broken) {
	for _, p := range promises {
		rows, err := c.store.DB().QueryContext(ctx, p.rows)
		c.must(err)
		for rows.Next() {
			var row string
			c.must(rows.Scan(&row))
			found.add("%s: %s", p.promise, row)
		}
		c.must(rows.Err())
	}
	c.checkLedger(ctx, &found)
	c.checkDeadlines(ctx, &found)
	c.checkEngine(ctx, &found)
	c.checkMails(ctx, &found)
	return found
}

func (c *crowd) count(ctx context.Context, query string, args ...any) (n int) {
	c.Helper()
	c.must(c.store.DB().QueryRowContext(ctx, query, args...).Scan(&n))
	return n
}

// checkLedger compares what everybody was told with what came of it.
func (c *crowd) checkLedger(ctx context.Context, found *broken) {
	type deed struct{ consultation, what, person string }
	applied, sent := map[deed]int{}, map[deed]int{}
	toldApplied := map[string]string{}
	for _, e := range c.ledger.all() {
		switch {
		case e.What == "request":
			if n := c.count(ctx, `SELECT count(*) FROM contacts k JOIN persons p ON p.id = k.person_id WHERE p.email = $1`, e.Person); e.Told == robot.Applied && n != 1 {
				found.add("a request that was told to be saved is one consultation: %s has %d", e.Person, n)
			}
		case e.Task == "":
			d := deed{e.Consultation, e.What, e.Person}
			sent[d]++
			if e.Told == robot.Applied {
				applied[d]++
			}
		case e.Told == robot.Applied:
			if other, twice := toldApplied[e.Task]; twice {
				found.add("one person is told to have settled a task: %s and %s for %s %s", other, e.Person, e.What, e.Task)
			}
			toldApplied[e.Task] = e.Person
			c.mustBe(ctx, found, e, 1, `state = 'applied'`)
		case e.Told == robot.Waiting:
			c.mustBe(ctx, found, e, 1, `state IN ('applied', 'refused')`)
		}
	}
	for d, n := range sent {
		rows := c.count(ctx, `SELECT count(*) FROM inputs WHERE consultation_id = $1 AND kind = $2 AND actor_id = $3 AND state = 'applied'`,
			d.consultation, d.what, d.person)
		if rows < applied[d] || rows > n {
			found.add("what was told to be saved has one effect: %s was sent %d times, told %d times, applied %d times", d.what, n, applied[d], rows)
		}
	}
}

func (c *crowd) mustBe(ctx context.Context, found *broken, e entry, want int, state string) {
	n := c.count(ctx, `SELECT count(*) FROM inputs WHERE kind = 'task' AND task_id = $1 AND actor_id = $2 AND `+state, e.Task, e.Person)
	if n < want {
		found.add("what was told to be saved has an effect: %s of %s was told %s and has %d", e.What, e.Task, e.Told, n)
	}
}

// longestOutage is longer than anything was away, in real time: what pressed so long ago has pressed.
const longestOutage = 60 * time.Second

// checkDeadlines finds moments that passed without what was to happen. Consultations that rested have other moments.
func (c *crowd) checkDeadlines(ctx context.Context, found *broken) {
	slack := time.Duration(float64(longestOutage) * c.clock.Speed)
	n := c.count(ctx, `
		SELECT count(*) FROM tasks t WHERE t.reminders < (SELECT count(*) FROM jsonb_array_elements(`+presses+`) p
				WHERE p ? 'remind' AND (p->>'at')::timestamptz + $1 * interval '1 second' < coalesce(t.closed_at, $2))
			AND NOT EXISTS (SELECT FROM history h WHERE h.consultation_id = t.consultation_id AND h.kind IN ('consultation_resting', 'withdrawn'))`,
		slack.Seconds(), c.now())
	if n > 0 {
		found.add("no deadline is lost: %d tasks lack a reminder", n)
	}
}

// checkEngine asks the engine how every workflow ended.
func (c *crowd) checkEngine(ctx context.Context, found *broken) {
	rows, err := c.store.DB().QueryContext(ctx, `SELECT id, outcome FROM consultations`)
	c.must(err)
	defer rows.Close()
	for rows.Next() {
		var id string
		var outcome advisory.Outcome
		c.must(rows.Scan(&id, &outcome))
		workflows := []string{advisory.WorkflowID(id)}
		if outcome == advisory.Completed {
			workflows = append(workflows, advisory.FollowUpWorkflowID(id))
		}
		for _, workflow := range workflows {
			described, err := c.client.DescribeWorkflowExecution(ctx, workflow, "")
			if err != nil {
				found.add("the engine knows every consultation: %s: %v", workflow, err)
				continue
			}
			if status := described.GetWorkflowExecutionInfo().GetStatus(); status != enums.WORKFLOW_EXECUTION_STATUS_COMPLETED {
				found.add("every workflow ends by itself: %s is %s", workflow, status)
			}
		}
	}
	c.must(rows.Err())
}

// checkMails compares what the mail server got with what was ordered.
func (c *crowd) checkMails(ctx context.Context, found *broken) {
	type letter struct{ id, to string }
	caught := map[letter]int{}
	for _, mail := range c.caughtMails() {
		caught[letter{strings.Trim(mail.Headers["Message-Id"][0], "<>"), mail.Recipients[0]}]++
		c.caught.all++
	}
	c.caught.repeated = c.caught.all - len(caught)
	known := map[string]bool{}
	rows, err := c.store.DB().QueryContext(ctx, `
		SELECT m.id, m.state, m.message_id, coalesce(p.email, m.address) FROM mails m LEFT JOIN persons p ON p.id = m.person_id
		WHERE m.message_id <> ''`)
	c.must(err)
	defer rows.Close()
	for rows.Next() {
		var id, state, messageID, to string
		c.must(rows.Scan(&id, &state, &messageID, &to))
		known[messageID] = true
		if state == "sent" && caught[letter{messageID, to}] == 0 {
			found.add("every mail arrives: %s is marked as sent and is not there", id)
		}
	}
	c.must(rows.Err())
	for l := range caught {
		if !known[l.id] {
			found.add("a mail is repeated only as the same message: %s to %s is not known", l.id, l.to)
		}
	}
}
