package center

import (
	"slices"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// byFlow stands for who dials where a flow does: as somebody signed in at a seat
// without a class of service.
const byFlow fact.AgentID = "flow"

// divert calls whom a flow gives the call to.
func (c *Center) divert(k *contact, a flow.Transfer) {
	number := a.Number
	if a.Agent != "" {
		if _, known := c.acd.Agent(a.Agent); !known || !c.cfg.Transfers.Agents {
			k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeDenied})
			return
		}
		number = string(a.Agent)
	}
	ways, _, tried := c.follow(attempt{Number: number, Agent: byFlow}, Seat{})
	ways = slices.DeleteFunc(ways, func(w way) bool { return w.refused != "" })
	if len(ways) == 0 {
		k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeFailed})
		return
	}
	k.diverted, k.line = &diverted{Millis: a.Timeout.Milliseconds(), Back: a.Back}, a.Token
	ways[0].limit = a.Timeout
	c.emit(fact.Event{Kind: fact.TransferAsked, Call: k.call.ID, Agent: a.Agent, To: number})
	c.dial(k, ways[0], tried)
}

// diverted is a call that its flow has given away.
type diverted struct {
	Millis int64 `json:"ms"` // of ringing on each way
	// Back says that the caller goes on in the flow after the talk.
	Back bool `json:"back,omitempty"`
}

// undiverted tries another way to whom a flow has given the call, or goes on in
// the flow when there is none.
func (c *Center) undiverted(k *contact, l *call.Leg, e call.Undialled) {
	if k.colleague != "" {
		c.line(routing.Free{Agent: k.colleague, Call: k.call.ID})
		k.colleague = ""
	}
	if k.attempt != nil && l != nil {
		if w, a, ok := c.onward(*k.attempt, Seat{}, l, e); ok {
			w.limit = millis(int(k.diverted.Millis))
			c.dial(k, w, a)
			return
		}
	}
	k.diverted, k.attempt = nil, nil
	c.emit(fact.Event{Kind: fact.TransferFailed, Call: k.call.ID, Reason: string(e.Why)})
	c.step(k, call.Flow{})
	c.script(k, flow.Returned{Token: k.line, Outcome: flow.OutcomeFailed})
}

// comesBack goes on in the flow with a caller whom it had given away: the talk is
// over, and the caller is there still.
func (c *Center) comesBack(k *contact) {
	if k.colleague != "" {
		c.line(routing.Free{Agent: k.colleague, Call: k.call.ID})
		k.colleague = ""
	}
	k.diverted, k.attempt = nil, nil
	c.script(k, flow.Returned{Token: k.line, Outcome: flow.OutcomeTalked})
}
