//go:build asterisk

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
)

// The way of most calls: greeting, a key, the line with music, an agent, a
// talk that is recorded, the agent hangs up, a word of thanks.
func TestMainRoad(t *testing.T) {
	t.Parallel()
	queueLog := filepath.Join(t.TempDir(), "queue_log")
	h := open(t, plan{config: "queue_log: " + queueLog + "\n"})
	agent := h.agents[0]
	seen := h.follow()

	// Nobody is there yet, so that the caller waits.
	const from = "13800000001"
	began := time.Now()
	c := h.calls(h.caller(from), hotline)
	h.hears(c, greetingTone)
	h.hears(c, menuTone)
	must(t, c.Press(h.ctx(), "1"))
	joined := time.Now()
	h.hears(c, pbx.MusicTone)
	h.silent(c, menuTone)
	h.reaches(from, center.CallWaiting)
	h.lines("sales", from)

	must(t, h.SignIn(h.ctx(), "1001", "1001"))
	a := h.rung(agent)
	if name, number := a.Shown(); number != from {
		t.Errorf("the agent's phone shows %q %q, want %q", name, number, from)
	}
	h.becomes("1001", routing.OfferedState, "")
	h.reaches(from, center.CallRinging)
	h.hears(c, pbx.MusicTone) // still
	a.Answer()
	h.talk(c, a, callerTone, agentTone)
	h.becomes("1001", routing.Talking, "")
	h.reaches(from, center.CallTalking)
	talked := a.Times().Answered

	a.Hangup()
	parted := time.Now()
	c.Talk(false)
	h.hears(c, thanksTone)
	h.becomes("1001", routing.WrapUpState, "")
	if e := h.ended(c); e.Here || e.Cause != 16 {
		t.Errorf("the caller's ending %+v", e)
	}
	over := c.Times().Ended
	h.atRest("1001")

	r := h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, fact.ByAgent)
	if r.Direction != fact.Inbound || r.To != hotline || r.Flow != "hotline" || r.Queue != "sales" || r.Agent != "1001" || r.Cause != 16 || r.Offers != 1 {
		t.Errorf("record %+v", r)
	}
	about(t, "ivr", r.IVR, joined.Sub(began)+over.Sub(parted))
	about(t, "wait", r.Wait, talked.Sub(joined))
	about(t, "ring", r.Ring, talked.Sub(a.Times().Ringing))
	about(t, "talk", r.Talk, parted.Sub(talked))
	about(t, "the whole call", r.Ended-r.Began, over.Sub(began))
	if r.Hold != 0 {
		t.Errorf("hold is %d ms", r.Hold)
	}
	if at := time.UnixMilli(r.Began); at.Sub(began).Abs() > slack {
		t.Errorf("the record began at %v, the call at %v", at, began)
	}
	h.until("the wrap-up to be added to the record", func() bool { r = h.records(from, 1)[0]; return r.WrapUp > 0 })
	about(t, "wrap-up", r.WrapUp, time.Second)

	h.sidesApart(r, over.Sub(c.Times().Answered))
	events := h.history(r.Call)
	inOrder(t, events)
	seen(r.Call, events)
	logged(t, queueLog, r)
}

// follow listens to the event stream from now on; what it returns holds what
// was heard of a call to what the store has.
func (h *house) follow() (seen func(fact.CallID, []fact.Event)) {
	h.t.Helper()
	var now struct{ Cursor string }
	must(h.t, h.Get(h.ctx(), "/api/v1/agents", &now))
	heard := make(chan rig.Event, 1000)
	ctx, cancel := context.WithCancel(h.t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := h.Follow(ctx, now.Cursor, func(e rig.Event) bool { heard <- e; return true }); err != nil {
			h.t.Error(err)
		}
	})
	h.t.Cleanup(func() { cancel(); wg.Wait() })
	return func(call fact.CallID, want []fact.Event) {
		h.t.Helper()
		var got []fact.Event
		deadline := time.After(patience)
		for len(got) < len(want) {
			select {
			case e := <-heard:
				if e.Call == call {
					got = append(got, e.Event)
				}
			case <-deadline:
				h.t.Fatalf("the stream told %d events of %d", len(got), len(want))
			}
		}
		if !reflect.DeepEqual(got, want) {
			h.t.Errorf("the stream told\n%+v\nthe store has\n%+v", got, want)
		}
	}
}

// sidesApart holds a recording to its sides: the caller's voice is in one and
// what the caller heard in the other, from the first prompt to the last; each
// is as long as the call was up.
func (h *house) sidesApart(r fact.Record, whole time.Duration) {
	t := h.t
	t.Helper()
	if len(r.Recordings) != 2 {
		t.Fatalf("recordings %+v", r.Recordings)
	}
	for _, k := range []struct {
		side       fact.Side
		there, not []float64
	}{
		{fact.SideIn, []float64{callerTone}, []float64{agentTone, greetingTone, menuTone, pbx.MusicTone, thanksTone}},
		{fact.SideOut, []float64{agentTone, greetingTone, menuTone, pbx.MusicTone, thanksTone}, []float64{callerTone}},
	} {
		file, sound := h.side(r, k.side)
		about(t, "the side "+string(k.side), file.Millis, whole)
		// An Asterisk that is kept from running records less.
		if lasts := sound.Lasts(); lasts < whole*3/5 || lasts > whole+slack {
			t.Errorf("the file of side %s lasts %v, the call was up for %v", k.side, lasts, whole)
		}
		for _, hertz := range k.there {
			if level := loudest(sound.Samples, hertz); level < loud {
				t.Errorf("side %s: %g Hz has a level of %.3f at most", k.side, hertz, level)
			}
		}
		for _, hertz := range k.not {
			if level := loudest(sound.Samples, hertz); level > faint {
				t.Errorf("side %s: %g Hz, which is the other side's, has a level of %.3f", k.side, hertz, level)
			}
		}
	}
}

// loudest is the highest level of a tone in any tenth of a second of a
// recording.
func loudest(samples []int16, hertz float64) float64 {
	const n = tone.Rate / 10
	level := 0.0
	for part := range slices.Chunk(samples, n) {
		if len(part) == n {
			level = max(level, tone.Level(part, hertz))
		}
	}
	return level
}

// inOrder holds the events of the main road to their order (GEN-4). What
// happens at once on the switch (music and recording, the two legs of a room)
// may be told either way round.
func inOrder(t *testing.T, events []fact.Event) {
	t.Helper()
	var spine, all []string
	for _, e := range events {
		name := string(e.Kind)
		switch e.Kind {
		case fact.FlowNode:
			name += " " + e.Name
		case fact.LegAnswered, fact.LegHangup, fact.LegRinging:
			if e.Agent != "" {
				name += " agent"
			}
		case fact.BridgeJoined, fact.BridgeLeft, fact.PlayStarted, fact.PlayFinished, fact.RecordStarted, fact.RecordStopped:
			all = append(all, name)
			continue
		}
		spine = append(spine, name)
		all = append(all, name)
		if e.Wall == 0 || e.At == 0 || e.Tenant != fact.DefaultTenant {
			t.Errorf("event without tenant or times: %+v", e)
		}
	}
	want := []string{
		"call.offered", "flow.node hotline/greeting", "leg.answered", "flow.node hotline/menu", "flow.node hotline/sales",
		"queue.joined", "queue.offered", "leg.created", "leg.ringing agent", "leg.answered agent", "call.connected", "queue.connected",
		"leg.hangup agent", "call.parted", "flow.node hotline/thanks", "norm.broken", "alert.leader", "flow.node hotline/end", "leg.hangup",
		"norm.mended", "call.ended",
	}
	if !slices.Equal(spine, want) {
		t.Errorf("events\n%s\nwant\n%s", strings.Join(spine, "\n"), strings.Join(want, "\n"))
	}
	for kind, n := range map[fact.Kind]int{
		fact.BridgeJoined: 2, fact.BridgeLeft: 2, fact.PlayStarted: 3, fact.PlayFinished: 3, fact.RecordStarted: 1, fact.RecordStopped: 2,
	} {
		got := 0
		for _, name := range all {
			if name == string(kind) {
				got++
			}
		}
		if got != n {
			t.Errorf("%d events %s, want %d, in\n%s", got, kind, n, strings.Join(all, "\n"))
		}
	}
	if n := len(all); n > 0 && all[n-1] != "call.ended" {
		t.Errorf("%s comes after call.ended", all[n-1])
	}
	if !slices.IsSortedFunc(events, func(a, b fact.Event) int { return int(a.At - b.At) }) {
		t.Error("the events' instants go back")
	}
}

// logged holds the queue_log to app_queue's format.
func logged(t *testing.T, path string, r fact.Record) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	var got []string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		f := strings.Split(line, "|")
		if len(f) < 5 {
			t.Fatalf("line %q", line)
		}
		if at := f[0]; len(at) != len("1700000000") {
			t.Errorf("line %q begins with no epoch", line)
		}
		if f[1] == string(r.Call) {
			got = append(got, strings.Join(f[2:], "|"))
		}
	}
	wait, talk, ring := r.Wait/1000, r.Talk/1000, r.Ring/1000
	want := []string{
		fmt.Sprintf("sales|NONE|ENTERQUEUE||%s|1", r.From),
		fmt.Sprintf("sales|1001|CONNECT|%d|%s|%d", wait, "*", ring),
		fmt.Sprintf("sales|1001|COMPLETEAGENT|%d|%d|1", wait, talk),
	}
	if len(got) != len(want) {
		t.Fatalf("queue_log of the call:\n%s\nwhole:\n%s", strings.Join(got, "\n"), text)
	}
	for i, w := range want {
		head, tail, _ := strings.Cut(w, "*")
		if !strings.HasPrefix(got[i], head) || !strings.HasSuffix(got[i], tail) {
			t.Errorf("queue_log line %q, want %q", got[i], w)
		}
	}
	for _, line := range []string{"|NONE|sales|1001|ADDMEMBER|", "|NONE|support|1001|ADDMEMBER|"} {
		if !strings.Contains(string(text), line) {
			t.Errorf("no line %q in the queue_log:\n%s", line, text)
		}
	}
}

// Two callers on one line are served in their order, and the wait of the second
// includes the first's talk.
func TestInTurn(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.agents[0].Behave(phone.AnswerAfter(100 * time.Millisecond))
	first := h.calls(h.caller("13800000001"), direct)
	h.lines("sales", "13800000001")
	second := h.calls(h.caller("13800000002"), direct)
	h.lines("sales", "13800000001", "13800000002")
	must(t, h.SignIn(h.ctx(), "1001", "1001"))
	a := h.rung(h.agents[0])
	if _, number := a.Shown(); number != "13800000001" {
		t.Errorf("the first to be served is %s", number)
	}
	h.talk(first, a, callerTone, agentTone)
	h.lines("sales", "13800000002")
	h.hears(second, pbx.MusicTone)
	a.Hangup()
	b := h.rung(h.agents[0])
	if _, number := b.Shown(); number != "13800000002" {
		t.Errorf("the second to be served is %s", number)
	}
	h.talk(second, b, callerTone, agentTone)
	second.Hangup()
	h.ended(b)
	h.atRest("1001")
	one := h.record("13800000001", fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, fact.ByAgent)
	two := h.record("13800000002", fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
	if two.Wait < one.Talk+1000 {
		t.Errorf("the second waited %d ms, the first talked %d ms and the wrap-up is 1 s", two.Wait, one.Talk)
	}
}
