package store

import "time"

// BacklogStatements are the statements of the backlog with their arguments, for tests that ask the database for their plan.
func BacklogStatements(now time.Time) map[string][]any {
	return map[string][]any{
		waitingInputsStatement: nil, waitingMailsStatement: {now}, openTasksStatement: {day(now)},
		openConsultationsStatement: nil, failedMailsStatement: nil,
	}
}
