package center

import (
	"slices"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// dialLimit is how long a phone that an agent dialled may ring.
const dialLimit = 60 * time.Second

// link is a switch and whether it can be seen.
type link struct {
	Name  string       `json:"name"`
	Up    bool         `json:"up"`
	Since fact.Instant `json:"since"`
	// Fresh is set until the first Up of this run of the process.
	Fresh bool `json:"fresh,omitempty"`
}

func (c *Center) down(e media.Down) {
	l := c.link(e.Switch)
	if l == nil || !l.Up {
		return
	}
	l.Up, l.Since = false, c.now.At
	c.emit(fact.Event{Kind: fact.SwitchDown, Name: e.Switch, Reason: e.Reason})
}

// up compares what we know with what the switch holds (DESIGN section 5).
func (c *Center) up(e media.Up) {
	l := c.link(e.Switch)
	if l == nil {
		l = &link{Name: e.Switch, Fresh: true}
		c.links = append(c.links, l)
	}
	var away int64
	if !l.Up && l.Since != 0 {
		away = int64(c.now.At - l.Since)
	}
	fresh := l.Fresh
	l.Up, l.Since, l.Fresh = true, c.now.At, false
	c.emit(fact.Event{Kind: fact.SwitchUp, Name: e.Switch, Millis: away})
	legs := make(map[fact.LegID]media.LegInfo, len(e.Legs))
	for _, i := range e.Legs {
		legs[i.Leg] = i
	}
	rooms := map[fact.LegID]fact.RoomID{}
	for _, r := range e.Rooms {
		for _, leg := range r.Legs {
			rooms[leg] = r.Room
		}
	}
	for _, k := range c.on(e.Switch) {
		c.relearn(k)
		c.step(k, call.Adopt{Legs: legs, Rooms: rooms, Fresh: fresh})
		c.sceneAgain(k)
		if k.look != "" && fresh {
			c.lookAgain(k)
		}
		if k.taking != nil && k.taking.Look != "" && fresh {
			c.askTake(k)
		}
		if fresh {
			c.wordsAgain(k)
		}
		if k.asked != "" && fresh {
			c.lookUp(k)
		}
	}
	c.strays = slices.DeleteFunc(c.strays, func(s stray) bool { return fact.SwitchOf(s.Leg) == e.Switch }) // the listing has them
	for _, i := range e.Legs {
		if k := c.of(i.Leg); (k == nil || !k.call.Has(i.Leg)) && i.State != media.LegOutside {
			c.found(e, i, rooms)
		}
	}
	for _, p := range e.Endpoints {
		c.line(routing.Reach{Endpoint: p.Endpoint, Reachable: p.Reachable})
	}
}

// on are the contacts of a switch in the order of their ids.
func (c *Center) on(name string) []*contact {
	var ks []*contact
	for _, k := range c.contacts { // sorted below
		if fact.SwitchOf(k.call.First().ID) == name {
			ks = append(ks, k)
		}
	}
	slices.SortFunc(ks, byAge)
	return ks
}

func byAge(a, b *contact) int {
	if d := a.call.Began.At - b.call.Began.At; d != 0 {
		return int(d)
	}
	if a.call.ID < b.call.ID {
		return -1
	}
	return 1
}

// found is a leg that is ours by the switch's word and unknown to us.
func (c *Center) found(e media.Up, i media.LegInfo, rooms map[fact.LegID]fact.RoomID) {
	if supervises(i) {
		c.send(media.Hangup{Leg: i.Leg}) // of a talk that we do not remember, and that does not need it
		return
	}
	if dialledFor(i.Tag) {
		// We dialled it for a call that is over, or for one that is found
		// with it and talks to it.
		if !slices.ContainsFunc(c.roommates(i.Leg, rooms, e), func(o media.LegInfo) bool { return !dialledFor(o.Tag) }) {
			c.dismiss(i.Leg)
		}
		return
	}
	a := media.LegArrived{Leg: i.Leg, State: i.State, Endpoint: i.Endpoint, From: i.From, To: i.To, Tag: i.Tag, Created: i.Created}
	a.At = e.At
	mates := c.roommates(i.Leg, rooms, e)
	if len(mates) == 0 {
		c.arrived(a)
		return
	}
	k := c.begin(a, fact.Inbound)
	for _, p := range mates { // one, or the two others of a talk of three
		c.legs[p.Leg] = k.call.ID
		c.emit(fact.Event{Kind: fact.CallAdopted, Call: k.call.ID, Leg: p.Leg, Room: rooms[i.Leg]})
		c.step(k, call.Found{Partner: p, Room: rooms[i.Leg]})
	}
}

// supervises says whether a leg is a supervisor's.
func supervises(i media.LegInfo) bool { return i.Tag != nil && i.Tag.Role == media.RoleSupervisor }

// roommates are the other legs of an unknown room, in the order of the listing.
// A leg that a call of ours has is not taken from it.
func (c *Center) roommates(leg fact.LegID, rooms map[fact.LegID]fact.RoomID, e media.Up) []media.LegInfo {
	room := rooms[leg]
	if room == "" {
		return nil
	}
	var mates []media.LegInfo
	for _, o := range e.Legs {
		if o.Leg != leg && rooms[o.Leg] == room && c.of(o.Leg) == nil && !supervises(o) {
			mates = append(mates, o)
		}
	}
	return mates
}

// link is the connection to a switch, nil for none of that name.
func (c *Center) link(name string) *link {
	for _, l := range c.links {
		if l.Name == name {
			return l
		}
	}
	return nil
}
