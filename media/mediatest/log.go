package mediatest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// log keeps what a driver says and holds every event against the rules that
// hold whatever happens.
type log struct {
	name string

	mu       sync.Mutex
	changed  chan struct{}
	returned bool // Run has
	events   []media.Event
	had      []bool // by expect
	breaches []string

	connected bool
	last      fact.Instant
	legs      map[fact.LegID]*logLeg
	plays     map[fact.PlayID]*logPlay
	done      map[string]bool                 // recordings and spies that had their last word
	recording map[fact.RecordingID]fact.LegID // whose last word must come
}

// logLeg is a leg that the suite caused.
type logLeg struct {
	state string // "asked", "live", "left" or "ended"
	room  fact.RoomID
}

type logPlay struct {
	leg      fact.LegID
	accepted bool
	started  bool
	ended    bool
	blurred  bool // a connection was lost meanwhile: its end may be missing
}

func newLog(name string) *log {
	return &log{
		name: name, changed: make(chan struct{}), legs: map[fact.LegID]*logLeg{},
		plays: map[fact.PlayID]*logPlay{}, done: map[string]bool{}, recording: map[fact.RecordingID]fact.LegID{},
	}
}

// add is the driver's emit.
func (l *log) add(e media.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.returned {
		l.broken("%s %+v after Run had returned", media.EventName(e), e)
	}
	l.check(e)
	l.events = append(l.events, e)
	l.had = append(l.had, false)
	close(l.changed)
	l.changed = make(chan struct{})
}

// breach notes a broken rule.
func (l *log) breach(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken(format, args...)
}

func (l *log) broken(format string, args ...any) {
	l.breaches = append(l.breaches, fmt.Sprintf(format, args...))
}

// runReturned says that no more events may come.
func (l *log) runReturned() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.returned = true
}

// broke is the rules broken so far.
func (l *log) broke() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.breaches)
}

// wait waits until something is so, at most for patience. so may call take.
func (l *log) wait(patience time.Duration, so func() bool) bool {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		l.mu.Lock()
		changed := l.changed
		l.mu.Unlock()
		if so() {
			return true
		}
		select {
		case <-changed:
		case <-limit.C:
			return so()
		}
	}
}

// take is the first event of a type that matches and was not taken yet; its
// place is negative when there is none.
func take[T media.Event](l *log, match func(T) bool) (T, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, e := range l.events {
		if e, ok := e.(T); ok && !l.had[i] && match(e) {
			l.had[i] = true
			return e, i
		}
	}
	var none T
	return none, -1
}

// alive is the legs that were asked for or live.
func (l *log) alive() []fact.LegID {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []fact.LegID
	for _, id := range sorted(l.legs) {
		if l.legs[id].state != "ended" {
			ids = append(ids, id)
		}
	}
	return ids
}

// left is what of ours goes on: legs that live, recordings without their last
// word.
func (l *log) left() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []string
	for _, id := range sorted(l.legs) {
		if l.legs[id].state == "live" {
			left = append(left, string(id))
		}
	}
	for _, id := range sorted(l.recording) {
		left = append(left, string(id))
	}
	return left
}

// sending notes ids before a command is sent, for events may overtake replies.
func (l *log) sending(cmd media.Command) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch cmd := cmd.(type) {
	case media.Create:
		if l.legs[cmd.Leg] == nil {
			l.legs[cmd.Leg] = &logLeg{state: "asked"}
		}
	case media.Play:
		if l.plays[cmd.Play] == nil {
			l.plays[cmd.Play] = &logPlay{leg: cmd.Leg}
		}
	}
}

// accepted notes that a command was.
func (l *log) accepted(cmd media.Command) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch cmd := cmd.(type) {
	case media.Create:
		if leg := l.legs[cmd.Leg]; leg.state == "asked" {
			leg.state = "live"
		}
	case media.Play:
		l.plays[cmd.Play].accepted = true
	}
}

// failed notes that a command was not carried out.
func (l *log) failed(cmd media.Command) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c, ok := cmd.(media.Create); ok && l.legs[c.Leg].state == "asked" {
		delete(l.legs, c.Leg)
	}
}

func (l *log) check(e media.Event) {
	if e.When() <= 0 || e.When() < l.last {
		l.broken("%s is stamped %d, after one stamped %d", media.EventName(e), e.When(), l.last)
	}
	l.last = max(l.last, e.When())
	switch e := e.(type) {
	case media.Up:
		l.checkUp(e)
		return
	case media.Down:
		if !l.connected || e.Switch != l.name || e.Reason == "" {
			l.broken("%+v of switch %q while connected is %v", e, l.name, l.connected)
		}
		l.lose()
		return
	}
	if !l.connected {
		l.broken("%s %+v while there is no connection", media.EventName(e), e)
	}
	l.checkLeg(e)
	l.checkRest(e)
}

// lose is the loss of the connection: last words may fall into the gap.
func (l *log) lose() {
	l.connected = false
	for _, p := range l.plays {
		p.blurred = true
	}
	l.forgetRecordings()
}

// again says that another driver goes on.
func (l *log) again() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.returned = false
	l.lose()
}

// forgetRecordings gives up on recordings of legs that have ended.
func (l *log) forgetRecordings() {
	for _, id := range sorted(l.recording) {
		if leg := l.legs[l.recording[id]]; leg == nil || leg.state == "ended" {
			delete(l.recording, id)
		}
	}
}

func (l *log) checkUp(e media.Up) {
	if l.connected || e.Switch != l.name {
		l.broken("Up of %q while connected is %v", e.Switch, l.connected)
	}
	l.connected = true
	for _, leg := range l.legs {
		leg.room = ""
		if leg.state == "live" { // one that left and has no tag is not listed
			leg.state = "absent"
		}
	}
	ordered := slices.IsSortedFunc(e.Legs, func(a, b media.LegInfo) int { return strings.Compare(string(a.Leg), string(b.Leg)) }) &&
		slices.IsSortedFunc(e.Rooms, func(a, b media.RoomInfo) int { return strings.Compare(string(a.Room), string(b.Room)) }) &&
		slices.IsSortedFunc(e.Endpoints, func(a, b media.EndpointInfo) int {
			return strings.Compare(string(a.Endpoint), string(b.Endpoint))
		})
	if !ordered {
		l.broken("Up is not in the order of ids: %+v", e)
	}
	for _, info := range e.Legs {
		leg := l.legs[info.Leg]
		switch {
		case leg == nil && len(l.events) == 0:
			l.broken("the switch is not clean: %+v", info)
		case leg == nil && info.Tag == nil && info.State == media.LegRing:
			l.legs[info.Leg] = &logLeg{state: "live"} // came while we were away
		case leg == nil:
			l.broken("Up lists a leg that nobody asked for: %+v", info)
		case leg.state == "ended":
			l.broken("Up lists %s, which ended", info.Leg)
		case info.State == media.LegOutside:
			leg.state = "left"
		default:
			leg.state = "live"
		}
		if !before(info.Created, e.At) {
			l.broken("Up at %d lists a leg created %d", e.At, info.Created)
		}
	}
	for _, leg := range l.legs {
		if leg.state == "absent" {
			leg.state = "ended"
		}
	}
	l.forgetRecordings()
	for _, r := range e.Rooms {
		if !slices.IsSorted(r.Legs) {
			l.broken("Up lists a room whose legs are not in order: %+v", r)
		}
		for _, id := range r.Legs {
			if leg := l.legs[id]; leg == nil || leg.state != "live" {
				l.broken("Up lists a room with %s, which is no leg of its list", id)
			} else {
				leg.room = r.Room
			}
		}
	}
}

// before says whether a creation lies before an event about it, as far as two
// clocks of one machine can tell.
func before(created, at fact.Instant) bool {
	return created > 0 && created <= at.Add(100*time.Millisecond)
}

// String is the log, an event a line.
func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for i, e := range l.events {
		fmt.Fprintf(&b, "%4d %-14s %+v\n", i, media.EventName(e), e)
	}
	return b.String()
}
