package center

import (
	"strings"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// tones are what an agent hears, and nobody else, of a norm that has no words for
// what it is about.
var tones = map[string][]media.Prompt{norms.SoundBeep: {{Tone: "beep"}}}

// byTone and byWords say in the event of a nudge what of it the agent has heard.
const (
	byTone  = "tone"
	byWords = "words"
)

// nudge lets an agent hear a nudge, in words where it has some, and says by what,
// "" for nothing: agents with a screen see it there, and one who cannot hear it
// at once, or hears another prompt, hears none later either.
func (c *Center) nudge(e norms.Nudge) string {
	k, leg := c.agentsLeg(e.Subject)
	if k == nil || e.Sound == "" || c.index.seats[leg.Endpoint].Console || !k.call.Nudgeable(c.now.At, leg.ID) {
		return ""
	}
	if says := c.nudgeSays(phrase.Scope{Queue: e.Queue}, e.Phrase); len(says) > 0 {
		c.step(k, call.Nudge{Leg: leg.ID, Prompts: says})
		return byWords
	}
	c.step(k, call.Nudge{Leg: leg.ID, Prompts: tones[e.Sound]})
	return byTone
}

// nudgeSays are the words of a nudge: what the agent ought to say. Nil where the
// profile has no such phrase, it has something open, or there is no audio of it.
func (c *Center) nudgeSays(in phrase.Scope, key string) []media.Prompt {
	if key == "" || c.index.book == nil {
		return nil
	}
	p, ok := scenePrompt(c.index.book, in, key)
	if !ok || len(p.With) > 0 {
		return nil
	}
	return c.audio([]flow.Prompt{p})
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
func NormPrompts(all *phrase.Catalogue, c *Config) []flow.Prompt {
	var out []flow.Prompt
	for _, s := range c.Norms {
		if s.Rule == "RUL-HLD-2" && strings.TrimSpace(string(s.Values["auto_play"])) == "true" {
			out = append(out, reportSays()...)
			break
		}
	}
	b := all.Book(c.Phrases)
	for _, in := range scopesOf(c.Phrases) {
		for _, key := range norms.Whispered {
			if p, ok := scenePrompt(b, in, key); ok && len(p.With) == 0 {
				out = append(out, p)
			}
		}
	}
	return out
}

// ruleConsent is broken by a hold that the caller has not agreed to, ruleRings by
// giving up too soon whom nobody has answered yet.
const (
	ruleConsent = "RUL-HLD-1"
	ruleRings   = "RUL-OUT-1"
)
