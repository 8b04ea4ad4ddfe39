package ari

import "sync/atomic"

// Stats are counters since New, for metrics; read them as often as you like.
type Stats struct {
	Connects  uint64 // event sockets that reached Up
	Events    uint64 // events received
	Unknown   uint64 // of a type that the driver has no use for
	Mended    uint64 // with fields of another JSON type than documented
	Broken    uint64 // not readable at all
	Overflows uint64 // connections given up because the queue was full
	Requests  uint64 // REST requests sent
	Failures  uint64 // of them not answered by success
	Queue     int    // events received and not yet emitted
	QueueSize int    // its bound
}

type counters struct {
	connects, events, unknown, mended, broken, overflows, requests, failures atomic.Uint64
}

// Stats reads the counters.
func (s *Switch) Stats() Stats {
	c := &s.count
	st := Stats{
		Connects: c.connects.Load(), Events: c.events.Load(), Unknown: c.unknown.Load(), Mended: c.mended.Load(),
		Broken: c.broken.Load(), Overflows: c.overflows.Load(), Requests: c.requests.Load(), Failures: c.failures.Load(),
		QueueSize: s.config.QueueSize,
	}
	s.mu.Lock()
	if s.link != nil {
		st.Queue = len(s.link.queue)
	}
	s.mu.Unlock()
	return st
}
