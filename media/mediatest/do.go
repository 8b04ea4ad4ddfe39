package mediatest

import (
	"fmt"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// do carries out a command that media.Check has passed.
func (c *Core) do(cmd media.Command) error {
	switch cmd := cmd.(type) {
	case media.SetTag:
		return c.setTag(cmd)
	case media.Answer:
		return c.answer(cmd)
	case media.Progress:
		return c.progress(cmd)
	case media.Create:
		return c.create(cmd)
	case media.Dial:
		return c.dial(cmd)
	case media.Hangup:
		return c.hangup(cmd)
	case media.Play:
		return c.play(cmd)
	case media.StopPlay:
		return c.stopPlay(cmd)
	case media.Music:
		return c.music(cmd)
	case media.Join:
		return c.join(cmd)
	case media.Leave:
		return c.leave(cmd)
	case media.Hold:
		return c.hold(cmd.Leg, cmd.Room, true)
	case media.Unhold:
		return c.hold(cmd.Leg, cmd.Room, false)
	case media.Mute:
		return c.mute(cmd)
	case media.Record:
		return c.record(cmd)
	case media.MuteRecord:
		return c.muteRecord(cmd)
	case media.StopRecord:
		return c.stopRecord(cmd)
	case media.Spy:
		return c.spy(cmd)
	case media.StopSpy:
		if s := c.spies[cmd.Spy]; s != nil {
			c.endSpy(s)
		}
		return nil
	case media.SendDigits:
		return c.sendDigits(cmd)
	case media.DetectTalk:
		return c.detectTalk(cmd)
	case media.Volume:
		return c.volume(cmd)
	case media.Deflect:
		return c.deflect(cmd)
	case media.AnswerTransfer:
		return c.answerTransfer(cmd)
	case media.RefuseTransfer:
		return c.refuseTransfer(cmd)
	case media.Probe:
		return c.probe(cmd)
	}
	return fmt.Errorf("no such command: %w", media.ErrInvalid)
}

func (c *Core) setTag(cmd media.SetTag) error {
	l, err := c.find(cmd.Leg)
	if err != nil {
		return err
	}
	l.tag = &cmd.Tag
	return nil
}

func (c *Core) answer(cmd media.Answer) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	c.hush(l, media.PlayDone)
	if l.state != media.LegUp {
		c.becomeUp(l)
	}
	return nil
}

func (c *Core) progress(cmd media.Progress) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	if l.state != media.LegUp {
		l.early = true
	}
	return nil
}

func (c *Core) create(cmd media.Create) error {
	p := c.phones[cmd.Endpoint]
	if p == nil || !p.registered {
		return fmt.Errorf("%s cannot be reached: %w", cmd.Endpoint, media.ErrRefused)
	}
	if cmd.For != "" && c.legs[cmd.For] == nil {
		return fmt.Errorf("for %s: %w", cmd.For, media.ErrNoLeg)
	}
	if !c.use("leg " + string(cmd.Leg)) {
		return usedBefore(cmd.Leg)
	}
	c.legs[cmd.Leg] = &leg{
		id: cmd.Leg, state: media.LegDown, tag: &cmd.Tag, created: c.now,
		endpoint: cmd.Endpoint, from: cmd.Show, alert: cmd.Alert, auto: cmd.AutoAnswer, phone: p,
	}
	return nil
}

func usedBefore[T ~string](id T) error {
	return fmt.Errorf("%s was used before: %w", id, media.ErrRefused)
}

func (c *Core) dial(cmd media.Dial) error {
	l, err := c.find(cmd.Leg)
	if err != nil {
		return err
	}
	if l.arrived || l.dialled {
		return fmt.Errorf("%s was dialled before: %w", l.id, media.ErrRefused)
	}
	l.dialled = true
	l.limit = c.after(cmd.Limit, func() {
		c.end(l, false, causeNoAnswer, Goodbye{Cause: causeClearing})
	})
	c.ring(l)
	return nil
}

func (c *Core) hangup(cmd media.Hangup) error {
	l := c.legs[cmd.Leg]
	if l == nil {
		return nil
	}
	cause := cmd.Cause
	switch {
	case cmd.Elsewhere:
		cause = causeElsewhere
	case cause == 0:
		cause = causeClearing
	}
	c.end(l, false, cause, Goodbye{Cause: cause, Elsewhere: cmd.Elsewhere})
	return nil
}

func (c *Core) play(cmd media.Play) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	if cmd.Over && (l.room == nil || l.held) {
		return fmt.Errorf("%s is in no talk: %w", l.id, media.ErrRefused)
	}
	if !c.use("play " + string(cmd.Play)) {
		return usedBefore(cmd.Play)
	}
	p := &play{id: cmd.Play, leg: l, prompts: cmd.Prompts, over: cmd.Over}
	c.plays[p.id] = p
	if p.over {
		c.startOver(p)
		return nil
	}
	l.plays = append(l.plays, p)
	if len(l.plays) == 1 {
		c.startPlay(l)
	}
	return nil
}

func (c *Core) stopPlay(cmd media.StopPlay) error {
	if p := c.plays[cmd.Play]; p != nil {
		c.finishPlay(p, media.PlayDone)
	}
	return nil
}

func (c *Core) music(cmd media.Music) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	if cmd.On && l.room != nil {
		return fmt.Errorf("%s is in room %s: %w", l.id, l.room.id, media.ErrRefused)
	}
	l.music = cmd.On
	if cmd.On && l.state != media.LegUp {
		l.early = true
	}
	return nil
}

func (c *Core) join(cmd media.Join) error {
	legs := make([]*leg, 0, len(cmd.Legs))
	r := c.rooms[cmd.Room]
	crowd := len(cmd.Legs)
	if r != nil {
		crowd += len(r.legs)
	}
	for _, id := range cmd.Legs {
		l, err := c.find(id)
		if err != nil {
			return err
		}
		if r != nil && l.room == r {
			crowd--
		}
		legs = append(legs, l)
	}
	if crowd > 2 && !c.can.ThreeWay {
		return fmt.Errorf("%d legs in %s: this switch holds two: %w", crowd, cmd.Room, media.ErrInvalid)
	}
	if r == nil {
		if !c.use("room " + string(cmd.Room)) {
			return usedBefore(cmd.Room)
		}
		r = &room{id: cmd.Room, legs: map[fact.LegID]*leg{}}
		c.rooms[r.id] = r
	}
	for _, l := range legs {
		l.music = false
		c.hush(l, media.PlayDone)
		if l.room != r {
			c.takeOut(l)
			c.endHearing(l)
			l.room = r
			r.legs[l.id] = l
		}
		c.emit(media.Joined{Room: r.id, Leg: l.id})
	}
	return nil
}

// member is the leg, if it is in the room.
func (c *Core) member(id fact.LegID, in fact.RoomID) (*leg, error) {
	l, err := c.find(id)
	if err != nil {
		return nil, err
	}
	if l.room == nil || l.room.id != in {
		return nil, fmt.Errorf("%s is not in %s: %w", id, in, media.ErrNoLeg)
	}
	return l, nil
}

func (c *Core) leave(cmd media.Leave) error {
	l, err := c.member(cmd.Leg, cmd.Room)
	if err != nil {
		return err
	}
	c.hush(l, media.PlayDone)
	c.takeOut(l)
	return nil
}

func (c *Core) hold(id fact.LegID, in fact.RoomID, on bool) error {
	l, err := c.member(id, in)
	if err != nil {
		return err
	}
	if l.held == on {
		return nil
	}
	c.hush(l, media.PlayDone)
	l.held = on
	if on {
		c.emit(media.LegHeld{Leg: l.id})
	} else {
		c.emit(media.LegUnheld{Leg: l.id})
	}
	return nil
}

func (c *Core) mute(cmd media.Mute) error {
	l, err := c.find(cmd.Leg)
	if err != nil {
		return err
	}
	l.muted = cmd.On
	return nil
}

func (c *Core) volume(cmd media.Volume) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	if cmd.Side == fact.SideIn {
		l.says = cmd.DB
	} else {
		l.hears = cmd.DB
	}
	return nil
}

func (c *Core) detectTalk(cmd media.DetectTalk) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	l.quiet.stop()
	l.detect, l.reported = cmd.On, false
	l.silence = orElse(cmd.Silence, defaultTalkGuard)
	c.watchTalk(l)
	return nil
}

func (c *Core) deflect(cmd media.Deflect) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	l.music = false
	c.hush(l, media.PlayDone)
	c.takeOut(l)
	c.endSpies(l)
	l.quiet.stop()
	l.detect = false
	c.emit(media.LegLeft{Leg: l.id})
	if cmd.To == media.ExitFallback {
		c.fallback(l)
		return nil
	}
	l.state = media.LegOutside
	l.next = c.after(orElse(c.o.BusyFor, defaultBusyFor), func() {
		c.end(l, false, causeBusy, Goodbye{Cause: causeBusy})
	})
	return nil
}

func (c *Core) probe(cmd media.Probe) error {
	there := c.legs[cmd.Leg] != nil
	switch {
	case cmd.Play != "":
		there = c.plays[cmd.Play] != nil
	case cmd.Recording != "":
		there = c.recordings[cmd.Recording] != nil
	}
	if !there {
		return media.ErrNoLeg
	}
	return nil
}
