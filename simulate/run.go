package simulate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

const (
	// overtime is for how long after For the last callers are followed.
	overtime = 24 * time.Hour
	// askEvery is how many steps go between two looks at the context.
	askEvery = 1 << 13
)

// Run simulates a plan. progress, unless nil, is told how many milliseconds of
// how many have been simulated. The error wraps ErrPlan, or is the context's.
func Run(ctx context.Context, p Plan, progress func(done, total int64)) (Report, error) {
	p, err := p.prepare()
	if err != nil {
		return Report{}, err
	}
	began := time.Now()
	b := newBooks(&p)
	var steps int64
	for n := range p.Runs {
		r := newRun(&p, b, n)
		if err := r.play(ctx, progress); err != nil {
			return Report{}, fmt.Errorf("simulate: %w", err)
		}
		steps += r.steps
	}
	report := b.report()
	report.Steps, report.Took = steps, time.Since(began)
	return report, nil
}

// guest is a caller in line or in a talk.
type guest struct {
	load       int
	joined     int64
	talk, wrap int64
}

// run is one run of a plan.
type run struct {
	plan    *Plan
	books   *books
	number  int
	acd     *routing.ACD
	now     int64
	end     int64 // of arrivals
	coming  events
	streams []*rand.Rand // one a load
	agents  *rand.Rand
	rates   []arrivals
	guests  map[fact.TicketID]guest
	inLine  int
	minted  int
	steps   int64
	wrapUp  map[fact.QueueID]int64
}

func newRun(p *Plan, b *books, number int) *run {
	r := &run{
		plan: p, books: b, number: number, acd: routing.New(), end: p.For.Milliseconds(),
		agents: stream(p.Seed, number, 0), guests: map[fact.TicketID]guest{}, wrapUp: map[fact.QueueID]int64{},
	}
	for _, q := range p.Centre.Queues {
		r.wrapUp[q.ID] = q.WrapUp.Milliseconds()
	}
	r.step(routing.Configure{Config: p.Centre})
	for _, s := range p.Staff {
		for _, id := range s.Agents {
			r.coming.push(event{at: s.From.Milliseconds(), what: begin, id: string(id)})
			if s.To > 0 {
				r.coming.push(event{at: s.To.Milliseconds(), what: end, id: string(id)})
			}
		}
	}
	for i := range p.Load {
		r.streams = append(r.streams, stream(p.Seed, number, i+1))
		r.rates = append(r.rates, arrivals{load: &p.Load[i]})
		r.arrive(i)
		r.recorded(i, 0)
	}
	return r
}

// arrive has the next caller by rate of a load come.
func (r *run) arrive(load int) {
	if at, ok := r.rates[load].next(r.streams[load], r.end); ok {
		r.coming.push(event{at: at, what: caller, n: load})
	}
}

// recorded has the next recorded caller of a load come.
func (r *run) recorded(load, n int) {
	if calls := r.plan.Load[load].Calls; n < len(calls) && calls[n].At < r.plan.For {
		r.coming.push(event{at: calls[n].At.Milliseconds(), what: record, n: load, id: strconv.Itoa(n)})
	}
}

func (r *run) play(ctx context.Context, progress func(done, total int64)) error {
	for turn := 0; ; turn++ {
		if turn%askEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if progress != nil {
				progress(int64(r.number)*r.end+min(r.now, r.end), int64(r.plan.Runs)*r.end)
			}
		}
		due, leased := r.acd.Next()
		come := len(r.coming.list) > 0
		if !come && !leased || r.now >= r.end && r.inLine == 0 || r.now > r.end+overtime.Milliseconds() {
			break
		}
		// Inputs that have arrived go before leases.
		if come && (!leased || r.coming.list[0].at <= int64(due)) {
			e := r.coming.pop()
			r.now = max(r.now, e.at)
			r.happen(e)
			continue
		}
		r.now = max(r.now, int64(due))
		r.step(routing.Tick{})
	}
	for _, a := range r.acd.Agents() {
		r.books.spent(r.number, a.State, int64(a.Since), r.now)
	}
	for id, g := range r.guests {
		if _, waits := r.acd.Ticket(id); waits { // the others talk
			r.books.unserved(r.number, g)
		}
	}
	if progress != nil {
		progress(int64(r.number+1)*r.end, int64(r.plan.Runs)*r.end)
	}
	return nil
}

func (r *run) happen(e event) {
	switch e.what {
	case caller:
		l, rnd := &r.plan.Load[e.n], r.streams[e.n]
		k := l.kind(rnd)
		r.join(e.n, Call{Needs: k.Needs, Priority: k.Priority}, k.Level)
		r.arrive(e.n)
	case record:
		n, _ := strconv.Atoi(e.id) // written by recorded
		r.join(e.n, r.plan.Load[e.n].Calls[n], "")
		r.recorded(e.n, n+1)
	case leave:
		r.step(routing.Withdraw{Ticket: fact.TicketID(e.id), Why: routing.ExitAbandoned})
	case answer:
		r.step(routing.Answered{Offer: fact.OfferID(e.id)})
		if o, ok := r.acd.Offer(fact.OfferID(e.id)); ok && o.Phase == routing.PhaseConnect {
			r.step(routing.Connected{Offer: o.Offer})
		}
	case reject:
		r.step(routing.Failed{Offer: fact.OfferID(e.id), Why: routing.MissRejected})
	case release:
		r.release(fact.OfferID(e.id))
	case ready:
		// Only who still waits for this to end is made READY by it.
		if a, ok := r.acd.Agent(fact.AgentID(e.id)); ok && (a.State == routing.WrapUpState || a.Reason == routing.PauseRONA) {
			r.step(routing.Ready{Agent: a.ID})
		}
	case begin:
		r.step(routing.SignIn{Agent: fact.AgentID(e.id), Endpoint: fact.Endpoint("PJSIP/" + e.id), Ready: true})
	case end:
		r.step(routing.SignOut{Agent: fact.AgentID(e.id)})
	}
}

// join brings a caller; what the call does not say is drawn.
func (r *run) join(load int, c Call, level string) {
	l, rnd := &r.plan.Load[load], r.streams[load]
	g := guest{load: load, joined: r.now, talk: l.Talk.draw(rnd), wrap: -1}
	patience := l.Patience.draw(rnd)
	if l.WrapUp.given() {
		g.wrap = l.WrapUp.draw(rnd)
	}
	if c.Talk > 0 {
		g.talk = c.Talk.Milliseconds()
	}
	gives := l.Patience.given()
	if c.Patience > 0 {
		patience, gives = c.Patience.Milliseconds(), true
	}
	r.minted++
	name := make([]byte, 0, 16)
	name = strconv.AppendInt(append(name, 'c'), int64(1_000_000_000+r.minted), 10) // ids sort by age
	id := fact.TicketID(name)
	r.guests[id] = g
	r.inLine++
	if gives {
		r.coming.push(event{at: r.now + patience, what: leave, id: string(id)})
	}
	r.step(routing.Join{
		Ticket: id, Queue: l.Queue, Needs: c.Needs, Priority: c.Priority, Level: level, Joined: fact.Instant(r.now),
	})
}

// release ends a talk; the agent wraps up for as long as drawn.
func (r *run) release(id fact.OfferID) {
	o, ok := r.acd.Offer(id)
	if !ok {
		return
	}
	g := r.guests[o.Ticket]
	delete(r.guests, o.Ticket)
	if g.wrap >= 0 && g.wrap < r.wrapUp[o.Queue] {
		r.coming.push(event{at: r.now + g.wrap, what: ready, id: string(o.Agent)})
	}
	r.step(routing.Released{Offer: id})
}

// step is one step of the ACD; its effects are served as a switch, phones and
// agents would.
func (r *run) step(in routing.Input) {
	r.steps++
	for _, effect := range r.acd.Step(fact.Instant(r.now), in) {
		switch e := effect.(type) {
		case routing.Offer:
			r.offer(e)
		case routing.Left:
			r.left(e)
		case routing.Became:
			r.books.spent(r.number, e.From, r.now-e.Lasted, r.now)
			if e.Reason == routing.PauseRONA && e.To == routing.NotReadyIn {
				r.coming.push(event{at: r.now + r.plan.Habits.Back.Milliseconds(), what: ready, id: string(e.Agent)})
			}
		}
	}
}

// offer rings at an agent.
func (r *run) offer(e routing.Offer) {
	h := &r.plan.Habits
	after, does := h.Answer.draw(r.agents), answer
	if h.NoAnswer+h.Reject > 0 {
		switch chance := r.agents.Float64(); {
		case chance < h.NoAnswer:
			r.step(routing.Rang{Offer: e.Offer})
			return
		case chance < h.NoAnswer+h.Reject:
			does = reject
		}
	}
	if after > 0 {
		r.step(routing.Rang{Offer: e.Offer})
	}
	r.coming.push(event{at: r.now + after, what: does, id: string(e.Offer)})
}

func (r *run) left(e routing.Left) {
	g, ok := r.guests[e.Ticket]
	if !ok {
		return
	}
	r.inLine--
	r.books.left(r.number, g, e)
	if e.Why != routing.ExitConnected {
		delete(r.guests, e.Ticket)
		return
	}
	r.coming.push(event{at: r.now + g.talk, what: release, id: string(e.Offer)})
}
