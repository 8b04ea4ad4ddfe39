package ari_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Whoever takes the application over has it: fighting for it would help nobody.
func TestReplacedStops(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.caller()
	r.server.Replace()
	if e := await(r, func(media.Down) bool { return true }); !strings.Contains(e.Reason, "another controller") {
		t.Errorf("%+v", e)
	}
	if err := <-r.done; !errors.Is(err, ari.ErrReplaced) {
		t.Errorf("Run: %v, want ErrReplaced", err)
	}
	close(r.done)
	if err := r.do(media.Answer{Leg: leg}); !errors.Is(err, media.ErrUnavailable) {
		t.Errorf("Do: %v, want ErrUnavailable", err)
	}
}

// Asterisk may forget an application whose socket stands: calls would fail
// without anybody's noticing.
func TestForgottenApplicationIsNoticed(t *testing.T) {
	r := start(t, aritest.Options{})
	r.server.Forget()
	if e := await(r, func(media.Down) bool { return true }); !strings.Contains(e.Reason, "not registered") {
		t.Errorf("%+v", e)
	}
	await(r, func(media.Up) bool { return true })
	r.caller()
}

// Or it forgets whose it is, and lists it all the same.
func TestDeafApplicationIsNoticed(t *testing.T) {
	r := start(t, aritest.Options{}, func(c *ari.Config) { c.RequestTimeout = 400 * time.Millisecond })
	r.server.Deactivate()
	if e := await(r, func(media.Down) bool { return true }); !strings.Contains(e.Reason, "not active") {
		t.Errorf("%+v", e)
	}
	await(r, func(media.Up) bool { return true })
	r.caller()
}

func TestWrongCredentialsEndRun(t *testing.T) {
	s := aritest.New(t, aritest.Options{})
	b := s.Bench(t, func(c *ari.Config) { c.Password = "wrong" })
	err := b.Switch.Run(t.Context(), func(e media.Event) { t.Errorf("%+v", e) })
	if !errors.Is(err, ari.ErrCredentials) || strings.Contains(err.Error(), "wrong") {
		t.Errorf("Run: %v, want ErrCredentials without the password", err)
	}
}

func TestUnreachableIsTriedOn(t *testing.T) {
	s := aritest.New(t, aritest.Options{})
	b := s.Bench(t)
	mend := b.World.Cut()
	r := newRig(t, b)
	r.run()
	if err := r.do(media.Probe{Leg: "pbx/x"}); !errors.Is(err, media.ErrUnavailable) {
		t.Errorf("Do: %v, want ErrUnavailable", err)
	}
	r.settle()
	mend()
	await(r, func(media.Up) bool { return true })
	if n := count(r, func(media.Down) bool { return true }); n != 0 {
		t.Error("Down without Up")
	}
}

func TestRunOnce(t *testing.T) {
	r := start(t, aritest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if err := r.driver.Run(ctx, func(media.Event) {}); !errors.Is(err, media.ErrRefused) {
		t.Errorf("a second Run: %v, want ErrRefused", err)
	}
}

// A controller that starts anew takes up what goes on: rooms, held legs,
// recordings and spies.
func TestNewControllerTakesUp(t *testing.T) {
	r := start(t, aritest.Options{})
	_, callerLeg := r.talker()
	_, agentLeg := r.agent()
	_, bossLeg := r.agent()
	room := r.join(callerLeg, agentLeg)
	rec, spy := id[fact.RecordingID](r, "rec"), id[fact.SpyID](r, "spy")
	r.must(media.Record{Recording: rec, Leg: callerLeg, Name: "x/y"})
	await(r, func(media.RecordStarted) bool { return true })
	r.must(media.Spy{Spy: spy, Leg: agentLeg, By: bossLeg})
	r.must(media.Hold{Room: room, Leg: callerLeg})
	await(r, func(media.LegHeld) bool { return true })
	r.stop()
	r.eventually("the first to be gone", func() bool { return errors.Is(r.do(media.Probe{Leg: callerLeg}), media.ErrUnavailable) })

	next := newRig(t, r.server.Bench(t))
	next.server = r.server
	next.run()
	up := await(next, func(media.Up) bool { return true })
	if len(up.Legs) != 3 || len(up.Rooms) != 1 || up.Rooms[0].Room != room || len(up.Rooms[0].Legs) != 2 {
		t.Fatalf("%+v: want three legs, and two of them in %s", up, room)
	}
	next.must(media.Unhold{Room: room, Leg: callerLeg})
	await(next, func(e media.LegUnheld) bool { return e.Leg == callerLeg })
	next.must(media.MuteRecord{Recording: rec, Leg: callerLeg, On: true})
	next.must(media.Hangup{Leg: bossLeg})
	await(next, func(e media.SpyEnded) bool { return e.Spy == spy && e.Leg == agentLeg })
	next.must(media.StopRecord{Recording: rec, Leg: callerLeg})
	e := await(next, func(e media.RecordEnded) bool { return e.Recording == rec })
	if len(e.Files) != 2 || e.Files[0].Name != "x/y-in.wav" || e.Files[1].Name != "x/y-out.wav" || e.Files[0].Began <= 0 {
		t.Errorf("%+v", e)
	}
}

// What the switch does to legs by itself is told.
func TestLegsMovedByOthers(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.talker()
	channel := map[string]any{"id": fact.Native(leg), "name": "PJSIP/trunk-1", "state": "Up"}
	by := map[string]any{"id": "local-1", "name": "Local/1@x-00;1", "state": "Up", "dialplan": map[string]any{"exten": "1"}}
	r.server.Emit(map[string]any{"type": "StasisStart", "channel": by, "replace_channel": channel, "args": []string{}})
	if e := await(r, func(media.LegReplaced) bool { return true }); e.Leg != leg || e.By != "pbx/local-1" {
		t.Errorf("%+v", e)
	}
	// An operator's redirect: StasisEnd without a hang-up, and the leg lives.
	r.server.Emit(map[string]any{"type": "StasisEnd", "channel": channel})
	await(r, func(e media.LegLeft) bool { return e.Leg == leg })
	// A time limit of the dialplan: StasisEnd first, and the leg is gone.
	r.server.Emit(map[string]any{"type": "StasisEnd", "channel": by})
	if e := await(r, func(e media.LegEnded) bool { return e.Leg == "pbx/local-1" }); e.Far || e.Cause != 16 {
		t.Errorf("%+v", e)
	}
}

// A leg whose end was never told is told to have ended once Asterisk denies it.
func TestLegWhoseEndIsLost(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.talker()
	r.must(media.Probe{Leg: leg})
	r.server.SetFault(func(q *http.Request) aritest.Fault {
		if q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/channels/"+fact.Native(leg)) {
			return aritest.Fault{Status: http.StatusNotFound, Body: `{"message":"Channel not found"}`}
		}
		return aritest.Fault{}
	})
	if err := r.do(media.Probe{Leg: leg}); !errors.Is(err, media.ErrNoLeg) {
		t.Fatalf("Probe: %v, want ErrNoLeg", err)
	}
	if e := await(r, func(e media.LegEnded) bool { return e.Leg == leg }); e.Far {
		t.Errorf("%+v: nobody knows that the far end hung up", e)
	}
	r.server.SetFault(nil)
	if err := r.do(media.Probe{Leg: leg}); !errors.Is(err, media.ErrNoLeg) {
		t.Errorf("Probe of a leg that was told to have ended: %v, want ErrNoLeg", err)
	}
}
