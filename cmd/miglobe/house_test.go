package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors is the house from the roof down: a package may import what stands on a lower floor, and nothing of its own
// floor or above (docs/decisions.md, the house).
var floors = [][]string{
	{"cmd/miglobe"},
	{"server", "worker"},
	{"server/form", "server/sheet"},
	{"inbox", "workflows", "health"},
	{"activities"},
	{"store/storetest"},
	{"store", "mail", "matching"},
	{"texts", "telemetry/engine", "matching/towns"},
	{"advisory", "migrations", "telemetry"},
}

func TestArrowsPointDownward(t *testing.T) {
	floor := map[string]int{}
	for i, names := range floors {
		for _, name := range names {
			floor[name] = i
		}
	}
	for _, line := range lines(t, "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "miglobe/...") {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(fields[0], "miglobe/")
		here, known := floor[name]
		if !known {
			t.Errorf("%s stands on no floor", name)
			continue
		}
		for _, imported := range fields[1:] {
			other, ours := strings.CutPrefix(imported, "miglobe/")
			if ours && floor[other] <= here {
				t.Errorf("%s imports %s", name, other)
			}
		}
	}
}

func TestTheDomainIsPure(t *testing.T) {
	for _, dependency := range lines(t, "list", "-deps", "miglobe/advisory") {
		for _, forbidden := range []string{"go.temporal.io/", "github.com/lib/pq", "github.com/jmoiron/sqlx", "net/http"} {
			if strings.HasPrefix(dependency, forbidden) {
				t.Errorf("advisory depends on %s", dependency)
			}
		}
	}
}

func TestTheProgramDoesNotCarryTheEngineServer(t *testing.T) {
	dependencies := lines(t, "list", "-m", "all")
	if slices.ContainsFunc(dependencies, func(m string) bool { return strings.HasPrefix(m, "go.temporal.io/server ") }) {
		t.Error("the root module requires go.temporal.io/server")
	}
}

func lines(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatalf("go %v: %v", args, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
