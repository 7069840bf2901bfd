package server

import (
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/store"
	"miglobe/texts"
)

const restForm = "rest"

// beginRest lets a consultation rest (journey.md, Rest).
var beginRest = initiative{
	path: "/ruhen", kind: advisory.BeginRest, who: Coordination, form: restForm,
	words: initiativeWords{
		offer: "actions.let_rest", keep: "rest_pages.keep_running", done: "rest_pages.begun", refused: "rest_pages.refused",
	},
	possible: canBeginRest,
	prepare: func(c *Context, d *initiativeDesk) error {
		d.prepareRest()
		d.Text = append(d.Text, c.T("rest_pages.follows"))
		return nil
	},
}

// changeRest lets a consultation that rests already rest until another date.
var changeRest = initiative{
	path: "/ruhezeit-aendern", kind: advisory.BeginRest, who: Coordination, form: restForm,
	words: initiativeWords{
		offer: "rest_pages.change", title: "rest_pages.change", submit: "rest_pages.save", keep: "rest_pages.keep",
		done: "rest_pages.changed", refused: "rest_pages.refused",
	},
	possible: isResting,
	prepare: func(c *Context, d *initiativeDesk) error {
		d.prepareRest()
		d.Text, d.Known = append(d.Text, c.T("rest_pages.follows")), advisory.Answers{"reason": {d.RestReason}}
		if d.RestUntil != nil {
			d.Known.Set("resume_on", d.RestUntil.Format(time.DateOnly))
		}
		return nil
	},
}

func isResting(_ *Context, consultation store.Consultation) bool { return consultation.IsResting() }

func canBeginRest(_ *Context, consultation store.Consultation) bool {
	return consultation.IsRunning() && !consultation.IsResting()
}

// endRest lets a consultation go on before the date on which its rest ends.
var endRest = initiative{
	path: "/weiterfuehren", kind: advisory.EndRest, who: Coordination,
	words: initiativeWords{
		offer: "rest_pages.offer_end", title: "rest_pages.end_title", submit: "rest_pages.end", keep: "rest_pages.keep_resting",
		done: "rest_pages.ended", refused: "rest_pages.end_refused",
	},
	possible: isResting,
	prepare: func(c *Context, d *initiativeDesk) error {
		d.Text = []string{c.T("rest_pages.end_text"), c.T("rest_pages.everybody_hears")}
		return nil
	},
}

// askForRest asks the coordination team for a rest: it decides.
var askForRest = initiative{
	path: "/ruhezeit", kind: advisory.AskForRest, who: Only(advisory.Municipality, advisory.Advisor), form: "ask_for_rest",
	words: initiativeWords{
		offer: "rest_pages.offer_wish", keep: "actions.cancel", done: "rest_pages.wished", refused: "rest_pages.wish_refused",
	},
	possible: canBeginRest,
	prepare: func(_ *Context, d *initiativeDesk) error {
		d.prepareRest()
		return nil
	},
}

// prepareRest says how long a consultation can rest, on the page and for the check of the dates.
func (d *initiativeDesk) prepareRest() {
	d.Form, d.Context = withRestMonths(d.Form, d.Programme), limitRest(d.Context, d.Programme)
	d.Text = []string{d.Form.Intro}
}

func withRestMonths(f *texts.Form, programme advisory.Programme) *texts.Form {
	filled := *f
	filled.Intro = texts.Fill(f.Intro, "n", programme.RestMonths)
	return &filled
}

// limitRest lets a rest end tomorrow at the earliest, and no later than the programme allows.
func limitRest(fc form.Context, programme advisory.Programme) form.Context {
	today := fc.Today.In(advisory.Berlin)
	for _, field := range []string{"resume_on", "rest_until"} {
		fc.NotBefore[field], fc.NotAfter[field] = today.AddDate(0, 0, 1), today.AddDate(0, programme.RestMonths, 0)
	}
	return fc
}

// restView tells that a consultation rests: until when and why, what stands still and what comes next. Templates show it
// by "rest-notice".
type restView struct {
	Title  string
	Reason string
	Text   []string
}

// restView is nil where the consultation does not rest.
func (c *Context) restView(consultation store.Consultation, forMunicipality bool) *restView {
	if !consultation.IsResting() {
		return nil
	}
	view := &restView{Title: c.T("rest_pages.title_open")}
	if consultation.RestUntil != nil {
		view.Title = c.T("rest_pages.title", "date", texts.Date(c.Lang, *consultation.RestUntil))
	}
	if consultation.RestReason != "" {
		view.Reason = c.T("rest_pages.reason", "reason", c.server.texts.OptionLabel(c.Lang, "rest_reasons", consultation.RestReason))
	}
	next := "rest_pages.next"
	if forMunicipality {
		next = "rest_pages.next_yours"
	}
	view.Text = []string{
		c.T("rest_pages.standing_still", "date", texts.Date(c.Lang, *consultation.RestingSince)), c.T(next),
	}
	if !c.Person.Role.Coordinates() {
		view.Text = append(view.Text, c.T("rest_pages.earlier"))
	}
	return view
}
