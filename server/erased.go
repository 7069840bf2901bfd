package server

import (
	"regexp"

	"miglobe/advisory"
)

// erasedWords are first and last name, or a line, of what was erased: one word stands in their place.
var erasedWords = regexp.MustCompile(advisory.Erased + `(?: ` + advisory.Erased + `)*`)

// withErased shows a word of the page's language wherever a rendered page names somebody or quotes something that was
// erased. Names come to pages from many places; only here all of them pass.
func (c *Context) withErased(page []byte) []byte {
	return erasedWords.ReplaceAllLiteral(page, []byte(c.T("erasure.erased")))
}
