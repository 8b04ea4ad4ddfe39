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

// A leg that would not be hung up until its call was given up is hung up as soon
// as the switch does as it is told, without a new listing.
func TestLegThatNobodyHasIsHungUp(t *testing.T) {
	cfg, err := Config(1)
	if err != nil {
		t.Fatal(err)
	}
	stubborn := true
	w := Start(12, cfg, mediatest.Options{Fault: func(_ fact.Instant, cmd media.Command) mediatest.Fault {
		if _, is := cmd.(media.Hangup); is && stubborn {
			return mediatest.Fault{Err: media.ErrRefused}
		}
		return mediatest.Fault{}
	}})
	w.Core.AddPhone(w.Now, "PJSIP/1001", mediatest.Behaviour{Ring: 200 * time.Millisecond, Then: mediatest.Answers})
	w.Connect()
	if err := w.Ask(center.SignIn{Agent: "1001", Endpoint: "PJSIP/1001", Ready: true}); err != nil {
		t.Fatal(err)
	}
	caller := w.inLine("139")
	var agent fact.LegID
	for _, l := range w.Center.View().Calls[0].Legs {
		if l.Role == string(media.RoleAgent) {
			agent = l.Leg
		}
	}
	w.Far(func(now fact.Instant) []media.Event { return w.Core.HangupFar(now, caller) })
	w.Run(20 * time.Second)
	if n := w.states(); len(n) != 0 {
		t.Fatalf("%v, want the call given up", n)
	}
	if _, err := w.Core.Do(w.Now, media.Probe{Leg: agent}); err != nil {
		t.Fatalf("the leg of the agent: %v, want it still there", err)
	}
	if err := w.Save(); err != nil {
		t.Fatal(err)
	}
	if w.Center, err = center.Restore(w.Saved); err != nil { // the watch over it outlasts the process
		t.Fatal(err)
	}
	stubborn = false
	w.Run(time.Minute)
	if _, err := w.Core.Do(w.Now, media.Probe{Leg: agent}); !errors.Is(err, media.ErrNoLeg) {
		t.Errorf("the leg of the agent: %v, want it gone", err)
	}
}

// However many legs are silent at once, so many a second are asked after.
func TestProbesArePaced(t *testing.T) {
	const callers, pace = 300, 50
	w := house(t, 0, nil)
	for range callers {
		w.inLineAtOnce("139")
	}
	w.Run(10 * time.Second)
	probes := map[fact.Instant]int{}
	w.Watch = func(_ center.Input, out []center.Effect) {
		for _, e := range out {
			if s, is := e.(center.Send); is {
				if _, is := s.Command.(media.Probe); is {
					probes[w.Now/1000]++
				}
			}
		}
	}
	w.Run(4 * time.Minute)
	total := 0
	for second, n := range probes {
		total += n
		if n > pace+1 {
			t.Errorf("%d probes in second %d, want at most %d", n, second, pace)
		}
	}
	if total < callers {
		t.Errorf("%d probes of %d callers", total, callers)
	}
}

// inLineAtOnce has a caller press the key for sales as soon as it can be.
func (w *World) inLineAtOnce(from string) {
	leg := w.Call(from, "100")
	w.Later(2*time.Second, func() {
		w.Far(func(now fact.Instant) []media.Event { return w.Core.Press(now, leg, "1") })
	})
}
