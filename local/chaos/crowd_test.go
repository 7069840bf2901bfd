package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/local/robot"
	"miglobe/store"
)

// crowd is everybody who works with the house: each with a browser of their own.
type crowd struct {
	*house
	ledger     *ledger
	choices    map[advisory.TaskKind]odds
	calm       bool // no new requests and nothing unasked: everything comes to its end
	mostOpen   int  // consultations under way at a time
	goal       int64
	sent       atomic.Int64
	troubles   *troubles
	mu         sync.Mutex
	browsers   map[string]*browser
	staff      []string
	filed      atomic.Int64
	filing     atomic.Int32
	nextClient atomic.Int32
	caught     struct{ all, repeated int }
}

// browser is one person's. Two hands of the same person wait for each other.
type browser struct {
	sync.Mutex
	visitor  *robot.Visitor
	signedIn bool
}

// openTask is what somebody owes.
type openTask struct {
	ID           string            `db:"id"`
	Consultation string            `db:"consultation_id"`
	Number       string            `db:"number"`
	Kind         advisory.TaskKind `db:"kind"`
	Role         advisory.Role     `db:"owner_role"`
	Owner        *string           `db:"owner_id"`
	Not          *string           `db:"not_id"`
	Land         advisory.Land     `db:"land"`
}

func newCrowd(h *house, goal, mostOpen int) *crowd {
	h.Helper()
	c := &crowd{
		house: h, ledger: &ledger{}, choices: inTheStorm, mostOpen: mostOpen, goal: int64(goal), troubles: &troubles{},
		browsers: map[string]*browser{},
	}
	for i := range 26 {
		role := advisory.Advisor
		switch {
		case i < 4:
			role = advisory.Coordinator
		case i < 6:
			role = advisory.LeadCoordinator
		}
		id, err := h.store.SavePerson(h.Context(), store.Person{
			Email: fmt.Sprintf("%s-%d@demo.example", role, i), Role: role, FirstName: "Probe", LastName: fmt.Sprint(role, i), Active: true,
		})
		h.must(err)
		if role != advisory.Advisor {
			c.staff = append(c.staff, id)
			continue
		}
		h.must(h.store.SaveAdvisorProfile(h.Context(), store.AdvisorProfile{
			PersonID: id, Topics: advisory.DefaultProgramme().Topics, Languages: []string{"german"}, Home: "Musterhausen", Capacity: 3,
			MeetingFormat: "either", Language: "de", MailRhythm: []string{"immediately", "daily_digest"}[i%2],
		}))
	}
	return c
}

// work lets some hands do what is owed until enough was sent, or ctx ends.
func (c *crowd) work(ctx context.Context, seed uint64, hands int, enough func() bool) {
	var all sync.WaitGroup
	for hand := range hands {
		dice := rand.New(rand.NewPCG(seed, uint64(hand)))
		all.Go(func() {
			for ctx.Err() == nil && !enough() {
				if !c.act(ctx, dice) {
					time.Sleep(20 * time.Millisecond) // nothing to do, or the house is away
				}
			}
		})
	}
	all.Wait()
}

// act does one thing that is owed, or that nobody asked for. It tells whether something was sent.
func (c *crowd) act(ctx context.Context, dice *rand.Rand) bool {
	switch {
	case !c.calm && c.filing.Load() < 3 && c.underWay(ctx)+int(c.filing.Load()) < c.mostOpen:
		return c.file(ctx, dice)
	case dice.IntN(100) < 7*c.wildness():
		return c.takeInitiative(ctx, dice)
	case c.calm && dice.IntN(10) == 0:
		return c.endRest(ctx, dice)
	}
	return c.settle(ctx, dice)
}

func (c *crowd) underWay(ctx context.Context) int {
	n := c.mostOpen // where nobody can tell, nobody files
	_ = c.store.DB().QueryRowContext(ctx, `SELECT count(*) FROM consultations WHERE outcome = ''`).Scan(&n)
	return n
}

// browser is the one of a person, signed in.
func (c *crowd) browser(ctx context.Context, person string) (*browser, error) {
	c.mu.Lock()
	b, ok := c.browsers[person]
	if !ok {
		b = &browser{visitor: c.newVisitor()}
		c.browsers[person] = b
	}
	c.mu.Unlock()
	b.Lock()
	if b.signedIn {
		return b, nil
	}
	token, _, err := c.store.IssueSignInLink(ctx, person, 15*time.Minute)
	if err == nil {
		err = b.visitor.SignIn(ctx, token)
	}
	if err != nil {
		b.Unlock()
		return nil, err
	}
	b.signedIn = true
	return b, nil
}

// newVisitor has an address of its own on loopback: the limits of one address are not what is rehearsed here.
func (c *crowd) newVisitor() *robot.Visitor {
	n := c.nextClient.Add(1)
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1+byte(n/250), 1+byte(n%250))}}
	visitor, err := robot.NewVisitor(c.site(), &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", c.sitePort))
	}})
	if err != nil {
		panic(err) // the address of the site is ours
	}
	return visitor
}

const (
	// neglects is the share of the tasks that nobody settles in time: one of so many. They are reminded of, passed on, or lapse.
	neglects = 12
	// neglected is how many days later somebody settles them all the same.
	neglected = 9
)

// settle takes any open task and lets somebody who may settle it do so; now and then two at once.
func (c *crowd) settle(ctx context.Context, dice *rand.Rand) bool {
	var t openTask
	err := c.store.DB().QueryRowContext(ctx, `
		SELECT t.id, t.consultation_id, c.number, t.kind, t.owner_role, t.owner_id, t.not_id, c.land
		FROM tasks t JOIN consultations c ON c.id = t.consultation_id
		WHERE t.state = 'open' AND (t.opened_at < $1 OR hashtext(t.id) % $2 <> 0) ORDER BY random() LIMIT 1`,
		c.now().AddDate(0, 0, -neglected), neglects).
		Scan(&t.ID, &t.Consultation, &t.Number, &t.Kind, &t.Role, &t.Owner, &t.Not, &t.Land)
	if err != nil {
		return false
	}
	person, ok := c.whoSettles(ctx, dice, t)
	if !ok {
		return false
	}
	w := c.answer(dice, t)
	said := entry{Task: t.ID, Consultation: t.Consultation, What: string(t.Kind)}
	if dice.IntN(100) >= 6*c.wildness() {
		return c.settleBy(ctx, person, said, w)
	}
	var both sync.WaitGroup
	both.Go(func() { c.settleBy(ctx, person, said, w) })
	if other, ok := c.whoSettles(ctx, dice, t); ok && other != person {
		c.settleBy(ctx, other, said, w)
	}
	both.Wait()
	return true
}

func (c *crowd) settleBy(ctx context.Context, person string, said entry, w robot.Writer) bool {
	said.Person = person
	return c.send(ctx, said, func(v *robot.Visitor) (*robot.Form, error) { return v.PrepareTask(ctx, said.Task, w) })
}

func (c *crowd) whoSettles(ctx context.Context, dice *rand.Rand, t openTask) (string, bool) {
	staff := c.staff[dice.IntN(len(c.staff))]
	switch {
	case t.Owner != nil && !t.Role.Coordinates():
		return *t.Owner, true
	case t.Owner != nil && dice.IntN(10) > 0:
		return *t.Owner, true
	case t.Role.Coordinates(), dice.IntN(100) < 6: // by telephone
		return staff, t.Not == nil || *t.Not != staff
	}
	var contact string
	err := c.store.DB().QueryRowContext(ctx, `SELECT person_id FROM contacts WHERE consultation_id = $1 AND confirmed_at IS NOT NULL LIMIT 1`,
		t.Consultation).Scan(&contact)
	return contact, err == nil
}

// send lets a person prepare and send a form, and notes what the person was told. Who got no answer sends it again.
func (c *crowd) send(ctx context.Context, said entry, prepare func(*robot.Visitor) (*robot.Form, error)) bool {
	b, err := c.browser(ctx, said.Person)
	if err != nil {
		return false
	}
	defer b.Unlock()
	f, err := prepare(b.visitor)
	if err != nil {
		if errors.Is(err, robot.ErrNoForm) { // not only that the house is away, or somebody was faster
			c.troubles.note("no form", said.What, err.Error())
		}
		return false
	}
	answer, err := b.visitor.Send(ctx, f)
	said.Told = answer.Told()
	if err != nil {
		said.Told = silence
	}
	if said.Told == robot.Corrected {
		c.troubles.note("corrected", said.What, b.visitor.Explain(answer))
		return false
	}
	c.ledger.write(said)
	c.sent.Add(1)
	return true
}

// file lets a new municipality write a request.
func (c *crowd) file(ctx context.Context, dice *rand.Rand) bool {
	c.filing.Add(1)
	defer c.filing.Add(-1)
	n := c.filed.Add(1)
	email := fmt.Sprintf("kommune-%d-%s@demo.example", n, uuid.NewString()[:8])
	w := robot.Writer{Words: fmt.Sprintf("Musterhausen %d", n), Wishes: map[string]string{
		"leer": "", "email": email, "land": []string{"NW", "BY", "HE", "SN"}[dice.IntN(4)], "earlier_number": "", "earlier_consultation": "no",
		"second_contact_email": "", "partner_country": "", "phone": "",
	}}
	answer, err := c.newVisitor().FileRequest(ctx, w, func(ctx context.Context) (string, error) { return c.confirmation(ctx, email) })
	switch {
	case err != nil:
		return false
	case answer.Told() == robot.Corrected:
		c.troubles.note("corrected", "request", fmt.Sprint(answer.Status))
		return false
	}
	c.ledger.write(entry{What: "request", Person: email, Told: answer.Told()})
	c.sent.Add(1)
	return true
}
