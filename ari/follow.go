package ari

import (
	"container/heap"
	"context"
	"errors"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// handleNow handles an item unless others are to be handled before it. Handing
// each event to another goroutine would take as long as handling it.
func (s *Switch) handleNow(l *link, it item, emit func(media.Event)) (done bool, err error) {
	if !l.turn.TryLock() {
		return false, nil
	}
	defer l.turn.Unlock()
	if !l.direct || len(l.queue) > 0 || l.ctx.Err() != nil {
		return false, nil
	}
	return true, s.handle(it, emit)
}

// rouse has follow look at the queue and the alarms.
func (l *link) rouse() {
	select {
	case l.wake <- struct{}{}:
	default: // it is going to
	}
}

// follow lists what there is, emits Up and then handles the queue, events that
// came while listing first, and what is due. It returns why the connection
// ended.
func (s *Switch) follow(l *link, emit func(media.Event)) error {
	if err := s.list(l, emit); err != nil {
		return err
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		if l.ctx.Err() != nil {
			return s.drain(l, emit)
		}
		if err := s.empty(l, emit); err != nil {
			return err
		}
		timer.Reset(s.untilAlarm())
		select {
		case <-l.wake:
		case <-timer.C:
			l.turn.Lock()
			s.emit(emit, s.config.Clock(), s.ring)
			l.turn.Unlock()
		case <-l.ctx.Done():
		}
	}
}

// empty handles the queue to its end; from then on events are handled as they
// are read.
func (s *Switch) empty(l *link, emit func(media.Event)) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	for {
		select {
		case it := <-l.queue:
			if err := s.handle(it, emit); err != nil {
				return err
			}
		default:
			l.direct = true
			return nil
		}
	}
}

// drain handles what was received before the connection was lost, which is no
// less true; nothing when it was us who ended it.
func (s *Switch) drain(l *link, emit func(media.Event)) error {
	cause := context.Cause(l.ctx)
	if errors.Is(cause, context.Canceled) {
		return cause
	}
	if err := s.empty(l, emit); err != nil {
		return err
	}
	return cause
}

// untilAlarm is how long until the next alarm.
func (s *Switch) untilAlarm() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.link.alarms) == 0 {
		return time.Hour
	}
	return time.Until(s.link.alarms[0].due)
}

// ring has the alarms called that are due. Under the lock.
func (s *Switch) ring() {
	for now := time.Now(); len(s.link.alarms) > 0 && !s.link.alarms[0].due.After(now); {
		heap.Pop(&s.link.alarms).(alarm).ring()
	}
}

// handle applies one item and emits what it means.
func (s *Switch) handle(it item, emit func(media.Event)) error {
	if it.then != nil {
		s.emit(emit, it.at, it.then)
		return nil
	}
	var err error
	s.emit(emit, it.at, func() { err = s.apply(it.event) })
	return err
}

// emit runs f under the lock with the clock at what is being handled, and emits
// what f says. Stamps never go back, though a thing to do may have been stamped
// after an event that it is handled before.
func (s *Switch) emit(emit func(media.Event), at fact.Instant, f func()) {
	s.mu.Lock()
	s.now = max(s.now, at)
	f()
	out := s.out
	s.out = nil
	s.mu.Unlock()
	for _, e := range out {
		emit(e)
	}
}
