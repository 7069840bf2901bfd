package browser_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// passed collects which pages were seen on which device, so that the log of a run tells what was covered.
var passed = &itinerary{pages: map[string]map[string]int{}, paths: map[string]map[string]bool{}}

type itinerary struct {
	sync.Mutex
	pages map[string]map[string]int
	paths map[string]map[string]bool // by device
}

var anId = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27,}(\.[0-9]+)?|MG-[0-9]+-[0-9]+|/[A-Za-z0-9_-]{40,}|\?.*$`)

func (i *itinerary) add(v *visitor) {
	i.Lock()
	defer i.Unlock()
	pattern := fmt.Sprintf("%s %d", anId.ReplaceAllString(v.here.Path, "/:id"), v.status)
	if i.pages[v.device.name] == nil {
		i.pages[v.device.name], i.paths[v.device.name] = map[string]int{}, map[string]bool{}
	}
	i.pages[v.device.name][pattern]++
	path, _, _ := strings.Cut(v.here.Path, "?")
	i.paths[v.device.name][path] = true
}

// saw tells whether a page of a route was seen on a device; ":name" in its path stands for anything.
func (i *itinerary) saw(d device, route string) bool {
	i.Lock()
	defer i.Unlock()
	wanted := strings.Split(route, "/")
	for path := range i.paths[d.name] {
		if parts := strings.Split(path, "/"); slices.EqualFunc(wanted, parts, func(want, part string) bool {
			return want == part || strings.HasPrefix(want, ":") && part != ""
		}) {
			return true
		}
	}
	return false
}

// log tells which pages were passed.
func (i *itinerary) log(t *testing.T) {
	i.Lock()
	defer i.Unlock()
	for name, pages := range i.pages {
		var lines []string
		for pattern, n := range pages {
			lines = append(lines, fmt.Sprintf("%4d %s", n, pattern))
		}
		slices.Sort(lines)
		t.Logf("%s: %d kinds of pages\n%s", name, len(pages), strings.Join(lines, "\n"))
	}
}
