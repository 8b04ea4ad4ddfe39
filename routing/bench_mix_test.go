package routing

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// BenchmarkStepFull measures one step of a large centre that uses all that
// ranks and distributes: 10,000 agents in 1 to 8 of 100 queues (3 on average),
// 40 skills, 200 classes and more by relaxation, 50,000 tickets waiting, all
// distributions but ring-all, priorities, levels, repeated calls, preferred
// agents and skills. Of the inputs 40 % are tickets that join, 40 % tickets
// whose wait ends, by a talk or without, 15 % agents' changes of state and 5 %
// relaxations and ageing. Every fifth queue is quiet and its agents idle.
func BenchmarkStepFull(b *testing.B) {
	m := newMix(10_000, 100, 50_000)
	for range 100_000 {
		m.next()
	}
	start, err := m.acd.Checkpoint()
	if err != nil {
		b.Fatal(err)
	}
	script := make([]moment, 0, 300_000)
	shares := map[string]int{}
	for range cap(script) {
		s := m.next()
		script = append(script, s)
		shares[fmt.Sprintf("%T", s.in)]++
	}
	classes := 0
	for _, q := range m.acd.queues {
		classes += len(q.classes)
	}
	b.Logf("shares of %d steps: %v; %d classes; at the end %d wait, %d offers and talks, %d relaxed",
		len(script), shares, classes, len(m.acd.tickets), len(m.acd.offers), m.relaxed)
	replay(b, start, script)
}

// TestStepFullAllocates guards the same in small.
func TestStepFullAllocates(t *testing.T) {
	m := newMix(400, 20, 2000)
	for range 10_000 {
		m.next()
	}
	start, err := m.acd.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	var script []moment
	for range 20_000 {
		script = append(script, m.next())
	}
	acd := allocates(t, start, script)
	want, err := m.acd.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := acd.Checkpoint(); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the restored machine comes to another end: %v", err)
	}
	if m.relaxed < 100 || m.connected < 1000 {
		t.Errorf("%d relaxed, %d connected: the mix does not reach the ACD", m.relaxed, m.connected)
	}
}

// mix is a centre whose inputs are drawn by their shares, gap apart, so that
// most tickets wait for some minutes.
type mix struct {
	rng                *rand.Rand
	acd                *ACD
	now, gap           fact.Instant
	queues, callers    int
	waiting            []fact.TicketID
	place              map[fact.TicketID]int
	offers, talks      []fact.OfferID
	paused             []fact.AgentID
	relaxed, connected int
}

func mixNeeds(queue int) Needs {
	return Needs(fmt.Sprintf("k%02d>=30 OR k%02d", queue%40, (queue*7+1)%40))
}

func newMix(agents, queues, waiting int) *mix {
	m := &mix{rng: rand.New(rand.NewPCG(3, 4)), acd: New(), now: 1_700_000_000_000, gap: fact.Instant(250_000 / waiting), queues: queues, place: map[fact.TicketID]int{}}
	c := Config{Order: Order{Priority: 30 * time.Second, Repeat: time.Minute, Levels: []Level{{"vip", 5 * time.Minute}}, Seed: 9}}
	for k := range 40 {
		c.Skills = append(c.Skills, fact.SkillID(fmt.Sprintf("k%02d", k)))
	}
	how := []Distribution{LongestIdle, FewestCalls, LeastTalk, RoundRobin, Linear, WeightedRandom, BestSkill}
	for n := range queues {
		q := Queue{ID: queueID(n), Distribution: how[n%len(how)], PreferHold: 20 * time.Second}
		if n%3 == 0 {
			q.Prefers = []Preference{{Skill: c.Skills[n%40]}, {Skill: c.Skills[(n+5)%40], Weight: 3}}
		}
		if n%10 == 0 {
			q.Needs = Needs(fmt.Sprintf("k%02d>=20 OR k%02d", n%40, (n+1)%40))
			q.Relax = []Relaxation{{After: 3 * time.Minute, Needs: Needs(fmt.Sprintf("k%02d OR k%02d OR k%02d", n%40, (n+1)%40, (n+2)%40))}}
		}
		if n%20 == 1 {
			q.Ageing = []Ageing{{4 * time.Minute, time.Minute}}
		}
		c.Queues = append(c.Queues, q)
		c.Known = append(c.Known, Known{q.ID, mixNeeds(n)})
	}
	busy := queues * 8 / 10
	for i := range agents {
		ag := Agent{ID: fact.AgentID(fmt.Sprintf("%05d", i)), Weight: 1 + i%20}
		from, n := 0, busy
		if i%8 == 0 {
			from, n = busy, queues-busy
		}
		many := []int{1, 1, 2, 2, 3, 3, 4, 8}[m.rng.IntN(8)]
		for _, q := range m.rng.Perm(n)[:min(many, n)] {
			ag.Queues = append(ag.Queues, queueID(from+q))
		}
		for _, s := range c.Skills {
			if m.rng.IntN(3) == 0 {
				ag.Skills = append(ag.Skills, Skill{ID: s, Level: 1 + m.rng.IntN(100)})
			}
		}
		c.Agents = append(c.Agents, ag)
	}
	m.step(Configure{Config: c})
	for _, ag := range c.Agents {
		m.step(SignIn{Agent: ag.ID, Endpoint: fact.Endpoint("PJSIP/" + ag.ID), Ready: true})
	}
	for len(m.waiting) < waiting {
		m.now += m.gap / 2
		m.join()
		for len(m.offers) > 0 {
			m.step(Connected{Offer: m.take(&m.offers)})
		}
	}
	return m
}

func (m *mix) join() moment {
	m.callers++
	busy := m.queues * 8 / 10
	n := m.rng.IntN(busy)
	if m.rng.IntN(8) == 0 {
		n = busy + m.rng.IntN(m.queues-busy)
	}
	in := Join{Ticket: fact.TicketID(fmt.Sprintf("1700000000.%d-t1", m.callers)), Queue: queueID(n), Joined: m.now}
	if m.rng.IntN(2) == 0 {
		in.Needs = mixNeeds(n)
	}
	switch m.rng.IntN(10) {
	case 0:
		in.Priority = 10
	case 1:
		in.Level = "vip"
	case 2:
		in.Repeat = 2
	case 3:
		in.Prefer = fact.AgentID(fmt.Sprintf("%05d", m.rng.IntN(len(m.acd.agents))))
	}
	return m.step(in)
}

// take takes any one out.
func (m *mix) take(from *[]fact.OfferID) fact.OfferID {
	i, last := m.rng.IntN(len(*from)), len(*from)-1
	id := (*from)[i]
	(*from)[i] = (*from)[last]
	*from = (*from)[:last]
	return id
}

// next lets the next thing happen.
func (m *mix) next() moment {
	if due, ok := m.acd.Next(); ok && due <= m.now {
		return m.step(Tick{})
	}
	m.now += m.gap
	switch n := m.rng.IntN(950); {
	case n < 400:
		return m.join()
	case n < 670 && len(m.waiting) > 0:
		return m.step(Withdraw{Ticket: m.waiting[m.rng.IntN(len(m.waiting))], Why: ExitAbandoned})
	case n < 800 && len(m.offers) > 0:
		return m.step(Connected{Offer: m.take(&m.offers)})
	case n < 930 && len(m.talks) > 0:
		return m.step(Released{Offer: m.take(&m.talks)})
	case len(m.paused) > 20:
		id := m.paused[0]
		m.paused = m.paused[1:]
		return m.step(Ready{Agent: id})
	}
	id := fact.AgentID(fmt.Sprintf("%05d", m.rng.IntN(len(m.acd.agents))))
	m.paused = append(m.paused, id)
	return m.step(NotReady{Agent: id, Reason: PauseBreak})
}

func (m *mix) step(in Input) moment {
	for _, e := range m.acd.Step(m.now, in) {
		switch e := e.(type) {
		case Joined:
			m.place[e.Ticket] = len(m.waiting)
			m.waiting = append(m.waiting, e.Ticket)
		case Offer:
			m.offers = append(m.offers, e.Offer)
		case Missed:
			for i, id := range m.offers {
				if id == e.Offer {
					m.offers[i] = m.offers[len(m.offers)-1]
					m.offers = m.offers[:len(m.offers)-1]
					break
				}
			}
		case Left:
			i, last := m.place[e.Ticket], len(m.waiting)-1
			m.waiting[i] = m.waiting[last]
			m.place[m.waiting[i]] = i
			m.waiting = m.waiting[:last]
			delete(m.place, e.Ticket)
			if e.Why == ExitConnected {
				m.connected++
				m.talks = append(m.talks, e.Offer)
			}
		case Relaxed:
			m.relaxed++
		}
	}
	return moment{at: m.now, in: in}
}

// BenchmarkUnforeseenNeeds measures the one step of the day's work that looks
// at all idle agents of a queue, 10,000: the first ticket with a requirement
// that the configuration does not foresee.
func BenchmarkUnforeseenNeeds(b *testing.B) {
	c := Config{Skills: []fact.SkillID{"k"}, Queues: []Queue{{ID: "q"}}}
	for i := range 10_000 {
		c.Agents = append(c.Agents, Agent{ID: fact.AgentID(fmt.Sprintf("%05d", i)), Queues: []fact.QueueID{"q"}, Skills: []Skill{{ID: "k", Level: i % 101}}})
	}
	acd := New()
	acd.Step(1, Configure{Config: c})
	for _, ag := range c.Agents {
		acd.Step(1, SignIn{Agent: ag.ID, Endpoint: fact.Endpoint("PJSIP/" + ag.ID), Ready: true})
	}
	n := 0
	for b.Loop() {
		// With as many classes as a queue keeps, each drops another.
		n++
		id := fact.TicketID(fmt.Sprint(n))
		acd.Step(2, Join{Ticket: id, Queue: "q", Needs: Needs(fmt.Sprintf("k>=%d OR k=%d", 1+n%100, n%37)), Joined: 2})
		b.StopTimer()
		acd.Step(2, Withdraw{Ticket: id, Why: ExitAbandoned})
		b.StartTimer()
	}
}

// BenchmarkConfigure measures a new configuration for the centre of
// BenchmarkStepFull: one step that puts every ticket and agent at its place.
func BenchmarkConfigure(b *testing.B) {
	m := newMix(10_000, 100, 50_000)
	for range 100_000 {
		m.next()
	}
	config := m.acd.config.clone()
	for b.Loop() {
		m.now++
		m.acd.Step(m.now, Configure{Config: config})
	}
}
