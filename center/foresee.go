package center

import (
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
)

// heldFor is how long a caller waits at most for words that only the call knows;
// then what is to be heard instead is.
const heldFor = 2 * time.Second

// held is a play of a flow's that waits for such words.
type held struct {
	Play flow.Play    `json:"play"`
	Due  fact.Instant `json:"due"`
}

// playTo lets a caller hear what a flow says; while words of it are on their way
// it waits, if it may.
func (c *Center) playTo(k *contact, a flow.Play, may bool) {
	was := k.aloud.Held
	k.aloud.Held = nil
	prompts, later := c.hears(k, a.Prompts)
	switch {
	case later && may && was != nil && was.Play.Token == a.Token:
		k.aloud.Held = was
	case later && may:
		k.aloud.Held = &held{Play: a, Due: c.now.At.Add(heldFor)}
	case len(prompts) == 0:
		c.script(k, flow.PlayEnded{Token: a.Token, Failed: true})
	default:
		c.step(k, call.Play{Token: a.Token, Prompts: prompts, Language: a.Language})
	}
}

// hears is audio for a call, its take and words of its own included; later says
// that some are on their way, in whose place is what is to be heard instead.
func (c *Center) hears(k *contact, prompts []flow.Prompt) (out []media.Prompt, later bool) {
	for i, p := range prompts {
		switch {
		case p.Take:
			if k.taking != nil && k.taking.Path != "" {
				out = append(out, media.Prompt{File: k.taking.Path})
			}
			continue
		case len(c.prompts[p.Key()].Pieces) > 0:
			path, coming := c.freely(k, p)
			later = later || coming
			if path != "" {
				out = append(out, media.Prompt{File: path})
				continue
			}
		}
		out = append(out, c.audio(prompts[i:i+1])...)
	}
	return out, later
}

// freely is where a phrase lies that cannot be put together from pieces, as it is
// filled in now: "" where it can, where something is missing, and while it is on
// its way, which coming says.
func (c *Center) freely(k *contact, p flow.Prompt) (path string, coming bool) {
	if c.index.book == nil || c.pieced(c.prompts[p.Key()], p) != nil {
		return "", false
	}
	q := c.wording(c.index.book, p)
	if q.Text == "" {
		return "", false
	}
	path, can := c.ready(k, q)
	return path, can && path == ""
}

// foresee has the words spoken that the flow of a call may say, as soon as they
// are known.
func (c *Center) foresee(k *contact) {
	if k.session == nil {
		return
	}
	for _, p := range k.session.Open() {
		c.freely(k, p)
	}
}
