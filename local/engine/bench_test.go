package engine_test

import (
	"testing"

	"miglobe/advisory"
)

// BenchmarkDecision measures what a person waits for: an input journaled, delivered to the engine, its step written.
// One round asks a question and answers it: two decisions.
func BenchmarkDecision(b *testing.B) {
	c := newConsultation(b)
	c.say(advisory.ClaimRequest, advisory.Claim, "kim", nil)
	for b.Loop() {
		c.say(advisory.ReviewRequest, advisory.Ask, "kim", nil)
		c.say(advisory.AnswerQuestion, advisory.Answer, "toni", nil)
	}
}
