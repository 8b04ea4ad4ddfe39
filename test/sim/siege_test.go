package sim

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// TestCentreUnderSiege is TestCentreUnderFire with everything going wrong far
// more often, and with what no one in their right mind does: agents who call
// themselves, change their minds in every state and vanish from the
// configuration with calls up, wall clocks that jump, legs that are thrown out
// of the application and come back, events that are lost, late and doubled.
func TestCentreUnderSiege(t *testing.T) {
	eachSeed(t, besiege)
	if *seed == 0 {
		t.Cleanup(func() { everywhere(t) })
	}
}

// siege is a crowd that means ill.
type siege struct {
	*crowd
	whole center.Config
	vault *vault
	// ledger is what is dialled for callbacks.
	ledger *ledger
	// scenes are those of the calls there are.
	scenes map[fact.CallID]*played
}

func besiege(t *testing.T, seed uint64) {
	cfg, err := Config(6)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Transfers = center.TransferRules{Blind: center.BlindAllow, Agents: true, Numbers: true, Timeout: 8 * time.Second, MaxHold: 3 * time.Second}
	cfg.Park = center.Park{From: 701, To: 703, Timeout: 5 * time.Second}
	cfg.Keys = center.TalkKeys{Standard: true, Timeout: 2 * time.Second}
	sales, support := &cfg.ACD.Queues[0], &cfg.ACD.Queues[1]
	sales.MaxWaiting, sales.MaxWait, sales.StayIf, sales.Grace = 4, 20*time.Second, routing.StaffAble, 5*time.Second
	sales.Overflow = []routing.Overflow{{On: routing.ExitFull, Queue: "support"}, {On: routing.ExitTimeout, Queue: "support"}}
	support.Distribution = routing.RingAll
	sales.Trainees, support.Trainees = routing.TraineesLast, routing.TraineesNever
	cfg.ACD.Agents = slices.Clone(cfg.ACD.Agents)
	cfg.ACD.Agents[0].TraineeEnds = 1_700_000_000_000 + (2 * time.Minute).Milliseconds() // and clocks jump
	sales.Log = []routing.LogField{{ID: "result", Values: []string{"solved", "open"}, Required: true}, {ID: "note", Required: true}}
	sales.LogWithin = 5 * time.Second
	cfg.ACD.ApproveWithin, cfg.ACD.RONAs = 5*time.Second, 1
	cfg.ACD.Pauses = []routing.Pause{{ID: routing.PauseMeal, Max: 5 * time.Second, Escalate: 5 * time.Second},
		{ID: routing.PauseLeave, Approval: routing.ApprovalAsk}, {ID: routing.PauseBreak, Approval: routing.ApprovalAuto}}
	support.Overflow = []routing.Overflow{{On: routing.ExitClosed, Queue: "sales"}, {On: routing.ExitDraining, Queue: "sales"}}
	for i := range cfg.ACD.Agents[3:] {
		cfg.ACD.Agents[3+i].Supervisor = true
	}
	cfg.ACD.Agents[5].Supervises = []fact.QueueID{"sales"}
	cfg.Supervision.Keys.TakeOver = "7"
	sales.Whisper = routing.Whisper{Wait: true}
	for _, p := range center.WhisperPrompts(sales.Whisper) {
		cfg.Prompts = append(cfg.Prompts, center.PromptFile{Key: p.Key(), Path: "/prompts/" + []string{"waited", "missing"}[len(cfg.Prompts)%2]})
	}
	owing(&cfg)
	if seed%scenesEvery == 0 {
		if err := phrased(&cfg); err != nil {
			t.Fatal(err)
		}
	}
	mazed(t, rand.New(rand.NewPCG(seed, 9)), &cfg)
	dice := rand.New(rand.NewPCG(seed, 3))
	faults := true
	w := Start(seed, cfg, mediatest.Options{
		PromptLength: 700 * time.Millisecond, Return: time.Second,
		Trouble: troubled(rand.New(rand.NewPCG(seed, 6)), 50, &faults),
		Fault: func(fact.Instant, media.Command) mediatest.Fault {
			if !faults || dice.IntN(20) > 0 {
				return mediatest.Fault{}
			}
			switch dice.IntN(6) {
			case 0:
				return mediatest.Fault{Err: media.ErrRefused}
			case 1:
				return mediatest.Fault{Err: media.ErrUnknown}
			case 2:
				return mediatest.Fault{Err: media.ErrUnknown, Done: true}
			case 3:
				return mediatest.Fault{Err: media.ErrNoLeg}
			case 4:
				return mediatest.Fault{Err: media.ErrInvalid}
			}
			return mediatest.Fault{Late: media.FailRefused}
		},
	})
	w.Latency = 30 * time.Millisecond
	c := &siege{crowd: crowdOf(t, w), whole: cfg, scenes: map[fact.CallID]*played{},
		vault: &vault{troubled: &faults, has: map[fact.CallbackID]int{}, asked: map[fact.CallbackID]bool{}, promised: map[fact.CallID]bool{}}}
	w.Keep, w.Fetch = c.keep, c.fetches
	if c.ledger, err = newLedger(cfg.Zone); err != nil {
		t.Fatal(err)
	}
	other := &twin{t: t, w: w}
	w.Watch = func(in center.Input, out []center.Effect) {
		c.watch(in, out)
		other.step(in, out)
		c.attended()
		for _, e := range out {
			if e, ok := e.(center.Emit); ok {
				c.witness(e.Event)
				c.called(e.Event)
				c.performed(e.Event)
				walks(e.Event)
			}
		}
	}
	c.come(cfg)
	for range 60 {
		c.Later(c.within(4*time.Minute), c.caller)
	}
	for range 30 {
		c.Later(c.within(4*time.Minute), c.leaver)
	}
	for range 60 {
		c.Later(c.within(4*time.Minute), c.owes)
	}
	for range 30 {
		c.Later(c.within(4*time.Minute), c.agentActs)
	}
	for range 120 {
		c.Later(c.within(4*time.Minute), c.mischief)
	}
	for range 300 {
		c.Later(c.within(4*time.Minute), c.control)
	}
	for range 80 {
		c.Later(c.within(4*time.Minute), c.steer)
	}
	for range 120 {
		c.Later(c.within(4*time.Minute), c.lead)
	}
	for range 120 {
		c.Later(c.within(4*time.Minute), c.supervise)
	}
	if seed%scenesEvery == 0 {
		for range 400 {
			c.Later(c.within(4*time.Minute), c.scene)
		}
	}
	c.mazes()
	for range 4 {
		c.Later(c.within(4*time.Minute), c.outage)
	}
	c.Run(4 * time.Minute)
	faults = false
	cfg.Callbacks = callback.Policy{}
	c.configure(cfg)
	c.closed()
	for _, q := range cfg.ACD.Queues {
		_ = c.Ask(center.SetQueueMode{Queue: q.ID, Mode: routing.ModeOpen})
	}
	c.settle()
	c.owed()
	c.landed()
	c.forgotten()
}

func (c *siege) configure(cfg center.Config) {
	cfg.Version = c.whole.Version + int64(c.steps)
	c.input(center.Configured{Config: cfg})
}

// anyLeg is a leg of a call, "" while there is none.
func (c *siege) anyLeg() fact.LegID {
	var legs []fact.LegID
	for _, call := range c.Center.View().Calls {
		for _, l := range call.Legs {
			legs = append(legs, l.Leg)
		}
	}
	if len(legs) == 0 {
		return ""
	}
	return legs[c.Rand.IntN(len(legs))]
}

func (c *siege) mischief() {
	n := c.Rand.IntN(len(c.agents))
	a := c.agents[n]
	seat := seatOf(a)
	dial := func(to string) {
		leg := c.CallFrom(seat, to)
		c.Later(c.within(15*time.Second), func() {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
		})
	}
	switch c.Rand.IntN(14) {
	case 0: // their own phone
		dial("8" + string(a[1:]))
	case 1: // themselves
		dial(string(a))
	case 2:
		dial([]string{"100", "*10", "*11", "*12", "*13", "01234567", "120", "", "a|b;c", "8001"}[c.Rand.IntN(10)])
	case 3:
		_ = c.Ask(center.SignOut{Agent: a})
		c.Later(c.within(20*time.Second), func() { _ = c.Ask(center.SignIn{Agent: a, Endpoint: seat, Ready: true}) })
	case 4: // at somebody else's phone
		other := seatOf(c.agents[c.Rand.IntN(len(c.agents))])
		_ = c.Ask(center.SignOut{Agent: a})
		_ = c.Ask(center.SignIn{Agent: a, Endpoint: other, Ready: true})
	case 5: // out of the configuration and back
		cfg := c.whole
		cfg.ACD.Agents = slices.Delete(slices.Clone(cfg.ACD.Agents), n, n+1)
		if c.Rand.IntN(2) == 0 {
			cfg.Seats = slices.Delete(slices.Clone(cfg.Seats), n, n+1)
		}
		c.configure(cfg)
		c.Later(c.within(20*time.Second), func() { c.configure(c.whole) })
	case 6: // a queue less
		cfg := c.whole
		cfg.ACD.Queues = cfg.ACD.Queues[:1]
		cfg.ACD.Agents = slices.Clone(cfg.ACD.Agents)
		for i := range cfg.ACD.Agents {
			cfg.ACD.Agents[i].Queues = cfg.ACD.Agents[i].Queues[:1]
		}
		c.configure(cfg)
		c.Later(c.within(20*time.Second), func() { c.configure(c.whole) })
	case 7:
		c.input(center.ClockSet{Offset: c.Rand.Int64N(2*86_400_000) - 86_400_000})
	case 8:
		if leg := c.anyLeg(); leg != "" {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.HoldFar(now, leg, c.Rand.IntN(3) > 0) })
		}
	case 9:
		if leg := c.anyLeg(); leg != "" {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.Refer(now, leg, "8002", "") })
		}
	case 10: // somebody throws a leg back to the dialplan
		if leg := c.anyLeg(); leg != "" {
			events, _ := c.Core.Do(c.Now, media.Deflect{Leg: leg, To: media.ExitFallback})
			c.hear(events)
		}
	case 11:
		if calls := c.Center.View().Calls; len(calls) > 0 {
			_ = c.Ask(center.HangUp{Call: calls[c.Rand.IntN(len(calls))].ID})
		}
	case 12: // an endpoint that flaps
		for i := range 6 {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.Register(now, seat, i%2 == 1) })
		}
	case 13: // every event may be heard twice
		if leg := c.anyLeg(); leg != "" {
			for _, e := range []media.Event{
				media.LegRinging{Leg: leg}, media.LegHeld{Leg: leg, Phone: true}, media.LegUnheld{Leg: leg, Phone: true},
				media.Digit{Leg: leg, Key: "#"}, media.Left{Leg: leg, Room: "sw:nowhere"}, media.LegArrived{Leg: leg, To: "100"},
				media.PlayEnded{Leg: leg, Play: "sw:none", Result: media.PlayDone},
			} {
				c.hear([]media.Event{e})
			}
		}
	}
	c.Later(c.within(30*time.Second), func() {
		switch c.Rand.IntN(3) {
		case 0:
			_ = c.Ask(center.Ready{Agent: a})
		case 1:
			_ = c.Ask(center.NotReady{Agent: a, Reason: routing.PauseMeal})
		}
	})
}

// control does with calls what agents and operators can, at any moment, and
// asks for more as soon as one thing is begun.
func (c *siege) control() {
	calls := c.Center.View().Calls
	if len(calls) == 0 {
		return
	}
	call := calls[c.Rand.IntN(len(calls))]
	to := center.Target{Agent: c.agents[c.Rand.IntN(len(c.agents))]}
	switch c.Rand.IntN(6) {
	case 0:
		to = center.Target{Queue: []fact.QueueID{"sales", "support"}[c.Rand.IntN(2)]}
	case 1:
		to = center.Target{Number: []string{"8002", "01234567", "sales", "a|b"}[c.Rand.IntN(4)]}
	}
	switch c.Rand.IntN(14) {
	case 11, 12:
		if c.Ask(center.ParkCall{Call: call.ID, Slot: []int{0, 701, 704}[c.Rand.IntN(3)], Announce: c.Rand.IntN(2) == 0}) == nil && c.Rand.IntN(3) > 0 {
			c.Later(c.within(8*time.Second), func() { _ = c.Ask(center.PickUp{Call: call.ID, Agent: to.Agent}) })
		}
	case 13:
		if slot := fmt.Sprint(701 + c.Rand.IntN(3)); c.Rand.IntN(2) == 0 {
			_ = c.Ask(center.PickUp{Call: fact.CallID(slot), Agent: to.Agent})
		} else {
			leg := c.CallFrom(seatOf(c.agents[c.Rand.IntN(len(c.agents))]), slot)
			c.Later(c.within(15*time.Second), func() {
				c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
			})
		}
	case 9:
		_ = c.Ask(center.EndTalk{Call: call.ID})
	case 10: // an order by keys, or what comes to none
		if n := len(call.Legs); n > 0 {
			leg := call.Legs[c.Rand.IntN(n)].Leg
			code := center.StandardKeys[c.Rand.IntN(len(center.StandardKeys))].Keys
			code += []string{"", "8002#", "1003#", "support#", "0123", "*", "#", "702#"}[c.Rand.IntN(8)]
			pace := c.within(time.Second)
			for i, key := range code {
				c.Later(time.Duration(i)*pace, func() {
					c.Far(func(now fact.Instant) []media.Event { return c.Core.Press(now, leg, string(key)) })
				})
			}
		}
	case 0:
		if on := c.Rand.IntN(2) == 0; c.Rand.IntN(2) == 0 {
			_ = c.Ask(center.HoldCall{Call: call.ID, On: on, Consent: true})
		} else {
			_ = c.Ask(center.QueryCall{Call: call.ID, On: on})
		}
	case 1:
		_ = c.Ask(center.MuteCall{Call: call.ID, On: c.Rand.IntN(2) == 0})
	case 2, 3, 4:
		if c.Ask(center.ConsultCall{Call: call.ID, To: to}) != nil {
			return
		}
		for range 1 + c.Rand.IntN(3) {
			c.Later(c.within(6*time.Second), func() {
				switch c.Rand.IntN(6) {
				case 0, 1:
					_ = c.Ask(center.CompleteConsult{Call: call.ID})
				case 2:
					_ = c.Ask(center.MergeConsult{Call: call.ID})
				case 3:
					_ = c.Ask(center.CancelConsult{Call: call.ID})
				case 4: // any of them hangs up
					if n := len(call.Legs); n > 0 {
						leg := call.Legs[c.Rand.IntN(n)].Leg
						c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
					}
				case 5:
					c.control()
				}
			})
		}
	case 5:
		_ = c.Ask(center.TransferCall{Call: call.ID, To: to})
	case 6:
		_ = c.Ask(center.TransferCall{Call: call.ID, To: center.Target{Queue: []fact.QueueID{"sales", "support"}[c.Rand.IntN(2)]}})
	case 7: // the phone's key
		if leg := c.anyLeg(); leg != "" {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.Refer(now, leg, to.Number+string(to.Agent), "") })
		}
	case 8: // two calls of a phone, or what is none
		if leg, other := c.anyLeg(), c.anyLeg(); leg != "" && other != "" {
			c.Far(func(now fact.Instant) []media.Event { return c.Core.Refer(now, leg, "", other) })
		}
	}
}

// steer does with queues and those who wait in them what operators can.
func (c *siege) steer() {
	queue := []fact.QueueID{"sales", "support", "nowhere"}[c.Rand.IntN(3)]
	if c.Rand.IntN(3) == 0 {
		modes := []routing.Mode{routing.ModeOpen, routing.ModePaused, routing.ModeDraining, routing.ModeClosed}
		_ = c.Ask(center.SetQueueMode{Queue: queue, Mode: modes[c.Rand.IntN(len(modes))]})
		c.Later(c.within(10*time.Second), func() { _ = c.Ask(center.SetQueueMode{Queue: queue, Mode: routing.ModeOpen}) })
		return
	}
	calls := c.Center.View().Calls
	if len(calls) == 0 {
		return
	}
	call := calls[c.Rand.IntN(len(calls))].ID
	switch c.Rand.IntN(4) {
	case 0:
		_ = c.Ask(center.KickCaller{Call: call})
	case 1:
		_ = c.Ask(center.RankCaller{Call: call, Priority: c.Rand.IntN(101)})
	default:
		_ = c.Ask(center.MoveCaller{Call: call, Queue: queue})
	}
}

// forgotten looks for what the centre still keeps of calls that are over.
func (c *siege) forgotten() {
	v := reflect.ValueOf(c.Center).Elem()
	for _, name := range []string{"contacts", "legs", "looks", "due", "carries", "slots", "strays", "owedLine"} {
		if n := v.FieldByName(name).Len(); n != 0 {
			c.t.Errorf("%d %s are left", n, name)
		}
	}
}
