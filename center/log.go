package center

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// logTalk takes down what an agent writes about a talk.
func (c *Center) logTalk(op LogTalk) error {
	in := routing.Log{Agent: op.Agent, Values: op.Values}
	if op.Call != "" {
		a, _ := c.acd.Agent(op.Agent)
		if in.Ticket = ticketIn(a, op.Call); in.Ticket == "" {
			return fmt.Errorf("log: agent %s: %w: call %q is no talk of the agent's that goes on, is wrapped up or is owed for", op.Agent, ErrConflict, op.Call)
		}
	}
	return c.agent("log", op.Agent, in)
}

// ticketIn is the agent's ticket of a call.
func ticketIn(a routing.AgentInfo, call fact.CallID) fact.TicketID {
	all := []fact.TicketID{a.Ticket, a.Wrapping}
	for _, d := range a.Duties {
		all = append(all, d.Ticket)
	}
	for _, t := range all {
		if t != "" && callOf(t) == call {
			return t
		}
	}
	return ""
}

// logged keeps what an agent has written with the call's record.
func (c *Center) logged(e routing.Logged) {
	id := callOf(e.Ticket)
	entries := make([]fact.LogEntry, len(e.Values))
	for i, v := range e.Values {
		entries[i] = fact.LogEntry{Agent: e.Agent, LogValue: v, Wall: c.now.Wall().UnixMilli()}
		c.emit(fact.Event{Kind: fact.CallLogged, Call: id, Ticket: e.Ticket, Queue: e.Queue, Agent: e.Agent, Name: v.Field, Note: v.Value})
	}
	k := c.holder(e.Ticket)
	if k == nil {
		c.do(AddLog{Log: fact.CallLog{Tenant: c.tenant, Call: id, Entries: entries}})
		return
	}
	k.log = slices.Clone(k.log)
	for _, n := range entries {
		i, found := slices.BinarySearchFunc(k.log, n, func(a, b fact.LogEntry) int {
			return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Field, b.Field))
		})
		if found {
			k.log[i] = n
		} else {
			k.log = slices.Insert(k.log, i, n)
		}
	}
}

// logLate tells of an agent who is kept from READY.
func (c *Center) logLate(e routing.LogLate) {
	c.alert(fact.Event{Kind: fact.AlertLeader, Agent: e.Agent, Queue: e.Queue, Ticket: e.Ticket, Call: callOf(e.Ticket), Name: ruleLog,
		Reason: alertLog, To: strings.Join(e.Missing, ","), Millis: e.Waited})
}
