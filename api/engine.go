package api

import (
	"context"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
)

// Engine is what the API asks of a running engine; ForEngine makes one.
type Engine interface {
	// Ask carries out an operation in the name of somebody.
	Ask(ctx context.Context, by string, op center.Operation) (engine.Cursor, error)
	// Configure lets the centre work by a version that has been checked.
	Configure(ctx context.Context, c center.Config) (engine.Cursor, error)
	// View is the newest snapshot, never nil, and how far it reaches.
	View() (*center.View, engine.Cursor)
	// Await returns when View includes the cursor.
	Await(ctx context.Context, c engine.Cursor) error
	// Stored waits until View and then the store have what has happened so far,
	// for a short while and unless the store is away.
	Stored(ctx context.Context)
	// Why explains a call or an agent, as it stands or, unless at is zero, as
	// it stood then.
	Why(ctx context.Context, q center.Question, at time.Time) (center.Answer, error)
	// Feed reads events after a cursor; the zero Cursor means from now on.
	Feed(after engine.Cursor) Feed
	Epoch() string
	Health() engine.Health
	Stats() engine.Stats
}

// Feed is one reader's place among the events.
type Feed interface {
	// Next waits for events. It errors wrapping engine.ErrGap when some are
	// not at hand any more, and with the context's error when that ends.
	Next(ctx context.Context) ([]fact.Sequenced, error)
	// Cursor is the place of the last event given.
	Cursor() engine.Cursor
}

// ForEngine lets the API work on an engine.
func ForEngine(e *engine.Engine) Engine { return running{e} }

type running struct{ *engine.Engine }

func (r running) Feed(after engine.Cursor) Feed { return r.Engine.Feed(after) }
