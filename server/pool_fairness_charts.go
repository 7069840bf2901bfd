package server

import (
	"strconv"
	"time"

	"miglobe/store"
)

// The charts, in units of their viewBox (GUIDE.md, section 9).
const (
	barRow, barHead, barFrom, barMost = 32, 20, 190, 150
	barLabel                          = 20 // letters
)

// barChart shows invitations, and how many of them were accepted, as bars below each other.
type barChart struct {
	ID, Title, Finding string
	Height             int
	Bars               []bar
}

type bar struct {
	Label, Text       string
	Y                 int // of the label
	Invited, Accepted string
}

// add draws one more bar; most is the largest number that a bar of the chart shows.
func (b *barChart) add(label string, counts store.InvitationCounts, most int) {
	width := func(n int) string { return strconv.FormatFloat(barMost*float64(n)/float64(max(most, 1)), 'f', 1, 64) }
	if letters := []rune(label); len(letters) > barLabel {
		label = string(letters[:barLabel-1]) + "…"
	}
	b.Bars = append(b.Bars, bar{Label: label, Text: strconv.Itoa(counts.Invited) + " / " + strconv.Itoa(counts.Accepted),
		Y: b.Height + barHead, Invited: width(counts.Invited), Accepted: width(counts.Accepted)})
	b.Height += barRow
}

// invitationsByPerson goes by name, whatever the table is sorted by.
func (c *Context) invitationsByPerson(pool poolInvitations) barChart {
	chart := barChart{ID: "by-person", Title: c.T("fairness.chart_persons")}
	most := pool.former.Invited
	for _, advisor := range pool.persons {
		most = max(most, advisor.Invited)
	}
	for _, advisor := range pool.persons {
		chart.add(fullName(advisor), advisor.InvitationCounts, most)
	}
	if pool.former.Invited > 0 {
		chart.add(c.T("fairness.former"), pool.former, most)
	}
	return chart
}

// overTime are the invitations by month or quarter, of the whole pool or of one person.
type overTime struct {
	Title   string
	Finding string
	Column  string
	Chart   barChart
	Rows    []fairnessRow
}

func (s *Server) overTime(c *Context, period askedPeriod, person store.AdvisorInvitations) (overTime, error) {
	parts, err := s.store.InvitationsOverTime(c.Request().Context(), period.Period, period.Unit, person.PersonID)
	if err != nil {
		return overTime{}, err
	}
	byBegin, most := map[string]store.InvitationCounts{}, 0
	for _, part := range parts {
		byBegin[part.Begins], most = part.InvitationCounts, max(most, part.Invited)
	}
	told := overTime{Title: c.T("fairness.over_time.title"), Column: c.T("fairness.over_time." + string(period.Unit))}
	if person.PersonID != "" {
		told.Title = c.T("fairness.over_time.title_of", "name", fullName(person))
	}
	told.Chart = barChart{ID: "over-time", Title: told.Title}
	var fullest []string
	for begins := startOf(period.Unit, period.From); begins.Before(period.Until); begins = next(period.Unit, begins) {
		counts, label := byBegin[begins.Format(time.DateOnly)], c.partLabel(period.Unit, begins)
		told.Chart.add(label, counts, most)
		told.Rows = append(told.Rows, fairnessRow{Name: label, Cells: c.countCells(counts)})
		if most > 0 && counts.Invited == most {
			fullest = append(fullest, label)
		}
	}
	switch len(fullest) {
	case 0:
		told.Finding = c.T("fairness.over_time.none")
	case 1:
		told.Finding = s.texts.Count(c.Lang, "fairness.over_time.most", most, "label", fullest[0])
	default:
		told.Finding = c.T("fairness.over_time.several", "n", most)
	}
	told.Chart.Finding = told.Finding
	return told, nil
}
