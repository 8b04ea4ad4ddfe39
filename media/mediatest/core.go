package mediatest

import (
	"container/heap"
	"fmt"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Options shape a Core or a Fake. The zero value is a switch that can do
// everything, at once and without a fault.
type Options struct {
	// Capabilities are the switch's; nil means all of them.
	Capabilities *media.Capabilities
	// Length says how long a prompt lasts and whether it is there. nil means
	// PromptLength for files and sounds, but for those whose name begins with
	// "missing"; a beep is 200 ms and the other tones never end.
	Length       func(media.Prompt) (d time.Duration, ok bool)
	PromptLength time.Duration // 0 means 500 ms
	// Return is how long the fallback keeps a caller before it tries us again
	// (and again, while there is no connection); 0 means never.
	Return time.Duration
	// Heartbeat is after what time a Fake notices that its connection stalls;
	// 0 means 1 s. Clock is where a Fake reads the time; nil means a steady
	// clock of its own. A Core uses neither.
	Heartbeat time.Duration
	Clock     func() fact.Instant
	// BusyFor is how long ExitBusy plays to a caller before it hangs up; 0
	// means 2 s.
	BusyFor time.Duration
	// Fault is asked about every sound command before it is carried out; nil
	// means no fault.
	Fault func(now fact.Instant, cmd media.Command) Fault
	// Delay is how much later than it happened an event is heard; no event
	// overtakes another. Up is not delayed. nil means none.
	Delay func(media.Event) time.Duration
	// Trouble is asked what becomes of an event, and takes the place of Delay;
	// Up comes as it is. nil means no trouble.
	Trouble func(now fact.Instant, e media.Event) Trouble
}

// Fault is what goes wrong with one command; the zero value is nothing.
type Fault struct {
	// Err is what Do answers. The command is not carried out, unless Done.
	Err error
	// Done has the command carried out although Err (an ErrUnknown) is
	// answered.
	Done bool
	// Late has Do answer nil and the command not carried out: CommandFailed
	// with Failure follows.
	Late media.Failure
}

// Everything is the capabilities of a switch that can do all.
func Everything() media.Capabilities {
	return media.Capabilities{
		Transfers: media.TransferAskFirst, TalkDetect: true, RecordMute: true, RecordSides: true, ThreeWay: true,
		Deflect: true, SendDigits: true, Endpoints: true,
	}
}

// Core is a switch as a pure machine: no goroutine, no clock, equal histories
// give equal events. Time is an argument of every verb and must not go back;
// each verb first lets what is due before it happen. The verbs return the
// events that the controller hears, in order, of which some are about earlier
// happenings when Options.Delay is set.
//
// Connect comes first. While the connection is lost the far side goes on and
// nothing is heard. A Core is not safe for use by several goroutines; Fake is.
type Core struct {
	name      string
	can       media.Capabilities
	o         Options
	now       fact.Instant
	connected bool

	legs       map[fact.LegID]*leg
	rooms      map[fact.RoomID]*room
	plays      map[fact.PlayID]*play
	recordings map[fact.RecordingID]*recording
	spies      map[fact.SpyID]*spy
	transfers  map[fact.TransferID]*transfer
	phones     map[fact.Endpoint]*phone
	stored     map[string]bool
	// unheard are ends of recordings that the driver has yet to tell, strange
	// those of which it knows nothing; told had their last word.
	unheard []media.RecordEnded
	strange map[fact.RecordingID]media.RecordEnded
	told    map[fact.RecordingID]bool
	used    map[string]bool // every id ever seen, none is used again
	minted  int

	timers timers
	seq    int
	out    []media.Event               // heard, not yet fetched; instants never fall
	lanes  map[fact.LegID]fact.Instant // of Trouble: when the last one of a leg comes
}

// NewCore is a switch with nothing on it, not connected.
func NewCore(name string, o Options) *Core {
	c := &Core{
		name: name, can: Everything(), o: o,
		legs: map[fact.LegID]*leg{}, rooms: map[fact.RoomID]*room{}, plays: map[fact.PlayID]*play{},
		recordings: map[fact.RecordingID]*recording{}, spies: map[fact.SpyID]*spy{}, transfers: map[fact.TransferID]*transfer{},
		phones: map[fact.Endpoint]*phone{}, stored: map[string]bool{}, used: map[string]bool{},
		strange: map[fact.RecordingID]media.RecordEnded{}, told: map[fact.RecordingID]bool{},
		lanes: map[fact.LegID]fact.Instant{},
	}
	if o.Capabilities != nil {
		c.can = *o.Capabilities
	}
	return c
}

// Name is the switch's name.
func (c *Core) Name() string { return c.name }

// Capabilities are what the switch can do.
func (c *Core) Capabilities() media.Capabilities { return c.can }

// Connect makes a connection (if there is none) and gives Up.
func (c *Core) Connect(now fact.Instant) []media.Event {
	c.at(now)
	if !c.connected {
		c.connected = true
		c.emit(c.up())
		for _, e := range c.unheard {
			c.emit(e)
		}
		c.unheard = nil
	}
	return c.heard()
}

// Disconnect loses the connection and gives Down. What was on its way is lost
// with it, but for the ends of recordings, which the driver finds out.
func (c *Core) Disconnect(now fact.Instant, reason string) []media.Event {
	c.at(now)
	events := c.heard()
	if !c.connected {
		return events
	}
	for _, e := range c.out {
		if e, ok := e.(media.RecordEnded); ok {
			c.unheard = append(c.unheard, e)
		}
	}
	c.out = nil
	c.connected = false
	return append(events, media.Down{Head: media.Head{At: c.now}, Switch: c.name, Reason: reason})
}

// Forget is the death of the driver, not of the switch: the next one knows
// nothing of recordings that have ended.
func (c *Core) Forget() {
	for _, e := range c.unheard {
		delete(c.told, e.Recording)
		c.strange[e.Recording] = e
	}
	c.unheard = nil
}

// Crash is the death and rebirth of the switch: legs, rooms and all that was
// on them are gone without a word, and so is the connection. Phones stay.
func (c *Core) Crash(now fact.Instant) []media.Event {
	events := c.Disconnect(now, "the switch died")
	for _, id := range sorted(c.legs) {
		c.legs[id].goodbye = &Goodbye{}
	}
	clear(c.legs)
	clear(c.rooms)
	clear(c.plays)
	clear(c.recordings)
	clear(c.spies)
	clear(c.transfers)
	for _, t := range c.timers {
		t.fire = nil
	}
	return events
}

// Advance lets everything happen that is due until now.
func (c *Core) Advance(now fact.Instant) []media.Event {
	c.at(now)
	return c.heard()
}

// Next is when Advance has something to do, false when never.
func (c *Core) Next() (fact.Instant, bool) {
	for len(c.timers) > 0 && c.timers[0].fire == nil {
		heap.Pop(&c.timers)
	}
	switch {
	case len(c.out) > 0 && (len(c.timers) == 0 || c.out[0].When() <= c.timers[0].at):
		return c.out[0].When(), true
	case len(c.timers) > 0:
		return c.timers[0].at, true
	}
	return 0, false
}

// Do carries out a command as media.Switch.Do does. Events may come with an
// error, for time has moved on.
func (c *Core) Do(now fact.Instant, cmd media.Command) ([]media.Event, error) {
	c.at(now)
	if err := media.Check(c.name, c.can, cmd); err != nil {
		return c.heard(), err
	}
	err := c.try(cmd)
	if err != nil {
		err = fmt.Errorf("%s: %w", media.CommandName(cmd), err)
	}
	return c.heard(), err
}

func (c *Core) try(cmd media.Command) error {
	if !c.connected {
		return media.ErrUnavailable
	}
	if c.o.Fault != nil {
		f := c.o.Fault(c.now, cmd)
		if f.Late != "" {
			failed := media.Failed(c.now, cmd, fmt.Errorf("failed later on purpose"))
			failed.Failure = f.Late
			c.emit(failed)
			return nil
		}
		if f.Err != nil {
			if f.Done {
				// The outcome is what the caller may not learn from the answer.
				_ = c.do(cmd)
			}
			return f.Err
		}
	}
	return c.do(cmd)
}

// up is what the switch holds.
func (c *Core) up() media.Up {
	up := media.Up{Switch: c.name}
	for _, id := range sorted(c.legs) {
		l := c.legs[id]
		if l.state == media.LegOutside && l.tag == nil {
			continue
		}
		info := media.LegInfo{Leg: id, State: l.state, Created: l.created, Endpoint: l.endpoint, From: l.from, To: l.to}
		if l.tag != nil {
			tag := *l.tag
			info.Tag = &tag
		}
		up.Legs = append(up.Legs, info)
	}
	for _, id := range sorted(c.rooms) {
		up.Rooms = append(up.Rooms, media.RoomInfo{Room: id, Legs: sorted(c.rooms[id].legs)})
	}
	for _, e := range sorted(c.phones) {
		up.Endpoints = append(up.Endpoints, media.EndpointInfo{Endpoint: e, Reachable: c.phones[e].registered})
	}
	return up
}

// at moves time on and lets what is due happen.
func (c *Core) at(now fact.Instant) {
	for len(c.timers) > 0 && c.timers[0].at <= now {
		t := heap.Pop(&c.timers).(*timer)
		c.now = max(c.now, t.at)
		if t.fire != nil {
			t.fire()
		}
	}
	c.now = max(c.now, now)
}

// emit has the controller hear of an event, if there is a connection.
func (c *Core) emit(e media.Event) {
	if !c.connected {
		return
	}
	at := c.now
	if _, is := e.(media.Up); c.o.Trouble != nil && !is {
		c.trouble(e, c.o.Trouble(c.now, e))
		return
	}
	if _, is := e.(media.Up); c.o.Delay != nil && !is {
		at = at.Add(c.o.Delay(e))
	}
	if n := len(c.out); n > 0 {
		at = max(at, c.out[n-1].When())
	}
	c.out = append(c.out, stamped(e, at))
}

// heard fetches the events whose time has come.
func (c *Core) heard() []media.Event {
	n := 0
	for n < len(c.out) && c.out[n].When() <= c.now {
		n++
	}
	events := c.out[:n:n]
	c.out = c.out[n:]
	return events
}

// after has fire called d later, unless the timer is stopped before.
func (c *Core) after(d time.Duration, fire func()) *timer {
	c.seq++
	t := &timer{at: c.now.Add(d), seq: c.seq, fire: fire}
	heap.Push(&c.timers, t)
	return t
}

// use takes an id for good; false when it was used before.
func (c *Core) use(id string) bool {
	if c.used[id] {
		return false
	}
	c.used[id] = true
	return true
}

type timer struct {
	at   fact.Instant
	seq  int
	fire func() // nil when stopped
}

func (t *timer) stop() {
	if t != nil {
		t.fire = nil
	}
}

type timers []*timer

func (t timers) Len() int { return len(t) }
func (t timers) Less(i, j int) bool {
	return t[i].at < t[j].at || t[i].at == t[j].at && t[i].seq < t[j].seq
}
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)   { *t = append(*t, x.(*timer)) }
func (t *timers) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}
