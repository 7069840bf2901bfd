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

// endsByMunicipality tell in the history that a municipality has ended a consultation, by outcome.
var endsByMunicipality = map[advisory.Outcome]advisory.HistoryKind{
	advisory.Withdrawn: advisory.ConsultationWithdrawn, advisory.NotAccompanied: advisory.AccompanimentEnded,
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
	if kind, ok := endsByMunicipality[f.Outcome]; ok {
		return view, s.addWhoEnded(c, f, kind, view)
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

// addWhoEnded tells where the coordination team entered it for the municipality, and where it ended a rest itself because
// nobody had answered.
func (s *Server) addWhoEnded(c *Context, f consultationFacts, kind advisory.HistoryKind, view *endedView) error {
	entries, err := s.store.History(c.Request().Context(), f.ID, 1, 0, kind)
	if err != nil || len(entries) == 0 {
		return err
	}
	switch entry := entries[0]; {
	case entry.OnBehalf:
		view.Text += " " + c.entrySentence(entry.ActorName, f.Municipality)
	case entry.ActorRole.Coordinates() && kind == advisory.ConsultationWithdrawn:
		view.Text = c.T("withdrawal_pages.after_rest", "date", texts.Date(c.Lang, *f.ClosedAt))
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
