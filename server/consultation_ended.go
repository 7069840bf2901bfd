package server

import (
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// endedView says how a consultation ended and what still comes.
type endedView struct {
	Title   string
	Text    string
	Quote   []string // the words that the coordination team sent: reason, recommendation or summary
	QuoteBy string
	Next    string // the follow-up, or until when it can still be taken up again
	Undo    string // path of the page that takes it up again, "" where that is not possible
}

// lastWords names, by outcome, the form and the field whose words everybody concerned has got by mail.
var lastWords = map[advisory.Outcome]struct{ form, field string }{
	advisory.Declined:  {"decline_request", "message"},
	advisory.Referred:  {"refer_request", "recommendation"},
	advisory.Completed: {"close_consultation", "summary"},
}

// wordsOfMunicipality are the forms by which a municipality ends a consultation, by outcome.
var wordsOfMunicipality = map[advisory.Outcome]string{
	advisory.Withdrawn: "withdraw", advisory.NotAccompanied: "decide_accompaniment",
}

// ended is nil while the consultation runs.
func (s *Server) ended(c *Context, f consultationFacts) (*endedView, error) {
	if f.IsRunning() || f.ClosedAt == nil {
		return nil, nil
	}
	key := "status_pages.ended." + string(f.Outcome)
	view := &endedView{
		Title: c.T(key + ".title"), Text: c.T(key+".text", "date", texts.Date(c.Lang, *f.ClosedAt)), Next: c.afterEnd(f),
	}
	if f.relation.Contact && f.CanBeTakenUp(c.Now()) {
		view.Undo = undoPath(f.Number)
	}
	if name, ok := wordsOfMunicipality[f.Outcome]; ok {
		said, err := s.store.LastSaid(c.Request().Context(), f.ID, name)
		if said.OnBehalf {
			view.Text += " " + c.entrySentence(said.ActorName, f.Municipality)
		}
		return view, err
	}
	if f.Outcome == advisory.Withdrawn {
		return view, s.addWhoWithdrew(c, f, view)
	}
	words, ok := lastWords[f.Outcome]
	if !ok {
		return view, nil
	}
	said, err := s.store.LastSaid(c.Request().Context(), f.ID, words.form)
	if text := said.Answers.Get(words.field); text != "" {
		view.Quote, view.QuoteBy = strings.Split(text, "\n"), c.T("roles.coordinator.name")
	}
	return view, err
}

// addWhoWithdrew tells what the coordination team entered: for the municipality, or after a rest that nobody ended.
func (s *Server) addWhoWithdrew(c *Context, f consultationFacts, view *endedView) error {
	entries, err := s.store.History(c.Request().Context(), f.ID, 1, 0, advisory.ConsultationWithdrawn)
	if err != nil || len(entries) == 0 {
		return err
	}
	switch date, entry := texts.Date(c.Lang, *f.ClosedAt), entries[0]; {
	case entry.OnBehalf:
		view.Text += " " + c.T("withdrawal_pages.by_on_behalf", "who", c.actor(f, entry))
	case entry.ActorRole.Coordinates():
		view.Text = c.T("withdrawal_pages.after_rest", "date", date)
	}
	return nil
}

// afterEnd tells what still comes.
func (c *Context) afterEnd(f consultationFacts) string {
	date := func(day time.Time) string { return texts.Date(c.Lang, day) }
	switch {
	case f.Outcome == advisory.Withdrawn && f.relation.Contact && f.CanBeTakenUp(c.Now()):
		return c.T("withdrawal_pages.undo_until", "date", date(f.LastUndoDay()))
	case f.Outcome == advisory.Withdrawn && f.relation.Contact:
		return c.T("withdrawal_pages.new_request")
	case f.Outcome == advisory.Completed && f.EndedAt != nil:
		return c.T("status_pages.ended.follow_up_over", "date", date(*f.EndedAt))
	case f.Outcome == advisory.Completed && f.Stage != advisory.FollowUp && f.FollowUpFrom != nil:
		return c.T("status_pages.ended.follow_up_from", "date", date(*f.FollowUpFrom))
	}
	return ""
}
