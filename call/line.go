package call

import "github.com/huawu/huawu/media"

func (c *Call) wait(in Wait) {
	if !c.alive() {
		return
	}
	was := c.Phase
	again := was == Waiting
	same := again && in.Music == c.Music // it plays, or begins when a room is left
	c.Queue, c.Music, c.Taken = in.Queue, in.Music, ""
	c.Tag.Queue, c.Tag.Priority, c.Tag.Joined = in.Queue, in.Priority, in.Joined.Wall().UnixMilli()
	if in.Wish != nil {
		c.Tag.Wish = *in.Wish
	}
	c.enter(Waiting)
	if !again && was != Parked {
		c.Spans.waited(int64(c.now.At - in.Joined.At))
	}
	c.send(media.SetTag{Leg: c.First().ID, Tag: c.Tag})
	if !same && (!again || c.First().InRoom == "") {
		c.music()
	}
}

func (c *Call) flow() {
	if !c.alive() || c.Phase == InFlow {
		return
	}
	switch {
	case c.Phase == Waiting || c.Phase == Parked:
		c.send(media.Music{Leg: c.First().ID})
	case c.Phase == Dialling && c.First().InRoom != "": // in which it heard the ringing
		c.send(media.Leave{Room: c.First().InRoom, Leg: c.First().ID})
	}
	c.enter(InFlow)
}
