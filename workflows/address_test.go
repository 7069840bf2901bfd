package workflows_test

import (
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
)

func TestAnAddressThatDoesNotWorkIsClarified(t *testing.T) {
	for _, choice := range []advisory.Choice{advisory.AddressWorks, advisory.CorrectAddress, advisory.NewContact} {
		j := newJourney(t)
		var first, twice, other, again *reply
		j.at(time.Hour, func() { first = j.do(advisory.ClarifyAddress, by(""), ofPerson("toni")) })
		j.at(2*time.Hour, func() {
			twice = j.do(advisory.ClarifyAddress, by(""), ofPerson("toni"))
			other = j.do(advisory.ClarifyAddress, by(""), ofPerson("uma"))
		})
		j.at(3*time.Hour, func() {
			task := j.world.find(advisory.CheckAddress)
			if task.About != "toni" || task.Owner.Person != "kim" {
				t.Errorf("asked %+v", task.OpenTask)
			}
			j.settle(task, choice)
		})
		j.at(4*time.Hour, func() { again = j.do(advisory.ClarifyAddress, by(""), ofPerson("toni")) })
		j.runFrom(advisory.Dialogue, 5*time.Hour)
		j.applied(first, other, again)
		j.refused(advisory.UnderWay, twice)
		if j.world.told(advisory.AddressBounced) != 3 || j.world.told(advisory.AddressClarified) != 1 {
			t.Errorf("%s: history %v", choice, j.world.history())
		}
	}
}

func TestOneAddressBouncesTwiceAtTheSameMoment(t *testing.T) {
	for _, latency := range []time.Duration{0, time.Second} {
		j := newJourney(t)
		j.world.latency = latency
		var first, second *reply
		j.at(time.Hour, func() {
			first, second = j.do(advisory.ClarifyAddress, ofPerson("toni")), j.do(advisory.ClarifyAddress, ofPerson("toni"))
		})
		j.runFrom(advisory.Review, 2*time.Hour)
		j.applied(first)
		j.refused(advisory.UnderWay, second)
	}
}

func TestAnAddressIsClarifiedWhileTheConsultationRests(t *testing.T) {
	j := newJourney(t)
	j.at(time.Hour, func() { j.do(advisory.BeginRest) })
	j.at(2*time.Hour, func() { j.do(advisory.ClarifyAddress, ofPerson("toni")) })
	j.runFrom(advisory.Dialogue, 10*day)
	reminders := j.world.moments(func(entry advisory.Entry) bool { return entry.Remind > 0 || entry.Escalate > 0 })
	if !slices.Equal(reminders, []string{"2026-03-05 08:00", "2026-03-10 08:00"}) {
		t.Errorf("pressed %v", reminders)
	}
}

func TestAnAddressIsNamed(t *testing.T) {
	j := newJourney(t)
	var nobody *reply
	j.at(time.Hour, func() { nobody = j.do(advisory.ClarifyAddress) })
	j.runFrom(advisory.Dialogue, 2*time.Hour)
	j.refused(advisory.NotNow, nobody)
}
