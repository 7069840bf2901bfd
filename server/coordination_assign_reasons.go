package server

import (
	"slices"
	"strconv"
	"strings"

	"miglobe/advisory"
	"miglobe/matching"
)

// criterionView is one criterion in points and words.
type criterionView struct {
	Label, Why  string
	Points, Max int
	Width       string // of the bar, of 40
}

// inShort are the reasons that most choices turn on: topics, way and load.
func (r candidateRows) inShort(found suggestion) string {
	var parts []string
	if most := len(r.need.Topics); most > 0 {
		parts = append(parts, r.server.texts.Count(r.Lang, "matching.in_short.topics", most, "some", len(found.fit.SharedTopics)))
	}
	parts = append(parts, r.way(found.fit.Way),
		r.T("matching.in_short.load", "n", found.Load, "max", found.Capacity))
	return strings.Join(parts, "; ")
}

// way says how far it is, or what is known instead.
func (c *Context) way(way matching.Way) string {
	if way.Kind == matching.Kilometres {
		return c.from(way, c.T("matching.in_short.kilometres", "n", way.KM))
	}
	return c.T("matching.in_short." + string(way.Kind))
}

// criteria gives each number its reason.
func (r candidateRows) criteria(found suggestion) []criterionView {
	fit, w := found.fit, r.weights
	topics, languages := r.labels("topics", fit.SharedTopics), r.languagesOf(fit.SharedLanguages, languageBeside(found))
	criteria := []criterionView{
		r.criterion("topic", fit.Topic, w.Topic, r.reason("topic", topics)),
		r.criterion("competence", fit.Competence, w.Competence, r.reason("competence", strings.Join(fit.Competences, ", "))),
		r.criterion("language", fit.Language, w.Language, r.reason("language", languages)),
		r.criterion("distance", fit.Distance, w.Distance, r.distance(fit.Way)),
		r.criterion("load", fit.Load, w.Load, r.T("matching.load", "n", found.Load, "max", found.Capacity)),
		r.criterion("rotation", fit.Rotation, w.Rotation, r.lastInvited(found.LastInvitedAt)),
	}
	if found.FromPartnerCountry {
		criteria = append(criteria, r.criterion("partner_country", fit.PartnerCountry, w.PartnerCountry,
			r.T("coordination_pages.assign.country_agreed")))
	}
	return slices.DeleteFunc(criteria, func(c criterionView) bool { return c.Max == 0 })
}

func languageBeside(found suggestion) string {
	if slices.Contains(found.fit.SharedLanguages, "other") {
		return found.OtherLanguage
	}
	return ""
}

// reason says what fits, or that nothing does.
func (c *Context) reason(criterion, value string) string {
	if value == "" {
		return c.T("coordination_pages.assign.no_" + criterion)
	}
	return c.T("matching."+criterion, "value", value)
}

func (c *Context) distance(way matching.Way) string {
	if way.Kind == matching.Kilometres {
		return c.from(way, c.T("matching.distance", "n", way.KM))
	}
	return c.T("matching." + string(way.Kind))
}

// from names the place that a way begins in where that is not home.
func (c *Context) from(way matching.Way, told string) string {
	if way.From == "" {
		return told
	}
	return c.T("advisor_pages.from_place", "way", told, "place", way.From)
}

func (c *Context) criterion(key string, points, most int, why string) criterionView {
	return criterionView{
		Label: c.T("coordination_pages.criteria." + key), Points: points, Max: most, Why: why,
		Width: strconv.FormatFloat(40*float64(points)/float64(max(most, 1)), 'f', 1, 64),
	}
}

// pointsOf says how many points each criterion gives.
func (c *Context) pointsOf(a assignment) []factLine {
	w := a.weights
	var lines []factLine
	for _, m := range []struct {
		key    string
		points int
	}{
		{"topic", w.Topic}, {"competence", w.Competence}, {"language", w.Language}, {"distance", w.Distance}, {"load", w.Load},
		{"rotation", w.Rotation},
	} {
		if m.points > 0 {
			lines = append(lines, factLine{c.T("coordination_pages.criteria." + m.key),
				c.T("coordination_pages.assign.up_to", "n", m.points)})
		}
	}
	if a.need.PartnerCountry != "" && w.PartnerCountry > 0 {
		lines = append(lines, factLine{c.T("coordination_pages.criteria.partner_country"),
			c.T("coordination_pages.assign.on_top", "n", w.PartnerCountry)})
	}
	return lines
}

// scoreRules explain the criteria that count and do not explain themselves.
func (c *Context) scoreRules(w advisory.MatchingWeights) []string {
	var rules []string
	if w.Competence > 0 {
		rules = append(rules, c.T("coordination_pages.assign.competence_rule"))
	}
	if w.Distance > 0 {
		rules = append(rules, c.T("coordination_pages.assign.distance_rule", "n", w.FarKM))
	}
	return append(rules, c.T("coordination_pages.assign.rotation_rule"), c.T("coordination_pages.assign.origin_rule"))
}
