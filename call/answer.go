package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// An order to answer has answerLease to be seen carried out: longer than a
// command may take. One that failed is given again, answerTries times in all.
const (
	answerLease = 6 * time.Second
	answerTries = 3
)

func (c *Call) answer() {
	l := c.First()
	if l.Wanted || l.State == media.LegUp || !c.alive() {
		return
	}
	c.Answerings = 0
	c.orderAnswer(l)
}

func (c *Call) orderAnswer(l *Leg) {
	l.Wanted = true
	c.Answering = c.now.At.Add(answerLease)
	c.send(media.Answer{Leg: l.ID})
}

// answerDue lets the lease of an order to answer run out. The switch has taken
// the order and nothing was told of it: the word of it was lost, and a caller
// who is never seen to be up would be torn out of every talk.
func (c *Call) answerDue() {
	c.Answering = 0
	l := c.First()
	switch {
	case !c.alive() || l.State == media.LegUp:
	case l.Wanted:
		c.answered(l)
	case c.Answerings+1 < answerTries:
		c.Answerings++
		c.orderAnswer(l)
	default:
		c.end(End{By: fact.BySwitch, Ending: fact.Ending{Fault: fact.FaultTrunk, Reason: fact.ReasonSwitchDown}})
	}
}

// doubt has a leg asked after at once that a command did not find.
func (c *Call) doubt(l *Leg) {
	if l.Gone || l.Denied != 0 || !c.alive() {
		return
	}
	l.Quiet = c.now.At.Add(-silence)
	c.lookNext()
}
