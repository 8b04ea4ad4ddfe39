package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const (
	// turnEvery is how often the loop turns at least, so that it can be seen
	// to be alive.
	turnEvery = 250 * time.Millisecond
	// batchSize bounds the inputs of one write.
	batchSize = 256
)

// loop is the one goroutine that steps the machine. It waits for nothing but
// inputs, timers and the journal's write.
type loop struct {
	e    *Engine
	m    Machine
	seq  uint64
	at   fact.Instant
	gate gate
	log  *ledger

	frames  []byte
	effects []stepped
	taken   []func(seq uint64, err error)
	seqs    []uint64
	spare   []item
}

// stepped is what one input led to.
type stepped struct {
	seq     uint64
	effects []center.Effect
}

// run turns until ctx ends. What has arrived by then is still taken.
func (l *loop) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		l.turn()
		if ctx.Err() != nil {
			return
		}
		timer.Reset(l.rest())
		select {
		case <-l.e.inbox.notify:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}

// rest is how long the loop may sleep: to the next timer, or to when timers
// need wait no longer. It is never nothing, so that a machine whose timer does
// not go away cannot keep the loop busy.
func (l *loop) rest() time.Duration {
	now, wait := l.e.clock.Now(), turnEvery
	if now < l.gate.until {
		wait = min(wait, l.gate.until.Sub(now))
	} else if due, ok := l.m.Next(); ok {
		wait = min(wait, due.Sub(now))
	}
	return max(wait, time.Millisecond)
}

// turn takes everything that has arrived, then lets timers that are due fire.
func (l *loop) turn() {
	l.checkAway()
	items := l.e.inbox.take(l.spare)
	for chunk := range slices.Chunk(items, batchSize) {
		l.step(chunk, false)
		l.checkAway()
	}
	clear(items)
	l.spare = items
	l.step(nil, l.timersDue())
	l.log.retry(l)
}

// timersDue says whether a Tick is to be stepped. What has arrived before is
// stepped, what arrives meanwhile is newer than the timers.
func (l *loop) timersDue() bool {
	now := l.e.clock.Now()
	shut, vain := l.gate.shut(now)
	if shut {
		return false
	}
	if len(vain) > 0 {
		var downs []item
		for _, name := range vain {
			downs = append(downs, item{in: downOf(now, name, fmt.Sprintf("not heard of within %s", upLimit))})
		}
		l.step(downs, false)
	}
	l.e.recovered.Store(true)
	due, ok := l.m.Next()
	return ok && due <= now
}

// checkAway notices that the loop was kept from turning. If only the loop was,
// events have gone on to the inbox and a moment is enough; if the process was,
// the switches must say what they hold.
func (l *loop) checkAway() {
	now := time.Now()
	gap, frozen := l.e.pulse.turned(now)
	if gap <= awayLimit {
		return
	}
	l.e.aways.Add(1)
	var names []string
	if frozen {
		for _, r := range l.e.order {
			if r.renew(fmt.Sprintf("the process stood still for %s", gap.Round(time.Millisecond))) {
				names = append(names, r.sw.Name())
			}
		}
	}
	l.gate.await(l.e.clock.Now(), names)
	l.e.o.Log.Warn("the loop was kept from turning", "for", gap.Round(time.Millisecond), "process", frozen, "resync", names)
}

// step applies inputs, and a Tick behind them when asked for, writes them to
// the journal in one write, and then hands on what they led to.
//
// The machine is stepped before the write, so that what it calls sensitive is
// known exactly; nothing of it leaves before the write.
func (l *loop) step(items []item, tick bool) {
	if len(items) == 0 && !tick {
		return
	}
	l.at = max(l.at, l.e.clock.Now())
	l.frames, l.effects, l.taken, l.seqs = l.frames[:0], l.effects[:0], l.taken[:0], l.seqs[:0]
	first := l.seq + 1
	for _, it := range items {
		err := l.apply(it.in)
		if err != nil {
			l.e.o.Log.Error("input was not taken", "input", center.InputName(it.in), "error", err)
			it.dropped(err)
			continue
		}
		if it.taken != nil {
			l.taken, l.seqs = append(l.taken, it.taken), append(l.seqs, l.seq)
		}
	}
	if tick {
		if err := l.apply(center.Tick{}); err != nil {
			l.e.o.Log.Error("timers were not fired", "error", err)
		}
		l.e.ticks.Add(1)
	}
	if l.seq < first {
		return
	}
	l.log.write(l, first)
	l.e.inputs.Add(l.seq - first + 1)
	l.e.batches.Add(1)
	l.e.stepped.Store(l.seq)
	l.handOn()
}

// apply steps the machine by one input and frames it for the journal. The
// machine is given what the journal will say, so that a replay cannot differ.
func (l *loop) apply(in center.Input) error {
	text, in, err := center.Settle(in)
	if err != nil {
		return err
	}
	seq := l.seq + 1
	r := record{seq: seq, at: l.at, lag: l.log.lag(seq), input: text}
	if looked, ok := in.(center.Looked); ok && looked.Fetched != nil { // what others know of a caller
		r.sealed, r.input = true, l.e.seal.seal(text, aboutRecord(seq, l.at))
	}
	if heard, ok := in.(center.Heard); ok {
		switch ev := heard.Event.(type) {
		case media.Digit:
			if l.m.Sensitive(ev.Leg) {
				r.sealed, r.input = true, l.e.seal.seal(text, aboutRecord(seq, l.at))
			}
		case media.Up:
			l.gate.heard(ev.Switch)
		}
	}
	began := time.Now()
	effects := l.stepMachine(seq, in)
	l.e.tookStep(time.Since(began))
	l.seq = seq
	l.e.recent.keep(seq, in)
	l.frames = appendRecord(l.frames, r)
	if len(effects) > 0 {
		l.effects = append(l.effects, stepped{seq, effects})
	}
	return nil
}

// stepMachine names the input that a machine could not bear; the process then
// ends, and the input is not in the journal.
func (l *loop) stepMachine(seq uint64, in center.Input) []center.Effect {
	defer func() {
		if r := recover(); r != nil {
			l.e.o.Log.Error("the machine failed", "seq", seq, "input", center.InputName(in), "panic", r)
			panic(r)
		}
	}()
	return l.m.Step(l.at, in)
}

// handOn gives the effects of the batch to those who carry them out.
func (l *loop) handOn() {
	for _, s := range l.effects {
		for _, effect := range s.effects {
			switch effect := effect.(type) {
			case center.Send:
				l.e.sendTo(effect)
			case center.Reply:
				l.e.asks.reply(s.seq, effect)
			case center.Look:
				l.e.looks.start(effect)
			case center.Keep:
				l.e.keeps.start(effect)
			case center.Mark:
				l.e.keeps.note(effect)
			}
			// Emit, Write, AddWrapUp, AddLog, AddCount and AddTry are the follower's.
		}
		l.e.effects.Add(uint64(len(s.effects)))
	}
	l.e.effectLog.write(l.effects)
	for i, taken := range l.taken {
		taken(l.seqs[i], nil)
	}
	clear(l.effects)
	clear(l.taken)
}
