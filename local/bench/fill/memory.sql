-- {n} requests as the public form and the link of its mail leave them, ready to be started.
CREATE FUNCTION bench_id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
	$$ SELECT md5(kind || n)::uuid $$;

INSERT INTO persons (id, email, role, salutation, first_name, last_name)
SELECT bench_id('coordinator', 1), 'coordination@bench.example', 'coordinator', 'neutral', 'Robin', 'Muster'
UNION ALL
SELECT bench_id('contact', i), 'contact' || i || '@bench.example', 'municipality', 'neutral', 'Toni', 'Muster ' || i
FROM generate_series(1, {n}) i;

INSERT INTO consultations (id, number, municipality, land, unit, subject, programme_version, request, form_version, stage,
	stage_since, sent_at, updated_at)
SELECT bench_id('consultation', i), 'MG-2026-' || lpad(i::text, 5, '0'), 'Musterhausen ' || i, 'NW', 'Büro für Internationales',
	'Beteiligung von Vereinen', 1, jsonb_build_object(
		'situation', jsonb_build_array(repeat('Unsere Gemeinde möchte ihre Vereine besser beteiligen. ', 6)),
		'goal', jsonb_build_array(repeat('Ein Beirat, der gehört wird. ', 4)), 'need', jsonb_build_array('Erfahrung anderer'),
		'topics', jsonb_build_array('participation')), 1, 'review', now(), now(), now()
FROM generate_series(1, {n}) i;

INSERT INTO contacts (consultation_id, person_id, confirmed_at)
SELECT bench_id('consultation', i), bench_id('contact', i), now() FROM generate_series(1, {n}) i;

INSERT INTO inputs (id, consultation_id, workflow_id, kind, actor_id, form, form_version, message, entered_at, next_delivery)
SELECT bench_id('input', i), bench_id('consultation', i), bench_id('consultation', i), 'request', bench_id('contact', i), 'request', 1,
	jsonb_build_object('id', bench_id('input', i), 'kind', 'request', 'actor', bench_id('contact', i)), now(), now() + interval '1 hour'
FROM generate_series(1, {n}) i
