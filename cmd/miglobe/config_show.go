package main

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"text/tabwriter"
)

// prefix begins the name of every variable.
const prefix = "MIGLOBE_"

// configCommand shows what the program would work with, without secrets, and what is wrong with it.
type configCommand struct{}

// Run prints the effective configuration. The error names everything that a server and a worker could not work with.
func (configCommand) Run() error {
	c, err := readConfig(needsDatabase, needsEngine, needsSite, needsListen, needsMail, soundRetention, soundWatching)
	if showErr := c.show(os.Stdout); showErr != nil {
		return showErr
	}
	return err
}

// show writes one variable a line. Of a secret it tells only whether it is set.
func (c config) show(to io.Writer) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	values := reflect.ValueOf(c)
	for _, field := range reflect.VisibleFields(values.Type()) {
		value := fmt.Sprint(values.FieldByIndex(field.Index).Interface())
		switch {
		case value == "":
			value = "(not set)"
		case field.Tag.Get("secret") != "":
			value = "(set)"
		}
		fmt.Fprintf(table, "%s%s\t%s\n", prefix, field.Tag.Get("env"), value)
	}
	return table.Flush()
}

// variableOf is the variable behind a field of config, without prefix.
func variableOf(field string) string {
	found, ok := reflect.TypeFor[config]().FieldByName(field)
	if !ok {
		return field
	}
	name, _, _ := strings.Cut(found.Tag.Get("env"), ",")
	return name
}
