package mediatest

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// playMakesWay: what moves a leg does not wait for the end of a prompt, but
// ends it.
func playMakesWay(x *trial) {
	caller, callerLeg := x.caller()
	agent, agentLeg := x.agent()
	caller.Talk(true)
	agent.Talk(true)
	room := mint[fact.RoomID](x, "room")
	after := func(cmd media.Command, comes func() int) {
		x.Helper()
		play, waits := x.plays(callerLeg, x.b.LongPrompt), x.plays(callerLeg, x.b.LongPrompt)
		x.playStarted(play)
		began := time.Now()
		x.must(cmd)
		at := comes()
		if took := time.Since(began); took > 2*time.Second {
			x.Errorf("%s waited %v for the end of a prompt", media.CommandName(cmd), took)
		}
		x.inOrder("play ended, then "+media.CommandName(cmd), x.playEnded(play, media.PlayDone), at)
		x.inOrder("waiting play ended, then "+media.CommandName(cmd), x.playEnded(waits), at)
	}
	after(media.Answer{Leg: callerLeg}, func() int { return x.answered(callerLeg) })
	after(media.Join{Room: room, Legs: []fact.LegID{callerLeg, agentLeg}}, func() int { return x.joined(room, callerLeg) })
	x.joined(room, agentLeg)
	x.heard(caller, Heard{Voices: []Far{agent}})
	after(media.Hold{Room: room, Leg: callerLeg}, func() int { return x.held(callerLeg, false) })
	x.heard(caller, Heard{Music: true})
	after(media.Unhold{Room: room, Leg: callerLeg}, func() int { return x.unheld(callerLeg, false) })
	x.heard(caller, Heard{Voices: []Far{agent}})
	after(media.Leave{Room: room, Leg: callerLeg}, func() int { return x.left(room, callerLeg) })
	x.heard(caller, Heard{})
	if x.can.Deflect {
		after(media.Deflect{Leg: callerLeg, To: media.ExitFallback}, func() int { return x.parted(callerLeg) })
	}
	x.noMorePlays()
}

// playIsLeft: what does not move a leg neither ends a prompt nor waits for it.
func playIsLeft(x *trial) {
	far, leg := x.talker()
	play := x.plays(leg, x.b.LongPrompt)
	x.playStarted(play)
	rec := mint[fact.RecordingID](x, "rec")
	began := time.Now()
	for _, cmd := range []media.Command{
		media.SetTag{Leg: leg, Tag: media.Tag{Call: "call"}}, media.Progress{Leg: leg}, media.Mute{Leg: leg, On: true}, media.Mute{Leg: leg}, media.Volume{Leg: leg, Side: fact.SideOut}, media.Volume{Leg: leg, Side: fact.SideIn},
		media.Music{Leg: leg, On: true}, media.Probe{Leg: leg}, media.Probe{Leg: leg, Play: play},
		media.Record{Recording: rec, Leg: leg, Name: "suite/" + fact.Native(rec)},
	} {
		x.must(cmd)
	}
	if x.can.TalkDetect {
		x.must(media.DetectTalk{Leg: leg, On: true, Silence: time.Second})
	}
	expect(x, func(e media.RecordStarted) bool { return e.Recording == rec })
	if took := time.Since(began); took > 2*time.Second {
		x.Errorf("the commands waited %v for the end of a prompt", took)
	}
	x.noMorePlays()
	x.heard(far, Heard{Prompt: true})
	x.must(media.StopPlay{Play: play, Leg: leg})
	x.playEnded(play)
	x.heard(far, Heard{Music: true}) // asked for while the prompt was heard
}

// hastyCommands: who sends one command after the other need not wait for the
// events of each.
func hastyCommands(x *trial) {
	p := x.pair()
	x.must(media.Hold{Room: p.room, Leg: p.callerLeg})
	x.must(media.Unhold{Room: p.room, Leg: p.callerLeg})
	x.inOrder("held, unheld", x.held(p.callerLeg, false), x.unheld(p.callerLeg, false))
	x.talk(p)
	x.must(media.Mute{Leg: p.callerLeg, On: true})
	x.must(media.Mute{Leg: p.callerLeg})
	x.talk(p)
	x.must(media.Hold{Room: p.room, Leg: p.callerLeg})
	x.must(media.Leave{Room: p.room, Leg: p.callerLeg})
	x.left(p.room, p.callerLeg)
	x.heard(p.caller, Heard{})

	x.must(media.Music{Leg: p.callerLeg, On: true})
	x.must(media.Music{Leg: p.callerLeg})
	x.heard(p.caller, Heard{})
	play := mint[fact.PlayID](x, "play")
	x.must(media.Play{Play: play, Leg: p.callerLeg, Prompts: []media.Prompt{x.b.LongPrompt}})
	x.must(media.StopPlay{Play: play, Leg: p.callerLeg})
	x.playEnded(play)
	rec := mint[fact.RecordingID](x, "rec")
	x.must(media.Record{Recording: rec, Leg: p.callerLeg, Name: "suite/" + fact.Native(rec)})
	x.must(media.StopRecord{Recording: rec, Leg: p.callerLeg})
	if !x.log.wait(x.b.patience(), func() bool {
		_, ended := take(x.log, func(e media.RecordEnded) bool { return e.Recording == rec })
		_, failed := take(x.log, func(e media.RecordFailed) bool { return e.Recording == rec })
		return ended >= 0 || failed >= 0
	}) {
		x.Errorf("a recording that was stopped at once has no last word")
	}
	x.must(media.Music{Leg: p.callerLeg, On: true})
	x.joins(mint[fact.RoomID](x, "room"), p.callerLeg, p.agentLeg)
	x.talk(p)

	leg := x.created(x.w.Phone(Behaviour{Then: Answers}))
	x.must(media.Dial{Leg: leg, Limit: 10 * time.Second})
	x.must(media.Hangup{Leg: leg})
	x.ended(leg)
	never(x, func(e media.LegEnded) bool { return e.Leg == leg })
}
