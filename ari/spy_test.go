package ari_test

import (
	"testing"

	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Whatever a supervisor goes on to, and whoever leaves first, no channel and no
// bridge of ours stays on the switch.
func TestSpiesLeaveNothing(t *testing.T) {
	r := start(t, aritest.Options{})
	_, callerLeg := r.talker()
	agent, agentLeg := r.agent()
	boss, bossLeg := r.agent()
	room := r.join(callerLeg, agentLeg)
	left := func(what string, channels, bridges int) {
		t.Helper()
		r.eventually(what, func() bool { return len(r.server.Channels()) == channels && len(r.server.Bridges()) == bridges })
	}
	spies := func(whisper bool) (all fact.SpyID) {
		t.Helper()
		all = id[fact.SpyID](r, "spy")
		r.must(media.Spy{Spy: all, Leg: agentLeg, By: bossLeg, Whisper: whisper})
		return all
	}
	first := spies(false)
	spies(true)
	await(r, func(e media.SpyEnded) bool { return e.Spy == first })
	left("one snoop and its bridge", 4, 2)
	r.must(media.Join{Room: room, Legs: []fact.LegID{bossLeg}})
	left("three in one room", 3, 1)
	last := spies(false)
	await(r, func(e media.Left) bool { return e.Leg == bossLeg && e.Room == room })
	agent.Hangup()
	await(r, func(e media.SpyEnded) bool { return e.Spy == last })
	left("the room of the caller", 2, 1)
	// A spy on a leg that has just gone leaves nothing either.
	if err := r.do(media.Spy{Spy: id[fact.SpyID](r, "spy"), Leg: agentLeg, By: bossLeg}); err == nil {
		t.Error("a leg that is gone can be heard")
	}
	boss.Hangup()
	left("the caller", 1, 1)
}
