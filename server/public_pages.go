package server

import (
	"time"

	"miglobe/server/form"
	"miglobe/texts"
)

func publicPages() []Page { return []Page{homePage{}, textPage{}} }

type requestStartPage struct{ Form *texts.Form }

func (requestStartPage) Template() string { return "public_request_start" }

// requestStepPage is one step of the request; the last one shows all answers before they are sent.
type requestStepPage struct {
	View          form.View
	Step          texts.Step
	Number, Count int
	Action, Back  string
	Last          bool
	Doubt         bool // whether a person sent it
	Reading       []form.ReadStep
	AnswerDays    int // working days until the coordination team answers; on the last step
	Aside         requestAside
}

func (requestStepPage) Template() string { return "public_request_step" }

type requestAside struct {
	Stops            []requestStop
	SavedAt, Expires time.Time
	Email            string // where the draft's link was sent to
	Phone            string
}

type requestStop struct {
	Title, URL    string
	Done, Current bool
}

type draftLinkPage struct {
	View         form.View
	Action, Back string
}

func (draftLinkPage) Template() string { return "public_draft_link" }

type resumePage struct{ View form.View }

func (resumePage) Template() string { return "public_resume" }

type verifyPage struct {
	Form                *texts.Form
	Email, Action, Edit string
}

func (verifyPage) Template() string { return "public_verify" }

type confirmPage struct{ Email, Action string }

func (confirmPage) Template() string { return "public_confirm" }

// requestKnownPage is shown where a link leads to a request that was sent already.
type requestKnownPage struct{ Number string }

func (requestKnownPage) Template() string { return "public_request_known" }

type receivedPage struct {
	Form     *texts.Form
	Number   string
	AnswerBy time.Time
}

func (receivedPage) Template() string { return "public_received" }

func requestPages() []Page {
	return []Page{requestStartPage{}, requestStepPage{}, draftLinkPage{}, resumePage{}, verifyPage{}, confirmPage{},
		requestKnownPage{}, receivedPage{}}
}
