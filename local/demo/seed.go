package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"golang.org/x/sync/errgroup"

	"miglobe/advisory"
	"miglobe/inbox"
	"miglobe/store"
	"miglobe/texts"
	"miglobe/workflows"
)

// parallel consultations while the demo is filled.
const parallel = 4

// Product is what the demo is put into. No worker runs while Seed does.
type Product struct {
	Store  *store.Store
	Engine client.Client
	Inbox  *inbox.Inbox
	Texts  *texts.Catalog
	Clock  advisory.Clock
}

// seeder is one run of Seed.
type seeder struct {
	store    *store.Store
	inbox    *inbox.Inbox
	texts    *texts.Catalog
	clock    advisory.Clock
	timeline *timeline
	ids      map[string]string // person by address
}

// Seed brings the demo's people and consultations into the product. What is there already is left as it is, so that
// it may be called at every start.
func Seed(ctx context.Context, product Product) error {
	s := &seeder{
		store: product.Store, inbox: product.Inbox, texts: product.Texts, clock: product.Clock,
		timeline: newTimeline(product.Store, product.Clock), ids: map[string]string{},
	}
	if err := s.addPeople(ctx); err != nil {
		return fmt.Errorf("demo: people: %w", err)
	}
	missing, err := s.missing(ctx)
	if err != nil || len(missing) == 0 {
		return err
	}
	engine := worker.New(product.Engine, advisory.TaskQueue, worker.Options{})
	s.register(engine)
	if err := engine.Start(); err != nil {
		return fmt.Errorf("demo: worker: %w", err)
	}
	defer engine.Stop()
	return s.playAll(ctx, missing)
}

// register hosts the journey on the timeline instead of the clock.
func (s *seeder) register(registry worker.Registry) {
	registry.RegisterWorkflowWithOptions(workflows.Consultation, workflow.RegisterOptions{Name: advisory.ConsultationWorkflow})
	registry.RegisterWorkflowWithOptions(workflows.FollowUp, workflow.RegisterOptions{Name: advisory.FollowUpWorkflow})
	registry.RegisterActivityWithOptions(s.timeline.WriteStep, activity.RegisterOptions{Name: "WriteStep"})
}

// playAll sends the requests in the order of their days, so that their numbers rise with them, and then plays several
// consultations at once.
func (s *seeder) playAll(ctx context.Context, missing []plan) error {
	now := s.clock.Now()
	slices.SortStableFunc(missing, func(a, b plan) int { return a.sentAt(now).Compare(b.sentAt(now)) })
	var drives []*drive
	for _, p := range missing {
		d, err := s.send(ctx, p)
		if err != nil {
			return fmt.Errorf("demo: send %s: %w", p.request, err)
		}
		drives = append(drives, d)
	}
	if len(missing) == len(plans) {
		if err := s.begin(ctx); err != nil {
			return fmt.Errorf("demo: draft: %w", err)
		}
		if err := s.goAway(ctx); err != nil {
			return fmt.Errorf("demo: absence: %w", err)
		}
	}
	relaying, stop := context.WithCancel(ctx)
	var relay errgroup.Group
	relay.Go(func() error { return s.inbox.Relay(relaying) })
	var players errgroup.Group
	players.SetLimit(parallel)
	for _, d := range drives {
		players.Go(func() error { return d.run(ctx) })
	}
	err := players.Wait()
	stop()
	if relayErr := relay.Wait(); !errors.Is(relayErr, context.Canceled) {
		err = errors.Join(err, relayErr)
	}
	return err
}

// goAway lets one advisor be absent with a deputy for two weeks.
func (s *seeder) goAway(ctx context.Context) error {
	today := advisory.Midnight(s.clock.Now())
	return s.store.EnterAbsence(ctx, advisory.Absence{
		Person: s.ids[advisors[18].email()], Deputy: s.ids[advisors[19].email()], From: today, Until: today.AddDate(0, 0, 14),
	})
}

// addPeople adds everybody who is not there yet; whom somebody has changed stays changed.
func (s *seeder) addPeople(ctx context.Context) error {
	for _, a := range advisors {
		profile := store.AdvisorProfile{
			About: a.about, Topics: a.topics, Competences: a.competences, Languages: a.languages, OtherLanguage: a.otherLanguage,
			Home: a.home, Capacity: a.capacity, MeetingFormat: a.format, OriginCountry: a.origin, OriginConsent: a.originConsent,
			Language: string(texts.German), MailRhythm: "immediately",
		}
		person := store.Person{Email: a.email(), Role: advisory.Advisor, Salutation: a.salutation, FirstName: a.first, LastName: a.last}
		added, err := s.addPerson(ctx, person)
		if err != nil {
			return err
		}
		if profile.PersonID = s.ids[a.email()]; added {
			if err := s.store.SaveAdvisorProfile(ctx, profile); err != nil {
				return err
			}
		}
	}
	for _, a := range staff {
		person := store.Person{Email: a.email(), Role: a.role, Salutation: a.salutation, FirstName: a.first, LastName: a.last, Function: a.function}
		if _, err := s.addPerson(ctx, person); err != nil {
			return err
		}
	}
	for _, c := range contacts {
		person := store.Person{
			Email: c.email(), Role: advisory.Municipality, Salutation: c.salutation, FirstName: c.first, LastName: c.last, Function: c.function,
		}
		if _, err := s.addPerson(ctx, person); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) addPerson(ctx context.Context, person store.Person) (added bool, err error) {
	known, err := s.store.PersonByEmail(ctx, person.Email)
	if err == nil {
		s.ids[person.Email] = known.ID
		return false, nil
	}
	if advisory.CodeOf(err) != advisory.NotFound {
		return false, err
	}
	person.Active, person.Demo, person.Language = true, true, string(texts.German)
	s.ids[person.Email], err = s.store.SavePerson(ctx, person)
	return err == nil, err
}

// missing are the plans whose consultation is not there yet.
func (s *seeder) missing(ctx context.Context) ([]plan, error) {
	var missing []plan
	for _, p := range plans {
		r := requests[p.request]
		there, err := s.isThere(ctx, s.ids[contacts[r.contact].email()], r.subject)
		if err != nil {
			return nil, fmt.Errorf("demo: %w", err)
		}
		if !there {
			missing = append(missing, p)
		}
	}
	return missing, nil
}

func (s *seeder) isThere(ctx context.Context, personID, subject string) (bool, error) {
	for page, seen := 1, 0; ; page++ {
		consultations, total, err := s.store.ConsultationsOfPerson(ctx, personID, s.clock.Now(), page)
		if err != nil {
			return false, err
		}
		for _, consultation := range consultations {
			if consultation.Subject == subject {
				return true, nil
			}
		}
		if seen += len(consultations); seen >= total || len(consultations) == 0 {
			return false, nil
		}
	}
}
