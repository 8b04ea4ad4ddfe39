package center

import (
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// restAfter is how long a trunk that failed is tried after all others.
const restAfter = 30 * time.Second

// defaultCadence is from one ring to the next (SPEC PBX-9).
const defaultCadence = 5 * time.Second

// Rings is how often a phone has rung that rang for so long: the first ring
// comes at once.
func Rings(ringing, cadence time.Duration) int {
	if ringing <= 0 {
		return 0
	}
	if cadence <= 0 {
		cadence = defaultCadence
	}
	return int((ringing + cadence - 1) / cadence)
}

// failover are the Q.850 causes that speak of the trunk and not of whom was
// called: out of order, no circuit, network out of order, temporary failure,
// congestion, circuit not there.
var failover = []int{27, 34, 38, 41, 42, 44}

// trunkState is what is known of a trunk at work.
type trunkState struct {
	ID string `json:"id"`
	// Calls and Failed count the calls it was given, both ways, and those that
	// it could not carry.
	Calls  int64 `json:"calls,omitempty"`
	Failed int64 `json:"failed,omitempty"`
	// Until is how long it rests, after a failure.
	Until fact.Instant `json:"until,omitempty"`

	live int // legs on it, counted from carries
}

// carriage is a leg and the trunk that it is on.
type carriage struct {
	Leg   fact.LegID `json:"leg"`
	Trunk string     `json:"trunk"`
}

// carrier is the endpoint by which calls of a trunk come in: that of the way
// out without the number.
func carrier(t *Trunk) fact.Endpoint {
	e := strings.Replace(t.Endpoint, "{number}@", "", 1)
	return fact.Endpoint(strings.Replace(e, "/{number}", "", 1))
}

// trunk is the state of a trunk, made at its first call.
func (c *Center) trunk(id string) *trunkState {
	s := c.trunks[id]
	if s == nil {
		s = &trunkState{ID: id}
		c.trunks[id] = s
	}
	return s
}

// occupy puts a leg on a trunk.
func (c *Center) occupy(leg fact.LegID, trunk string) {
	if trunk == "" || c.carries[leg] != "" {
		return
	}
	c.carries[leg] = trunk
	s := c.trunk(trunk)
	s.live++
	s.Calls++
}

// vacate takes a leg that has ended off its trunk. One that we dialled and that
// never came about may be the trunk's failure: then the trunk rests.
func (c *Center) vacate(k *contact, e fact.Event) {
	trunk, ok := c.carries[e.Leg]
	if !ok {
		return
	}
	delete(c.carries, e.Leg)
	s := c.trunks[trunk]
	s.live--
	l := k.call.Leg(e.Leg)
	never := e.By == fact.BySwitch && e.Reason != "" // not even made
	if l != nil && l != k.call.First() && l.State != media.LegUp && (never || slices.Contains(c.failover(trunk), e.Cause)) {
		s.Failed++
		s.Until = c.now.At.Add(restAfter)
	}
	c.prune(trunk)
}

// failover are the causes after which another trunk is tried.
func (c *Center) failover(trunk string) []int {
	if t := c.index.trunks[trunk]; t != nil && t.Failover != nil {
		return t.Failover
	}
	return failover
}

// prune forgets a trunk that nobody configures and nobody is on.
func (c *Center) prune(trunk string) {
	if s := c.trunks[trunk]; s != nil && s.live == 0 && c.index.trunks[trunk] == nil {
		delete(c.trunks, trunk)
	}
}

// full says whether a trunk carries as many calls as it may.
func (c *Center) full(t *Trunk) bool {
	s := c.trunks[t.ID]
	return t.Capacity > 0 && s != nil && s.live >= t.Capacity
}

// rests says whether a trunk failed a short while ago.
func (c *Center) rests(t *Trunk) bool {
	s := c.trunks[t.ID]
	return s != nil && c.now.At < s.Until
}

// passesOn says whether a leg's end is the trunk's failure, so that another is
// to be tried. An emergency call goes on unless whom it called is known to have
// been reached.
func (c *Center) passesOn(trunk string, rang, urgent bool, e call.Undialled) bool {
	const busy, noAnswer = 17, 19
	if urgent {
		return !rang && e.Cause != busy && e.Cause != noAnswer
	}
	if e.Cause == 0 {
		// The switch would not make the leg; that it then could not be put in
		// a room may be heard first.
		return !rang && (e.Why == call.MissUnreachable || e.Why == call.MissFailed)
	}
	return slices.Contains(c.failover(trunk), e.Cause)
}

// trunkViews are the trunks in the order of the configuration.
func (c *Center) trunkViews() []TrunkView {
	var all []TrunkView
	for _, t := range c.cfg.Trunks {
		v := TrunkView{ID: t.ID, Capacity: t.Capacity, Cadence: int64(t.Cadence / time.Millisecond)}
		if v.Cadence == 0 {
			v.Cadence = int64(defaultCadence / time.Millisecond)
		}
		if s := c.trunks[t.ID]; s != nil {
			v.Live, v.Calls, v.Failed = s.live, s.Calls, s.Failed
			if c.rests(&t) {
				v.Rests = c.wall(s.Until)
			}
		}
		all = append(all, v)
	}
	return all
}

// savedTrunks and savedCarries are what a checkpoint keeps of the trunks.
func (c *Center) savedTrunks() []trunkState {
	var all []trunkState
	for _, s := range c.trunks { // sorted below
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b trunkState) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func (c *Center) savedCarries() []carriage {
	var all []carriage
	for leg, trunk := range c.carries { // sorted below
		all = append(all, carriage{leg, trunk})
	}
	slices.SortFunc(all, func(a, b carriage) int { return strings.Compare(string(a.Leg), string(b.Leg)) })
	return all
}

// restoreTrunks counts anew who is on which trunk.
func (c *Center) restoreTrunks(states []trunkState, carries []carriage) {
	for _, s := range states {
		s.live = 0
		c.trunks[s.ID] = &s
	}
	for _, on := range carries {
		if c.of(on.Leg) == nil {
			continue // its call is over
		}
		c.carries[on.Leg] = on.Trunk
		c.trunk(on.Trunk).live++
	}
}
