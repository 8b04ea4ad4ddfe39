package norms

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

// talk is what the rules know of one call; an agent's own affairs are one
// without a call. Every field is part of the checkpoint.
type talk struct {
	Call      fact.CallID    `json:"call,omitempty"`
	Direction fact.Direction `json:"direction,omitempty"`
	Queue     fact.QueueID   `json:"queue,omitempty"`
	// Agent is who talks to the caller, or dialled.
	Agent fact.AgentID `json:"agent,omitempty"`
	// Number are the last digits of the customer's number, 0 for none.
	Number int64 `json:"number,omitempty"`
	Legs   []leg `json:"legs,omitempty"`
	// Began is since when both talk, Held since when somebody is on hold, 0 for
	// not.
	Began fact.Instant `json:"began,omitempty"`
	Held  fact.Instant `json:"held,omitempty"`
	// Excuse is the code by which the agent may hang up first.
	Excuse string `json:"excuse,omitempty"`
	// Holds are the legs that hold or are held, each as often as it was said.
	Holds []fact.LegID `json:"holds,omitempty"`
	// Talking says that an agent's part in the talk goes on, Speech that the
	// switch is asked who speaks, Speaking who does. Query is since when the
	// agent looks something up, Closing that the parting words were said.
	Talking  bool         `json:"talking,omitempty"`
	Speech   bool         `json:"speech,omitempty"`
	Speaking []fact.LegID `json:"speaking,omitempty"`
	Query    fact.Instant `json:"query,omitempty"`
	Closing  bool         `json:"closing,omitempty"`
	// Quiet says that a scene goes on in which silence is meant.
	Quiet    bool      `json:"quiet,omitempty"`
	Notes    []note    `json:"notes,omitempty"`
	Alarms   []*alarm  `json:"alarms,omitempty"`
	Breaches []*breach `json:"breaches,omitempty"`

	rules []standing // in force
}

// leg is one leg of a call; the first one is who called.
type leg struct {
	ID    fact.LegID   `json:"id"`
	Agent fact.AgentID `json:"agent,omitempty"`
	Offer fact.OfferID `json:"offer,omitempty"`
	// Rang and Up are since when it rings and is answered, 0 for not.
	Rang fact.Instant `json:"rang,omitempty"`
	Up   fact.Instant `json:"up,omitempty"`
}

// note is what a rule keeps of a call.
type note struct {
	Rule place  `json:"rule"`
	Name string `json:"name"`
	Is   int64  `json:"is"`
}

// leg finds a leg, nil for none.
func (t *talk) leg(id fact.LegID) *leg {
	i := slices.IndexFunc(t.Legs, func(l leg) bool { return l.ID == id })
	if i < 0 || id == "" {
		return nil
	}
	return &t.Legs[i]
}

// legOf is an agent's leg, "" for none.
func (t *talk) legOf(agent fact.AgentID) fact.LegID {
	for i := len(t.Legs) - 1; i >= 0; i-- {
		if l := &t.Legs[i]; l.Agent == agent && agent != "" {
			return l.ID
		}
	}
	return ""
}

// begins takes into a talk what a fact begins; the rules hear of it after.
func (t *talk) begins(e *fact.Event) {
	switch e.Kind {
	case fact.LegCreated:
		t.Legs = append(t.Legs, leg{ID: e.Leg, Agent: e.Agent, Offer: e.Offer})
	case fact.LegRinging:
		if l := t.leg(e.Leg); l != nil {
			l.Rang = e.At
		}
	case fact.LegAnswered:
		l := t.leg(e.Leg)
		if l == nil {
			return
		}
		l.Up = e.At
		if t.Direction == fact.Outbound && l.Offer == "" && l != &t.Legs[0] && t.Began == 0 {
			t.Began = e.At
		}
	case fact.QueueJoined, fact.QueueMoved:
		if e.Name == "" { // not what an agent asks a queue for
			t.Queue = e.Queue
		}
	case fact.QueueConnected:
		if e.Name == "" {
			t.Queue, t.Agent, t.Began, t.Excuse = e.Queue, e.Agent, e.At, ""
		}
	case fact.TransferDone:
		if e.To == "" { // to somebody outside
			t.Agent, t.Began = "", 0
		} else if e.Queue == "" {
			t.Agent = fact.AgentID(e.To)
			if t.Began == 0 {
				t.Began = e.At
			}
		}
	case fact.CallParked:
		t.Agent, t.Began = "", 0
	case fact.CallPicked:
		t.Agent, t.Began = e.Agent, e.At
	case fact.SceneExcused:
		t.Excuse = e.Reason
	case fact.HoldOn:
		if t.Holds = append(t.Holds, e.Leg); t.Held == 0 {
			t.Held = e.At
		}
	}
}

// ends takes out of a talk what a fact ends; the rules have heard of it before.
func (t *talk) ends(e *fact.Event) {
	switch e.Kind {
	case fact.HoldOff:
		t.unhold(e.Leg, false)
	case fact.LegHangup:
		t.unhold(e.Leg, true)
		i := slices.IndexFunc(t.Legs, func(l leg) bool { return l.ID == e.Leg })
		if i < 0 {
			return
		}
		agent := t.Legs[i].Agent
		t.Legs = slices.Delete(t.Legs, i, i+1)
		if agent == t.Agent && agent != "" && t.legOf(agent) == "" && t.Direction == fact.Inbound {
			t.Agent, t.Began = "", 0
		}
	case fact.TransferDone:
		if e.Queue != "" {
			t.Agent, t.Began = "", 0
		}
	}
}

func (t *talk) unhold(leg fact.LegID, all bool) {
	for i := slices.Index(t.Holds, leg); i >= 0; i = slices.Index(t.Holds, leg) {
		t.Holds = slices.Delete(t.Holds, i, i+1)
		if !all {
			break
		}
	}
	if len(t.Holds) == 0 {
		t.Held = 0
	}
}

// idle says that nothing of an agent's own affairs is kept.
func (t *talk) idle() bool {
	return t.Call == "" && len(t.Notes) == 0 && len(t.Alarms) == 0 && len(t.Breaches) == 0
}

// digits are the last nine digits of a number: enough to know it again however a
// trunk or an agent writes it.
func digits(number string) int64 {
	const most = 9
	var all []byte
	for i := range len(number) {
		if c := number[i]; c >= '0' && c <= '9' {
			all = append(all, c)
		}
	}
	n := int64(0)
	for _, c := range all[max(len(all)-most, 0):] {
		n = n*10 + int64(c-'0')
	}
	return n
}
