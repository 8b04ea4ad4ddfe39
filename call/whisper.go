package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// whisperLimit is how long an agent who has picked up may hear something before
// the caller is there. It is well below the time in which the two must be
// joined (docs/states.md).
const whisperLimit = 5 * time.Second

// pickedUp goes on with the offer's agent who has picked up first: the caller,
// who still hears music, is brought there, after what the queue whispers.
func (c *Call) pickedUp(l *Leg) {
	if len(l.Whisper) == 0 {
		c.meet()
		return
	}
	c.Whisper, c.WhisperDue = c.say(l, l.Whisper), c.now.At.Add(whisperLimit)
}

// whispered goes on after a whisper: it was heard, failed or took too long, and
// none of these keeps the caller waiting.
func (c *Call) whispered() {
	c.Whisper, c.WhisperDue = "", 0
	if p := c.Partner(); c.Phase == Waiting && c.Taken != "" && p != nil && p.Offer == c.Taken && p.State == media.LegUp {
		c.meet()
	}
}

// meet brings the caller and the agent who has picked up together. What the
// agent hears still ends with it.
func (c *Call) meet() {
	if !c.passes() {
		return
	}
	c.send(media.Join{Room: c.Room, Legs: []fact.LegID{c.First().ID, c.Partner().ID}})
}
