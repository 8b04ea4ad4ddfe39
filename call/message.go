package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// message begins to record what the first leg says, apart from the recording of
// the whole call, and to hear whether it speaks.
func (c *Call) message(in Record) {
	if !c.alive() {
		c.do(Recorded{Token: in.Token, Failed: true})
		return
	}
	c.begin(c.First(), in.Token)
	c.send(media.DetectTalk{Leg: c.First().ID, On: true, Silence: in.Quiet})
}

// endMessage ends a message; Recorded follows.
func (c *Call) endMessage(token int) {
	for i := range c.Files {
		if r := &c.Files[i]; r.Message == token && !r.Closed {
			c.stopRecord(r)
			if c.alive() && !c.First().Gone {
				c.send(media.DetectTalk{Leg: c.First().ID})
			}
		}
	}
}

// recorded tells what came of a message once its recording is closed.
func (c *Call) recorded(r *Recording) {
	if r.Message == 0 {
		return
	}
	done := Recorded{Token: r.Message, Recording: r.ID, Failed: len(r.Files) == 0}
	for i, f := range r.Files { // what the caller said, where the sides are apart
		if i == 0 || f.Side == fact.SideIn {
			done.File = f
		}
	}
	c.do(done)
}

// talk tells that the first leg speaks, or has fallen silent.
func (c *Call) talk(leg fact.LegID, on bool) {
	if leg == c.First().ID {
		c.do(Talk{On: on})
	}
}
