package sim

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

var (
	seed    = flag.Uint64("seed", 0, "run this seed alone")
	verbose = flag.String("steps", "", "log the steps in which this text occurs")
	seeds   = flag.Int("seeds", 40, "how many seeds to run")
)

// TestCentreUnderFire runs a day's worth of trouble for each seed.
func TestCentreUnderFire(t *testing.T) { eachSeed(t, fire) }

// crowd is who acts in the world.
type crowd struct {
	*World
	t      *testing.T
	agents []fact.AgentID
	ended  map[fact.CallID]int
	born   map[fact.CallID]bool
	steps  int
}

func crowdOf(t *testing.T, w *World) *crowd {
	return &crowd{World: w, t: t, ended: map[fact.CallID]int{}, born: map[fact.CallID]bool{}}
}

// come brings all agents to their phones, which answer, and the switch up; they
// sign in, ready.
func (c *crowd) come(cfg center.Config) {
	c.t.Helper()
	for _, a := range cfg.ACD.Agents {
		c.agents = append(c.agents, a.ID)
		c.PINs[a.ID] = "1234"
		c.Core.AddPhone(c.Now, seatOf(a.ID), mediatest.Behaviour{Ring: 200 * time.Millisecond, Then: mediatest.Answers})
	}
	c.Connect()
	for _, a := range c.agents {
		if err := c.Ask(center.SignIn{Agent: a, Endpoint: seatOf(a), Ready: true}); err != nil {
			c.t.Fatal(err)
		}
	}
}

func fire(t *testing.T, seed uint64) {
	cfg, err := Config(6)
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(seed, 2))
	faults := true
	w := Start(seed, cfg, mediatest.Options{
		PromptLength: 700 * time.Millisecond, Return: time.Second,
		Trouble: troubled(rand.New(rand.NewPCG(seed, 6)), 250, &faults),
		Fault: func(fact.Instant, media.Command) mediatest.Fault {
			if !faults {
				return mediatest.Fault{}
			}
			switch dice.IntN(150) {
			case 0:
				return mediatest.Fault{Err: media.ErrRefused}
			case 1:
				return mediatest.Fault{Err: media.ErrUnknown}
			case 2:
				return mediatest.Fault{Err: media.ErrUnknown, Done: true}
			}
			return mediatest.Fault{}
		},
	})
	w.Latency = 8 * time.Millisecond
	c := crowdOf(t, w)
	other := &twin{t: t, w: w}
	w.Watch = func(in center.Input, out []center.Effect) {
		c.watch(in, out)
		other.step(in, out)
	}
	c.come(cfg)
	for range 60 {
		c.Later(c.within(4*time.Minute), c.caller)
	}
	for range 25 {
		c.Later(c.within(4*time.Minute), c.agentActs)
	}
	for range 4 {
		c.Later(c.within(4*time.Minute), c.outage)
	}
	c.Run(4 * time.Minute)
	faults = false
	c.settle()
}

func seatOf(a fact.AgentID) fact.Endpoint { return fact.Endpoint("PJSIP/" + string(a)) }

func (c *crowd) within(d time.Duration) time.Duration {
	return time.Duration(c.Rand.Int64N(int64(d))).Truncate(time.Millisecond)
}

// caller rings up, presses a key or not, and stays or not.
func (c *crowd) caller() {
	leg := c.Call(fmt.Sprintf("139%08d", c.Rand.IntN(1e8)), "100")
	if c.Rand.IntN(10) > 0 {
		c.Later(c.within(4*time.Second), func() {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.Press(now, leg, fmt.Sprint(1+c.Rand.IntN(2))) })
		})
	}
	c.Later(time.Second+c.within(60*time.Second), func() {
		c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
	})
}

func (c *crowd) agentActs() {
	a := c.agents[c.Rand.IntN(len(c.agents))]
	seat := seatOf(a)
	switch c.Rand.IntN(9) {
	case 0:
		c.Core.Behave(seat, mediatest.Behaviour{Then: mediatest.RingsOn})
	case 1:
		c.Core.Behave(seat, mediatest.Behaviour{Ring: 300 * time.Millisecond, Then: mediatest.Rejects})
	case 2:
		c.Core.Behave(seat, mediatest.Behaviour{Then: mediatest.Busy})
	case 3:
		c.Core.Behave(seat, mediatest.Behaviour{Then: mediatest.SaysNothing})
	case 4:
		c.Far(func(now fact.Instant) []media.Event { return c.Core.Register(now, seat, false) })
		c.Later(c.within(20*time.Second), func() {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.Register(now, seat, true) })
		})
	case 5:
		_ = c.Ask(center.NotReady{Agent: a, Reason: routing.PauseBreak})
	case 6:
		leg := c.CallFrom(seat, "8002")
		c.Later(time.Second+c.within(30*time.Second), func() {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
		})
	case 7:
		leg := c.CallFrom(seat, "*12")
		c.Later(c.within(6*time.Second), func() {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
		})
	case 8: // whoever talks with the agent is hung up on
		for _, call := range c.Center.View().Calls {
			for _, l := range call.Legs {
				if l.Endpoint == seat {
					c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, l.Leg) })
				}
			}
		}
	}
	c.Later(c.within(30*time.Second), func() {
		c.Core.Behave(seat, mediatest.Behaviour{Ring: 200 * time.Millisecond, Then: mediatest.Answers})
		_ = c.Ask(center.Ready{Agent: a})
	})
}

// outage cuts the connection, or kills the process, or the switch.
func (c *crowd) outage() {
	away := c.within(3 * time.Second)
	switch c.Rand.IntN(3) {
	case 0:
		c.Cut()
		c.Later(away, c.Connect)
	case 1:
		if c.Rand.IntN(2) == 0 {
			if err := c.Save(); err != nil {
				c.t.Fatal(err)
			}
		}
		if err := c.Kill(); err != nil {
			c.t.Fatal(err)
		}
		c.Later(away, func() { c.Boot(); c.Connect() })
	case 2:
		c.Cut()
		c.Core.Crash(c.Now)
		c.Later(away, c.Connect)
	}
}

// watch looks after every step for what must never be.
func (c *crowd) watch(in center.Input, out []center.Effect) {
	c.steps++
	if *verbose != "" {
		line := fmt.Sprintf("%d %T%+v", c.Now, in, in)
		for _, e := range out {
			line += fmt.Sprintf("\n    %T%+v", e, e)
		}
		if strings.Contains(line, *verbose) {
			c.t.Log(line)
		}
	}
	for _, e := range out {
		switch e := e.(type) {
		case center.Write:
			c.ended[e.Record.Call]++
			if c.ended[e.Record.Call] > 1 {
				c.t.Fatalf("call %s ended twice", e.Record.Call)
			}
			r := e.Record
			if r.IVR < 0 || r.Wait < 0 || r.Ring < 0 || r.Talk < 0 || r.Hold < 0 || r.Ring > r.Wait+r.Talk+(r.Ended-r.Began) {
				c.t.Fatalf("durations of %+v", r)
			}
			if r.Reason == "" || r.Fault == "" || r.By == "" {
				c.t.Fatalf("no reason in %+v", r)
			}
		case center.Emit:
			if e.Event.Kind == fact.CallOffered {
				c.born[e.Event.Call] = true
			}
			if c.ended[e.Event.Call] > 0 && lasts(e.Event.Kind) {
				c.t.Fatalf("%s is told of call %s, which has ended", e.Event.Kind, e.Event.Call)
			}
		}
	}
	if c.steps%7 == 0 {
		c.look()
	}
}

// lasts says whether the end of a call must be the last before events of a kind:
// those about what the call is judged by.
func lasts(kind fact.Kind) bool {
	return slices.Contains([]fact.Kind{fact.NormBroken, fact.NormMended, fact.NormNudged, fact.NormEnforced}, kind)
}

func (c *crowd) look() {
	v := c.Center.View()
	talks := map[fact.AgentID]fact.CallID{}
	for _, call := range v.Calls {
		if call.State != center.CallTalking || call.Direction != fact.Inbound {
			continue
		}
		if other, twice := talks[call.Agent]; twice && call.Agent != "" {
			c.t.Fatalf("agent %s talks in %s and %s", call.Agent, other, call.ID)
		}
		talks[call.Agent] = call.ID
	}
	for _, q := range v.Queues {
		for i := 1; i < len(q.Waiting); i++ {
			a, b := q.Waiting[i-1], q.Waiting[i]
			if a.Priority == b.Priority && a.Joined > b.Joined {
				c.t.Fatalf("queue %s: %s stands before %s", q.ID, a.Ticket, b.Ticket)
			}
		}
	}
}

// settle lets everything come to its end and counts.
func (c *crowd) settle() {
	t := c.t
	c.Connect()
	for _, a := range c.agents {
		c.Far(func(now fact.Instant) []media.Event { return c.Core.Register(now, seatOf(a), true) })
	}
	c.Run(6 * time.Minute) // the silence after a lost word is among it
	v := c.Center.View()
	if len(v.Calls) != 0 {
		t.Errorf("%d calls are stuck: %+v", len(v.Calls), v.Calls)
	}
	for _, q := range v.Queues {
		if len(q.Waiting) != 0 {
			t.Errorf("queue %s: %d tickets are stuck: %+v", q.ID, len(q.Waiting), q.Waiting)
		}
	}
	for _, a := range v.Agents {
		switch a.State {
		case routing.ReadyState, routing.NotReadyIn, routing.Offline:
		default:
			t.Errorf("agent %s is stuck in %s", a.ID, a.State)
		}
	}
	up := c.Core.Disconnect(c.Now, "over")
	_ = up
	for _, e := range c.Core.Connect(c.Now) {
		if up, ok := e.(media.Up); ok && (len(up.Legs) > 0 || len(up.Rooms) > 0) {
			t.Errorf("left on the switch: %+v %+v", up.Legs, up.Rooms)
		}
	}
	if len(c.born) == 0 || len(c.ended) != len(c.born) {
		t.Errorf("%d calls began, %d ended", len(c.born), len(c.ended))
	}
}
