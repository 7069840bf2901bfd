package server

import (
	"fmt"
	"net/http"
	"time"

	"miglobe/advisory"
	"miglobe/server/sheet"
	"miglobe/store"
)

// exportLinks lead to the list of a page as files. Templates show them by "coordination-exports".
type exportLinks struct{ CSV, XLSX string }

const (
	csvSuffix  = ".csv"
	xlsxSuffix = ".xlsx"
)

// exportLinks are the whole list of this page, filtered as it is.
func (c *Context) exportLinks() exportLinks {
	return exportLinks{CSV: c.linkTo(c.Path() + csvSuffix), XLSX: c.linkTo(c.Path() + xlsxSuffix)}
}

// export answers a list as a file whose name begins with name. write gives its rows, the headings first; where it fails
// after the first row has left, the connection breaks, so that nobody takes a part for the whole.
func (c *Context) export(format, name string, write func(sheet.Writer) error) error {
	header := c.Response().Header()
	header.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s%s"`, name, c.Now().In(advisory.Berlin).Format(time.DateOnly), format))
	header.Set("Cache-Control", "private, no-store")
	// A long list may take longer than a page.
	http.NewResponseController(c.Response()).SetWriteDeadline(time.Time{}) //nolint:errcheck // then the page's limit holds
	var rows sheet.Writer
	if format == csvSuffix {
		header.Set("Content-Type", "text/csv; charset=utf-8")
		rows = sheet.CSV(c.Response())
	} else {
		header.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		rows = sheet.XLSX(c.Response())
	}
	err := write(rows)
	if err == nil {
		err = rows.Close()
	}
	if err != nil && c.Response().Committed {
		c.Log.ErrorContext(c.Request().Context(), "export broke off", "cause", err)
		panic(http.ErrAbortHandler)
	}
	if err != nil {
		for _, name := range []string{"Content-Disposition", "Content-Type"} {
			header.Del(name)
		}
	}
	return err
}

func (s *Server) exportConsultations(format string) Handler {
	return func(c *Context) error {
		filter, err := s.consultationFilter(c)
		if err != nil {
			return err
		}
		return c.export(format, c.T("coordination_pages.exports.consultations"), func(rows sheet.Writer) error {
			head := []any{c.T("tables.number"), c.T("tables.municipality"), c.T("tables.subject"), c.T("tables.stage"), c.T("tables.outcome")}
			for _, column := range consultationColumns {
				head = append(head, c.columnLabel(column))
			}
			if err := rows.Row(head...); err != nil {
				return err
			}
			return s.store.EachConsultation(c.Request().Context(), filter.filter, func(found store.ListedConsultation) error {
				return rows.Row(c.exportedConsultation(found)...)
			})
		})
	}
}

func (c *Context) exportedConsultation(found store.ListedConsultation) []any {
	outcome := ""
	if found.Outcome != "" {
		outcome = c.T("outcomes." + string(found.Outcome) + ".name")
	}
	stage := c.T("stages." + string(found.Stage) + ".name")
	if found.IsResting() {
		stage = c.T("coordination_pages.stage_resting", "stage", stage)
	}
	row := []any{found.Number, found.Municipality, found.Subject, stage, outcome}
	for _, column := range consultationColumns {
		switch column {
		case "next_due":
			row = append(row, dayOrNothing(found.NextDue))
		case "sent":
			row = append(row, found.SentAt)
		case "updated":
			row = append(row, found.UpdatedAt)
		default:
			row = append(row, c.cell(column, found))
		}
	}
	return row
}

func dayOrNothing(day *time.Time) any {
	if day == nil {
		return ""
	}
	return *day
}

func (s *Server) exportWork(format string) Handler {
	return func(c *Context) error {
		filter, err := s.workFilter(c)
		if err != nil {
			return err
		}
		tasks, err := s.store.AllWork(c.Request().Context(), filter.tasks)
		if err != nil {
			return err
		}
		return c.export(format, c.T("coordination_pages.exports.tasks"), func(rows sheet.Writer) error {
			if err := rows.Row(c.T("tables.task"), c.T("tables.number"), c.T("tables.municipality"), c.T("tables.subject"), c.T("tables.stage"),
				c.T("tables.owner"), c.T("tables.due"), c.T("tables.opened")); err != nil {
				return err
			}
			for _, task := range tasks {
				if err := rows.Row(c.T("tasks."+string(task.Kind)+".title"), task.Number, task.Municipality, task.Subject,
					c.T("stages."+string(task.Stage)+".name"), c.ownerOf(task), task.DueOn, task.OpenedAt); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
