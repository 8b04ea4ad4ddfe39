package routing

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// TestOrderHoldsInRandomHistories lets small centres with every kind of order,
// distribution, relaxation and preference live through random days. After each
// step the invariants hold, who was offered what is what brute force finds from
// the configuration's words, nobody was overtaken for longer than the cap, and
// a machine restored on the way does the same. A failure names its seed.
func TestOrderHoldsInRandomHistories(t *testing.T) {
	from, to := uint64(1), uint64(max(*runsFlag/6, 300))
	if *seedFlag != 0 {
		from, to = *seedFlag, *seedFlag
	}
	var seen tally
	for seed := from; seed <= to; seed++ {
		d := &day{rng: rand.New(rand.NewPCG(seed, 11)), acd: New(), now: 1_000_000, kept: map[*ticket]bool{}, tally: &seen}
		if err := d.run(120); err != nil {
			t.Fatalf("-seed=%d: %v", seed, err)
		}
	}
	t.Logf("%+v", seen)
	if n := to - from + 1; n > 1 && (seen.offers < int(n) || seen.relaxed < int(n)/4 || seen.held < int(n)/20 || seen.chosen < int(n)/4) {
		t.Errorf("%+v in %d days: the inputs do not reach the ACD", seen, n)
	}
}

type tally struct{ offers, relaxed, held, chosen, overtaken int }

type day struct {
	rng       *rand.Rand
	acd, twin *ACD
	now       fact.Instant
	joined    []Join
	kept      map[*ticket]bool // that were kept from others before the step
	*tally
}

func (d *day) chance(percent int) bool { return d.rng.IntN(100) < percent }

func (d *day) run(steps int) error {
	if err := d.step(Configure{Config: d.config()}); err != nil {
		return err
	}
	half := d.rng.IntN(steps)
	for i := range steps {
		if i == half {
			b, err := d.acd.Checkpoint()
			if err != nil {
				return err
			}
			if d.twin, err = Restore(b); err != nil {
				return err
			}
			if again, _ := d.twin.Checkpoint(); !bytes.Equal(b, again) {
				return fmt.Errorf("the restored machine writes\n%s\ninstead of\n%s", again, b)
			}
		}
		in := d.input()
		if err := d.step(in); err != nil {
			return fmt.Errorf("step %d: %#v: %w", i, in, err)
		}
	}
	return nil
}

func (d *day) config() Config {
	r := d.rng
	c := Config{Skills: []fact.SkillID{"english", "cable", "phone"}}
	if d.chance(60) {
		c.Order = Order{Priority: 20 * time.Millisecond, Repeat: 300 * time.Millisecond, Cap: 6 * time.Second,
			Levels: []Level{{"vip", time.Second}}, Seed: 5}
	}
	for _, id := range []fact.QueueID{"a", "b"} {
		q := Queue{ID: id, WrapUp: pick(r, 0, 2*time.Second), PreferHold: pick(r, 0, time.Second, 4*time.Second),
			Needs:        pick[Needs](r, "", "english", "english>=50"),
			Distribution: pick(r, "", FewestCalls, LeastTalk, RoundRobin, Linear, WeightedRandom, BestSkill, RingAll),
			Width:        pick(r, 0, 2), Urgency: pick(r, 0, 200*time.Millisecond)}
		if d.chance(40) {
			q.Prefers = []Preference{{Skill: "cable"}, {Skill: "phone", Weight: 2}}
		}
		if d.chance(50) {
			q.Relax = []Relaxation{{After: time.Second, Needs: pick[Needs](r, "", "english>20", "cable"), Prefers: pick(r, nil, []Preference{{Skill: "phone"}})},
				{After: 3 * time.Second, DropOwn: d.chance(60)}}
		}
		if d.chance(40) {
			q.Ageing = []Ageing{{time.Second, 100 * time.Millisecond}, {4 * time.Second, 200 * time.Millisecond}}
		}
		if d.chance(50) {
			c.Known = append(c.Known, Known{id, "cable OR phone"})
		}
		c.Queues = append(c.Queues, q)
	}
	for i := range 6 {
		ag := Agent{ID: fact.AgentID(fmt.Sprint(106 - i)), Weight: pick(r, 0, 1, 50)}
		for _, q := range c.Queues {
			if d.chance(70) {
				ag.Queues = append(ag.Queues, q.ID)
			}
		}
		for _, s := range c.Skills {
			if d.chance(60) {
				ag.Skills = append(ag.Skills, Skill{ID: s, Level: r.IntN(101)})
			}
		}
		c.Agents = append(c.Agents, ag)
	}
	return c
}

func (d *day) input() Input {
	r := d.rng
	agent := fact.AgentID(fmt.Sprint(101 + r.IntN(6)))
	ticket := fact.TicketID("t0")
	if len(d.joined) > 0 {
		ticket = d.joined[r.IntN(len(d.joined))].Ticket
	}
	switch n := r.IntN(100); {
	case n < 24:
		in := Join{
			Ticket: fact.TicketID(fmt.Sprintf("t%d", r.IntN(100)*1000+len(d.joined))), Queue: pick[fact.QueueID](r, "a", "b"),
			Priority: pick(r, 0, 0, 3, 100), Joined: d.now.Add(-time.Duration(r.IntN(9)*500) * time.Millisecond),
			Needs: pick[Needs](r, "", "", "cable OR phone", "phone>=50 AND NOT cable"),
			Level: pick(r, "", "", "vip"), Repeat: pick(r, 0, 0, 1, 9),
		}
		if d.chance(40) {
			in.Prefer = agent
		}
		d.joined = append(d.joined, in)
		return in
	case n < 26:
		return Withdraw{Ticket: ticket, Why: ExitAbandoned}
	case n < 36:
		return SignIn{Agent: agent, Endpoint: fact.Endpoint("PJSIP/" + agent), Ready: true}
	case n < 38:
		return SignOut{Agent: agent}
	case n < 44:
		return Ready{Agent: agent}
	case n < 46:
		return NotReady{Agent: agent, Reason: PauseMeal}
	case n < 49:
		return Rank{Ticket: ticket, Priority: r.IntN(101)}
	case n < 51:
		return SetSkills{Agent: agent, Skills: []Skill{{ID: pick[fact.SkillID](r, "english", "cable", "phone"), Level: r.IntN(101)}}}
	case n < 52 && d.chance(50):
		return Configure{Config: d.config()}
	case n < 80:
		offers := ordered(d.acd.offers)
		if len(offers) == 0 {
			return Tick{}
		}
		o := offers[r.IntN(len(offers))]
		switch n := r.IntN(10); {
		case o.phase == PhaseTalk:
			return Released{Offer: o.id}
		case n < 2:
			return Failed{Offer: o.id, Why: pick(r, MissRejected, MissNoAnswer, MissFailed)}
		case n < 4:
			return Rang{Offer: o.id}
		case n < 6:
			return Answered{Offer: o.id}
		}
		return Connected{Offer: o.id}
	case n < 90:
		d.now = d.now.Add(time.Duration(r.IntN(1500)) * time.Millisecond)
		return Tick{}
	}
	if due, ok := d.acd.Next(); ok {
		d.now = max(d.now, due)
	}
	return Tick{}
}

func (d *day) step(in Input) error {
	expect := d.expected(in)
	_, ticking := in.(Tick)
	clear(d.kept)
	for _, t := range d.acd.tickets {
		if t.reserved() || ticking && (t.out() || len(t.refusals) > 0) {
			d.kept[t] = true
		}
	}
	effects := d.acd.Step(d.now, in)
	if err := d.acd.invariants(); err != nil {
		return err
	}
	for _, e := range effects {
		switch e := e.(type) {
		case Offer:
			d.offers++
			if err := d.bounded(e, ticking); err != nil {
				return err
			}
		case Relaxed:
			d.relaxed++
		}
	}
	if err := expect(effects); err != nil {
		return fmt.Errorf("%w: %v", err, effects)
	}
	if d.twin == nil {
		return nil
	}
	if mirrored := d.twin.Step(d.now, in); !reflect.DeepEqual(effects, mirrored) {
		return fmt.Errorf("the restored machine says %v instead of %v", mirrored, effects)
	}
	a, aok := d.acd.Next()
	b, bok := d.twin.Next()
	if a != b || aok != bok {
		return fmt.Errorf("the restored machine is next due at %d, %v instead of %d, %v", b, bok, a, aok)
	}
	return nil
}

// bounded: nobody waits whom the agent could have served and who came more
// than the cap before the one who was given the agent; nor anybody of a better
// score. Who waits for one agent does not count, nor what a tick changed after
// the offer.
func (d *day) bounded(o Offer, ticking bool) error {
	a := d.acd
	t, ag := a.tickets[o.Ticket], a.agents[o.Agent]
	most := a.config.Order.Cap
	if most == 0 {
		most = 2 * time.Hour
	}
	if t == nil {
		return nil
	}
	for _, u := range a.tickets {
		if u == t || u.out() || d.kept[u] || u.reserved() && u.prefer != ag || u.refusedBy(ag.id) || !a.meetsAt(ag, u.queue, u.needs, u.step) {
			continue
		}
		if ticking && (u.step > 0 || u.aged > 0 || t.aged > 0) {
			continue
		}
		d.overtaken++
		if t.joined.Sub(u.joined) > most || sooner(u, t) {
			return fmt.Errorf("%s was before %s, who got %s", u.id, t.id, ag.id)
		}
	}
	return nil
}

// expected is whom a ticket that joins must be offered to, and what an agent
// who gets free must be offered, by what the configuration says.
func (d *day) expected(in Input) func([]Effect) error {
	switch in := in.(type) {
	case Join:
		if d.acd.Check(in) == nil {
			return d.expectAgent(in)
		}
	case Ready:
		return d.expectTicket(in.Agent)
	case Released:
		if o, ok := d.acd.Offer(in.Offer); ok {
			return d.expectTicket(o.Agent)
		}
	}
	return func([]Effect) error { return nil }
}

func (d *day) expectAgent(in Join) func([]Effect) error {
	a, q := d.acd, d.acd.queues[in.Queue]
	step := 0
	for _, r := range q.Relax {
		if d.now.Sub(in.Joined) >= r.After {
			step++
		}
	}
	var free []*agent
	for _, ag := range ordered(a.agents) {
		if info, _ := a.Agent(ag.id); info.State == ReadyState && !info.BackOff && a.meetsAt(ag, q, in.Needs, step) {
			free = append(free, ag)
		}
	}
	key := classKey{in.Needs, step}
	gates, prefers := q.Needs, q.Prefers
	if step > 0 {
		gates, prefers = q.Relax[step-1].Needs, q.Relax[step-1].Prefers
		if q.Relax[step-1].DropOwn {
			key.needs = ""
		}
	}
	asked := &class{queue: q, key: key}
	for _, n := range []Needs{gates, key.needs} {
		r, _ := ParseNeeds(string(n))
		asked.skills = append(asked.skills, r.root.bind(a.slots).asks()...)
	}
	slices.Sort(asked.skills)
	asked.skills = slices.Compact(asked.skills)
	a.sortIdle(free, asked)
	could := free
	switch prefer := a.agents[in.Prefer]; {
	case slices.Contains(free, prefer):
		could = []*agent{prefer}
	case prefer != nil && q.PreferHold > 0 && a.meetsAt(prefer, q, in.Needs, step) && prefer.wanted.n < maxWanted &&
		slices.Contains([]State{ReadyState, OfferedState, Talking, HoldState, WrapUpState}, prefer.state):
		d.held++
		could = nil
	case q.Distribution == WeightedRandom && len(free) > 0:
		best := lacking(free[0], prefers)
		could = slices.DeleteFunc(slices.Clone(free), func(ag *agent) bool { return lacking(ag, prefers) != best })
	case q.Distribution == RingAll:
		could = free[:min(len(free), q.width())]
	case len(free) > 0:
		could = free[:1]
	}
	return func(effects []Effect) error {
		var got []fact.AgentID
		for _, e := range effects {
			if o, ok := e.(Offer); ok {
				got = append(got, o.Agent)
			}
		}
		var want []fact.AgentID
		for _, ag := range could {
			want = append(want, ag.id)
		}
		d.chosen += min(len(want), 1)
		ok := slices.Equal(got, want)
		if q.Distribution == WeightedRandom && len(want) > 0 {
			ok = len(got) == 1 && slices.Contains(want, got[0])
		}
		if !ok {
			return fmt.Errorf("offered to %v, want %v", got, want)
		}
		return nil
	}
}

// lacking is the weight of the preferred skills that an agent lacks.
func lacking(ag *agent, prefers []Preference) int {
	n := 0
	for _, p := range prefers {
		if !slices.ContainsFunc(ag.skills, func(s Skill) bool { return s.ID == p.Skill && s.Level > 0 }) {
			n += max(p.Weight, 1)
		}
	}
	return n
}

func (d *day) expectTicket(id fact.AgentID) func([]Effect) error {
	a := d.acd
	ag := a.agents[id]
	var best *ticket
	for _, t := range a.tickets {
		if ag != nil && !t.out() && (!t.reserved() || t.prefer == ag) && !t.refusedBy(id) &&
			a.meetsAt(ag, t.queue, t.needs, t.step) && (best == nil || sooner(t, best)) {
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
