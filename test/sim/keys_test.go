package sim

import (
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// talking is a talk of agent 1001 whose phone has the standard keys, and its
// legs.
func talking(t *testing.T, change func(*center.Config)) (w *World, caller, agent fact.LegID) {
	t.Helper()
	w = house(t, 2, func(c *center.Config) {
		c.Keys = center.TalkKeys{Standard: true}
		if change != nil {
			change(c)
		}
	})
	caller = w.inLine("139")
	for _, l := range w.Center.View().Calls[0].Legs {
		if l.Leg != caller {
			agent = l.Leg
		}
	}
	return w, caller, agent
}

// press presses keys at a leg and lets a moment pass.
func (w *World) press(leg fact.LegID, keys string) {
	w.Far(func(now fact.Instant) []media.Event { return w.Core.Press(now, leg, keys) })
	w.Run(50 * time.Millisecond)
}

// What an order by keys came to is heard by who gave it, and by nobody else:
// one tone for done, three for refused.
func TestKeysAreAnsweredToTheAgentAlone(t *testing.T) {
	w, caller, agent := talking(t, nil)
	var heard []media.Play
	w.Watch = func(_ center.Input, out []center.Effect) {
		for _, e := range out {
			if s, ok := e.(center.Send); ok {
				if p, ok := s.Command.(media.Play); ok {
					heard = append(heard, p)
				}
			}
		}
	}
	for _, k := range []struct {
		leg   fact.LegID
		keys  string
		tones int
	}{
		{agent, "*1", 3}, {agent, "*#", 1}, {agent, "*1", 1}, {agent, "#1", 1}, {agent, "*5", 3}, {agent, "*4120#", 3}, {agent, "*3*", 3},
		{agent, "12345#", 0}, {agent, "**2", 1}, {agent, "*2", 1}, {caller, "*1", 0}, {caller, "*3110#", 0},
	} {
		heard = nil
		for _, key := range k.keys {
			w.press(k.leg, string(key))
		}
		if k.tones == 0 && len(heard) == 0 {
			continue
		}
		if len(heard) != 1 || heard[0].Leg != agent || len(heard[0].Prompts) != 2*k.tones-1 {
			t.Errorf("%s at %s: plays %+v, want %d tones at %s", k.keys, k.leg, heard, k.tones, agent)
		}
	}
}

// A code that is half typed when huawu dies is typed to its end afterwards, and
// one that nobody finishes is forgotten by its lease, with a word to the agent.
func TestKeysOutlastAKill(t *testing.T) {
	w, _, agent := talking(t, nil)
	w.press(agent, "*")
	if err := w.Kill(); err != nil {
		t.Fatal(err)
	}
	w.Boot()
	w.Connect()
	w.press(agent, "#")
	if n := w.states(); n[center.CallHeld] != 1 {
		t.Fatalf("held by a code that a kill divided: %v", n)
	}
	w.press(agent, "*#")
	w.press(agent, "*31")
	w.Run(5 * time.Second)
	last := w.Events[len(w.Events)-1]
	for i := len(w.Events) - 1; last.Kind != fact.TalkKey; i-- {
		last = w.Events[i]
	}
	if last.Name != "consult" || last.Reason != "invalid" {
		t.Errorf("a number that nobody finished: %+v", last)
	}
	if at, ok := w.Center.Next(); ok && at < w.Now.Add(time.Minute) { // later, silent legs are asked after
		t.Errorf("a lease is left, at %d of %d", at, w.Now)
	}
}

// A bank's machine may ask an agent who dials out for a PIN.
func TestKeysOfAnAgentsOwnCallAreSecret(t *testing.T) {
	w := house(t, 1, nil)
	w.Core.AddPhone(w.Now, "PJSIP/01234567@trunk", mediatest.Behaviour{Then: mediatest.Answers})
	leg := w.CallFrom("PJSIP/1001", "01234567")
	w.Run(time.Second)
	if n := w.states(); n[center.CallTalking] != 1 || !w.Center.Sensitive(leg) {
		t.Errorf("%v, secret: %v", n, w.Center.Sensitive(leg))
	}
}

// So may one whom the agent asks in a caller's talk, or brings into it; the
// keys are orders all the same.
func TestKeysToWhomAnAgentAsksAreSecret(t *testing.T) {
	w, _, agent := talking(t, func(c *center.Config) { c.Transfers.Numbers = true })
	w.Core.AddPhone(w.Now, "PJSIP/01234567@trunk", mediatest.Behaviour{Then: mediatest.Answers})
	if w.Center.Sensitive(agent) {
		t.Error("an agent's keys in a talk of two are secret")
	}
	w.press(agent, "*301234567#")
	w.Run(time.Second)
	if v := w.Center.View().Calls[0]; v.Consult == nil || v.Consult.State != center.CallTalking || !w.Center.Sensitive(agent) {
		t.Fatalf("asked: %+v, secret: %v", v.Consult, w.Center.Sensitive(agent))
	}
	w.press(agent, "*6")
	w.Run(time.Second)
	if v := w.Center.View().Calls[0]; !v.Third || !w.Center.Sensitive(agent) {
		t.Errorf("three in it: %v, secret: %v", v.Third, w.Center.Sensitive(agent))
	}
}
