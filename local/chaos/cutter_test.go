package chaos_test

import (
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
)

// cutter stands between two parts of the house and cuts their connections.
type cutter struct {
	target   string
	listener net.Listener
	mu       sync.Mutex
	open     map[net.Conn]bool
}

func newCutter(t *testing.T, target string) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{target: target, listener: listener, open: map[net.Conn]bool{}}
	go c.accept()
	t.Cleanup(func() {
		_ = listener.Close()
		c.cut()
	})
	return c
}

func (c *cutter) port() int       { return c.listener.Addr().(*net.TCPAddr).Port }
func (c *cutter) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port())) }

func (c *cutter) accept() {
	for {
		near, err := c.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", c.target)
		if err != nil {
			_ = near.Close() // what is behind is away
			continue
		}
		c.remember(near, far)
		go c.pipe(near, far)
		go c.pipe(far, near)
	}
}

func (c *cutter) remember(connections ...net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, connection := range connections {
		c.open[connection] = true
	}
}

func (c *cutter) pipe(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, to)
	delete(c.open, from)
}

// cut breaks every connection that is open now.
func (c *cutter) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for connection := range c.open {
		_ = connection.Close()
	}
}
