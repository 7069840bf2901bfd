package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"miglobe/advisory"
	"miglobe/telemetry"
	"miglobe/texts"
)

// maxBody is the largest form that is read.
const maxBody = 1 << 20

const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// errAnswered stops a request that has its answer before its handler ran.
var errAnswered = errors.New("answered already")

// serve wraps a handler with everything that holds for all of them: headers, body limit, refusal of cross-site posts,
// session, access, error pages, the log. It answers every error itself.
func (s *Server) serve(route Route) echo.HandlerFunc {
	return func(ec echo.Context) error {
		started, method := time.Now(), ec.Request().Method
		id := uuid.NewString()
		c := &Context{
			Context: ec, Lang: langOf(ec.Request()), server: s, route: route,
			Log: s.log.With(telemetry.RequestID, id, "method", method, "route", route.Path),
		}
		ctx, end := s.watch.Span(telemetry.About(ec.Request().Context(), telemetry.RequestID, id), method+" "+route.Path)
		c.SetRequest(ec.Request().WithContext(ctx))
		s.setHeaders(c)
		if err := c.handle(); err != nil && !errors.Is(err, errAnswered) {
			s.fail(c, err)
		}
		status, took := ec.Response().Status, time.Since(started)
		end(status >= http.StatusInternalServerError, "http.response.status_code", strconv.Itoa(status))
		s.watch.Request(method, route.Path, status, took)
		c.Log.InfoContext(c.Request().Context(), "served", "status", status, "took", took)
		return nil
	}
}

// handle runs the handler if nothing speaks against it.
func (c *Context) handle() (err error) {
	defer func() {
		if cause := recover(); cause == http.ErrAbortHandler { //nolint:errorlint // the value that breaks a connection off
			panic(cause)
		} else if cause != nil {
			c.Log.ErrorContext(c.Request().Context(), "panic", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			err = advisory.Errorf(advisory.Internal, "panic: %v", cause)
		}
	}()
	if c.route.Machine {
		return c.route.Handle(c)
	}
	if err := c.readForm(); err != nil {
		return err
	}
	if err := c.loadSession(); err != nil {
		return err
	}
	if err := c.loadGrant(); err != nil {
		return err
	}
	if err := c.route.Who.check(c.Person, c.TaskGrant); err != nil {
		return err
	}
	return c.route.Handle(c)
}

// readForm refuses posts from other sites and reads what the form of ours sent.
func (c *Context) readForm() error {
	request := c.Request()
	if err := c.server.origin.Check(request); err != nil {
		return advisory.Errorf(advisory.Forbidden, "cross-site request: %w", err)
	}
	if !c.isPost() {
		return nil
	}
	request.Body = http.MaxBytesReader(c.Response(), request.Body, maxBody)
	if err := request.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return advisory.Errorf(advisory.TooLarge, "body: %w", err)
		}
		return advisory.Errorf(advisory.Invalid, "body: %w", err)
	}
	c.posted = validUTF8(request.PostForm)
	return nil
}

// validUTF8 drops what no browser sends and the database does not take.
func validUTF8(values url.Values) url.Values {
	clean := make(url.Values, len(values))
	for key, list := range values {
		for _, value := range list {
			clean.Add(key, strings.ReplaceAll(strings.ToValidUTF8(value, ""), "\x00", ""))
		}
	}
	return clean
}

func (s *Server) setHeaders(c *Context) {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	if c.secret() {
		h.Set("Referrer-Policy", "no-referrer")
	}
	h.Set("Cache-Control", "no-store")
	if s.overHTTPS() {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	h.Set("Content-Language", string(c.Lang))
	if c.Lang == "" {
		c.Lang = texts.German
	}
}
