package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// remindedBy lets somebody remind of the n-th task, and returns why nobody is.
func (d *desk) remindedBy(asker string, n int, at time.Time) store.NotReminded {
	d.Helper()
	err := d.store.RemindNow(d.ctx, showing(at), advisory.TaskID(d.consultation, n), d.people[asker])
	var reason store.NotReminded
	if err != nil && (!errors.As(err, &reason) || advisory.CodeOf(err) != advisory.Conflict) {
		d.Fatal(err)
	}
	return reason
}

func (d *desk) reminders(person string) int {
	d.Helper()
	return d.count(`SELECT count(*) FROM mails WHERE person_id = $1 AND reminder`, d.people[person])
}

// sends marks what is queued as sent at a moment.
func (d *desk) sends(at time.Time) {
	d.Helper()
	d.exec(`UPDATE mails SET state = 'sent', sent_at = $1 WHERE state = 'queued'`, at)
}

func TestWhoOwesATaskIsRemindedOnceAWorkingDay(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ConfirmNeed, advisory.Municipality, "")) // due in ten working days
	d.sends(monday.AddDate(0, 0, -1))
	tuesday, friday := monday.AddDate(0, 0, 1), monday.AddDate(0, 0, 4)
	if reason := d.remindedBy("kim", 1, monday); reason != "" {
		t.Fatalf("not reminded: %s", reason)
	}
	if got := d.mailsTo("toni"); !slices.Equal(got, []string{"confirm_need_reminder"}) {
		t.Errorf("toni gets %v", got)
	}
	if reason := d.remindedBy("robin", 1, monday.Add(time.Hour)); reason != store.RemindedToday || d.reminders("toni") != 1 {
		t.Errorf("a colleague reminds of it again: %q, %d mails", reason, d.reminders("toni"))
	}
	d.sends(monday.Add(time.Minute))
	if reason := d.remindedBy("robin", 1, monday.Add(time.Hour)); reason != store.RemindedToday {
		t.Errorf("sent today, and: %q", reason)
	}
	if reason := d.remindedBy("kim", 1, tuesday); reason != "" || d.reminders("toni") != 2 {
		t.Errorf("the day after: %q, %d mails", reason, d.reminders("toni"))
	}
	d.sends(tuesday)
	// On the weekend it waits for Monday, once.
	for _, at := range []time.Time{friday.AddDate(0, 0, 1), friday.AddDate(0, 0, 2), friday.AddDate(0, 0, 3)} {
		d.remindedBy("kim", 1, at)
	}
	if d.reminders("toni") != 3 {
		t.Errorf("%d mails", d.reminders("toni"))
	}
	// A reminder that the programme plans counts as well.
	d.sends(friday)
	d.exec(`UPDATE mails SET sent_at = $1`, tuesday)
	d.writeAt(friday, advisory.Entry{Remind: 1, Task: advisory.TaskID(d.consultation, 1)})
	if reason := d.remindedBy("kim", 1, friday); reason != store.RemindedToday {
		t.Errorf("planned today, and: %q", reason)
	}
}

func TestNobodyIsRemindedOfWhatIsOverOrCannotBeReached(t *testing.T) {
	wednesday := monday.AddDate(0, 0, 2)
	for name, test := range map[string]struct {
		change func(d *desk)
		at     time.Time
		want   store.NotReminded
	}{
		"open":                    {func(*desk) {}, monday, ""},
		"settled":                 {func(d *desk) { d.write(d.said(1, advisory.Propose, "amina", nil)) }, monday, store.TaskIsClosed},
		"withdrawn":               {func(d *desk) { d.exec(`UPDATE consultations SET outcome = 'withdrawn'`) }, monday, store.TaskIsClosed},
		"resting":                 {func(d *desk) { d.exec(`UPDATE consultations SET resting_since = $1`, monday) }, monday, store.TaskRests},
		"absent without a deputy": {func(d *desk) { d.away("amina", -24, 48, "") }, monday, store.NobodyActs},
		"account closed":          {func(d *desk) { d.exec(`UPDATE persons SET active = false WHERE id = $1`, d.people["amina"]) }, monday, store.NobodyActs},
		"mails bounce":            {func(d *desk) { d.bounce("amina") }, monday, store.MailsDoNotArrive},
		"due today":               {func(d *desk) { d.exec(`UPDATE tasks SET due_on = '2026-03-04'`) }, wednesday, ""},
		"due today, desk closed":  {func(d *desk) { d.exec(`UPDATE tasks SET due_on = '2026-03-04'`) }, wednesday.Add(9 * time.Hour), store.DueIsOver},
		"due today, written to today": {func(d *desk) {
			d.exec(`UPDATE tasks SET due_on = '2026-03-04'`)
			d.sends(wednesday)
		}, wednesday, store.DueIsOver},
		"overdue": {func(d *desk) { d.exec(`UPDATE tasks SET due_on = '2026-03-03'`) }, wednesday, store.DueIsOver},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write(d.opens(1, advisory.ProposeSlots, advisory.Advisor, "amina"))
			test.change(d)
			reason := d.remindedBy("kim", 1, test.at)
			if reason != test.want || d.reminders("amina") > 0 != (test.want == "") {
				t.Errorf("%q with %d reminders, want %q", reason, d.reminders("amina"), test.want)
			}
		})
	}
}

func TestStaffAreRemindedOfTheirOwnTasksOnly(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ClaimRequest, advisory.Coordinator, ""), d.opens(2, advisory.ReviewRequest, advisory.Coordinator, "kim"))
	if reason := d.remindedBy("robin", 1, monday); reason != store.NobodyOwes {
		t.Errorf("nobody has claimed it: %q", reason)
	}
	if reason := d.remindedBy("kim", 2, monday); reason != store.OwnTask {
		t.Errorf("the own task: %q", reason)
	}
	d.away("kim", -24, 48, "lea")
	if reason := d.remindedBy("robin", 2, monday); reason != "" || d.reminders("kim") != 0 || d.reminders("lea") != 1 {
		t.Errorf("absent with a deputy: %q; kim %d, lea %d", reason, d.reminders("kim"), d.reminders("lea"))
	}
	if err := d.store.RemindNow(d.ctx, showing(monday), "nothing", d.people["kim"]); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("of no task: %v", err)
	}
}

func TestWhoTakesATaskGetsNoMailAboutIt(t *testing.T) {
	d := newDesk(t)
	d.write(d.opens(1, advisory.ApproveRefusal, advisory.Coordinator, ""))
	d.sends(monday)
	take := func(actor, to string) {
		in := d.tells(advisory.HandOver, actor, nil, func(in *advisory.Input) {
			in.Task, in.To = advisory.TaskID(d.consultation, 1), d.people[to]
		})
		d.write(advisory.Entry{HandOver: d.people[to], Task: advisory.TaskID(d.consultation, 1), Input: in})
	}
	take("robin", "robin")
	if got := d.mailsTo("robin"); len(got) != 0 {
		t.Errorf("robin took it and gets %v", got)
	}
	take("robin", "kim")
	if got := d.mailsTo("kim"); !slices.Equal(got, []string{"staff_task_opened"}) {
		t.Errorf("kim was given it and gets %v", got)
	}
}
