package engine

import (
	"context"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// Machine is the centre as the engine sees it: pure, so that equal inputs at
// equal instants give equal effects, today and in a replay. The engine calls a
// machine from one goroutine at a time and keeps none of what it gives beyond
// the View, which shares nothing with it.
type Machine interface {
	// Step applies one input and says what must be done, in order. Instants
	// never go back.
	Step(at fact.Instant, in center.Input) []center.Effect
	// Next is when Step must be called with Tick if nothing else happens.
	Next() (fact.Instant, bool)
	// Checkpoint is the whole state; a machine restored from it goes on as
	// this one does.
	Checkpoint() ([]byte, error)
	// View is the centre for readers.
	View() *center.View
	// Sensitive says that keys pressed on this leg belong to a secret, so
	// that the journal must seal them.
	Sensitive(leg fact.LegID) bool
	// Why explains the centre as it stands. It changes nothing.
	Why(q center.Question) (center.Answer, error)
}

var _ Machine = (*center.Center)(nil)

// Store takes in what the journal says, as a projection of it. It may be slow
// or away: the journal keeps what it has not applied.
type Store interface {
	// Apply takes in a batch in one transaction. After an error it may have
	// happened or not: the engine hands over the same batch again.
	Apply(ctx context.Context, b fact.Batch) error
	// Applied is the epoch of the newest batch and the greatest sequence
	// number applied of it; "" and 0 when there is none.
	Applied(ctx context.Context) (epoch string, seq uint64, err error)
}

// Keeper keeps what the centre promises, before it is promised.
type Keeper interface {
	// Keep has what it was given when it returns nil, and the same again
	// changes nothing. After an error it may have it or not.
	Keep(ctx context.Context, tenant fact.TenantID, k center.Keep) error
	// Mark notes a misuse against a number by Mark.On, in the list of numbers
	// and with its audit; the same again changes nothing.
	Mark(ctx context.Context, tenant fact.TenantID, m center.Mark) (center.Marked, error)
}

// Lookup answers what the centre must not wait for.
type Lookup interface {
	// CheckPIN says whether the PIN belongs to the agent. An agent who does
	// not exist is false without an error.
	CheckPIN(ctx context.Context, tenant fact.TenantID, agent fact.AgentID, pin string) (bool, error)
	// Caller is what is known of a caller's earlier calls.
	Caller(ctx context.Context, tenant fact.TenantID, q center.CallerQuestion) (center.CallerHistory, error)
	// Take makes what was said for a phrase ready to be heard, or the
	// recording of the phrase.
	Take(ctx context.Context, tenant fact.TenantID, q center.TakeQuestion) (center.Taken, error)
}

// Speaker speaks words that nobody knew before the call.
type Speaker interface {
	// Speak is where the switch finds them, without extension. The context
	// bounds it; no error repeats the words.
	Speak(ctx context.Context, tenant fact.TenantID, q center.SpeechQuestion) (center.Speech, error)
}

// Enquirer asks other systems what flows want to know.
type Enquirer interface {
	// Enquire asks. Whom it may ask is its own to know; the context bounds it.
	Enquire(ctx context.Context, tenant fact.TenantID, q center.Enquiry) (center.Fetched, error)
}
