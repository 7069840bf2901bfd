package server

import (
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"miglobe/texts"
)

// countries are the answers of the source "countries": all of ISO 3166 by their two letters, in the order of the
// language's alphabet.
var countries = map[texts.Lang]func() []texts.Option{
	texts.German:  sync.OnceValue(func() []texts.Option { return listCountries(language.German) }),
	texts.English: sync.OnceValue(func() []texts.Option { return listCountries(language.English) }),
}

func listCountries(tag language.Tag) []texts.Option {
	names := display.Regions(tag)
	var options byName
	for first := 'A'; first <= 'Z'; first++ {
		for second := 'A'; second <= 'Z'; second++ {
			code := string([]rune{first, second})
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.M49() == 0 || region.Canonicalize() != region || region.String() != code {
				continue // reserved codes and unions of states have no number in ISO 3166
			}
			if name := names.Name(region); name != "" { // former countries have none
				options = append(options, texts.Option{Key: code, Label: name})
			}
		}
	}
	collate.New(tag).Sort(options)
	return options
}

// byName lets the collator sort options by their labels.
type byName []texts.Option

// Len implements collate.Lister.
func (o byName) Len() int { return len(o) }

// Swap implements collate.Lister.
func (o byName) Swap(i, j int) { o[i], o[j] = o[j], o[i] }

// Bytes implements collate.Lister.
func (o byName) Bytes(i int) []byte { return []byte(o[i].Label) }
