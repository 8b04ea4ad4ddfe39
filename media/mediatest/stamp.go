package mediatest

import (
	"cmp"
	"maps"
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// stamped is the event with its instant set.
func stamped(e media.Event, at fact.Instant) media.Event {
	switch e := e.(type) {
	case media.Up:
		e.At = at
		return e
	case media.Down:
		e.At = at
		return e
	case media.LegArrived:
		e.At = at
		return e
	case media.LegRinging:
		e.At = at
		return e
	case media.LegAnswered:
		e.At = at
		return e
	case media.LegHeld:
		e.At = at
		return e
	case media.LegUnheld:
		e.At = at
		return e
	case media.LegReplaced:
		e.At = at
		return e
	case media.LegLeft:
		e.At = at
		return e
	case media.LegEnded:
		e.At = at
		return e
	case media.Digit:
		e.At = at
		return e
	case media.PlayStarted:
		e.At = at
		return e
	case media.PlayEnded:
		e.At = at
		return e
	case media.Joined:
		e.At = at
		return e
	case media.Left:
		e.At = at
		return e
	case media.RecordStarted:
		e.At = at
		return e
	case media.RecordEnded:
		e.At = at
		return e
	case media.RecordFailed:
		e.At = at
		return e
	case media.SpyEnded:
		e.At = at
		return e
	case media.TalkStarted:
		e.At = at
		return e
	case media.TalkStopped:
		e.At = at
		return e
	case media.TransferAsked:
		e.At = at
		return e
	case media.EndpointState:
		e.At = at
		return e
	case media.CommandFailed:
		e.At = at
		return e
	}
	panic("mediatest: no stamp for " + media.EventName(e))
}

// sorted is a map's keys in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
