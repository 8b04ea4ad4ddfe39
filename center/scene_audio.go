package center

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// noon is when scenes are worded for: what they say must be found before the
// call, and by night it is said as by day.
var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// scenePrompt is a phrase as huawu says it in scenes; what only the call knows is
// open. False when there is no such phrase.
func scenePrompt(b *phrase.Book, in phrase.Scope, key string) (flow.Prompt, bool) {
	if !worded(b.Settings(), in.Queue) {
		in.Queue = ""
	}
	r, err := b.Render(in, key, phrase.Facts{At: noon}, nil)
	if err != nil && !errors.Is(err, phrase.ErrMissing) {
		return flow.Prompt{}, false
	}
	p := flow.Prompt{Phrase: key, Language: r.Language, Queue: in.Queue}
	for _, id := range r.Missing {
		if p.With == nil {
			p.With = map[string]flow.Value{}
		}
		p.With[id] = flow.Value{From: id}
	}
	return p, true
}

// worded says whether a queue has a wording of its own.
func worded(s phrase.Settings, queue fact.QueueID) bool {
	return slices.ContainsFunc(s.Queues, func(q phrase.QueueManner) bool { return q.Queue == queue }) ||
		slices.ContainsFunc(s.Overrides, func(o phrase.Override) bool { return o.Queue == queue })
}

// sounds is what is heard of a scene's prompts: a recording of the agent's or
// the tenant's that says their words, else what was made for the document, else
// what was made for this call.
func (c *Center) sounds(k *contact, s *scene, prompts []flow.Prompt) []media.Prompt {
	var out []media.Prompt
	for i, p := range prompts {
		if voice := c.voice(s, p); voice != "" {
			out = append(out, media.Prompt{File: voice})
			continue
		}
		made := c.audio(prompts[i : i+1])
		if q := c.wording(s.book, p); len(made) == 0 && q.Text != "" {
			if path, _ := c.ready(k, q); path != "" {
				made = []media.Prompt{{File: path}}
			}
		}
		out = append(out, made...)
	}
	return out
}

// voice is the recording of a prompt as it is filled in now, "" for none.
func (c *Center) voice(s *scene, p flow.Prompt) string {
	voices := c.prompts[p.Key()].Voices
	if !slices.ContainsFunc(voices, func(v PromptVoice) bool { return v.Agent == "" || v.Agent == s.Agent }) {
		return ""
	}
	text := c.wording(s.book, p).Text
	for _, agent := range []fact.AgentID{s.Agent, ""} {
		for _, v := range voices {
			if v.Agent == agent && text != "" && phrase.SameWords(v.Words, text) {
				return v.Path
			}
		}
	}
	return ""
}

// wording is what a phrase says as it is filled in now, nothing where a value is
// missing.
func (c *Center) wording(b *phrase.Book, p flow.Prompt) SpeechQuestion {
	values := make(map[string]string, len(p.With))
	for _, id := range slices.Sorted(maps.Keys(p.With)) {
		values[id] = p.With[id].Value
	}
	r, err := b.Render(phrase.Scope{Queue: p.Queue, Language: p.Language}, p.Phrase, c.today(), values)
	if err != nil {
		return SpeechQuestion{}
	}
	return SpeechQuestion{Text: r.Spoken, Language: r.Language}
}

// scopesOf are those in which some settings may have a wording of their own.
func scopesOf(s phrase.Settings) []phrase.Scope {
	scopes := []phrase.Scope{{}}
	for _, q := range s.Queues {
		scopes = append(scopes, phrase.Scope{Queue: q.Queue})
	}
	for _, o := range s.Overrides {
		if in := (phrase.Scope{Queue: o.Queue}); !slices.Contains(scopes, in) {
			scopes = append(scopes, in)
		}
	}
	return scopes
}

// ScenePrompts are what huawu may say in scenes by some settings.
func ScenePrompts(c *phrase.Catalogue, s phrase.Settings) []flow.Prompt {
	b := c.Book(s)
	var all []flow.Prompt
	for _, in := range scopesOf(s) {
		list, err := b.List(in)
		if err != nil || !b.AutoPlays(in) {
			continue // this one speaks by no profile, or leaves all to the agents
		}
		for _, e := range list {
			if p, ok := scenePrompt(b, in, e.Phrase.Key); ok && e.Phrase.Plays() {
				all = append(all, p)
			}
		}
	}
	return all
}
