package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

// TestQueueLogOfTransfers: a talk that is given away ends with the word for
// how, whoever hangs up first; legs that somebody was only asked by, or that
// rang in vain beside another, end no talk.
func TestQueueLogOfTransfers(t *testing.T) {
	const caller, agent, other fact.LegID = "a/in", "a/one", "a/two"
	line := func(ms int64, rest ...fact.Event) []fact.Event {
		head := []fact.Event{
			{Kind: fact.CallOffered, Leg: caller, From: "139"},
			{Kind: fact.QueueJoined, At: 1000, Queue: "sales", Position: 1},
			{Kind: fact.LegRinging, At: 1000, Leg: agent, Offer: "o1"},
			{Kind: fact.LegRinging, At: 1000, Leg: other, Offer: "o2"},
			{Kind: fact.LegAnswered, At: 4000, Leg: agent, Offer: "o1"},
			{Kind: fact.QueueMissed, At: 4000, Queue: "sales", Offer: "o2", Agent: "1002", Reason: "elsewhere", Millis: 3000},
			{Kind: fact.QueueConnected, At: 4000, Queue: "sales", Offer: "o1", Agent: "1001", Millis: 3000},
			{Kind: fact.LegHangup, At: 4100, Leg: other, Offer: "o2", By: fact.BySystem},
		}
		for i := range rest {
			rest[i].At = fact.Instant(ms) + fact.Instant(i)
		}
		return append(append(head, rest...), fact.Event{Kind: fact.CallEnded, At: 90_000, By: fact.ByCaller})
	}
	began := fact.Event{Kind: fact.ConsultBegan, Leg: other, Agent: "1001", To: "1002"}
	ended := func(how string) fact.Event {
		return fact.Event{Kind: fact.ConsultEnded, Leg: other, Agent: "1001", Reason: how}
	}
	done := fact.Event{Kind: fact.TransferDone, Leg: other, Agent: "1001", To: "1002", Room: "a/room", Reason: "attended"}
	hangup := func(leg fact.LegID, by fact.Party) fact.Event {
		return fact.Event{Kind: fact.LegHangup, Leg: leg, By: by}
	}
	const head = `ENTERQUEUE NONE ||139|1
RINGCANCELED 1002 |3000
CONNECT 1001 |3|one|3
`
	for _, c := range []struct {
		name   string
		events []fact.Event
		want   string
	}{
		{"attended", line(64_000, began, ended("transferred"), done, hangup(agent, fact.BySystem), hangup(caller, fact.ByCaller)),
			"ATTENDEDTRANSFER 1001 |BRIDGE|room|3|60|1\n"},
		{"by hanging up", line(64_000, began, hangup(agent, fact.ByAgent), ended("transferred"), done, hangup(caller, fact.ByCaller)),
			"ATTENDEDTRANSFER 1001 |BRIDGE|room|3|60|1\n"},
		{"hung up while it rings", line(64_000, began, hangup(agent, fact.ByAgent), hangup(other, fact.BySystem), ended(""), hangup(caller, fact.BySystem)),
			"COMPLETEAGENT 1001 |3|60|1\n"},
		{"asked and back", line(64_000, began, hangup(other, fact.ByCallee), ended(""), hangup(caller, fact.ByCaller)),
			"COMPLETECALLER 1001 |3|60|1\n"},
		{"the caller leaves meanwhile", line(64_000, began, hangup(caller, fact.ByCaller), ended(""), hangup(agent, fact.BySystem)),
			"COMPLETECALLER 1001 |3|60|1\n"},
		{"three", line(64_000, began, ended("merged"), hangup(other, fact.ByCallee), hangup(agent, fact.ByAgent)),
			"COMPLETEAGENT 1001 |3|60|1\n"},
		{"blind", line(64_000, fact.Event{Kind: fact.TransferDone, Leg: agent, Agent: "1001", Queue: "support", To: "support", Reason: "blind"},
			fact.Event{Kind: fact.QueueJoined, Queue: "support", Position: 4}, hangup(agent, fact.BySystem),
			fact.Event{Kind: fact.QueueLeft, Queue: "support", Reason: "abandoned", Millis: 2000}, hangup(caller, fact.ByCaller)),
			"BLINDTRANSFER 1001 |support|huawu|3|60|1\nENTERQUEUE NONE ||139|4\nABANDON NONE |1|4|2\n"},
		{"refused at the door", line(64_000, hangup(agent, fact.ByAgent), fact.Event{Kind: fact.QueueLeft, Queue: "support", Reason: "full"}),
			"COMPLETEAGENT 1001 |3|60|1\n"},
		{"moved", line(64_000, hangup(agent, fact.ByAgent), fact.Event{Kind: fact.QueueJoined, Queue: "sales", Position: 2},
			fact.Event{Kind: fact.QueueMoved, Queue: "support", From: "sales", To: "support", Position: 5, Reason: "timeout"}),
			"COMPLETEAGENT 1001 |3|60|1\nENTERQUEUE NONE ||139|2\nEXITWITHTIMEOUT NONE |1|2|0\nENTERQUEUE NONE ||139|5\n"},
		{"moved at the door", line(64_000, hangup(agent, fact.ByAgent),
			fact.Event{Kind: fact.QueueMoved, Queue: "support", From: "sales", To: "support", Position: 5, Reason: "full"},
			fact.Event{Kind: fact.QueueLeft, Queue: "support", Reason: "abandoned", Millis: 2000}),
			"COMPLETEAGENT 1001 |3|60|1\nENTERQUEUE NONE ||139|5\nABANDON NONE |1|5|2\n"},
		{"parked and picked up", line(64_000, fact.Event{Kind: fact.CallParked, Leg: caller, Agent: "1001", Queue: "sales", Name: "701"},
			hangup(agent, fact.BySystem), fact.Event{Kind: fact.CallPicked, Leg: other, Agent: "1002", Name: "701", Millis: 9000}, hangup(other, fact.ByAgent)),
			"BLINDTRANSFER 1001 |701|huawu|3|60|1\nCONNECT 1002 |9|two|0\nCOMPLETEAGENT 1002 |9|0|1\n"},
		{"the agent waits in a line of another queue", line(64_000, began, fact.Event{Kind: fact.QueueJoined, Queue: "support", Name: "consult", Position: 4},
			fact.Event{Kind: fact.QueueLeft, Queue: "support", Name: "consult", Reason: "abandoned", Millis: 2000}, ended(""), hangup(caller, fact.ByCaller)),
			"COMPLETECALLER 1001 |3|60|1\n"},
		{"a leg was replaced", line(64_000, hangup("a/three", fact.ByCaller)), "COMPLETECALLER 1001 |3|86|1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "queue_log")
			q := newQueueLog(path, dir, func(context.Context, uint64, fact.AgentID) []fact.QueueID { return nil })
			for i, e := range c.events { // each in a batch of its own, by a process of its own
				e.Call = "c"
				b := fact.Batch{Epoch: "e", Seq: uint64(i + 1), Events: []fact.Sequenced{{Seq: uint64(i + 1), N: 1, Event: e}}}
				if err := q.Apply(t.Context(), b); err != nil {
					t.Fatal(err)
				}
				q = newQueueLog(path, dir, q.queues)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, l := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
				f := strings.SplitN(l, "|", 6)
				got.WriteString(f[4] + " " + f[3] + " |" + f[5] + "\n")
			}
			if want := head + c.want; got.String() != want {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}
