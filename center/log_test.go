package center

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// talks lets a caller come to agent 1001 and talk; hangup ends it.
func (d *floor) talks(caller fact.LegID) {
	d.t.Helper()
	hear := func(e media.Event) []Effect { return d.Center.Step(d.now, Heard{Event: e}) }
	out := hear(media.LegArrived{Head: media.Head{At: d.now}, Leg: caller, State: media.LegUp, To: "4000", From: media.Identity{Number: "138"}})
	var agent fact.LegID
	var room fact.RoomID
	for range 8 {
		for _, e := range out {
			send, ok := e.(Send)
			if !ok {
				continue
			}
			switch m := send.Command.(type) {
			case media.Create:
				agent = m.Leg
				out = hear(media.LegAnswered{Leg: agent})
			case media.Join:
				room = m.Room
			}
		}
		if room != "" {
			break
		}
	}
	if agent == "" || room == "" {
		d.t.Fatalf("no talk: %+v", out)
	}
	hear(media.Joined{Room: room, Leg: caller})
	hear(media.Joined{Room: room, Leg: agent})
	d.leg = agent
}

// What an agent writes is checked, told, and kept with the call's record: with
// it while the call goes on, added to it afterwards.
func TestWhatAgentsWriteIsKept(t *testing.T) {
	d := newFloor(t, func(c *Config) {
		q := &c.ACD.Queues[0]
		q.Log = []routing.LogField{{ID: "result", Values: []string{"solved", "open"}, Required: true}, {ID: "note", Required: true}}
		c.Unrecorded = true
		c.Numbers = []Number{{Number: "4000", Flow: "line"}}
		c.Flows = []*flow.Flow{{ID: "line", Nodes: []flow.Node{
			{ID: "line", Enqueue: &flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}}, {ID: "end", Hangup: &flow.HangupNode{}}}}}
	})
	d.ask(SignIn{Agent: "1001", Endpoint: "PJSIP/1001", Ready: true}, "")
	values := func(pairs ...string) (all []fact.LogValue) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, fact.LogValue{Field: pairs[i], Value: pairs[i+1]})
		}
		return all
	}
	d.ask(LogTalk{Agent: "1001", Values: values("result", "open")}, CodeConflict)
	d.ask(LogTalk{Agent: "1009", Values: values("result", "open")}, CodeNotFound)
	d.talks("sw/1")
	if a := d.agent(0); a.State != routing.Talking {
		t.Fatalf("%+v", a)
	}
	call := d.agent(0).Call
	for _, c := range []struct {
		op   LogTalk
		code Code
		says string
	}{
		{LogTalk{Agent: "1001", Call: "c-none", Values: values("result", "open")}, CodeConflict, "c-none"},
		{LogTalk{Agent: "1001", Values: values("colour", "red")}, CodeInvalid, "want one of result, note"},
		{LogTalk{Agent: "1001", Values: values("result", "maybe")}, CodeInvalid, "want one of solved, open"},
		{LogTalk{Agent: "1001", Values: values("note", strings.Repeat("长", 1001))}, CodeInvalid, "1001 characters"},
		{LogTalk{Agent: "1001", Values: values("note", "a\x00b")}, CodeInvalid, "none of control"},
		{LogTalk{Agent: "1001"}, CodeInvalid, "nothing is written down"},
	} {
		if r := d.ask(c.op, c.code); !strings.Contains(r.Message, c.says) {
			t.Errorf("%+v: %s, want %q in it", c.op, r.Message, c.says)
		}
	}
	d.ask(LogTalk{Agent: "1001", Call: call, Values: values("result", "open")}, "")
	d.ask(LogTalk{Agent: "1001", Values: values("result", "solved")}, "")
	if e := d.told(fact.CallLogged); e.Call != call || e.Agent != "1001" || e.Queue != "sales" || e.Name != "result" || e.Note != "solved" {
		t.Errorf("told %+v", e)
	}
	if log := d.View().Calls[0].Log; len(log) != 1 || log[0].Value != "solved" {
		t.Errorf("the call shows %+v", log)
	}
	before, _ := d.Checkpoint()
	again, err := Restore(before)
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := again.Checkpoint(); string(after) != string(before) {
		t.Errorf("restored as\n%s\nwas\n%s", after, before)
	}
	var record fact.Record
	var added []fact.CallLog
	keep := func(out []Effect) {
		for _, e := range out {
			switch e := e.(type) {
			case Write:
				record = e.Record
			case AddLog:
				added = append(added, e.Log)
			}
		}
	}
	for _, leg := range []fact.LegID{"sw/1", d.leg} {
		keep(d.Center.Step(d.now, Heard{Event: media.LegEnded{Leg: leg, Far: leg == "sw/1", Cause: 16}}))
	}
	if record.Call != call || len(record.Log) != 1 || record.Log[0] != (fact.LogEntry{Agent: "1001", LogValue: values("result", "solved")[0], Wall: 1_700_000_001_000}) {
		t.Errorf("record %+v", record)
	}
	if a := d.agent(0); a.Reason != routing.PauseLog || len(a.Owes) != 1 || a.Owes[0].Call != call || !slices.Equal(a.Owes[0].Missing, []string{"note"}) {
		t.Errorf("after the talk: %+v", a)
	}
	d.at(5 * time.Minute)
	if e := d.told(fact.AlertLeader); e.Name != "ACD-10" || e.Reason != "log-missing" || e.To != "note" || e.Call != call || e.Millis != 300_000 {
		t.Errorf("alert %+v", e)
	}
	keep(d.Center.Step(d.now, Asked{Request: "r", By: "chen", Op: LogTalk{Agent: "1001", Values: values("note", " 回电 ")}}))
	if len(added) != 1 || added[0].Call != call || added[0].Entries[0].Value != "回电" || d.agent(0).State != routing.ReadyState {
		t.Errorf("added %+v, agent %+v", added, d.agent(0))
	}
}
