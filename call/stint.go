package call

import "github.com/huawu/huawu/fact"

// Stint is an agent's part in the talk: of who dialled, else of who was called.
type Stint struct {
	Leg   fact.LegID   `json:"leg"`
	Agent fact.AgentID `json:"agent"`
	Since fact.Instant `json:"since"`
}

// How an agent's part in a talk ends: the reasons of call.parted.
const (
	PartedHangup      = "hangup"      // the phone was hung up, before the other side's
	PartedEnded       = "ended"       // by order; the caller goes on
	PartedScene       = "scene"       // a scene has hung up, by its code
	PartedTransferred = "transferred" // the talk is somebody else's
	PartedParked      = "parked"
	PartedQueued      = "queued" // the caller waits in line again
)

// parting is who ends an agent's part in this step, and how.
type parting struct {
	by  fact.Party
	how string
}

// parts notes who ends the agent's part, if it ends in this step; the first word
// counts.
func (c *Call) parts(by fact.Party, how string) {
	if c.parting == (parting{}) {
		c.parting = parting{by, how}
	}
}

// partsByEnd notes a leg's end as what ends the agent's part.
func (c *Call) partsByEnd(l *Leg, far bool) {
	by, how := c.by(l, far), ""
	if s := c.Stint; s != nil && l.ID == s.Leg && by == fact.ByAgent {
		how = PartedHangup
	}
	c.parts(by, how)
}

// stintSince is the part of the agent who talks, nil for nobody.
func (c *Call) stintSince(at fact.Instant) *Stint {
	l := c.First()
	if l.Agent == "" {
		l = c.Partner()
	}
	if l == nil || l.Agent == "" {
		return nil
	}
	return &Stint{Leg: l.ID, Agent: l.Agent, Since: at}
}

// stint begins the part of the agent who talks, nil for nobody.
func (c *Call) stint() {
	if c.Stint = c.stintSince(c.now.At); c.Stint == nil {
		return
	}
	c.emit(fact.Event{Kind: fact.CallConnected, Leg: c.Stint.Leg, Agent: c.Stint.Agent, Queue: c.Queue, Reason: string(c.Direction)})
}

// stintOver ends the part of the agent who talks.
func (c *Call) stintOver() {
	s := c.Stint
	if s == nil {
		return
	}
	c.Stint = nil
	c.parts(fact.BySystem, "")
	e := fact.Event{Kind: fact.CallParted, Leg: s.Leg, Agent: s.Agent, Queue: c.Queue, By: c.parting.by, Reason: c.parting.how,
		Millis: int64(c.now.At - s.Since)}
	if e.Reason == PartedHangup || e.Reason == PartedScene {
		if e.Name = c.Excuse; e.Name != "" {
			c.Spared = e.Name
		}
	}
	c.emit(e)
}

// stintMoves goes on with who has the talk now in the place of by.
func (c *Call) stintMoves(by *Leg) {
	if c.Stint != nil && c.Stint.Leg != by.ID {
		return
	}
	c.parting = parting{fact.ByAgent, PartedTransferred}
	c.stintOver()
	c.stint()
}

// Restored fills in what an older huawu did not write of a call: whose part in
// the talk goes on.
func (c *Call) Restored() {
	if c.Phase == InTalk && c.Stint == nil {
		c.Stint = c.stintSince(c.Spans.Since)
	}
}
