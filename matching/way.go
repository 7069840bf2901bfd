package matching

import (
	"miglobe/advisory"
	"miglobe/matching/towns"
)

// WayKind says how well the way between advisor and municipality is known.
type WayKind string

// The kinds of ways.
const (
	Kilometres WayKind = "kilometres"
	SameLand   WayKind = "same_land"  // the municipality's town is not known, its Land is the advisor's
	OtherLand  WayKind = "other_land" // the municipality's town is not known, its Land is another
	NotKnown   WayKind = "not_known"  // the place that the way begins in is not known
)

// Way is how far it is from an advisor's place to a municipality.
type Way struct {
	Kind WayKind
	KM   int    // with Kilometres, as the crow flies
	From string // the place that it begins in; "" at home
}

// shortestWay begins at home or in the further place that gives more points; of equal ones in the nearer.
func shortestWay(candidate Candidate, need Need, weights advisory.MatchingWeights) Way {
	best := wayBetween(candidate.Home, need.Municipality, need.Land)
	for _, place := range candidate.FurtherPlaces {
		way := wayBetween(place, need.Municipality, need.Land)
		way.From = place
		more := way.points(weights.Distance, weights.FarKM) - best.points(weights.Distance, weights.FarKM)
		if more > 0 || more == 0 && way.Kind == Kilometres && best.Kind == Kilometres && way.KM < best.KM {
			best = way
		}
	}
	return best
}

func wayBetween(home, municipality string, land advisory.Land) Way {
	from, ok := towns.Find(home, "")
	if !ok {
		return Way{Kind: NotKnown}
	}
	to, ok := towns.Find(municipality, land)
	switch {
	case ok:
		return Way{Kind: Kilometres, KM: towns.Distance(from, to)}
	case from.Land == land:
		return Way{Kind: SameLand}
	default:
		return Way{Kind: OtherLand}
	}
}

// points of a way: the nearer the more, none from far kilometres on. The same Land, and a home that is not known, give
// half of them: nobody loses or wins much by a gap in the list of towns.
func (w Way) points(most, far int) int {
	switch {
	case w.Kind == OtherLand:
		return 0
	case w.Kind != Kilometres:
		return most / 2
	default:
		return share(most, far-min(w.KM, far), far)
	}
}
