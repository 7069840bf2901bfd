package workflows_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

var (
	firstSeed = flag.Uint64("seed", 1, "seed of the first random sequence")
	sequences = flag.Int("sequences", 300, "how many random sequences are played")
)

// TestRandomSequences plays what nobody thought of: allowed and forbidden inputs of all roles in any order, hours and
// months between them or none, at the very instant of a deadline, delivered twice, with the database away. After every
// move the rules of watch_test.go hold. A sequence is its seed: `go test ./workflows -run RandomSequences -seed 7
// -sequences 1 -v` plays the same one again and tells it.
func TestRandomSequences(t *testing.T) {
	t.Logf("seeds %d to %d", *firstSeed, *firstSeed+uint64(*sequences)-1)
	inputs, renewed := 0, 0
	for i := range *sequences {
		q := newSequence(t, *firstSeed+uint64(i))
		q.play()
		inputs += len(q.played)
		renewed += q.renewed
		if len(q.world.broken) > 0 {
			t.Errorf("seed %d:\n%s", q.seed, q.tell())
		} else if *sequences == 1 {
			t.Log(q.tell())
		}
	}
	if renewed == 0 && *sequences >= 100 {
		t.Error("no history was continued as new")
	}
	t.Logf("%d inputs, %d times continued as new", inputs, renewed)
}

// sequence is one random journey.
type sequence struct {
	*journey
	seed    uint64
	rng     *rand.Rand
	first   advisory.Journey
	moves   int // still to play before it is brought to its end
	looks   int
	renews  bool // the history is continued as new between the stages
	renewed int
	temper  temper
	played  []*played
	alone   bool // nothing else is said at the same moment, and the database is there
}

// temper is how likely what is: some sequences are busy, in others months pass without a word.
type temper struct{ settle, deed, odd, outage, quiet int }

// played is an input, what the world knew when it was said, and what came of it.
type played struct {
	advisory.Input
	at        time.Time
	reply     *reply
	expected  string // "refused", "applied" or "" where both are right
	delivered int
	resting   bool
	withdrawn bool
}

func newSequence(t *testing.T, seed uint64) *sequence {
	q := &sequence{journey: newJourney(t), seed: seed, rng: rand.New(rand.NewPCG(seed, 2026))}
	q.first = advisory.Journey{ConsultationID: consultationID}
	if stages := advisory.Stages[1:9]; q.rng.IntN(4) > 0 {
		q.first.Stage = stages[1+q.rng.IntN(len(stages)-1)]
		q.first.Coordinator = "kim"
		q.world.coordinator = "kim"
		q.world.stage = q.first.Stage
	}
	if i := slices.Index(advisory.Stages, q.first.Stage); i >= slices.Index(advisory.Stages, advisory.Opening) {
		q.first.Advisors = []string{"amina", "joseph", "ruth"}[:1+q.rng.IntN(3)]
		q.first.Lead = "amina"
		q.world.advisors, q.world.lead = q.first.Advisors, q.first.Lead
	}
	q.moves = 5 + q.rng.IntN(50)
	if q.rng.IntN(10) == 0 {
		q.moves *= 4
	}
	q.world.latency = one(q, 0, 10*time.Millisecond, 2*time.Second)
	q.temper = temper{settle: 10 + q.rng.IntN(60), deed: q.rng.IntN(40), odd: q.rng.IntN(8), outage: q.rng.IntN(5), quiet: 5 + q.rng.IntN(40)}
	return q
}

func (q *sequence) play() {
	defer func() {
		if cause := recover(); cause != nil { // a follow-up cannot be cancelled where a rule was broken
			q.world.fault("%v", cause)
		}
	}()
	q.renews = q.rng.IntN(3) == 0
	for journey := q.first; ; q.journey.begin(q.world.now()) {
		q.at(time.Second+q.delay(), q.look)
		q.at(time.Millisecond, q.deliverAgain)
		q.start(journey)
		var renewed *workflow.ContinueAsNewError
		if !errors.As(q.env.GetWorkflowError(), &renewed) {
			break
		}
		journey = advisory.Journey{}
		if err := converter.GetDefaultDataConverter().FromPayloads(renewed.Input, &journey); err != nil {
			q.world.fault("%v", err)
		}
		q.renewed++
	}
	if len(q.world.broken) > 0 {
		return
	}
	if err := q.env.GetWorkflowError(); err != nil {
		q.world.fault("workflow: %v", err)
	}
	if !q.world.ended() {
		q.world.fault("not ended")
	}
	q.world.check()
}

// deliverAgain does what the relay does with an input that nobody has taken.
func (q *sequence) deliverAgain() {
	for _, p := range q.played {
		if !p.reply.settled && p.reply.err == nil {
			p.reply, p.expected = q.input(p.Input), ""
		}
	}
}

// look checks the world, plays a move and plans the next one.
func (q *sequence) look() {
	q.looks++
	q.env.SetContinueAsNewSuggested(q.renews) // not before: a young history is not renewed
	q.alone = q.world.writing == 0 && !q.world.now().Before(q.world.away)
	if q.alone {
		q.world.check()
		q.checkInputs()
	}
	q.alone = q.alone && !q.world.instant()
	if len(q.world.broken) > 0 || q.looks > 3000 {
		if q.looks > 3000 {
			q.world.fault("does not come to an end")
		}
		q.env.CancelWorkflow()
		return
	}
	if q.world.ended() {
		return
	}
	for next := true; next; next = q.rng.IntN(8) == 0 {
		if q.moves--; q.moves > 0 {
			q.move()
		} else {
			q.finish()
		}
		q.alone = false
	}
	q.world.vary(q.rng)
	q.at(q.delay(), q.look)
}

// checkInputs: what was said has had its one effect or none, and did what the world led one to expect.
func (q *sequence) checkInputs() {
	for _, p := range q.played {
		refused := p.reply.err != nil
		steps := q.world.applied[p.ID]
		switch {
		case !p.reply.settled && !refused:
			q.world.fault("no answer to %s of %v", p.Kind, p.at)
		case refused && len(steps) > 0:
			q.world.fault("%s was refused and applied in %v: %v", p.Kind, steps, p.reply.err)
		case p.reply.settled && len(steps) != 1:
			q.world.fault("%s %s was applied in steps %v", p.Kind, p.Choice, steps)
		case p.expected == "refused" && !refused || p.expected == "applied" && refused:
			q.world.fault("%s %s should be %s: %+v %v", p.Kind, p.Choice, p.expected, p.Input, p.reply.err)
		}
	}
}

// delay is how long nobody says anything: often until the very moment at which something happens.
func (q *sequence) delay() time.Duration {
	now := q.world.now()
	switch n := q.rng.IntN(100); {
	case n < 10:
		return time.Millisecond + time.Duration(q.rng.Int64N(int64(2*q.world.latency)+1)) // the step before may still be on its way
	case n < 30:
		return time.Duration(1+q.rng.IntN(90)) * time.Minute
	case n < 45:
		return time.Duration(1+q.rng.IntN(72)) * time.Hour
	case n < 80:
		if ahead := q.world.ahead(); len(ahead) > 0 {
			at := ahead[min(q.rng.IntN(len(ahead)), q.rng.IntN(len(ahead)))]
			return max(at.Add(time.Duration(q.rng.IntN(3)-1)*time.Second*time.Duration(q.rng.IntN(2))).Sub(now), time.Second)
		}
		return time.Hour
	case n < 95:
		return time.Duration(1+q.rng.IntN(12)) * 24 * time.Hour
	default:
		return time.Duration(10+q.rng.IntN(60)) * 24 * time.Hour
	}
}

// ahead are the moments that the world knows of, in their order.
func (w *world) ahead() (moments []time.Time) {
	for _, t := range w.open() {
		for _, press := range t.dates.Presses {
			moments = append(moments, press.At)
		}
	}
	for _, s := range w.sessions {
		if s.state == advisory.Scheduled {
			moments = append(append(moments, s.date.Reminders...), s.date.EndsAt)
		}
	}
	if w.resting {
		moments = append(moments, w.restPlan.AskAt, w.restPlan.ResumeAt)
	}
	if w.withdrawn {
		moments = append(moments, w.undoUntil)
	}
	moments = slices.DeleteFunc(moments, func(at time.Time) bool { return at.Before(w.now()) })
	slices.SortFunc(moments, time.Time.Compare)
	return moments
}

// instant tells whether something is about to happen at this very moment.
func (w *world) instant() bool { return slices.ContainsFunc(w.ahead(), w.now().Equal) }

// vary gives the next appointment and the next rest another length.
func (w *world) vary(rng *rand.Rand) {
	w.meeting = time.Duration(2+rng.IntN(20*24)) * time.Hour
	w.pause = time.Duration(1+rng.IntN(120*24)) * time.Hour
}

// tell is the sequence for people: what was said, and what broke.
func (q *sequence) tell() string {
	out := fmt.Sprintf("begins with %+v\n", q.first)
	for _, p := range q.played {
		in, _ := json.Marshal(p.Input)
		out += fmt.Sprintf("%s %s -> settled %t, refusal %q %v (resting %t, withdrawn %t, delivered %d times)\n",
			p.at.In(advisory.Berlin).Format(time.DateTime), in, p.reply.settled, refusalOf(p.reply), p.reply.err, p.resting, p.withdrawn, p.delivered)
	}
	for _, m := range q.world.entries {
		entry, _ := json.Marshal(m.Entry)
		out += fmt.Sprintf("%s step %d %s\n", m.at.In(advisory.Berlin).Format(time.DateTime), m.step, entry)
	}
	for _, fault := range q.world.broken {
		out += "BROKEN " + fault + "\n"
	}
	return out
}

func (q *sequence) say(in advisory.Input) {
	var id [16]byte
	for i := range id {
		id[i] = byte(q.rng.UintN(256))
	}
	in.ID = uuid.UUID(id).String()
	p := &played{Input: in, at: q.world.now(), delivered: 1, resting: q.world.resting, withdrawn: q.world.withdrawn}
	if q.alone {
		p.expected = q.world.expect(in)
	}
	p.reply = q.input(in)
	q.played = append(q.played, p)
}

func one[T any](q *sequence, of ...T) T { return of[q.rng.IntN(len(of))] }
