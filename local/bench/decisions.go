package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"miglobe/local/product"
)

const (
	sideBySide = 16

	mostRounds = 4
	enoughTime = 100 * time.Second

	slowerGoal     = 1.3
	throughputGoal = 0.85
	regularGoal    = 2.0
)

// A contender is one way to settle what a journey asks for. It plays journeys of the same number of decisions.
type contender interface {
	// begin starts a journey for one of the places that are played at once. What it does is not measured.
	begin(ctx context.Context, place int) error
	// prepare gets ready for the next decision of the journey and returns what settles it, which is measured. It returns nil
	// where the journey has ended.
	prepare(ctx context.Context, place int) (decide func(context.Context) error, err error)
}

// figures are what is measured of a contender.
type figures struct {
	name      string
	contender contender
	alone     timing        // one decision at a time
	together  timing        // sixteen at the same moment, again and again
	processor time.Duration // used while sixteen decide
}

// each is the processor time of one decision.
func (f *figures) each() time.Duration {
	return f.processor / time.Duration(max(len(f.together.each), 1))
}

// measureDecisions plays journeys on the bare engine and over the pages, in turns.
func measureDecisions(ctx context.Context, options Options) (result Result, err error) {
	around, err := setUp(ctx)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, around.tearDown()) }()
	running, err := around.openProduct(ctx)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, running.Stop()) }()
	if err := errors.Join(running.Serve(), running.StartWorker()); err != nil {
		return result, err
	}
	bare, stop, err := startBare(running.Engine)
	if err != nil {
		return result, err
	}
	defer stop()
	people, err := openPeople(ctx, running)
	if err != nil {
		return result, err
	}
	all := []*figures{
		{name: "bare engine, local activity (a)", contender: bare.with(localActivity)},
		{name: "bare engine, regular activity (b)", contender: bare.with(regularActivity)},
		{name: "MiGlobe over HTTP, everything on (c)", contender: people},
	}
	began := time.Now()
	for round := range 1 + options.size(mostRounds, 1) {
		if round > 1 && time.Since(began) > enoughTime {
			break
		}
		if round == 1 { // the first was to warm up
			for _, f := range all {
				f.alone, f.together, f.processor = timing{}, timing{}, 0
			}
			people.pages = timing{}
		}
		for _, f := range all {
			if err := f.playAlone(ctx, options.size(3, 1)); err != nil {
				return result, fmt.Errorf("%s: %w", f.name, err)
			}
			if err := f.playTogether(ctx, around); err != nil {
				return result, fmt.Errorf("%s: %w", f.name, err)
			}
		}
	}
	return compareDecisions(ctx, running, around, all, people)
}

// playAlone plays journeys, one decision at a time.
func (f *figures) playAlone(ctx context.Context, journeys int) error {
	for range journeys {
		if err := f.contender.begin(ctx, 0); err != nil {
			return err
		}
		for {
			decide, err := f.contender.prepare(ctx, 0)
			if err != nil {
				return err
			}
			if decide == nil {
				break
			}
			if err := f.alone.span(func() error { return f.alone.time(func() error { return decide(ctx) }) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// playTogether plays journeys side by side: everybody gets ready, then all decide at the same moment.
func (f *figures) playTogether(ctx context.Context, around *surroundings) error {
	if err := together(ctx, sideBySide, f.contender.begin); err != nil {
		return err
	}
	for {
		deciding := make([]func(context.Context) error, sideBySide)
		err := together(ctx, sideBySide, func(ctx context.Context, place int) (err error) {
			deciding[place], err = f.contender.prepare(ctx, place)
			return err
		})
		if err != nil {
			return err
		}
		deciding = slices.DeleteFunc(deciding, func(decide func(context.Context) error) bool { return decide == nil })
		if len(deciding) < sideBySide {
			return nil
		}
		before := around.processor()
		if err := f.together.span(func() error {
			return together(ctx, sideBySide, func(ctx context.Context, place int) error {
				return f.together.time(func() error { return deciding[place](ctx) })
			})
		}); err != nil {
			return err
		}
		f.processor += around.processor() - before
	}
}

func compareDecisions(ctx context.Context, running *product.Product, around *surroundings, all []*figures, people *people) (Result, error) {
	local, regular, own := all[0], all[1], all[2]
	engine, err := around.database("temporal")
	if err != nil {
		return Result{}, err
	}
	defer engine.Close()
	journeys := Table{Head: []string{"a journey of " + strconv.Itoa(decisionsPerJourney) + " decisions", "history events", "bytes of history"}}
	for _, f := range all {
		events, bytes, err := sizeOfJourney(ctx, engine, f)
		if err != nil {
			return Result{}, err
		}
		journeys.Rows = append(journeys.Rows, []string{f.name, strconv.FormatInt(events, 10), strconv.FormatInt(bytes, 10)})
	}
	speeds := Table{Head: []string{"", "one at a time: p50", "p99", "decisions/s", strconv.Itoa(sideBySide) + " at a time: p50", "p99", "decisions/s", "processor a decision"}}
	for _, f := range all {
		speeds.Rows = append(speeds.Rows, []string{f.name, ms(f.alone.p50()), ms(f.alone.p99()), rate(f.alone.perSecond()),
			ms(f.together.p50()), ms(f.together.p99()), rate(f.together.perSecond()), ms(f.each())})
	}
	speeds.Rows = append(speeds.Rows, []string{"the page of the next task, before the decision", ms(people.pages.p50()), ms(people.pages.p99()), "", "", "", "", ""})
	write, err := forcedWrite(ctx, running.Store.DB())
	if err != nil {
		return Result{}, err
	}
	slower := float64(own.alone.p50()) / float64(local.alone.p50())
	besideLocal := own.together.perSecond() / local.together.perSecond()
	besideRegular := own.together.perSecond() / regular.together.perSecond()
	return Result{
		Goals: []Goal{
			{Measure: "a decision over HTTP beside the bare engine, p50", Value: fmt.Sprintf("%.2f ×", slower),
				Wanted: fmt.Sprintf("≤ %.1f × (a)", slowerGoal), Met: slower <= slowerGoal,
				Reason: fmt.Sprintf("journal and step wait for the disk, %s each, beside the engine; session, rights, form, the statements of journal "+
					"and step, the events of the timer and the mails of a decision take %s of processor", ms(write), ms(own.each()-local.each()))},
			{Measure: "decisions a second, 16 at a time", Value: fmt.Sprintf("%.2f ×", besideLocal),
				Wanted: fmt.Sprintf("≥ %.2f × (a)", throughputGoal), Met: besideLocal >= throughputGoal,
				Reason: fmt.Sprintf("the cores are the limit: a decision with its page, journal, step, history and mails takes %s of processor, (a) %s", ms(own.each()), ms(local.each()))},
			{Measure: "decisions a second, 16 at a time, beside regular activities", Value: fmt.Sprintf("%.2f ×", besideRegular),
				Wanted: fmt.Sprintf("≥ %.0f × (b)", regularGoal), Met: besideRegular >= regularGoal,
				Reason: fmt.Sprintf("(a) itself has %s (b): %s of processor a decision, (b) %s", times(local.together.perSecond(), regular.together.perSecond()), ms(local.each()), ms(regular.each()))},
		},
		Tables: []Table{speeds, journeys},
		Notes: []string{"A decision over HTTP is the POST of the product's form until its redirect: session, rights, form, journal row, " +
			"Update, step in one transaction. The worker sends the mails of the journey meanwhile. The bare workflow takes an Update and " +
			"runs an activity that does nothing."},
	}, nil
}

// sizeOfJourney reads what the engine keeps of the journeys that a contender has played, on average.
func sizeOfJourney(ctx context.Context, engine *sql.DB, f *figures) (events, bytes int64, err error) {
	namer := f.contender.(interface{ workflows() []string })
	return historyOf(ctx, engine, namer.workflows())
}
