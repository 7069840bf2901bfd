// Package towns knows where towns lie. Pure data and geometry: it imports nothing of the house but the domain.
package towns

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"miglobe/advisory"
)

// Town is a place with its coordinates in degrees, exact to about a kilometre.
type Town struct {
	Name                string
	Land                advisory.Land
	Latitude, Longitude float64
}

//go:embed towns.csv invented.csv geonames.csv
var files embed.FS

// register are towns by name as key writes it. A name that several towns have leads to all of them.
type register map[string][]Town

// meant are the towns that people mean where others have the name, too: the larger ones, and those of the demo. places are
// all others.
var (
	meant  = sync.OnceValue(func() register { return registerOf("towns.csv", "invented.csv") })
	places = sync.OnceValue(func() register { return registerOf("geonames.csv") })
)

func registerOf(names ...string) register {
	all := register{}
	for _, file := range names {
		if err := read(file, all); err != nil {
			panic(fmt.Sprintf("%s, which is part of the program: %v", file, err))
		}
	}
	return all
}

func read(file string, into register) error {
	opened, err := files.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	rows := csv.NewReader(opened)
	rows.Comment, rows.FieldsPerRecord = '#', 5
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		latitude, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			return err
		}
		longitude, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			return err
		}
		town := Town{Name: row[0], Land: advisory.Land(row[1]), Latitude: latitude, Longitude: longitude}
		names := []string{town.Name}
		if row[4] != "" {
			names = append(names, strings.Split(row[4], "|")...)
		}
		for _, name := range names {
			into[key(name)] = append(into[key(name)], town)
		}
	}
}

var (
	plainLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "-", " ")
	kinds        = []string{"landeshauptstadt ", "bundesstadt ", "kreisstadt ", "hansestadt ", "stadt ", "gemeinde "}
)

// key writes a name so that its usual spellings are the same: "Stadt Köln", "Koeln" and "Köln, Stadt".
func key(name string) string {
	name, _, _ = strings.Cut(strings.ToLower(name), ",")
	name = strings.Join(strings.Fields(plainLetters.Replace(name)), " ")
	for _, kind := range kinds {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			return rest
		}
	}
	return name
}

// Find looks a town up by its name. An empty Land stands for any. Of several towns with the name the one that is usually
// meant is found; false where nobody could say which one that is, or where no town has the name there.
func Find(name string, land advisory.Land) (Town, bool) {
	for _, list := range []register{meant(), places()} {
		switch found := list.find(key(name), land); len(found) {
		case 0:
		case 1:
			return found[0], true
		default:
			return Town{}, false
		}
	}
	return Town{}, false
}

// find takes places with one name that lie close together for one.
func (r register) find(key string, land advisory.Land) []Town {
	var found []Town
	for _, town := range r[key] {
		same := slices.ContainsFunc(found, func(other Town) bool { return Distance(town, other) <= sameTown })
		if (land == "" || town.Land == land) && !same {
			found = append(found, town)
		}
	}
	return found
}

// sameTown are the kilometres within which two places with one name are taken for one: a town and its middle.
const sameTown = 5

const earthRadius = 6371 // kilometres

// Distance is the way between two towns in full kilometres as the crow flies.
func Distance(a, b Town) int {
	const degree = math.Pi / 180
	half := func(degrees float64) float64 { s := math.Sin(degrees * degree / 2); return s * s }
	h := half(b.Latitude-a.Latitude) + math.Cos(a.Latitude*degree)*math.Cos(b.Latitude*degree)*half(b.Longitude-a.Longitude)
	return int(math.Round(2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))))
}
