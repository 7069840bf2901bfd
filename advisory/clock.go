package advisory

import "time"

// Clock tells business time: the time of due dates, appointments and everything that people read. In production it is
// the time of day. In the local demonstration it may run faster, so that six months pass while somebody watches.
//
// Security (sessions, links, rate limits) and the relay use real time and never this clock.
type Clock struct {
	real, business time.Time
	speed          float64
}

// RealClock is the clock of production: business time is real time.
func RealClock() Clock { return Clock{speed: 1} }

// NewClock makes a clock that shows business at the real instant and runs speed times as fast from then on.
func NewClock(real, business time.Time, speed float64) Clock {
	return Clock{real: real, business: business, speed: speed}
}

// Now is the business time.
func (c Clock) Now() time.Time { return c.At(time.Now()) }

// At is the business time at a real instant.
func (c Clock) At(real time.Time) time.Time {
	if c.real.IsZero() {
		return real
	}
	return c.business.Add(time.Duration(float64(real.Sub(c.real)) * c.speed)).In(Berlin)
}

// Real is the real instant at which the clock will show t: the instant for a timer.
func (c Clock) Real(t time.Time) time.Time {
	if c.real.IsZero() {
		return t
	}
	return c.real.Add(time.Duration(float64(t.Sub(c.business)) / c.speed))
}

// Wait is the real duration that passes while business time moves by d.
func (c Clock) Wait(d time.Duration) time.Duration {
	if c.real.IsZero() {
		return d
	}
	return time.Duration(float64(d) / c.speed)
}

// CompareMoments orders moments as cmp.Compare does; what never was, nil, comes before all others.
func CompareMoments(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	default:
		return a.Compare(*b)
	}
}
