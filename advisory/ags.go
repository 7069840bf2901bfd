package advisory

// AGSProblem is why a text is no Amtlicher Gemeindeschlüssel of a municipality in a Land; AGSFits where it is one.
type AGSProblem string

// The problems.
const (
	AGSFits      AGSProblem = ""
	AGSMalformed AGSProblem = "malformed"  // neither 8 digits, nor 5 of a district
	AGSOtherLand AGSProblem = "other_land" // begins with the number of another Land
)

// landNumbers are the Länder by the first two digits of the official key.
var landNumbers = map[string]Land{
	"01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW",
	"09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}

// CheckAGS tells whether a text is the official key of a municipality (8 digits) or of a district (5) in a Land.
func CheckAGS(ags string, land Land) AGSProblem {
	if len(ags) != 8 && len(ags) != 5 {
		return AGSMalformed
	}
	for _, r := range ags {
		if r < '0' || r > '9' {
			return AGSMalformed
		}
	}
	if landNumbers[ags[:2]] != land {
		return AGSOtherLand
	}
	return AGSFits
}
