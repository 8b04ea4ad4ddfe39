package center

import (
	"strings"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// enact does what an action of a scene asks for. What only the agent can do is
// done once it is ticked off.
func (c *Center) enact(k *contact, s *scene, q *flow.Cue, token int) {
	outcome := flow.OutcomeDone
	switch q.Do {
	case phrase.ActCallback, phrase.ActSchedule, phrase.ActReschedule:
		c.sceneOwes(k, s, q, token)
		return
	case phrase.ActNotify:
		c.tellLeader(k, s, q.Note)
	case phrase.ActSurvey:
		s.then = func() { _ = c.endTalk(EndTalk{Call: k.call.ID, Agent: s.Agent}) } // who is not there any more needs no end
	case phrase.ActMute, phrase.ActMusicOrMute, phrase.ActHoldTone:
		if c.beginWait(k, s, q.Do == phrase.ActMute, token) {
			return
		}
		outcome = flow.OutcomeDenied
	}
	s.back = append(s.back, flow.Returned{Token: token, Outcome: outcome})
}

// beginWait lets the caller wait: with music, or with the agent not heard.
func (c *Center) beginWait(k *contact, s *scene, mute bool, token int) bool {
	s.Wait = &sceneWait{Token: token, Since: c.now.At, Mute: mute}
	if !mute {
		if c.holdCall(HoldCall{Call: k.call.ID, Agent: s.Agent, On: true, Consent: true}) != nil {
			s.Wait = nil
			return false
		}
		return true
	}
	c.step(k, call.Mute{Leg: s.Leg, On: true})
	return true
}

// endWait brings the caller back.
func (c *Center) endWait(k *contact, s *scene) error {
	if s.Wait.Mute {
		c.step(k, call.Mute{Leg: s.Leg})
		return nil
	}
	err := c.holdCall(HoldCall{Call: k.call.ID, Agent: s.Agent})
	if s.Wait != nil && !s.Wait.On && !k.call.OnHold() {
		c.waited(k, s) // the hold never came
		return nil
	}
	return err
}

// watchWait goes on once the caller is back, by whichever way.
func (c *Center) watchWait(k *contact, s *scene, agent *call.Leg) {
	w := s.Wait
	switch on := k.call.OnHold(); {
	case w.Mute && !agent.Muted, !w.Mute && w.On && !on:
		c.waited(k, s)
	case !w.Mute && on:
		w.On = true
	}
}

// waited is the end of a wait.
func (c *Center) waited(k *contact, s *scene) {
	w := s.Wait
	s.Wait, s.Held = nil, c.now.At.Sub(w.Since)
	c.perform(k, flow.Returned{Token: w.Token, Outcome: flow.OutcomeDone})
}

// dueValues are what a callback says of when, by the variables of phrases, and
// by whose word: we promise a term, and agree a moment with the customer.
var dueValues = map[string]callback.DueSource{"callback_due": callback.DueByAgent, "callback_time": callback.DueByCustomer}

// sceneOwes makes the callback that a scene has promised. It is done when the
// store has it; where that takes too long it goes on to be kept, and the scene
// goes on as well.
func (c *Center) sceneOwes(k *contact, s *scene, q *flow.Cue, token int) {
	number := k.served()
	why := s.Flow.Scene.Key
	var times []PhraseValue
	if q.Note != "" {
		why += "; " + q.Note
	}
	for _, v := range s.Values {
		if v.Name == "phone" {
			number = v.Value
		}
		if dueValues[v.Name] != callback.DueByNobody {
			why += "; " + v.Name + " " + v.Value
			times = append(times, v)
		}
	}
	number, callable := c.callable(strings.ReplaceAll(strings.ReplaceAll(number, "-", ""), " ", ""))
	if !callable {
		s.back = append(s.back, flow.Returned{Token: token, Outcome: flow.OutcomeInvalid})
		return
	}
	b := c.owe(k, s.Scope.Queue, "", why, callback.FromScene)
	b.Number = number
	if k.call.Direction != fact.Inbound {
		b.Name = ""
	}
	c.agree(&b, times, q)
	c.keep(&promise{Callback: b, Scene: token})
}

// agree gives a callback the time that a scene has agreed: a moment of the
// customer's goes before a term of ours, and that before the one of the norms.
// Where one cannot be read, or none was given for a callback that is scheduled,
// nobody is called until somebody has set it.
func (c *Center) agree(b *callback.Callback, times []PhraseValue, q *flow.Cue) {
	now := c.now.Wall().In(calendar.Zone(c.cfg.Zone))
	for _, v := range times {
		due, legible := phrase.Due(v.Value, now)
		if !legible {
			b.Stage = callback.Review
			continue
		}
		if b.DueSource != callback.DueByCustomer {
			b.Due, b.DueSource = due.UnixMilli(), dueValues[v.Name]
		}
	}
	if due, legible := phrase.Due(q.Due, now); legible && len(times) == 0 {
		b.Due, b.DueSource = due.UnixMilli(), callback.DueByAgent
	}
	if b.Promised = b.Due; b.Due == 0 && q.Do != phrase.ActCallback {
		b.Stage = callback.Review
	}
}

// sceneKept tells a scene what has become of its callback.
func (c *Center) sceneKept(p *promise, o flow.Outcome) {
	token := p.Scene
	p.Scene = 0
	if k := c.contacts[p.Callback.Call]; k != nil && k.scene.on() && k.scene.session.Deed() == token {
		c.perform(k, flow.Returned{Token: token, Outcome: o})
	}
}

// rulesOfScenes are the rules by which leaders are told of scenes (RUL-ESC).
var rulesOfScenes = []struct{ profile, scene, rule string }{
	{"cable", "abuse", "RUL-ESC-1"}, {"gov12345", "harassment", "RUL-ESC-2"}, {"cm10086", "harassment", "RUL-ESC-3"},
	{"gov12345", "agitated", "RUL-ESC-4"},
}

// ruleScene is of what leaders are told by scenes that no other rule names.
const ruleScene = "PHR-5"

// ruleOf is the rule by which leaders are told of a scene.
func (s *scene) ruleOf() (rule string, each bool) {
	for _, r := range rulesOfScenes {
		if r.profile == s.Flow.Scene.Profile && r.scene == s.Flow.Scene.Key {
			return r.rule, r.rule != "RUL-ESC-4"
		}
	}
	return ruleScene, false
}

// tellLeader tells the leader what a scene has come to.
func (c *Center) tellLeader(k *contact, s *scene, note string) {
	rule, _ := s.ruleOf()
	c.alert(fact.Event{Kind: fact.AlertLeader, Call: k.call.ID, Agent: s.Agent, Queue: s.Scope.Queue, From: k.served(), Name: rule,
		Reason: alertScene, To: s.Flow.Scene.Key, Note: note})
}

// warned tells the leader of each word to a caller who misuses the line.
func (c *Center) warned(k *contact, s *scene, line string) {
	if _, each := s.ruleOf(); each {
		c.tellLeader(k, s, line)
	}
}
