package engine_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/local/backup"
	"miglobe/local/mailcatcher"
	"miglobe/local/product"
	"miglobe/local/stack"
	"miglobe/store"
)

// TestARestoredBackupGoesOnFromItsMoment is the rehearsal of the worst day: a back-up taken while people work, then more
// happens, then everything dies. What was said before the back-up stands and goes on, once; what was mailed before it is
// not mailed again; what was mailed after it may come again, as the same message.
func TestARestoredBackupGoesOnFromItsMoment(t *testing.T) {
	parent := enterableFolder(t)
	lost, saved, restored := filepath.Join(parent, "lost"), filepath.Join(parent, "saved"), filepath.Join(parent, "restored")

	useOwnStack(t, lost)
	r := newWorstDay(t)
	app.StopWorker()
	r.sayWhileTheWorkerIsAway()
	r.filed = append(r.filed, draftedConsultation(t)) // its confirmation by mail waits, too
	before, mailedBefore := r.standing(), messageIDs(around.Mails.To(""))
	r.fileWhile(func() error {
		_, err := backup.Take(context.Background(), lost, saved)
		return err
	})
	r.must(app.StartWorker())
	r.awaitInputs()
	r.asked.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	r.awaitMails()
	mailed := around.Mails.To("")
	killPostgres(t, lost)
	_, _ = app.Stop(), around.Stop() // nothing of it can end in order

	_, err := backup.Restore(t.Context(), saved, restored, false)
	r.must(err)
	useOwnStack(t, restored)
	if after := r.standing(); after != before {
		t.Errorf("before the back-up:\n%s\nrestored:\n%s", before, after)
	}
	r.must(app.StartWorker())
	r.awaitInputs()
	r.appliedOnce()
	r.goOn()
	r.awaitMails()

	sameMessage := map[string]string{} // recipient and subject → message id
	for _, m := range mailed {
		sameMessage[m.Recipients[0]+m.Subject] += messageID(m)
	}
	again := messageIDs(around.Mails.To(""))
	if slices.ContainsFunc(again, func(id string) bool { return slices.Contains(mailedBefore, id) }) {
		t.Error("a mail that was sent before the back-up is sent again")
	}
	repeated := 0
	for _, m := range around.Mails.To("") {
		if known := sameMessage[m.Recipients[0]+m.Subject]; strings.Contains(known, messageID(m)) {
			repeated++
		} else if known != "" {
			t.Errorf("%q to %s comes again as another message", m.Subject, m.Recipients[0])
		}
	}
	if repeated == 0 {
		t.Error("no mail was between back-up and crash: the rehearsal proves nothing about them")
	}
	if len(slices.Compact(again)) != len(around.Mails.To("")) {
		t.Error("a mail came twice")
	}
}

// worstDay are consultations in several states.
type worstDay struct {
	*consultation
	asked, planned, resting, withdrawn, drafting *consultation
	filed                                        []*consultation // whose workflows nobody has begun
	inputs                                       []string        // journaled while the worker is away
}

func newWorstDay(t *testing.T) *worstDay {
	t.Helper()
	if err := app.StartWorker(); err != nil {
		t.Fatal(err)
	}
	r := &worstDay{
		asked: newConsultation(t), planned: newConsultation(t), resting: newConsultation(t), withdrawn: newConsultation(t),
		drafting: newConsultation(t),
	}
	r.consultation = r.asked
	r.asked.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	r.asked.say(advisory.ReviewRequest, advisory.Ask, "kim", nil)
	r.planned.untilAgreed()
	r.planned.appointment()
	r.resting.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	r.resting.tell(advisory.BeginRest, "kim", advisory.Answers{"reason": {"election"}, "resume_on": {inDays(60)}})
	r.withdrawn.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	r.withdrawn.tell(advisory.Withdraw, "toni", nil)
	r.drafting.untilAgreed()
	r.drafting.session()
	r.drafting.say(advisory.DecideAccompaniment, advisory.Continue, "toni", nil)
	r.drafting.session()
	r.drafting.open(advisory.DraftOptions)
	r.awaitMails()
	return r
}

// sayWhileTheWorkerIsAway: everybody is told that it is saved.
func (r *worstDay) sayWhileTheWorkerIsAway() {
	r.Helper()
	withdrawal := r.withdrawn.input(store.Task{}, "", "toni", nil)
	withdrawal.Message.Kind, withdrawal.Message.Task = advisory.UndoWithdrawal, ""
	move := r.planned.input(store.Task{}, "", "joseph", advisory.Answers{"date": {inDays(40)}, "start_time": {"09:30"}, "reason": {typedText}})
	move.Message.Kind, move.Message.Task, move.Message.Session = advisory.MoveAppointment, "", 1
	said := []store.NewInput{
		withdrawal, move,
		r.asked.input(r.asked.open(advisory.AnswerQuestion), advisory.Answer, "toni", nil),
		r.drafting.input(r.drafting.open(advisory.DraftOptions), advisory.Share, "amina", advisory.Answers{"options.1.title": {typedText}}),
	}
	var group sync.WaitGroup
	for _, in := range said {
		r.inputs = append(r.inputs, in.Message.ID)
		group.Go(func() {
			if result, err := app.Inbox.Submit(r.ctx, in); err != nil || result.Applied {
				r.Errorf("%s while the worker is away: %v, %v", in.Message.Kind, result, err)
			}
		})
	}
	group.Wait()
}

// fileWhile lets requests come in while something works.
func (r *worstDay) fileWhile(work func() error) {
	r.Helper()
	const enough = 10 // all that follows has to be worked off
	done := make(chan error, 1)
	go func() { done <- work() }()
	for range enough {
		arriving := draftedConsultation(r.TB)
		go func() { _, _ = app.Inbox.Start(r.ctx, arriving.id) }() // begins when a worker comes
	}
	r.must(<-done)
}

// standing tells of every consultation how it stands, and of every input and mail how far it has come.
func (r *worstDay) standing() string {
	r.Helper()
	var all []string
	for _, c := range append([]*consultation{r.asked, r.planned, r.resting, r.withdrawn, r.drafting}, r.filed...) {
		all = append(all, c.read(`SELECT concat_ws(' ', stage, outcome, step, rest_until, stage_since,
			(SELECT string_agg(concat_ws('/', t.id, t.kind, t.due_on, t.closed_at), ' ' ORDER BY t.id) FROM tasks t WHERE consultation_id = c.id),
			(SELECT string_agg(concat_ws('/', i.id, i.state), ' ' ORDER BY i.id) FROM inputs i WHERE consultation_id = c.id),
			(SELECT string_agg(concat_ws('/', m.key, m.state, m.message_id), ' ' ORDER BY m.key) FROM mails m WHERE consultation_id = c.id),
			(SELECT max(id) FROM history h WHERE consultation_id = c.id)) FROM consultations c WHERE id = $1`, c.id))
	}
	return strings.Join(all, "\n")
}

func (r *worstDay) awaitInputs() {
	r.Helper()
	r.eventually("the delivery of all inputs", func() bool {
		return r.count(`SELECT count(*) FROM inputs WHERE state = 'journaled'`) == 0
	})
}

func (r *worstDay) awaitMails() {
	r.Helper()
	r.eventually("the sending of all mails", func() bool {
		return r.count(`SELECT count(*) FROM mails WHERE state = 'queued' AND not_before <= $1`, app.Clock.Now()) == 0
	})
}

// appliedOnce: every input has its effect, in one step.
func (r *worstDay) appliedOnce() {
	r.Helper()
	for _, id := range r.inputs {
		if n := r.count(`SELECT count(DISTINCT h.step) FROM inputs i LEFT JOIN history h ON h.input_id = i.id WHERE i.id = $1 AND i.state = 'applied'`, id); n != 1 {
			r.Errorf("input %s had %d effects", id, n)
		}
	}
	if n := r.count(`SELECT count(*) FROM consultations WHERE step = 0`); n != 0 {
		r.Errorf("%d requests were not begun", n)
	}
	if n := r.count(`SELECT count(*) FROM (SELECT FROM tasks WHERE kind = 'claim_request' GROUP BY consultation_id HAVING count(*) > 1) twice`); n != 0 {
		r.Errorf("%d requests were begun more than once", n)
	}
}

// goOn brings one consultation to its end and moves all others; each history replays.
func (r *worstDay) goOn() {
	r.Helper()
	r.drafting.confirm(advisory.ConfirmOptions, advisory.Confirm)
	r.drafting.confirm(advisory.Evaluate, advisory.Submit)
	r.drafting.say(advisory.CloseConsultation, advisory.Close, "kim", advisory.Answers{"summary": {typedText}, "follow_up_from": {inDays(180)}})
	if outcome := r.drafting.read(`SELECT outcome FROM consultations WHERE id = $1`, r.drafting.id); outcome != string(advisory.Completed) {
		r.Errorf("the journey ended as %q", outcome)
	}
	r.asked.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	r.planned.tell(advisory.CancelAppointment, "toni", advisory.Answers{"reason": {typedText}}, func(in *advisory.Input) { in.Session = 1 })
	r.resting.tell(advisory.EndRest, "kim", nil)
	r.withdrawn.say(advisory.ReviewRequest, advisory.Accept, "kim", nil)
	for _, c := range append([]*consultation{r.asked, r.planned, r.resting, r.withdrawn, r.drafting}, r.filed...) {
		c.historiesReplay(c.id)
	}
}

// useOwnStack lets the test work with a stack of its own, whose folder may be lost, instead of the common one.
func useOwnStack(t *testing.T, folder string) {
	t.Helper()
	starting, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	log := slog.New(slog.DiscardHandler)
	own, err := stack.Start(starting, stack.Settings{Folder: folder, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	commonStack, commonApp := around, app
	t.Cleanup(func() {
		around, app = commonStack, commonApp
		_ = own.Stop()
	})
	running, err := product.Open(starting, own, advisory.RealClock(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Stop() })
	around, app = own, running
}

func messageID(m *mailcatcher.Mail) string { return m.Headers["Message-Id"][0] }

func messageIDs(mails []*mailcatcher.Mail) (ids []string) {
	for _, m := range mails {
		ids = append(ids, messageID(m))
	}
	slices.Sort(ids)
	return ids
}

// enterableFolder can be entered by the user that PostgreSQL runs as, other than that of t.TempDir.
func enterableFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "miglobe-restore-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// killPostgres is kill -9 of the postmaster; its children end when they notice.
func killPostgres(t *testing.T, folder string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, "postgres", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(fmt.Errorf("pid of PostgreSQL: %w", err))
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-around.Postgres.Done()
}
