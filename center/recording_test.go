package center

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
)

// The first rule that a call is of says how it is recorded; without one it is.
func TestWhichCallsAreRecorded(t *testing.T) {
	rules := []RecordingRule{{Queue: "sales", Record: RecordRequired}, {Flow: "f", Direction: fact.Inbound, Record: RecordNever}, {Direction: fact.Internal, Record: RecordNever}}
	for _, c := range []struct {
		dir                fact.Direction
		flow               fact.FlowID
		queue              fact.QueueID
		recorded, required bool
	}{
		{fact.Inbound, "g", "", true, false},
		{fact.Inbound, "f", "", false, false},
		{fact.Inbound, "f", "sales", true, true},
		{fact.Outbound, "f", "", true, false},
		{fact.Internal, "", "", false, false},
		{fact.Service, "g", "sales", false, false},
	} {
		for _, off := range []bool{false, true} {
			got := recordingPolicy{Off: off, Rules: rules}.of(c.dir, c.flow, c.queue)
			ruled := c.queue != "" || c.flow == "f" && c.dir == fact.Inbound || c.dir == fact.Internal
			if want := c.recorded && (ruled || !off); c.dir != fact.Service && got.Recorded != want || got.Required != c.required || c.dir == fact.Service && got.Recorded {
				t.Errorf("%+v, off %v: %+v", c, off, got)
			}
		}
	}
}

// A call goes by the rules that it began with, and its queue's when it joins.
func TestACallKeepsItsRules(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		welcomes(c)
		c.Recording = []RecordingRule{{Queue: "sales", Record: RecordAlways}, {Record: RecordNever}}
	})
	caller := d.arrive("PJSIP/out", "13800138000", "4001")
	d.hear(media.LegAnswered{Leg: caller})
	if got := d.c.of(caller).call.Files; len(got) != 0 {
		t.Fatalf("recorded in the flow: %+v", got)
	}
	cfg := d.c.cfg
	cfg.Version, cfg.Recording = cfg.Version+1, nil
	d.step(Configured{Config: cfg})
	d.hear(media.PlayEnded{Leg: caller, Play: fact.On[fact.PlayID]("sw", string(d.c.of(caller).call.ID)+"-p1"), Result: media.PlayDone})
	if got := sent[media.Record](d); len(got) != 1 || got[0].Leg != caller {
		t.Fatalf("recorded in the queue: %+v", got)
	}
	d.ask(RecordCall{Call: d.c.of(caller).call.ID})
	if got := sent[media.StopRecord](d); len(got) != 1 {
		t.Fatalf("stopped %+v", got)
	}
	required := func(c *Config) {
		welcomes(c)
		c.Recording = []RecordingRule{{Record: RecordRequired}}
	}
	d = newDesk(t, required)
	caller = d.arrive("PJSIP/out", "13800138000", "4001")
	d.hear(media.LegAnswered{Leg: caller})
	if got := d.refuses(RecordCall{Call: d.c.of(caller).call.ID}); got != CodeDenied {
		t.Errorf("a required recording is stopped: %q", got)
	}
}

// A recording that was ended by order is begun anew by a rule that requires it, or
// the caller could talk to nobody.
func TestAnOrderEndsNoRecordingThatIsRequired(t *testing.T) {
	for _, rule := range []string{RecordRequired, RecordAlways} {
		d := newDesk(t, func(c *Config) {
			welcomes(c)
			c.Recording = []RecordingRule{{Queue: "sales", Record: rule}}
		})
		caller := d.arrive("PJSIP/out", "13800138000", "4001")
		d.ask(RecordCall{Call: d.c.of(caller).call.ID})
		d.greeted(caller)
		k := d.c.of(caller)
		if want := rule == RecordRequired; k.call.Queue != "sales" || k.call.Required != want || k.call.Recorded != want {
			t.Errorf("%s: in the queue %q recorded %v, required %v", rule, k.call.Queue, k.call.Recorded, k.call.Required)
		}
		k.call.Recorded, k.call.Ordered = false, true // as an older huawu has left it
		if d.c.recordBy(k, "sales"); k.call.Recorded != k.call.Required {
			t.Errorf("%s: recorded %v, required %v", rule, k.call.Recorded, k.call.Required)
		}
	}
}

// refuses is the code of the refusal of an order, "" for none.
func (d *desk) refuses(op Operation) Code { d.t.Helper(); return CodeOf(d.try(op)) }

// A pause is told with who wants it and why, ends by itself, and can be ended by
// the same key; what it may not be is refused.
func TestThePauseOfARecording(t *testing.T) {
	d := newDesk(t, func(c *Config) { welcomes(c); c.Keys.Standard = true })
	caller := d.arrive("PJSIP/out", "13800138000", "4001")
	d.greeted(caller)
	agent, _ := d.rings()
	d.hear(media.LegAnswered{Leg: agent})
	k := d.c.of(caller)
	for _, leg := range []fact.LegID{caller, agent} {
		d.hear(media.Joined{Leg: leg, Room: k.call.Room})
	}
	id := k.call.ID
	if got := d.refuses(PauseRecording{Call: id}); got != CodeConflict {
		t.Errorf("paused before it runs: %q", got)
	}
	d.hear(media.RecordStarted{Leg: caller, Recording: k.call.Files[0].ID})
	for op, want := range map[Operation]Code{
		PauseRecording{Call: "c-no"}:                                  CodeNotFound,
		PauseRecording{Call: id, For: time.Second}:                    CodeInvalid,
		PauseRecording{Call: id, For: time.Hour}:                      CodeInvalid,
		PauseRecording{Call: id, Note: strings.Repeat("证", maxWhy+1)}: CodeInvalid,
		ResumeRecording{Call: id}:                                     CodeConflict,
	} {
		if got := d.refuses(op); got != want {
			t.Errorf("%+v: %q, want %s", op, got, want)
		}
	}
	d.ask(PauseRecording{Call: id, Note: "证件"})
	told := d.events(fact.RecordPaused)
	if mutes := sent[media.MuteRecord](d); len(mutes) != 1 || !mutes[0].On || len(told) != 1 || told[0].Who != "chen" || told[0].Note != "证件" || told[0].Name != "order" {
		t.Fatalf("muted %+v, told %+v", mutes, told)
	}
	if v := d.c.callView(d.c.contacts[id]); len(v.Paused) != 1 || v.Paused[0].Until-v.Paused[0].Since != PauseDefault.Milliseconds() {
		t.Errorf("shown %+v", v.Paused)
	}
	d.later(PauseDefault)
	told = d.events(fact.RecordResumed)
	if mutes := sent[media.MuteRecord](d); len(mutes) != 1 || mutes[0].On || len(told) != 1 || told[0].Millis != PauseDefault.Milliseconds() || told[0].Reason == "" {
		t.Fatalf("muted %+v, told %+v", mutes, told)
	}
	for _, on := range []bool{true, false} {
		d.hear(media.Digit{Leg: agent, Key: "#"})
		d.hear(media.Digit{Leg: agent, Key: "2"})
		if mutes := sent[media.MuteRecord](d); len(mutes) != 1 || mutes[0].On != on {
			t.Errorf("by key muted %+v, want %v", mutes, on)
		}
	}
}

// Digits that nobody may see are not in the recording, and all else is.
func TestSecretDigitsAreNotRecorded(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		welcomes(c)
		ask := func(id string, sensitive bool, next string) flow.Node {
			return flow.Node{ID: id, Gather: &flow.GatherNode{Ask: flow.Ask{Prompts: []flow.Prompt{{Sound: "beep"}}, Else: "end"}, Variable: id, Min: 2, Max: 2, Sensitive: sensitive, Next: next}}
		}
		c.Flows = []*flow.Flow{{ID: "f", Nodes: []flow.Node{ask("account", false, "pin"), ask("pin", true, "again"), ask("again", false, "end"), {ID: "end", Hangup: &flow.HangupNode{}}}}}
	})
	caller := d.arrive("PJSIP/out", "13800138000", "4001")
	d.hear(media.LegAnswered{Leg: caller})
	d.hear(media.RecordStarted{Leg: caller, Recording: d.c.of(caller).call.Files[0].ID})
	var got []bool
	for range 4 {
		d.hear(media.Digit{Leg: caller, Key: "1"})
		for _, m := range sent[media.MuteRecord](d) {
			got = append(got, m.On)
		}
	}
	if !slices.Equal(got, []bool{true, false}) {
		t.Errorf("muted %v", got)
	}
}

// Nobody talks to a caller whose recording must run and does not: the leader is
// told, the agent is free, and the flow goes on.
func TestACallerWhoCannotBeRecorded(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		welcomes(c)
		c.Recording = []RecordingRule{{Queue: "sales", Record: RecordRequired}}
	})
	caller := d.arrive("PJSIP/out", "13800138000", "4001")
	d.greeted(caller)
	agent, _ := d.rings()
	d.hear(media.LegAnswered{Leg: agent})
	if got := sent[media.Join](d); len(got) != 0 {
		t.Fatalf("joined %+v", got)
	}
	var reasons []string
	hung := false
	for range 5 {
		d.later(time.Second)
		for _, e := range d.events(fact.AlertLeader) {
			reasons = append(reasons, e.Name+" "+e.Reason)
		}
		for _, h := range sent[media.Hangup](d) {
			hung = hung || h.Leg == agent
		}
	}
	if !slices.Contains(reasons, "REC-5 barred") || !hung {
		t.Errorf("told %v, the agent hung up %v", reasons, hung)
	}
}
