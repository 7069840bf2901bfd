-- {n} consultations as years leave them behind: one of twenty is under way, the others have ended. Every one has
-- {tasks} tasks, inputs, mails, and ten lines of history. One person of a municipality asks for about two of them.
CREATE FUNCTION bench_id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
	$$ SELECT md5(kind || n)::uuid $$;

INSERT INTO persons (id, email, role, salutation, first_name, last_name, phone)
SELECT bench_id('coordinator', i), 'coordination' || i || '@bench.example', CASE WHEN i = 1 THEN 'lead_coordinator' ELSE 'coordinator' END,
	'neutral', 'Robin', 'Muster ' || i, '0000 00' FROM generate_series(1, {coordinators}) i
UNION ALL
SELECT bench_id('advisor', i), 'advisor' || i || '@bench.example', 'advisor', 'neutral', 'Amina', 'Muster ' || i, ''
FROM generate_series(1, {advisors}) i
UNION ALL
SELECT bench_id('contact', i), 'contact' || i || '@bench.example', 'municipality', 'neutral', 'Toni', 'Muster ' || i, ''
FROM generate_series(0, {n} / 2) i;

INSERT INTO advisors (person_id, topics, languages, capacity)
SELECT bench_id('advisor', i), '{participation}', '{de,en}', 3 FROM generate_series(1, {advisors}) i;

INSERT INTO consultations (id, number, municipality, municipality_id, land, unit, subject, programme_version, request, form_version, stage,
	stage_since, outcome, resting_since, coordinator_id, sent_at, closed_at, ended_at, step, updated_at)
SELECT bench_id('consultation', i), 'MG-' || 2026 - ({n} - i) * 8 / {n} || '-' || lpad(i::text, 5, '0'),
	town, bench_id('municipality', i % 35 + i / 35 % 400 * 35), 'NW', 'Büro für Internationales', 'Beteiligung von Vereinen ' || i, 1,
	jsonb_build_object('situation', jsonb_build_array(repeat('Unsere Gemeinde möchte ihre Vereine besser beteiligen. ', 6)),
		'goal', jsonb_build_array(repeat('Ein Beirat, der gehört wird. ', 4)), 'need', jsonb_build_array('Erfahrung anderer'),
		'topics', jsonb_build_array('participation')), 1,
	CASE WHEN i % 20 > 0 THEN (ARRAY['review', 'opening', 'follow_up'])[1 + i % 3] ELSE
		(ARRAY['review', 'assessment', 'assignment', 'opening', 'dialogue', 'options', 'evaluation', 'closing'])[1 + i / 20 % 8] END,
	now() - ({n} - i) * (interval '70080 hours' / {n}),
	CASE WHEN i % 20 > 0 THEN (ARRAY['declined', 'not_accompanied', 'completed'])[1 + i % 3] ELSE '' END,
	CASE WHEN i % 200 = 0 THEN now() - interval '9 days' END, bench_id('coordinator', 1 + i / 20 % {coordinators}),
	now() - ({n} - i) * (interval '70080 hours' / {n}) - interval '90 days',
	CASE WHEN i % 20 > 0 THEN now() - ({n} - i) * (interval '70080 hours' / {n}) END,
	CASE WHEN i % 20 > 0 THEN now() - ({n} - i) * (interval '70080 hours' / {n}) END, 20,
	now() - ({n} - i) * (interval '70080 hours' / {n})
FROM generate_series(1, {n}) i, LATERAL (SELECT (ARRAY['Muster', 'Test', 'Probe', 'Demo', 'Beispiel'])[1 + i % 5]
	|| (ARRAY['hausen', 'stadt', 'berg', 'feld', 'brück', 'bach', 'wald'])[1 + i / 5 % 7] || ' ' || i / 35 % 400 AS town) named;

INSERT INTO municipalities (id, land, name) SELECT DISTINCT municipality_id, land, municipality FROM consultations;
INSERT INTO municipality_names (land, folded, name, municipality_id) SELECT land, municipality_fold(name), name, id FROM municipalities;

INSERT INTO contacts (consultation_id, person_id, confirmed_at)
SELECT bench_id('consultation', i), bench_id('contact', i / 2), now() FROM generate_series(1, {n}) i;

INSERT INTO team (consultation_id, advisor_id, lead, since)
SELECT bench_id('consultation', i), bench_id('advisor', 1 + (i + lead) % {advisors}), lead = 0, now()
FROM generate_series(1, {n}) i, generate_series(0, 1) lead;

INSERT INTO inputs (id, consultation_id, workflow_id, task_id, kind, choice, actor_id, form, form_version, answers, message, state, entered_at)
SELECT bench_id('input', i * 100::bigint + t), bench_id('consultation', i), bench_id('consultation', i),
	bench_id('consultation', i) || '-' || t, 'task', 'record',
	CASE WHEN t % 2 = 0 THEN bench_id('coordinator', 1 + i / 20 % {coordinators}) ELSE bench_id('contact', i / 2) END, 'record_assessment', 1,
	jsonb_build_object('comment', jsonb_build_array(repeat('Das haben wir besprochen. ', 6))), '{"id": "", "kind": "task"}', 'applied',
	now() - ({n} - i) * (interval '70080 hours' / {n}) - t * interval '7 days'
FROM generate_series(1, {n}) i, generate_series(1, {tasks}) t;

INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, owner_id, state, choice, input_id, opened_at, due_on, closed_at)
SELECT bench_id('consultation', i) || '-' || t, bench_id('consultation', i), bench_id('consultation', i),
	CASE WHEN t % 2 = 0 THEN 'record_assessment' ELSE 'confirm_need' END, CASE WHEN t % 2 = 0 THEN 'coordinator' ELSE 'municipality' END,
	CASE WHEN t % 2 = 0 AND NOT (t = {tasks} AND i % 100 = 0) THEN bench_id('coordinator', 1 + i / 20 % {coordinators}) END,
	CASE WHEN i % 20 = 0 AND t = {tasks} THEN 'open' ELSE 'done' END, '', bench_id('input', i * 100::bigint + t),
	now() - ({n} - i) * (interval '70080 hours' / {n}) - t * interval '7 days',
	CASE WHEN i % 20 = 0 THEN current_date + (i / 20 % 30) - 8 ELSE current_date END,
	CASE WHEN i % 20 = 0 AND t = {tasks} THEN NULL ELSE now() - ({n} - i) * (interval '70080 hours' / {n}) END
FROM generate_series(1, {n}) i, generate_series(1, {tasks}) t;

INSERT INTO history (consultation_id, step, at, kind, actor_id, task_id, input_id)
SELECT bench_id('consultation', i), t, now() - ({n} - i) * (interval '70080 hours' / {n}) - (10 - t) * interval '6 days',
	(ARRAY['request_sent', 'request_accepted', 'need_confirmed', 'advisors_agreed', 'appointment_confirmed', 'note_shared'])[1 + t % 6],
	bench_id('coordinator', 1 + i / 20 % {coordinators}),
	CASE WHEN t <= {tasks} THEN bench_id('consultation', i) || '-' || t END,
	CASE WHEN t <= {tasks} THEN bench_id('input', i * 100::bigint + t) END
FROM generate_series(1, {n}) i, generate_series(1, 10) t;

INSERT INTO mails (id, key, consultation_id, person_id, template, language, state, subject, ordered_at, not_before, sent_at)
SELECT bench_id('mail', i * 100::bigint + t), i || '/' || t, bench_id('consultation', i), bench_id('contact', i / 2), 'confirm_need_opened',
	'de', 'sent', 'Bitte bestätigen: Beteiligung von Vereinen', now() - ({n} - i) * (interval '70080 hours' / {n}) - t * interval '7 days',
	now() - ({n} - i) * (interval '70080 hours' / {n}), now() - ({n} - i) * (interval '70080 hours' / {n}) - t * interval '7 days'
FROM generate_series(1, {n}) i, generate_series(1, {tasks}) t;

INSERT INTO sessions (consultation_id, number, kind, state, starts_at, ends_at)
SELECT bench_id('consultation', i), 1, 'opening', CASE WHEN i % 20 = 0 THEN 'scheduled' ELSE 'held' END,
	CASE WHEN i % 20 = 0 THEN now() + i % 1000 * interval '3 hours' ELSE now() - ({n} - i) * (interval '70080 hours' / {n}) END,
	CASE WHEN i % 20 = 0 THEN now() + i % 1000 * interval '3 hours' + interval '1 hour' ELSE now() END
FROM generate_series(1, {n}) i WHERE i % 3 = 0
