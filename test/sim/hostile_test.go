package sim

import (
	"errors"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// house is a world with so many agents, signed in and ready, who answer.
func house(t *testing.T, agents int, change func(*center.Config)) *World {
	t.Helper()
	cfg, err := Config(agents)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&cfg)
	}
	w := Start(11, cfg, mediatest.Options{PromptLength: 100 * time.Millisecond, Return: time.Second})
	for _, s := range cfg.Seats {
		w.Core.AddPhone(w.Now, s.Endpoint, mediatest.Behaviour{Ring: 200 * time.Millisecond, Then: mediatest.Answers})
	}
	w.Connect()
	for i, a := range cfg.ACD.Agents {
		if err := w.Ask(center.SignIn{Agent: a.ID, Endpoint: cfg.Seats[i].Endpoint, Ready: true}); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// inLine brings a caller into the line of sales.
func (w *World) inLine(from string) fact.LegID {
	leg := w.Call(from, "100")
	w.Run(time.Second)
	w.Far(func(now fact.Instant) []media.Event { return w.Core.Press(now, leg, "1") })
	w.Run(2 * time.Second)
	return leg
}

func (w *World) states() map[center.CallState]int {
	n := map[center.CallState]int{}
	for _, c := range w.Center.View().Calls {
		n[c.State]++
	}
	return n
}

// A display name may hold what no command may carry: without mending, each
// agent would be made unavailable in turn by offers that cannot work.
func TestCallerWithControlCharactersIsServed(t *testing.T) {
	for _, from := range []string{"139\t1", "13\x00900", "\u009b31m139", "139\r\nX-Evil: 1", "\xff139"} {
		w := house(t, 1, nil)
		w.inLine(from)
		if n := w.states(); n[center.CallTalking] != 1 {
			t.Errorf("caller %q: %v, want a talk", from, n)
		}
	}
}

func TestLegThatWasThrownOutComesBack(t *testing.T) {
	for _, agents := range []int{0, 1} { // while waiting, while talking
		w := house(t, agents, nil)
		leg := w.inLine("139")
		before := len(w.Center.View().Calls)
		events, err := w.Core.Do(w.Now, media.Deflect{Leg: leg, To: media.ExitFallback})
		if err != nil {
			t.Fatal(err)
		}
		w.hear(events)
		w.Run(5 * time.Second)
		if before != 1 || w.Center.View().Queues[0].Waiting == nil {
			t.Fatalf("%d calls", before)
		}
		if n := w.states(); n[center.CallWaiting]+n[center.CallRinging]+n[center.CallTalking]+n[center.CallInFlow] != 1 {
			t.Errorf("%d agents: %v, want the caller taken up again", agents, n)
		}
		w.Far(func(now fact.Instant) []media.Event { return w.Core.HangupFar(now, leg) })
		w.Run(30 * time.Second)
		if n := w.states(); len(n) != 0 {
			t.Errorf("%d agents: left: %v", agents, n)
		}
	}
}

func TestAgentsLegThatWasThrownOutIsHungUp(t *testing.T) {
	w := house(t, 1, nil)
	w.inLine("139")
	var agent fact.LegID
	for _, l := range w.Center.View().Calls[0].Legs {
		if l.Role == string(media.RoleAgent) {
			agent = l.Leg
		}
	}
	events, err := w.Core.Do(w.Now, media.Deflect{Leg: agent, To: media.ExitFallback})
	if err != nil {
		t.Fatal(err)
	}
	w.hear(events)
	w.Run(5 * time.Second)
	if _, err := w.Core.Do(w.Now, media.Probe{Leg: agent}); err == nil {
		t.Errorf("%s is still on the switch", agent)
	}
}

func TestEmergencyPassesWhateverTheTrunksTake(t *testing.T) {
	w := house(t, 1, func(c *center.Config) { c.Trunks[0].Prefixes = []string{"9"} })
	w.Core.AddPhone(w.Now, "PJSIP/110@trunk", mediatest.Behaviour{Then: mediatest.RingsOn})
	w.CallFrom("PJSIP/1001", "110")
	w.Run(time.Millisecond)
	if n := w.states(); n[center.CallRinging] != 1 {
		t.Errorf("110 dialled: %v, records %+v", n, w.Records)
	}
}

func TestOwnExtensionIsBusy(t *testing.T) {
	for _, to := range []string{"8001", "1001"} {
		w := house(t, 1, nil)
		w.CallFrom("PJSIP/1001", to)
		w.Run(10 * time.Second)
		if len(w.Records) != 1 || w.Records[0].Reason != fact.ReasonBusy {
			t.Errorf("%s dialled: %+v", to, w.Records)
		}
	}
}

func TestRecordOfACallDuringWhichTheClockWasPutBack(t *testing.T) {
	w := house(t, 0, nil)
	leg := w.Call("139", "100")
	w.Run(time.Second)
	w.input(center.ClockSet{Offset: -3_600_000})
	w.Far(func(now fact.Instant) []media.Event { return w.Core.HangupFar(now, leg) })
	w.Run(time.Minute)
	if len(w.Records) != 1 || w.Records[0].Ended-w.Records[0].Began != 1000 {
		t.Errorf("%+v, want a call of 1000 ms", w.Records)
	}
}

// What a caller types in a talk is nobody's to see but the agent's; the agent's
// own keys are orders to us.
func TestKeysOfATalkAreTheCallers(t *testing.T) {
	w := house(t, 1, nil)
	leg := w.inLine("139")
	for _, l := range w.Center.View().Calls[0].Legs {
		if secret := w.Center.Sensitive(l.Leg); secret != (l.Leg == leg) {
			t.Errorf("keys of %s are secret: %v", l.Role, secret)
		}
	}
}

// Whoever may call nobody in a talk may call the police in it.
func TestEmergencyIsAskedWhateverTheRules(t *testing.T) {
	w := house(t, 1, nil)
	w.Core.AddPhone(w.Now, "PJSIP/110@trunk", mediatest.Behaviour{Ring: time.Second, Then: mediatest.Answers})
	w.inLine("139")
	call := w.Center.View().Calls[0].ID
	if err := w.Ask(center.ConsultCall{Call: call, To: center.Target{Number: "01234567"}}); !errors.Is(err, center.ErrDenied) {
		t.Errorf("a number outside: %v, want a denial", err)
	}
	if err := w.Ask(center.ConsultCall{Call: call, To: center.Target{Number: "110"}}); err != nil {
		t.Fatal(err)
	}
	w.Run(2 * time.Second)
	if err := w.Ask(center.MergeConsult{Call: call}); err != nil {
		t.Fatal(err)
	}
	w.Run(time.Second)
	if v := w.Center.View().Calls[0]; !v.Third {
		t.Errorf("want three in the talk: %+v", v)
	}
}
