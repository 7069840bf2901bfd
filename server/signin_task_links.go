package server

import (
	"net/http"

	"miglobe/advisory"
)

const taskLinkDonePath = "/a/erledigt"

// openTaskLink lets whoever has the link of a task's mail to that task, and shows it. It changes nothing but what this
// browser may see.
func (s *Server) openTaskLink(c *Context) error {
	link, err := s.store.TaskLink(c.Request().Context(), c.Param("token"))
	switch {
	case advisory.CodeOf(err) == advisory.NotFound:
		return taskLinkEnded(c)
	case err != nil:
		return err
	case c.Person != nil && c.Person.ID == link.PersonID: // who is signed in needs no link
	case link.State != advisory.Open:
		return taskLinkEnded(c)
	default:
		c.remember(grantEntry+link.TaskID, link.PersonID)
	}
	return c.Go("/aufgaben/" + link.TaskID)
}

func (s *Server) showTaskLinkDone(c *Context) error {
	return c.Show(http.StatusOK, linkEndedPage{
		Title: c.T("public.task_link_done.title"), Text: c.T("public.task_link_done.text"),
		ActionLabel: c.T("nav.sign_in"), ActionURL: c.URL(signInPath),
	})
}

// taskLinkEnded is the page of a link whose task is settled or no longer this person's: the link gives no right any more.
func taskLinkEnded(c *Context) error {
	return linkEnded(c, "public.task_link_ended", signInPath)
}

// linkEnded says that a link is of no use any more and where to get on. It never tells whether the link ever was.
func linkEnded(c *Context, key, path string) error {
	return c.Show(http.StatusGone, linkEndedPage{
		Title: c.T(key + ".title"), Text: c.T(key + ".text"), ActionLabel: c.T(key + ".action"), ActionURL: c.URL(path),
	})
}
