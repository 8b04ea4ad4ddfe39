package center

import (
	"fmt"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
)

// QueryCall says that an agent looks something up with the caller on the line
// (SPEC scene wait), or has done. Consent says that the caller was asked first.
// It changes nothing that anybody hears: norms count from it.
type QueryCall struct {
	Call    fact.CallID  `json:"call"`
	Agent   fact.AgentID `json:"agent,omitempty"`
	On      bool         `json:"on"`
	Consent bool         `json:"consent,omitempty"`
}

func (QueryCall) operation() {}

// query is what an agent looks up in the middle of a talk, since when. It ends
// by the agent's word, or with the agent's part in the talk.
type query struct {
	Leg   fact.LegID   `json:"leg"`
	Agent fact.AgentID `json:"agent"`
	Since fact.Instant `json:"since"`
}

// consented is the reason of what a caller has agreed to.
func consented(yes bool) string {
	if yes {
		return call.HeldConsent
	}
	return ""
}

func (c *Center) queryCall(op QueryCall) error {
	k, by, err := c.talk("query", op.Call, op.Agent)
	switch {
	case err != nil:
		return err
	case by.Agent == "":
		return fmt.Errorf("query: call %s: %w: no agent is in the talk", op.Call, ErrConflict)
	case op.On && !op.Consent && c.norms.WantsConsent(op.Call):
		return fmt.Errorf("query: call %s: %w by rule %s: the caller must agree first: say consent", op.Call, ErrDenied, ruleConsent)
	case !op.On:
		c.queryOver(k)
	case k.query == nil:
		k.query = &query{Leg: by.ID, Agent: by.Agent, Since: c.now.At}
		c.emit(fact.Event{Kind: fact.QueryBegan, Call: k.call.ID, Leg: by.ID, Agent: by.Agent, Queue: k.call.Queue, Reason: consented(op.Consent)})
	}
	return nil
}

func (c *Center) queryOver(k *contact) {
	q := k.query
	if q == nil {
		return
	}
	k.query = nil
	c.emit(fact.Event{Kind: fact.QueryEnded, Call: k.call.ID, Leg: q.Leg, Agent: q.Agent, Queue: k.call.Queue, Millis: int64(c.now.At - q.Since)})
}
