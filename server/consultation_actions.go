package server

import (
	"miglobe/store"
)

// consultationAction is something that a person may bring about in a consultation without owing it: a link on its page.
type consultationAction struct{ Label, Path string }

// offers are the areas that offer actions, in the order in which a page lists them. Each returns none where the state of
// the consultation or the part that the person has in it does not allow it; the engine has the last word.
var offers = []func(*Context, store.Consultation, store.Relation) []consultationAction{
	offerPlan,
	offerInitiatives,
	offerReplacement,
	offerFollowOn,
}

// actions are what the person behind the request may bring about. Staff have no relation to the consultation.
func (c *Context) actions(consultation store.Consultation, relation store.Relation) []consultationAction {
	var all []consultationAction
	for _, offer := range offers {
		all = append(all, offer(c, consultation, relation)...)
	}
	return all
}
