package sim

import (
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// supervise does with talks what supervisors can, at any moment, and more as
// soon as one thing is begun.
func (c *siege) supervise() {
	calls := c.Center.View().Calls
	if len(calls) == 0 {
		return
	}
	of := calls[c.Rand.IntN(len(calls))].ID
	by := center.Supervisor{Agent: c.agents[3+c.Rand.IntN(3)]}
	if c.Rand.IntN(4) == 0 {
		by = center.Supervisor{Endpoint: seatOf(c.agents[c.Rand.IntN(len(c.agents))])}
	}
	op := center.SuperviseCall{Call: of, By: by, Mode: call.Modes[c.Rand.IntN(len(call.Modes))]}
	if c.Rand.IntN(4) == 0 {
		op.Call, op.Agent = "", c.agents[c.Rand.IntN(len(c.agents))]
	}
	if c.Ask(op) != nil && c.Rand.IntN(3) > 0 {
		return
	}
	for range 1 + c.Rand.IntN(4) {
		c.Later(c.within(8*time.Second), func() {
			switch c.Rand.IntN(6) {
			case 0, 1:
				_ = c.Ask(center.SuperviseCall{Call: of, By: by, Mode: call.Modes[c.Rand.IntN(len(call.Modes))]})
			case 2:
				_ = c.Ask(center.TakeOverCall{Call: of, By: by})
			case 3:
				_ = c.Ask(center.EndSupervision{Call: of, By: by})
			case 4: // the phone's keys
				c.press(by.Endpoint, string(by.Agent), "4567"[c.Rand.IntN(4):][:1])
			case 5:
				for _, v := range c.Center.View().Calls {
					for _, s := range v.Supervisors {
						c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, s.Leg) })
						return
					}
				}
			}
		})
	}
}

// press has a supervisor press a key.
func (c *siege) press(at fact.Endpoint, agent, key string) {
	for _, v := range c.Center.View().Calls {
		for _, s := range v.Supervisors {
			if s.Endpoint == at || string(s.Agent) == agent {
				c.Far(func(now fact.Instant) []media.Event { return c.Core.Press(now, s.Leg, key) })
				return
			}
		}
	}
}

// attended looks after every step at what must hold of supervisors: at a talk,
// so many at most, each a busy agent; who only listens is heard by nobody.
func (c *siege) attended() {
	states := map[fact.AgentID]string{}
	v := c.Center.View()
	for _, a := range v.Agents {
		states[a.ID] = string(a.State)
	}
	for _, k := range v.Calls {
		if n := len(k.Supervisors); n > call.MaxSupervisors || n > 0 && k.State != center.CallTalking && k.State != center.CallHeld {
			c.t.Fatalf("%d supervisors at call %s, which is %s", n, k.ID, k.State)
		}
		for _, s := range k.Supervisors {
			if state, signedIn := states[s.Agent]; s.Agent != "" && signedIn && state != "TALKING" && state != "HOLD" && state != "OFFLINE" {
				c.t.Fatalf("%s supervises call %s and is %s", s.Agent, k.ID, state)
			}
		}
	}
}
