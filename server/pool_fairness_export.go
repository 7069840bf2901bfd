package server

import (
	"miglobe/server/sheet"
	"miglobe/store"
)

// exportFairness is the table of the page as a file, with the same period in the same order.
func (s *Server) exportFairness(format string) Handler {
	return func(c *Context) error {
		period := c.askedPeriod()
		pool, err := s.poolInvitations(c, period.Period)
		if err != nil {
			return err
		}
		column, descending := c.fairnessSort()
		return c.export(format, c.T("fairness.export"), func(rows sheet.Writer) error {
			head := []any{}
			for _, column := range allFairnessColumns() {
				head = append(head, c.T("fairness.exported."+column.key))
			}
			if err := rows.Row(append(head, c.T("fairness.exported.capacity"), c.T("fairness.exported.from"), c.T("fairness.exported.until"))...); err != nil {
				return err
			}
			last := period.Until.AddDate(0, 0, -1)
			for _, advisor := range pool.sorted(column, descending) {
				cells := append([]any{fullName(advisor)}, exportedCounts(advisor.InvitationCounts)...)
				cells = append(cells, advisor.Load, dayOrNothing(advisor.LastInvitedAt), inHalfDays(advisor.AbsentDays), advisor.Capacity, period.From, last)
				if err := rows.Row(cells...); err != nil {
					return err
				}
			}
			if pool.former.Invited == 0 {
				return nil
			}
			cells := append([]any{c.T("fairness.former")}, exportedCounts(pool.former)...)
			return rows.Row(append(cells, "", "", "", "", period.From, last)...)
		})
	}
}

// exportedCounts are the numbers of invitations and the average days until an answer, nothing without one.
func exportedCounts(counts store.InvitationCounts) []any {
	cells := []any{counts.Invited}
	for _, column := range fairnessColumns {
		if column.of != nil {
			cells = append(cells, column.of(counts))
		}
	}
	if counts.Answered == 0 {
		return append(cells, "")
	}
	return append(cells, counts.AverageAnswer().Hours()/24)
}
