package store

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// refreshSearch makes consultations found by what their rows say now. Whatever changes a word that is searched calls it in
// the same transaction; search_document in the schema tells which words these are.
func refreshSearch(ctx context.Context, tx *sqlx.Tx, consultationIDs ...string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO consultation_search (consultation_id, document)
		SELECT id, search_document(id) FROM consultations WHERE id = ANY($1::uuid[])
		ON CONFLICT (consultation_id) DO UPDATE SET document = EXCLUDED.document
			WHERE consultation_search.document <> EXCLUDED.document`, pq.Array(consultationIDs))
	return err
}

// refreshSearchOf does the same for every consultation that names one of the persons.
func refreshSearchOf(ctx context.Context, tx *sqlx.Tx, personIDs ...string) error {
	var named []string
	if err := tx.SelectContext(ctx, &named, `
		SELECT consultation_id FROM contacts WHERE person_id = ANY($1::uuid[])
		UNION SELECT consultation_id FROM team WHERE advisor_id = ANY($1::uuid[])
		UNION SELECT id FROM consultations WHERE coordinator_id = ANY($1::uuid[])`, pq.Array(personIDs)); err != nil || len(named) == 0 {
		return err
	}
	return refreshSearch(ctx, tx, named...)
}

// maxWords bounds what one search looks for.
const maxWords = 8

// search is what somebody looks for in all words of the consultations: letters and digits, as many as maxWords.
type search []string

func searchFor(words string) search {
	found := strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return found[:min(len(found), maxWords)]
}

// query is a tsquery for all of the words, and adds them to the values of the statement. Words that begin so are found, too,
// if begins is set.
func (s search) query(values map[string]any, begins bool) string {
	if len(s) == 0 {
		return `CAST('' AS tsquery)`
	}
	parts := make([]string, len(s))
	for i, word := range s {
		name := fmt.Sprintf("word%d", i)
		values[name] = word
		parts[i] = fmt.Sprintf(`search_query(CAST(:%s AS text), %t)`, name, begins)
	}
	return `(` + strings.Join(parts, ` && `) + `)`
}

// relevance is how well consultations c fit, and adds the words to the values: words as they are count more than words that
// only begin so.
func (s search) relevance(values map[string]any) string {
	return `(SELECT ts_rank(document, ` + s.query(values, false) + `) + ts_rank(document, ` + s.query(values, true) + `) / 10
		FROM consultation_search WHERE consultation_id = c.id)`
}

// wordsCondition finds consultations by all words in them, and adds the words to the values; id is the expression of the
// statement around it for a consultation's id. It is empty where nothing is looked for.
func wordsCondition(words, id string, values map[string]any) string {
	if strings.TrimSpace(words) == "" {
		return ""
	}
	return ` AND ` + id + ` IN (SELECT consultation_id FROM consultation_search WHERE document @@ ` + searchFor(words).query(values, true) + `)`
}
