package server

import (
	"cmp"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"miglobe/advisory"
	"miglobe/store"
)

const (
	sessionIdle = 8 * time.Hour
	sessionLife = 7 * 24 * time.Hour

	personEntry   = "person"
	addressEntry  = "address" // that the person signed in with
	messageEntry  = "message"
	returnEntry   = "return"
	grantEntry    = "grant:" // and the id of the task
	receivedEntry = "received"
)

// newSessions makes the session manager. A browser gets its cookie with the first thing that has to be remembered.
func newSessions(st *store.Store, secure bool) *scs.SessionManager {
	sessions := scs.New()
	sessions.Store = st.WebSessions()
	sessions.HashTokenInStore = true
	sessions.IdleTimeout = sessionIdle
	sessions.Lifetime = sessionLife
	sessions.Cookie.Name = "miglobe"
	sessions.Cookie.HttpOnly = true
	sessions.Cookie.Secure = secure
	sessions.Cookie.SameSite = http.SameSiteLaxMode
	return sessions
}

// loadSession reads the session of the browser and who is signed in. Public pages go on without where it cannot be read.
func (c *Context) loadSession() error {
	token := ""
	if cookie, err := c.Cookie(c.server.sessions.Cookie.Name); err == nil {
		token = cookie.Value
	}
	if err := c.openSession(token); err != nil {
		if !c.route.Who.Public() {
			return err
		}
		c.Log.WarnContext(c.Request().Context(), "session unreadable", "err", err)
		return c.openSession("")
	}
	c.Response().Header().Add("Vary", "Cookie")
	c.Response().Before(c.saveSession)
	return nil
}

func (c *Context) openSession(token string) error {
	ctx, err := c.server.sessions.Load(c.Request().Context(), token)
	if err != nil {
		return err
	}
	c.SetRequest(c.Request().WithContext(ctx))
	c.sessionOpen = true
	id := c.recall(personEntry)
	if id == "" {
		return nil
	}
	person, err := c.server.store.ActivePerson(ctx, id)
	switch advisory.CodeOf(err) {
	case "":
		if c.recall(addressEntry) != person.Email { // replaced since: whoever reads the old address is not this person
			return c.server.sessions.Destroy(ctx)
		}
		c.Person = &person
		return nil
	case advisory.NotFound: // blocked since
		return c.server.sessions.Destroy(ctx)
	default:
		return err
	}
}

// saveSession writes what changed, before the first byte of the answer, and gives the browser its cookie.
func (c *Context) saveSession() {
	ctx, sessions := c.Request().Context(), c.server.sessions
	switch sessions.Status(ctx) {
	case scs.Modified:
		token, expires, err := sessions.Commit(ctx)
		if err != nil {
			c.Log.ErrorContext(ctx, "session not saved", "err", err)
			return
		}
		sessions.WriteSessionCookie(ctx, c.Response(), token, expires)
	case scs.Destroyed:
		sessions.WriteSessionCookie(ctx, c.Response(), "", time.Time{})
	}
}

// signIn makes the person the one behind this browser. The session gets a new token, so that a token that somebody
// planted before is worth nothing.
func (c *Context) signIn(person store.Person) error {
	ctx := c.Request().Context()
	if err := c.server.sessions.RenewToken(ctx); err != nil {
		return err
	}
	for _, key := range c.server.sessions.Keys(ctx) {
		if key != returnEntry {
			c.server.sessions.Remove(ctx, key)
		}
	}
	c.remember(personEntry, person.ID)
	c.remember(addressEntry, person.Email)
	c.Person = &person
	return nil
}

func (c *Context) signOut() error {
	c.Person = nil
	return c.server.sessions.Destroy(c.Request().Context())
}

// remember keeps a value for the next requests of this browser.
func (c *Context) remember(key, value string) {
	c.server.sessions.Put(c.Request().Context(), key, value)
}

func (c *Context) recall(key string) string {
	return c.server.sessions.GetString(c.Request().Context(), key)
}

// take is recall, once.
func (c *Context) take(key string) string {
	if c.recall(key) == "" {
		return ""
	}
	return c.server.sessions.PopString(c.Request().Context(), key)
}

// loadGrant finds the right that the link of a mail gave to the task of the path. A grant to a task that is no longer
// open, or by a link that was taken back, is none.
func (c *Context) loadGrant() error {
	taskID := c.Param("id")
	personID := c.recall(grantEntry + taskID)
	if !c.route.Who.taskLink || personID == "" {
		return nil
	}
	ctx := c.Request().Context()
	lives, err := c.server.store.TaskLinkLives(ctx, taskID, personID)
	if err != nil {
		return err
	}
	if !lives {
		if c.Person == nil {
			return c.deadGrant()
		}
		return nil
	}
	person, err := c.server.store.ActivePerson(ctx, personID)
	if err != nil {
		return err
	}
	c.TaskGrant = &TaskGrant{TaskID: taskID, Person: person}
	if c.Person != nil && c.Person.ID != personID && !c.Person.Role.Coordinates() {
		c.Person = nil // two people share this browser: here the link counts
	}
	return nil
}

// deadGrant answers whoever comes by the link of a task that is over. What was typed meanwhile stays on the page.
func (c *Context) deadGrant() error {
	if !c.isPost() {
		return cmp.Or(taskLinkEnded(c), errAnswered)
	}
	const key = "public.task_link_ended"
	return &Explained{
		Err: advisory.Errorf(advisory.Conflict, "task is over"), Title: c.T(key + ".title"), Text: c.T(key + ".text"),
		ActionLabel: c.T(key + ".action"), ActionPath: signInPath,
	}
}
