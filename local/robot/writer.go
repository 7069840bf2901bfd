package robot

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"miglobe/advisory"
)

// Writer decides what a person enters. What it has no wish for gets what the page suggests, else the first option or the
// person's words.
type Writer struct {
	Words  string            // for every free text
	Choice string            // of the task, where it offers several; "" takes the first
	Wishes map[string]string // answers by the name of the control, such as "slot": "2"
	// Calendar and Today say which days can be proposed: from the next working day on.
	Calendar advisory.Calendar
	Today    time.Time
	// Advisors are how many are invited; the first of them leads where nobody does. 0 is one.
	Advisors int

	picked int
	led    bool // somebody leads already
}

var slotDate = regexp.MustCompile(`^slots\.(\d+)\.date$`)

// restDays is how many working days ahead a rest ends.
const restDays = 8

func (w *Writer) answer(c Control) string {
	if wish, ok := w.Wishes[c.Name]; ok {
		return wish
	}
	switch {
	case strings.HasPrefix(c.Name, "advisor."):
		return w.pick(c)
	case c.Value != "":
		return c.Value
	case len(c.Options) > 0:
		return c.Options[0]
	}
	switch c.Kind {
	case "textarea", "text":
		return w.Words
	case "date":
		return w.date(c)
	case "time":
		return "10:00"
	}
	return ""
}

// pick invites the first candidates of the page, the first of all as lead where nobody leads, and leaves who was asked before.
func (w *Writer) pick(c Control) string {
	if c.Value == "member" || c.Value == "lead" || w.picked >= max(w.Advisors, 1) {
		return c.Value
	}
	w.picked++
	if w.led {
		return "member"
	}
	w.led = true
	return "lead"
}

func (w *Writer) date(c Control) string {
	days := 0
	if found := slotDate.FindStringSubmatch(c.Name); found != nil {
		days, _ = strconv.Atoi(found[1])
	} else if c.Name == "resume_on" {
		days = restDays
	}
	if days == 0 {
		return "" // no other date is needed
	}
	return w.Calendar.AddWorkdays(w.Today, days).In(advisory.Berlin).Format(time.DateOnly)
}
