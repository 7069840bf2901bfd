-- +goose Up
-- Text as it is searched: without case, with one spelling for umlauts (ä, ae) and for ß, ss, without accents. Where a vowel
-- or q stands before, "ue" and its like are two letters (Frauen, Quelle).
-- +goose StatementBegin
CREATE FUNCTION search_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT regexp_replace(
        regexp_replace(
            normalize(replace(replace(replace(replace(lower(words), 'ß', 'ss'), 'ẞ', 'ss'), 'ø', 'o'), 'ł', 'l'), NFD),
            '[\u0300-\u036f]+', '', 'g'),
        '(?<![aeiouq])([aou])e', '\1', 'g')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION search_vector(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('german', search_fold(coalesce(words, '')))
$$;
-- +goose StatementEnd

-- What one word looks for: everything whose stem begins with its stem, or is it where begins is false. Nothing for a word
-- that says nothing, such as "und". The word holds letters and digits only.
-- +goose StatementBegin
CREATE FUNCTION search_query(word text, begins boolean) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN ts_lexize('german_stem', lower(word)) = '{}' THEN ''::tsquery
        ELSE to_tsquery('german', search_fold(word) || CASE WHEN begins AND length(word) > 1 THEN ':*' ELSE '' END) END
$$;
-- +goose StatementEnd

-- The ends of long words, so that a search for Partnerschaft finds Städtepartnerschaft.
-- +goose StatementBegin
CREATE FUNCTION search_ends(document tsvector) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT right(word, n)), '{}'))
    FROM unnest(tsvector_to_array(document)) word, generate_series(5, length(word) - 3) n
    WHERE length(word) BETWEEN 8 AND 40 AND word ~ '^[a-z]+$'
$$;
-- +goose StatementEnd

-- Everything that a consultation is found by. Its number and municipality weigh most, then people and subject, then goal and
-- need, then notes and options. Each part is bounded: a document must never be too long to be kept.
-- +goose StatementBegin
CREATE FUNCTION search_document(consultation uuid) RETURNS tsvector LANGUAGE sql STABLE AS $$
    WITH said AS (
        SELECT i.answers FROM notes n JOIN inputs i ON i.id IN (n.input_id, n.correction_input_id) WHERE n.consultation_id = consultation
        UNION ALL
        SELECT i.answers FROM (SELECT input_id FROM option_versions WHERE consultation_id = consultation ORDER BY version DESC LIMIT 1) o
            JOIN inputs i ON i.id = o.input_id
    ), parts AS (
        SELECT
            setweight(to_tsvector('simple', replace(lower(c.number), '-', ' ') || ' ' || ltrim(right(c.number, 4), '0')), 'A')
                || setweight(search_vector(c.municipality), 'A') AS place,
            setweight(search_vector(left(concat_ws(' ', c.subject, c.unit, (
                SELECT string_agg(p.first_name || ' ' || p.last_name, ' ') FROM persons p WHERE p.id = c.coordinator_id
                    OR p.id IN (SELECT advisor_id FROM team WHERE consultation_id = c.id)
                    OR c.anonymised_at IS NULL AND p.id IN (SELECT person_id FROM contacts WHERE consultation_id = c.id)
            )), 20000)), 'B') AS people,
            setweight(search_vector(left(concat_ws(' ',
                (SELECT string_agg(goal || ' ' || need, ' ' ORDER BY version DESC) FROM goal_versions WHERE consultation_id = c.id),
                (SELECT string_agg(v #>> '{}', ' ') FROM unnest('{goal,need,situation,success_sign}'::text[]) field,
                    jsonb_array_elements(c.request -> field) v)
            ), 50000)), 'C') AS goals,
            setweight(search_vector(left(concat_ws(' ',
                (SELECT string_agg(v #>> '{}', ' ') FROM said, jsonb_path_query(said.answers, '$.*[*] ? (@.type() == "string")') v),
                (SELECT string_agg(note, ' ' ORDER BY written_at DESC) FROM internal_notes WHERE consultation_id = c.id)
            ), 100000)), 'D') AS notes
        FROM consultations c WHERE c.id = consultation
    )
    SELECT place || people || goals || notes || search_ends(place || people || goals || notes) FROM parts
$$;
-- +goose StatementEnd

-- Kept up to date by the store in the transaction that changes a word (store/search.go).
CREATE TABLE consultation_search (
    consultation_id uuid PRIMARY KEY REFERENCES consultations (id),
    document        tsvector NOT NULL
);
INSERT INTO consultation_search (consultation_id, document) SELECT id, search_document(id) FROM consultations;
CREATE INDEX consultation_search_by_words ON consultation_search USING gin (document);
DROP INDEX consultations_by_words;

-- Filters of the list of consultations.
CREATE INDEX consultations_by_land ON consultations (land, updated_at DESC, id);
CREATE INDEX consultations_by_topic ON consultations USING gin ((request -> 'topics') jsonb_path_ops);
CREATE INDEX consultations_by_sending ON consultations (sent_at DESC, id DESC);
CREATE INDEX tasks_open_by_due ON tasks (due_on) INCLUDE (consultation_id) WHERE state = 'open';

-- Filters of a list under a name: the address without its path, of one person or of the whole team.
CREATE TABLE saved_filters (
    id         uuid PRIMARY KEY,
    owner_id   uuid NOT NULL REFERENCES persons (id),
    list       text NOT NULL CHECK (list IN ('consultations')),
    name       text NOT NULL,
    query      text NOT NULL,
    shared     boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (owner_id, list, name)
);
CREATE INDEX saved_filters_shared ON saved_filters (list, name) WHERE shared;

-- +goose Down
DROP TABLE saved_filters;
DROP INDEX tasks_open_by_due, consultations_by_sending, consultations_by_topic, consultations_by_land;
CREATE INDEX consultations_by_words ON consultations USING gin ((number || ' ' || lower(municipality)) gin_trgm_ops);
DROP TABLE consultation_search;
DROP FUNCTION search_document(uuid);
DROP FUNCTION search_ends(tsvector);
DROP FUNCTION search_query(text, boolean);
DROP FUNCTION search_vector(text);
DROP FUNCTION search_fold(text);
