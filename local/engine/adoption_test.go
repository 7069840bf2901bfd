package engine_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
)

// moreTimeFor keeps a version of the programme that gives three working days more for a task of the coordinator.
func (c *consultation) moreTimeFor(kind advisory.TaskKind) (version int) {
	c.Helper()
	p, err := app.Store.Programme(c.ctx)
	c.must(err)
	for i, rule := range p.Tasks {
		if rule.Kind == kind {
			p.Tasks[i].Due, p.Tasks[i].Reminders = rule.Due+3, []int{rule.Due + 2}
			p.Tasks[i].Escalations = []advisory.Escalation{{After: rule.Due + 5, Then: advisory.PassOn, To: advisory.ToLead}}
		}
	}
	version, err = app.Store.AddProgramme(c.ctx, p, c.people["kim"], "")
	c.must(err)
	return version
}

func TestARunningConsultationAdoptsANewProgramme(t *testing.T) {
	c := newConsultation(t)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	review := c.open(advisory.ReviewRequest)
	version := c.moreTimeFor(advisory.ReviewRequest)
	follow := func(in *advisory.Input) { in.Version = version }
	c.tell(advisory.AdoptProgramme, "kim", nil, follow)
	if later := c.open(advisory.ReviewRequest); !later.DueOn.After(review.DueOn) {
		t.Errorf("due on %v, before on %v", later.DueOn, review.DueOn)
	}
	again := advisory.Input{ID: uuid.NewString(), Kind: advisory.AdoptProgramme, Actor: c.people["kim"], Version: version}
	_, err := app.Inbox.Submit(c.ctx, store.NewInput{ConsultationID: c.id, Message: again, EnteredAt: app.Clock.Now()})
	var refused *inbox.Refused
	if !errors.As(err, &refused) || refused.Reason != advisory.AlreadyAdopted {
		t.Errorf("once more: %v", err)
	}
	journaled, _, err := app.Store.JournalAdoptions(c.ctx, version, c.people["kim"], app.Clock.Now())
	c.must(err)
	c.eventually("what was said together", func() bool {
		progress, err := app.Store.AdoptionProgress(c.ctx, version)
		c.must(err)
		return progress.Waiting == 0 && progress.Adopted+len(progress.Refused) >= 1+min(journaled, 50)
	})
	c.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	c.proven("programme")
}
