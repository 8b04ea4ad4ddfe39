package sim

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// A standby that knows nothing of the journal gives every caller the same place,
// score and step as the huawu that died, out of the tags of the legs alone; and
// whoever then comes free is offered the caller who would have been offered.
func TestStandbyGivesTheSamePlaces(t *testing.T) {
	cfg := wishfulConfig(t)
	w := Start(21, cfg, mediatest.Options{PromptLength: 100 * time.Millisecond})
	w.Histories = map[string]center.CallerHistory{"13900000003": {Calls: 3, Agent: "1002"}}
	for _, s := range cfg.Seats {
		w.Core.AddPhone(w.Now, s.Endpoint, mediatest.Behaviour{Ring: 200 * time.Millisecond, Then: mediatest.Answers})
	}
	w.Connect()
	// The levels 1 and 2 are typed; 0 is none that counts.
	for i, c := range []struct{ number, level string }{{"200", "0"}, {"200", "1"}, {"200", "0"}, {"201", "0"}, {"200", "2"}, {"202", "0"}} {
		leg := w.Call(fmt.Sprintf("1390000000%d", i+1), c.number)
		w.Run(50 * time.Millisecond)
		w.Far(func(now fact.Instant) []media.Event { return w.Core.Press(now, leg, c.level) })
		w.Run(7 * time.Second)
	}
	line := func() (places []center.TicketView) {
		for _, q := range w.Center.View().Queues {
			for _, v := range q.Waiting {
				v.Ticket, v.Call = "", "" // another life's
				places = append(places, v)
			}
		}
		return places
	}
	if err := w.Ask(center.RankCaller{Call: w.Center.View().Queues[0].Waiting[3].Call, Priority: 7}); err != nil {
		t.Fatal(err)
	}
	w.Run(10 * time.Millisecond)
	if err := w.Ask(center.SetQueueMode{Queue: "support", Mode: routing.ModeOpen}); err != nil { // scores are as of the last step
		t.Fatal(err)
	}
	w.Cut()
	before := line()
	if len(before) != 6 {
		t.Fatalf("%d wait, want 6: %+v", len(before), before)
	}
	w.Center, w.Journal, w.Saved = center.New(fact.DefaultTenant), nil, nil
	w.Boot()
	w.input(center.Configured{Config: cfg})
	w.Connect()
	for i, after := range line() {
		if !reflect.DeepEqual(after, before[i]) {
			t.Errorf("place %d was\n%+v and is\n%+v", i+1, before[i], after)
		}
	}
	// Who asks for a skill is not given to an agent without it, and who prefers
	// one waits for that one.
	offered := func(agent fact.AgentID) string {
		n := len(w.Events)
		if err := w.Ask(center.SignIn{Agent: agent, Endpoint: seatOf(agent), Ready: true}); err != nil {
			t.Fatal(err)
		}
		for _, e := range w.Events[n:] {
			if e.Kind == fact.QueueOffered {
				for _, c := range w.Center.View().Calls {
					if c.ID == e.Call {
						return c.From
					}
				}
			}
		}
		return ""
	}
	if got, want := offered("1001"), before[0].From; got != want {
		t.Errorf("1001 is offered %s, want %s", got, want)
	}
}

// wishfulConfig is a centre with levels, credit for repeat callers, a queue that
// ages, relaxes and holds callers for an agent, and flows to it by the numbers
// 200 to 202.
func wishfulConfig(t *testing.T) center.Config {
	t.Helper()
	cfg, err := Config(3)
	if err != nil {
		t.Fatal(err)
	}
	cfg.ACD.Skills = []fact.SkillID{"english"}
	cfg.ACD.Order = routing.Order{Priority: 30 * time.Second, Repeat: 20 * time.Second,
		Levels: []routing.Level{{ID: "1", Worth: 5 * time.Minute}, {ID: "2", Worth: time.Minute}}}
	sales := &cfg.ACD.Queues[0]
	sales.PreferHold, sales.Urgency = time.Minute, 10*time.Second
	sales.Ageing = []routing.Ageing{{After: 15 * time.Second, Worth: 45 * time.Second}}
	sales.Relax = []routing.Relaxation{{After: 10 * time.Second}, {After: 25 * time.Second}}
	cfg.ACD.Agents[2].Skills = []routing.Skill{{ID: "english", Level: 80}}
	never := 0
	for i, line := range []flow.EnqueueNode{{}, {Needs: "english>=50"}, {Priority: 3}} {
		line.Queue, line.Level, line.Next, line.Else = sales.ID, "level", "end", "end"
		f := &flow.Flow{ID: fact.FlowID(fmt.Sprintf("wish-%d", i)), Nodes: []flow.Node{
			{ID: "level", Gather: &flow.GatherNode{Ask: flow.Ask{Timeout: time.Second, Retries: &never, Else: "line"}, Variable: "level", Max: 1, Next: "line"}},
			{ID: "line", Enqueue: &line}, {ID: "end", Hangup: &flow.HangupNode{}},
		}}
		cfg.Flows = append(cfg.Flows, f)
		cfg.Numbers = append(cfg.Numbers, center.Number{Number: fmt.Sprint(200 + i), Flow: f.ID})
	}
	if err := cfg.ACD.Validate(); err != nil {
		t.Fatal(err)
	}
	return cfg
}
