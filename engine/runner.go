package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// resyncEvery is how often at most a connection is dropped on purpose, so that
// an overload does not become a storm of listings.
const resyncEvery = 10 * time.Second

// roomEvery is how often a runner looks whether the inbox has room again.
const roomEvery = 50 * time.Millisecond

// runner keeps one switch's connection and carries its events to the inbox.
type runner struct {
	e  *Engine
	sw media.Switch

	mu      sync.Mutex
	up      bool
	reason  string             // why it is not up
	cancel  context.CancelFunc // ends the connection of the moment
	dropped string             // why it was ended on purpose, "" while it was not
	renewed time.Time          // when it was last made again on purpose
}

func newRunner(e *Engine, sw media.Switch) *runner {
	return &runner{e: e, sw: sw, reason: "not connected yet"}
}

// run connects again and again until ctx ends.
func (r *runner) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := r.connect(ctx)
		if ctx.Err() != nil {
			return
		}
		if sleep(ctx, r.ended(err)) != nil {
			return
		}
		// A listing that does not fit would cost the connection again.
		for r.e.inbox.crowded() && sleep(ctx, roomEvery) == nil {
		}
	}
}

// ended tells the machine that the connection is lost, unless the driver has,
// and says how long to wait before the next one.
func (r *runner) ended(err error) (pause time.Duration) {
	r.mu.Lock()
	up, reason := r.up, r.dropped
	if reason != "" {
		pause = max(0, resyncEvery-time.Since(r.renewed))
		r.renewed = time.Now().Add(pause)
	} else {
		// Going on is pointless until somebody mends it: look again in a while.
		pause, reason = resyncEvery, "the driver gave up"
		if err != nil {
			reason = err.Error()
		}
		if reason != r.reason {
			r.e.o.Log.Error("switch cannot be run", "switch", r.sw.Name(), "error", reason, "again_in", pause)
		}
	}
	r.up, r.reason = false, reason
	r.mu.Unlock()
	if up {
		r.e.inbox.force(item{in: downOf(r.e.clock.Now(), r.sw.Name(), reason)})
	}
	return pause
}

func (r *runner) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.mu.Lock()
	r.cancel, r.dropped = cancel, ""
	r.mu.Unlock()
	return r.sw.Run(ctx, r.emit)
}

// emit is called by the driver for each event, in order.
func (r *runner) emit(ev media.Event) {
	r.mu.Lock()
	if r.dropped != "" {
		r.mu.Unlock()
		return // the connection is being dropped; the next Up tells anew
	}
	switch ev := ev.(type) {
	case media.Up:
		r.up, r.reason = true, ""
	case media.Down:
		r.up, r.reason = false, ev.Reason
	}
	r.mu.Unlock()
	if leg, ok := ev.(media.LegArrived); ok {
		if exit, away := r.e.turnsAway(); away {
			r.deflect(leg, exit)
			return
		}
	}
	if !r.e.inbox.offer(item{in: center.Heard{Event: ev}}) {
		r.overflow()
	}
}

// deflect sends a new leg back to the dialplan without the machine ever
// hearing of it, or ends it where the switch cannot. Should that fail while
// the leg lives, the machine gets it after all: no leg is left alone.
func (r *runner) deflect(leg media.LegArrived, exit media.Exit) {
	var cmd media.Command = media.Deflect{Leg: leg.Leg, To: exit}
	if !r.sw.Capabilities().Deflect {
		cmd = media.Hangup{Leg: leg.Leg, Cause: causeCongestion}
	}
	if exit == media.ExitBusy {
		r.e.deflectedBusy.Add(1)
	} else {
		r.e.deflectedFallback.Add(1)
	}
	r.e.out.send(cmd, commandDeadline, func(err error) {
		if err != nil && media.FailureOf(err) != media.FailNoLeg {
			r.e.o.Log.Warn("new leg could not be turned away", "leg", leg.Leg, "switch", r.sw.Name(), "error", err)
			r.e.inbox.force(item{in: center.Heard{Event: leg}})
		}
	})
}

// causeCongestion is Q.850's switching equipment congestion.
const causeCongestion = 42

// overflow costs the connection: an event could not be taken in.
func (r *runner) overflow() {
	r.e.overflows.Add(1)
	length, _ := r.e.inbox.load()
	r.drop(fmt.Sprintf("the inbox is full (%d inputs)", length), false)
}

// renew has the switch list what it holds: the connection is dropped and made
// again. It says whether it did; not if that was done a short while ago, or
// there is no connection.
func (r *runner) renew(reason string) bool { return r.drop(reason, true) }

func (r *runner) drop(reason string, spare bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dropped != "" || r.cancel == nil || (spare && (!r.up || time.Since(r.renewed) < resyncEvery)) {
		return false
	}
	r.e.resyncs.Add(1)
	r.e.o.Log.Warn("connection to the switch is dropped and made again", "switch", r.sw.Name(), "reason", reason)
	r.dropped = reason
	r.cancel()
	return true
}

// troubled is a switch that says, between Down and Up and before the first Up,
// what keeps it from connecting at this moment.
type troubled interface{ Trouble() string }

func (r *runner) health() SwitchHealth {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := SwitchHealth{Name: r.sw.Name(), Up: r.up, Reason: r.reason}
	if t, ok := r.sw.(troubled); ok && !h.Up {
		if now := t.Trouble(); now != "" {
			h.Reason = now
		}
	}
	return h
}

// turnsAway says whether a new leg is not taken, and where it goes.
func (e *Engine) turnsAway() (media.Exit, bool) {
	switch {
	case e.draining.Load(), e.journalFailed.Load():
		return media.ExitFallback, true
	case e.inbox.crowded():
		return media.ExitBusy, true
	}
	return "", false
}

// do sends a command to the switch that its ids are bound to.
func (e *Engine) do(ctx context.Context, cmd media.Command) error {
	name := cmd.Ref().Switch()
	r, ok := e.runners[name]
	if !ok {
		return fmt.Errorf("%s: no switch is called %q: %w", media.CommandName(cmd), name, media.ErrUnavailable)
	}
	return r.sw.Do(ctx, cmd)
}

// sendTo puts a command of the machine in its lanes; a failure comes back as
// an input.
func (e *Engine) sendTo(s center.Send) {
	e.out.send(s.Command, s.Deadline, func(err error) {
		if err != nil {
			e.inbox.force(item{in: center.Heard{Event: media.Failed(e.clock.Now(), s.Command, err)}})
		}
	})
}

// downOf is the event that a switch was not heard of.
func downOf(at fact.Instant, name, reason string) center.Heard {
	return center.Heard{Event: media.Down{Head: media.Head{At: at}, Switch: name, Reason: reason}}
}
