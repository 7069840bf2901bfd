package server

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"miglobe/store"
	"miglobe/texts"
)

const (
	fairnessPath = poolPath + "/ausgewogenheit"
	sortQuery    = "sortierung"

	notedReasons = 20 // at most so many on the page
	mostAsked    = 3  // whose share of the invitations is told
)

func (s *Server) fairnessRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: fairnessPath, Who: Coordination, Handle: s.showFairness},
		{Method: http.MethodGet, Path: fairnessPath + csvSuffix, Who: Coordination, Handle: s.exportFairness(csvSuffix), File: true},
		{Method: http.MethodGet, Path: fairnessPath + xlsxSuffix, Who: Coordination, Handle: s.exportFairness(xlsxSuffix), File: true},
	}
}

// fairnessPage shows how the invitations of a period are spread over the pool. It counts and never judges: nobody is ranked,
// and a no counts against nobody.
type fairnessPage struct {
	Period   askedPeriod
	AsOf     time.Time
	Persons  []filterOption
	Sort     string // as the address has it
	Findings []string
	Facts    []factLine
	Chart    barChart
	Head     []fairnessHeading
	Rows     []fairnessRow
	Totals   []string
	OverTime overTime
	First    *firstSuggestions // nil where nothing is known
	Empty    *emptyView        // instead of the table
	Exports  exportLinks
}

// Template implements Page.
func (fairnessPage) Template() string { return "pool_fairness" }

// firstSuggestions is how often the first suggestion was invited, and the reasons noted where it was not.
type firstSuggestions struct {
	Sentence string // "" where it is not known of any choice
	Reasons  []store.NotedReason
}

// poolInvitations is what everybody was asked in a period: the persons of the pool, and all former ones together.
type poolInvitations struct {
	persons  []store.AdvisorInvitations
	former   store.InvitationCounts // of those who are anonymised
	everyone []int                  // invitations of each person, the anonymised ones, too
	total    store.InvitationCounts
}

func (s *Server) poolInvitations(c *Context, period store.Period) (poolInvitations, error) {
	found, err := s.store.AdvisorInvitations(c.Request().Context(), period)
	pool := poolInvitations{}
	for _, advisor := range found {
		if advisor.IsErased() {
			pool.former.Add(advisor.InvitationCounts)
		} else {
			pool.persons = append(pool.persons, advisor)
		}
		pool.everyone = append(pool.everyone, advisor.Invited)
		pool.total.Add(advisor.InvitationCounts)
	}
	return pool, err
}

func (s *Server) showFairness(c *Context) error {
	page := fairnessPage{Period: c.askedPeriod(), AsOf: c.Now(), Exports: c.exportLinks()}
	pool, err := s.poolInvitations(c, page.Period.Period)
	if err != nil {
		return err
	}
	person := page.choosePerson(c, pool)
	if page.OverTime, err = s.overTime(c, page.Period, person); err != nil {
		return err
	}
	if page.First, err = s.firstSuggestions(c, page.Period.Period); err != nil {
		return err
	}
	page.Findings = c.fairnessFindings(pool, page.Period)
	page.Facts = c.fairnessFacts(pool.total)
	page.Chart = c.invitationsByPerson(pool)
	column, descending := c.fairnessSort()
	page.Sort = c.QueryParam(sortQuery)
	page.Head = c.fairnessHead(column, descending)
	page.Rows, page.Totals = c.fairnessRows(pool, page.Period, column, descending)
	if len(page.Rows) == 0 {
		page.Empty = &emptyView{Text: c.T("empty.advisors")}
	}
	return c.Show(http.StatusOK, page)
}

// choosePerson offers everybody of the pool, and returns whom the address asks for, if anybody.
func (p *fairnessPage) choosePerson(c *Context, pool poolInvitations) store.AdvisorInvitations {
	var chosen store.AdvisorInvitations
	var keys []string
	names := map[string]string{}
	for _, advisor := range pool.persons {
		keys, names[advisor.PersonID] = append(keys, advisor.PersonID), fullName(advisor)
		if advisor.PersonID == c.QueryParam(personQuery) {
			chosen = advisor
		}
	}
	p.Persons = c.filterOptions(chosen.PersonID, keys, func(id string) string { return names[id] })
	p.Persons[0].Label = c.T("fairness.whole_pool")
	return chosen
}

func fullName(advisor store.AdvisorInvitations) string {
	return advisor.FirstName + " " + advisor.LastName
}

func (s *Server) firstSuggestions(c *Context, period store.Period) (*firstSuggestions, error) {
	ctx := c.Request().Context()
	choices, err := s.store.AdvisorChoices(ctx, period)
	if err != nil {
		return nil, err
	}
	told := &firstSuggestions{}
	if told.Reasons, err = s.store.NotedReasons(ctx, period, notedReasons); err != nil {
		return nil, err
	}
	if choices.Known > 0 {
		told.Sentence = s.texts.Count(c.Lang, "fairness.first.taken", choices.Known, "some", choices.First)
	}
	if told.Sentence == "" && len(told.Reasons) == 0 {
		return nil, nil
	}
	return told, nil
}

// fairnessFindings are what the numbers come to, the most important first.
func (c *Context) fairnessFindings(pool poolInvitations, period askedPeriod) []string {
	count := func(key string, n int, pairs ...any) string {
		return c.server.texts.Count(c.Lang, "fairness.finding."+key, n, pairs...)
	}
	members, notAsked, away, joined := 0, 0, 0, 0
	for _, advisor := range pool.persons {
		if !advisor.Active {
			continue
		}
		members++
		if advisor.Invited > 0 {
			continue
		}
		notAsked++
		switch {
		case 2*advisor.AbsentDays >= float64(period.Days()):
			away++
		case advisor.CreatedAt.After(period.From):
			joined++
		}
	}
	var told []string
	switch {
	case pool.total.Invited == 0:
		return []string{c.T("fairness.finding.nobody")}
	case members == 0:
	case notAsked == 0:
		told = append(told, count("all", members))
	default:
		told = append(told, count("not_asked", notAsked, "count", members))
	}
	if away > 0 {
		told = append(told, count("away", away))
	}
	if joined > 0 {
		told = append(told, count("joined", joined))
	}
	if spread := c.spread(pool); spread != "" {
		told = append(told, spread)
	}
	return told
}

// spread says which share of the invitations those who were invited most often had, and which it would be if all had the
// same; "" where that tells nothing.
func (c *Context) spread(pool poolInvitations) string {
	if len(pool.everyone) <= mostAsked || pool.total.Invited <= mostAsked {
		return ""
	}
	invited := slices.Sorted(slices.Values(pool.everyone))
	most := 0
	for _, n := range invited[len(invited)-mostAsked:] {
		most += n
	}
	percent := func(part, whole int) int { return (100*part + whole/2) / whole }
	return c.T("fairness.finding.spread", "n", mostAsked, "percent", percent(most, pool.total.Invited),
		"even", percent(mostAsked, len(invited)))
}

// fairnessFacts are the numbers of the whole pool.
func (c *Context) fairnessFacts(total store.InvitationCounts) []factLine {
	facts := []factLine{{c.T("fairness.column.invited"), strconv.Itoa(total.Invited)}}
	for _, column := range fairnessColumns {
		if column.of != nil {
			facts = append(facts, factLine{c.T("fairness.column." + column.key), strconv.Itoa(column.of(total))})
		}
	}
	return append(facts, factLine{c.T("fairness.column.answer"), c.answerTime(total)})
}

// answerTime is how long an answer took on average, in words.
func (c *Context) answerTime(counts store.InvitationCounts) string {
	if counts.Answered == 0 {
		return "–"
	}
	return c.T("fairness.days", "n", c.oneDecimal(counts.AverageAnswer().Hours()/24))
}

// oneDecimal writes a number as people of the language do, without a decimal where there is none.
func (c *Context) oneDecimal(n float64) string {
	text := strconv.FormatFloat(n, 'f', 1, 64)
	if whole, decimal := text[:len(text)-2], text[len(text)-1:]; decimal == "0" {
		return whole
	} else if c.Lang == texts.German {
		return whole + "," + decimal
	}
	return text
}
