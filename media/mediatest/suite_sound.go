package mediatest

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// plays sends a play and returns its id.
func (x *trial) plays(leg fact.LegID, prompts ...media.Prompt) fact.PlayID {
	x.Helper()
	id := mint[fact.PlayID](x, "play")
	x.must(media.Play{Play: id, Leg: leg, Prompts: prompts})
	return id
}

func (x *trial) playStarted(id fact.PlayID) int {
	x.Helper()
	_, at := expect(x, func(e media.PlayStarted) bool { return e.Play == id })
	return at
}

func (x *trial) playEnded(id fact.PlayID, results ...media.PlayResult) int {
	x.Helper()
	e, at := expect(x, func(e media.PlayEnded) bool { return e.Play == id })
	for _, r := range results {
		if e.Result == r {
			return at
		}
	}
	if len(results) > 0 {
		x.Errorf("%+v: want %v", e, results)
	}
	return at
}

// noMorePlays checks that no play has a second word.
func (x *trial) noMorePlays() {
	x.Helper()
	never(x, func(media.PlayEnded) bool { return true })
}

func playEnds(x *trial) {
	far, leg := x.caller() // plays are heard before the answer, too
	began := time.Now()
	early := x.plays(leg, x.b.Prompt)
	started := x.playStarted(early)
	far.Early()
	x.heard(far, Heard{Prompt: true})
	x.inOrder("play before the answer", started, x.playEnded(early, media.PlayDone))
	if took := time.Since(began); took < x.b.promptLength()*8/10 || took > x.b.promptLength()+x.b.patience()/2 {
		x.Errorf("a prompt of %v took %v", x.b.promptLength(), took)
	}
	x.heard(far, Heard{})
	x.must(media.Answer{Leg: leg})
	x.answered(leg)

	several := x.plays(leg, x.b.Prompt, media.Prompt{Silence: 100 * time.Millisecond}, x.b.Prompt)
	x.inOrder("play of several prompts", x.playStarted(several), x.playEnded(several, media.PlayDone))
	x.noMorePlays()
	x.refused(media.Play{Play: mint[fact.PlayID](x, "play"), Leg: leg}, media.ErrInvalid)
	x.refused(media.Play{Play: mint[fact.PlayID](x, "play"), Leg: leg, Prompts: []media.Prompt{{File: "/prompts/../../etc/passwd"}}}, media.ErrInvalid)
	x.refused(media.Play{Play: mint[fact.PlayID](x, "play"), Leg: leg, Prompts: []media.Prompt{{File: "relative"}}}, media.ErrInvalid)
}

func playStops(x *trial) {
	far, leg := x.talker()
	play := x.plays(leg, x.b.LongPrompt)
	x.playStarted(play)
	x.refused(media.Play{Play: play, Leg: leg, Prompts: []media.Prompt{x.b.Prompt}}, media.ErrRefused)
	began := time.Now()
	x.must(media.StopPlay{Play: play, Leg: leg})
	x.playEnded(play)
	if took := time.Since(began); took > 2*time.Second {
		x.Errorf("stopping a play took %v", took)
	}
	x.heard(far, Heard{})
	x.must(media.StopPlay{Play: play, Leg: leg})
	x.must(media.StopPlay{Play: mint[fact.PlayID](x, "play"), Leg: leg})
	x.noMorePlays()
}

func playMissing(x *trial) {
	_, leg := x.talker()
	missing := x.plays(leg, x.b.MissingPrompt)
	x.playEnded(missing, media.PlayFailed)
	after := x.plays(leg, x.b.Prompt)
	x.playEnded(after, media.PlayDone)
	x.noMorePlays()
}

func playLegEnds(x *trial) {
	for _, byFar := range []bool{true, false} {
		far, leg := x.talker()
		heard, waits := x.plays(leg, x.b.LongPrompt), x.plays(leg, x.b.LongPrompt)
		x.playStarted(heard)
		if byFar {
			far.Hangup()
		} else {
			x.must(media.Hangup{Leg: leg})
		}
		at := x.endedBy(leg, byFar)
		x.inOrder("play, leg", x.playEnded(heard, media.PlayGone), at)
		x.inOrder("waiting play, leg", x.playEnded(waits, media.PlayGone), at)
		x.must(media.StopPlay{Play: heard, Leg: leg})
	}
	x.noMorePlays()
}

func playsQueue(x *trial) {
	far, leg := x.talker()
	one, two, three := x.plays(leg, x.b.LongPrompt), x.plays(leg, x.b.LongPrompt), x.plays(leg, x.b.Prompt)
	x.playStarted(one)
	never(x, func(e media.PlayStarted) bool { return e.Play != one })
	x.must(media.StopPlay{Play: two, Leg: leg}) // while it waits
	second := x.playEnded(two)
	x.must(media.StopPlay{Play: one, Leg: leg})
	x.inOrder("the waiting one stopped, the first stopped, the third heard", second, x.playEnded(one),
		x.playStarted(three), x.playEnded(three, media.PlayDone))
	x.noMorePlays()
	x.heard(far, Heard{})
}

func playTones(x *trial) {
	_, leg := x.talker()
	for _, tone := range []string{"ring", "busy"} {
		play := x.plays(leg, media.Prompt{Tone: tone})
		x.playStarted(play)
		x.must(media.StopPlay{Play: play, Leg: leg})
		x.playEnded(play)
	}
	beep := x.plays(leg, media.Prompt{Tone: "beep"})
	x.inOrder("beep", x.playStarted(beep), x.playEnded(beep, media.PlayDone))
	sound := x.plays(leg, media.Prompt{Sound: "beep"})
	x.playEnded(sound, media.PlayDone)
	x.noMorePlays()
}

func musicPlays(x *trial) {
	far, leg := x.caller() // music is heard before the answer, too
	x.must(media.Music{Leg: leg, On: true})
	far.Early()
	x.heard(far, Heard{Music: true})
	x.must(media.Answer{Leg: leg})
	x.answered(leg)
	x.heard(far, Heard{Music: true})
	play := x.plays(leg, x.b.Prompt)
	x.playStarted(play)
	x.heard(far, Heard{Prompt: true})
	x.playEnded(play, media.PlayDone)
	x.heard(far, Heard{Music: true})

	x.must(media.Music{Leg: leg, On: true}) // again is no harm
	stopped := x.plays(leg, x.b.LongPrompt)
	x.playStarted(stopped)
	x.must(media.StopPlay{Play: stopped, Leg: leg})
	x.playEnded(stopped)
	x.heard(far, Heard{Music: true})

	last := x.plays(leg, x.b.LongPrompt)
	x.playStarted(last)
	x.must(media.Music{Leg: leg, On: false})
	x.must(media.StopPlay{Play: last, Leg: leg})
	x.playEnded(last)
	x.heard(far, Heard{})
	x.must(media.Music{Leg: leg, On: false})
	never(x, func(media.PlayStarted) bool { return true })
	x.noMorePlays()

	_, friend := x.agent()
	x.must(media.Music{Leg: leg, On: true})
	x.joins(mint[fact.RoomID](x, "room"), leg, friend)
	x.heard(far, Heard{})
	x.refused(media.Music{Leg: leg, On: true}, media.ErrRefused)
}
