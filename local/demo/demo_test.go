package demo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

func TestPoolIsAsDescribed(t *testing.T) {
	count := func(value func(advisor) string) map[string]int {
		counts := map[string]int{}
		for _, a := range advisors {
			counts[value(a)]++
		}
		return counts
	}
	if genders := count(func(a advisor) string { return a.salutation }); genders["ms"] != 8 || genders["mr"] != 12 {
		t.Errorf("women and men: %v", genders)
	}
	towns := count(func(a advisor) string { return a.home })
	for _, town := range []string{"Aachen", "Bonn", "Bochum", "Düsseldorf", "Duisburg", "Dortmund", "Hamm", "Köln", "Münster", "Mülheim an der Ruhr", "Wiehl", "Witten"} {
		if towns[town] == 0 {
			t.Errorf("nobody is from %s", town)
		}
		delete(towns, town)
	}
	origins := count(func(a advisor) string { return a.origin })
	for _, country := range strings.Fields("ET BD CI GH GN GW IN CM KE CD MA NG RW SN ZA VN") {
		if origins[country] == 0 {
			t.Errorf("nobody has a biography from %s", country)
		}
		delete(origins, country)
	}
	if len(towns) != 0 || len(origins) != 0 {
		t.Errorf("beyond the description: %v %v", towns, origins)
	}
}

func TestEverybodyHasAnAddressOfTheirOwn(t *testing.T) {
	owners := map[string]string{}
	add := func(email, name string) {
		if other, taken := owners[email]; taken {
			t.Errorf("%s and %s share %s", other, name, email)
		}
		if !strings.HasSuffix(email, "@demo.miglobe.example") {
			t.Errorf("%s has the address %s", name, email)
		}
		owners[email] = name
	}
	for _, a := range advisors {
		add(a.email(), a.last)
	}
	for _, a := range staff {
		add(a.email(), a.last)
	}
	for _, c := range contacts {
		add(c.email(), c.last)
	}
	var roles []advisory.Role
	for _, signIn := range SignIns() {
		if owners[signIn.Email] == "" {
			t.Errorf("nobody signs in with %s", signIn.Email)
		}
		roles = append(roles, signIn.Role)
	}
	if !slices.Equal(roles, advisory.Roles) {
		t.Errorf("ways to sign in: %v, want one for each of %v", roles, advisory.Roles)
	}
}

func TestEveryRequestIsPlayedOnce(t *testing.T) {
	played := map[string]bool{}
	for _, p := range plans {
		r, found := requests[p.request]
		if !found || played[p.request] {
			t.Errorf("request %s: found %v, played before %v", p.request, found, played[p.request])
		}
		if _, found := contacts[r.contact]; !found {
			t.Errorf("request %s comes from nobody", p.request)
		}
		played[p.request] = true
	}
	if len(played) != len(requests) {
		t.Errorf("%d of %d requests are played", len(played), len(requests))
	}
}

// TestMomentsFollowEachOther looks at the plans from several days of the year, a weekend and a holiday among them.
func TestMomentsFollowEachOther(t *testing.T) {
	for _, now := range []time.Time{
		time.Date(2026, 11, 23, 14, 30, 0, 0, advisory.Berlin),
		time.Date(2026, 11, 22, 3, 0, 0, 0, advisory.Berlin),
		time.Date(2027, 1, 1, 0, 30, 0, 0, advisory.Berlin),
	} {
		for _, p := range plans {
			calendar := advisory.NewCalendar(contacts[requests[p.request].contact].land)
			moments := p.moments(calendar, now)
			if !slices.IsSortedFunc(moments, func(a, b time.Time) int {
				if a.Before(b) {
					return -1
				}
				return 1
			}) {
				t.Errorf("%s seen from %v: %v", p.request, now, moments)
			}
			if last := moments[len(moments)-1]; !last.Before(now) {
				t.Errorf("%s seen from %v ends at %v", p.request, now, last)
			}
		}
	}
}

// TestWordsFitTheForms enters everything that the demo says in the product's forms.
func TestWordsFitTheForms(t *testing.T) {
	catalog, err := texts.Load()
	if err != nil {
		t.Fatal(err)
	}
	check := func(t *testing.T, name string, answers advisory.Answers, sources form.Sources, now time.Time) {
		t.Helper()
		f, found := catalog.Form(texts.German, name)
		if !found {
			t.Fatalf("no form %s", name)
		}
		context := form.Context{Catalog: catalog, Lang: texts.German, Today: now}
		for _, problem := range form.Validate(f, answers, sources, context) {
			t.Errorf("form %s, field %s: %s", name, problem.Key, problem.Text())
		}
	}
	for _, p := range plans {
		t.Run(p.request, func(t *testing.T) {
			s := &seeder{texts: catalog, clock: advisory.RealClock(), ids: map[string]string{}}
			for _, a := range advisors {
				s.ids[a.email()] = a.first
			}
			r := requests[p.request]
			calendar := advisory.NewCalendar(contacts[r.contact].land)
			d := &drive{seeder: s, plan: p, request: r, calendar: calendar, moments: p.moments(calendar, s.clock.Now())}
			sources := form.Sources{
				"countries": {{Key: r.partnerCountry}}, "laender": catalog.OptionList(texts.German, "laender"),
				"proposed_slots": {{Key: "1"}, {Key: "2"}, {Key: "3"}},
			}
			check(t, "request", r.answers(), sources, d.moments[0])
			for i, a := range p.acts {
				if a.words == nil {
					continue
				}
				scene := d.scene(i)
				for _, id := range scene.advisors {
					option := texts.Option{Key: id}
					sources["suggested_advisors"] = append(sources["suggested_advisors"], option)
					sources["chosen_advisors"] = append(sources["chosen_advisors"], option)
				}
				name := a.form
				if a.kind != "" {
					rule, _ := advisory.DefaultProgramme().Rule(a.kind)
					owner := a.role
					if owner == "" {
						owner = advisory.Advisor
					}
					name = rule.FormOf(a.choice, owner)
				}
				if name == "option" || name == "follow_up" {
					continue // repeated for each option; see TestOptionsFitTheForm
				}
				check(t, name, a.words(scene), sources, d.moments[i+1])
			}
		})
	}
}

// TestOptionsFitTheForm takes the options of a draft apart: each was entered in a form of its own.
func TestOptionsFitTheForm(t *testing.T) {
	catalog, err := texts.Load()
	if err != nil {
		t.Fatal(err)
	}
	f, _ := catalog.Form(texts.German, "option")
	for _, prefix := range []string{"options.1.", "options.2."} {
		answers := advisory.Answers{}
		for key, values := range options(scene{}) {
			if rest, found := strings.CutPrefix(key, prefix); found {
				answers[rest] = values
			}
		}
		if problems := form.Validate(f, answers, nil, form.Context{Catalog: catalog, Lang: texts.German}); len(problems) > 0 {
			t.Errorf("%s: %v", prefix, problems)
		}
	}
}
