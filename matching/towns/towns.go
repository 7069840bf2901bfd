// Package towns knows where towns lie. Pure data and geometry: it imports nothing of the house but the domain.
package towns

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
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

//go:embed towns.csv invented.csv
var files embed.FS

// known are the towns by name as key writes it. A name that several towns have leads to all of them.
var known = sync.OnceValue(func() map[string][]Town {
	all := map[string][]Town{}
	for _, file := range []string{"towns.csv", "invented.csv"} {
		if err := read(file, all); err != nil {
			panic(fmt.Sprintf("%s, which is part of the program: %v", file, err))
		}
	}
	return all
})

func read(file string, into map[string][]Town) error {
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

// Find looks a town up by its name. An empty Land stands for any. False where no town has the name there, or where several
// have it: then nobody knows which one is meant.
func Find(name string, land advisory.Land) (Town, bool) {
	var found []Town
	for _, town := range known()[key(name)] {
		if land == "" || town.Land == land {
			found = append(found, town)
		}
	}
	if len(found) != 1 {
		return Town{}, false
	}
	return found[0], true
}

const earthRadius = 6371 // kilometres

// Distance is the way between two towns in full kilometres as the crow flies.
func Distance(a, b Town) int {
	const degree = math.Pi / 180
	half := func(degrees float64) float64 { s := math.Sin(degrees * degree / 2); return s * s }
	h := half(b.Latitude-a.Latitude) + math.Cos(a.Latitude*degree)*math.Cos(b.Latitude*degree)*half(b.Longitude-a.Longitude)
	return int(math.Round(2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))))
}
