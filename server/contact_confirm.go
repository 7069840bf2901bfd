package server

import (
	"net/http"

	"miglobe/advisory"
)

// showConfirmAddress changes nothing, because filters of mail servers open links.
func (s *Server) showConfirmAddress(c *Context) error {
	link, err := s.store.PersonAddressLink(c.Request().Context(), c.Param("token"))
	switch {
	case advisory.CodeOf(err) == advisory.NotFound:
		return linkEnded(c, "contact_pages.link_ended", signInPath)
	case err != nil:
		return err
	}
	return c.Show(http.StatusOK, confirmAddressPage{Email: link.Email, Number: link.Number, Action: c.URL(c.Path())})
}

// confirmAddress confirms the address of a person. A contact goes on to the consultation; whoever got a corrected address
// signs in with it, as staff and advisors may do more than a link of three days should let them.
func (s *Server) confirmAddress(c *Context) error {
	if err := c.limitClient(confirmsByClient); err != nil {
		return err
	}
	ctx := c.Request().Context()
	link, err := s.store.ConfirmPersonAddress(ctx, c.Param("token"), c.Now())
	switch advisory.CodeOf(err) {
	case "":
	case advisory.NotFound:
		return linkEnded(c, "contact_pages.link_ended", signInPath)
	case advisory.Conflict:
		return &Explained{
			Err: err, Title: c.T("contact_pages.taken_title"), Text: c.T("contact_pages.taken_text"),
			ActionLabel: c.T("errors.e404.action"), ActionPath: "/",
		}
	default:
		return err
	}
	person, err := s.store.ActivePerson(ctx, link.PersonID)
	if err != nil {
		return err
	}
	if person.Role != advisory.Municipality {
		return c.Show(http.StatusOK, addressConfirmedPage{Email: link.Email})
	}
	if err := c.signIn(person); err != nil {
		return err
	}
	return c.Done(consultationPath(link.Number), "contact_pages.welcome")
}
