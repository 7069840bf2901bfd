package store_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// named is a word that only persons and what they wrote have in the tests of erasure.
const named = "Wintergruen"

// erasure is a desk whose consultation has ended, full of words.
type erasure struct {
	*desk
	catalog *texts.Catalog
}

func newErasure(t *testing.T, outcome advisory.Outcome) *erasure {
	t.Helper()
	catalog, err := texts.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := &erasure{desk: accompanied(t), catalog: catalog}
	d.exec(`UPDATE persons SET first_name = $2, last_name = $2, email = $3, phone = $2, function = $2, new_email = $3, salutation = 'ms'
		WHERE id = $1`, d.people["toni"], named, strings.ToLower(named)+"@demo.example")
	d.exec(`UPDATE consultations SET request = $2, subject = $3, unit = $3 WHERE id = $1`, d.consultation, advisory.Answers{
		"municipality": {"Musterhausen"}, "land": {"NW"}, "topics": {"partnerships", "participation"}, "situation": {named},
		"first_name": {named}, "last_name": {named}, "email": {named + "@demo.example"}, "phone": {named}, "second_contact_name": {named},
		"partner_country": {"GH"}, "fixed_dates": {""},
	}, named)
	d.spoken()
	d.kept()
	d.exec(`UPDATE consultations SET outcome = $2, ended_at = $3 WHERE id = $1`, d.consultation, outcome, monday)
	return d
}

// spoken lets everybody say something.
func (d *erasure) spoken() {
	d.Helper()
	d.write(d.opens(1, advisory.RecordAssessment, advisory.Coordinator, "kim"))
	d.write(d.saidWith("assessment", 1, advisory.Record, "kim", advisory.Answers{"goal": {named}, "need": {named},
		"include_migrants_level": {"level_1"}, "include_migrants_text": {named}, "behalf_basis": {"meeting"}, "behalf_note": {named}}),
		d.opens(2, advisory.ProposeSlots, advisory.Advisor, "amina"),
		advisory.Entry{Session: &advisory.SessionStep{Number: 1, Kind: advisory.OpeningSession, State: advisory.SlotsWanted}})
	d.write(d.saidWith("propose_slots", 2, advisory.Propose, "amina", advisory.Answers{"slots.1.date": {"2026-03-10"},
		"slots.1.start_time": {"10:00"}, "slots.1.duration": {"minutes_90"}, "place": {named}, "message": {named}}),
		d.opens(3, advisory.Evaluate, advisory.Municipality, ""))
	d.write(d.saidWith("evaluate_municipality", 3, advisory.Submit, "toni", advisory.Answers{"learned_something": {"level_4"},
		"learned_text": {named}}), advisory.Entry{History: advisory.EvaluationAnswered},
		d.opens(4, advisory.CheckAddress, advisory.Coordinator, "kim"))
	d.write(d.saidWith("no_form_any_more", 4, advisory.Record, "kim", advisory.Answers{"level": {named}}))
}

// kept fills everything else that holds words or addresses.
func (d *erasure) kept() {
	d.Helper()
	task := advisory.TaskID(d.consultation, 4)
	for _, statement := range []string{
		`UPDATE sessions SET place = '` + named + `', participants = '` + named + `'`,
		`UPDATE tasks SET bring_forward_note = '` + named + `'`,
		`INSERT INTO internal_notes SELECT gen_random_uuid(), c.id, p.id, '` + named + `', now() FROM consultations c, persons p
			WHERE p.first_name = 'kim'`,
		`INSERT INTO task_drafts (task_id, person_id, answers, form_version)
			SELECT '` + task + `', id, '{"a": ["` + named + `"]}', 1 FROM persons`,
		`INSERT INTO task_links (task_id, token_hash, person_id) SELECT '` + task + `', convert_to(id::text, 'UTF8'), id FROM persons`,
		`INSERT INTO address_links (token_hash, consultation_id, email, expires_at) SELECT 'h', id, '` + named + `', now() FROM consultations`,
		`INSERT INTO sign_in_links (token_hash, person_id, expires_at) SELECT convert_to(id::text, 'UTF8'), id, now() FROM persons`,
		`INSERT INTO calendar_feeds (person_id, token_hash) SELECT id, convert_to(id::text, 'UTF8') FROM persons`,
		`INSERT INTO web_sessions SELECT id::text, convert_to('person' || id || email, 'UTF8'), now() + interval '1 hour' FROM persons`,
		`UPDATE mails SET address = '` + named + `@demo.example', subject = '` + named + `', failure = '` + named + `', state = 'sent'`,
	} {
		d.exec(statement)
	}
}

// anonymise lets the hourly work happen so many years and months after the consultation ended.
func (d *erasure) anonymise(years, months, days int) {
	d.Helper()
	d.must(d.store.Anonymise(d.ctx, advisory.DefaultRetention(), monday.AddDate(years, months, days), d.catalog.WithoutWords))
}

// found are the tables with a row that holds the word.
func (d *erasure) found(word string) (tables []string) {
	d.Helper()
	rows, err := d.store.DB().Query(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	d.must(err)
	defer rows.Close()
	for rows.Next() {
		var table string
		d.must(rows.Scan(&table))
		if d.read(`SELECT (EXISTS (SELECT FROM `+table+` t WHERE t::text ILIKE '%' || $1 || '%'
			OR t::text ILIKE '%' || encode(convert_to(lower($1), 'UTF8'), 'hex') || '%'))::text`, word) == "true" {
			tables = append(tables, table)
		}
	}
	return tables
}

// figures is what is counted: by outcome, by station, by municipality, and the answers that are choices.
func (d *erasure) figures() string {
	d.Helper()
	outcomes, err := d.store.OutcomeCounts(d.ctx)
	d.must(err)
	stages, err := d.store.StageCounts(d.ctx)
	d.must(err)
	list, err := d.store.ConsultationList(d.ctx, store.ConsultationFilter{Words: "musterhausen"})
	d.must(err)
	counted := fmt.Sprint(outcomes, stages, list.Total)
	for _, query := range []string{
		`SELECT coalesce(string_agg(concat_ws('/', number, municipality, land, stage, outcome, ended_at, sent_at, request->'topics',
			request->'partner_country', request->'municipality'), ' ' ORDER BY number), '') FROM consultations`,
		`SELECT string_agg(concat_ws('/', kind, choice, form, answers->'include_migrants_level', answers->'learned_something',
			answers->'slots.1.date', answers->'slots.1.start_time', answers->'behalf_basis'), ' ' ORDER BY id) FROM inputs`,
		`SELECT string_agg(concat_ws('/', kind, state, opened_at, closed_at), ' ' ORDER BY id) FROM tasks`,
		`SELECT string_agg(concat_ws('/', number, kind, state, starts_at), ' ' ORDER BY number) FROM sessions`,
		`SELECT string_agg(concat_ws('/', version, written_at, confirmed_at), ' ' ORDER BY version) FROM goal_versions`,
		`SELECT string_agg(concat_ws('/', kind, at), ' ' ORDER BY id) FROM history WHERE kind <> 'person_anonymised'`,
	} {
		counted += "\n" + d.read(query)
	}
	return counted
}

func TestWhatIsErasedAndWhatStays(t *testing.T) {
	d := newErasure(t, advisory.Completed)
	if len(d.found(named)) < 8 {
		t.Fatalf("only %v hold the name before", d.found(named))
	}
	before := d.figures()
	d.anonymise(5, 0, 1)
	if left := d.found(named); left != nil {
		t.Errorf("the name is left in %v", left)
	}
	if after := d.figures(); after != before {
		t.Errorf("figures were\n%s\nand are\n%s", before, after)
	}
	for query, want := range map[string]string{
		`SELECT count(*)::text FROM task_drafts`:                                                 "0",
		`SELECT count(*)::text FROM task_links`:                                                  "0",
		`SELECT count(*)::text FROM web_sessions`:                                                "5", // of everybody else
		`SELECT count(*)::text FROM sign_in_links`:                                               "5",
		`SELECT count(*)::text FROM calendar_feeds`:                                              "5",
		`SELECT count(*)::text FROM history WHERE kind = 'person_anonymised'`:                    "1",
		`SELECT request->>'fixed_dates' FROM consultations`:                                      `[""]`,
		`SELECT string_agg(first_name, ' ' ORDER BY first_name) FROM persons WHERE active`:       "amina joseph kim lea robin",
		`SELECT (email = 'anonymised-' || id || '@invalid')::text FROM persons WHERE NOT active`: "true",
	} {
		if got := d.read(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	person, err := d.store.Person(d.ctx, d.people["toni"])
	d.must(err)
	if !person.IsAnonymised() || person.Active || person.FirstName+person.Function+person.Phone+person.Salutation != "" {
		t.Errorf("left of the person: %+v", person)
	}
	if users, total, err := d.store.Users(d.ctx, store.UserFilter{}); err != nil || total != 5 || len(users) != 5 {
		t.Errorf("%d accounts, %v", total, err)
	}
}

func TestAnonymisingAgainChangesNothing(t *testing.T) {
	d := newErasure(t, advisory.NotAccompanied)
	d.anonymise(5, 0, 1)
	state := func() string {
		return d.read(`SELECT string_agg(t::text, ' ' ORDER BY id) FROM consultations t`) + d.read(`SELECT string_agg(t::text, ' ' ORDER BY id) FROM persons t`) +
			d.read(`SELECT string_agg(t::text, ' ' ORDER BY id) FROM history t`)
	}
	once := state()
	d.anonymise(5, 0, 2)
	if again := state(); again != once {
		t.Errorf("once\n%s\nagain\n%s", once, again)
	}
}

func TestEveryOutcomeHasItsPeriod(t *testing.T) {
	for outcome, period := range map[advisory.Outcome][2]int{
		advisory.Completed: {5, 0}, advisory.NotAccompanied: {5, 0},
		advisory.Declined: {0, 12}, advisory.Referred: {0, 12}, advisory.Withdrawn: {0, 12},
	} {
		t.Run(string(outcome), func(t *testing.T) {
			d := newErasure(t, outcome)
			d.anonymise(period[0], period[1], -1)
			if d.read(`SELECT first_name FROM persons WHERE id = $1`, d.people["toni"]) != named {
				t.Fatal("anonymised too early")
			}
			d.anonymise(period[0], period[1], 1)
			if d.read(`SELECT last_name FROM persons WHERE id = $1`, d.people["toni"]) != advisory.Erased {
				t.Error("not anonymised")
			}
		})
	}
}

func TestWhatRunsIsNeverAnonymised(t *testing.T) {
	d := newErasure(t, advisory.Completed)
	d.exec(`UPDATE consultations SET ended_at = NULL`) // waits for its follow-up
	d.anonymise(50, 0, 0)
	if d.read(`SELECT subject FROM consultations`) != named {
		t.Error("a consultation that has not ended was anonymised")
	}
}

func TestWhoTakesPartInAYoungerConsultationStays(t *testing.T) {
	d := newErasure(t, advisory.Completed)
	younger := uuid.NewString()
	d.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at) SELECT $1, 'MG-2030-0001', municipality, land, 'Neues', 1, '{}', 1, 'review', $2, $2, $2
		FROM consultations`, younger, monday.AddDate(4, 0, 0))
	d.exec(`INSERT INTO contacts (consultation_id, person_id) VALUES ($1, $2)`, younger, d.people["toni"])
	d.anonymise(5, 0, 1)
	person, err := d.store.Person(d.ctx, d.people["toni"])
	d.must(err)
	if !person.Active || person.LastName != named || d.read(`SELECT subject FROM consultations WHERE id = $1`, d.consultation) != advisory.Erased {
		t.Errorf("person %+v", person)
	}
	d.exec(`UPDATE consultations SET outcome = 'declined', ended_at = $2 WHERE id = $1`, younger, monday.AddDate(4, 0, 0))
	d.anonymise(5, 0, 2)
	if person, err = d.store.Person(d.ctx, d.people["toni"]); err != nil || !person.IsAnonymised() {
		t.Errorf("with the younger one: %+v, %v", person, err)
	}
}

func TestAdvisorsAreAnonymisedAfterTheyHaveLeftThePool(t *testing.T) {
	for name, test := range map[string]struct {
		change string // of amina's account, $1
		want   bool
	}{
		"in the pool":       {`SELECT $1::uuid`, false},
		"blocked":           {`UPDATE persons SET active = false WHERE id = $1`, false},
		"about to leave":    {`UPDATE advisors SET leaving_at = '2026-03-02' WHERE person_id = $1`, false},
		"left":              {`WITH l AS (UPDATE advisors SET leaving_at = '2026-03-02' WHERE person_id = $1) UPDATE persons SET active = false WHERE id = $1`, true},
		"left only lately":  {`WITH l AS (UPDATE advisors SET leaving_at = '2030-03-02' WHERE person_id = $1) UPDATE persons SET active = false WHERE id = $1`, false},
		"named by a recent": {`WITH l AS (UPDATE advisors SET leaving_at = '2026-03-02' WHERE person_id = $1), c AS (UPDATE consultations SET ended_at = '2029-01-01') UPDATE persons SET active = false WHERE id = $1`, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newErasure(t, advisory.Completed)
			d.exec(`UPDATE advisors SET about = 'Ich bin es', home = 'Hier', languages = '{german}', origin_country = 'GH', origin_consent = true`)
			d.exec(test.change, d.people["amina"])
			d.anonymise(5, 1, 0)
			person, err := d.store.Person(d.ctx, d.people["amina"])
			d.must(err)
			profile := d.read(`SELECT about || home || languages::text || origin_country FROM advisors WHERE person_id = $1`, d.people["amina"])
			if person.IsAnonymised() != test.want || (profile == "{}") != test.want {
				t.Errorf("%+v, profile %q", person, profile)
			}
		})
	}
}

func TestOldMailsForgetTheirAddressee(t *testing.T) {
	d := newErasure(t, advisory.Completed)
	d.exec(`INSERT INTO mails (id, key, address, subject, template, language, state, ordered_at, not_before) VALUES
		(gen_random_uuid(), 'young', $1, $1, 'sign_in_link', 'de', 'sent', $2, $2),
		(gen_random_uuid(), 'waits', $1, $1, 'sign_in_link', 'de', 'planned', $3, $2)`, named, monday.AddDate(0, 2, 0), monday)
	d.anonymise(0, 12, 1)
	if got := d.read(`SELECT string_agg(key, ' ' ORDER BY key) FROM mails WHERE address || subject || failure <> ''`); got != "waits young" {
		t.Errorf("not forgotten: %s", got)
	}
	if got := d.read(`SELECT subject FROM consultations`); got != named {
		t.Errorf("subject of the consultation: %s", got)
	}
}

func TestPeriodsThatAreTooShortEraseNothing(t *testing.T) {
	d := newErasure(t, advisory.Completed)
	for _, retention := range []advisory.Retention{{}, {ClosedYears: 5, DeclinedMonths: 12}, {ClosedYears: -1, DeclinedMonths: 1, MailMonths: 1}} {
		err := d.store.Anonymise(d.ctx, retention, time.Now().AddDate(90, 0, 0), d.catalog.WithoutWords)
		if advisory.CodeOf(err) != advisory.Invalid || !reflect.DeepEqual(d.read(`SELECT subject FROM consultations`), named) {
			t.Errorf("%+v: %v", retention, err)
		}
	}
}
