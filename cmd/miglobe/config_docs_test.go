package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestTheReadmeNamesEveryVariable: what can be set and is not written down might as well not exist.
func TestTheReadmeNamesEveryVariable(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[config]()) {
		name, _, _ := strings.Cut(field.Tag.Get("env"), ",")
		if !named(string(readme), name) {
			t.Errorf("README.md does not name %s%s", prefix, name)
		}
	}
}

// named finds a variable in full, or by the end of its name in the row of another one: `_PORT` after `MIGLOBE_SMTP_HOST`.
func named(readme, name string) bool {
	if strings.Contains(readme, "`"+prefix+name+"`") {
		return true
	}
	for i := range name {
		head, tail := name[:i], name[i:]
		for line := range strings.Lines(readme) {
			if strings.HasPrefix(tail, "_") && strings.Contains(line, "`"+prefix+head) && strings.Contains(line, "`"+tail+"`") {
				return true
			}
		}
	}
	return false
}
