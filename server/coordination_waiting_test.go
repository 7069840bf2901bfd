package server

import (
	"testing"

	"miglobe/advisory"
)

func TestStaffSeeWhatComesNextWhileNothingIsOwed(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ChooseSlot)
	f.settleNext(advisory.ChooseSlot)
	f.signedIn(f.Coordinator).get(f.path()).wantText("#aufgaben", "Als Nächstes: Auftaktgespräch am")
}
