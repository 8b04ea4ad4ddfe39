package center

import (
	"fmt"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// endTalk ends an agent's part in a talk; the caller goes on in the flow.
func (c *Center) endTalk(op EndTalk) error {
	k, by, err := c.talk("end talk", op.Call, op.Agent)
	if err == nil && (by != k.call.First() || !k.call.Keeps()) {
		k, by, err = c.giver("end talk", op.Call, op.Agent)
	}
	if err == nil {
		err = c.askedMore("end talk", k, by.Agent)
	}
	if err == nil {
		c.step(k, call.Release{By: by.ID})
	}
	return err
}

// The scenes of ending a talk.
const (
	scenePreClosing = "pre_closing" // is there anything else?
	sceneClosing    = "closing"
)

// ruleQuestion wants it asked before a talk is ended whether there is anything
// else.
const ruleQuestion = "RUL-END-4"

// askedMore refuses to end a talk in which the agent has not asked for more help yet,
// or has only just, where the norms enforce it and there are words for it. The
// agent is led through them, but for one whom a scene excuses.
func (c *Center) askedMore(what string, k *contact, agent fact.AgentID) error {
	if k.call.Excuse != "" || c.index.book == nil || !c.norms.WantsQuestion(k.call.ID, c.now.At) {
		return nil
	}
	if _, _, err := c.index.book.Scene(phrase.Scope{Queue: k.call.Queue}, scenePreClosing); err != nil {
		return nil // the profile has no words for it
	}
	if !k.scene.on() {
		_ = c.startScene(StartScene{Call: k.call.ID, Agent: agent, Scene: scenePreClosing}, byNorms) // else it is the agent's to begin
	}
	return fmt.Errorf("%s: call %s: %w by rule %s: ask first whether there is anything else (scene %s), and wait for the answer",
		what, k.call.ID, ErrDenied, ruleQuestion, scenePreClosing)
}
