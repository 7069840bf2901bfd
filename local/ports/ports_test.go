package ports

import (
	"net"
	"strconv"
	"testing"
)

func TestChooseTheWantedPort(t *testing.T) {
	wanted := freePort(t)
	var chooser Chooser
	if got, err := chooser.Choose("site", wanted); err != nil || got != wanted {
		t.Errorf("chose %d, %v; want the free %d", got, err, wanted)
	}
	if moved := chooser.Moved(); len(moved) != 0 {
		t.Errorf("moved %v", moved)
	}
	if got, err := chooser.Choose("mails", wanted); err != nil || got == wanted {
		t.Errorf("chose %d, %v; want another port than the one already given", got, err)
	}
}

func TestChooseTheNextWhenTaken(t *testing.T) {
	for _, address := range []string{"127.0.0.1", "::1"} {
		t.Run(address, func(t *testing.T) {
			listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
			if err != nil {
				t.Skip(err)
			}
			defer func() { _ = listener.Close() }()
			taken := listener.Addr().(*net.TCPAddr).Port
			var chooser Chooser
			got, err := chooser.Choose("site", taken)
			if err != nil || got <= taken {
				t.Fatalf("chose %d, %v; want one after %d", got, err, taken)
			}
			if want := (Move{Purpose: "site", Wanted: taken, Chosen: got}); len(chooser.Moved()) != 1 || chooser.Moved()[0] != want {
				t.Errorf("moved %v, want %v", chooser.Moved(), want)
			}
			again, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(got)))
			if err != nil {
				t.Errorf("the chosen port is not free: %v", err)
				return
			}
			_ = again.Close()
		})
	}
}

func TestChooseAny(t *testing.T) {
	var chooser Chooser
	seen := map[int]bool{}
	for range 20 {
		port, err := chooser.Choose("test", 0)
		if err != nil || port == 0 || seen[port] {
			t.Fatalf("chose %d, %v after %v", port, err, seen)
		}
		seen[port] = true
	}
	if moved := chooser.Moved(); len(moved) != 0 {
		t.Errorf("nothing was wanted, yet moved %v", moved)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}
