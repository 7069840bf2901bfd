package store_test

import (
	"slices"
	"testing"

	"miglobe/advisory"
	"miglobe/store"
)

func TestPoolIsSearchedByNameTownAndTopic(t *testing.T) {
	d := newDesk(t)
	d.exec(`UPDATE advisors SET home = 'Köln', topics = '{fair_trade}' WHERE person_id = $1`, d.people["amina"])
	for name, test := range map[string]struct {
		filter store.PoolFilter
		want   []string
	}{
		"all":     {store.PoolFilter{}, []string{"amina", "joseph"}},
		"name":    {store.PoolFilter{Words: "JOSEPH muster"}, []string{"joseph"}},
		"town":    {store.PoolFilter{Words: "köln"}, []string{"amina"}},
		"topic":   {store.PoolFilter{Topic: "fair_trade"}, []string{"amina"}},
		"nothing": {store.PoolFilter{Words: "%"}, nil},
	} {
		advisors, total, err := d.store.Pool(d.ctx, test.filter)
		d.must(err)
		var got []string
		for _, advisor := range advisors {
			got = append(got, advisor.FirstName)
		}
		if !slices.Equal(got, test.want) || total != len(test.want) {
			t.Errorf("%s: %v (%d), want %v", name, got, total, test.want)
		}
	}
}

func TestLoadCountsRunningConsultationsOnce(t *testing.T) {
	d := newDesk(t)
	load := func() int {
		advisor, err := d.store.PoolAdvisor(d.ctx, d.people["amina"])
		d.must(err)
		return advisor.Load
	}
	d.write(d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "amina"))
	if got := load(); got != 0 {
		t.Errorf("asked: %d", got)
	}
	d.write(d.said(1, advisory.Accept, "amina", nil))
	if got := load(); got != 1 {
		t.Errorf("accepted: %d", got)
	}
	d.writeAt(days(1), advisory.Entry{Team: &advisory.Team{Advisors: []string{d.people["amina"]}, Lead: d.people["amina"]}})
	if got := load(); got != 1 {
		t.Errorf("in the team: %d", got)
	}
	consultations, err := d.store.ConsultationsOfAdvisor(d.ctx, d.people["amina"], 10)
	d.must(err)
	if len(consultations) != 1 || consultations[0].State != "active" || !consultations[0].Lead {
		t.Errorf("consultations %+v", consultations)
	}
	d.exec(`UPDATE team SET until = now()`)
	if got := load(); got != 0 {
		t.Errorf("replaced: %d", got)
	}
	d.exec(`UPDATE team SET until = NULL`)
	d.write(advisory.Entry{Outcome: advisory.Completed})
	if got := load(); got != 0 {
		t.Errorf("completed: %d", got)
	}
}

func TestNeedComesFromAssessmentAndRequest(t *testing.T) {
	d := newDesk(t)
	d.exec(`UPDATE consultations SET request = '{"topics": ["education"], "partner_country": ["GH"]}'`)
	need, err := d.store.Need(d.ctx, d.consultation)
	d.must(err)
	if !slices.Equal(need.Topics, []string{"education"}) || !slices.Equal(need.Languages, []string{"german"}) || need.PartnerCountry != "GH" {
		t.Errorf("from the request: %+v", need)
	}
	d.write(d.opens(1, advisory.RecordAssessment, advisory.Coordinator, "kim"))
	entry := d.said(1, advisory.Record, "kim", advisory.Answers{"goal": {"Z"}, "need": {"B"}, "topics": {"fair_trade", "participation"}})
	d.exec(`UPDATE inputs SET form = 'assessment' WHERE id = $1`, entry.Input)
	d.write(entry)
	need, err = d.store.Need(d.ctx, d.consultation)
	d.must(err)
	if !slices.Equal(need.Topics, []string{"fair_trade", "participation"}) {
		t.Errorf("from the assessment: %+v", need)
	}
}

func TestOriginCountsOnlyWithPartnerCountryAndConsent(t *testing.T) {
	for name, test := range map[string]struct {
		country string
		consent bool
		asked   string
		want    bool
	}{
		"same country, consent":    {"GH", true, "GH", true},
		"same country, no consent": {"GH", false, "GH", false},
		"another country":          {"SN", true, "GH", false},
		"no country named":         {"GH", true, "", false},
		"no country known":         {"", true, "", false},
	} {
		d := newDesk(t)
		d.exec(`UPDATE advisors SET origin_country = $2, origin_consent = $3 WHERE person_id = $1`, d.people["amina"], test.country, test.consent)
		candidates, err := d.store.Candidates(d.ctx, d.consultation, store.Need{PartnerCountry: test.asked}, monday)
		d.must(err)
		i := slices.IndexFunc(candidates, func(c store.Candidate) bool { return c.ID == d.people["amina"] })
		if candidates[i].FromPartnerCountry != test.want {
			t.Errorf("%s: %v", name, candidates[i].FromPartnerCountry)
		}
	}
}

func TestCandidatesTellTheirLatestInvitation(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.AnswerInvitation, advisory.Advisor, "amina"))
	d.write(advisory.Entry{Close: advisory.TaskID(d.consultation, 1), State: advisory.Lapsed})
	d.writeAt(monday.AddDate(0, 0, 8), d.opens(2, advisory.AnswerInvitation, advisory.Advisor, "amina"))
	candidates, err := d.store.Candidates(d.ctx, d.consultation, store.Need{}, monday)
	d.must(err)
	states := map[string]string{}
	for _, candidate := range candidates {
		states[candidate.FirstName] = candidate.Invitation
	}
	if states["amina"] != "open" || states["joseph"] != "" {
		t.Errorf("invitations %v", states)
	}
}
