package store_test

import (
	"errors"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

// takes lets an upload add Noor and change Amina's telephone; it grants itself a consent, which must not come through.
func takes(accounts map[string]store.PoolMember) ([]store.PoolMember, error) {
	amina := accounts["amina@demo.example"]
	amina.Profile.Phone, amina.Profile.OriginConsent, amina.Profile.OriginCountry = "0221 99999", true, "NG"
	noor := store.PoolMember{Person: store.Person{Email: "noor@demo.example", FirstName: "Noor", LastName: "Neu"}}
	noor.Profile = store.AdvisorProfile{Capacity: 1, MeetingFormat: "either", Language: "de", MailRhythm: "immediately",
		OriginCountry: "MA", OriginConsent: true}
	return []store.PoolMember{amina, noor}, nil
}

var taken = []string{"amina@demo.example", "noor@demo.example"}

func TestAnUploadIsUsedOnceByItsOwner(t *testing.T) {
	d, profile := profiled(t)
	profile.OriginConsent = false
	d.must(d.store.SaveAdvisorProfile(d.ctx, profile))
	id, err := d.store.KeepPoolUpload(d.ctx, d.people["lea"], []byte("E-Mail"))
	d.must(err)
	if _, err := d.store.PoolUpload(d.ctx, id, d.people["kim"]); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("another person reads it: %v", err)
	}
	if err := d.store.ImportPool(d.ctx, id, d.people["kim"], taken, takes); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("another person uses it: %v", err)
	}
	stop := errors.New("not any more")
	if err := d.store.ImportPool(d.ctx, id, d.people["lea"], taken, func(map[string]store.PoolMember) ([]store.PoolMember, error) {
		return nil, stop
	}); !errors.Is(err, stop) {
		t.Errorf("the caller's refusal became %v", err)
	}
	d.must(d.store.ImportPool(d.ctx, id, d.people["lea"], taken, takes))
	if err := d.store.ImportPool(d.ctx, id, d.people["lea"], taken, takes); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("used twice: %v", err)
	}
	members, err := d.store.PoolMembers(d.ctx)
	d.must(err)
	if len(members) != 3 {
		t.Fatalf("%d advisors, want amina, joseph and noor", len(members))
	}
	noor, err := d.store.PersonByEmail(d.ctx, "noor@demo.example")
	d.must(err)
	if noor.Role != advisory.Advisor || !noor.Active {
		t.Errorf("account %+v", noor)
	}
	d.people["noor"] = noor.ID
	if now := d.profile("amina"); now.Phone != "0221 99999" || now.OriginConsent || now.OriginCountry != "GH" || now.About != "Ich berate." {
		t.Errorf("amina %+v", now)
	}
	if now := d.profile("noor"); now.OriginConsent || now.OriginCountry != "MA" {
		t.Errorf("noor %+v", now)
	}
}

func TestUploadsGiveWayToNewerOnesAndToTime(t *testing.T) {
	d := newDesk(t)
	first, err := d.store.KeepPoolUpload(d.ctx, d.people["lea"], []byte("1"))
	d.must(err)
	next, err := d.store.KeepPoolUpload(d.ctx, d.people["lea"], []byte("2"))
	d.must(err)
	if _, err := d.store.PoolUpload(d.ctx, first, d.people["lea"]); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("the earlier upload: %v", err)
	}
	d.exec(`UPDATE pool_uploads SET expires_at = now() - interval '1 second'`)
	if err := d.store.ImportPool(d.ctx, next, d.people["lea"], taken, takes); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("an upload of long ago: %v", err)
	}
	d.must(d.store.RemoveExpired(d.ctx, monday))
	if d.read(`SELECT count(*) FROM pool_uploads`) != "0" {
		t.Error("the file is kept for ever")
	}
}

func TestAnAddressThatSomebodyElseGotMeanwhileStopsTheImport(t *testing.T) {
	d := newDesk(t)
	id, err := d.store.KeepPoolUpload(d.ctx, d.people["lea"], []byte("1"))
	d.must(err)
	err = d.store.ImportPool(d.ctx, id, d.people["lea"], taken, func(accounts map[string]store.PoolMember) ([]store.PoolMember, error) {
		_, err := d.store.AddUser(d.ctx, store.Person{Email: "noor@demo.example", Role: advisory.Reader, FirstName: "N", LastName: "N"})
		d.must(err)
		return takes(accounts)
	})
	if advisory.CodeOf(err) != advisory.Conflict || d.profile("amina").Phone != "" {
		t.Errorf("%v, amina's telephone %q", err, d.profile("amina").Phone)
	}
}

func TestACoordinatorsChangeKnowsTheVersionItBeganWith(t *testing.T) {
	d, profile := profiled(t)
	member, version, err := d.store.PoolMember(d.ctx, d.people["amina"])
	d.must(err)
	profile.Phone = "0221 12345"
	d.must(second(d.store.SaveOwnProfile(d.ctx, profile, monday)))
	member.FirstName, member.Profile.Capacity, member.Profile.OriginConsent, member.Profile.OriginCountry = "Aminata", 3, false, ""
	if err := d.store.ChangePoolMember(d.ctx, member, version); advisory.CodeOf(err) != advisory.Conflict {
		t.Fatalf("a change from before the advisor's own: %v", err)
	}
	_, version, err = d.store.PoolMember(d.ctx, d.people["amina"])
	d.must(err)
	d.must(d.store.ChangePoolMember(d.ctx, member, version))
	now, err := d.store.PoolAdvisor(d.ctx, d.people["amina"])
	d.must(err)
	if now.FirstName != "Aminata" || now.Capacity != 3 || !now.OriginConsent || d.profile("amina").OriginCountry != "GH" {
		t.Errorf("changed to %+v", now)
	}
}
