package mediatest

import (
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// spies lets one leg hear another.
func (x *trial) spies(leg, by fact.LegID, whisper bool) fact.SpyID {
	x.Helper()
	id := mint[fact.SpyID](x, "spy")
	x.must(media.Spy{Spy: id, Leg: leg, By: by, Whisper: whisper})
	return id
}

func (x *trial) spyEnded(id fact.SpyID, leg fact.LegID) {
	x.Helper()
	e, _ := expect(x, func(e media.SpyEnded) bool { return e.Spy == id })
	if e.Leg != leg {
		x.Errorf("%+v: want leg %s", e, leg)
	}
}

func spyHears(x *trial) {
	p := x.pair()
	boss, bossLeg := x.agent()
	boss.Talk(true)
	listen := x.spies(p.agentLeg, bossLeg, false)
	x.heard(boss, Heard{Voices: []Far{p.caller, p.agent}})
	x.talk(p) // nobody hears who listens
	boss.Hangup()
	x.endedBy(bossLeg, true, 16)
	x.spyEnded(listen, p.agentLeg)
	x.talk(p)

	boss, bossLeg = x.agent()
	boss.Talk(true)
	x.spies(p.agentLeg, bossLeg, true)
	x.heard(boss, Heard{Voices: []Far{p.caller, p.agent}})
	x.heard(p.agent, Heard{Voices: []Far{p.caller, boss}})
	x.heard(p.caller, Heard{Voices: []Far{p.agent}})
	never(x, func(e media.Left) bool { return true })
}

func spyEnds(x *trial) {
	p := x.pair()
	_, bossLeg := x.agent()
	spy := x.spies(p.agentLeg, bossLeg, false)
	p.agent.Hangup()
	x.endedBy(p.agentLeg, true, 16)
	x.spyEnded(spy, p.agentLeg)
	x.must(media.Probe{Leg: bossLeg})
	again := x.spies(p.callerLeg, bossLeg, true) // who spied can spy again
	x.must(media.Hangup{Leg: bossLeg})
	x.endedBy(bossLeg, false, 16)
	x.spyEnded(again, p.callerLeg)
	x.must(media.Probe{Leg: p.callerLeg})
	never(x, func(media.SpyEnded) bool { return true })
	x.refused(media.Spy{Spy: mint[fact.SpyID](x, "spy"), Leg: p.callerLeg, By: p.callerLeg}, media.ErrInvalid)
}

// spyMoves goes from listening to a whisper, into the talk and back, one command
// each; who hears whom follows at once.
func spyMoves(x *trial) {
	p := x.pair()
	boss, bossLeg := x.agent()
	boss.Talk(true)
	both := Heard{Voices: []Far{p.caller, p.agent}}
	listen := x.spies(p.agentLeg, bossLeg, false)
	x.heard(boss, both)
	x.talk(p)

	whisper := x.spies(p.agentLeg, bossLeg, true)
	x.spyEnded(listen, p.agentLeg)
	x.heard(boss, both)
	x.heard(p.agent, Heard{Voices: []Far{p.caller, boss}})
	x.heard(p.caller, Heard{Voices: []Far{p.agent}})

	room := p.room
	if !x.can.ThreeWay {
		room = mint[fact.RoomID](x, "room")
	}
	x.must(media.Join{Room: room, Legs: []fact.LegID{bossLeg}})
	x.spyEnded(whisper, p.agentLeg)
	x.joined(room, bossLeg)
	if x.can.ThreeWay {
		x.heard(p.caller, Heard{Voices: []Far{p.agent, boss}})
		x.heard(p.agent, Heard{Voices: []Far{p.caller, boss}})
		x.heard(boss, both)
	}

	again := x.spies(p.agentLeg, bossLeg, false)
	x.left(room, bossLeg)
	x.heard(boss, both)
	x.talk(p)

	// To another leg of the talk, and away with the talk: who heard is still
	// there, with nothing to hear.
	other := x.spies(p.callerLeg, bossLeg, false)
	x.spyEnded(again, p.agentLeg)
	x.heard(boss, both)
	x.must(media.Hangup{Leg: p.callerLeg})
	x.spyEnded(other, p.callerLeg)
	x.must(media.Probe{Leg: bossLeg})
	x.heard(boss, Heard{})

	// Who is on hold in a room is not taken out of it.
	held := mint[fact.RoomID](x, "room")
	x.must(media.Join{Room: held, Legs: []fact.LegID{bossLeg}})
	x.joined(held, bossLeg)
	x.must(media.Hold{Room: held, Leg: bossLeg})
	expect(x, func(e media.LegHeld) bool { return e.Leg == bossLeg })
	x.refused(media.Spy{Spy: mint[fact.SpyID](x, "spy"), Leg: p.agentLeg, By: bossLeg}, media.ErrRefused)
}

// spyStops stops a spy for as long as the leg that is heard hears ringing, as
// one must (StopSpy), and goes on when there is a talk again.
func spyStops(x *trial) {
	p := x.pair()
	boss, bossLeg := x.agent()
	boss.Talk(true)
	spy := x.spies(p.agentLeg, bossLeg, false)
	x.heard(boss, Heard{Voices: []Far{p.caller, p.agent}})
	stop := media.StopSpy{Spy: spy, Leg: p.agentLeg, By: bossLeg}
	x.must(stop)
	x.spyEnded(spy, p.agentLeg)
	x.heard(boss, Heard{})
	x.must(stop) // it is over already
	side := mint[fact.RoomID](x, "room")
	phone := x.b.World.Phone(Behaviour{Ring: 300 * time.Millisecond, Then: Answers})
	askedLeg := x.created(phone)
	x.must(media.Join{Room: side, Legs: []fact.LegID{p.agentLeg, askedLeg}})
	x.must(media.Dial{Leg: askedLeg, Limit: 10 * time.Second})
	asked := phone.Rung()
	x.answered(askedLeg)
	asked.Talk(true)
	x.heard(p.agent, Heard{Voices: []Far{asked}})
	x.spies(p.agentLeg, bossLeg, false)
	x.heard(boss, Heard{Voices: []Far{asked, p.agent}})
	x.refused(media.StopSpy{Spy: spy, Leg: p.agentLeg, By: p.agentLeg}, media.ErrInvalid)
}

// keys checks that these keys of a leg come, in this order.
func (x *trial) keys(leg fact.LegID, want string) {
	x.Helper()
	last := -1
	for _, key := range want {
		e, at := expect(x, func(e media.Digit) bool { return e.Leg == leg })
		if e.Key != string(key) || at <= last {
			x.Errorf("%+v at %d after %d: want %q of %q", e, at, last, key, want)
		}
		last = at
	}
}

func digitsIn(x *trial) {
	far, leg := x.talker()
	other, otherLeg := x.talker()
	far.Press("1290*#")
	x.keys(leg, "1290*#")
	other.Press("55")
	x.keys(otherLeg, "55")
	play := x.plays(leg, x.b.LongPrompt)
	x.playStarted(play)
	far.Press("7")
	x.keys(leg, "7")
	never(x, func(media.PlayEnded) bool { return true }) // a key stops nothing by itself
	x.must(media.StopPlay{Play: play, Leg: leg})
	x.playEnded(play)
	x.must(media.Music{Leg: leg, On: true})
	far.Press("80")
	x.keys(leg, "80")
	never(x, func(media.Digit) bool { return true })
}

func digitsOut(x *trial) {
	far, leg := x.agent()
	if !x.can.SendDigits {
		x.lacks(media.SendDigits{Leg: leg, Digits: "12"})
		return
	}
	x.must(media.SendDigits{Leg: leg, Digits: "12"})
	far.Keyed("12")
	x.must(media.SendDigits{Leg: leg, Digits: "*0#"})
	far.Keyed("12*0#")
	for _, bad := range []string{"", "x", "1 2", "1,2", strings.Repeat("1", 65)} {
		x.refused(media.SendDigits{Leg: leg, Digits: bad}, media.ErrInvalid)
	}
	never(x, func(media.Digit) bool { return true })
}

func detectTalks(x *trial) {
	far, leg := x.talker()
	detect := media.DetectTalk{Leg: leg, On: true, Silence: 400 * time.Millisecond}
	if !x.can.TalkDetect {
		x.lacks(detect)
		return
	}
	x.must(detect)
	never(x, func(media.TalkStopped) bool { return true })
	for range 2 {
		far.Talk(true)
		started, first := expect(x, func(e media.TalkStarted) bool { return e.Leg == leg })
		x.pause()
		far.Talk(false)
		stopped, second := expect(x, func(e media.TalkStopped) bool { return e.Leg == leg })
		x.inOrder("started, stopped", first, second)
		if gap := stopped.At.Sub(started.At); gap < 320*time.Millisecond {
			x.Errorf("talk stopped %v after it began, with 400 ms of silence asked for", gap)
		}
	}
	x.must(media.DetectTalk{Leg: leg, On: false})
	far.Talk(true)
	never(x, func(media.TalkStarted) bool { return true })
	far.Talk(false)
	x.refused(media.DetectTalk{Leg: leg, On: true, Silence: -time.Second}, media.ErrInvalid)
}

// parted waits until a leg is not ours any more.
func (x *trial) parted(leg fact.LegID) int {
	x.Helper()
	_, at := expect(x, func(e media.LegLeft) bool { return e.Leg == leg })
	return at
}

func deflectBusy(x *trial) {
	far, leg := x.caller()
	if !x.can.Deflect {
		x.lacks(media.Deflect{Leg: leg, To: media.ExitBusy})
		never(x, func(media.LegLeft) bool { return true })
		return
	}
	x.must(media.Deflect{Leg: leg, To: media.ExitBusy})
	x.parted(leg)
	x.refused(media.Play{Play: mint[fact.PlayID](x, "play"), Leg: leg, Prompts: []media.Prompt{x.b.Prompt}}, media.ErrNoLeg, media.ErrRefused)
	far.Hangup()
	far.Ended()

	p := x.pair()
	play := x.plays(p.callerLeg, x.b.LongPrompt)
	x.playStarted(play)
	x.must(media.Deflect{Leg: p.callerLeg, To: media.ExitBusy})
	at := x.parted(p.callerLeg)
	x.inOrder("left its room, left us", x.left(p.room, p.callerLeg), at)
	x.inOrder("its play ended, it left us", x.playEnded(play), at)
	x.must(media.Hangup{Leg: p.callerLeg}) // which is all that can be done to it
	p.caller.Ended()
	x.must(media.Probe{Leg: p.agentLeg})
	x.refused(media.Deflect{Leg: p.agentLeg, To: "home"}, media.ErrInvalid)
}

func deflectFallback(x *trial) {
	far, leg := x.talker()
	if !x.can.Deflect {
		x.lacks(media.Deflect{Leg: leg, To: media.ExitFallback})
		return
	}
	first, _ := x.listed(x.reconnect(), leg)
	tag := media.Tag{Call: "call/1", Role: media.RoleCaller, Queue: "sales", Priority: 3, Joined: 1790000000000,
		Wish: media.Wish{Needs: "english>=50 AND (a OR b)", Level: "vip", Repeat: 2, Prefer: "1001", Named: true}}
	x.must(media.SetTag{Leg: leg, Tag: tag})
	x.must(media.Deflect{Leg: leg, To: media.ExitFallback})
	gone := x.parted(leg)
	if x.b.Return == 0 {
		info, there := x.listed(x.reconnect(), leg)
		if !there || info.State != media.LegOutside || info.Tag == nil || *info.Tag != tag {
			x.Errorf("Up lists %+v (%v), want it outside with its tag", info, there)
		}
	} else {
		e, at := expectWithin(x, x.b.Return+x.b.patience(), func(e media.LegArrived) bool { return e.Leg == leg })
		x.inOrder("gone, back", gone, at)
		if e.Tag == nil || *e.Tag != tag || e.To == "" {
			x.Errorf("%+v came back, want the tag %+v", e, tag)
		}
		x.sameBirth(first.Created, e.Created)
		x.plays(leg, x.b.LongPrompt) // ours again
	}
	if !far.Alive() {
		x.Error("the fallback has ended the call")
	}
}

// sameBirth checks that two tellings of a leg's creation agree.
func (x *trial) sameBirth(a, b fact.Instant) {
	x.Helper()
	if d := a.Sub(b); d < -time.Second || d > time.Second {
		x.Errorf("a leg was created at %d, and later at %d", a, b)
	}
}
