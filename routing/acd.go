package routing

import (
	"container/heap"
	"maps"
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
)

// The leases that no queue sets (docs/states.md has them all).
const (
	defaultRing  = 15 * time.Second // three rings of 5 s (RUL-ANS-1)
	defaultReach = 5 * time.Second
	// ringGrace is between the last ring and the withdrawal (RUL-ANS-1).
	ringGrace = time.Second
	// limitGuard is what the switch's own ring limit is longer than ours.
	limitGuard = 5 * time.Second
	// connectLease is how long joining caller and agent may take.
	connectLease = 10 * time.Second
	// backOff is how long an agent is offered nothing after an offer that was
	// rejected, met a busy phone or failed: no failing offer can repeat at
	// once, whatever its cause.
	backOff = 5 * time.Second
	// missingLease is how long a phone may be away, for phones register anew,
	// before its agent is NOT_READY.
	missingLease = 5 * time.Second
	// refusalLease is how long a ticket is not offered again to an agent who
	// rejected it.
	refusalLease = 30 * time.Second
)

// ACD is the machine. It belongs to one writer; what it returns shares nothing
// with it.
type ACD struct {
	now     fact.Instant
	config  Config
	slots   map[fact.SkillID]int // where a skill lies in an agent's levels
	queues  map[fact.QueueID]*queue
	agents  map[fact.AgentID]*agent
	tickets map[fact.TicketID]*ticket
	offers  map[fact.OfferID]*offer // those out and those talking
	seats   map[fact.Endpoint]*agent
	away    map[fact.Endpoint]struct{} // endpoints that cannot be reached
	leases  leases
	// rebuilding holds all matching back while the configuration changes.
	rebuilding bool
	gone       []*agent // whose tickets wait for them in vain
	out        []Effect
}

// New makes an ACD without queues and agents.
func New() *ACD {
	return &ACD{
		slots:   map[fact.SkillID]int{},
		queues:  map[fact.QueueID]*queue{},
		agents:  map[fact.AgentID]*agent{},
		tickets: map[fact.TicketID]*ticket{},
		offers:  map[fact.OfferID]*offer{},
		seats:   map[fact.Endpoint]*agent{},
		away:    map[fact.Endpoint]struct{}{},
	}
}

// Step applies in at now and returns what must be done, in order. What Check
// refuses changes nothing; a Join that it refuses for its queue or its needs
// is answered by Left, so that no caller is lost. now never goes back: an
// earlier one counts as the latest known. Leases end by Tick alone.
func (a *ACD) Step(now fact.Instant, in Input) []Effect {
	a.now = max(a.now, now)
	a.out = nil
	switch in := in.(type) {
	case Configure:
		a.configure(in)
	case Join:
		a.join(in)
	case Withdraw:
		a.withdraw(in)
	case SignIn:
		a.signIn(in)
	case SignOut:
		a.signOut(in)
	case Ready:
		a.ready(in)
	case NotReady:
		a.notReady(in)
	case Reach:
		a.reach(in)
	case Rang:
		a.rang(in)
	case Answered:
		a.answered(in)
	case Connected:
		a.connected(in)
	case Failed:
		a.failed(in)
	case Released:
		a.released(in)
	case Hold:
		a.hold(in)
	case Seize:
		a.seize(in)
	case Free:
		a.free(in)
	case Rank:
		a.rank(in)
	case Move:
		a.move(in)
	case SetMode:
		a.setMode(in)
	case SetSkills:
		a.setSkills(in)
	case Pass:
		a.pass(in)
	case Take:
		a.take(in)
	case Extend:
		a.extend(in)
	case Decide:
		a.decide(in)
	case Log:
		a.log(in)
	case SetTrainee:
		a.setTrainee(in)
	case Tick:
		a.tick()
	}
	a.unreserve()
	out := a.out
	a.out = nil
	return out
}

// Next is when Step must be called with Tick if nothing else happens.
func (a *ACD) Next() (fact.Instant, bool) {
	if len(a.leases) == 0 {
		return 0, false
	}
	return a.leases[0].due, true
}

func (a *ACD) tick() {
	for len(a.leases) > 0 && a.leases[0].due <= a.now {
		l := heap.Pop(&a.leases).(*lease)
		switch l.kind {
		case leaseOffer:
			a.lapse(l.offer)
		case leaseWrapUp:
			a.endWrapUp(l.agent)
			a.settle(l.agent)
		case leaseBackOff:
			a.settle(l.agent)
		case leaseRefusal:
			a.forget(l.refusal)
		case leaseMissing:
			a.settle(l.agent)
		case leaseGrace:
			a.desert(l.queue)
		case leaseSweep:
			a.sweep(l.queue)
		case leaseTicket:
			a.ripen(l.ticket)
		case leasePause:
			a.overran(l.agent)
		case leaseRequest:
			a.unanswered(l.agent)
		case leaseLog:
			a.owed(l.agent)
		}
	}
}

// emit adds an effect. The first one makes room for those of a usual step.
func (a *ACD) emit(e Effect) {
	if a.out == nil {
		a.out = make([]Effect, 0, 4)
	}
	a.out = append(a.out, e)
}

// ordered are a map's values in the order of their keys.
func ordered[K ~string, V any](m map[K]V) []V {
	values := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[k])
	}
	return values
}
