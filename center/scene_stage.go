package center

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

// whenSilent holds as long as the caller says nothing: a word ends the scene.
const whenSilent = "still_silent"

// stage is what a scene goes by.
func (c *Center) stage(k *contact, s *scene) *flow.Stage {
	return &flow.Stage{
		Led: s.Agent != "",
		Holds: func(when string) (holding, known bool) {
			if when == whenSilent {
				return true, true
			}
			return s.book.Holds(s.Scope, when, c.facts(k, s))
		},
		Speaks: func(line flow.Line) []flow.Prompt { return c.spoken(k, s, line) },
	}
}

// spoken is what both sides hear of a wording, nothing where the agent is to say
// it or something of it cannot be heard: nobody hears half a sentence (PHR-3).
func (c *Center) spoken(k *contact, s *scene, line flow.Line) []flow.Prompt {
	if !s.says(line) {
		return nil
	}
	p, ok := scenePrompt(s.book, s.Scope, line.Key)
	if !ok {
		return nil
	}
	values := c.values(k, s)
	for _, id := range slices.Sorted(maps.Keys(p.With)) {
		p.With[id] = flow.Value{From: id, Value: values[id]}
	}
	if len(c.sounds(k, s, []flow.Prompt{p})) == 0 {
		return nil
	}
	return []flow.Prompt{p}
}

// prepare has the words spoken that only this call has, before their turn comes:
// where they are not by then, the agent says them.
func (c *Center) prepare(k *contact, s *scene) {
	for _, q := range s.Flow.Scene.Cues {
		for _, line := range q.Say {
			c.spoken(k, s, line)
		}
	}
}

// facts are what a scene goes by of the call (phrase.Facts).
func (c *Center) facts(k *contact, s *scene) phrase.Facts {
	has := func(when string) bool { return slices.Contains(s.Told, when) }
	f := c.today()
	f.Festival = f.Festival || has("festival")
	f.Birthday, f.FirstContact, f.Trainee = has("birthday"), has("first_contact"), c.acd.Trainee(s.Agent)
	f.Queued, f.Hold, f.Held, f.Told = millis(int(k.call.Spans.Wait)), s.Hold, s.Held, append(c.tells(), s.Told...)
	number := k.served()
	if class := CallerClass(c.cfg.Country, number); class == flow.ClassMobile || class == flow.ClassFixed {
		f.Terminal = class
	}
	if e := c.listed(k, ListLevel); e != nil {
		f.Tier = e.Level
		for _, a := range e.Attributes {
			switch a.Name {
			case "sex":
				f.Sex = a.Value
			case "title":
				f.Title = a.Value
			}
		}
	}
	return f
}

// today is what the day and the time tell.
func (c *Center) today() phrase.Facts {
	at := c.now.Wall().In(c.index.zone)
	return phrase.Facts{At: at, Festival: flow.FestivalOn(c.cfg.Festivals, at) != nil}
}

// served is the number of who is served in a call.
func (k *contact) served() string {
	if k.call.Direction == fact.Inbound {
		return k.call.From.Number
	}
	return k.call.To
}

// values are what phrases are filled in with: what was given, else what is known
// of agent and caller, as far as a phrase can have it.
func (c *Center) values(k *contact, s *scene) map[string]string {
	all := map[string]string{}
	take := func(name, value string) {
		if value != "" && s.book.Takes(s.Scope, name, value) == nil {
			all[name] = value
		}
	}
	take("agent_no", string(s.Agent))
	if a, ok := c.acd.Agent(s.Agent); ok {
		take("agent_name", a.Name)
	}
	if f := flow.FestivalOn(c.cfg.Festivals, c.now.Wall().In(c.index.zone)); f != nil {
		take("festival_en", f.English)
	}
	take("phone", strings.TrimPrefix(k.served(), "+86"))
	if e := c.listed(k, ListLevel); e != nil {
		for _, a := range e.Attributes {
			take(a.Name, a.Value)
		}
	}
	for _, v := range s.Values {
		all[v.Name] = v.Value
	}
	return all
}

// speaks are the phrases as the tenant speaks, nil where nobody has a profile.
func (c *Center) speaks() *phrase.Book {
	p := c.cfg.Phrases
	if p.Profile == "" && !slices.ContainsFunc(p.Queues, func(q phrase.QueueManner) bool { return q.Profile != "" }) {
		return nil
	}
	books, err := c.books([]phrase.Settings{p})
	if err != nil {
		return nil // they come with huawu and are tested
	}
	return books[0]
}

// books are the phrases as some settings have them.
func (c *Center) books(all []phrase.Settings) ([]*phrase.Book, error) {
	if len(all) > 0 && c.phrases == nil {
		shipped, err := phrase.Shipped()
		if err != nil {
			return nil, err
		}
		c.phrases = shipped
	}
	var books []*phrase.Book
	for _, s := range all {
		books = append(books, c.phrases.Book(s))
	}
	return books, nil
}

// listenIn has the switch tell when the caller of a silent call speaks, where it
// is not told already.
func (c *Center) listenIn(k *contact, s *scene) {
	if k.call.Silence == 0 {
		s.Listens = true
		c.step(k, call.DetectTalk{Silence: norms.SpeechSilence})
	}
	if customer, _ := k.call.Sides(); customer != nil && customer.Spoke != 0 {
		c.overheard(k)
	}
}

// overheard is a word of who was thought to be silent.
func (c *Center) overheard(k *contact) {
	if k.scene.on() {
		c.perform(k, flow.Talk{On: true})
	}
}

// sceneAgain goes on with a scene after the switch was out of sight: what was
// being said is said anew.
func (c *Center) sceneAgain(k *contact) {
	s := k.scene
	if !s.on() {
		return
	}
	c.perform(k, flow.Start{})
}
