package callback

import (
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
)

// Dial begins an attempt at the number: it is about to be dialled by a call. It
// says no when it must not be any more.
func (b *Book) Dial(id fact.CallbackID, call fact.CallID, now int64) (Callback, bool) {
	e := b.all[id]
	if e == nil || e.Stage != Lined || !b.may(e, now) {
		return Callback{}, false
	}
	e.reaches(Calling)
	e.Attempts, e.Tried, e.LastCall, e.Released, e.Again, e.Run = e.Attempts+1, now, call, 0, 0, false
	e.Moved, e.Said = false, ""
	b.count(e.Number, now)
	return e.Callback, true
}

// Say notes what the agent says of the attempt under way, in the place of what
// the line tells. It errors wrapping ErrInvalid.
func (b *Book) Say(id fact.CallbackID, o Outcome) error {
	e := b.all[id]
	switch {
	case e == nil || e.Stage != Calling || e.State != Open:
		return fmt.Errorf("callback %s: %w: want one that is being called", id, ErrInvalid)
	case !slices.Contains(Outcomes(), o):
		return fmt.Errorf("callback %s: outcome %q: %w: want one of %v", id, o, ErrInvalid, Outcomes())
	}
	e.Said = o
	return nil
}

// End ends an attempt. The callback is done, is called again by its policy, from
// when the attempt began, or is under review.
func (b *Book) End(id fact.CallbackID, o Outcome, by string, now int64) (Callback, bool) {
	e := b.all[id]
	if e == nil || e.Stage != Calling {
		return Callback{}, false
	}
	b.land(e, now)
	o = orElse(e.Said, o)
	if e.Row++; o != e.Outcome {
		e.Row = 1
	}
	e.Outcome = o
	e.reaches(Waiting)
	switch r := b.policy.retry(o); {
	case e.State != Open:
		c := e.Callback
		b.drop(e, now)
		b.replan(e, now)
		return c, true
	case e.Moved:
		e.Moved = false
	case o == Answered:
		e.becomes(Done)
		e.By, e.Closed = by, now
		c := e.Callback
		b.drop(e, now)
		b.replan(e, now)
		return c, true
	case e.Row > r.Times || e.Attempts >= b.policy.attempts():
		e.reaches(Review)
	default:
		e.Next = e.Tried + r.After.Milliseconds()
	}
	b.replan(e, now)
	return e.Callback, true
}
