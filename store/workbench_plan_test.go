package store_test

import (
	"regexp"
	"strings"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

// fillYears brings the database to a size at which a plan without an index would hurt: 20,000 consultations, most of them
// ended, with a history of tasks behind them.
func (d *desk) fillYears() {
	d.Helper()
	d.exec(`
		INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
			stage_since, outcome, coordinator_id, sent_at, ended_at, updated_at)
		SELECT gen_random_uuid(), 'MG-' || 2005 + n / 1200 || '-' || lpad((n % 1200)::text, 4, '0'), 'Gemeinde ' || md5(n::text), (ARRAY['NW', 'BY', 'SL'])[1 + n % 3],
			'Anliegen', 1, jsonb_build_object('topics', ARRAY[(ARRAY['partnerships', 'procurement', 'education'])[1 + n % 3]]), 1,
			CASE WHEN n % 40 > 0 THEN (ARRAY['review', 'opening', 'follow_up'])[1 + n % 3]
				ELSE (ARRAY['review', 'assessment', 'assignment', 'opening', 'dialogue', 'options', 'evaluation', 'closing'])[1 + n / 40 % 8] END,
			now(), CASE WHEN n % 40 > 0 THEN (ARRAY['declined', 'not_accompanied', 'completed'])[1 + n % 3] ELSE '' END, $1, now(),
			CASE WHEN n % 40 > 0 THEN now() END, now() - n * interval '1 hour'
		FROM generate_series(1, 20000) n`, d.people["robin"])
	d.exec(`
		INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, state, opened_at, due_on, passed_to, closed_at)
		SELECT id || '-1', id, id, 'review_request', 'coordinator', CASE WHEN random() < 0.9 THEN $1::uuid END,
			CASE WHEN ended_at IS NULL THEN 'open' ELSE 'done' END, now(), current_date + (random() * 20)::int - 10,
			CASE WHEN random() < 0.02 THEN 'lead_coordinator' ELSE '' END, ended_at
		FROM consultations WHERE number <> 'MG-2026-0001'
		UNION ALL
		SELECT id || '-2', id, id, 'confirm_need', 'municipality', NULL, CASE WHEN ended_at IS NULL THEN 'open' ELSE 'done' END,
			now(), current_date, '', ended_at
		FROM consultations WHERE number <> 'MG-2026-0001'`, d.people["robin"])
	d.exec(`
		INSERT INTO consultation_search (consultation_id, document)
		SELECT id, search_vector(number || ' ' || municipality || ' ' || subject || CASE WHEN random() < 0.01 THEN ' Städtepartnerschaft' ELSE '' END)
		FROM consultations ON CONFLICT DO NOTHING`)
	for _, table := range []string{"consultations", "tasks", "consultation_search"} {
		d.exec(`VACUUM ANALYZE ` + table)
	}
}

// plan is how the database would run a statement.
func (d *desk) plan(statement string, args ...any) string {
	d.Helper()
	rows, err := d.store.DB().Query(`EXPLAIN `+statement, args...)
	d.must(err)
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		d.must(rows.Scan(&line))
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

var wholeTable = regexp.MustCompile(`Seq Scan on (consultations|tasks|consultation_search)`)

func TestListsAreCarriedByIndexes(t *testing.T) {
	d := newDesk(t)
	d.fillYears()
	kim, err := d.store.Person(d.ctx, d.people["kim"])
	d.must(err)
	friday := monday.AddDate(0, 0, 4)
	statements := map[string]func() (string, []any){
		"stages": func() (string, []any) { return store.StageCountsStatement, nil },
	}
	collect := func(name string, more map[string]func() (string, []any)) {
		for part, statement := range more {
			statements[name+" "+part] = statement
		}
	}
	collect("counts", d.store.WorkCountStatements(kim, monday))
	for _, list := range store.WorkLists {
		for name, filter := range map[string]store.WorkFilter{
			"":       {},
			"stage":  {Stage: advisory.Dialogue},
			"due":    {Due: store.Overdue},
			"number": {Words: "MG-2011-0042"},
			"kind":   {Kind: advisory.ReviewRequest}, "due by": {DueBy: &friday}, "Land": {Land: "SL"}, "topic": {Topic: "education"},
			"coordinator": {Coordinator: d.people["robin"]}, "nobody's": {Coordinator: store.Unclaimed},
			"advisor": {Advisor: d.people["amina"]}, "age": {SentBefore: &friday},
			"everything": {Kind: advisory.ReviewRequest, Due: store.Overdue, DueBy: &friday, Stage: advisory.Dialogue, Land: "NW",
				Topic: "education", Coordinator: d.people["robin"], Advisor: d.people["amina"], SentBefore: &friday, Words: "Gemeinde"},
		} {
			filter.List, filter.Person, filter.Now = list, kim, monday
			collect(string(list)+" "+name, d.store.WorkStatements(filter))
		}
	}
	for name, filter := range map[string]store.ConsultationFilter{
		"all": {}, "stage": {Stage: advisory.Dialogue}, "follow-up": {Stage: advisory.FollowUp}, "running": {Running: true},
		"outcome": {Outcome: advisory.Declined}, "stage and outcome": {Stage: advisory.Opening, Outcome: advisory.Withdrawn},
		"number": {Words: "MG-2011-0042"}, "municipality": {Words: "a3f9c"}, "later page": {Page: 30},
		"words": {Words: "partnerschaft"}, "words everywhere": {Words: "Gemeinde"}, "no words": {Words: "und %"},
		"land": {Land: "SL"}, "topic": {Topic: "education"}, "task": {Task: advisory.ReviewRequest}, "due": {DueBy: &friday},
		"coordinator": {Coordinator: d.people["robin"]}, "nobody's": {Coordinator: store.Unclaimed}, "advisor": {Advisor: d.people["amina"]},
		"age": {SentBefore: &friday}, "land and topic": {Land: "SL", Topic: "education", Running: true},
		"task and words": {Task: advisory.ReviewRequest, Words: "partnerschaft"},
		"everything": {Stage: advisory.Dialogue, Running: true, Task: advisory.ReviewRequest, DueBy: &friday, Land: "NW", Topic: "education",
			Coordinator: d.people["robin"], Advisor: d.people["amina"], SentBefore: &friday, Words: "Gemeinde"},
	} {
		collect(name, d.store.ConsultationStatements(filter))
	}
	for name, filter := range map[string]store.ConsultationFilter{
		"whole list": {}, "whole list of a Land": {Land: "SL"}, "whole list by words": {Words: "partnerschaft"},
	} {
		statements[name] = func() (string, []any) { return d.store.ExportStatement(filter) }
	}
	for name, statement := range statements {
		text, args := statement()
		if plan := d.plan(text, args...); wholeTable.MatchString(plan) {
			t.Errorf("%s reads a whole table:\n%s", name, plan)
		}
	}
}
