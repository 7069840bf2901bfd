package demo

import (
	"context"
	"sync"
	"time"

	"miglobe/advisory"
	"miglobe/store"
)

// timeline lets the past of the demo's consultations happen within seconds: every consultation has a business time
// of its own, which the driver moves on from decision to decision. It takes the place of the activities while
// the demo is filled.
type timeline struct {
	store *store.Store
	clock advisory.Clock // of the product

	mu      sync.Mutex
	moments map[string]moment // by consultation
}

// moment is where a consultation is in time.
type moment struct {
	now time.Time
	// passing is when the next thing happens that nobody decides, such as the end of a session; zero for none.
	passing time.Time
}

func newTimeline(st *store.Store, clock advisory.Clock) *timeline {
	return &timeline{store: st, clock: clock, moments: map[string]moment{}}
}

// set moves a consultation on to a moment.
func (t *timeline) set(consultationID string, m moment) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.moments[consultationID] = m
}

// of is the time of a step: what a person decided happens now, anything else when it is due to pass. A consultation that is
// not being filled, because an earlier start has, is in the present.
func (t *timeline) of(step advisory.Step) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	m, filled := t.moments[step.ConsultationID]
	if !filled {
		return t.clock.Now()
	}
	if decided(step) || m.passing.IsZero() {
		return m.now
	}
	t.moments[step.ConsultationID] = moment{now: m.passing}
	return m.passing
}

func decided(step advisory.Step) bool {
	for _, entry := range step.Entries {
		if entry.Input != "" {
			return true
		}
	}
	return false
}

// WriteStep writes a step at the consultation's own time. The dates that it returns are those of the product's clock,
// so that what is still ahead happens in its time, long after the demo was filled. Reminders and escalations
// whose time has passed are left out: nobody is reminded now of what was owed then.
func (t *timeline) WriteStep(ctx context.Context, step advisory.Step) (advisory.StepResult, error) {
	started, then := time.Now(), t.of(step)
	result, err := t.store.WriteStep(ctx, advisory.NewClock(started, then, 1), step)
	if err != nil {
		return result, err
	}
	onProductClock := func(at time.Time) time.Time { return t.clock.Real(then.Add(at.Sub(started))) }
	for id, schedule := range result.Schedules {
		var ahead advisory.Schedule
		for _, instant := range schedule {
			if instant.At = onProductClock(instant.At); instant.At.After(started) {
				ahead = append(ahead, instant)
			}
		}
		result.Schedules[id] = ahead
	}
	for session, appointment := range result.Appointments {
		var ahead []time.Time
		for _, at := range appointment.Reminders {
			if at = onProductClock(at); at.After(started) {
				ahead = append(ahead, at)
			}
		}
		result.Appointments[session] = advisory.Appointment{Reminders: ahead, EndsAt: onProductClock(appointment.EndsAt)}
	}
	t.movePlans(&result, onProductClock)
	return result, nil
}

// movePlans brings what is ahead beside tasks and appointments to the product's clock. Who was quiet then is not nudged
// now: the days count from here.
func (t *timeline) movePlans(result *advisory.StepResult, onProductClock func(time.Time) time.Time) {
	if !result.FollowUpAt.IsZero() {
		result.FollowUpAt = onProductClock(result.FollowUpAt)
	}
	if !result.UndoUntil.IsZero() {
		result.UndoUntil = onProductClock(result.UndoUntil)
	}
	if rest := result.Rest; rest != nil {
		rest.AskAt, rest.ResumeAt = onProductClock(rest.AskAt), onProductClock(rest.ResumeAt)
	}
	if quiet := result.Quiet; quiet != nil {
		if quiet.NudgeAt = onProductClock(quiet.NudgeAt); quiet.NudgeAt.Before(time.Now()) {
			days := advisory.DefaultProgramme().QuietDays
			quiet.NudgeAt = t.clock.Real(t.clock.Now().AddDate(0, 0, days[0]))
			quiet.DecideAt = t.clock.Real(t.clock.Now().AddDate(0, 0, days[1]))
			return
		}
		quiet.DecideAt = onProductClock(quiet.DecideAt)
	}
}

// moments of a plan: when the request was sent, and when each act happened. They end the plan's idle days before now,
// during working hours, each after the one before it.
func (p plan) moments(calendar advisory.Calendar, now time.Time) []time.Time {
	moments := make([]time.Time, len(p.acts)+1)
	at := workingHour(daysBack(calendar, now, p.idle), len(p.acts), now.Add(-time.Hour))
	for i := len(p.acts); i >= 0; i-- {
		moments[i] = at
		if i > 0 {
			at = workingHour(daysBack(calendar, at, p.acts[i-1].after), i-1, at.Add(-40*time.Minute))
		}
	}
	return moments
}

// sentAt is when the plan's request was sent.
func (p plan) sentAt(now time.Time) time.Time {
	return p.moments(advisory.NewCalendar(contacts[requests[p.request].contact].land), now)[0]
}

// daysBack is the day so many working days before t.
func daysBack(calendar advisory.Calendar, t time.Time, days int) time.Time {
	for days > 0 {
		t = t.AddDate(0, 0, -1)
		if calendar.IsWorkday(t) {
			days--
		}
	}
	return t
}

// workingHour spreads what happens over the hours of a day's work, but not beyond latest.
func workingHour(day time.Time, position int, latest time.Time) time.Time {
	day = day.In(advisory.Berlin)
	at := time.Date(day.Year(), day.Month(), day.Day(), 9+position*3%7, position*17%60, 0, 0, advisory.Berlin)
	if at.After(latest) {
		return latest
	}
	return at
}
