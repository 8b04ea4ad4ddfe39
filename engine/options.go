package engine

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// Options is what an engine works by. Zero values take the defaults named.
type Options struct {
	// Dir is the data directory; it is made when missing. One process only.
	Dir string
	// Tenant is whose centre it is; fact.DefaultTenant when empty.
	Tenant fact.TenantID
	// New makes a machine that has seen nothing; Restore one that goes on
	// from a Checkpoint. Both are called several times.
	New     func() Machine
	Restore func(checkpoint []byte) (Machine, error)
	// Config, when set, enters right after Booted and before any switch
	// speaks, unless the machine already works by that version.
	Config *center.Config
	// First, when set, gives operations that are asked before any switch
	// speaks, by what the machine holds.
	First func(v *center.View) []center.Operation
	// Store is where records and events go; nil for none.
	Store Store
	// Lookup answers Look; nil answers every Look with an error.
	Lookup Lookup
	// Enquirer asks other systems; nil answers every enquiry with an error.
	Enquirer Enquirer
	// Speaker speaks what calls say in words of their own; nil speaks nothing.
	Speaker Speaker
	// Keeper keeps promises; nil fails every Keep and Mark.
	Keeper Keeper
	// QueueLog is the path of a file in app_queue's queue_log format; "" for
	// none. It belongs to the engine alone.
	QueueLog string
	// EffectLog writes every effect beside the journal, for comparing with a
	// replay.
	EffectLog bool
	// Inbox is how many inputs may wait for the loop (16384).
	Inbox int
	// Lane is how many commands may wait for one leg (256).
	Lane int
	// Workers is how many commands may be under way at once (64).
	Workers int
	// Ring is how many events the feed reaches back (16384, about 10 MB).
	Ring int
	// Segment is the size at which the journal begins another file (64 MiB).
	Segment int64
	// Keep bounds what the journal keeps beyond what recovery needs.
	Keep Retention
	// CheckpointInputs and CheckpointEvery are after how many inputs (20000)
	// and how long (10 s) a checkpoint is written, whichever comes first.
	CheckpointInputs int
	CheckpointEvery  time.Duration
	// DrainLimit bounds Drain (5 min).
	DrainLimit time.Duration
	// OnStuck is called once when the loop has not turned for 10 s. Whoever
	// starts the engine should end the process: a switch does not notice by
	// itself.
	OnStuck func(age time.Duration)
	// Long, when set, is told that work begins off the loop that may take a
	// processor for milliseconds, and calls what it is given at its end.
	Long func() (over func())
	// Wall is the wall clock; time.Now when nil.
	Wall func() time.Time
	// Log is where the engine says what an operator should know; slog's
	// default when nil.
	Log *slog.Logger

	// create makes journal files and pending bounds what waits for a journal
	// that cannot be written; tests put failures in their place.
	create  func(path string) (segmentFile, error)
	pending int
}

// Retention bounds the journal. What a checkpoint, the store or the queue log
// still needs is kept in any case. Zero means the default.
type Retention struct {
	Files int           // 64
	Bytes int64         // 1 GiB
	Age   time.Duration // 7 days
}

// withDefaults fills in what is zero, or says which field is wrong.
func (o Options) withDefaults() (Options, error) {
	if o.Dir == "" {
		return o, fmt.Errorf("engine options: Dir is empty: want the path of the data directory")
	}
	if o.New == nil || o.Restore == nil {
		return o, fmt.Errorf("engine options: New and Restore are both needed")
	}
	setDefault(&o.Tenant, fact.DefaultTenant)
	setDefault(&o.Inbox, 16384)
	setDefault(&o.Lane, 256)
	setDefault(&o.Workers, 64)
	setDefault(&o.Ring, 16384)
	setDefault(&o.Segment, 64<<20)
	setDefault(&o.Keep.Files, 64)
	setDefault(&o.Keep.Bytes, 1<<30)
	setDefault(&o.Keep.Age, 7*24*time.Hour)
	setDefault(&o.CheckpointInputs, 20000)
	setDefault(&o.CheckpointEvery, 10*time.Second)
	setDefault(&o.DrainLimit, 5*time.Minute)
	setDefault(&o.pending, pendingLimit)
	if o.create == nil {
		o.create = createSegment
	}
	if o.Long == nil {
		o.Long = func() func() { return func() {} }
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"Inbox", int64(o.Inbox)}, {"Lane", int64(o.Lane)}, {"Workers", int64(o.Workers)}, {"Ring", int64(o.Ring)},
		{"Segment", o.Segment}, {"Keep.Files", int64(o.Keep.Files)}, {"Keep.Bytes", o.Keep.Bytes}, {"Keep.Age", int64(o.Keep.Age)},
		{"CheckpointInputs", int64(o.CheckpointInputs)}, {"CheckpointEvery", int64(o.CheckpointEvery)}, {"DrainLimit", int64(o.DrainLimit)},
	} {
		if f.value < 0 {
			return o, fmt.Errorf("engine options: %s is %d: want more than 0, or 0 for the default", f.name, f.value)
		}
	}
	return o, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
