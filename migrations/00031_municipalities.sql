-- +goose Up
-- One spelling for the names of a municipality that differ by case, umlauts, accents, blanks or a word such as "Stadt" before
-- them. A district and the town of the same name stay two.
-- +goose StatementBegin
CREATE FUNCTION municipality_fold(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT regexp_replace(regexp_replace(btrim(search_fold(name)), '\s+', ' ', 'g'),
        '^(landeshauptstadt|universitatsstadt|hansestadt|stadt|gemeinde|markt) (?=\S)', '')
$$;
-- +goose StatementEnd

-- The municipalities that have asked for advice. A request brings its own; the coordination team adds the official key.
CREATE TABLE municipalities (
    id         uuid PRIMARY KEY,
    land       text NOT NULL,
    name       text NOT NULL,
    ags        text NOT NULL DEFAULT '', -- Amtlicher Gemeindeschlüssel: 8 digits, of a district 5; '' while unknown
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX municipalities_by_ags ON municipalities (ags) WHERE ags <> '';
CREATE INDEX municipalities_by_name ON municipalities (name, id);

-- Every name that leads to a municipality: its own, and those of the ones that turned out to be the same.
CREATE TABLE municipality_names (
    land            text NOT NULL,
    folded          text NOT NULL,
    name            text NOT NULL,
    municipality_id uuid NOT NULL REFERENCES municipalities (id),
    PRIMARY KEY (land, folded)
);
CREATE INDEX municipality_names_by_municipality ON municipality_names (municipality_id);

ALTER TABLE consultations ADD municipality_id uuid REFERENCES municipalities (id);

-- +goose StatementBegin
DO $$
DECLARE
    asked record;
    added uuid;
BEGIN
    FOR asked IN
        SELECT DISTINCT ON (land, municipality_fold(municipality)) land, municipality_fold(municipality) AS folded, btrim(municipality) AS name, sent_at
        FROM consultations ORDER BY land, municipality_fold(municipality), sent_at DESC
    LOOP
        added := gen_random_uuid();
        INSERT INTO municipalities (id, land, name) VALUES (added, asked.land, asked.name);
        INSERT INTO municipality_names (land, folded, name, municipality_id) VALUES (asked.land, asked.folded, asked.name, added);
    END LOOP;
END
$$;
-- +goose StatementEnd
UPDATE consultations c SET municipality_id = n.municipality_id FROM municipality_names n
    WHERE n.land = c.land AND n.folded = municipality_fold(c.municipality);
CREATE INDEX consultations_by_municipality ON consultations (municipality_id, sent_at DESC);

-- +goose Down
ALTER TABLE consultations DROP municipality_id;
DROP TABLE municipality_names;
DROP TABLE municipalities;
DROP FUNCTION municipality_fold(text);
