package mail

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync"
)

// connection remembers the connection that the library opens, to close it
// whatever happens: the library leaves it open when signing in fails, and
// cannot be stopped in the middle of a mail.
type connection struct {
	implicitTLS *tls.Config // nil unless encrypted from the first byte

	mu     sync.Mutex
	conn   net.Conn
	closed bool
}

func (c *connection) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("connect to mail server: %w", err)
	}
	if !c.keep(conn) {
		return nil, fmt.Errorf("connect to mail server: %w", net.ErrClosed)
	}
	if c.implicitTLS == nil {
		return conn, nil
	}
	encrypted := tls.Client(conn, c.implicitTLS)
	if err := encrypted.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("encrypt connection to mail server: %w", err)
	}
	return encrypted, nil
}

// keep is false, and the connection closed, when close came first.
func (c *connection) keep(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = conn.Close()
		return false
	}
	c.conn = conn
	return true
}

// close may be called at any time and more than once.
func (c *connection) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.conn != nil {
		_ = c.conn.Close()
	}
}
