package engine

import (
	"maps"
	"slices"
	"strconv"
	"strings"

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
	Caller   fact.LegID   `json:"caller,omitempty"`
	Queue    fact.QueueID `json:"queue,omitempty"`
	Position int          `json:"position,omitempty"`
	// Joined is when the line was entered, Out that it was left.
	Joined fact.Instant `json:"joined,omitempty"`
	Out    bool         `json:"out,omitempty"`
	// Rings are the offers that are out, Leg the agent's leg of the talk.
	Rings []loggedRing `json:"rings,omitempty"`
	Leg   fact.LegID   `json:"leg,omitempty"`
	// Talk is set while an agent talks: since when, who, and after what wait
	// in seconds.
	Talk  fact.Instant `json:"talk,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
	Held  int64        `json:"held,omitempty"`
	// Asks is set while the agent asks somebody, Gone when the agent has hung
	// up meanwhile.
	Asks bool `json:"asks,omitempty"`
	Gone bool `json:"gone,omitempty"`
}

// loggedRing is an agent's leg of an offer, and when it rang and was answered.
type loggedRing struct {
	Offer  fact.OfferID `json:"offer"`
	Leg    fact.LegID   `json:"leg"`
	Rang   fact.Instant `json:"rang"`
	Picked fact.Instant `json:"picked,omitempty"`
}

// without is the offers that are out but one.
func (c *loggedCall) without(o fact.OfferID) []loggedRing {
	var rest []loggedRing
	for _, r := range c.Rings {
		if r.Offer != o {
			rest = append(rest, r)
		}
	}
	return rest
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
	if e.Call == "" || e.Name == "consult" && strings.HasPrefix(string(e.Kind), "queue.") {
		return dst // of an agent's place in line, who asks; not of the caller
	}
	c := s.Calls[e.Call]
	call, queue, agent := string(e.Call), string(e.Queue), string(e.Agent)
	switch e.Kind {
	case fact.CallOffered:
		c.From, c.Caller = e.From, e.Leg
	case fact.CallEnded:
		if c.Talk != 0 { // by a leg that was replaced
			dst = line(dst, e, call, string(c.Queue), string(c.Agent), completeOf(e, c), c.spell(e)...)
		}
		delete(s.Calls, e.Call)
		return dst
	case fact.QueueJoined:
		c.Queue, c.Position, c.Joined, c.Out = e.Queue, e.Position, e.At, false
		dst = line(dst, e, call, queue, noOne, "ENTERQUEUE", "", c.From, decimal(c.Position))
	case fact.QueueMoved:
		if c.Queue != "" && !c.Out {
			dst = line(dst, e, call, e.From, noOne, exitOf(e.Reason), "1", decimal(c.Position), decimal(int64(e.At-c.Joined)/1000))
		} else { // the first queue let nobody in
			c.Joined, c.Out = e.At, false
		}
		c.Queue, c.Position = e.Queue, e.Position
		dst = line(dst, e, call, queue, noOne, "ENTERQUEUE", "", c.From, decimal(c.Position))
	case fact.LegRinging:
		if e.Offer != "" {
			c.Rings = append(c.without(e.Offer), loggedRing{Offer: e.Offer, Leg: e.Leg, Rang: e.At})
		}
	case fact.LegAnswered:
		c.Rings = slices.Clone(c.Rings)
		for i := range c.Rings {
			if r := &c.Rings[i]; r.Leg == e.Leg {
				r.Picked = e.At
			}
		}
	case fact.QueueMissed:
		name := "RINGNOANSWER"
		switch e.Reason {
		case "caller-gone", "withdrawn", "failed", "elsewhere", "lost":
			name = "RINGCANCELED" // not the agent's doing
		}
		c.Rings = c.without(e.Offer)
		dst = line(dst, e, call, queue, agent, name, decimal(e.Millis))
	case fact.QueueConnected:
		c.Talk, c.Agent, c.Held, c.Out, c.Leg, c.Asks, c.Gone = e.At, e.Agent, e.Millis/1000, true, "", false, false
		ring := int64(0)
		for _, r := range c.Rings {
			if r.Offer == e.Offer {
				c.Leg, ring = r.Leg, int64(max(r.Picked-r.Rang, 0))/1000
			}
		}
		c.Rings = c.without(e.Offer)
		dst = line(dst, e, call, queue, agent, "CONNECT", decimal(c.Held), fact.Native(c.Leg), decimal(ring))
	case fact.ConsultBegan:
		c.Asks = true
	case fact.ConsultEnded:
		c.Asks = false
		if c.Talk == 0 || !c.Gone || e.Reason == "transferred" {
			break
		}
		dst = line(dst, e, call, string(c.Queue), string(c.Agent), "COMPLETEAGENT", c.spell(e)...)
		c.Talk, c.Leg, c.Gone = 0, "", false
	case fact.TransferDone:
		if c.Talk == 0 {
			break
		}
		name, where := "ATTENDEDTRANSFER", []string{"BRIDGE", fact.Native(e.Room)}
		if e.Reason == "blind" {
			name, where = "BLINDTRANSFER", []string{e.To, "huawu"}
		}
		dst = line(dst, e, call, string(c.Queue), string(c.Agent), name, append(where, c.spell(e)...)...)
		c.Talk, c.Leg, c.Gone = 0, "", false
	case fact.CallParked:
		if c.Talk != 0 {
			dst = line(dst, e, call, string(c.Queue), string(c.Agent), "BLINDTRANSFER", append([]string{e.Name, "huawu"}, c.spell(e)...)...)
		}
		c.Talk, c.Leg = 0, ""
	case fact.CallPicked:
		if c.Queue == "" {
			return dst
		}
		c.Talk, c.Agent, c.Held, c.Leg, c.Asks, c.Gone = e.At, e.Agent, e.Millis/1000, e.Leg, false, false
		if agent == "" {
			c.Agent, agent = noOne, noOne
		}
		dst = line(dst, e, call, string(c.Queue), agent, "CONNECT", decimal(c.Held), fact.Native(c.Leg), "0")
	case fact.LegHangup:
		switch {
		case c.Talk == 0 || e.Leg != c.Leg && e.Leg != c.Caller && c.Caller != "":
			return dst // another leg's
		case e.Leg == c.Leg && c.Asks:
			c.Gone = true // what becomes of the talk is said next
		default:
			dst = line(dst, e, call, string(c.Queue), string(c.Agent), completeOf(e, c), c.spell(e)...)
			c.Talk, c.Leg = 0, ""
		}
	case fact.QueueLeft:
		if c.Out || c.Queue == "" {
			return dst // it was never entered
		}
		c.Out, c.Rings = true, nil
		dst = line(dst, e, call, queue, noOne, exitOf(e.Reason), decimal(max(e.Position, 1)), decimal(c.Position), decimal(e.Millis/1000))
	default:
		return dst
	}
	if s.Calls == nil {
		s.Calls = map[fact.CallID]loggedCall{}
	}
	s.Calls[e.Call] = c
	return dst
}

// spell is how long the caller waited and talked, and where the caller stood.
func (c *loggedCall) spell(e fact.Event) []string {
	return []string{decimal(c.Held), decimal(int64(e.At-c.Talk) / 1000), decimal(c.Position)}
}

// exitOf is app_queue's word for why a line was left without an agent.
func exitOf(reason string) string {
	switch reason {
	case "abandoned":
		return "ABANDON"
	case "closed", "unstaffed", "draining":
		return "EXITEMPTY"
	}
	return "EXITWITHTIMEOUT"
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
