package store

import (
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
)

// The statements of the lists as they are sent, for tests that ask the database for their plan.

func (s *Store) statement(query string, values map[string]any) (string, []any) {
	bound, args, err := sqlx.Named(query, values)
	if err != nil {
		panic(err)
	}
	return s.db.Rebind(bound), args
}

// WorkStatements are the statements of a list of tasks.
func (s *Store) WorkStatements(filter WorkFilter) map[string]func() (string, []any) {
	filter.owners = []string{filter.Person.ID, newID()} // one who is absent
	return map[string]func() (string, []any){
		"groups": func() (string, []any) { return s.statement(filter.groupsQuery()) },
		"page":   func() (string, []any) { return s.statement(filter.pageQuery()) },
		"count":  func() (string, []any) { return s.statement(filter.countQuery()) },
	}
}

// ConsultationStatements are the statements of a list of consultations.
func (s *Store) ConsultationStatements(filter ConsultationFilter) map[string]func() (string, []any) {
	return map[string]func() (string, []any){
		"count": func() (string, []any) { return s.statement(filter.countQuery()) },
		"page":  func() (string, []any) { return s.statement(filter.pageQuery()) },
	}
}

// ExportStatement is the statement that reads the next rows of a whole list.
func (s *Store) ExportStatement(filter ConsultationFilter) (string, []any) {
	return s.statement(filter.exportQuery(&ListedConsultation{Consultation: Consultation{ID: newID(), SentAt: time.Now()}}))
}

// StageCountsStatement is the statement of the counts by stage.
const StageCountsStatement = stageCountsQuery

// WorkCountStatements are the statements of the numbers beside the lists.
func (s *Store) WorkCountStatements(person Person, now time.Time) map[string]func() (string, []any) {
	statements := map[string]func() (string, []any){}
	for i, query := range workCountQueries(person, now, []string{person.ID}) {
		statements[strconv.Itoa(i)] = func() (string, []any) { return s.statement(query.statement, query.values) }
	}
	return statements
}
