package server

import (
	"strconv"

	"miglobe/server/sheet"
	"miglobe/store"
)

// exportPool is the list of advisors as a file, with what the page shows of each and nothing beside it.
func (s *Server) exportPool(format string) Handler {
	return func(c *Context) error {
		filter, _ := c.poolFilter()
		advisors, err := s.store.WholePool(c.Request().Context(), filter)
		if err != nil {
			return err
		}
		return c.export(format, c.T("workbench.exports.pool"), func(rows sheet.Writer) error {
			if err := rows.Row(c.T("tables.name"), c.T("coordination_pages.pool.home"), c.T("consultation.topics"),
				c.T("coordination_pages.assign.languages"), c.T("coordination_pages.pool.running"), c.T("workbench.exports.capacity"),
				c.T("coordination_pages.pool.invited")); err != nil {
				return err
			}
			for _, advisor := range advisors {
				if err := rows.Row(c.exportedAdvisor(advisor)...); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (c *Context) exportedAdvisor(advisor store.PoolAdvisor) []any {
	return []any{
		advisor.Name(), advisor.Home, c.labels("topics", advisor.Topics), c.languagesOf(advisor.Languages, advisor.OtherLanguage),
		strconv.Itoa(advisor.Load), strconv.Itoa(advisor.Capacity), dayOrNothing(advisor.LastInvitedAt),
	}
}
