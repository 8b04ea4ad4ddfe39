package mediatest

import (
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

func tagsAreListed(x *trial) {
	_, leg := x.caller()
	phoneLeg := x.created(x.w.Phone(Behaviour{Then: RingsOn}))
	info := x.lists(x.reconnect(), leg, media.LegRing)
	if info.Tag != nil || info.To != Dialled || info.From.Number == "" || info.Endpoint == "" {
		x.Errorf("an untagged caller is listed as %+v", info)
	}
	one := media.Tag{Call: "2026/1;a b", Role: media.RoleCaller}
	two := media.Tag{Call: "王", Role: media.RoleCaller, Offer: "o,1", Queue: "q|\"'%", Priority: -7, Joined: 1790000000123}
	for _, tag := range []media.Tag{one, two} {
		x.must(media.SetTag{Leg: leg, Tag: tag})
		up := x.reconnect()
		if got := x.lists(up, leg, media.LegRing).Tag; got == nil || *got != tag {
			x.Errorf("Up has the tag %+v, want %+v", got, tag)
		}
		made := x.lists(up, phoneLeg, media.LegDown)
		if made.Tag == nil || made.Tag.Call != "call" || made.Tag.Role != media.RoleAgent {
			x.Errorf("a leg made with a tag is listed as %+v", made)
		}
	}
}

func probeTells(x *trial) {
	far, leg := x.caller()
	made := x.created(x.w.Phone(Behaviour{Then: RingsOn}))
	x.must(media.Probe{Leg: leg})
	x.must(media.Probe{Leg: made})
	x.must(media.Answer{Leg: leg})
	x.answered(leg)
	heard, waits := x.plays(leg, x.b.LongPrompt), x.plays(leg, x.b.LongPrompt)
	x.playStarted(heard)
	x.must(media.Probe{Leg: leg, Play: heard})
	x.must(media.Probe{Leg: leg, Play: waits})
	x.refused(media.Probe{Leg: leg, Play: mint[fact.PlayID](x, "play")}, media.ErrNoLeg)
	x.refused(media.Probe{Leg: leg, Recording: mint[fact.RecordingID](x, "rec")}, media.ErrNoLeg)
	x.must(media.StopPlay{Play: heard, Leg: leg})
	x.playEnded(heard)
	x.refused(media.Probe{Leg: leg, Play: heard}, media.ErrNoLeg)
	r := x.records(leg)
	x.reconnect() // plays and recordings are not listed: they are probed
	x.must(media.Probe{Leg: leg, Recording: r.Recording})
	x.must(media.Probe{Leg: leg, Play: waits})
	far.Hangup()
	x.endedBy(leg, true, 16)
	expect(x, func(e media.RecordEnded) bool { return e.Recording == r.Recording })
	for _, probe := range []media.Probe{{Leg: leg}, {Leg: leg, Recording: r.Recording}, {Leg: leg, Play: waits}} {
		x.refused(probe, media.ErrNoLeg)
	}
	x.refused(media.Probe{Leg: leg, Play: waits, Recording: r.Recording}, media.ErrInvalid)
	x.must(media.Hangup{Leg: made})
	x.endedBy(made, false)
	x.gone(made)
}

func endsWhileAway(x *trial) {
	p := x.pair()
	stays, staysLeg := x.caller()
	goes, goesLeg := x.caller()
	mend := x.w.Cut()
	x.down(x.b.patience())
	goes.Hangup()
	p.agent.Hangup()
	goes.Ended()
	p.agent.Ended()
	x.pause() // the far side knows before the switch is through with it
	mend()
	up := x.up()
	x.lists(up, staysLeg, media.LegRing)
	x.lists(up, p.callerLeg, media.LegUp)
	for _, leg := range []fact.LegID{goesLeg, p.agentLeg} {
		if info, there := x.listed(up, leg); there {
			x.Errorf("Up lists %+v, which ended before it", info)
		}
		x.gone(leg)
		x.must(media.Hangup{Leg: leg})
	}
	if len(up.Rooms) != 1 || len(up.Rooms[0].Legs) != 1 || up.Rooms[0].Legs[0] != p.callerLeg {
		x.Errorf("Up lists the rooms %+v, want the caller alone", up.Rooms)
	}
	never(x, func(media.LegEnded) bool { return true })
	if !stays.Alive() || !p.caller.Alive() {
		x.Error("who stayed was lost")
	}
}

// endsWhileListing is the race of DESIGN section 2: a leg ends after the
// connection stands and before the list is delivered.
func endsWhileListing(x *trial) {
	p := x.pair()
	_, stays := x.caller()
	mend := x.w.Cut()
	x.down(x.b.patience())
	if !x.w.DuringListing(func() {
		p.agent.Hangup()
		p.agent.Ended()
	}) {
		mend()
		x.up()
		x.endsNearListing()
		return
	}
	mend()
	up, at := expectWithin(x, 2*x.b.patience(), func(media.Up) bool { return true })
	x.lists(up, p.callerLeg, media.LegUp)
	x.lists(up, p.agentLeg, media.LegUp)
	x.lists(up, stays, media.LegRing)
	x.inOrder("up, left, ended", at, x.left(p.room, p.agentLeg), x.endedBy(p.agentLeg, true, 16))
	never(x, func(media.LegEnded) bool { return true })
	x.gone(p.agentLeg)
	x.must(media.Leave{Room: p.room, Leg: p.callerLeg})
	x.left(p.room, p.callerLeg)
}

// endsNearListing tries to hit the same race by luck: whichever way it falls,
// a leg is either absent from Up or ends once after it, which the log holds.
func (x *trial) endsNearListing() {
	x.Helper()
	for range 10 {
		far, leg := x.talker()
		mend := x.w.Cut()
		x.down(x.b.patience())
		var both sync.WaitGroup
		both.Go(mend)
		both.Go(far.Hangup)
		both.Wait()
		if _, there := x.listed(x.up(), leg); there {
			x.endedBy(leg, true)
		}
		x.gone(leg)
	}
	never(x, func(media.LegEnded) bool { return true })
}

// arrivesWhileListing: who comes while the driver lists comes once, after Up.
func arrivesWhileListing(x *trial) {
	_, stays := x.caller()
	mend := x.w.Cut()
	x.down(x.b.patience())
	const from = "13600000000"
	forced := x.w.DuringListing(func() { x.w.Call(from, Dialled) })
	mend()
	up, at := expectWithin(x, 2*x.b.patience(), func(media.Up) bool { return true })
	x.lists(up, stays, media.LegRing)
	if !forced {
		x.w.Call(from, Dialled)
	}
	e, arrived := expect(x, func(e media.LegArrived) bool { return e.From.Number == from })
	x.inOrder("up, arrived", at, arrived)
	never(x, func(media.LegArrived) bool { return true })
	x.must(media.Answer{Leg: e.Leg})
	x.answered(e.Leg)
}

// ownLegsHidden: what a driver makes for itself is nobody's business. That no
// event is about a strange leg the log holds.
func ownLegsHidden(x *trial) {
	p := x.pair()
	_, boss := x.agent()
	x.records(p.callerLeg)
	x.spies(p.agentLeg, boss, true)
	waiting, waitingLeg := x.talker()
	x.must(media.Music{Leg: waitingLeg, On: true})
	x.heard(waiting, Heard{Music: true})
	up := x.reconnect()
	if len(up.Legs) != 4 || len(up.Rooms) != 1 || up.Rooms[0].Room != p.room || len(up.Rooms[0].Legs) != 2 {
		x.Errorf("%+v: want four legs and the room of two", up)
	}
}

func endpointsComeAndGo(x *trial) {
	p := x.w.Phone(Behaviour{Then: RingsOn})
	if !x.can.Endpoints {
		p.Register(false)
		p.Register(true)
		never(x, func(media.EndpointState) bool { return true })
		return
	}
	state := func(on bool) {
		x.Helper()
		expect(x, func(e media.EndpointState) bool { return e.Endpoint == p.Endpoint() && e.Reachable == on })
	}
	listed := func(e fact.Endpoint, want bool) {
		x.Helper()
		for _, i := range x.reconnect().Endpoints {
			if i.Endpoint == e && i.Reachable == want {
				return
			}
		}
		x.Errorf("Up does not say of %s that it is reachable: %v", e, want)
	}
	// A phone that goes before the switch has found it there is no news.
	known := func() bool {
		return slices.Contains(x.reconnect().Endpoints, media.EndpointInfo{Endpoint: p.Endpoint(), Reachable: true})
	}
	for began := time.Now(); !known(); {
		if time.Since(began) > x.b.patience() {
			x.Errorf("Up does not say that %s is reachable", p.Endpoint())
			return
		}
	}
	p.Register(false)
	state(false)
	x.refused(media.Create{Leg: mint[fact.LegID](x, "leg"), Endpoint: p.Endpoint()}, media.ErrRefused)
	listed(p.Endpoint(), false)
	p.Register(true)
	state(true)
	listed(p.Endpoint(), true)
	listed(x.b.Unreachable, false)
	x.created(p)
}
