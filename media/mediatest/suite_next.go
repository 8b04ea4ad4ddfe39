package mediatest

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// next ends the driver, lets the far side act, and has a new driver go on as a
// process does that was started again; false when the bench has none.
func (x *trial) next(away func()) (media.Up, bool) {
	x.Helper()
	if x.b.Next == nil {
		return media.Up{}, false
	}
	x.end()
	away()
	x.sw = x.b.Next()
	x.log.again()
	x.begin()
	return x.up(), true
}

// nextDriver: a new driver finds every leg and room and can command them.
func nextDriver(x *trial) {
	p := x.pair()
	goes, goesLeg := x.talker()
	waits, waitsLeg := x.caller()
	x.must(media.Music{Leg: waitsLeg, On: true})
	ringing, ringingLeg := x.dialled(Behaviour{Then: RingsOn})
	x.ringing(ringingLeg)
	up, ok := x.next(func() {
		x.talk(p)
		goes.Hangup()
		goes.Ended()
		x.pause()
	})
	if !ok {
		return
	}
	for leg, state := range map[fact.LegID]media.LegState{
		p.callerLeg: media.LegUp, p.agentLeg: media.LegUp, waitsLeg: media.LegRing, ringingLeg: media.LegRing,
	} {
		x.lists(up, leg, state)
	}
	if info, there := x.listed(up, goesLeg); there {
		x.Errorf("Up lists %+v, which ended before it", info)
	}
	if len(up.Rooms) != 1 || up.Rooms[0].Room != p.room || len(up.Rooms[0].Legs) != 2 {
		x.Errorf("Up lists the rooms %+v, want that of the two", up.Rooms)
	}
	x.talk(p)
	x.heard(waits, Heard{Music: true})
	x.must(media.Answer{Leg: waitsLeg})
	x.answered(waitsLeg)
	x.must(media.Hangup{Leg: ringingLeg})
	x.endedBy(ringingLeg, false, 16)
	if ringing.Alive() {
		ringing.Ended()
	}
	p.agent.Hangup()
	x.left(p.room, p.agentLeg)
	x.endedBy(p.agentLeg, true, 16)
	x.must(media.Leave{Room: p.room, Leg: p.callerLeg})
	x.left(p.room, p.callerLeg)
}

// nextDriverRecords: a recording that goes on ends as ever; one that ended
// unheard, or was never begun, has its last word when it is asked for by name.
func nextDriverRecords(x *trial) {
	far, leg := x.talker()
	gone, goneLeg := x.talker()
	began := time.Now()
	on, over := x.records(leg), x.records(goneLeg)
	var took time.Duration
	if _, ok := x.next(func() {
		x.pause()
		gone.Hangup()
		gone.Ended()
		took = time.Since(began)
		x.pause()
	}); !ok {
		return
	}
	x.must(media.Probe{Leg: leg, Recording: on.Recording})
	never(x, func(media.RecordEnded) bool { return true })
	for range 2 {
		x.must(media.StopRecord{Recording: over.Recording, Leg: goneLeg, Name: over.Name})
	}
	x.files(over, took)
	unborn := media.StopRecord{Recording: mint[fact.RecordingID](x, "rec"), Leg: leg, Name: over.Name + "-unborn"}
	x.must(unborn)
	expect(x, func(e media.RecordFailed) bool {
		return e.Recording == unborn.Recording && e.Leg == leg && e.Reason != ""
	})
	x.must(media.StopRecord{Recording: over.Recording, Leg: goneLeg, Name: over.Name})
	never(x, func(media.RecordEnded) bool { return true })
	far.Hangup()
	x.endedBy(leg, true)
	x.recorded(on, time.Since(began))
}

// nextDriverHolds: a phone that held its other side takes it back.
func nextDriverHolds(x *trial) {
	p := x.pair()
	p.agent.Hold()
	x.held(p.agentLeg, true)
	if _, ok := x.next(func() {}); !ok {
		return
	}
	x.heard(p.caller, Heard{Music: true})
	p.agent.Unhold()
	x.unheld(p.agentLeg, true)
	x.talk(p)
	never(x, func(media.Left) bool { return true })
}
