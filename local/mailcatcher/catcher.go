// Package mailcatcher is a mail server that delivers nothing: it keeps every mail it is given in memory and
// as a file, shows the mails on a page and hands them out as JSON. A second start has the mails of the first.
package mailcatcher

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// idFormat makes ids that sort by time and are file names.
	idFormat  = "20060102T150405.000000000"
	extension = ".eml"
)

// Catcher keeps mails. It is safe for several goroutines.
type Catcher struct {
	// Mood decides what happens to a mail, for rehearsals of what can go wrong; nil takes every mail. Set it before the
	// first one comes.
	Mood func() Mood

	folder string

	mu      sync.Mutex
	mails   []*Mail       // oldest first
	last    time.Time     // when the newest was received
	arrived chan struct{} // closed and replaced when a mail arrives
}

// Open reads the mails kept in the folder, which is created when missing.
func Open(folder string) (*Catcher, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("mailcatcher: create folder: %w", err)
	}
	catcher := &Catcher{folder: folder, arrived: make(chan struct{})}
	paths, err := filepath.Glob(filepath.Join(folder, "*"+extension))
	if err != nil {
		return nil, fmt.Errorf("mailcatcher: list mails: %w", err)
	}
	slices.Sort(paths)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("mailcatcher: read mail: %w", err)
		}
		received, err := time.Parse(idFormat, strings.TrimSuffix(filepath.Base(path), extension))
		if err != nil {
			continue // not a file of ours
		}
		mail, err := parse(received, content)
		if err != nil {
			return nil, fmt.Errorf("mailcatcher: %s: %w", path, err)
		}
		catcher.mails = append(catcher.mails, mail)
		catcher.last = received
	}
	return catcher, nil
}

// keep stores one mail; when it returns, the mail is in its file.
func (c *Catcher) keep(sender string, recipients []string, content []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	received := time.Now().UTC()
	if !received.After(c.last) {
		received = c.last.Add(time.Nanosecond) // two mails never share an id
	}
	stored := withEnvelope(sender, recipients, content)
	mail, err := parse(received, stored)
	if err != nil {
		return err
	}
	path := filepath.Join(c.folder, mail.ID+extension)
	if err := os.WriteFile(path+".new", stored, 0o600); err != nil {
		return fmt.Errorf("mailcatcher: write mail: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("mailcatcher: keep mail: %w", err)
	}
	c.mails = append(c.mails, mail)
	c.last = received
	close(c.arrived)
	c.arrived = make(chan struct{})
	return nil
}

// withEnvelope writes the envelope before the mail's own header, as a mail server does at final delivery.
func withEnvelope(sender string, recipients []string, content []byte) []byte {
	var stored bytes.Buffer
	fmt.Fprintf(&stored, "Return-Path: <%s>\r\n", sender)
	for _, recipient := range recipients {
		fmt.Fprintf(&stored, "Delivered-To: %s\r\n", recipient)
	}
	stored.Write(content)
	return stored.Bytes()
}

// To returns the mails that were delivered to an address, newest first; an empty address means all.
func (c *Catcher) To(address string) []*Mail {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := []*Mail{}
	for _, mail := range slices.Backward(c.mails) {
		if address == "" || mail.isTo(address) {
			found = append(found, mail)
		}
	}
	return found
}

// Recipients returns every address that got a mail, sorted.
func (c *Catcher) Recipients() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var addresses []string
	for _, mail := range c.mails {
		addresses = append(addresses, mail.Recipients...)
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// Mail returns one mail by its id.
func (c *Catcher) Mail(id string) (*Mail, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, mail := range c.mails {
		if mail.ID == id {
			return mail, true
		}
	}
	return nil, false
}

// ErrNoMail says that no fitting mail came in time.
var ErrNoMail = errors.New("mailcatcher: no such mail came in time")

// Wait returns the newest mail to an address for which fits is true, and waits for one until ctx ends.
func (c *Catcher) Wait(ctx context.Context, address string, fits func(*Mail) bool) (*Mail, error) {
	for {
		c.mu.Lock()
		arrived := c.arrived
		c.mu.Unlock()
		for _, mail := range c.To(address) {
			if fits(mail) {
				return mail, nil
			}
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: to %s", ErrNoMail, address)
		}
	}
}
