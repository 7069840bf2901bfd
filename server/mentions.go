package server

import (
	"miglobe/store"
)

const (
	mentionsPath  = "/erwaehnungen"
	mentionsShown = 5
)

// mentionList is where the person is mentioned and has not read it yet. Templates show it by "coordination-mentions".
type mentionList struct {
	Rows []mentionRow
	More int // beyond the rows
}

type mentionRow struct {
	store.Mention
	URL string // path of the note
}

func (s *Server) mentions(c *Context) (mentionList, error) {
	found, total, err := s.store.Mentions(c.Request().Context(), c.Person.ID, mentionsShown)
	list := mentionList{More: total - len(found)}
	for _, mention := range found {
		list.Rows = append(list.Rows, mentionRow{Mention: mention, URL: store.NotePath(mention.Number, mention.NoteID)})
	}
	return list, err
}

// readMentions marks the note that is named, or all of them, as read.
func (s *Server) readMentions(c *Context) error {
	if err := s.store.SeeMentions(c.Request().Context(), c.Person.ID, c.Posted().Get(noteQuery), c.Now()); err != nil {
		return err
	}
	return c.Done(workbenchPath, "mentions.read")
}
