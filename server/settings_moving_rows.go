package server

import (
	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// movingRow says of a consultation what another version of the programme would change, or why it stays where it is.
func (c *Context) movingRow(candidate store.AdoptionCandidate) movingRow {
	row := movingRow{
		Number: candidate.Number, Municipality: candidate.Municipality, Standing: c.standing(candidate.Consultation),
		Version: candidate.ProgrammeVersion,
	}
	switch {
	case candidate.Waiting:
		row.Stays = c.T("settings_moving.on_its_way")
	case candidate.Refusal != "":
		row.Stays = c.whyNotAdopted(candidate.Refusal)
		for _, dates := range candidate.Dates {
			if !dates.Past.IsZero() {
				row.StaysFor = append(row.StaysFor, c.T("settings_moving.past", "task", c.taskTitle(dates.Kind), "date", texts.Date(c.Lang, dates.Past)))
			}
		}
	default:
		for _, dates := range candidate.Dates {
			row.Changes = append(row.Changes, c.movedDates(dates)...)
		}
		if len(row.Changes) == 0 {
			row.Changes = []string{c.T("settings_moving.nothing_changes")}
		}
	}
	return row
}

func (c *Context) taskTitle(kind advisory.TaskKind) string {
	return c.T("incidents.task_names." + string(kind))
}

// movedDates are the due date and the next reminder or escalation of a task, where they change.
func (c *Context) movedDates(dates store.AdoptedDates) (lines []string) {
	before, after := texts.Date(c.Lang, dates.Before.DueOn), texts.Date(c.Lang, dates.After.DueOn)
	if before != after {
		lines = append(lines, c.T("settings_moving.due", "task", c.taskTitle(dates.Kind), "before", before, "after", after))
	}
	before, after = c.nextPress(dates.Before), c.nextPress(dates.After)
	switch {
	case before == after:
	case after == "":
		lines = append(lines, c.T("settings_moving.press_falls_away", "task", c.taskTitle(dates.Kind), "before", before))
	case before == "":
		lines = append(lines, c.T("settings_moving.press_comes", "task", c.taskTitle(dates.Kind), "after", after))
	default:
		lines = append(lines, c.T("settings_moving.press", "task", c.taskTitle(dates.Kind), "before", before, "after", after))
	}
	return lines
}

// nextPress is the day of the first reminder or escalation ahead, "" where none is.
func (c *Context) nextPress(dates advisory.Dates) string {
	if len(dates.Presses) == 0 {
		return ""
	}
	return texts.Date(c.Lang, dates.Presses[0].At)
}
