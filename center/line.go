package center

import (
	"strings"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/scripts/flow"
)

// tones are what an agent hears, and nobody else, of what a norm has to say. They
// are short and without a pause: while one is heard, Asterisk lets the agent hear
// nothing else.
var tones = map[string][]media.Prompt{norms.SoundBeep: {{Tone: "beep"}}}

// byTone says in the event of a nudge that the agent has heard a tone.
const byTone = "tone"

// nudge lets an agent hear a nudge by its tone, and says whether it did: agents
// with a screen see it there, and one who cannot hear it at once, or hears
// another prompt, hears none later either.
func (c *Center) nudge(e norms.Nudge) bool {
	k, leg := c.agentsLeg(e.Subject)
	if k == nil || e.Sound == "" || c.index.seats[leg.Endpoint].Console || !k.call.Nudgeable(c.now.At, leg.ID) {
		return false
	}
	c.step(k, call.Nudge{Leg: leg.ID, Prompts: tones[e.Sound]})
	return true
}

// agentsLeg is the leg of the agent whom a norm is about, nil for none.
func (c *Center) agentsLeg(s norms.Subject) (*contact, *call.Leg) {
	k := c.contacts[s.Call]
	if k == nil {
		return nil, nil
	}
	if l := k.call.Leg(s.Leg); l != nil && s.Leg != "" {
		return k, l
	}
	for _, l := range k.call.Legs {
		if l.Agent == s.Agent && s.Agent != "" && !l.Gone {
			return k, l
		}
	}
	return nil, nil
}

// enforce carries out on the line what a norm asks for.
func (c *Center) enforce(e norms.Act) {
	k := c.contacts[e.Call]
	if k == nil {
		return
	}
	switch e.What {
	case norms.ActReport:
		if says := c.audio(reportSays()); len(says) > 0 {
			c.step(k, call.Remark{Prompts: says})
		}
	case norms.ActGiveUp:
		c.step(k, call.GiveUp{})
	case norms.ActSilent:
		// Where a scene goes on, or the profile has none, the nudge must do.
		_ = c.startScene(StartScene{Call: e.Call, Agent: e.Agent, Scene: sceneSilent, Opened: true}, byNorms)
	case norms.ActRelease:
		if _, l := c.agentsLeg(e.Subject); l != nil {
			c.step(k, call.Release{By: l.ID})
		}
	}
}

// sceneSilent is the scene of a caller who says nothing, byNorms who begins it.
const (
	sceneSilent = "silent_call"
	byNorms     = "norms"
)

// listen has the switch tell who speaks in a talk, or stop.
func (c *Center) listen(e norms.Listen) {
	k := c.contacts[e.Call]
	if k == nil {
		return
	}
	in := call.DetectTalk{}
	if e.On {
		in.Silence = norms.SpeechSilence
		if k.scene != nil {
			k.scene.Listens = false // it is for more than the scene from now on
		}
	} else if k.scene.on() && k.scene.Flow.Scene.Silent {
		k.scene.Listens = true
		return
	}
	c.step(k, in)
}

// reportSays is what both hear while the agent looks something up (wait.online_3).
func reportSays() []flow.Prompt {
	return []flow.Prompt{{Text: "正在查询中，请您稍等。", Language: flow.DefaultLanguage}}
}

// NormPrompts are what a centre plays by its norms, so that the audio can be
// found or made before.
func NormPrompts(c *Config) []flow.Prompt {
	for _, s := range c.Norms {
		if s.Rule == "RUL-HLD-2" && strings.TrimSpace(string(s.Values["auto_play"])) == "true" {
			return reportSays()
		}
	}
	return nil
}

// ruleConsent is broken by a hold that the caller has not agreed to, ruleRings by
// giving up too soon whom nobody has answered yet.
const (
	ruleConsent = "RUL-HLD-1"
	ruleRings   = "RUL-OUT-1"
)
