package mail

import (
	"bytes"
	_ "embed"
	"html/template"

	"miglobe/texts"
)

// layout is everything that both forms of a mail show.
type layout struct {
	Lang      texts.Lang
	Brand     string
	Subject   string
	Title     string // the subject without the number at its end
	Number    string // that number, which stays on one line; may be empty
	Preheader string
	Body      []block
	Footer    []block
	Operator  string
	Pages     []page
}

//go:embed message.html.tmpl
var messageSource string

var messageTemplate = template.Must(template.New("message").Funcs(template.FuncMap{
	"linkStyle": func() template.CSS { return linkStyle },
}).Parse(messageSource))

func (l layout) html() (string, error) {
	var out bytes.Buffer
	if err := messageTemplate.Execute(&out, l); err != nil {
		return "", err
	}
	return out.String(), nil
}
