package callback

import (
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
)

// Outcome is what came of an attempt.
type Outcome string

// The outcomes. An agent may say afterwards what the line could not: a machine,
// a wrong number, a customer for whom it was not convenient.
const (
	Answered      Outcome = "answered"
	NoAnswer      Outcome = "no-answer"
	Busy          Outcome = "busy"
	Rejected      Outcome = "rejected"
	Unreachable   Outcome = "unreachable"
	Failed        Outcome = "failed"    // ours: the switch, a trunk, or the agent hung up first
	Uncertain     Outcome = "uncertain" // nobody knows: we were away
	Machine       Outcome = "machine"
	WrongNumber   Outcome = "wrong-number"
	NotConvenient Outcome = "not-convenient"
)

// Attempt is one time that a callback's number was dialled. Instants are
// wall-clock milliseconds of the epoch; Ended is 0 while it is under way.
type Attempt struct {
	Call    fact.CallID  `json:"call"`
	Agent   fact.AgentID `json:"agent,omitempty"`
	Began   int64        `json:"began"`
	Ended   int64        `json:"ended,omitempty"`
	Outcome Outcome      `json:"outcome,omitempty"`
}

// Retry is what follows an outcome: another attempt After it began, and no more
// than Times of them in a row; 0 times means that somebody must decide.
type Retry struct {
	Outcome Outcome       `json:"outcome" yaml:"outcome"`
	After   time.Duration `json:"after" yaml:"after"`
	Times   int           `json:"times" yaml:"times"`
}

// retries are what holds unless the policy says otherwise. Silence and noise
// have theirs from RUL-CBK-9.
var retries = []Retry{
	{NoAnswer, 30 * time.Minute, 3}, {Busy, 5 * time.Minute, 5}, {Rejected, time.Hour, 2}, {Unreachable, time.Hour, 3},
	{Failed, 2 * time.Minute, 5}, {Uncertain, 15 * time.Minute, 3}, {Machine, 2 * time.Hour, 2}, {WrongNumber, 0, 0},
	{NotConvenient, 2 * time.Hour, 3},
}

// Outcomes are all but Answered.
func Outcomes() []Outcome {
	all := make([]Outcome, len(retries))
	for i, r := range retries {
		all[i] = r.Outcome
	}
	return all
}

// retry is what follows an outcome.
func (p *Policy) retry(o Outcome) Retry {
	for _, all := range [][]Retry{p.Retries, retries} {
		if i := slices.IndexFunc(all, func(r Retry) bool { return r.Outcome == o }); i >= 0 {
			return all[i]
		}
	}
	return Retry{Outcome: o}
}

func (r Retry) check() error {
	switch {
	case !slices.Contains(Outcomes(), r.Outcome):
		return fmt.Errorf("retry: outcome %q: %w: want one of %v", r.Outcome, ErrInvalid, Outcomes())
	case r.Times < 0 || r.Times > maxAttempts:
		return fmt.Errorf("retry after %s: times %d: %w: want 0 to %d", r.Outcome, r.Times, ErrInvalid, maxAttempts)
	case r.Times > 0 && (r.After < minRetry || r.After > maxRetry):
		return fmt.Errorf("retry after %s: after %s: %w: want %s to %s", r.Outcome, r.After, ErrInvalid, minRetry, maxRetry)
	}
	return nil
}
