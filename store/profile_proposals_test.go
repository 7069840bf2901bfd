package store_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lib/pq"

	"miglobe/advisory"
	"miglobe/store"
)

// profiled is a desk on which Amina's profile is filled, as its pair of what counts and what she wants.
func profiled(t *testing.T) (*desk, store.AdvisorProfile) {
	t.Helper()
	d := newDesk(t)
	profile := store.AdvisorProfile{PersonID: d.people["amina"], About: "Ich berate.", Topics: pq.StringArray{"partnerships", "education"},
		Competences: "Moderation", Languages: pq.StringArray{"german"}, Home: "Köln", Capacity: 2, MeetingFormat: "either",
		OriginCountry: "GH", OriginConsent: true, Language: "de", MailRhythm: "immediately"}
	d.must(d.store.SaveAdvisorProfile(d.ctx, profile))
	return d, profile
}

func (d *desk) profile(name string) store.AdvisorProfile {
	d.Helper()
	profile, err := d.store.AdvisorProfile(d.ctx, d.people[name])
	d.must(err)
	return profile
}

func (d *desk) waiting() []store.ProfileProposal {
	d.Helper()
	found, err := d.store.WaitingProposals(d.ctx)
	d.must(err)
	return found
}

func TestWhatMunicipalitiesRelyOnWaitsAndTheRestCountsAtOnce(t *testing.T) {
	d, profile := profiled(t)
	profile.Topics = pq.StringArray{"education", "partnerships"} // the same in another order
	profile.About, profile.FurtherPlaces, profile.OriginConsent = "Neu", pq.StringArray{"Bonn"}, false
	waits, err := d.store.SaveOwnProfile(d.ctx, profile, monday)
	d.must(err)
	if waits || len(d.waiting()) > 0 {
		t.Fatal("nothing reviewed was changed")
	}
	profile.Topics, profile.Networks = pq.StringArray{"fair_trade"}, "Vereine"
	if waits, err = d.store.SaveOwnProfile(d.ctx, profile, monday); err != nil || !waits {
		t.Fatalf("waits %v, %v", waits, err)
	}
	now := d.profile("amina")
	if now.About != "Neu" || len(now.FurtherPlaces) != 1 || now.OriginConsent || len(now.Topics) != 2 || now.Networks != "" {
		t.Errorf("profile in force: %+v", now)
	}
	first := d.waiting()
	if len(first) != 1 || first[0].After.Networks != "Vereine" || first[0].After.Competences != "Moderation" || first[0].Before.Networks != "" {
		t.Fatalf("waiting %+v", first)
	}
	d.must(second(d.store.SaveOwnProfile(d.ctx, profile, days(1))))
	if again := d.waiting(); again[0].ID != first[0].ID {
		t.Error("saving the same again made another proposal")
	}
	profile.Networks = "Vereine und Verbände"
	d.must(second(d.store.SaveOwnProfile(d.ctx, profile, days(1))))
	if changed := d.waiting(); len(changed) != 1 || changed[0].ID == first[0].ID {
		t.Errorf("a changed proposal is another one: %+v", changed)
	}
	if _, err := d.store.ApproveProposal(d.ctx, first[0].ID, d.people["kim"], days(1)); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("what the coordinator saw is not what was approved: %v", err)
	}
	d.must(second(d.store.SaveOwnProfile(d.ctx, profile.With(now.Reviewed()), days(1))))
	if len(d.waiting()) > 0 {
		t.Error("taking it back left it waiting")
	}
	if latest, err := d.store.LatestProposal(d.ctx, d.people["amina"]); err != nil || latest != nil {
		t.Errorf("what was taken back shows: %+v, %v", latest, err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestAnApprovalTouchesOnlyWhatWasProposed(t *testing.T) {
	d, profile := profiled(t)
	wanted := profile
	wanted.Topics = pq.StringArray{"fair_trade"}
	d.must(second(d.store.SaveOwnProfile(d.ctx, wanted, monday)))
	profile.Competences = "Moderation, Verwaltung"
	d.must(d.store.SaveAdvisorProfile(d.ctx, profile))
	d.must(second(d.store.ApproveProposal(d.ctx, d.waiting()[0].ID, d.people["kim"], days(1))))
	if now := d.profile("amina"); now.Competences != "Moderation, Verwaltung" || len(now.Topics) != 1 || now.Topics[0] != "fair_trade" {
		t.Errorf("profile %+v", now)
	}
	latest, err := d.store.LatestProposal(d.ctx, d.people["amina"])
	d.must(err)
	if latest.State != store.ProposalApproved || latest.DecidedBy != "kim Muster" || !latest.DecidedAt.Equal(days(1)) {
		t.Errorf("decision %+v", latest)
	}
}

func TestTwoCoordinatorsDecideOnce(t *testing.T) {
	d, profile := profiled(t)
	for round := range 5 {
		profile.Networks += "x"
		d.must(second(d.store.SaveOwnProfile(d.ctx, profile, days(round))))
		before, id := d.profile("amina").Networks, d.waiting()[0].ID
		var approved, returned, refused atomic.Int32
		var both sync.WaitGroup
		for i := range 6 {
			both.Go(func() {
				won, err := &approved, error(nil)
				if i%2 == 0 {
					_, err = d.store.ApproveProposal(d.ctx, id, d.people["kim"], days(round))
				} else {
					won = &returned
					_, err = d.store.ReturnProposal(d.ctx, id, d.people["robin"], "Bitte genauer", days(round))
				}
				switch advisory.CodeOf(err) {
				case "":
					won.Add(1)
				case advisory.Conflict:
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		both.Wait()
		if approved.Load()+returned.Load() != 1 || refused.Load() != 5 {
			t.Fatalf("%d approved, %d returned, %d refused", approved.Load(), returned.Load(), refused.Load())
		}
		if mails := d.read(`SELECT count(*) FROM mails WHERE key = 'profile_change/' || $1`, id); mails != "1" {
			t.Errorf("the advisor gets %s mails", mails)
		}
		if changed := d.profile("amina").Networks != before; changed != (approved.Load() == 1) {
			t.Errorf("approved %d times, changed %v", approved.Load(), changed)
		}
	}
}

func TestErasureTakesProposalsAlong(t *testing.T) {
	d, profile := profiled(t)
	profile.Networks = named
	d.must(second(d.store.SaveOwnProfile(d.ctx, profile, monday)))
	d.exec(`UPDATE persons SET active = false WHERE id = $1`, profile.PersonID)
	d.exec(`UPDATE advisors SET leaving_at = $2, networks = $3, further_places = $4 WHERE person_id = $1`, profile.PersonID, monday, named,
		pq.StringArray{named})
	if len(d.waiting()) > 0 {
		t.Error("a change of somebody who is blocked waits for a decision")
	}
	e := &erasure{desk: d}
	d.must(d.store.Anonymise(d.ctx, advisory.DefaultRetention(), monday.AddDate(6, 0, 0), nil))
	if tables := e.found(named); len(tables) > 0 {
		t.Errorf("words are left in %v", tables)
	}
}
