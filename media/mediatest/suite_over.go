package mediatest

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// over sends a play that is heard over the talk and returns its id.
func (x *trial) over(leg fact.LegID, prompts ...media.Prompt) fact.PlayID {
	x.Helper()
	id := mint[fact.PlayID](x, "play")
	x.must(media.Play{Play: id, Leg: leg, Prompts: prompts, Over: true})
	return id
}

// playOver is a word in one ear: the talk goes on, and the other side hears none
// of it.
func playOver(x *trial) {
	p := x.pair()
	word := x.over(p.agentLeg, x.b.LongPrompt)
	x.playStarted(word)
	both := Heard{Prompt: true, Voices: []Far{p.caller}}
	x.heard(p.agent, both)
	x.heard(p.caller, Heard{Voices: []Far{p.agent}})
	x.refused(media.Play{Play: word, Leg: p.agentLeg, Prompts: []media.Prompt{x.b.Prompt}, Over: true}, media.ErrRefused)

	// A prompt of the usual kind waits for none, nor none for it.
	other := x.plays(p.agentLeg, x.b.Prompt)
	x.playStarted(other)
	x.playEnded(other, media.PlayDone)
	x.heard(p.agent, both)
	x.must(media.StopPlay{Play: word, Leg: p.agentLeg})
	x.playEnded(word)
	x.talk(p)
	x.must(media.StopPlay{Play: word, Leg: p.agentLeg})

	short := x.over(p.callerLeg, x.b.Prompt)
	x.inOrder("a word over the talk", x.playStarted(short), x.playEnded(short, media.PlayDone))
	x.playEnded(x.over(p.callerLeg, x.b.MissingPrompt), media.PlayFailed)
	x.talk(p)
	x.noMorePlays()

	_, alone := x.talker()
	x.refused(media.Play{Play: mint[fact.PlayID](x, "play"), Leg: alone, Prompts: []media.Prompt{x.b.Prompt}, Over: true}, media.ErrRefused)
}

// playOverEnds: what moves or ends the leg ends the word in its ear first.
func playOverEnds(x *trial) {
	p := x.pair()
	word := x.over(p.agentLeg, x.b.LongPrompt)
	x.playStarted(word)
	x.must(media.Hold{Room: p.room, Leg: p.agentLeg})
	_, at := expect(x, func(e media.LegHeld) bool { return e.Leg == p.agentLeg })
	x.inOrder("the word, the hold", x.playEnded(word, media.PlayDone), at)
	x.refused(media.Play{Play: mint[fact.PlayID](x, "play"), Leg: p.agentLeg, Prompts: []media.Prompt{x.b.Prompt}, Over: true}, media.ErrRefused)
	x.must(media.Unhold{Room: p.room, Leg: p.agentLeg})
	expect(x, func(e media.LegUnheld) bool { return e.Leg == p.agentLeg })
	x.talk(p)

	last := x.over(p.agentLeg, x.b.LongPrompt)
	x.playStarted(last)
	p.agent.Hangup()
	at = x.endedBy(p.agentLeg, true, 16)
	x.inOrder("the word, the leg", x.playEnded(last, media.PlayGone), at)
	x.noMorePlays()
}
