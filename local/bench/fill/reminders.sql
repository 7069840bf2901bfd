-- {n} consultations whose municipality is reminded of an open task: a person each, nothing is due before {due}.
CREATE FUNCTION bench_id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
	$$ SELECT md5(kind || n)::uuid $$;

INSERT INTO persons (id, email, role, salutation, first_name, last_name, phone)
SELECT bench_id('coordinator', 1), 'coordination@bench.example', 'coordinator', 'neutral', 'Robin', 'Muster', '0000 00'
UNION ALL
SELECT bench_id('contact', i), 'contact' || i || '@bench.example', 'municipality', 'neutral', 'Toni', 'Muster ' || i, ''
FROM generate_series(1, {n}) i;

INSERT INTO consultations (id, number, municipality, land, unit, subject, programme_version, request, form_version, stage,
	stage_since, coordinator_id, sent_at, step, updated_at)
SELECT bench_id('consultation', i), 'MG-2026-' || lpad(i::text, 5, '0'), 'Musterhausen ' || i, 'NW', 'Büro für Internationales',
	'Beteiligung von Vereinen', 1, '{}', 1, 'assessment', timestamptz '{due}' - interval '8 days', bench_id('coordinator', 1),
	timestamptz '{due}' - interval '12 days', 3, timestamptz '{due}' - interval '8 days'
FROM generate_series(1, {n}) i;

INSERT INTO contacts (consultation_id, person_id, confirmed_at)
SELECT bench_id('consultation', i), bench_id('contact', i), now() FROM generate_series(1, {n}) i;

INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, opened_at, due_on, reminders)
SELECT bench_id('consultation', i) || '-3', bench_id('consultation', i), bench_id('consultation', i), 'confirm_need', 'municipality',
	timestamptz '{due}' - interval '8 days', (timestamptz '{due}' + interval '7 days')::date, 1
FROM generate_series(1, {n}) i;

INSERT INTO mails (id, key, consultation_id, task_id, person_id, template, language, reminder, ordered_at, not_before)
SELECT bench_id('mail', i), bench_id('consultation', i) || '/confirm_need_reminder/' || bench_id('contact', i) || '/reminder-1',
	bench_id('consultation', i), bench_id('consultation', i) || '-3', bench_id('contact', i), 'confirm_need_reminder', 'de', true,
	timestamptz '{due}', timestamptz '{due}' + interval '1 hour'
FROM generate_series(1, {n}) i
