package center

import (
	"cmp"
	"slices"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// byScript is who begins the scenes of flows.
const byScript = "flow"

// alone says that a scene goes on in a flow, where nobody ticks it off.
func (s *scene) alone() bool { return s.on() && s.Token != 0 }

// says whether the system says a wording: what it may, and in a flow everything.
func (s *scene) says(l flow.Line) bool { return s.Speaks && (l.System || s.Token != 0) }

// playScene goes through a scene with the caller, as a flow wants it.
func (c *Center) playScene(k *contact, a flow.PlayScene) {
	s, err := c.compileScene(k, phrase.Scope{Queue: cmp.Or(a.Queue, k.call.Queue), Language: a.Language}, a.Key)
	if err != nil {
		k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeFailed})
		return
	}
	s.Flow.Scene.Alone()
	s.By, s.Leg, s.Token, s.Speaks, s.Told = byScript, k.call.First().ID, a.Token, true, slices.Clone(a.Holds)
	for _, arg := range a.With { // what cannot be spoken is left out, and what needs it
		if values, err := s.fill([]PhraseValue{{Name: arg.Name, Value: arg.Value}}); err == nil {
			s.Values = values
		}
	}
	c.beginScene(k, s)
}

// stopScene ends a scene that its flow does not wait for any more.
func (c *Center) stopScene(k *contact, a flow.StopScene) {
	if k.scene.alone() && k.scene.Token == a.Token {
		c.perform(k, flow.Stop{})
	}
}

// sceneReturns goes on in the flow by what came of its scene.
func (c *Center) sceneReturns(k *contact, s *scene, why flow.End, code string) {
	outcome := flow.OutcomeFailed
	switch {
	case why == flow.EndTalk: // the call is over
		return
	case why == flow.EndSpoke:
		outcome = flow.OutcomeSpoke
	case why == flow.EndHungUp:
		outcome = flow.OutcomeHungUp
		k.misused = k.misused || spared(code)
	case why == flow.EndDone && slices.ContainsFunc(s.Cued, func(e cued) bool { return e.How == flow.HowPlayed }):
		outcome = flow.OutcomeDone
	}
	s.then = func() { c.script(k, flow.Returned{Token: s.Token, Outcome: outcome}) }
}

// speaksUp is a word of the caller's, or a switch that cannot tell: then nobody can
// go through a flow's scene for a caller who says nothing.
func (c *Center) speaksUp(k *contact, e fact.Event) {
	if e.Reason != "" && k.scene.alone() {
		c.perform(k, flow.Stop{})
		return
	}
	c.overheard(k)
}

// keyPressed is a key of the caller's in a flow's scene: as good as a word.
func (c *Center) keyPressed(k *contact) {
	if k.scene.alone() {
		c.overheard(k)
	}
}

// watchAlone ends a flow's scene with the caller's part.
func (c *Center) watchAlone(k *contact) {
	if k.call.Phase != call.InFlow || k.session == nil {
		c.sceneOver(k, flow.EndTalk, "")
	}
}

// FlowScenePrompts are what the scenes of flows may say by some settings.
func FlowScenePrompts(c *phrase.Catalogue, s phrase.Settings, flows []*flow.Flow) []flow.Prompt {
	b := c.Book(s)
	var all []flow.Prompt
	for _, f := range flows {
		for i := range f.Nodes {
			n := f.Nodes[i].Scene
			if n == nil {
				continue
			}
			scopes := []phrase.Scope{{Queue: n.Queue}}
			if n.Queue == "" { // the caller may have been in any line
				for _, q := range s.Queues {
					scopes = append(scopes, phrase.Scope{Queue: q.Queue})
				}
			}
			for _, language := range f.Texts() {
				for _, in := range scopes {
					in.Language = language
					all = append(all, nodePrompts(b, in, n.Key)...)
				}
			}
		}
	}
	return all
}

// nodePrompts are what a scene says in a scope, nothing where there is none.
func nodePrompts(b *phrase.Book, in phrase.Scope, key string) []flow.Prompt {
	f, err := flow.Compile(b, in, key, 0)
	if err != nil {
		return nil
	}
	in.Language = f.Scene.Language
	var all []flow.Prompt
	for _, q := range f.Scene.Cues {
		for _, l := range q.Say {
			if p, ok := scenePrompt(b, in, l.Key); ok && !l.Listed {
				all = append(all, p)
			}
		}
	}
	return all
}
