package store

import "time"

// IncidentStatements are the statements of the lists of incidents on their later pages.
func (s *Store) IncidentStatements(now time.Time) map[string]func() (string, []any) {
	statements := map[string]func() (string, []any){}
	for name, list := range map[string]incidentList{"inputs": undeliveredInputs(), "steps": stepFailures(), "mails": failedMails(now)} {
		statements[name+" count"] = func() (string, []any) { return s.statement(list.countQuery()) }
		statements[name+" page"] = func() (string, []any) { return s.statement(list.pageQuery(3)) }
	}
	return statements
}
