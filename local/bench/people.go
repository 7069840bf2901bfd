package bench

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"miglobe/advisory"
	"miglobe/local/product"
	"miglobe/local/robot"
	"miglobe/store"
)

// act is one decision of the journey that is played: the straight way, with two advisors and two sessions.
type act struct {
	kind   advisory.TaskKind
	who    string
	choice advisory.Choice
	wishes map[string]string
	quiet  bool // said to the inbox, because the page takes no date that is over; not measured
}

var straightWay = []act{
	{kind: advisory.ClaimRequest, who: "kim"},
	{kind: advisory.ReviewRequest, who: "kim", choice: advisory.Accept},
	{kind: advisory.RecordAssessment, who: "kim"},
	{kind: advisory.ConfirmNeed, who: "toni"},
	{kind: advisory.ChooseAdvisors, who: "kim"},
	{kind: advisory.AnswerInvitation, who: "amina", choice: advisory.Accept},
	{kind: advisory.AnswerInvitation, who: "joseph", choice: advisory.Accept},
	{kind: advisory.AgreeToAdvisors, who: "toni", choice: advisory.Agree},
	{kind: advisory.ProposeSlots, who: "amina", quiet: true},
	{kind: advisory.ChooseSlot, who: "toni", quiet: true},
	{kind: advisory.RecordOutcome, who: "amina"},
	{kind: advisory.WriteNote, who: "amina", wishes: map[string]string{"further_sessions": "enough"}},
	{kind: advisory.DecideAccompaniment, who: "toni", choice: advisory.Continue},
	{kind: advisory.ProposeSlots, who: "amina", quiet: true},
	{kind: advisory.ChooseSlot, who: "toni", quiet: true},
	{kind: advisory.RecordOutcome, who: "amina"},
	{kind: advisory.WriteNote, who: "amina", wishes: map[string]string{"further_sessions": "enough"}},
	{kind: advisory.DraftOptions, who: "amina"},
	{kind: advisory.ConfirmOptions, who: "amina", choice: advisory.Confirm},
	{kind: advisory.ConfirmOptions, who: "joseph", choice: advisory.Confirm},
	{kind: advisory.ConfirmOptions, who: "toni", choice: advisory.Confirm},
	{kind: advisory.Evaluate, who: "amina"},
	{kind: advisory.Evaluate, who: "joseph"},
	{kind: advisory.Evaluate, who: "toni"},
	{kind: advisory.CloseConsultation, who: "kim"},
}

var decisionsPerJourney = len(straightWay)

// people play journeys over the pages. Each place has four persons of its own, each with a browser.
type people struct {
	*product.Product
	places   [sideBySide]place
	advisors []string // ids of all places' advisors
	pages    timing   // the page of a task, until it is shown

	mu     sync.Mutex
	played []string
}

type place struct {
	persons      map[string]store.Person
	browsers     map[string]*robot.Visitor
	consultation string
	next         int // act of the straight way
}

func openPeople(ctx context.Context, running *product.Product) (*people, error) {
	p := &people{Product: running}
	for i := range p.places {
		at := place{persons: map[string]store.Person{}, browsers: map[string]*robot.Visitor{}}
		for name, role := range map[string]advisory.Role{
			"kim": advisory.Coordinator, "toni": advisory.Municipality, "amina": advisory.Advisor, "joseph": advisory.Advisor,
		} {
			person := store.Person{Email: fmt.Sprintf("%s%d@bench.example", name, i), Role: role, FirstName: name, LastName: "Muster", Active: true}
			var err error
			if person.ID, err = running.Store.SavePerson(ctx, person); err != nil {
				return nil, err
			}
			if role == advisory.Advisor {
				p.advisors = append(p.advisors, person.ID)
				if err := running.Store.SaveAdvisorProfile(ctx, store.AdvisorProfile{
					PersonID: person.ID, Topics: []string{"participation"}, Languages: []string{"de"}, Home: "Bonn", Capacity: 3,
					MeetingFormat: "either", Language: "de", MailRhythm: "immediately",
				}); err != nil {
					return nil, err
				}
			}
			if at.browsers[name], err = signedIn(ctx, running.Store, running.SiteURL, person.ID); err != nil {
				return nil, err
			}
			at.persons[name] = person
		}
		p.places[i] = at
	}
	return p, nil
}

// begin files a request and waits for the first task.
func (p *people) begin(ctx context.Context, i int) error {
	id, err := fileRequest(ctx, p.Product, p.places[i].persons["toni"])
	if err != nil {
		return err
	}
	p.places[i].consultation, p.places[i].next = id, 0
	p.mu.Lock()
	p.played = append(p.played, id)
	p.mu.Unlock()
	_, err = p.Inbox.Start(ctx, id)
	return err
}

// fileRequest does what the public form and the link of its mail do.
func fileRequest(ctx context.Context, running *product.Product, person store.Person) (id string, err error) {
	answers := advisory.Answers{
		"municipality": {"Musterhausen"}, "land": {"NW"}, "unit": {"Büro"}, "applicant_role": {"staff"}, "situation": {words},
		"subject": {"Beteiligung von Vereinen"}, "goal": {words}, "need": {words}, "topics": {"participation"}, "meeting_format": {"either"},
		"first_name": {person.FirstName}, "last_name": {person.LastName}, "email": {person.Email}, "privacy_read": {"yes"},
		"confirm_checked": {"yes"},
	}
	st, now := running.Store, running.Clock.Now()
	token, err := st.CreateDraft(ctx, store.Draft{Answers: answers, FormVersion: running.Texts.FormVersion(), Language: "de"}, now)
	if err != nil {
		return "", err
	}
	draft, err := st.DraftByToken(ctx, token)
	if err != nil {
		return "", err
	}
	if err := st.OrderVerification(ctx, draft, person.Email, false, now); err != nil {
		return "", err
	}
	link, _, err := st.IssueAddressLink(ctx, draft.ID, person.Email)
	if err != nil {
		return "", err
	}
	sent, err := st.SendRequest(ctx, link, now)
	return sent.ConsultationID, err
}

const words = "Unsere Gemeinde möchte ihre Vereine besser beteiligen und sucht dafür die Erfahrung anderer."

// prepare opens the page of the next task and fills in its form.
func (p *people) prepare(ctx context.Context, i int) (func(context.Context) error, error) {
	at := &p.places[i]
	for ; at.next < len(straightWay); at.next++ {
		a := straightWay[at.next]
		task, err := p.awaitTask(ctx, at, a)
		if err != nil {
			return nil, err
		}
		if a.quiet {
			if err := p.say(ctx, at, a, task); err != nil {
				return nil, err
			}
			continue
		}
		at.next++
		return p.fillIn(ctx, at, a, task)
	}
	return nil, nil
}

func (p *people) fillIn(ctx context.Context, at *place, a act, task store.Task) (func(context.Context) error, error) {
	browser, now := at.browsers[a.who], p.Clock.Now()
	writer := robot.Writer{
		Words: words, Choice: string(a.choice), Wishes: a.wishes, Calendar: advisory.NewCalendar("NW"), Today: now,
	}
	if a.kind == advisory.ChooseAdvisors {
		writer.Wishes = map[string]string{}
		for _, advisor := range p.advisors {
			writer.Wishes["advisor."+advisor] = ""
		}
		writer.Wishes["advisor."+at.persons["amina"].ID], writer.Wishes["advisor."+at.persons["joseph"].ID] = "lead", "member"
	}
	if err := p.pages.time(func() error { _, _, err := browser.Open(ctx, "/aufgaben/"+task.ID); return err }); err != nil {
		return nil, err
	}
	form, err := browser.PrepareTask(ctx, task.ID, writer)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		answer, err := browser.Send(ctx, form)
		if err == nil && answer.Told() != robot.Applied {
			err = fmt.Errorf("%s: %s", a.kind, browser.Explain(answer))
		}
		return err
	}, nil
}

func (p *people) awaitTask(ctx context.Context, at *place, a act) (found store.Task, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	owner := at.persons[a.who]
	err = until(ctx, 5*time.Millisecond, string(a.kind), func() (bool, error) {
		tasks, err := p.Store.TasksOf(ctx, at.consultation, true)
		for _, t := range tasks {
			if t.Kind == a.kind && (t.OwnedBy(owner.ID) || t.OwnerID == nil && t.OwnerRole == owner.Role) {
				found = t
				return true, nil
			}
		}
		return false, err
	})
	return found, err
}

// say settles a task about dates that are over, so that nobody has to wait for an appointment.
func (p *people) say(ctx context.Context, at *place, a act, task store.Task) error {
	answers := advisory.Answers{"slot": {"1"}}
	choice := advisory.Choose
	if a.kind == advisory.ProposeSlots {
		choice, answers = advisory.Propose, advisory.Answers{"meeting_format": {"video"}, "place": {"Rathaus"}}
		for n := 1; n <= 3; n++ {
			slot := "slots." + strconv.Itoa(n)
			answers.Set(slot+".date", p.Clock.Now().AddDate(0, 0, -n).Format(time.DateOnly))
			answers.Set(slot+".start_time", "10:00")
			answers.Set(slot+".duration", "minutes_60")
		}
	}
	result, err := p.Inbox.Submit(ctx, store.NewInput{
		ConsultationID: at.consultation, Answers: answers, FormVersion: p.Texts.FormVersion(), EnteredAt: p.Clock.Now(),
		Message: advisory.Input{ID: uuid.NewString(), Kind: advisory.TaskInput, Task: task.ID, Choice: choice, Actor: at.persons[a.who].ID},
	})
	if err == nil && !result.Applied {
		err = fmt.Errorf("%s was not applied", a.kind)
	}
	return err
}

func (p *people) workflows() []string { return p.played }
