package chaos_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"miglobe/local/robot"
)

// silence is what a person was told who got no answer at all.
const silence robot.Told = "silence"

// entry is what somebody said and was told.
type entry struct {
	Task, Consultation string
	What               string // kind of the task or of the input
	Person             string
	Told               robot.Told
}

// ledger keeps what everybody was told. It is safe for several goroutines.
type ledger struct {
	mu      sync.Mutex
	entries []entry
}

func (l *ledger) write(e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
}

func (l *ledger) all() []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}

func (l *ledger) counts() string {
	n := map[robot.Told]int{}
	for _, e := range l.all() {
		n[e.Told]++
	}
	var parts []string
	for _, told := range slices.Sorted(maps.Keys(n)) {
		parts = append(parts, fmt.Sprintf("%s %d", told, n[told]))
	}
	return strings.Join(parts, ", ")
}

// troubles are what kept people from sending something, counted: a rehearsal in which nobody gets anywhere proves nothing.
type troubles struct {
	mu    sync.Mutex
	count map[string]int
	last  map[string]string
}

func (t *troubles) note(trouble, what, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == nil {
		t.count, t.last = map[string]int{}, map[string]string{}
	}
	t.count[trouble+" "+what]++
	t.last[trouble+" "+what] = detail
}

func (t *troubles) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all strings.Builder
	for _, key := range slices.Sorted(maps.Keys(t.count)) {
		fmt.Fprintf(&all, "\n  %4d × %s, last: %s", t.count[key], key, t.last[key])
	}
	return all.String()
}
