package center

import (
	"fmt"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
)

// talk finds a call that talks and the leg of the agent who acts in it: the
// named one, or who has the talk for "".
func (c *Center) talk(what string, id fact.CallID, agent fact.AgentID) (*contact, *call.Leg, error) {
	k := c.contacts[id]
	if k == nil {
		return nil, nil, fmt.Errorf("%s: call %q: %w", what, id, ErrNotFound)
	}
	if k.call.Phase != call.InTalk {
		return nil, nil, fmt.Errorf("%s: call %s: %w: nobody talks in it", what, id, ErrConflict)
	}
	l := k.call.Partner()
	if first := k.call.First(); first.Agent != "" && (agent == "" || agent == first.Agent) {
		l = first
	}
	if l == nil || agent != "" && l.Agent != agent {
		return nil, nil, fmt.Errorf("%s: call %s: %w: agent %q does not have the talk", what, id, ErrConflict, agent)
	}
	return k, l, nil
}

// holdCall lets a caller hear music, or brings the caller back.
func (c *Center) holdCall(op HoldCall) error {
	k, by, err := c.talk("hold", op.Call, op.Agent)
	if err != nil {
		return err
	}
	if k.call.Side != nil {
		return fmt.Errorf("hold: call %s: %w: the caller is on hold while somebody is asked", op.Call, ErrConflict)
	}
	other := k.call.First()
	if by == other {
		other = k.call.Partner()
	}
	if op.On && !op.Consent && c.norms.WantsConsent(op.Call) {
		return fmt.Errorf("hold: call %s: %w by rule %s: the caller must agree first: say consent", op.Call, ErrDenied, ruleConsent)
	}
	c.step(k, call.Hold{Leg: other.ID, On: op.On, Class: c.index.queues[k.call.Queue].Music, Consent: op.Consent})
	return nil
}

// muteCall keeps an agent from being heard, or ends that.
func (c *Center) muteCall(op MuteCall) error {
	k, by, err := c.talk("mute", op.Call, op.Agent)
	if err != nil {
		return err
	}
	c.step(k, call.Mute{Leg: by.ID, On: op.On})
	return nil
}

// Sensitive says whether the next digit of a leg is one that nobody may see.
// What is typed in a talk is for who is talked to alone: a card, a PIN. An
// agent's keys are orders to us in the talk of a caller, and may be a secret to
// a machine in a call of the agent's own, or whom the agent asks meanwhile.
func (c *Center) Sensitive(leg fact.LegID) bool {
	k := c.of(leg)
	if k == nil {
		return false
	}
	if k.call.Phase == call.InTalk || k.call.Phase == call.Parked {
		l := k.call.Leg(leg)
		return l == nil || l.Agent == "" || k.call.Direction != fact.Inbound || k.call.Side != nil || k.call.Third
	}
	return k.session != nil && k.session.Sensitive()
}
