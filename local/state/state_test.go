package state

import (
	"errors"
	"strings"
	"testing"
	"time"

	"miglobe/advisory"
)

func TestSecondStartContinuesTheClock(t *testing.T) {
	folder := t.TempDir()
	first, err := Clock(folder, 1000)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	for _, speed := range []float64{0, 1000} {
		second, err := Clock(folder, speed)
		if err != nil {
			t.Fatal(err)
		}
		if !second.At(later).Equal(first.At(later)) {
			t.Errorf("asked for speed %g, the second start shows %v where the first shows %v", speed, second.At(later), first.At(later))
		}
	}
	if ahead := first.At(later).Sub(later); ahead < 900*time.Hour {
		t.Errorf("after an hour the clock is %v ahead", ahead)
	}
	if _, err := Clock(folder, 2000); !errors.Is(err, ErrOtherSpeed) {
		t.Errorf("another speed on the same folder: %v", err)
	}
}

func TestRealTimeUnlessAsked(t *testing.T) {
	clock, err := Clock(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	if !clock.At(later).Equal(advisory.RealClock().At(later)) {
		t.Errorf("in an hour the clock shows %v, want %v", clock.At(later), later)
	}
	if _, err := Clock(t.TempDir(), 0.5); err == nil {
		t.Error("a slow clock is accepted")
	}
}

func TestFastRunsHaveAFolderOfTheirOwn(t *testing.T) {
	usual, err := DefaultFolder(0)
	if err != nil {
		t.Fatal(err)
	}
	fast, err := DefaultFolder(2000)
	if err != nil {
		t.Fatal(err)
	}
	if fast == usual || !strings.HasPrefix(fast, usual) {
		t.Errorf("folders %q and %q", usual, fast)
	}
}
