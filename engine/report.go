package engine

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/center"
)

// looked brings the answer of a look-up to the machine.
func (e *Engine) looked(l center.Looked) { e.inbox.force(item{in: l}) }

// Health is how the engine does. It may be called by anybody at any time.
func (e *Engine) Health() Health {
	h := Health{Draining: e.draining.Load(), Recovered: e.recovered.Load(), Journal: e.journalHealth(), Switches: e.switchHealth(), Store: e.storeHealth()}
	running := e.running.Load() && !e.stopped()
	add := func(format string, args ...any) { h.Problems = append(h.Problems, fmt.Sprintf(format, args...)) }
	if !running {
		add("the engine does not run")
	} else {
		h.LoopAge = e.pulse.age(time.Now())
	}
	stuck := h.LoopAge > awayLimit
	if stuck {
		add("the loop has not turned for %s", h.LoopAge.Round(time.Millisecond))
	}
	if !h.Journal.OK {
		add("the journal cannot be written: %s", h.Journal.Error)
	}
	up := 0
	for _, s := range h.Switches {
		if s.Up {
			up++
		} else {
			add("switch %s is not up: %s", s.Name, s.Reason)
		}
	}
	if running && !h.Recovered {
		add("starting: not every switch has said what it holds")
	}
	if h.Draining {
		add("draining: no new calls are taken")
	}
	if !h.Store.OK {
		add("the store is away, %d inputs behind: %s", h.Store.Behind, h.Store.Error)
	}
	followed := true
	if err := e.followError.Load(); err != nil {
		followed = false
		add("views stand still: %v", *err)
	}
	h.Ready = running && !stuck && h.Journal.OK && h.Recovered && !h.Draining && up > 0 && followed
	return h
}

func (e *Engine) journalHealth() JournalHealth {
	h := JournalHealth{OK: !e.journalFailed.Load(), Pending: int(e.pending.Load())}
	if err := e.journalError.Load(); err != nil {
		h.Error = (*err).Error()
	}
	return h
}

func (e *Engine) switchHealth() []SwitchHealth {
	list := []SwitchHealth{}
	if !e.started.Load() {
		return list
	}
	for _, r := range e.order {
		list = append(list, r.health())
	}
	return list
}

func (e *Engine) storeHealth() StoreHealth {
	h, p := StoreHealth{OK: true}, e.toStore
	if p == nil {
		return h
	}
	if err := p.health(); err != nil {
		h.OK, h.Error = false, err.Error()
	}
	h.Behind = p.behind()
	if at, ok := e.tape.oldest(p.applied.Load()); ok {
		h.For = e.clock.Now().Sub(at)
	}
	return h
}

// behind is how many inputs a sink has not taken in yet.
func (p *projector) behind() uint64 {
	head, applied := p.e.tape.reached(), p.applied.Load()
	return head - min(head, applied)
}

// Stats is the engine's counters and gauges. It may be called by anybody at
// any time.
func (e *Engine) Stats() Stats {
	j := e.journal.state()
	s := Stats{
		Seq: e.stepped.Load(), Synced: j.synced, Followed: e.tape.reached(),
		Inputs: e.inputs.Load(), Ticks: e.ticks.Load(), Batches: e.batches.Load(),
		InboxSize: e.o.Inbox, Effects: e.effects.Load(),
		Overflows: e.overflows.Load(), Resyncs: e.resyncs.Load(), Aways: e.aways.Load(),
		DeflectedBusy: e.deflectedBusy.Load(), DeflectedFallback: e.deflectedFallback.Load(),
		JournalOK: !e.journalFailed.Load(), JournalErrors: j.errors, JournalBytes: j.bytes, JournalFiles: j.files,
		JournalPending: int(e.pending.Load()), SyncLast: j.syncTook, StepMax: time.Duration(e.stepMax.Load()),
		Checkpoints: e.checkpoints.Load(), CheckpointSeq: e.checkpointSeq.Load(),
	}
	s.InboxLen, s.InboxPeak = e.inbox.load()
	if e.started.Load() {
		lanes := e.out.load()
		s.Lanes, s.LaneCommands, s.LanePeak = lanes.lanes, lanes.queued, lanes.peak
		s.Commands, s.CommandsFailed, s.CommandsDropped = lanes.commands, lanes.failed, lanes.dropped
		s.Looks, s.LooksLate = e.looks.count.Load(), e.looks.late.Load()
		s.Fetches, s.FetchesFailed, s.FetchesWaiting = e.looks.fetched.Load(), e.looks.unfetched.Load(), int(e.looks.fetches.waiting.Load())
		s.Keeps, s.KeepsFailed, s.KeepsWaiting = e.keeps.kept.Load(), e.keeps.failed.Load(), int(e.keeps.waiting.Load())
	}
	for _, p := range e.sinks {
		if p == e.toStore {
			s.StoreBehind, s.StoreErrors = p.behind(), p.errors.Load()
		} else {
			s.QueueLogBehind, s.QueueLogErrors = p.behind(), p.errors.Load()
		}
	}
	return s
}
