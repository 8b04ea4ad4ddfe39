package engine

import (
	"maps"
	"strconv"

	"github.com/huawu/huawu/fact"
)

// Words of app_queue's format, as Asterisk 22 writes it. Waits and talks are
// whole seconds, rings of RINGNOANSWER and RINGCANCELED milliseconds.
const (
	noOne = "NONE" // no agent, no queue, no call

	agentOffline  = "OFFLINE"
	agentNotReady = "NOT_READY"
)

// queueLogLines is what lines need to know of calls that are under way.
type queueLogLines struct {
	Calls map[fact.CallID]loggedCall `json:"calls,omitempty"`
}

// loggedCall is one call in line or in talk.
type loggedCall struct {
	From     string       `json:"from,omitempty"`
	Queue    fact.QueueID `json:"queue,omitempty"`
	Position int          `json:"position,omitempty"`
	// Leg is the agent's leg of the offer of the moment, Rang and Picked when
	// it rang and was answered.
	Leg    fact.LegID   `json:"leg,omitempty"`
	Rang   fact.Instant `json:"rang,omitempty"`
	Picked fact.Instant `json:"picked,omitempty"`
	// Talk is set while an agent talks: since when, who, and after what wait
	// in seconds.
	Talk  fact.Instant `json:"talk,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
	Held  int64        `json:"held,omitempty"`
}

func (s queueLogState) clone() queueLogState {
	s.Calls = maps.Clone(s.Calls)
	return s
}

// write appends the lines that an event gives.
func (s *queueLogLines) write(dst []byte, e fact.Event, queues func(fact.AgentID) []fact.QueueID) []byte {
	if e.Kind == fact.AgentState {
		return member(dst, e, queues)
	}
	if e.Call == "" {
		return dst
	}
	c := s.Calls[e.Call]
	call, queue, agent := string(e.Call), string(e.Queue), string(e.Agent)
	switch e.Kind {
	case fact.CallOffered:
		c.From = e.From
	case fact.CallEnded:
		delete(s.Calls, e.Call)
		return dst
	case fact.QueueJoined:
		c.Queue, c.Position = e.Queue, e.Position
		dst = line(dst, e, call, queue, noOne, "ENTERQUEUE", "", c.From, decimal(c.Position))
	case fact.LegRinging:
		if e.Offer != "" {
			c.Leg, c.Rang, c.Picked = e.Leg, e.At, 0
		}
	case fact.LegAnswered:
		if e.Offer != "" && e.Leg == c.Leg {
			c.Picked = e.At
		}
	case fact.QueueMissed:
		name := "RINGNOANSWER"
		if e.Reason == "caller-gone" || e.Reason == "withdrawn" || e.Reason == "failed" {
			name = "RINGCANCELED" // not the agent's doing
		}
		c.Leg, c.Rang, c.Picked = "", 0, 0
		dst = line(dst, e, call, queue, agent, name, decimal(e.Millis))
	case fact.QueueConnected:
		c.Talk, c.Agent, c.Held = e.At, e.Agent, e.Millis/1000
		ring := int64(0)
		if c.Rang != 0 && c.Picked > c.Rang {
			ring = int64(c.Picked-c.Rang) / 1000
		}
		dst = line(dst, e, call, queue, agent, "CONNECT", decimal(c.Held), fact.Native(c.Leg), decimal(ring))
	case fact.LegHangup:
		if c.Talk == 0 {
			return dst
		}
		dst = line(dst, e, call, string(c.Queue), string(c.Agent), completeOf(e, c), decimal(c.Held), decimal(int64(e.At-c.Talk)/1000), decimal(c.Position))
		c.Talk, c.Leg, c.Rang, c.Picked = 0, "", 0, 0
	case fact.QueueLeft:
		name := "ABANDON"
		switch e.Reason {
		case "removed":
			name = "EXITWITHTIMEOUT"
		case "closed":
			name = "EXITEMPTY"
		}
		dst = line(dst, e, call, queue, noOne, name, decimal(max(e.Position, 1)), decimal(c.Position), decimal(e.Millis/1000))
	default:
		return dst
	}
	if s.Calls == nil {
		s.Calls = map[fact.CallID]loggedCall{}
	}
	s.Calls[e.Call] = c
	return dst
}

// completeOf says who ended a talk: by the hang-up's word, or by whose leg it
// was.
func completeOf(e fact.Event, c loggedCall) string {
	if e.By == fact.ByAgent || (e.By != fact.ByCaller && e.Leg == c.Leg) {
		return "COMPLETEAGENT"
	}
	return "COMPLETECALLER"
}

// member appends the lines of an agent's sign-in, sign-out and pauses, one for
// each queue the agent serves.
func member(dst []byte, e fact.Event, queues func(fact.AgentID) []fact.QueueID) []byte {
	var name string
	var data []string
	switch {
	case e.From == e.To:
		return dst
	case e.From == agentOffline:
		name, data = "ADDMEMBER", []string{""}
		if e.To == agentNotReady {
			data[0] = "PAUSED"
		}
	case e.To == agentOffline:
		name, data = "REMOVEMEMBER", []string{""}
	case e.To == agentNotReady:
		name, data = "PAUSE", []string{e.Reason}
	case e.From == agentNotReady:
		name, data = "UNPAUSE", []string{""}
	default:
		return dst
	}
	served := queues(e.Agent)
	if len(served) == 0 {
		served = []fact.QueueID{noOne}
	}
	for _, q := range served {
		dst = line(dst, e, noOne, string(q), string(e.Agent), name, data...)
	}
	return dst
}

func decimal[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
