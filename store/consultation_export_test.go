package store

import (
	"math"

	"github.com/lib/pq"

	"miglobe/advisory"
)

// The statements of a consultation's page and of the board as they are sent, for tests that ask the database for their plan.

// BoardStatement is the statement of the board.
func (s *Store) BoardStatement(filter ConsultationFilter) (string, []any) {
	return s.statement(filter.boardQuery())
}

// HistoryStatement is the statement of a consultation's history.
func HistoryStatement(consultationID string, before int64, kinds ...advisory.HistoryKind) (string, []any) {
	if before == 0 {
		before = math.MaxInt64
	}
	return historyQuery, []any{consultationID, before, pq.Array(keysOf(kinds)), 21}
}

const (
	MailReceiversStatement = mailReceiversQuery
	MentionsStatement      = mentionsQuery
)
