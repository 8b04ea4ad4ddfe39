package call

import "github.com/huawu/huawu/fact"

// spans adds up how long the call was in which phase, in milliseconds of
// steady time.
type spans struct {
	Phase Phase        `json:"phase"`
	Since fact.Instant `json:"since"`
	IVR   int64        `json:"ivr,omitempty"`
	Wait  int64        `json:"wait,omitempty"`
	Talk  int64        `json:"talk,omitempty"`
	Ring  timer        `json:"ring"`
	Hold  timer        `json:"hold"`
	// Consult is the time in which an agent asked somebody.
	Consult timer `json:"consult,omitzero"`
}

// timer adds up spans that may be on or off.
type timer struct {
	On    bool         `json:"on,omitempty"`
	Since fact.Instant `json:"since,omitempty"`
	Sum   int64        `json:"sum,omitempty"`
}

func (t *timer) set(on bool, at fact.Instant) {
	if t.On == on {
		return
	}
	if t.On {
		t.Sum += int64(at - t.Since)
	}
	t.On, t.Since = on, at
}

func (s *spans) enter(p Phase, at fact.Instant) {
	past := int64(at - s.Since)
	switch s.Phase {
	case InFlow:
		s.IVR += past
	case Waiting:
		s.Wait += past
	case InTalk:
		s.Talk += past
	case Parked:
		s.Hold.Sum += past
	}
	s.Phase, s.Since = p, at
	if p != InTalk {
		s.Hold.set(false, at)
	}
	if p != Waiting && p != Dialling {
		s.Ring.set(false, at)
	}
}

// waited counts time before the line as part of the wait: of a caller who was
// kept on music before us, or who has come back to an old place.
func (s *spans) waited(ms int64) {
	ms = min(ms, s.IVR)
	s.IVR -= ms
	s.Wait += ms
}

func (s *spans) ring(on bool, at fact.Instant) { s.Ring.set(on, at) }
func (s *spans) hold(on bool, at fact.Instant) { s.Hold.set(on, at) }
