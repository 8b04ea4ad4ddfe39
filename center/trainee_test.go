package center

import (
	"bytes"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// A traineeship is seen, and ends by itself with its day, also when the clock is
// found to be another, or the process was down then.
func TestATraineeshipEndsByItself(t *testing.T) {
	const wall = 1_700_000_001_000 // at the desk's beginning
	d := newFloor(t, func(c *Config) {
		c.ACD.Agents[0].TraineeUntil, c.ACD.Agents[0].TraineeEnds = "2023-11-14", wall+3_600_000
		c.ACD.Agents[1].TraineeUntil, c.ACD.Agents[1].TraineeEnds = "2023-11-13", wall-1
	})
	if a, b := d.agent(0), d.agent(1); !a.Trainee || a.TraineeUntil != "2023-11-14" || b.Trainee || b.TraineeUntil != "2023-11-13" {
		t.Fatalf("%+v, %+v", a, b)
	}
	restored := func() {
		t.Helper()
		before, _ := d.Checkpoint()
		again, err := Restore(before)
		if err != nil {
			t.Fatal(err)
		}
		after, _ := again.Checkpoint()
		x, some := again.Next()
		if y, known := d.Next(); !bytes.Equal(before, after) || x != y || some != known {
			t.Errorf("restored as\n%s\nnext %v %v, was\n%s\nnext %v %v", after, x, some, before, y, known)
		}
		d.Center = again
	}
	restored()
	d.at(59 * time.Minute)
	if !d.agent(0).Trainee {
		t.Error("it is over before its day is")
	}
	d.at(time.Hour)
	if e := d.told(fact.AgentTrainee); e.Agent != "1001" || e.To != "ended" || d.agent(0).Trainee {
		t.Errorf("told %+v, agent %+v", e, d.agent(0))
	}
	restored()
	if at, some := d.Next(); some {
		t.Errorf("something is due at %d", at)
	}
	d.step(ClockSet{Offset: 1_700_000_000_000 - 7_200_000})
	if e := d.told(fact.AgentTrainee); e.To != "began" || !d.agent(0).Trainee {
		t.Errorf("the clock went back: %+v", e)
	}
	d.step(Booted{Epoch: "e2", Offset: 1_700_000_000_000})
	if e := d.told(fact.AgentTrainee); e.To != "ended" || d.agent(0).Trainee {
		t.Errorf("it ended while huawu was down: %+v", e)
	}
}

// Whoever becomes a trainee by a configuration is so before anything is offered
// by it.
func TestATraineeIsOneFromTheConfigurationOn(t *testing.T) {
	d := newFloor(t, nil)
	d.ask(SignIn{Agent: "1001", Endpoint: "PJSIP/1001", Ready: true}, "")
	cfg := d.cfg
	cfg.ACD.Queues = []routing.Queue{{ID: "sales", Trainees: routing.TraineesNever}}
	cfg.ACD.Agents = []routing.Agent{{ID: "1001", Queues: []fact.QueueID{"sales"}, TraineeUntil: "2099-12-31", TraineeEnds: 4_000_000_000_000}}
	d.step(Configured{Config: cfg})
	if a := d.agent(0); !a.Trainee || d.View().Queues[0].Ready != 0 {
		t.Errorf("%+v, %d ready", a, d.View().Queues[0].Ready)
	}
}
