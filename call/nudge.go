package call

import (
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// hearsLease is how long a play of ours to a leg of a talk counts as heard when
// its end was never told.
const hearsLease = 10 * time.Second

type (
	// Nudge lets one leg of a talk hear a reminder that is for nobody else. It
	// comes at once or not at all (Nudgeable).
	Nudge struct {
		Leg     fact.LegID
		Prompts []media.Prompt
	}
	// Remark lets all in a talk hear the same, each who can hear it at once.
	Remark struct{ Prompts []media.Prompt }
)

func (Nudge) input()  {}
func (Remark) input() {}

// Nudgeable says whether a leg of a talk can hear a reminder now: it is in the
// talk, its phone holds nobody, and it hears no other prompt. There is one
// reminder at a time in a call.
func (c *Call) Nudgeable(at fact.Instant, leg fact.LegID) bool {
	return c.free(at, c.Leg(leg)) && !slices.ContainsFunc(c.Legs, func(l *Leg) bool { return l.hearing(at) })
}

// free says whether something can be played to a leg of a talk at once.
func (c *Call) free(at fact.Instant, l *Leg) bool {
	switch {
	case c.Phase != InTalk || !l.there() || l.State != media.LegUp || l.Part != PartTalk && l.Part != PartAdded:
		return false
	case l.Held || l.ToHold || l.OnHold || l.InRoom != c.Room:
		return false
	}
	return !l.hearing(at) && (l != c.First() || len(c.Plays) == 0)
}

// hearing says whether a leg hears a play of ours.
func (l *Leg) hearing(at fact.Instant) bool {
	return l.Hears != "" && at < l.HearsSince.Add(hearsLease)
}

func (c *Call) nudge(in Nudge) {
	if c.Nudgeable(c.now.At, in.Leg) {
		c.sayInEar(c.Leg(in.Leg), in.Prompts)
	}
}

func (c *Call) remark(in Remark) {
	for _, l := range c.Legs {
		if c.free(c.now.At, l) {
			c.say(l, in.Prompts)
		}
	}
}

// heardOut is the end of a play that no script waits for.
func (c *Call) heardOut(id fact.PlayID) {
	for _, l := range c.Legs {
		if l.Hears == id {
			l.Hears, l.HearsSince = "", 0
		}
	}
}

// GiveUp ends the ringing of whom was dialled for the first leg, as unanswered.
type GiveUp struct{}

func (GiveUp) input() {}

// causeNoAnswer is Q.850 19: alerting, no answer.
const causeNoAnswer = 19

func (c *Call) giveUp() {
	l := c.Partner()
	if c.Phase != Dialling || l == nil || l.State != media.LegRing {
		return
	}
	c.hangup(l, 0)
	c.missed(l, MissNoAnswer, causeNoAnswer)
}
