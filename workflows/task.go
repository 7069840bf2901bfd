package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// task is the human task: somebody owes something until a date. It is opened by open, waited for by first, pressed by
// the clock, frozen while the consultation rests, and leaves advisory.Open exactly once.
type task struct {
	advisory.OpenTask
	state     advisory.TaskState
	schedule  advisory.Schedule // what is still ahead, in real time
	pressed   int               // how much of it has happened
	said      advisory.Input    // what settled it
	concerns  *task             // call_participants: the task that stays open
	desk      bool              // answer_rest_question: the coordinator has to decide
	announced bool              // it stands in the database
}

// answer is how a task ended: settled with a choice, or lapsed without one.
type answer struct {
	Kind     advisory.TaskKind
	Choice   advisory.Choice
	Actor    string   // who entered it
	Advisors []string // choose_advisors
	Lead     string   // choose_advisors
	Enough   bool     // write_note: the sessions are done
	task     string
	input    string
	lapsed   bool
}

// about refines what a task is about.
type about func(*task)

func session(number int) about   { return func(t *task) { t.Session = number } }
func version(number int) about   { return func(t *task) { t.Version = number } }
func not(person string) about    { return func(t *task) { t.Not = person } }
func person(person string) about { return func(t *task) { t.About = person } }
func concerning(other *task) about {
	return func(t *task) { t.concerns, t.Session, t.Version = other, other.Session, other.Version }
}

// ask opens a task and waits until it is settled or lapsed. The error says that the journey ends.
func (c *consultation) ask(ctx workflow.Context, kind advisory.TaskKind, owner advisory.Owner, abouts ...about) (answer, error) {
	return c.first(ctx, c.open(kind, owner, abouts...))
}

// askUnless asks as long as it is not over otherwise; then the task is not needed any more, and settled is false.
func (c *consultation) askUnless(ctx workflow.Context, over func() bool, kind advisory.TaskKind, owner advisory.Owner,
	abouts ...about) (said answer, settled bool, err error) {
	t := c.open(kind, owner, abouts...)
	said, settled, err = c.firstUnless(ctx, over, func() []*task { return []*task{t} })
	if err == nil && !settled {
		c.drop(t)
	}
	return said, settled, err
}

// open opens a task with the next step. While the consultation is withdrawn it waits to be announced.
func (c *consultation) open(kind advisory.TaskKind, owner advisory.Owner, abouts ...about) *task {
	t := &task{state: advisory.Open, OpenTask: advisory.OpenTask{Kind: kind, Owner: owner}}
	for _, refine := range abouts {
		refine(t)
	}
	c.tasks = append(c.tasks, t)
	if !c.withdrawn {
		c.announce(t)
	}
	return t
}

// announce gives a task a number of its own and brings it before its owner. After a withdrawal that was taken back, what
// was open is announced anew, because a closed task never reopens.
func (c *consultation) announce(t *task) {
	c.Tasks++
	t.ID, t.announced = advisory.TaskID(c.ConsultationID, c.Tasks), true
	if t.concerns != nil {
		t.About = t.concerns.ID
	}
	opened := t.OpenTask
	c.add(advisory.Entry{Open: &opened})
}

// first waits until one of the tasks is settled or lapsed, and closes it with the next step.
func (c *consultation) first(ctx workflow.Context, tasks ...*task) (answer, error) {
	said, _, err := c.firstUnless(ctx, func() bool { return false }, func() []*task { return tasks })
	return said, err
}

// firstUnless waits for the first of the tasks as first does, or until it is over otherwise: then settled is false.
func (c *consultation) firstUnless(ctx workflow.Context, over func() bool, tasks func() []*task) (said answer, settled bool, err error) {
	c.write(ctx)
	var done *task
	err = workflow.Await(ctx, func() bool {
		open := tasks()
		i := slices.IndexFunc(open, func(t *task) bool { return t.state != advisory.Open && c.isOpen(t) })
		if i >= 0 {
			done = open[i]
		}
		return i >= 0 || over()
	})
	if err != nil || done == nil {
		return answer{}, false, err
	}
	return c.take(done), true, nil
}

// take closes a task that was settled or has lapsed.
func (c *consultation) take(t *task) answer {
	c.forget(t)
	if t.announced {
		c.add(advisory.Entry{Close: t.ID, State: t.state, Choice: t.said.Choice, Input: t.said.ID})
	}
	return answer{
		Kind: t.Kind, Choice: t.said.Choice, Actor: t.said.Actor, Advisors: t.said.Advisors, Lead: t.said.Lead,
		Enough: t.said.Enough, task: t.ID, input: t.said.ID, lapsed: t.state == advisory.Lapsed,
	}
}

// drop closes a task because what it was about is over. What somebody said just before still counts as said.
func (c *consultation) drop(t *task) {
	if !c.isOpen(t) {
		return
	}
	if t.state == advisory.Open {
		t.state = advisory.Obsolete
	}
	c.take(t)
}

func (c *consultation) isOpen(t *task) bool { return slices.Contains(c.tasks, t) }

func (c *consultation) forget(t *task) {
	c.tasks = slices.DeleteFunc(c.tasks, func(other *task) bool { return other == t })
}

// find returns an open task by its id, or nil.
func (c *consultation) find(id string) *task {
	i := slices.IndexFunc(c.tasks, func(t *task) bool { return t.announced && t.ID == id })
	if i < 0 {
		return nil
	}
	return c.tasks[i]
}

// handTo gives an open task to somebody else.
func (c *consultation) handTo(t *task, person, input string) {
	t.Owner.Person = person
	if t.announced {
		c.add(advisory.Entry{HandOver: person, Task: t.ID, Input: input})
		c.add(advisory.Entry{History: advisory.TaskHandedOver, Task: t.ID, Input: input})
	}
}
