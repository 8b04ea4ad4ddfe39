package main

import (
	"context"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

func TestReleaseSendsWaitingCallersBackAndLeavesTalksAlone(t *testing.T) {
	pbx := mediatest.NewFake("pbx", mediatest.Options{})
	world := pbx.World(t, patience)
	ctx, cancel := context.WithCancel(t.Context())
	events, run := make(chan media.Event, 1000), make(chan error, 1)
	go func() { run <- pbx.Run(ctx, func(e media.Event) { events <- e }) }()
	do := func(cmd media.Command) {
		t.Helper()
		if err := pbx.Do(ctx, cmd); err != nil {
			t.Fatalf("%T: %v", cmd, err)
		}
	}
	arrived := func() fact.LegID {
		for e := range events {
			if a, ok := e.(media.LegArrived); ok {
				return a.Leg
			}
		}
		return ""
	}
	for e := range events {
		if _, ok := e.(media.Up); ok {
			break
		}
	}
	phone := world.Phone(mediatest.Behaviour{Then: mediatest.Answers})
	rings := world.Phone(mediatest.Behaviour{Then: mediatest.RingsOn})
	talker := world.Call("1", "4001")
	first := arrived()
	waiter := world.Call("2", "4001")
	second := arrived()
	do(media.Answer{Leg: first})
	do(media.Answer{Leg: second})
	room := fact.RoomID("pbx/room")
	for _, leg := range []struct {
		id    fact.LegID
		phone mediatest.Phone
	}{{"pbx/agent", phone}, {"pbx/ringing", rings}} {
		do(media.Create{Leg: leg.id, Endpoint: leg.phone.Endpoint(), Tag: media.Tag{Call: "c", Role: media.RoleAgent}})
		do(media.Dial{Leg: leg.id, Limit: time.Minute})
		leg.phone.Rung()
	}
	for e := range events {
		if a, ok := e.(media.LegAnswered); ok && a.Leg == "pbx/agent" {
			break
		}
	}
	do(media.Join{Room: room, Legs: []fact.LegID{first}})
	do(media.Join{Room: room, Legs: []fact.LegID{"pbx/agent"}})
	cancel()
	if err := <-run; err != nil {
		t.Fatal(err)
	}

	// Another process comes and connects.
	ctx, cancel = context.WithCancel(t.Context())
	up := make(chan media.Up, 1)
	go func() {
		run <- pbx.Run(ctx, func(e media.Event) {
			if u, ok := e.(media.Up); ok {
				up <- u
			}
		})
	}()
	out := released{Failed: []string{}}
	release(ctx, pbx, <-up, &out)
	if out.Sent != 1 || out.Hung != 1 || out.Talks != 1 || len(out.Failed) != 0 {
		t.Errorf("released: %+v", out)
	}
	if !talker.Alive() || !waiter.Alive() {
		t.Error("a caller was hung up")
	}
	cancel()
	if err := <-run; err != nil {
		t.Fatal(err)
	}
}

func TestReleaseLeavesALivingControllerInPeace(t *testing.T) {
	r := boot(t, "")
	r.fails(exitConflict, []string{r.config.Listen, "--force"}, "release")
}
