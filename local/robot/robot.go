// Package robot does what people do on the pages, over HTTP and without a browser: it signs somebody in, opens the page of
// a task, fills in the form that stands there and sends it.
package robot

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

const (
	choiceQuery = "wahl"
	choiceField = "choice"
	taskArea    = "/aufgaben/"
)

// patience is how long a person waits for an answer: longer than the pages ever take.
const patience = 20 * time.Second

// Visitor is a person with a browser of their own. It is for one goroutine.
type Visitor struct {
	site   *url.URL
	client *http.Client
}

// NewVisitor opens a browser on the site. transport may be nil; one that all share keeps connections open.
func NewVisitor(site string, transport http.RoundTripper) (*Visitor, error) {
	address, err := url.Parse(site)
	if err != nil {
		return nil, fmt.Errorf("robot: %w", err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("robot: %w", err)
	}
	return &Visitor{site: address, client: &http.Client{
		Transport: transport, Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// SignIn uses the link of a mail, of which it takes the token.
func (v *Visitor) SignIn(ctx context.Context, token string) error {
	answer, err := v.post(ctx, v.resolve("/anmelden/"+token), url.Values{})
	if err == nil && answer.Status != http.StatusSeeOther {
		err = fmt.Errorf("robot: sign-in answers %d", answer.Status)
	}
	return err
}

func (v *Visitor) resolve(path string) *url.URL {
	address, err := v.site.Parse(path)
	if err != nil {
		return v.site
	}
	return address
}

// Open asks for a page and follows to where it leads. It returns status and size of what was shown, unread: who measures
// the pages does not measure the robot.
func (v *Visitor) Open(ctx context.Context, path string) (status, size int, err error) {
	answer, _, err := v.follow(ctx, v.resolve(path))
	return answer.Status, len(answer.Body), err
}

func (v *Visitor) open(ctx context.Context, address *url.URL) (page, Answer, error) {
	answer, address, err := v.follow(ctx, address)
	if err != nil {
		return page{}, answer, err
	}
	shown, err := parsePage(answer.Body, address)
	return shown, answer, err
}

// follow asks for a page until it leads nowhere else; it returns the address of the last one.
func (v *Visitor) follow(ctx context.Context, address *url.URL) (Answer, *url.URL, error) {
	for range 5 {
		answer, err := v.do(ctx, http.MethodGet, address, nil)
		if err != nil || answer.Location == "" {
			return answer, address, err
		}
		address = v.resolve(answer.Location)
	}
	return Answer{}, address, fmt.Errorf("robot: %s leads in a circle", address.Path)
}

// post sends a form as a browser would.
func (v *Visitor) post(ctx context.Context, address *url.URL, values url.Values) (Answer, error) {
	return v.do(ctx, http.MethodPost, address, values)
}

func (v *Visitor) do(ctx context.Context, method string, address *url.URL, values url.Values) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, address.String(), strings.NewReader(values.Encode()))
	if err != nil {
		return Answer{}, fmt.Errorf("robot: %w", err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	response, err := v.client.Do(request)
	if err != nil {
		return Answer{}, fmt.Errorf("robot: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil && response.StatusCode != http.StatusSeeOther {
		return Answer{}, fmt.Errorf("robot: %s: %w", address.Path, err)
	}
	return Answer{Status: response.StatusCode, Location: response.Header.Get("Location"), Body: body}, nil
}
