package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
)

// labels name the kinds of events.
var labels = map[fact.Kind]label{
	fact.CallOffered:    {"来电", "call arrives"},
	fact.CallAdopted:    {"接管", "call adopted"},
	fact.CallEnded:      {"通话结束", "call ends"},
	fact.FlowNode:       {"流程节点", "flow node"},
	fact.LegCreated:     {"呼叫座席", "leg made"},
	fact.LegRinging:     {"振铃", "rings"},
	fact.LegAnswered:    {"应答", "answered"},
	fact.LegHangup:      {"挂机", "hang-up"},
	fact.BridgeJoined:   {"进入会话", "joins the room"},
	fact.BridgeLeft:     {"离开会话", "leaves the room"},
	fact.PlayStarted:    {"开始放音", "prompt begins"},
	fact.PlayFinished:   {"放音结束", "prompt ends"},
	fact.RecordStarted:  {"开始录音", "recording begins"},
	fact.RecordStopped:  {"录音完成", "recording closed"},
	fact.RecordFailed:   {"录音失败", "recording failed"},
	fact.QueueJoined:    {"进入排队", "joins the queue"},
	fact.QueueOffered:   {"分配座席", "offered to agent"},
	fact.QueueMissed:    {"座席未接", "offer missed"},
	fact.QueueConnected: {"接通", "connected"},
	fact.QueueLeft:      {"离开排队", "leaves the queue"},
	fact.NormBroken:     {"违反规范", "norm broken"},
	fact.AgentState:     {"座席状态", "agent's state"},
}

// labelOf names an event.
func labelOf(e fact.Event) label {
	if l, ok := labels[e.Kind]; ok {
		return l
	}
	return label{"事件", string(e.Kind)}
}

// detail is what there is to say of an event.
func detail(e fact.Event) string {
	var parts []string
	say := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch e.Kind {
	case fact.CallOffered:
		say("%s → %s", e.From, e.To)
	case fact.CallEnded:
		if e.Ending != nil {
			say("%s, fault %s", e.Ending.Reason, e.Ending.Fault)
		}
		say("ended by %s", e.By)
		say("cause %d", e.Cause)
	case fact.FlowNode:
		say("%s", e.Name)
	case fact.QueueJoined:
		say("%s, position %d", e.Queue, e.Position)
	case fact.QueueOffered, fact.LegCreated:
		say("%s at %s", e.Agent, e.Endpoint)
	case fact.QueueMissed:
		say("%s: %s, rang %d ms", e.Agent, e.Reason, e.Millis)
	case fact.QueueConnected:
		say("%s, waited %d ms", e.Agent, e.Millis)
	case fact.QueueLeft:
		say("%s, waited %d ms", e.Reason, e.Millis)
	case fact.NormBroken:
		say("%s by agent %s, %d against %d", e.Name, e.Agent, e.Value, e.Limit)
	case fact.LegHangup:
		say("%s leg, by %s, cause %d", side(e), e.By, e.Cause)
	case fact.LegRinging, fact.LegAnswered, fact.BridgeJoined, fact.BridgeLeft:
		say("%s leg", side(e))
	case fact.PlayFinished:
		if e.Reason != "done" {
			say("%s", e.Reason)
		}
	case fact.RecordStopped:
		say("%s: %d ms", fileSides[fact.Side(e.Reason)].en, e.Millis)
	case fact.RecordFailed:
		say("%s", e.Reason)
	}
	return strings.Join(parts, ", ")
}

// fileSides name the sides of a recording.
var fileSides = map[fact.Side]label{
	fact.SideIn:  {"主叫侧", "caller's side"},
	fact.SideOut: {"对端侧", "other side"},
}

// side names whose leg an event is about.
func side(e fact.Event) string {
	if e.Agent != "" {
		return "agent " + string(e.Agent) + "'s"
	}
	return "caller's"
}

// word is an event in short, to compare with what must be told.
func word(e fact.Event) string {
	parts := []string{string(e.Kind)}
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	switch e.Kind {
	case fact.FlowNode:
		add(e.Name)
	case fact.QueueJoined:
		add(strconv.Itoa(e.Position))
	case fact.LegRinging, fact.LegAnswered, fact.QueueOffered, fact.QueueConnected:
		add(string(e.Agent))
	case fact.QueueMissed:
		add(string(e.Agent))
		add(e.Reason)
	case fact.NormBroken:
		add(string(e.Agent))
		add(e.Name)
	case fact.QueueLeft:
		add(e.Reason)
	case fact.LegHangup:
		add(string(e.Agent))
		if e.By == fact.ByCaller || e.By == fact.ByAgent {
			add(string(e.By))
		}
	}
	return strings.Join(parts, " ")
}

// row is one line of a timeline.
type row struct {
	at     int64 // ms since the call began
	source string
	label  label
	detail string
}

// timeline puts events and notes in one order. Events keep their own.
func timeline(events []rig.Event, notes []note, began int64) []row {
	rows := make([]row, 0, len(events)+len(notes))
	node := ""
	for _, e := range events {
		r := row{e.Wall - began, byHuawu, labelOf(e.Event), detail(e.Event)}
		switch e.Kind {
		case fact.FlowNode:
			node = e.Name
		case fact.PlayStarted: // it belongs to the node that the flow is at
			r.detail = node
		}
		rows = append(rows, r)
	}
	for _, n := range notes {
		rows = append(rows, row{n.wall - began, n.source, n.label, n.detail})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.at, b.at) })
	return rows
}
