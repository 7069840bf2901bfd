package server

import (
	"slices"

	"miglobe/store"
	"miglobe/texts"
)

// consultationColumns are the columns that somebody can choose beside number, municipality and stage, in their order.
var (
	consultationColumns = []string{"land", "topics", "coordinator", "advisors", "next_due", "sent", "updated"}
	usualColumns        = []string{"coordinator", "next_due", "updated"}
)

// columnLabel is the heading of a column.
func (c *Context) columnLabel(column string) string {
	switch column {
	case "next_due":
		return c.T("coordination_pages.next_due")
	case "sent":
		return c.T("coordination_pages.sent")
	case "topics":
		return c.T("coordination_pages.filter.topic")
	default:
		return c.T("tables." + column)
	}
}

// addColumns adds the choice of columns; the usual ones are shown where none is asked for.
func (f *consultationFilter) addColumns(r *addressReader) {
	r.known = append(r.known, columnQuery)
	var chosen []string
	for _, asked := range r.asked[columnQuery] {
		if slices.Contains(consultationColumns, asked) {
			chosen = append(chosen, asked)
		} else {
			r.leaveOut(columnQuery, asked)
		}
	}
	if len(chosen) == 0 {
		chosen = usualColumns
	}
	for _, column := range consultationColumns {
		shown := slices.Contains(chosen, column)
		f.Columns = append(f.Columns, filterOption{Key: column, Label: r.c.columnLabel(column), Chosen: shown})
		if shown {
			f.columns = append(f.columns, column)
		}
	}
}

// cell is what a row has in a column; "" where there is nothing.
func (c *Context) cell(column string, found store.ListedConsultation) string {
	switch column {
	case "land":
		return c.server.texts.OptionLabel(c.Lang, "laender", string(found.Land))
	case "topics":
		return c.labels("topics", found.Topics)
	case "coordinator":
		if found.CoordinatorName == "" && found.IsRunning() {
			return c.T("task_states.unclaimed")
		}
		return found.CoordinatorName
	case "advisors":
		return found.AdvisorNames
	case "next_due":
		if found.NextDue == nil {
			return ""
		}
		return texts.Date(c.Lang, *found.NextDue)
	case "sent":
		return texts.Date(c.Lang, found.SentAt)
	default:
		return texts.Date(c.Lang, found.UpdatedAt)
	}
}
