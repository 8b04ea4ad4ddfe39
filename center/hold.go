package center

import (
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// ruleHold is about callers who are on hold for too long.
const ruleHold = "RUL-HLD-7"

// holding is a caller on hold. Every is from one word about it to the next, 0
// for none; Due when the next comes.
type holding struct {
	Since fact.Instant  `json:"since"`
	Every time.Duration `json:"every,omitempty"`
	Due   fact.Instant  `json:"due,omitempty"`
	// Long says that it has lasted longer than the rules allow.
	Long bool `json:"long,omitempty"`
}

// toneHeld reminds an agent of a caller on hold.
var toneHeld = []media.Prompt{{Tone: "beep"}, {Silence: toneGap}, {Tone: "beep"}}

// watchHold keeps since when somebody of a talk is on hold, by the phone's key
// or by ours.
func (c *Center) watchHold(k *contact) {
	switch on := k.call.OnHold(); {
	case !on:
		k.holding = nil
	case k.holding == nil:
		h := &holding{Since: c.now.At, Every: c.cfg.Transfers.MaxHold}
		if h.Every > 0 {
			h.Due = h.Since.Add(h.Every)
		}
		k.holding = h
	}
}

// heldLong tells supervisors and the agent of a caller who has been on hold for
// too long (freeswitch#1140), and will again.
func (c *Center) heldLong(k *contact) {
	h := k.holding
	h.Long, h.Due = true, c.now.At.Add(h.Every)
	e := fact.Event{Kind: fact.HoldLong, Call: k.call.ID, Queue: k.call.Queue, Millis: int64(c.now.At - h.Since)}
	for _, l := range k.call.Legs {
		if l.Agent != "" && !l.Gone && l.Part == call.PartTalk {
			e.Agent, e.Leg = l.Agent, l.ID
			break
		}
	}
	c.emit(e)
	c.step(k, call.Notice{Leg: e.Leg, Prompts: toneHeld})
}
