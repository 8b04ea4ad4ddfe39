package ari

import (
	"container/heap"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// HeldVariable is the channel variable by which a leg that Hold took out of a
// room remembers which: the place is kept even when the controller dies.
const HeldVariable = "HUAWU_HELD"

// leg is what the driver must know of a channel in its application. Native ids
// are those of Asterisk; "" is none.
type leg struct {
	id    fact.LegID
	ch    string // native id
	name  string // of the channel: "PJSIP/1001-0000002a"
	exten string // where it was in the dialplan
	own   bool   // made by us: its last event is ChannelDestroyed
	state media.LegState
	// dialled: Asterisk takes a second Dial while it rings and ends the leg.
	dialled bool
	// early says that sound before the answer is on: without 183 a caller in a
	// holding bridge hears nothing.
	early bool

	room   string // it has a place in, as events told
	bridge string // it is in, as events told
	held   bool   // by Hold: its place is in room, it is in a holding bridge
	// What was asked for and events have not told yet: joining is a room, hears
	// the holding bridge that the leg was moved to. They are for commands that
	// follow each other faster than events. holding and leaving say that Hold,
	// or Leave of a held leg, is under way, so that the events of the leg's
	// moves are told as what they are for.
	joining, hears   string
	holding, leaving bool
	// holds says that its phone put the other side on hold, music that this
	// leg hears channel music because of such a phone.
	holds, music bool
	// strange says that it was found in a listing: its phone may have pressed
	// the key meanwhile, so whatever it does next is told.
	strange bool

	plays []string // in order, not ended
	over  []string // those heard over the talk
	past  map[string]bool
	// played is when the last of them ended. passed is when the keys that its
	// phone pressed are over for the others in its room; late says that it is
	// later than when the phone let go of them.
	played, passed fact.Instant
	late           bool
	later          *media.Music // to be done when the plays are over
	// mover is held by the command that moves the leg.
	mover sync.Mutex

	hangup struct {
		seen, soft  bool
		cause, tech int
	}
	asked      int  // the cause of a Hangup of ours, 0 for none
	deflecting bool // Deflect is under way
	parted     bool // StasisEnd came; what it means is not known yet
}

// room is a bridge in which legs talk.
type room struct {
	id   fact.RoomID
	legs map[string]bool // have a place, held ones too
}

// holding is a bridge in which legs hear one class of music.
type holding struct {
	class  string
	legs   map[string]bool
	silent bool // its music ended when the last leg left, or never began
}

type play struct {
	id fact.PlayID
	// over is the snoop by which it is heard over the talk, "" for one that is
	// played to the leg itself.
	over    string
	ch      string
	started bool
}

type spy struct {
	id     fact.SpyID
	leg    fact.LegID
	by     string // channel
	snoop  string // channel
	bridge string
	over   chan struct{} // closed when it is
}

type transfer struct {
	id fact.TransferID
	ch string
	// held: Asterisk is known to hold the request itself.
	held bool
}

// Prefixes of channels that Asterisk makes for itself or for a driver.
var hiddenNames = []string{"Snoop/", "Announcer/", "Recorder/", "MusicOnHold/"}

func hidden(name string) bool {
	return slices.ContainsFunc(hiddenNames, func(p string) bool { return strings.HasPrefix(name, p) })
}

// endpointOf is the address that a channel's name begins with.
func endpointOf(name string) fact.Endpoint {
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		name = name[:i]
	}
	return fact.Endpoint(name)
}

// stateOf maps Asterisk's words for a channel's state.
func stateOf(s string) media.LegState {
	switch s {
	case "Up":
		return media.LegUp
	case "Ring", "Ringing":
		return media.LegRing
	}
	return media.LegDown
}

// tagOf reads the tag that a channel carries, nil when there is none or it
// cannot be read.
func tagOf(c *channel) *media.Tag {
	text := c.Vars[media.TagVariable]
	if text == "" {
		return nil
	}
	t, err := media.ParseTag(text)
	if err != nil {
		return nil
	}
	return &t
}

// createdAt is when a channel was made, or its caller came, on our clock: skew
// is our steady time minus the switch's wall clock, now the latest it can be.
func createdAt(c *channel, skew int64, now fact.Instant) fact.Instant {
	at := c.Created.millis()
	if since, err := strconv.ParseInt(c.Vars[SinceVariable], 10, 64); err == nil && since > 0 && (at == 0 || since < at) {
		at = since
	}
	if at == 0 {
		return now
	}
	return min(fact.Instant(at+skew), now)
}

func (s *Switch) newLeg(c *channel) *leg {
	return &leg{
		id: fact.On[fact.LegID](s.config.Name, c.ID), ch: c.ID, name: c.Name, exten: c.Dialplan.Exten,
		state: stateOf(c.State), past: map[string]bool{},
	}
}

// room is the room of a bridge, made known if it is not.
func (s *Switch) room(bridge string) *room {
	r := s.rooms[bridge]
	if r == nil {
		r = &room{id: fact.On[fact.RoomID](s.config.Name, bridge), legs: map[string]bool{}}
		s.rooms[bridge] = r
	}
	return r
}

// alarm is something to look after at a time. It runs under the lock.
type alarm struct {
	due  time.Time
	ring func()
}

type alarms []alarm

func (a alarms) Len() int           { return len(a) }
func (a alarms) Less(i, j int) bool { return a[i].due.Before(a[j].due) }
func (a alarms) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *alarms) Push(x any)        { *a = append(*a, x.(alarm)) }
func (a *alarms) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// after has f called d later by the dispatcher, under the lock, if the
// connection still stands.
func (s *Switch) after(d time.Duration, f func()) {
	due := time.Now().Add(d)
	sooner := len(s.link.alarms) == 0 || due.Before(s.link.alarms[0].due)
	heap.Push(&s.link.alarms, alarm{due: due, ring: f})
	if sooner {
		s.link.rouse()
	}
}

// recent remembers the last so many ids.
type recent struct {
	ids  map[string]bool
	ring []string
	next int
}

const recentSize = 1024

func (r *recent) has(id string) bool { return r.ids[id] }

func (r *recent) add(id string) {
	if r.ids == nil {
		r.ids, r.ring = map[string]bool{}, make([]string, recentSize)
	}
	if r.ids[id] {
		return
	}
	delete(r.ids, r.ring[r.next])
	r.ring[r.next] = id
	r.ids[id] = true
	r.next = (r.next + 1) % recentSize
}
