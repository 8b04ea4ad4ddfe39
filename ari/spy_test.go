package ari_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

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

// A leg that goes between a spy's snoop and its bridge takes both along.
func TestSpyThatEndsAsItBeginsLeavesNothing(t *testing.T) {
	r := start(t, aritest.Options{})
	agent, agentLeg := r.agent()
	_, bossLeg := r.agent()
	r.server.SetFault(func(q *http.Request) aritest.Fault {
		if q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, ".spy") {
			return aritest.Fault{Delay: 300 * time.Millisecond}
		}
		return aritest.Fault{}
	})
	spy, done := id[fact.SpyID](r, "spy"), make(chan error, 1)
	go func() { done <- r.do(media.Spy{Spy: spy, Leg: agentLeg, By: bossLeg}) }()
	r.eventually("the bridge asked for", func() bool { return len(r.server.Requests(".spy?")) > 0 })
	agent.Hangup()
	await(r, func(e media.SpyEnded) bool { return e.Spy == spy })
	if err := <-done; err == nil {
		t.Error("a leg that is gone is heard")
	}
	r.eventually("one leg and no bridge", func() bool { return len(r.server.Channels()) == 1 && len(r.server.Bridges()) == 0 })
}

// The bridge of a spy whose parties went while no controller looked is of no
// use to anybody.
func TestBridgesOfSpiesThatAreOverAreEnded(t *testing.T) {
	s := aritest.New(t, aritest.Options{})
	for bridge, name := range map[string]string{"hw-1-s1.spy": "huawu:huawu", "theirs.spy": "huawu:another"} {
		another(t, s, http.MethodPost, "/bridges/"+bridge+"?"+url.Values{"type": {"mixing"}, "name": {name}}.Encode(), "")
	}
	r := newRig(t, s.Bench(t))
	r.server = s
	r.run()
	await(r, func(media.Up) bool { return true })
	r.eventually("another application's bridge alone", func() bool { return len(s.Bridges()) == 1 })
}
