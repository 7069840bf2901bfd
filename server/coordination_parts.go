package server

import (
	"net/url"
	"slices"
	"strconv"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

// The names that lists read from the address.
const (
	listQuery        = "liste"
	stageQuery       = "station"
	dueQuery         = "frist"
	stateQuery       = "stand"
	topicQuery       = "thema"
	taskQuery        = "aufgabe"
	dueByQuery       = "faellig_bis"
	landQuery        = "land"
	coordinatorQuery = "koordination"
	advisorQuery     = "poolmitglied"
	ageQuery         = "alter"
	columnQuery      = "spalte"
	roleQuery        = "rolle"
	wordsQuery       = "q"
	allQuery         = "alle" // choose every row of the page
	pageQuery        = "seite"
)

// maxPage bounds how far somebody can leaf.
const maxPage = 10_000

// page is the page of a list that was asked for, from 1.
func (c *Context) page() int { return c.pageOf(pageQuery) }

// pageOf is the same for one of several lists on a page, which have names of their own in the address.
func (c *Context) pageOf(query string) int {
	n, err := strconv.Atoi(c.QueryParam(query))
	if err != nil {
		return 1
	}
	return min(max(n, 1), maxPage)
}

// linkWith is this page with other values in its address. A list begins at its first page again.
func (c *Context) linkWith(pairs ...string) string { return c.linkAt(c.Path(), pairs...) }

// linkAt is another path with the values of this page's address and others.
func (c *Context) linkAt(path string, pairs ...string) string {
	query := url.Values{}
	for key, values := range c.QueryParams() {
		if key != pageQuery && key != allQuery {
			query[key] = values
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	for key, values := range query {
		if len(values) == 0 || values[0] == "" {
			delete(query, key)
		}
	}
	return addressOf(c.URL(path), query)
}

// linkTo is another path with the values of this page's address, from its first page on.
func (c *Context) linkTo(path string) string { return c.linkAt(path) }

func addressOf(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// pagerView leads through the pages of a list. Templates show it by "coordination-pager"; it is empty for one page.
type pagerView struct{ Text, Previous, Next string }

// pager is for a list whose length is known.
func (c *Context) pager(total, perPage int) pagerView {
	last := max(1, (total+perPage-1)/perPage)
	return c.pagerWith(c.T("tables.page_of", "n", c.page(), "count", last)+" · "+c.server.texts.Count(c.Lang, "tables.rows", total),
		c.page() < last)
}

func (c *Context) pagerWith(text string, more bool) pagerView {
	return c.pagerOf(pageQuery, text, more)
}

// pagerOf is the pager of one of several lists on a page.
func (c *Context) pagerOf(query, text string, more bool) pagerView {
	view := pagerView{Text: text}
	page := c.pageOf(query)
	if page > 1 {
		view.Previous = c.linkWith(query, strconv.Itoa(page-1))
	}
	if more {
		view.Next = c.linkWith(query, strconv.Itoa(page+1))
	}
	return view
}

// filterOption is an answer of a filter.
type filterOption struct {
	Key, Label string
	Chosen     bool
}

// filterOptions are the answers of a filter with the one that was asked for; "" is all of them.
func (c *Context) filterOptions(asked string, keys []string, label func(key string) string) []filterOption {
	options := []filterOption{{Label: c.T("coordination_pages.filter.all"), Chosen: asked == ""}}
	for _, key := range keys {
		options = append(options, filterOption{Key: key, Label: label(key), Chosen: key == asked})
	}
	return options
}

// stageKeys are the stages that a consultation can be at.
func stageKeys() []string {
	return slices.DeleteFunc(keysOf(advisory.Stages), func(stage string) bool { return stage == string(advisory.Draft) })
}

// stageBar shows how many consultations are at each stage, as links that filter. Templates show it by
// "coordination-stages".
type stageBar struct {
	Title, Resting string
	Stages         []stageLink
}

type stageLink struct {
	Label, URL string
	N          int
	Current    bool
}

func (s *Server) stageBar(c *Context, asked advisory.Stage, pairs ...string) (stageBar, error) {
	counts, err := s.store.StageCounts(c.Request().Context())
	bar := stageBar{}
	total, resting := 0, 0
	for _, count := range counts {
		stage := string(count.Stage)
		link := stageLink{Label: c.narrowStage(stage), N: count.N, Current: count.Stage == asked}
		if link.Current {
			stage = "" // the same link takes the filter back
		}
		link.URL = c.linkWith(append([]string{stageQuery, stage}, pairs...)...)
		bar.Stages = append(bar.Stages, link)
		total, resting = total+count.N, resting+count.Resting
	}
	bar.Title = s.texts.Count(c.Lang, "coordination_pages.stages.running", total)
	if resting > 0 {
		bar.Resting = c.T("coordination_pages.stages.resting", "n", resting)
	}
	return bar, err
}

// narrowStage names a stage for a tight column: with the places where the word may break, as the journey has them.
func (c *Context) narrowStage(stage string) string {
	if stop := "status_pages.stops." + stage; c.server.texts.HasUI(c.Lang, stop) {
		return c.T(stop)
	}
	return c.T("stages." + stage + ".name")
}

// emptyView says that a list is empty, why, and where to go on. Templates show it by "coordination-empty".
type emptyView struct{ Text, Action, URL string }

// emptyList explains an empty list: by the search, the filter, or as it is.
func (c *Context) emptyList(filtered bool, plain emptyView) *emptyView {
	if words := c.QueryParam(wordsQuery); words != "" {
		return &emptyView{c.T("empty.search_results", "query", words), c.T("actions.reset_filter"), c.URL(c.Path())}
	}
	if filtered {
		return &emptyView{c.T("empty.filtered"), c.T("actions.reset_filter"), c.URL(c.Path())}
	}
	return &plain
}

// badge makes a mark: info, success, warning, danger or neutral (GUIDE.md, section 7).
func badge(meaning, text string) *taskBadge {
	switch meaning {
	case "neutral":
		return &taskBadge{Class: "mg-neutral", Icon: "close", Text: text}
	default:
		return &taskBadge{Class: "kern-badge--" + meaning, Icon: meaning, Text: text}
	}
}

// standing is where a consultation stands, as a mark: its stage, or how it ended.
func (c *Context) standing(consultation store.Consultation) *taskBadge {
	switch {
	case consultation.Outcome == advisory.Completed:
		return badge("success", c.T("outcomes.completed.name"))
	case consultation.Outcome != "":
		return badge("neutral", c.T("outcomes."+string(consultation.Outcome)+".name"))
	case consultation.IsResting():
		return badge("info", c.T("coordination_pages.stage_resting", "stage", c.T("stages."+string(consultation.Stage)+".name")))
	default:
		return badge("info", c.T("stages."+string(consultation.Stage)+".name"))
	}
}

// labels joins the labels of some answers of an option list; "" where there are none.
func (c *Context) labels(list string, keys []string) string {
	joined := ""
	for _, option := range c.server.texts.OptionList(c.Lang, list) {
		for _, key := range keys {
			if key != option.Key {
				continue
			}
			if joined != "" {
				joined += ", "
			}
			joined += option.Label
		}
	}
	return joined
}

// languagesOf names languages, the one beside the list by its own name.
func (c *Context) languagesOf(keys []string, other string) string {
	var listed []string
	for _, key := range keys {
		if key != "other" || other == "" {
			listed = append(listed, key)
		}
	}
	named := c.labels("languages", listed)
	switch {
	case other == "":
		return named
	case named == "":
		return other
	default:
		return named + ", " + other
	}
}

func optionsOf(persons []store.Person) []texts.Option {
	options := make([]texts.Option, len(persons))
	for i, person := range persons {
		options[i] = texts.Option{Key: person.ID, Label: person.Name()}
	}
	return options
}
