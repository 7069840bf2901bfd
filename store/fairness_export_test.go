package store

// FairnessStatements are the statements of the page on how invitations are spread.
func FairnessStatements(period Period, advisorID string) map[string]func() (string, []any) {
	from, until := period.From, period.Until
	return map[string]func() (string, []any){
		"by advisor": func() (string, []any) { return advisorInvitationsQuery, []any{from, until, mostAdvisors} },
		"over time":  func() (string, []any) { return invitationsOverTimeQuery + `GROUP BY 1`, []any{from, until, Monthly} },
		"of one": func() (string, []any) {
			return invitationsOverTimeQuery + `AND advisor_id = $4 GROUP BY 1`, []any{from, until, Monthly, advisorID}
		},
		"choices":          func() (string, []any) { return advisorChoicesQuery, []any{from, until} },
		"reasons":          func() (string, []any) { return notedReasonsQuery, []any{from, until, 20} },
		"open assignments": func() (string, []any) { return `SELECT id` + openAssignments + ` ORDER BY due_on, id LIMIT 50`, nil },
		"how many open":    func() (string, []any) { return `SELECT count(*)` + openAssignments, nil },
	}
}
