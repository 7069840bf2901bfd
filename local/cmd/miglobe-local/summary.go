package main

import (
	"io"
	"text/tabwriter"
	"text/template"

	"miglobe/advisory"
	"miglobe/local/demo"
	"miglobe/local/stack"
)

// summary is what somebody needs to know once everything runs.
type summary struct {
	Site   string
	Ports  stack.Ports
	Folder string
	Demo   bool
	Clock  advisory.Clock
}

var summaryText = template.Must(template.New("").Funcs(template.FuncMap{"url": stack.URL, "signIns": demo.SignIns}).Parse(`
MiGlobe	{{.Site}}
Sign in	{{.Site}}/anmelden
Mails	{{url .Ports.MailPage}}	every mail lands here; an address unzustellbar@… is refused
Temporal	{{url .Ports.TemporalUI}}
Business clock	{{.Clock.Now.Format "02.01.2006 15:04"}}
{{if .Demo}}
To sign in, enter one of these addresses; the link arrives at {{url .Ports.MailPage}}
{{range signIns}}  {{.Label}}	{{.Email}}
{{end}}{{else}}
Nobody can sign in yet. Add the first account:
  MIGLOBE_DATABASE_FILE={{.Folder}}/database go run ./cmd/miglobe user add --role administrator --first-name … --last-name … ADDRESS
{{end}}
`))

func (s summary) write(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	_ = summaryText.Execute(table, s)
	_ = table.Flush() // a terminal that has gone misses it
}
