package call

import (
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Kept says that whom an agent's own call has reached is there still when the
// agent's part is over: the first leg from now on, in a flow (SPEC RUL-END-1).
type Kept struct{}

func (Kept) effect() {}

// Keeps says whether the called party stays when the agent who dialled goes:
// the two talk, nobody else does, and Dial wanted it so.
func (c *Call) Keeps() bool {
	p := c.Partner()
	return c.Keep && c.Phase == InTalk && c.Side == nil && !c.Third && p.there() && p.State == media.LegUp && p.Agent == ""
}

// Back says that the first leg, for which somebody was dialled, goes on in its flow:
// that one's part is over.
type Back struct{}

func (Back) effect() {}

// comesBack brings the first leg out of the room, to go on, for whom it has dialled
// has gone.
func (c *Call) comesBack(l *Leg, by fact.Party) {
	l.Part, c.Back, c.Parted = PartOut, false, by
	c.First().ToHold = false
	c.send(media.Leave{Room: c.Room, Leg: c.First().ID})
	c.enter(InFlow)
	c.do(Back{})
}

// keep makes the called party the first leg, in the place of the agent who
// dialled.
func (c *Call) keep() {
	p, old := c.Partner(), c.First()
	old.Part, c.Agent, c.Parted = PartOut, old.Agent, fact.ByAgent
	legs := slices.Clone(c.Legs)
	i := slices.Index(legs, p)
	legs[0], legs[i] = p, old
	c.Legs, c.Keep, c.Tag = legs, false, media.Tag{Call: c.ID, Role: p.Role}
	p.ToHold = false
	c.enter(InFlow)
	c.send(media.SetTag{Leg: p.ID, Tag: c.Tag})
	c.send(media.Leave{Room: c.Room, Leg: p.ID})
	c.do(Kept{})
}
