// Package ports chooses the ports of everything that runs on this machine: the same ones at every start
// when they are free, the next free ones when they are not. All of them are on loopback.
package ports

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// tries is how many ports after the wanted one are looked at.
const tries = 100

// Chooser hands out ports, none of them twice. The zero value is ready; it is for one goroutine.
type Chooser struct {
	taken map[int]bool
	moved []Move
}

// Move says that something could not have the port it usually has.
type Move struct {
	Purpose        string
	Wanted, Chosen int
}

// Choose returns the wanted port or else the next free one; 0 wants any free port. The port is free at
// this moment: who needs it listens on it soon.
func (c *Chooser) Choose(purpose string, wanted int) (int, error) {
	if c.taken == nil {
		c.taken = map[int]bool{}
	}
	last := min(wanted+tries, 65535)
	if wanted == 0 {
		last = tries
	}
	for candidate := wanted; candidate <= last; candidate++ {
		port := candidate
		if wanted == 0 {
			port = 0
		}
		free, ok := probe(port)
		if !ok || c.taken[free] {
			continue
		}
		c.taken[free] = true
		if wanted != 0 && free != wanted {
			c.moved = append(c.moved, Move{Purpose: purpose, Wanted: wanted, Chosen: free})
		}
		return free, nil
	}
	return 0, fmt.Errorf("ports: none free for %s from %d to %d", purpose, wanted, last)
}

// Moved lists what did not get the port it wanted, in the order of the calls.
func (c *Chooser) Moved() []Move { return c.moved }

// probe tells whether the port can be had. A listener on all addresses does not keep Linux from giving
// the loopback address of the same port away, but it would answer browsers that prefer IPv6.
func probe(port int) (int, bool) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return 0, false
	}
	chosen := listener.Addr().(*net.TCPAddr).Port
	_ = listener.Close()

	onIPv6, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(chosen)))
	if err == nil {
		_ = onIPv6.Close()
		return chosen, true
	}
	return chosen, !errors.Is(err, syscall.EADDRINUSE) // a machine without IPv6 is fine
}
