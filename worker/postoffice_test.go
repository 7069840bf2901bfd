package worker_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"miglobe/advisory"
	appmail "miglobe/mail"
	"miglobe/store"
	"miglobe/store/storetest"
	"miglobe/texts"
	"miglobe/worker"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// monday at ten in the morning, a working day in every Land.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, advisory.Berlin)

// letterbox is a mail server that keeps what it takes and refuses one address for good, another one for now.
type letterbox struct {
	sync.Mutex
	letters []*mail.Message
	bodies  []string
	hangsUp bool // after it took a letter, before it says so

	taking, goOn chan struct{} // the first mail waits in between; nil: none waits
}

func (b *letterbox) NewSession(conn *smtp.Conn) (smtp.Session, error) {
	return &delivery{box: b, conn: conn}, nil
}

type delivery struct {
	box  *letterbox
	conn *smtp.Conn
}

func (*delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (*delivery) Reset()                               {}
func (*delivery) Logout() error                        { return nil }

func (*delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "gone@"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	case strings.HasPrefix(to, "busy@"):
		return &smtp.SMTPError{Code: 451, Message: "try again"}
	}
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	content, err := d.box.pause(r)
	if err != nil {
		return err
	}
	letter, err := mail.ReadMessage(strings.NewReader(string(content)))
	if err != nil {
		return err
	}
	d.box.Lock()
	defer d.box.Unlock()
	d.box.letters = append(d.box.letters, letter)
	d.box.bodies = append(d.box.bodies, string(content))
	if d.box.hangsUp {
		return d.conn.Close()
	}
	return nil
}

// office is a post office with a real database and a real mail server, at a moment of business time.
type office struct {
	*testing.T
	box          *letterbox
	store        *store.Store
	sender       *appmail.Sender
	catalog      *texts.Catalog
	consultation string
	toni, kim    string
	robin        string // an advisor of the pool
	mails        int
}

func newOffice(t *testing.T, address string) *office {
	t.Helper()
	o := &office{T: t, box: &letterbox{}, store: storetest.Open(t)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	o.must(err)
	server := smtp.NewServer(o.box)
	go server.Serve(listener) //nolint:errcheck // ends with the test
	t.Cleanup(func() { server.Close() })
	o.sender, err = appmail.NewSender(appmail.SMTP{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: appmail.NoTLS, HELO: "localhost"})
	o.must(err)
	o.catalog, err = texts.Load()
	o.must(err)
	o.fill(address)
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) exec(query string, args ...any) {
	o.Helper()
	_, err := o.store.DB().Exec(query, args...)
	o.must(err)
}

// fill makes a consultation with an open task of the municipality.
func (o *office) fill(address string) {
	ctx := context.Background()
	o.must(o.store.EnsureProgramme(ctx, advisory.DefaultProgramme()))
	var err error
	o.toni, err = o.store.SavePerson(ctx, store.Person{Email: address, Role: advisory.Municipality, Salutation: "ms", FirstName: "Toni", LastName: "Muster", Active: true})
	o.must(err)
	o.kim, err = o.store.SavePerson(ctx, store.Person{Email: "kim@demo.example", Role: advisory.Coordinator, FirstName: "Kim", LastName: "Beispiel", Phone: "0000 1", Active: true})
	o.must(err)
	o.robin, err = o.store.SavePerson(ctx, store.Person{Email: "robin@demo.example", Role: advisory.Advisor, FirstName: "Robin", LastName: "Modell", Active: true})
	o.must(err)
	o.consultation = uuid.NewString()
	o.exec(`INSERT INTO consultations (id, number, municipality, land, subject, programme_version, request, form_version, stage,
		stage_since, sent_at, updated_at, coordinator_id) VALUES ($1, 'MG-2026-0001', 'Musterhausen', 'NW', 'Vereine einbinden', 1, '{}', 1, 'assessment', $2, $2, $2, $3)`,
		o.consultation, monday, o.kim)
	o.task(1, "confirm_need")
	o.task(2, "decide_accompaniment")
}

func (o *office) task(n int, kind string) {
	o.exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, opened_at, due_on)
		VALUES ($1, $2::uuid, $3, $4, 'municipality', $5, '2026-03-16')`, advisory.TaskID(o.consultation, n), o.consultation, o.consultation, kind, monday)
}

// order puts a mail to Toni in the outbox; task 0 is a mail about no task.
func (o *office) order(template string, task int, reminder bool) {
	o.Helper()
	o.mails++
	taskID := ""
	if task > 0 {
		taskID = advisory.TaskID(o.consultation, task)
	}
	o.exec(`INSERT INTO mails (id, key, consultation_id, task_id, person_id, template, language, reminder, ordered_at, not_before)
		VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6, 'de', $7, $8, $8)`, uuid.NewString(), fmt.Sprint(template, o.mails), o.consultation,
		taskID, o.toni, template, reminder, monday.AddDate(0, 0, -1))
}

// open lets the office work at a moment until nothing is due.
func (o *office) open(at time.Time) {
	o.Helper()
	post := o.office(at)
	for i := 0; post.SendNext(context.Background()); i++ {
		if i > 5000 {
			o.Fatal("the post office never finishes")
		}
	}
}

// office is a post office at a moment.
func (o *office) office(at time.Time) *worker.PostOffice {
	return worker.NewPostOffice(worker.Settings{
		SiteURL: "https://miglobe.example", OperatorName: "Beispielträger", From: mail.Address{Name: "MiGlobe", Address: "post@miglobe.example"}, Phone: "0000 0",
	}, worker.Dependencies{Store: o.store, Texts: o.catalog, Mail: o.sender, Clock: advisory.NewClock(time.Now(), at, 1), Log: slog.New(slog.DiscardHandler)})
}

func (o *office) states() (states []string) {
	o.Helper()
	o.must(o.store.DB().QueryRow(`SELECT coalesce(array_agg(state ORDER BY ordered_at, key)::text[], '{}') FROM mails`).Scan((*stringArray)(&states)))
	return states
}

type stringArray []string

func (a *stringArray) Scan(src any) error {
	text := strings.Trim(string(src.([]byte)), "{}")
	if text != "" {
		*a = strings.Split(text, ",")
	}
	return nil
}

func TestAMailIsSentOnceWithItsHeaders(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	o.open(monday)
	if len(o.box.letters) != 1 {
		t.Fatalf("%d letters", len(o.box.letters))
	}
	header := o.box.letters[0].Header
	for name, want := range map[string]string{"Auto-Submitted": "auto-generated", "To": "toni@demo.example", "In-Reply-To": "@miglobe.example>"} {
		if got := header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if want := appmail.MessageID("confirm_need_opened1", "miglobe.example"); header.Get("Message-ID") != "<"+want+">" {
		t.Errorf("Message-ID %q, want %q", header.Get("Message-ID"), want)
	}
	if got := o.states(); !slices.Equal(got, []string{"sent"}) {
		t.Errorf("states %v", got)
	}
}

func TestTheLinkOfAMailOpensItsTask(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	var links int
	o.must(o.store.DB().QueryRow(`SELECT count(*) FROM task_links WHERE task_id = $1 AND person_id = $2`, advisory.TaskID(o.consultation, 1), o.toni).Scan(&links))
	if links != 1 || !strings.Contains(o.box.bodies[0], "https://miglobe.example/a/") {
		t.Errorf("%d links", links)
	}
}

func TestWhatFallsTogetherIsOneMail(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("request_accepted", 0, false)
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	if len(o.box.letters) != 1 {
		t.Fatalf("%d letters", len(o.box.letters))
	}
	if got := o.states(); !slices.Contains(got, "sent") || !slices.Contains(got, "combined") {
		t.Errorf("states %v", got)
	}
}

func TestNobodyGetsAMailAboutAThingThatIsOver(t *testing.T) {
	for name, over := range map[string]string{
		"settled":     `UPDATE tasks SET state = 'done'`,
		"deleted":     `UPDATE mails SET template = 'verify_address', task_id = NULL, consultation_id = NULL`,
		"resting":     `UPDATE consultations SET resting_since = now()`,
		"handed over": `UPDATE tasks SET owner_id = (SELECT id FROM persons WHERE role = 'coordinator')`,
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, "toni@demo.example")
			o.order("confirm_need_reminder", 1, true)
			o.exec(over)
			o.open(monday)
			if len(o.box.letters) != 0 {
				t.Error("a mail went out")
			}
			if got := o.states(); !slices.Equal(got, []string{"not_needed"}) {
				t.Errorf("states %v", got)
			}
		})
	}
}

func TestRemindersKeepToTheDeskAndToOneADay(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	sunday := monday.AddDate(0, 0, -1)
	o.order("confirm_need_reminder", 1, true)
	o.open(sunday)
	if len(o.box.letters) != 0 {
		t.Fatal("a reminder on a Sunday")
	}
	o.open(monday)
	if len(o.box.letters) != 1 {
		t.Fatalf("%d letters on Monday", len(o.box.letters))
	}
	o.order("decide_accompaniment_reminder", 2, true)
	o.open(monday.Add(4 * time.Hour))
	if len(o.box.letters) != 1 {
		t.Fatal("a second mail on the same day")
	}
	o.open(monday.AddDate(0, 0, 1))
	if len(o.box.letters) != 2 {
		t.Error("the second reminder did not come on the next day")
	}
}

func TestAReminderNeverComesAfterTheDueDate(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("confirm_need_reminder", 1, true)
	o.open(time.Date(2026, 3, 16, 20, 0, 0, 0, advisory.Berlin)) // the evening of the last day
	if got := o.states(); len(o.box.letters) != 0 || !slices.Equal(got, []string{"not_needed"}) {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestALateReminderIsNotSentWithAnotherMail(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("confirm_need_reminder", 1, true)
	o.order("request_accepted", 0, false)
	o.open(monday.AddDate(0, 0, 15)) // the day after the due date
	if got := o.states(); len(o.box.letters) != 1 || !slices.Equal(got, []string{"not_needed", "sent"}) {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestNobodyHearsOfARestThatIsOver(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("consultation_resting", 0, false)
	o.order("request_accepted", 0, false)
	o.open(monday)
	if got := o.states(); len(o.box.letters) != 1 || !slices.Equal(got, []string{"not_needed", "sent"}) {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestAMailThatCannotBeComposedHoldsUpNoOther(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("consultation_closed", 0, false) // no day of the follow-up is planned
	o.order("request_accepted", 0, false)
	o.open(monday)
	if got := o.states(); len(o.box.letters) != 1 || !slices.Equal(got, []string{"given_up", "sent"}) {
		t.Errorf("%d letters, states %v", len(o.box.letters), got)
	}
}

func TestALapsedInvitationLeadsToTheProfile(t *testing.T) {
	o := newOffice(t, "toni@demo.example")
	o.order("invitation_lapsed", 0, false)
	o.open(monday)
	if len(o.box.bodies) != 1 || !strings.Contains(o.box.bodies[0], "https://miglobe.example/profil") {
		t.Errorf("%d letters", len(o.box.bodies))
	}
}

func TestARefusedAddressIsNotTriedAgain(t *testing.T) {
	o := newOffice(t, "gone@demo.example")
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	if got := o.states(); !slices.Equal(got, []string{"bounced"}) {
		t.Errorf("states %v", got)
	}
}

func TestABusyServerIsTriedAgain(t *testing.T) {
	o := newOffice(t, "busy@demo.example")
	o.order("confirm_need_opened", 1, false)
	o.open(monday)
	var ahead bool
	var failure string
	o.must(o.store.DB().QueryRow(`SELECT next_attempt > now() AND state = 'queued', failure FROM mails`).Scan(&ahead, &failure))
	if !ahead || !strings.HasPrefix(failure, "deferred 4") {
		t.Errorf("the mail waits for another attempt: %v, because of %q", ahead, failure)
	}
}
