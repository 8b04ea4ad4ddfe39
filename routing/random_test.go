package routing

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

var (
	seedFlag = flag.Uint64("seed", 0, "run one random interleaving by its seed")
	runsFlag = flag.Int("runs", 12_000, "how many random interleavings to run")
)

// TestRandomInterleavings throws inputs in any order at small centres: late,
// doubled, about unknown things, before and after leases. After every step the
// invariants hold, a ledger of the effects adds up, and a machine restored
// from a checkpoint on the way behaves as the one that wrote it. A failure
// names the seed to run it again.
func TestRandomInterleavings(t *testing.T) {
	if *seedFlag != 0 {
		if err := newWorld(*seedFlag).run(80); err != nil {
			t.Fatal(err)
		}
		return
	}
	offers, missed, connected := 0, 0, 0
	for seed := uint64(1); seed <= uint64(*runsFlag); seed++ {
		w := newWorld(seed)
		if err := w.run(80); err != nil {
			t.Fatalf("-seed=%d: %v", seed, err)
		}
		offers += len(w.ledger.offers)
		missed += w.ledger.missed
		connected += w.ledger.connected
	}
	t.Logf("%d interleavings: %d offers, %d missed, %d connected", *runsFlag, offers, missed, connected)
	if missed < *runsFlag || connected < *runsFlag/2 {
		t.Errorf("%d missed and %d connected in %d runs: the inputs do not reach the ACD", missed, connected, *runsFlag)
	}
}

// world is a small centre with what a random run knows of it.
type world struct {
	rng    *rand.Rand
	acd    *ACD
	twin   *ACD // restored on the way, nil before
	now    fact.Instant
	ledger ledger
	minted int
	taken  int
	joined []Join
}

func newWorld(seed uint64) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 7)), acd: New(), now: 1_000_000}
	w.ledger = ledger{
		tickets: map[fact.TicketID]*entry{}, offers: map[fact.OfferID]*outcome{}, states: map[fact.AgentID]State{},
	}
	return w
}

func (w *world) run(steps int) error {
	first := Configure{Config: w.config()}
	if err := first.Config.Validate(); err != nil {
		return err
	}
	if err := w.step(first); err != nil {
		return err
	}
	half := w.rng.IntN(steps)
	for i := range steps {
		if i == half {
			if err := w.restart(); err != nil {
				return err
			}
		}
		in := w.input()
		if err := w.step(in); err != nil {
			return fmt.Errorf("step %d: %#v: %w", i, in, err)
		}
	}
	return w.finish()
}

// finish lets all leases end and every caller hang up: nothing may be left.
func (w *world) finish() error {
	for _, j := range w.joined {
		if err := w.step(Withdraw{Ticket: j.Ticket, Why: ExitAbandoned}); err != nil {
			return err
		}
	}
	for range 1000 {
		due, ok := w.acd.Next()
		if !ok {
			break
		}
		w.now = max(w.now, due)
		if err := w.step(Tick{}); err != nil {
			return err
		}
	}
	if due, ok := w.acd.Next(); ok {
		return fmt.Errorf("leases go on: %d, %v", due, w.acd.leases[0])
	}
	for id, e := range w.ledger.tickets {
		if !e.left {
			return fmt.Errorf("ticket %s is lost", id)
		}
	}
	for id, o := range w.ledger.offers {
		if !o.over {
			return fmt.Errorf("offer %s never ended", id)
		}
	}
	for _, ag := range w.acd.Agents() {
		if ag.State == OfferedState || ag.State == WrapUpState {
			return fmt.Errorf("agent %s is %s for ever", ag.ID, ag.State)
		}
	}
	return nil
}

// restart makes the twin; from here on both get the same inputs.
func (w *world) restart() error {
	b, err := w.acd.Checkpoint()
	if err != nil {
		return err
	}
	if w.twin, err = Restore(b); err != nil {
		return err
	}
	again, err := w.twin.Checkpoint()
	if err != nil {
		return err
	}
	if !slices.Equal(b, again) {
		return fmt.Errorf("the restored machine writes\n%s\ninstead of\n%s", again, b)
	}
	if err := w.twin.invariants(); err != nil {
		return fmt.Errorf("restored: %w", err)
	}
	return nil
}

func (w *world) step(in Input) error {
	expect := w.expected(in)
	refused := w.acd.Check(in)
	effects := w.acd.Step(w.now, in)
	if refused != nil && len(effects) > 0 {
		if j, ok := in.(Join); !ok || effects[0] != Effect(Left{Ticket: j.Ticket, Queue: j.Queue, Why: ExitClosed, Waited: int64(w.now - min(j.Joined, w.now))}) {
			return fmt.Errorf("%w, and yet %v", refused, effects)
		}
	}
	if err := w.acd.invariants(); err != nil {
		return err
	}
	for _, e := range effects {
		if err := w.ledger.enter(w.acd, e); err != nil {
			return fmt.Errorf("%s: %w", describe(e), err)
		}
	}
	if err := expect(effects); err != nil {
		return err
	}
	if w.twin == nil {
		return nil
	}
	if mirrored := w.twin.Step(w.now, in); !reflect.DeepEqual(effects, mirrored) {
		return fmt.Errorf("the restored machine says %v instead of %v", mirrored, effects)
	}
	a, aok := w.acd.Next()
	b, bok := w.twin.Next()
	if a != b || aok != bok {
		return fmt.Errorf("the restored machine is next due at %d, %v instead of %d, %v", b, bok, a, aok)
	}
	return nil
}

// expected works out by brute force, from what readers see before the step,
// whom a new ticket and what a freed agent must get.
func (w *world) expected(in Input) func([]Effect) error {
	switch in := in.(type) {
	case Join:
		q := w.acd.queues[in.Queue]
		if q == nil || !q.offers() || q.sweep.running() || w.acd.Check(in) != nil || in.Prefer != "" {
			return func([]Effect) error { return nil }
		}
		step := q.step(w.now.Sub(min(in.Joined, w.now)))
		idlest := len(q.Prefers) == 0 && q.Trainees != TraineesLast && (q.Distribution == "" || q.Distribution == RingAll) // the oracle for the others is invariants'
		var best *AgentInfo
		for _, ag := range w.acd.Agents() {
			if ag.State == ReadyState && !ag.BackOff && ag.Reachable && w.acd.meetsAt(w.acd.agents[ag.ID], q, in.Needs, step) &&
				(best == nil || ag.Idle < best.Idle) {
				best = &ag
			}
		}
		return func(effects []Effect) error {
			for _, e := range effects {
				switch e.(type) {
				case Moved, Left: // not let in
					return nil
				}
				if o, ok := e.(Offer); ok {
					if best == nil || o.Agent != best.ID && idlest {
						return fmt.Errorf("%s goes to %s, the longest idle is %v", o.Ticket, o.Agent, best)
					}
					return nil
				}
			}
			if best != nil {
				return fmt.Errorf("%s is not offered to %s", in.Ticket, best.ID)
			}
			return nil
		}
	case Ready:
		return w.expectTicket(in.Agent)
	case Released:
		if o, ok := w.acd.Offer(in.Offer); ok {
			return w.expectTicket(o.Agent)
		}
	}
	return func([]Effect) error { return nil }
}

func (w *world) expectTicket(id fact.AgentID) func([]Effect) error {
	ag := w.acd.agents[id]
	var best *ticket
	for _, t := range w.acd.tickets {
		if ag != nil && !t.out() && t.queue.offers() && !t.refusedBy(id) && (t.prefer == nil || t.prefer == ag) && w.acd.meetsAt(ag, t.queue, t.needs, t.step) &&
			(best == nil || sooner(t, best)) {
			best = t
		}
	}
	return func(effects []Effect) error {
		for _, e := range effects {
			if o, ok := e.(Offer); ok && o.Agent == id && (best == nil || o.Ticket != best.id) {
				return fmt.Errorf("%s gets %s, first in line is %v", id, o.Ticket, best)
			}
		}
		return nil
	}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (w *world) chance(percent int) bool { return w.rng.IntN(100) < percent }

// config is one of many small configurations.
func (w *world) config() Config {
	c := Config{Skills: []fact.SkillID{"english", "cable", "trainee"}}
	for _, id := range []fact.QueueID{"a", "b", "c"} {
		if id != "a" && w.chance(15) {
			continue
		}
		c.Queues = append(c.Queues, Queue{
			ID: id, Ring: pick(w.rng, 0, 3*time.Second), Reach: pick(w.rng, 0, 2*time.Second),
			WrapUp: pick(w.rng, 0, 0, 4*time.Second), Paused: w.chance(8),
			Needs: pick[Needs](w.rng, "", "", "", "NOT trainee"),
		})
		if q := &c.Queues[len(c.Queues)-1]; w.chance(40) {
			q.Distribution, q.Width, q.CancelAt = RingAll, pick(w.rng, 0, 2), pick(w.rng, "", CancelAtAnswer)
		}
	}
	if w.chance(30) {
		c.Order = Order{Priority: time.Second, Repeat: time.Second, Cap: 2 * time.Minute, Levels: []Level{{ID: "vip", Worth: 3 * time.Second}}}
	}
	for i := range c.Queues {
		c.Queues[i].Trainees = pick(w.rng, TraineesAlike, TraineesAlike, TraineesLast, TraineesNever)
	}
	for i := range c.Queues {
		if q := &c.Queues[i]; w.chance(30) {
			q.Log = []LogField{{ID: "result", Values: []string{"solved", "open"}, Required: true}, {ID: "note", Required: w.chance(50)}}
			q.LogWithin = pick(w.rng, 0, 2*time.Second)
		}
	}
	for i := range c.Queues {
		if q := &c.Queues[i]; q.Distribution == "" && w.chance(50) {
			q.Distribution = pick(w.rng, FewestCalls, LeastTalk, RoundRobin, Linear, WeightedRandom, BestSkill)
		}
		if q := &c.Queues[i]; w.chance(30) {
			q.Prefers = []Preference{{Skill: "english", Weight: 2}, {Skill: "cable", Weight: 1}}
		}
		if q := &c.Queues[i]; w.chance(30) {
			q.Relax = []Relaxation{{After: 2 * time.Second, Needs: "english"}, {After: 4 * time.Second, DropOwn: true}}
		}
		if q := &c.Queues[i]; w.chance(30) {
			q.Ageing, q.Urgency = []Ageing{{After: 3 * time.Second, Worth: 5 * time.Second}}, pick(w.rng, 0, time.Second)
		}
		if q := &c.Queues[i]; w.chance(30) {
			q.PreferHold, q.Named = 3*time.Second, w.chance(50)
		}
		if q := &c.Queues[i]; w.chance(40) {
			q.MaxWaiting, q.MaxWait = pick(w.rng, 0, 0, 2), pick(w.rng, 0, 0, 3*time.Second)
			q.JoinIf, q.StayIf = pick(w.rng, StaffAny, StaffOn, StaffAble), pick(w.rng, StaffAny, StaffOn, StaffAble)
			q.Grace = pick(w.rng, 0, 2*time.Second)
			for _, on := range []Exit{ExitFull, ExitTimeout, ExitUnstaffed, ExitDraining, ExitClosed} {
				if to := pick(w.rng, c.Queues...).ID; to != q.ID && w.chance(60) {
					q.Overflow = append(q.Overflow, Overflow{On: on, Queue: to})
				}
			}
		}
	}
	if w.chance(50) {
		c.RONAs, c.ApproveWithin = pick(w.rng, 0, 1), pick(w.rng, 0, time.Second)
		c.Pauses = []Pause{
			{ID: PauseMeal, Max: 2 * time.Second, Escalate: 3 * time.Second}, {ID: PauseBreak, Approval: pick(w.rng, ApprovalAuto, ApprovalAsk)},
			{ID: PauseLeave, Max: time.Second, Approval: ApprovalAsk},
		}
	}
	for i := range 6 {
		if w.chance(8) {
			continue
		}
		ag := Agent{ID: fact.AgentID(fmt.Sprint(100 + i)), Trainee: w.chance(20)}
		for _, q := range c.Queues {
			if w.chance(60) {
				ag.Queues = append(ag.Queues, q.ID)
			}
		}
		for _, s := range c.Skills {
			if w.chance(40) {
				ag.Skills = append(ag.Skills, Skill{ID: s, Level: w.rng.IntN(101)})
			}
		}
		c.Agents = append(c.Agents, ag)
	}
	return c
}

func (w *world) input() Input {
	r := w.rng
	agent := fact.AgentID(fmt.Sprint(100 + r.IntN(7)))
	endpoint := fact.Endpoint("PJSIP/" + string(agent))
	if w.chance(5) {
		endpoint = "PJSIP/100"
	}
	switch n := r.IntN(125); {
	case n >= 123:
		return SetTrainee{Agent: agent, On: w.chance(50)}
	case n >= 119:
		return w.log(agent)
	case n >= 116:
		w.taken++
		return Take{Ticket: fact.TicketID(fmt.Sprint("p", w.taken)), Queue: pick[fact.QueueID](r, "a", "b", "c"), Agent: agent}
	case n >= 113:
		if asked := w.asked(); asked != "" && w.chance(80) {
			agent = asked
		}
		return Decide{Agent: agent, Grant: w.chance(60), By: "chen"}
	case n >= 110:
		return Pass{Offer: w.talk(), Agent: agent}
	case n >= 107:
		return SetMode{Queue: pick[fact.QueueID](r, "a", "b", "c"), Mode: pick(r, ModeOpen, ModeOpen, ModePaused, ModeDraining, ModeClosed, "odd")}
	case n >= 104 && len(w.joined) > 0:
		return Move{Ticket: w.joined[r.IntN(len(w.joined))].Ticket, Queue: pick[fact.QueueID](r, "a", "b", "c")}
	case n >= 102 && len(w.joined) > 0:
		return Rank{Ticket: w.joined[r.IntN(len(w.joined))].Ticket, Priority: r.IntN(101)}
	case n >= 100:
		return SetSkills{Agent: agent, Skills: []Skill{{ID: pick[fact.SkillID](r, "english", "cable"), Level: r.IntN(101)}}}
	case n < 18:
		return w.join()
	case n < 22 && len(w.joined) > 0:
		return Withdraw{Ticket: w.joined[r.IntN(len(w.joined))].Ticket, Why: pick(r, ExitAbandoned, ExitRemoved)}
	case n < 30:
		in := SignIn{Agent: agent, Endpoint: endpoint, Ready: w.chance(80)}
		in.Handover = !in.Ready && w.chance(50)
		return in
	case n < 32:
		return SignOut{Agent: agent}
	case n < 37:
		return Ready{Agent: agent, Forced: w.chance(20)}
	case n < 40:
		return NotReady{Agent: agent, Reason: pick(r, PauseMeal, PauseBreak, PauseLeave, PauseRONA, "tea"),
			Call: pick[fact.CallID](r, "", "c1"), Forced: w.chance(20)}
	case n < 43:
		return Reach{Endpoint: endpoint, Reachable: w.chance(60)}
	case n < 70:
		return w.aboutOffer()
	case n < 72:
		return Hold{Agent: agent, On: w.chance(60)}
	case n < 75:
		return Seize{Agent: agent, Call: pick[fact.CallID](r, "c1", "c2")}
	case n < 79:
		return Free{Agent: agent, Call: pick[fact.CallID](r, "c1", "c2")}
	case n < 80 && w.chance(40):
		return Configure{Config: w.config()}
	case n < 90:
		w.now = w.now.Add(time.Duration(r.IntN(3000)) * time.Millisecond)
		return Tick{}
	default:
		if due, ok := w.acd.Next(); ok {
			w.now = max(w.now, due)
		}
		return Tick{}
	}
}

// asked is an agent who waits for an answer, "" for nobody.
func (w *world) asked() fact.AgentID {
	for _, ag := range w.acd.Agents() {
		if ag.Request != nil && ag.Request.Status == RequestPending {
			return ag.ID
		}
	}
	return ""
}

// log is what an agent writes, mostly one who is to.
func (w *world) log(agent fact.AgentID) Input {
	in := Log{Agent: agent}
	for _, ag := range w.acd.Agents() {
		if (len(ag.Duties) > 0 || ag.Wrapping != "") && w.chance(40) {
			in.Agent = ag.ID
		}
	}
	if ag, _ := w.acd.Agent(in.Agent); len(ag.Duties) > 0 && w.chance(30) {
		in.Ticket = ag.Duties[w.rng.IntN(len(ag.Duties))].Ticket
	}
	if w.chance(80) {
		in.Values = append(in.Values, fact.LogValue{Field: "result", Value: pick(w.rng, "solved", "open", "odd")})
	}
	if w.chance(60) {
		in.Values = append(in.Values, fact.LogValue{Field: "note", Value: pick(w.rng, "called back", " ")})
	}
	return in
}

func (w *world) join() Input {
	if len(w.joined) > 0 && w.chance(10) {
		if in := w.joined[w.rng.IntN(len(w.joined))]; w.acd.tickets[in.Ticket] != nil {
			return in // doubled
		}
	}
	w.minted++
	in := Join{
		Ticket: fact.TicketID(fmt.Sprintf("t%d", w.rng.IntN(100)*1000+w.minted)), Queue: pick[fact.QueueID](w.rng, "a", "a", "b", "c"),
		Priority: pick(w.rng, 0, 0, 0, 10), Joined: w.now.Add(-time.Duration(w.rng.IntN(4)*1000) * time.Millisecond),
		Needs: pick[Needs](w.rng, "", "", "english", "english>=50 AND NOT trainee", "cable OR english>70"),
	}
	if w.chance(20) {
		in.Prefer, in.Named = fact.AgentID(fmt.Sprint(100+w.rng.IntN(7))), w.chance(20)
	}
	if w.chance(20) {
		in.Level, in.Repeat = pick(w.rng, "vip", "odd"), w.rng.IntN(3)
	}
	w.joined = append(w.joined, in)
	return in
}

// talk is an offer that was accepted, if there is one.
func (w *world) talk() fact.OfferID {
	var ids []fact.OfferID
	for id, o := range w.ledger.offers {
		if o.accepted && !o.released {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return "t0-o1"
	}
	slices.Sort(ids)
	return ids[w.rng.IntN(len(ids))]
}

// aboutOffer is a word on an offer, mostly one that is out.
func (w *world) aboutOffer() Input {
	ids := make([]fact.OfferID, 0, len(w.ledger.offers))
	for id, o := range w.ledger.offers {
		if !o.over || o.accepted && !o.released || w.rng.IntN(20) == 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	id := fact.OfferID("t0-o1")
	if len(ids) > 0 {
		id = ids[w.rng.IntN(len(ids))]
	}
	switch w.rng.IntN(10) {
	case 0, 1:
		return Rang{Offer: id}
	case 2, 3:
		return Answered{Offer: id}
	case 4, 5, 6:
		return Connected{Offer: id}
	case 7:
		return Failed{Offer: id, Why: pick(w.rng, MissNoAnswer, MissNoRing, MissRejected, MissRejected, MissBusy,
			MissUnreachable, MissFailed, MissCallerGone, MissWithdrawn, "odd")}
	default:
		if o := w.ledger.offers[id]; o != nil {
			o.released = o.released || o.accepted
		}
		return Released{Asked: w.chance(20), Offer: id}
	}
}

// ledger adds up the effects of a run, knowing nothing of the machine but who
// asks for what.
type ledger struct {
	tickets           map[fact.TicketID]*entry
	offers            map[fact.OfferID]*outcome
	states            map[fact.AgentID]State
	missed, connected int
}

type entry struct {
	*ticket
	offered []fact.OfferID // the offers that are out
	round   fact.RoundID
	in      fact.QueueID                  // whose line it is in
	shy     map[fact.AgentID]fact.Instant // agents who rejected it, and when
	left    bool
}

type outcome struct {
	agent                    fact.AgentID
	over, accepted, released bool
}

func (l *ledger) enter(a *ACD, e Effect) error {
	switch e := e.(type) {
	case Joined:
		if l.tickets[e.Ticket] != nil {
			return fmt.Errorf("joined twice")
		}
		l.tickets[e.Ticket] = &entry{ticket: a.tickets[e.Ticket], in: e.Queue, shy: map[fact.AgentID]fact.Instant{}}
		if a.tickets[e.Ticket] == nil {
			return fmt.Errorf("is not in line")
		}
	case Offer:
		return l.offer(e, a.now)
	case Missed:
		t, o := l.tickets[e.Ticket], l.offers[e.Offer]
		if o == nil || o.over || !slices.Contains(t.offered, e.Offer) || o.agent != e.Agent || e.Rang < 0 {
			return fmt.Errorf("missed what was not offered")
		}
		if e.Why == MissElsewhere && len(t.offered) == 1 {
			return fmt.Errorf("nobody else has the ticket")
		}
		l.missed++
		o.over = true
		t.offered = slices.DeleteFunc(t.offered, func(id fact.OfferID) bool { return id == e.Offer })
		if e.Why == MissRejected {
			t.shy[e.Agent] = a.now
		}
	case Left:
		return l.leave(e)
	case Passed:
		o := l.offers[e.Old]
		if e.Old == "" {
			o = &outcome{accepted: true}
		}
		if o == nil || !o.accepted || o.agent != e.From || l.offers[e.New] != nil || e.From == e.To {
			return fmt.Errorf("passed what nobody had")
		}
		o.released = true
		l.offers[e.New] = &outcome{agent: e.To, over: true, accepted: true}
	case Moved:
		t := l.tickets[e.Ticket]
		switch {
		case t == nil: // not let in where it asked
			t = &entry{ticket: a.tickets[e.Ticket], shy: map[fact.AgentID]fact.Instant{}}
			l.tickets[e.Ticket] = t
		case t.left || len(t.offered) > 0 || e.From == e.To:
			return fmt.Errorf("not free to be moved: %v", t)
		}
		t.in = e.To
	case Became:
		if from := cmp.Or(l.states[e.Agent], Offline); from != e.From || e.Lasted < 0 || (e.Reason != "") != (e.To == NotReadyIn) {
			return fmt.Errorf("was %s", from)
		}
		l.states[e.Agent] = e.To
	}
	return nil
}

func (l *ledger) offer(e Offer, now fact.Instant) error {
	t := l.tickets[e.Ticket]
	switch {
	case t == nil || t.left || len(t.offered) > 0 && (t.round != e.Round || t.queue.Distribution != RingAll):
		return fmt.Errorf("the ticket is not free: %v", t)
	case l.offers[e.Offer] != nil:
		return fmt.Errorf("the id is reused")
	case slices.Contains([]State{OfferedState, Talking, HoldState, WrapUpState, NotReadyIn, Offline}, cmp.Or(l.states[e.Agent], Offline)):
		return fmt.Errorf("the agent is %s", l.states[e.Agent])
	}
	for _, u := range l.tickets {
		if len(t.ticket.queue.Ageing)+len(t.ticket.queue.Relax) > 0 || u.ticket != nil && u.hold != 0 {
			continue // what was so at this moment is not known any more
		}
		if u != t && !u.left && len(u.offered) == 0 && u.in == t.in && u.needs == t.needs &&
			sooner(u.ticket, t.ticket) && u.shy[e.Agent] == 0 {
			return fmt.Errorf("%s of the same class was first", u.id)
		}
	}
	if at := t.shy[e.Agent]; at != 0 && now < at.Add(refusalLease) {
		return fmt.Errorf("the agent rejected it at %d", at)
	}
	t.offered, t.round = append(t.offered, e.Offer), e.Round
	l.offers[e.Offer] = &outcome{agent: e.Agent}
	return nil
}

func (l *ledger) leave(e Left) error {
	t := l.tickets[e.Ticket]
	if t == nil {
		l.tickets[e.Ticket] = &entry{left: true} // refused at the door
		return nil
	}
	if t.left || e.Waited < 0 {
		return fmt.Errorf("left twice")
	}
	t.left = true
	if e.Why != ExitConnected {
		if len(t.offered) > 0 {
			return fmt.Errorf("left with offer %s out", t.offered)
		}
		return nil
	}
	o := l.offers[e.Offer]
	if o == nil || o.over || len(t.offered) != 1 || t.offered[0] != e.Offer || o.agent != e.Agent {
		return fmt.Errorf("accepted what was not offered")
	}
	l.connected++
	o.over, o.accepted = true, true
	return nil
}
