package sim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// offerBound is how long a caller may wait without an offer while there are
// agents who could have the call but for what goes wrong: the longest that
// whoever is believed to be busy with a lost leg is believed in (2 min 5 s),
// and then the caller's preference, a refusal and the back-off, one after
// another.
const offerBound = 3*time.Minute + 10*time.Second

// TestOfferWithinABound has callers wait in queues of every distribution, for
// skills that are relaxed, for agents whom they prefer and in queues that pause,
// among three agents who serve all and three whose phones do what they like,
// while commands fail, events are lost and the process dies: whoever waits where
// offers are made has one within offerBound, whatever has gone wrong.
func TestOfferWithinABound(t *testing.T) { eachSeed(t, offerInTime) }

var distributions = []routing.Distribution{
	routing.LongestIdle, routing.FewestCalls, routing.LeastTalk, routing.RoundRobin, routing.Linear, routing.WeightedRandom,
	routing.BestSkill, routing.RingAll,
}

// everyDistribution is a centre with a queue of each, to which the numbers from
// 200 on lead; callers may type the agent whom they prefer.
func everyDistribution(t *testing.T) center.Config {
	t.Helper()
	cfg, err := Config(6)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Numbers, cfg.ACD.Queues, cfg.ACD.Skills, cfg.Unrecorded = nil, nil, []fact.SkillID{"english"}, true
	never := 0
	var ids []fact.QueueID
	for i, d := range distributions {
		q := routing.Queue{ID: fact.QueueID(d), Distribution: d, WrapUp: 3 * time.Second, PreferHold: 20 * time.Second}
		if i%2 == 0 {
			q.Needs, q.Relax = "english>=50", []routing.Relaxation{{After: 20 * time.Second}}
		}
		ids = append(ids, q.ID)
		cfg.ACD.Queues = append(cfg.ACD.Queues, q)
		f := &flow.Flow{ID: fact.FlowID(d), Nodes: []flow.Node{
			{ID: "who", Gather: &flow.GatherNode{Ask: flow.Ask{Timeout: time.Second, Retries: &never, Else: "line"}, Variable: "who", Min: 4, Max: 4, Next: "line"}},
			{ID: "line", Enqueue: &flow.EnqueueNode{Queue: q.ID, Prefer: "who", Next: "end", Else: "end"}},
			{ID: "end", Hangup: &flow.HangupNode{}},
		}}
		cfg.Flows = append(cfg.Flows, f)
		cfg.Numbers = append(cfg.Numbers, center.Number{Number: fmt.Sprint(200 + i), Flow: f.ID})
	}
	for i := range cfg.ACD.Agents {
		a := &cfg.ACD.Agents[i]
		a.Queues, a.Weight = ids, 1+i
		if i%3 == 0 {
			a.Skills = []routing.Skill{{ID: "english", Level: 60 + 10*i}}
		}
	}
	if err := cfg.ACD.Validate(); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// waits is since when tickets wait without an offer where offers are made.
type waits struct {
	*crowd
	since map[fact.TicketID]fact.Instant
	// offered is how many had to wait for their offers, longest how long.
	offered int
	longest time.Duration
}

func offerInTime(t *testing.T, seed uint64) {
	cfg := everyDistribution(t)
	dice, events, faults := rand.New(rand.NewPCG(seed, 8)), rand.New(rand.NewPCG(seed, 9)), true
	w := Start(seed, cfg, mediatest.Options{Return: time.Second, Trouble: troubled(events, 60, &faults),
		Fault: func(fact.Instant, media.Command) mediatest.Fault {
			switch dice.IntN(120) {
			case 0:
				return mediatest.Fault{Err: media.ErrRefused}
			case 1:
				return mediatest.Fault{Err: media.ErrUnknown, Done: dice.IntN(2) == 0}
			case 2:
				return mediatest.Fault{Late: media.FailRefused}
			}
			return mediatest.Fault{}
		}})
	w.Latency = 20 * time.Millisecond
	c := &waits{crowd: crowdOf(t, w), since: map[fact.TicketID]fact.Instant{}}
	w.Watch = func(in center.Input, out []center.Effect) {
		c.watch(in, out)
		c.judge()
	}
	c.come(cfg)
	const day = 12 * time.Minute
	for range 80 {
		c.Later(c.within(day), c.comes)
	}
	for range 40 {
		c.Later(c.within(day), c.fancies)
	}
	for range 20 {
		c.Later(c.within(day), c.pauses)
	}
	for range 4 {
		c.Later(c.within(day), c.outage)
	}
	for at := time.Second; at < day+offerBound; at += 3 * time.Second {
		c.Later(at, c.allReady)
	}
	c.Run(day + offerBound)
	if c.offered == 0 {
		t.Error("nobody waited for an offer")
	}
	t.Logf("%d waited for an offer, at most %v", c.offered, c.longest)
}

// comes is a caller who stays until the talk has lasted, or, one of five, has
// enough sooner; one of three prefers an agent.
func (c *waits) comes() {
	leg := c.Call(fmt.Sprintf("139%08d", c.Rand.IntN(1e8)), fmt.Sprint(200+c.Rand.IntN(len(distributions))))
	if c.Rand.IntN(3) == 0 {
		who := string(c.agents[c.Rand.IntN(len(c.agents))])
		c.Later(100*time.Millisecond, func() {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.Press(now, leg, who) })
		})
	}
	leaves := func() { c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) }) }
	if c.Rand.IntN(5) == 0 {
		c.Later(c.within(40*time.Second), leaves)
		return
	}
	var talks func()
	talks = func() {
		for _, call := range c.Center.View().Calls {
			if call.State == center.CallTalking && len(call.Legs) > 0 && call.Legs[0].Leg == leg {
				c.Later(c.within(15*time.Second), leaves)
				return
			}
		}
		c.Later(2*time.Second, talks)
	}
	talks()
}

// fancies is a phone of the second three that does something else for a while.
func (c *waits) fancies() {
	seat := seatOf(c.agents[3+c.Rand.IntN(3)])
	then := []mediatest.Outcome{mediatest.RingsOn, mediatest.Rejects, mediatest.Busy, mediatest.SaysNothing, mediatest.Unavailable}
	c.Core.Behave(seat, mediatest.Behaviour{Ring: 300 * time.Millisecond, Then: then[c.Rand.IntN(len(then))]})
	if away := c.Rand.IntN(3) == 0; away {
		c.Far(func(now fact.Instant) []media.Event { return c.Core.Register(now, seat, false) })
	}
	c.Later(c.within(time.Minute), func() {
		c.Core.Behave(seat, mediatest.Behaviour{Ring: 200 * time.Millisecond, Then: mediatest.Answers})
		c.Far(func(now fact.Instant) []media.Event { return c.Core.Register(now, seat, true) })
	})
}

func (c *waits) pauses() {
	queue := fact.QueueID(distributions[c.Rand.IntN(len(distributions))])
	_ = c.Ask(center.SetQueueMode{Queue: queue, Mode: []routing.Mode{routing.ModePaused, routing.ModeDraining}[c.Rand.IntN(2)]})
	c.Later(c.within(20*time.Second), func() { _ = c.Ask(center.SetQueueMode{Queue: queue, Mode: routing.ModeOpen}) })
}

// allReady has the agents do their duty: whoever is not ready says so.
func (c *waits) allReady() {
	for _, a := range c.Center.View().Agents {
		if a.State == routing.NotReadyIn {
			_ = c.Ask(center.Ready{Agent: a.ID})
		}
	}
}

// judge holds that nobody has waited for an offer for longer than the bound.
// While the switch is not heard no offer can be made.
func (c *waits) judge() {
	v := c.Center.View()
	there := map[fact.TicketID]bool{}
	for _, q := range v.Queues {
		if q.Mode == routing.ModePaused || !c.up {
			continue
		}
		for _, t := range q.Waiting {
			if t.Offered != "" {
				continue
			}
			there[t.Ticket] = true
			since, known := c.since[t.Ticket]
			if !known {
				c.since[t.Ticket] = c.Now
				c.offered++
				continue
			}
			waited := c.Now.Sub(since)
			c.longest = max(c.longest, waited)
			if waited <= offerBound {
				continue
			}
			why, _ := c.Center.Why(center.Question{Call: t.Call})
			text, _ := json.MarshalIndent(why.Ticket, "", " ")
			c.t.Fatalf("%s waits in %s for %v without an offer: %s", t.Ticket, q.ID, waited, text)
		}
	}
	for id := range c.since {
		if !there[id] {
			delete(c.since, id)
		}
	}
}
