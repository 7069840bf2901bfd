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
