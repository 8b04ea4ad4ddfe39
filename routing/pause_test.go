package routing

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

func init() {
	verbs["pause"] = func(p *player, args []string) (Input, error) { // pause meal max=30m escalate=5m approval=ask
		plain, named := options(args)
		pause := Pause{ID: PauseReason(plain[0]), Approval: Approval(named["approval"])}
		for name, d := range map[string]*time.Duration{"max": &pause.Max, "escalate": &pause.Escalate} {
			if text, ok := named[name]; ok {
				var err error
				if *d, err = time.ParseDuration(text); err != nil {
					return nil, err
				}
			}
		}
		p.config.Pauses = append(p.config.Pauses, pause)
		return nil, nil
	}
	verbs["decide"] = func(_ *player, args []string) (Input, error) { // decide 1001 grant chen
		return Decide{Agent: fact.AgentID(args[0]), Grant: args[1] == "grant", By: args[2]}, nil
	}
	verbs["standing"] = func(p *player, args []string) (Input, error) { // standing 1001
		ag, ok := p.acd.Agent(fact.AgentID(args[0]))
		if !ok {
			return nil, fmt.Errorf("no agent %s", args[0])
		}
		fmt.Fprintf(&p.out, "> %s %s: paused %d until %d %q, next %q, %d in a row\n", ag.ID, state(ag.State, ag.Reason),
			ag.Paused, ag.Until, ag.Overrun, state(ag.Next, ag.NextReason), ag.RONAs)
		for _, d := range ag.Duties {
			fmt.Fprintf(&p.out, ">   owes %v of %s in %s since %d, told %v\n", d.Missing, d.Ticket, d.Queue, d.Since, ag.Owing)
		}
		if r := ag.Request; r != nil {
			fmt.Fprintf(&p.out, ">   %s %s since %d, answered by %q at %d, late %v\n", r.Reason, r.Status, r.Since, r.By, r.Answered, r.Late)
		}
		return nil, nil
	}
	soundness = append(soundness, (*ACD).standingSound)
}

// standingSound: what is to be said of agents besides the state fits to it.
func (a *ACD) standingSound() error {
	for id, ag := range a.agents {
		p, r := &ag.paused, &ag.request
		switch {
		case ag.reason == PauseLog && len(ag.duties) == 0 || ag.state == ReadyState && len(ag.duties) > 0:
			return fmt.Errorf("agent %s is %s(%s) with %d talks to write down", id, ag.state, ag.reason, len(ag.duties))
		case len(ag.duties) == 0 && (ag.owing.running() || ag.owingTold):
			return fmt.Errorf("agent %s owes nothing, and the leader is to be told", id)
		case len(ag.duties) > maxDuties:
			return fmt.Errorf("agent %s owes for %d talks", id, len(ag.duties))
		case ag.reason == PauseLog && !ag.owing.running() && !ag.owingTold:
			return fmt.Errorf("agent %s is log-missing, and nobody will know", id)
		case !ag.on && (ag.handover || ag.pause != "" || p.runs || r.status != "" || ag.ronas != 0):
			return fmt.Errorf("agent %s is offline and stands %+v", id, ag.standing())
		case ag.handover && (ag.pause != "" || ag.available()):
			return fmt.Errorf("agent %s is in handover and takes calls, or pauses", id)
		case p.runs && ag.pause == "" || ag.state == NotReadyIn && ag.reason == ag.pause && !p.runs:
			return fmt.Errorf("agent %s: the clock of %s runs %v", id, ag.pause, p.runs)
		case p.lease.running() != (p.max > 0 && p.stage != OverrunLeader):
			return fmt.Errorf("agent %s: pause %s of %s is %q, lease %v", id, ag.pause, p.max, p.stage, p.lease.running())
		case p.max > 0 && p.stage == OverrunNone && a.now > p.lease.due && a.now > p.since.Add(p.max+time.Hour):
			return fmt.Errorf("agent %s: pause %s overruns unseen", id, ag.pause)
		case r.lease.running() != (r.status == RequestPending && !r.late):
			return fmt.Errorf("agent %s: request %q, late %v, lease %v", id, r.status, r.late, r.lease.running())
		case (r.reason != "") != (r.status != "") || r.answered != 0 && r.status == RequestPending:
			return fmt.Errorf("agent %s: request %+v", id, r)
		}
	}
	return nil
}

// What a configuration says of pauses is checked, with field, value and remedy.
func TestPausesAreChecked(t *testing.T) {
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{Pauses: []Pause{{ID: "rona"}}}, `pauses[0].id: "rona": want a reason that huawu does not set itself`},
		{Config{Pauses: []Pause{{ID: "a b"}}}, `pauses[0].id: "a b": want 1 to 64 bytes without spaces`},
		{Config{Pauses: []Pause{{ID: "meal"}, {ID: "meal"}}}, `pauses[1].id: "meal": want each reason once`},
		{Config{Pauses: []Pause{{ID: "meal", Max: time.Millisecond}}}, `pauses[0](meal).max: "1ms": want 0 or 1s to 24h0m0s`},
		{Config{Pauses: []Pause{{ID: "meal", Escalate: -1}}}, `pauses[0](meal).escalate: "-1ns"`},
		{Config{Pauses: []Pause{{ID: "meal", Approval: "boss"}}}, `pauses[0](meal).approval: "boss": want nothing, ask or auto`},
		{Config{ApproveWithin: time.Millisecond}, `approve_within: "1ms"`},
		{Config{RONAs: -1}, `ronas: "-1": want 0 to 100`},
	} {
		if err := c.config.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.config, err, c.want)
		}
	}
	c := Config{}
	if !slices.Equal(c.Choices(), defaultPauses) {
		t.Errorf("choices %v", c.Choices())
	}
}
