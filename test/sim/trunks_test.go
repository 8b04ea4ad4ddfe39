package sim

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// TestTrunksUnderSiege has phones dial by trunks that are away, full or fail,
// and to phones that forward, with outages and kills between: every call ends,
// no trunk counts a leg that is gone, and none carries more than it may.
func TestTrunksUnderSiege(t *testing.T) { eachSeed(t, dialAndDial) }

// capacity is that of each of the siege's trunks.
const capacity = 3

func dialAndDial(t *testing.T, seed uint64) {
	cfg, err := Config(6)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Trunks = nil
	for _, id := range []string{"a", "b", "c"} {
		cfg.Trunks = append(cfg.Trunks, center.Trunk{ID: id, Endpoint: "PJSIP/{number}@" + id, Number: "021", Capacity: capacity})
	}
	cfg.Routes = []center.Route{{ID: "all", Trunks: []string{"a", "b", "c"}}, {ID: "five", Prefixes: []string{"5"}, Trunks: []string{"c", "a"}}}
	cfg.Classes = []center.Class{{ID: "all", Routes: []string{"all", "five"}, Extensions: true}}
	for i := range cfg.Seats {
		cfg.Seats[i].Class = "all"
	}
	cfg.Seats[5].Forward = center.Forward{Busy: "500", NoAnswer: "8005"}
	cfg.Seats[4].Forward = center.Forward{Always: "8006"}
	dice, faults := rand.New(rand.NewPCG(seed, 5)), true
	w := Start(seed, cfg, mediatest.Options{Return: time.Second, Fault: func(_ fact.Instant, cmd media.Command) mediatest.Fault {
		if !faults || dice.IntN(12) > 0 {
			return mediatest.Fault{}
		}
		switch dice.IntN(4) {
		case 0:
			return mediatest.Fault{Err: media.ErrRefused}
		case 1:
			return mediatest.Fault{Err: media.ErrUnknown, Done: dice.IntN(2) == 0}
		case 2:
			return mediatest.Fault{Err: media.ErrNoLeg}
		}
		return mediatest.Fault{Late: media.FailRefused}
	}})
	w.Latency = 30 * time.Millisecond
	c := &siege{crowd: crowdOf(t, w), whole: cfg}
	most := 0
	w.Watch = func(in center.Input, out []center.Effect) {
		c.watch(in, out)
		view := c.Center.View()
		emergencies := 0 // of two, one may be over on a switch that is not heard
		for _, k := range view.Calls {
			if k.To == "110" {
				emergencies++
			}
		}
		for _, v := range view.Trunks {
			if most = max(most, v.Live); v.Live < 0 || v.Live > capacity+emergencies {
				t.Fatalf("trunk %s carries %d calls of %d and %d emergencies", v.ID, v.Live, capacity, emergencies)
			}
		}
	}
	for _, a := range cfg.ACD.Agents {
		c.agents = append(c.agents, a.ID)
		c.Core.AddPhone(c.Now, seatOf(a.ID), mediatest.Behaviour{Ring: 200 * time.Millisecond, Then: mediatest.Answers})
	}
	numbers := []string{"138", "139", "500", "501", "8001", "8005", "8006"}
	for i, n := range append([]string{"110"}, numbers[:4]...) {
		for _, trunk := range []string{"a", "b", "c"} {
			if (i+int(trunk[0]))%3 == 0 {
				continue // this trunk does not know the number
			}
			then := []mediatest.Outcome{mediatest.Answers, mediatest.Answers, mediatest.Busy, mediatest.RingsOn, mediatest.SaysNothing}[dice.IntN(5)]
			c.Core.AddPhone(c.Now, fact.Endpoint("PJSIP/"+n+"@"+trunk), mediatest.Behaviour{Ring: 300 * time.Millisecond, Then: then})
		}
	}
	c.Connect()
	dial := func(number string, patience time.Duration) {
		leg := c.CallFrom(seatOf(c.agents[c.Rand.IntN(4)]), number)
		c.Later(time.Millisecond+c.within(patience), func() {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
		})
	}
	for range 150 {
		c.Later(c.within(4*time.Minute), func() { dial(numbers[c.Rand.IntN(len(numbers))], 90*time.Second) })
	}
	for i := range 12 { // apart, so that no two are up
		c.Later(time.Duration(i)*20*time.Second, func() { dial("110", 10*time.Second) })
	}
	for range 20 {
		c.Later(c.within(4*time.Minute), c.agentActs)
	}
	for range 4 {
		c.Later(c.within(4*time.Minute), c.outage)
	}
	c.Run(4 * time.Minute)
	faults = false
	c.Cut()
	c.Connect()
	c.settle()
	c.forgotten()
	if most < capacity {
		t.Errorf("no trunk was ever full: %d calls at most", most)
	}
	for _, v := range c.Center.View().Trunks {
		if v.Live != 0 || v.Calls == 0 {
			t.Errorf("afterwards: %+v", v)
		}
	}
}
