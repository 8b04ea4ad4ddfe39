package center

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// maxNote is the most characters of what somebody writes.
const maxNote = 200

func (c *Center) answerRequest(op AnswerRequest, by string) error {
	return c.agent("answer the request of", op.Agent, routing.Decide{Agent: op.Agent, Grant: op.Grant, By: by, Reason: op.Reason})
}

func (c *Center) forceAgent(op ForceAgent, by string) error {
	why := strings.TrimSpace(op.Why)
	if n := utf8.RuneCountInString(why); n == 0 || n > maxNote {
		return fmt.Errorf("force %s: why: %d characters: want 1 to %d: %w", op.Agent, n, maxNote, ErrInvalid)
	}
	var in routing.Input
	switch op.To {
	case routing.ReadyState:
		in = routing.Ready{Agent: op.Agent, Forced: true}
	case routing.NotReadyIn:
		in = routing.NotReady{Agent: op.Agent, Reason: op.Reason, Forced: true}
	case routing.Offline:
		in = routing.SignOut{Agent: op.Agent}
	default:
		return fmt.Errorf("force %s: to %q: want %s, %s or %s: %w", op.Agent, op.To, routing.ReadyState, routing.NotReadyIn, routing.Offline, ErrInvalid)
	}
	if op.Reason != "" && op.To != routing.NotReadyIn {
		return fmt.Errorf("force %s: reason %q: want one for %s alone: %w", op.Agent, op.Reason, routing.NotReadyIn, ErrInvalid)
	}
	if err := c.acd.Check(in); err != nil {
		return fmt.Errorf("force %s: %w", op.Agent, &refusal{err, sentinel(err)})
	}
	c.emit(fact.Event{Kind: fact.AgentForced, Agent: op.Agent, To: string(op.To), Reason: string(op.Reason), Who: by, Note: why})
	c.line(in)
	return nil
}

// pending says whether an agent waits for an answer.
func (c *Center) pending(id fact.AgentID) bool {
	a, _ := c.acd.Agent(id)
	return a.Request != nil && a.Request.Status == routing.RequestPending
}
