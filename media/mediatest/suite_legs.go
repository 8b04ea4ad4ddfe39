package mediatest

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// caller has somebody call, whose leg is not answered yet.
func (x *trial) caller() (Far, fact.LegID) {
	x.Helper()
	number := fmt.Sprintf("138%08d", minted.Add(1)%1e8)
	far := x.w.Call(number, Dialled)
	e, _ := expect(x, func(e media.LegArrived) bool { return e.From.Number == number })
	return far, e.Leg
}

// talker has somebody call and picks up.
func (x *trial) talker() (Far, fact.LegID) {
	x.Helper()
	far, leg := x.caller()
	x.must(media.Answer{Leg: leg})
	x.answered(leg)
	far.Answered()
	return far, leg
}

// created is a leg to a phone, not dialled.
func (x *trial) created(p Phone) fact.LegID {
	x.Helper()
	leg := mint[fact.LegID](x, "leg")
	x.must(media.Create{
		Leg: leg, Endpoint: p.Endpoint(), Tag: media.Tag{Call: "call", Role: media.RoleAgent},
		Show: media.Identity{Number: "13800138000", Name: "王小明"},
	})
	return leg
}

// dialled is a leg that rings a phone which treats it so.
func (x *trial) dialled(b Behaviour) (Far, fact.LegID) {
	x.Helper()
	p := x.w.Phone(b)
	leg := x.created(p)
	x.must(media.Dial{Leg: leg, Limit: 30 * time.Second})
	return p.Rung(), leg
}

// agent is a leg to a phone that has answered.
func (x *trial) agent() (Far, fact.LegID) {
	x.Helper()
	far, leg := x.dialled(Behaviour{Then: Answers})
	x.answered(leg)
	far.Answered()
	return far, leg
}

func (x *trial) answered(leg fact.LegID) int {
	x.Helper()
	_, at := expect(x, func(e media.LegAnswered) bool { return e.Leg == leg })
	return at
}

func (x *trial) ringing(leg fact.LegID) int {
	x.Helper()
	_, at := expect(x, func(e media.LegRinging) bool { return e.Leg == leg })
	return at
}

func (x *trial) ended(leg fact.LegID) (media.LegEnded, int) {
	x.Helper()
	return expect(x, func(e media.LegEnded) bool { return e.Leg == leg })
}

// endedBy is ended with who did it and one of these causes; none means any.
func (x *trial) endedBy(leg fact.LegID, far bool, causes ...int) int {
	x.Helper()
	e, at := x.ended(leg)
	if e.Far != far {
		x.Errorf("%+v: want Far %v", e, far)
	}
	for _, c := range causes {
		if e.Cause == c {
			return at
		}
	}
	if len(causes) > 0 {
		x.Errorf("%+v: want a cause of %v", e, causes)
	}
	return at
}

// gone checks that a leg is probed as gone.
func (x *trial) gone(leg fact.LegID) {
	x.Helper()
	x.refused(media.Probe{Leg: leg}, media.ErrNoLeg)
}

// inOrder checks that places of the log rise.
func (x *trial) inOrder(what string, places ...int) {
	x.Helper()
	for i := 1; i < len(places); i++ {
		if places[i] <= places[i-1] {
			x.Errorf("%s: they came at %v", what, places)
			return
		}
	}
}

func upComesFirst(x *trial) {
	x.log.mu.Lock()
	defer x.log.mu.Unlock()
	if _, ok := x.log.events[0].(media.Up); !ok {
		x.Errorf("the first event is %+v, want Up", x.log.events[0])
	}
}

func callerArrives(x *trial) {
	number := fmt.Sprintf("139%08d", minted.Add(1)%1e8)
	far := x.w.Call(number, Dialled)
	e, arrived := expect(x, func(media.LegArrived) bool { return true })
	if e.From.Number != number || e.To != Dialled || e.State != media.LegRing || e.Endpoint == "" || e.Tag != nil {
		x.Errorf("%+v: want from %s to %s, ringing, with an endpoint and no tag", e, number, Dialled)
	}
	never(x, func(media.LegAnswered) bool { return true })
	x.must(media.Answer{Leg: e.Leg})
	answered := x.answered(e.Leg)
	far.Answered()
	far.Hangup()
	x.inOrder("arrived, answered, ended", arrived, answered, x.endedBy(e.Leg, true, 16))
	if bye := far.Ended(); !bye.Here {
		x.Errorf("the caller hung up and was told %+v", bye)
	}
	never(x, func(media.LegEnded) bool { return true })
	x.gone(e.Leg)
}

func callerIsTurnedAway(x *trial) {
	far, leg := x.caller()
	x.must(media.Hangup{Leg: leg, Cause: 17})
	x.endedBy(leg, false, 17)
	if bye := far.Ended(); bye.Here || bye.Cause != 0 && bye.Cause != 17 || bye.Elsewhere {
		x.Errorf("the caller was told %+v, want cause 17", bye)
	}
}

func callerGivesUp(x *trial) {
	far, leg := x.caller()
	far.Hangup()
	x.endedBy(leg, true)
	never(x, func(media.LegAnswered) bool { return true })
	x.refused(media.Answer{Leg: leg}, media.ErrNoLeg)
}

func progressIsEarly(x *trial) {
	far, leg := x.caller()
	x.must(media.Progress{Leg: leg})
	far.Early()
	never(x, func(media.LegAnswered) bool { return true })
	x.must(media.Answer{Leg: leg})
	x.answered(leg)
	far.Answered()
}

func phoneAnswers(x *trial) {
	_, caller := x.talker()
	p := x.w.Phone(Behaviour{Ring: 100 * time.Millisecond, Then: Answers})
	leg := mint[fact.LegID](x, "leg")
	x.must(media.Create{
		Leg: leg, Endpoint: p.Endpoint(), Tag: media.Tag{Call: "call", Role: media.RoleAgent, Offer: "offer"},
		Show: media.Identity{Number: "13800138000"}, For: caller,
	})
	never(x, func(e media.LegRinging) bool { return e.Leg == leg })
	x.must(media.Dial{Leg: leg, Limit: 20 * time.Second})
	far := p.Rung()
	x.inOrder("ringing, answered", x.ringing(leg), x.answered(leg))
	far.Answered()
	x.must(media.Hangup{Leg: leg})
	x.endedBy(leg, false, 16)
	if bye := far.Ended(); bye.Here || bye.Elsewhere {
		x.Errorf("the agent was told %+v", bye)
	}
	if err := x.do(media.Probe{Leg: caller}); err != nil {
		x.Errorf("the caller ended with a leg made for them: %v", err)
	}
	never(x, func(e media.LegArrived) bool { return e.Leg == leg })
}

func phoneFails(x *trial) {
	for _, c := range []struct {
		then  Outcome
		cause int
	}{{Busy, 17}, {Rejects, 21}, {Unavailable, 19}} {
		far, leg := x.dialled(Behaviour{Then: c.then})
		x.endedBy(leg, true, c.cause)
		far.Ended()
		never(x, func(e media.LegAnswered) bool { return e.Leg == leg })
		x.gone(leg)
	}
	far, leg := x.dialled(Behaviour{Then: RingsOn})
	x.ringing(leg)
	far.Hangup()
	x.endedBy(leg, true)
}

func dialLimit(x *trial) {
	for _, then := range []Outcome{RingsOn, SaysNothing} {
		p := x.w.Phone(Behaviour{Then: then})
		leg := x.created(p)
		asked := time.Now()
		x.must(media.Dial{Leg: leg, Limit: time.Second})
		far := p.Rung()
		e, _ := expectWithin(x, time.Second+x.b.patience(), func(e media.LegEnded) bool { return e.Leg == leg })
		if took := time.Since(asked); took < 900*time.Millisecond {
			x.Errorf("%s: the limit of 1 s came after %v", then, took)
		}
		if e.Far || e.Cause != 18 && e.Cause != 19 {
			x.Errorf("%s: %+v; want the switch's doing, cause 18 or 19", then, e)
		}
		if then == RingsOn {
			far.Ended()
		}
	}
}

func createRefused(x *trial) {
	leg := mint[fact.LegID](x, "leg")
	x.refused(media.Create{Leg: leg, Endpoint: x.b.Unreachable}, media.ErrRefused)
	x.refused(media.Dial{Leg: leg, Limit: time.Second}, media.ErrNoLeg)
	x.gone(leg)

	p := x.w.Phone(Behaviour{Then: RingsOn})
	twice := x.created(p)
	x.refused(media.Create{Leg: twice, Endpoint: p.Endpoint()}, media.ErrRefused)
	x.must(media.Probe{Leg: twice})
	x.must(media.Dial{Leg: twice, Limit: 30 * time.Second})
	x.ringing(twice)
	x.refused(media.Create{Leg: twice, Endpoint: p.Endpoint()}, media.ErrRefused)
	x.must(media.Hangup{Leg: twice})
	x.endedBy(twice, false)
}

func dialOnce(x *trial) {
	_, leg := x.dialled(Behaviour{Then: RingsOn})
	x.ringing(leg)
	x.refused(media.Dial{Leg: leg, Limit: time.Second}, media.ErrRefused)
	never(x, func(e media.LegEnded) bool { return e.Leg == leg })
}

func hangupEnds(x *trial) {
	x.must(media.Hangup{Leg: mint[fact.LegID](x, "nobody")})
	undialled := x.created(x.w.Phone(Behaviour{Then: RingsOn}))
	rings, ringing := x.dialled(Behaviour{Then: RingsOn})
	x.ringing(ringing)
	talks, talking := x.talker()
	for _, leg := range []fact.LegID{undialled, ringing, talking} {
		x.must(media.Hangup{Leg: leg})
		x.endedBy(leg, false, 16)
		x.must(media.Hangup{Leg: leg})
		x.gone(leg)
	}
	for _, far := range []Far{rings, talks} {
		if bye := far.Ended(); bye.Here || bye.Elsewhere {
			x.Errorf("a far end was told %+v", bye)
		}
	}
	never(x, func(media.LegEnded) bool { return true })
}

func hangupElsewhere(x *trial) {
	far, leg := x.dialled(Behaviour{Then: RingsOn})
	x.ringing(leg)
	x.must(media.Hangup{Leg: leg, Elsewhere: true})
	x.endedBy(leg, false, 26)
	if bye := far.Ended(); bye.Here || !bye.Elsewhere {
		x.Errorf("the phone was told %+v, want that it was completed elsewhere", bye)
	}
}

func hangupCrossesAnswer(x *trial) {
	p := x.w.Phone(Behaviour{})
	for i := range 10 {
		p.Behave(Behaviour{Ring: time.Duration(i+1) * 4 * time.Millisecond, Then: Answers})
		leg := x.created(p)
		x.must(media.Dial{Leg: leg, Limit: 10 * time.Second})
		far := p.Rung()
		x.ringing(leg)
		x.log.wait(20*time.Millisecond, func() bool { return false })
		x.must(media.Hangup{Leg: leg})
		x.ended(leg)
		far.Ended()
	}
	never(x, func(media.LegEnded) bool { return true })
}
