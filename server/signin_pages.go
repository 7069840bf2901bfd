package server

import "miglobe/server/form"

type signInPage struct {
	Form   form.View
	Return string
}

func (signInPage) Template() string { return "signin_form" }

type signInSentPage struct{ Title, Text string }

func (signInSentPage) Template() string { return "signin_sent" }

type signInLinkPage struct{ Action string }

func (signInLinkPage) Template() string { return "signin_link" }

type signedOutPage struct{}

func (signedOutPage) Template() string { return "signin_out" }

type linkEndedPage struct{ Title, Text, ActionLabel, ActionURL string }

func (linkEndedPage) Template() string { return "signin_link_ended" }

func signInPages() []Page {
	return []Page{signInPage{}, signInSentPage{}, signInLinkPage{}, signedOutPage{}, linkEndedPage{}}
}
