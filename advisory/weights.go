package advisory

// MatchingWeights say how suggestions of advisors are ordered: the most points that each criterion gives. A criterion with
// no points does not count and is not shown.
type MatchingWeights struct {
	Topic          int `json:"topic"`
	Competence     int `json:"competence"`
	Language       int `json:"language"`
	Distance       int `json:"distance"`
	Load           int `json:"load"`
	Rotation       int `json:"rotation"`
	PartnerCountry int `json:"partner_country"` // on top, and only where the municipality named a country and the advisor agreed

	FarKM        int `json:"far_km"`        // from so many kilometres on the distance gives no points
	RotationDays int `json:"rotation_days"` // after so many calendar days without an invitation somebody is as fresh as one who never had one
}

// DefaultMatchingWeights make 100 points, and five on top for the partner country.
func DefaultMatchingWeights() MatchingWeights {
	return MatchingWeights{
		Topic: 30, Competence: 15, Language: 15, Distance: 15, Load: 15, Rotation: 10, PartnerCountry: 5,
		FarKM: 150, RotationDays: 180,
	}
}

// Weight is one of the weights: its name, as in JSON and in forms, and the values that it may have.
type Weight struct {
	Name        string
	Value       *int
	Least, Most int
}

const (
	mostPoints       = 100
	mostKM           = 1000 // farther than any two towns of Germany
	mostRotationDays = 3 * 365
)

// All are the weights by name, in the order in which they are shown. Setting a value changes w.
func (w *MatchingWeights) All() []Weight {
	return append(w.criteria(),
		Weight{"partner_country", &w.PartnerCountry, 0, mostPoints},
		Weight{"far_km", &w.FarKM, 1, mostKM}, Weight{"rotation_days", &w.RotationDays, 1, mostRotationDays})
}

// criteria are the weights of what counts in every consultation.
func (w *MatchingWeights) criteria() []Weight {
	return []Weight{
		{"topic", &w.Topic, 0, mostPoints}, {"competence", &w.Competence, 0, mostPoints}, {"language", &w.Language, 0, mostPoints},
		{"distance", &w.Distance, 0, mostPoints}, {"load", &w.Load, 0, mostPoints}, {"rotation", &w.Rotation, 0, mostPoints},
	}
}

// Sum is the most points that somebody can have in a consultation without a partner country.
func (w MatchingWeights) Sum() int {
	sum := 0
	for _, weight := range w.criteria() {
		sum += *weight.Value
	}
	return sum
}
