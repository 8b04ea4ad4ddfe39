package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/huawu/huawu/fact"
)

// state of an agent, for the queue log.
func agentState(wall int64, from, to, reason string) fact.Event {
	return fact.Event{Kind: fact.AgentState, Agent: "1001", Wall: wall, From: from, To: to, Reason: reason}
}

// queueCall is a call that rings one agent in vain, talks to the next and ends.
func queueCall(call fact.CallID, by fact.Party) []fact.Event {
	at := func(ms int64, e fact.Event) fact.Event {
		e.Call, e.At, e.Wall = call, fact.Instant(ms), 1_700_000_000_000+ms
		return e
	}
	return []fact.Event{
		at(0, fact.Event{Kind: fact.CallOffered, From: "138|00", To: "95000"}),
		at(1000, fact.Event{Kind: fact.QueueJoined, Queue: "sales", Position: 2}),
		at(1500, fact.Event{Kind: fact.LegRinging, Leg: "a/hw-1", Offer: "o1", Agent: "1001"}),
		at(16500, fact.Event{Kind: fact.QueueMissed, Queue: "sales", Offer: "o1", Agent: "1001", Reason: "no-answer", Millis: 15000}),
		at(17000, fact.Event{Kind: fact.LegRinging, Leg: "a/hw-2", Offer: "o2", Agent: "1002"}),
		at(17500, fact.Event{Kind: fact.LegHangup, Leg: "a/hw-1", Offer: "o1", By: fact.BySystem}),
		at(20000, fact.Event{Kind: fact.LegAnswered, Leg: "a/hw-2", Offer: "o2", Agent: "1002"}),
		at(20100, fact.Event{Kind: fact.QueueConnected, Queue: "sales", Offer: "o2", Agent: "1002", Millis: 19100}),
		at(80500, fact.Event{Kind: fact.LegHangup, Leg: map[bool]fact.LegID{true: "a/hw-2", false: "a/1"}[by != fact.ByCaller], Offer: "o2", By: by}),
		at(90000, fact.Event{Kind: fact.LegHangup, Leg: "a/1", By: fact.ByCaller}),
		at(90001, fact.Event{Kind: fact.CallEnded}),
	}
}

func TestTheQueueLogReadsAsAsterisksOwn(t *testing.T) {
	var events []fact.Event
	events = append(events, agentState(1_700_000_000_000, "OFFLINE", "NOT_READY", "signed-in"), agentState(1_700_000_001_000, "NOT_READY", "READY", ""))
	events = append(events, queueCall("c1", fact.ByCaller)...)
	events = append(events, queueCall("c2", fact.ByAgent)...)
	events = append(events, queueCall("c3", fact.BySwitch)...)
	gone := []fact.Event{
		{Kind: fact.CallOffered, Call: "c4", From: "139"},
		{Kind: fact.QueueJoined, Call: "c4", Queue: "sales", Position: 3},
		{Kind: fact.QueueMissed, Call: "c4", Queue: "sales", Agent: "1001", Reason: "caller-gone", Millis: 2000},
		{Kind: fact.QueueLeft, Call: "c4", Queue: "sales", Reason: "abandoned", Position: 2, Millis: 33_900},
		{Kind: fact.CallEnded, Call: "c4"},
	}
	for i := range gone {
		gone[i].Wall = 1_700_000_200_000
	}
	events = append(events, gone...)
	events = append(events, agentState(1_700_000_300_000, "ACW", "NOT_READY", "meal"), agentState(1_700_000_300_000, "NOT_READY", "OFFLINE", ""),
		agentState(1_700_000_300_000, "READY", "TALKING", ""))
	want := strings.TrimLeft(`
1700000000|NONE|sales|1001|ADDMEMBER|PAUSED
1700000000|NONE|support|1001|ADDMEMBER|PAUSED
1700000001|NONE|sales|1001|UNPAUSE|
1700000001|NONE|support|1001|UNPAUSE|
1700000001|c1|sales|NONE|ENTERQUEUE||138_00|2
1700000016|c1|sales|1001|RINGNOANSWER|15000
1700000020|c1|sales|1002|CONNECT|19|hw-2|3
1700000080|c1|sales|1002|COMPLETECALLER|19|60|2
1700000001|c2|sales|NONE|ENTERQUEUE||138_00|2
1700000016|c2|sales|1001|RINGNOANSWER|15000
1700000020|c2|sales|1002|CONNECT|19|hw-2|3
1700000080|c2|sales|1002|COMPLETEAGENT|19|60|2
1700000001|c3|sales|NONE|ENTERQUEUE||138_00|2
1700000016|c3|sales|1001|RINGNOANSWER|15000
1700000020|c3|sales|1002|CONNECT|19|hw-2|3
1700000080|c3|sales|1002|COMPLETEAGENT|19|60|2
1700000200|c4|sales|NONE|ENTERQUEUE||139|3
1700000200|c4|sales|1001|RINGCANCELED|2000
1700000200|c4|sales|NONE|ABANDON|2|3|33
1700000300|NONE|sales|1001|PAUSE|meal
1700000300|NONE|support|1001|PAUSE|meal
1700000300|NONE|sales|1001|REMOVEMEMBER|
1700000300|NONE|support|1001|REMOVEMEMBER|
`, "\n")
	// Every way of dividing the events into batches, and a crash between any
	// two of them, gives the same file.
	for every := 1; every <= len(events); every += 3 {
		dir := t.TempDir()
		path := filepath.Join(dir, "queue_log")
		queues := func(context.Context, uint64, fact.AgentID) []fact.QueueID { return []fact.QueueID{"sales", "support"} }
		q := newQueueLog(path, dir, queues)
		for from := 0; from < len(events); from += every {
			b := fact.Batch{Epoch: "e", Seq: uint64(min(from+every, len(events)))}
			for i := from; i < min(from+every, len(events)); i++ {
				b.Events = append(b.Events, fact.Sequenced{Seq: uint64(i + 1), N: 1, Event: events[i]})
			}
			place, err := os.ReadFile(filepath.Join(dir, queueLogName))
			if err != nil && from > 0 {
				t.Fatal(err)
			}
			if err := q.Apply(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			if from > 0 && from%2 == 0 { // died before the place was written
				writeFile(t, filepath.Join(dir, queueLogName), place)
			}
			q = newQueueLog(path, dir, queues)
			epoch, seq, err := q.Applied(t.Context())
			if err != nil || epoch != "e" {
				t.Fatalf("applied %s %d (%v)", epoch, seq, err)
			}
			if seq < b.Seq {
				if err := q.Apply(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
			if err := q.Apply(t.Context(), b); err != nil { // once more is harmless
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Fatalf("batches of %d give\n%s\nwant\n%s", every, got, want)
		}
		if len(q.state.Calls) != 0 {
			t.Errorf("calls left over: %v", q.state.Calls)
		}
	}
}

func TestTheQueueLogOutlivesRotationAndFaults(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "queue_log")
	writeFile(t, path, []byte("older lines\n"))
	q := newQueueLog(path, dir, func(context.Context, uint64, fact.AgentID) []fact.QueueID { return nil })
	put := func(seq uint64) error {
		return q.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: seq, Events: []fact.Sequenced{{Seq: seq, N: 1, Event: agentState(int64(seq)*1000, "READY", "NOT_READY", "meal")}}})
	}
	if err := put(1); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	q = newQueueLog(path, dir, q.queues)
	if err := put(2); err != nil {
		t.Fatal(err)
	}
	old, _ := os.ReadFile(path + ".1")
	fresh, _ := os.ReadFile(path)
	if string(old) != "older lines\n1|NONE|NONE|1001|PAUSE|meal\n" || string(fresh) != "2|NONE|NONE|1001|PAUSE|meal\n" {
		t.Errorf("rotated away %q, then %q", old, fresh)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := put(3); err == nil {
		t.Error("wrote to a directory")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := put(3); err != nil {
		t.Error(err)
	}
	writeFile(t, filepath.Join(dir, queueLogName), []byte("{"))
	if _, _, err := newQueueLog(path, dir, q.queues).Applied(t.Context()); !errors.Is(err, ErrCorrupt) {
		t.Errorf("damaged place: %v, want ErrCorrupt", err)
	}
}

func TestTheQueueLogIsKeptByARunningEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "queue_log")
		b := start(t, dir, func(o *Options) { o.QueueLog = path }, newFake("a"))
		if _, err := b.Ask(t.Context(), "op", signIn("1001")); err != nil {
			t.Fatal(err)
		}
		b.settled()
		b.stop()
		text, err := os.ReadFile(path)
		if err != nil || !strings.HasSuffix(string(text), "|NONE|sales|1001|ADDMEMBER|\n") {
			t.Errorf("queue log %q (%v)", text, err)
		}
		if s := b.Stats(); s.QueueLogBehind != 0 || s.QueueLogErrors != 0 {
			t.Errorf("stats %+v", s)
		}
	})
}
