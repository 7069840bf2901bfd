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
	state    advisory.TaskState
	schedule advisory.Schedule // what is still ahead, in real time
	said     advisory.Input    // what settled it
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
type about func(*advisory.OpenTask)

func session(number int) about { return func(t *advisory.OpenTask) { t.Session = number } }
func version(number int) about { return func(t *advisory.OpenTask) { t.Version = number } }
func not(person string) about  { return func(t *advisory.OpenTask) { t.Not = person } }
func concerning(other *task) about {
	return func(t *advisory.OpenTask) { t.About, t.Session, t.Version = other.ID, other.Session, other.Version }
}

// ask opens a task and waits until it is settled or lapsed. The error says that the journey ends.
func (c *consultation) ask(ctx workflow.Context, kind advisory.TaskKind, owner advisory.Owner, abouts ...about) (answer, error) {
	return c.first(ctx, c.open(kind, owner, abouts...))
}

// open opens a task with the next step.
func (c *consultation) open(kind advisory.TaskKind, owner advisory.Owner, abouts ...about) *task {
	c.Tasks++
	t := &task{state: advisory.Open, OpenTask: advisory.OpenTask{
		ID: advisory.TaskID(c.ConsultationID, c.Tasks), Kind: kind, Owner: owner,
	}}
	for _, refine := range abouts {
		refine(&t.OpenTask)
	}
	c.tasks = append(c.tasks, t)
	opened := t.OpenTask
	c.add(advisory.Entry{Open: &opened})
	return t
}

// first waits until one of the tasks is settled or lapsed, and closes it with the next step.
func (c *consultation) first(ctx workflow.Context, tasks ...*task) (answer, error) {
	c.write(ctx)
	var settled *task
	err := workflow.Await(ctx, func() bool {
		i := slices.IndexFunc(tasks, func(t *task) bool { return t.state != advisory.Open && c.isOpen(t) })
		if i >= 0 {
			settled = tasks[i]
		}
		return i >= 0
	})
	if err != nil {
		return answer{}, err
	}
	return c.take(settled), nil
}

// take closes a task that was settled or has lapsed.
func (c *consultation) take(t *task) answer {
	c.forget(t)
	c.add(advisory.Entry{Close: t.ID, State: t.state, Choice: t.said.Choice, Input: t.said.ID})
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
	i := slices.IndexFunc(c.tasks, func(t *task) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return c.tasks[i]
}

func (c *consultation) coordinator() advisory.Owner {
	return advisory.Owner{Role: advisory.Coordinator, Person: c.Coordinator}
}

func (c *consultation) lead() advisory.Owner {
	return advisory.Owner{Role: advisory.Advisor, Person: c.Lead}
}

func advisor(person string) advisory.Owner {
	return advisory.Owner{Role: advisory.Advisor, Person: person}
}

var (
	municipality = advisory.Owner{Role: advisory.Municipality}
	coordinators = advisory.Owner{Role: advisory.Coordinator}
)

// bothSides are the municipality and every advisor who accompanies it.
func (c *consultation) bothSides() []advisory.Owner {
	owners := []advisory.Owner{municipality}
	for _, person := range c.Advisors {
		owners = append(owners, advisor(person))
	}
	return owners
}
