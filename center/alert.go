package center

import (
	"cmp"
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// The reasons of alerts.
const (
	alertOverrun    = "overrun"     // a pause lasts too long
	alertUnanswered = "unanswered"  // an agent waits for an answer
	alertLog        = "log-missing" // an agent is kept from READY by what is to be written down
	alertScene      = "scene"       // a scene of standard phrases has come to it
	alertUnrecorded = "unrecorded"  // a call is not recorded although it should be
	alertBarred     = "barred"      // nobody could talk for want of a recording
	alertRONA       = "rona"        // offers in a row were rung out
)

// The rules that alerts are of.
const (
	ruleAnswer = "RUL-ANS-1" // inbound answered within three rings
	ruleLeave  = "RUL-LEV-1" // leave with approval
	ruleLog    = "ACD-10"    // after-call work with what is to be written down
	ruleRecord = "REC-5"     // a recording that fails is told within 5 s
	ruleMeal   = "RUL-SHF-4" // meals of 30 min
)

// AlertCount is how often somebody had to be told of something since huawu's
// journal begins.
type AlertCount struct {
	Kind   fact.Kind `json:"kind"` // fact.AlertAgent or fact.AlertLeader
	Rule   string    `json:"rule"`
	Reason string    `json:"reason"`
	Times  int64     `json:"times"`
}

// alert tells somebody of something and counts it. There are as many counts as
// there are kinds, rules and reasons in this file.
func (c *Center) alert(e fact.Event) {
	i, found := slices.BinarySearchFunc(c.alerts, e, func(a AlertCount, e fact.Event) int {
		return cmp.Or(cmp.Compare(a.Kind, e.Kind), cmp.Compare(a.Rule, e.Name), cmp.Compare(a.Reason, e.Reason))
	})
	if !found {
		c.alerts = slices.Insert(c.alerts, i, AlertCount{Kind: e.Kind, Rule: e.Name, Reason: e.Reason})
	}
	c.alerts[i].Times++
	c.emit(e)
}

// requested tells what has become of what an agent asked for.
func (c *Center) requested(e routing.PauseRequest) {
	if e.Step == routing.RequestUnanswered {
		c.alert(fact.Event{Kind: fact.AlertLeader, Agent: e.Agent, Name: ruleLeave, Reason: alertUnanswered, To: string(e.Reason), Millis: e.Waited})
		return
	}
	c.emit(fact.Event{Kind: fact.AgentRequest, Agent: e.Agent, Reason: string(e.Reason), To: string(e.Step), Who: e.By, Millis: e.Waited})
}

// overran tells of a pause that lasts too long.
func (c *Center) overran(e routing.PauseOverran) {
	ev := fact.Event{Kind: fact.AlertAgent, Agent: e.Agent, Name: ruleLeave, Reason: alertOverrun, To: string(e.Reason), Millis: e.Over}
	if e.Leader {
		ev.Kind = fact.AlertLeader
	}
	if e.Reason == routing.PauseMeal {
		ev.Name = ruleMeal
	}
	c.alert(ev)
}

// rangOut tells of an agent who lets phones ring.
func (c *Center) rangOut(e routing.RONAs) {
	c.alert(fact.Event{Kind: fact.AlertLeader, Agent: e.Agent, Queue: e.Queue, Ticket: e.Ticket, Call: callOf(e.Ticket), Name: ruleAnswer,
		Reason: alertRONA, Step: e.Times})
}
