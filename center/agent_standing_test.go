package center

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// floor is a centre of two agents at seats, asked and looked at.
type floor struct {
	*Center
	t      *testing.T
	now    fact.Instant
	events []fact.Event
	leg    fact.LegID // the agent's in the last talk
}

func newFloor(t *testing.T, change func(*Config)) *floor {
	cfg := Config{Tenant: "default", Version: 1, Zone: "Asia/Shanghai", ACD: routing.Config{
		Queues: []routing.Queue{{ID: "sales"}},
		Agents: []routing.Agent{{ID: "1001", Queues: []fact.QueueID{"sales"}}, {ID: "1002", Queues: []fact.QueueID{"sales"}}},
	}, Seats: []Seat{{Endpoint: "PJSIP/1001"}, {Endpoint: "PJSIP/1002"}}}
	if change != nil {
		change(&cfg)
	}
	d := &floor{Center: New("default"), t: t, now: 1_000}
	d.step(Booted{Epoch: "e1", Offset: 1_700_000_000_000})
	d.step(Configured{Config: cfg})
	return d
}

func (d *floor) step(in Input) (r Reply) {
	for _, e := range d.Center.Step(d.now, in) {
		switch e := e.(type) {
		case Reply:
			r = e
		case Emit:
			d.events = append(d.events, e.Event)
		}
	}
	return r
}

// ask is an operation by chen; it must end with a code, "" for success.
func (d *floor) ask(op Operation, want Code) Reply {
	d.t.Helper()
	r := d.step(Asked{Request: "r", By: "chen", Op: op})
	if r.Code != want {
		d.t.Fatalf("%+v: %q %s, want %q", op, r.Code, r.Message, want)
	}
	return r
}

// at lets timers fire up to an instant after the beginning.
func (d *floor) at(after time.Duration) {
	end := fact.Instant(1_000).Add(after)
	for {
		due, ok := d.Next()
		if !ok || due > end {
			break
		}
		d.now = max(d.now, due)
		d.step(Tick{})
	}
	d.now = end
}

func (d *floor) agent(i int) AgentView { return d.View().Agents[i] }

// told is the last event of a kind.
func (d *floor) told(kind fact.Kind) fact.Event {
	d.t.Helper()
	for _, e := range slices.Backward(d.events) {
		if e.Kind == kind {
			return e
		}
	}
	d.t.Fatalf("no %s", kind)
	return fact.Event{}
}

// A request is seen with who answered, and told; the leader is told of one
// that nobody answers (RUL-LEV-1). It is counted.
func TestARequestIsSeenAndTold(t *testing.T) {
	d := newFloor(t, nil)
	d.ask(AnswerRequest{Agent: "1001", Grant: true}, CodeConflict)
	d.ask(SignIn{Agent: "1001", Endpoint: "PJSIP/1001", Ready: true}, "")
	d.ask(NotReady{Agent: "1001", Reason: routing.PauseLeave}, "")
	a := d.agent(0)
	if r := a.Request; a.State != routing.ReadyState || r == nil || r.Status != routing.RequestPending || r.Since != 1_700_000_001_000 || r.Late {
		t.Errorf("asked: %+v, %+v", a, r)
	}
	d.at(60 * time.Second)
	if e := d.told(fact.AlertLeader); e.Name != "RUL-LEV-1" || e.Reason != "unanswered" || e.To != "leave" || e.Agent != "1001" || e.Millis != 60_000 {
		t.Errorf("alert %+v", e)
	}
	if r := d.agent(0).Request; r.Status != routing.RequestPending || !r.Late {
		t.Errorf("after a minute: %+v", r)
	}
	d.ask(AnswerRequest{Agent: "1001", Grant: true}, "")
	a = d.agent(0)
	if r := a.Request; a.Reason != routing.PauseLeave || r.Status != routing.RequestGranted || r.By != "chen" || r.Answered != 1_700_000_061_000 {
		t.Errorf("granted: %+v, %+v", a, r)
	}
	if e := d.told(fact.AgentRequest); e.To != "granted" || e.Who != "chen" || e.Reason != "leave" || e.Millis != 60_000 {
		t.Errorf("told %+v", e)
	}
	if v := d.View(); len(v.Alerts) != 1 || v.Alerts[0] != (AlertCount{Kind: fact.AlertLeader, Rule: "RUL-LEV-1", Reason: "unanswered", Times: 1}) {
		t.Errorf("alerts %+v", v.Alerts)
	}
}

// A pause that lasts too long is seen, told and counted, and not ended; a view
// counts it on.
func TestAnOverrunIsSeenAndTold(t *testing.T) {
	d := newFloor(t, nil)
	d.ask(SignIn{Agent: "1001", Endpoint: "PJSIP/1001", Ready: true}, "")
	d.ask(NotReady{Agent: "1001", Reason: routing.PauseMeal}, "")
	d.at(30 * time.Minute)
	if e := d.told(fact.AlertAgent); e.Name != "RUL-SHF-4" || e.Reason != "overrun" || e.To != "meal" || e.Agent != "1001" {
		t.Errorf("alert %+v", e)
	}
	old := d.View()
	if p := old.Agents[0].Pause; p.Over != 0 || p.Told != routing.OverrunWarned || p.Until-p.Since != (30*time.Minute).Milliseconds() {
		t.Errorf("at its end: %+v", p)
	}
	if p := old.Aged(d.now.Add(time.Minute)).Agents[0].Pause; p.Over != 60_000 || old.Agents[0].Pause.Over != 0 {
		t.Errorf("a minute later: %+v", p)
	}
	d.at(35 * time.Minute)
	if e := d.told(fact.AlertLeader); e.Name != "RUL-SHF-4" || e.Millis != 300_000 {
		t.Errorf("alert %+v", e)
	}
	a := d.agent(0)
	if a.State != routing.NotReadyIn || a.Pause.Over != 300_000 || a.Pause.Told != routing.OverrunLeader {
		t.Errorf("after 35 min: %+v, %+v", a, a.Pause)
	}
	before, err := d.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Restore(before)
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := again.Checkpoint(); !bytes.Equal(before, after) {
		t.Errorf("restored as\n%s\nwas\n%s", after, before)
	}
}

// A leader says what an agent is to be, and why, which everybody can read.
func TestALeaderForces(t *testing.T) {
	d := newFloor(t, nil)
	d.ask(ForceAgent{Agent: "1001", To: routing.ReadyState, Why: "late"}, CodeConflict) // signed in nowhere
	d.ask(SignIn{Agent: "1001", Endpoint: "PJSIP/1001", Handover: true}, "")
	if a := d.agent(0); a.State != routing.HandoverState {
		t.Fatalf("signed in: %+v", a)
	}
	for _, c := range []struct {
		op    ForceAgent
		code  Code
		says  string
		state routing.State
	}{
		{ForceAgent{Agent: "1009", To: routing.ReadyState, Why: "x"}, CodeNotFound, "1009", routing.HandoverState},
		{ForceAgent{Agent: "1001", To: routing.ReadyState}, CodeInvalid, "why", routing.HandoverState},
		{ForceAgent{Agent: "1001", To: routing.ReadyState, Why: strings.Repeat("长", 201)}, CodeInvalid, "want 1 to 200", routing.HandoverState},
		{ForceAgent{Agent: "1001", To: routing.Talking, Why: "x"}, CodeInvalid, "want READY, NOT_READY or OFFLINE", routing.HandoverState},
		{ForceAgent{Agent: "1001", To: routing.ReadyState, Reason: "meal", Why: "x"}, CodeInvalid, "reason", routing.HandoverState},
		{ForceAgent{Agent: "1001", To: routing.NotReadyIn, Reason: "lunch", Why: "x"}, CodeInvalid, "meal", routing.HandoverState},
		{ForceAgent{Agent: "1001", To: routing.ReadyState, Why: "晨会结束"}, "", "", routing.ReadyState},
		{ForceAgent{Agent: "1001", To: routing.NotReadyIn, Reason: routing.PauseLeave, Why: "医务室"}, "", "", routing.NotReadyIn},
		{ForceAgent{Agent: "1001", To: routing.Offline, Why: "下班"}, "", "", routing.Offline},
	} {
		n := len(d.events)
		if r := d.ask(c.op, c.code); !strings.Contains(r.Message, c.says) {
			t.Errorf("%+v: %s, want %q in it", c.op, r.Message, c.says)
		}
		if a := d.agent(0); a.State != c.state {
			t.Errorf("%+v: %s", c.op, a.State)
		}
		if c.code != "" {
			if len(d.events) != n {
				t.Errorf("%+v: refused, and told %+v", c.op, d.events[n:])
			}
			continue
		}
		if e := d.told(fact.AgentForced); e.Who != "chen" || e.Note != c.op.Why || e.To != string(c.op.To) || e.Reason != string(c.op.Reason) {
			t.Errorf("told %+v", e)
		}
	}
}
