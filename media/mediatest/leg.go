package mediatest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Causes in the words of Q.850.
const (
	causeClearing    = 16
	causeBusy        = 17
	causeNoAnswer    = 19
	causeRejected    = 21
	causeElsewhere   = 26
	defaultBusyFor   = 2 * time.Second
	defaultPrompt    = 500 * time.Millisecond
	beepLength       = 200 * time.Millisecond
	defaultTalkGuard = 2500 * time.Millisecond
)

// leg is one channel. Fields below the blank line are what its far end knows.
type leg struct {
	id       fact.LegID
	arrived  bool
	state    media.LegState
	tag      *media.Tag
	created  fact.Instant
	endpoint fact.Endpoint
	from     media.Identity
	alert    string
	auto     bool // it is asked to answer by itself
	to       string
	phone    *phone // nil for one that arrived
	dialled  bool
	limit    *timer // the switch's own guard of ringing
	next     *timer // what the phone, or the dialplan after a Deflect, does next

	room       *room
	held       bool // by command
	holding    bool // by the phone's key
	muted      bool
	says       int // louder by so many decibels, and what it hears
	hears      int
	music      bool
	plays      []*play // the first is being heard
	over       []*play // heard over the talk, all at once
	recordings []*recording
	spies      []*spy // as the one heard or the one who hears
	detect     bool
	silence    time.Duration
	reported   bool   // TalkStarted was said
	quiet      *timer // when TalkStopped is due

	early   bool
	talking bool
	keyed   string
	told    *bool
	goodbye *Goodbye
}

type room struct {
	id   fact.RoomID
	legs map[fact.LegID]*leg
}

type play struct {
	id      fact.PlayID
	leg     *leg
	prompts []media.Prompt
	over    bool
	end     *timer // nil while the play waits in line, or never ends
}

type recording struct {
	id    fact.RecordingID
	leg   *leg
	name  string
	began fact.Instant
}

type spy struct {
	id      fact.SpyID
	leg, by *leg
	whisper bool
}

type transfer struct {
	id  fact.TransferID
	leg *leg
	// attended: the phone waits for us to hang up its legs.
	attended bool
}

type phone struct {
	endpoint   fact.Endpoint
	registered bool
	behaviour  Behaviour
	rung       []*leg // calls that Rung has not returned yet
}

// find is the live leg, ours to command.
func (c *Core) find(id fact.LegID) (*leg, error) {
	l := c.legs[id]
	if l == nil {
		return nil, fmt.Errorf("%s: %w", id, media.ErrNoLeg)
	}
	if l.state == media.LegOutside {
		return nil, fmt.Errorf("%s is with the dialplan: %w", id, media.ErrRefused)
	}
	return l, nil
}

// findUp is find for a leg with a way for sound: up, or arrived and waiting.
func (c *Core) findUp(id fact.LegID) (*leg, error) {
	l, err := c.find(id)
	if err == nil && l.state != media.LegUp && !l.arrived {
		return nil, fmt.Errorf("%s is not answered: %w", id, media.ErrRefused)
	}
	return l, err
}

// arrive hands a leg to the controller, or to the fallback while there is none.
func (c *Core) arrive(l *leg, was media.LegState) {
	l.state = was
	if !c.connected {
		c.fallback(l)
		return
	}
	e := media.LegArrived{Leg: l.id, State: l.state, Endpoint: l.endpoint, From: l.from, To: l.to, Created: l.created}
	if l.tag != nil {
		tag := *l.tag
		e.Tag = &tag
	}
	c.emit(e)
}

// fallback keeps a leg in the dialplan and tries us again.
func (c *Core) fallback(l *leg) {
	was := l.state
	l.state = media.LegOutside
	if c.o.Return > 0 {
		l.next = c.after(c.o.Return, func() { c.arrive(l, was) })
	}
}

// become LegUp.
func (c *Core) becomeUp(l *leg) {
	l.limit.stop()
	l.next.stop()
	l.state = media.LegUp
	c.emit(media.LegAnswered{Leg: l.id})
}

// end is the end of a leg: by its far end or by the switch's side.
func (c *Core) end(l *leg, far bool, cause int, bye Goodbye) {
	c.hush(l, media.PlayGone)
	l.held = false
	c.takeOut(l)
	outside := l.state == media.LegOutside
	for _, t := range []*timer{l.limit, l.next, l.quiet} {
		t.stop()
	}
	l.goodbye = &bye
	delete(c.legs, l.id)
	if !outside {
		c.emit(media.LegEnded{Leg: l.id, Far: far, Cause: cause})
	}
	c.endSpies(l)
	for len(l.recordings) > 0 {
		c.endRecording(l.recordings[0])
	}
	for _, id := range sorted(c.transfers) {
		if c.transfers[id].leg == l {
			delete(c.transfers, id)
		}
	}
}

// hush ends all plays of a leg.
func (c *Core) hush(l *leg, result media.PlayResult) {
	waiting := slices.Concat(l.plays, l.over)
	l.plays, l.over = nil, nil
	for _, p := range waiting {
		c.endPlay(p, result)
	}
}

// takeOut takes a leg out of its room, if it is in one.
func (c *Core) takeOut(l *leg) {
	r := l.room
	if r == nil {
		return
	}
	if l.held {
		l.held = false
		c.emit(media.LegUnheld{Leg: l.id})
	}
	l.room = nil
	delete(r.legs, l.id)
	if len(r.legs) == 0 {
		delete(c.rooms, r.id)
	}
	c.emit(media.Left{Room: r.id, Leg: l.id})
}

// startPlay lets the first play of a leg be heard.
func (c *Core) startPlay(l *leg) {
	for len(l.plays) > 0 {
		p := l.plays[0]
		if l.state != media.LegUp {
			l.early = true
		}
		length, endless, there := c.length(p.prompts)
		if there {
			c.emit(media.PlayStarted{Play: p.id, Leg: l.id})
			if !endless {
				p.end = c.after(length, func() { c.finishPlay(p, media.PlayDone) })
			}
			return
		}
		l.plays = l.plays[1:]
		c.endPlay(p, media.PlayFailed)
	}
}

// startOver lets a play be heard over the talk.
func (c *Core) startOver(p *play) {
	length, endless, there := c.length(p.prompts)
	if !there {
		c.endPlay(p, media.PlayFailed)
		return
	}
	p.leg.over = append(p.leg.over, p)
	c.emit(media.PlayStarted{Play: p.id, Leg: p.leg.id})
	if !endless {
		p.end = c.after(length, func() { c.finishPlay(p, media.PlayDone) })
	}
}

// finishPlay ends a play wherever it is in line and lets the next be heard.
func (c *Core) finishPlay(p *play, result media.PlayResult) {
	l := p.leg
	if p.over {
		l.over = slices.DeleteFunc(l.over, func(q *play) bool { return q == p })
		c.endPlay(p, result)
		return
	}
	first := l.plays[0] == p
	l.plays = slices.DeleteFunc(l.plays, func(q *play) bool { return q == p })
	c.endPlay(p, result)
	if first {
		c.startPlay(l)
	}
}

func (c *Core) endPlay(p *play, result media.PlayResult) {
	p.end.stop()
	delete(c.plays, p.id)
	c.emit(media.PlayEnded{Play: p.id, Leg: p.leg.id, Result: result})
}

// length is how long prompts last together; a missing one is passed over, and
// there is false when all are missing.
func (c *Core) length(prompts []media.Prompt) (sum time.Duration, endless, there bool) {
	for _, p := range prompts {
		if c.o.Length == nil && (p.Tone == "ring" || p.Tone == "busy") {
			return 0, true, true
		}
		d, ok := c.promptLength(p)
		if ok {
			sum += d
			there = true
		}
	}
	return sum, false, there
}

func (c *Core) promptLength(p media.Prompt) (time.Duration, bool) {
	name := p.File[strings.LastIndex(p.File, "/")+1:] + p.Sound
	switch {
	case c.o.Length != nil:
		return c.o.Length(p)
	case p.Silence > 0:
		return p.Silence, true
	case p.Tone != "":
		return beepLength, true
	case strings.HasPrefix(name, "missing"):
		return 0, false
	}
	return orElse(c.o.PromptLength, defaultPrompt), true
}

// endRecording closes the files of a recording.
func (c *Core) endRecording(r *recording) {
	c.dropRecording(r)
	e := media.RecordEnded{Recording: r.id, Leg: r.leg.id}
	sides := []fact.Side{fact.SideIn, fact.SideOut}
	if !c.can.RecordSides {
		sides = sides[:1]
	}
	for _, side := range sides {
		f := fact.RecordingFile{
			Recording: r.id, Leg: r.leg.id, Side: side, Name: r.name + "-" + string(side) + ".wav",
			Began: r.began, Millis: int64(c.now - r.began),
		}
		c.stored[f.Name] = true
		e.Files = append(e.Files, f)
	}
	c.told[r.id] = true
	if !c.connected {
		c.unheard = append(c.unheard, e)
		return
	}
	c.emit(e)
}

func (c *Core) dropRecording(r *recording) {
	delete(c.recordings, r.id)
	r.leg.recordings = slices.DeleteFunc(r.leg.recordings, func(q *recording) bool { return q == r })
}

// endSpies ends every spy that a leg is part of.
func (c *Core) endSpies(l *leg) {
	for len(l.spies) > 0 {
		c.endSpy(l.spies[0])
	}
}

// endHearing ends the spy by which a leg hears another.
func (c *Core) endHearing(l *leg) {
	for _, s := range slices.Clone(l.spies) {
		if s.by == l {
			c.endSpy(s)
		}
	}
}

func (c *Core) endSpy(s *spy) {
	delete(c.spies, s.id)
	for _, of := range []*leg{s.leg, s.by} {
		of.spies = slices.DeleteFunc(of.spies, func(q *spy) bool { return q == s })
	}
	c.emit(media.SpyEnded{Spy: s.id, Leg: s.leg.id})
}
