package callback

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
)

const (
	// maxLined is how many callbacks of one queue are in its line at a time;
	// the others wait for their turn, the most urgent first.
	maxLined = 50
	// lineAgain is how long a callback that its queue did not take waits
	// before it joins again, phoneAgain one that an agent did not pick up for.
	lineAgain  = 30 * time.Second
	phoneAgain = time.Second
	day        = 24 * time.Hour
)

// Book is every open callback of a tenant in the order in which they come up,
// at most one in flight a number. Instants are wall-clock milliseconds.
type Book struct {
	policy Policy
	zone   string
	local  *time.Location             // zone
	tables map[string]*calendar.Table // by zone

	all     map[fact.CallbackID]*entry
	waiting line                       // by when they come up
	ready   map[fact.QueueID][]*entry  // by urgency
	lined   map[fact.QueueID]int       // in the queue's line or beyond
	flying  map[string]fact.CallbackID // by number
	numbers map[string][]*entry        // open ones, by number
	// today is the day that counts is of, in the tenant's zone.
	today  int64
	counts map[string]int
	// revision is the newest of people's changes that was told.
	revision int64
}

// entry is one callback in the book.
type entry struct {
	Callback
	// Run says that somebody wants it called now; Moved that it was given
	// another time during the attempt, Said what the agent says of it.
	Run   bool    `json:"run,omitempty"`
	Moved bool    `json:"moved,omitempty"`
	Said  Outcome `json:"said,omitempty"`
	// Released is since when it could have been called, 0 for not yet.
	Released int64 `json:"released,omitempty"`
	// Again is when it joins the line again at the soonest that it has left.
	Again int64 `json:"again,omitempty"`
	// At is when it comes up, of one that waits for it; Up says that it has.
	At int64 `json:"at,omitempty"`
	Up bool  `json:"up,omitempty"`

	plan  Plan
	place int // in waiting, -1 for not there
}

// NewBook is a book without callbacks, for the zero policy in UTC.
func NewBook() *Book {
	b := &Book{all: map[fact.CallbackID]*entry{}, ready: map[fact.QueueID][]*entry{}, lined: map[fact.QueueID]int{},
		flying: map[string]fact.CallbackID{}, numbers: map[string][]*entry{}, counts: map[string]int{}}
	b.Configure(Policy{}, "", 0)
	return b
}

// Configure makes the book go by a policy that Check has nothing against, with
// the windows of who has no zone in zone.
func (b *Book) Configure(p Policy, zone string, now int64) {
	b.goBy(p, zone)
	for _, e := range b.sorted() {
		b.plan(e, now)
	}
}

func (b *Book) goBy(p Policy, zone string) {
	b.policy, b.zone, b.local, b.tables = p, zone, calendar.Zone(zone), map[string]*calendar.Table{}
}

// hours are the windows of who is called; those of the tenant when the zone is
// none.
func (b *Book) hours(zone string) *calendar.Table {
	for _, z := range []string{zone, b.zone, "UTC"} {
		t, known := b.tables[z]
		if !known {
			t, _ = b.policy.table(z)
			b.tables[z] = t
		}
		if t != nil {
			return t
		}
	}
	return nil // the policy is checked: UTC has one
}

// Put takes over what people have changed, or what is new. An attempt that is
// under way goes on.
func (b *Book) Put(c Callback, now int64) {
	b.revision = max(b.revision, c.Revision)
	old := b.all[c.ID]
	switch {
	case c.State != Open && old != nil && old.Stage == Calling:
		c.Stage = Calling
		old.Callback = c // its number is in flight until the attempt ends
		return
	case c.State != Open || c.Number == "":
		if old != nil {
			b.drop(old, now)
			b.replan(old, now)
		}
		return
	case old == nil:
		e := &entry{Callback: c, place: -1}
		e.reaches(settled(c.Stage))
		b.add(e)
		b.plan(e, now)
		return
	case c.Revision <= old.Revision:
		return // known
	}
	moved := c.Attempts == 0 && c.Next == 0
	if !moved {
		c.Attempts, c.Row, c.Next = old.Attempts, old.Row, old.Next
	}
	c.Number, c.Queue = old.Number, old.Queue // they do not change
	c.Tried, c.Outcome, c.LastCall = old.Tried, old.Outcome, old.LastCall
	c.Stage = old.Stage
	if moved && old.Stage == Review {
		c.Stage = Waiting
	}
	old.Moved = moved && old.Stage == Calling
	old.Callback = c
	b.plan(old, now)
	b.fill(old.Queue, now)
}

// settled is the stage of one that comes without the attempt it may be in.
func settled(s Stage) Stage {
	if s == Review {
		return Review
	}
	return Waiting
}

// add puts an entry among the others, those of one number by their ids.
func (b *Book) add(e *entry) {
	b.all[e.ID] = e
	same := b.numbers[e.Number]
	i, _ := slices.BinarySearchFunc(same, e, func(x, y *entry) int { return cmp.Compare(x.ID, y.ID) })
	b.numbers[e.Number] = slices.Insert(same, i, e)
}

func (b *Book) drop(e *entry, now int64) {
	b.unplan(e)
	b.land(e, now)
	b.fill(e.Queue, now)
	delete(b.all, e.ID)
	rest := slices.DeleteFunc(b.numbers[e.Number], func(o *entry) bool { return o == e })
	if b.numbers[e.Number] = rest; len(rest) == 0 {
		delete(b.numbers, e.Number)
	}
}

// Run has a callback called now, whatever its time: the windows still count. It
// errors wrapping ErrInvalid.
func (b *Book) Run(id fact.CallbackID, now int64) error {
	e := b.all[id]
	switch {
	case e == nil || e.State != Open:
		return fmt.Errorf("callback %s: %w: want an open one with a number", id, ErrInvalid)
	case e.Queue == "":
		return fmt.Errorf("callback %s: queue: %w: want one with a queue, whose agents make the call", id, ErrInvalid)
	case e.Stage == Calling:
		return nil
	case e.Stage == Lined:
		e.Run = true // also when nothing is dialled by itself any more
		return nil
	case !e.free() && !b.hours(e.Zone).Open(at(now)):
		return fmt.Errorf("callback %s: %w: nobody is called at this time; let somebody override the windows on record", id, ErrInvalid)
	}
	e.reaches(Waiting)
	e.Run, e.Next = true, 0
	b.plan(e, now)
	return nil
}

// plan puts a callback where it comes up.
func (b *Book) plan(e *entry, now int64) {
	e.plan = e.Callback.plan(b.hours(e.Zone), now)
	if e.Stage == Lined || e.Stage == Calling {
		return
	}
	b.unplan(e)
	if e.Stage == Review || e.Queue == "" || b.policy.Dial == Manual && !e.Run || b.flying[e.Number] != "" {
		return
	}
	e.At = e.plan.From
	if e.Run {
		e.At = e.Next
	}
	if e.At = max(e.At, e.Again, now); b.spent(e.Number, e.At) {
		e.At = b.tomorrow(e.At)
	}
	if !e.free() {
		e.At = opens(b.hours(e.Zone), e.At)
	}
	heap.Push(&b.waiting, e)
}

func (b *Book) unplan(e *entry) {
	e.At = 0
	if e.place >= 0 {
		heap.Remove(&b.waiting, e.place)
	}
	if e.Up {
		q := b.ready[e.Queue]
		if q = slices.DeleteFunc(q, func(o *entry) bool { return o == e }); len(q) == 0 {
			delete(b.ready, e.Queue)
		} else {
			b.ready[e.Queue] = q
		}
		e.Up = false
	}
}

// Next is when Take must be asked if nothing else happens.
func (b *Book) Next() (int64, bool) {
	if len(b.waiting) == 0 || b.waiting[0].At >= never {
		return 0, false
	}
	return b.waiting[0].At, true
}

// Taken is a callback whose turn it is, and since when it counts as waiting.
type Taken struct {
	Callback Callback
	Joined   int64
}

// Take are the callbacks whose turn has come to be in their queue's line. Those
// whose promise is about to break, or has, come first. They are Lined.
func (b *Book) Take(now int64) []Taken {
	for len(b.waiting) > 0 && b.waiting[0].At <= now {
		e := heap.Pop(&b.waiting).(*entry)
		if e.Released == 0 {
			e.Released = min(now, max(e.plan.From, e.Asked))
		}
		b.rise(e)
	}
	var all []Taken
	for _, q := range sortedKeys(b.ready) {
		for i := 0; i < len(b.ready[q]) && b.lined[q] < maxLined; {
			e := b.ready[q][i]
			b.unplan(e)
			if !b.may(e, now) || b.flying[e.Number] != "" {
				b.plan(e, now) // its time has passed while it waited for its turn
				continue
			}
			e.reaches(Lined)
			b.lined[q]++
			b.flying[e.Number] = e.ID
			for _, o := range b.numbers[e.Number] {
				if o != e {
					b.unplan(o) // one in flight a number
				}
			}
			all = append(all, Taken{Callback: e.Callback, Joined: e.joined()})
		}
	}
	return all
}

// rise puts a callback among those whose time has come.
func (b *Book) rise(e *entry) {
	i, _ := slices.BinarySearchFunc(b.ready[e.Queue], e, urgent)
	b.ready[e.Queue] = slices.Insert(b.ready[e.Queue], i, e)
	e.At, e.Up = 0, true
}

// joined is since when a callback counts as waiting: its caller's wait of before
// goes on when it can be called, and one whose promise has been broken has waited
// since then at least.
func (e *entry) joined() int64 {
	joined := e.Released
	if e.Joined != 0 {
		joined -= max(0, e.Asked-e.Joined)
	}
	if e.plan.By != 0 {
		joined = min(joined, e.plan.By)
	}
	return joined
}

// urgent orders callbacks whose time has come: by when they must be called, then
// by when they were asked for.
func urgent(a, b *entry) int {
	by := func(e *entry) int64 { return orElse(e.plan.By, never) }
	return cmp.Or(cmp.Compare(by(a), by(b)), cmp.Compare(a.Asked, b.Asked), cmp.Compare(a.ID, b.ID))
}

// May says whether a callback may be called at this very moment: it is the one
// place where windows, caps, its time and whether anything is dialled are asked.
func (b *Book) May(id fact.CallbackID, now int64) bool {
	e := b.all[id]
	return e != nil && b.may(e, now)
}

func (b *Book) may(e *entry, now int64) bool {
	switch {
	case e.Stage == Review || b.spent(e.Number, now) || now < e.Next:
		return false
	case !e.Run && (b.policy.Dial == Manual || now < e.since()):
		return false
	}
	return e.free() || b.hours(e.Zone).Open(at(now))
}

// Unline puts a callback back whose queue did not take it, or whose agent did
// not: the number was not dialled. It keeps its time.
func (b *Book) Unline(id fact.CallbackID, now int64, taken bool) {
	e := b.all[id]
	if e == nil || e.Stage != Lined {
		return
	}
	b.land(e, now)
	e.reaches(Waiting)
	e.Again = now + lineAgain.Milliseconds()
	if taken {
		e.Again = now + phoneAgain.Milliseconds()
	}
	b.replan(e, now)
}

// land ends what is in flight.
func (b *Book) land(e *entry, now int64) {
	if b.flying[e.Number] != e.ID {
		return
	}
	delete(b.flying, e.Number)
	if b.lined[e.Queue]--; b.lined[e.Queue] == 0 {
		delete(b.lined, e.Queue)
	}
	b.fill(e.Queue, now)
}

// fill has the most urgent callback whose time has come come up again where its
// queue's line has a place: the others then come with it, as far as they fit.
func (b *Book) fill(queue fact.QueueID, now int64) {
	if up := b.ready[queue]; len(up) > 0 && b.lined[queue] < maxLined {
		e := up[0]
		b.unplan(e)
		e.At = now
		heap.Push(&b.waiting, e)
	}
}

// replan plans all callbacks of a number anew.
func (b *Book) replan(e *entry, now int64) {
	for _, o := range b.numbers[e.Number] {
		b.plan(o, now)
	}
}
