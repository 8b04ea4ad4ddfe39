package routing

import (
	"bytes"
	"cmp"
	"container/heap"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// BenchmarkStep measures one step of a large centre at work: 10,000 agents in
// 1 to 8 of 100 queues and 50,000 tickets waiting, a third of which ask for one
// of eight combinations of six skills. 80 queues never empty; 20 are quiet and
// their agents idle. The inputs are what the calls of such a centre bring
// about: each offer rings, is answered and connected, released after a minute
// and wrapped up (the next offer comes with it); callers arrive as fast as
// others leave; of the offers 4 % are rejected and 2 % not answered, of the
// callers 1 in 6 gives up, and after 1 talk in 10 the agent pauses for a
// while. The shares are logged.
//
// They are recorded beforehand and replayed on a machine restored from a
// checkpoint, so that nothing but Step is measured.
//
// The same crowd in 2 queues, one of them quiet, is the worst case for lines.
func BenchmarkStep(b *testing.B) {
	for _, queues := range []int{100, 2} {
		b.Run(fmt.Sprintf("queues=%d", queues), func(b *testing.B) { benchmarkStep(b, queues) })
	}
}

func benchmarkStep(b *testing.B, queues int) {
	c := newCrowd(10_000, queues, 50_000)
	for range 300_000 {
		c.next()
	}
	start, err := c.acd.Checkpoint()
	if err != nil {
		b.Fatal(err)
	}
	script := make([]moment, 0, 300_000)
	shares := map[string]int{}
	for range cap(script) {
		m := c.next()
		script = append(script, m)
		shares[fmt.Sprintf("%T", m.in)]++
	}
	b.Logf("shares of %d steps: %v; at the end %d wait, %d offers and talks", len(script), shares, len(c.acd.tickets), len(c.acd.offers))

	replay(b, start, script)
}

// replay measures the steps of a script, from a checkpoint, again and again.
func replay(b *testing.B, start []byte, script []moment) {
	var acd *ACD
	var err error
	took := make([]int64, 0, 1<<20)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if i%len(script) == 0 {
			b.StopTimer()
			if acd, err = Restore(start); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		m := &script[i%len(script)]
		began := time.Now()
		acd.Step(m.at, m.in)
		if d := time.Since(began); len(took) < cap(took) {
			took = append(took, d.Nanoseconds())
		}
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2]), "p50-ns/step")
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns/step")
	b.ReportMetric(float64(took[len(took)-1]), "max-ns/step")
}

// TestStepAllocates guards the bound of mean allocations a step, and that a
// machine restored in the middle of the work comes to the same end.
func TestStepAllocates(t *testing.T) {
	c := newCrowd(400, 10, 2000)
	for range 10_000 {
		c.next()
	}
	start, err := c.acd.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	var script []moment
	for range 10_000 {
		script = append(script, c.next())
	}
	acd := allocates(t, start, script)
	want, err := c.acd.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := acd.Checkpoint(); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the restored machine comes to another end: %v", err)
	}
}

// allocates runs a script from a checkpoint and holds the mean allocations of
// a step to their bound; the machine is as it is afterwards.
func allocates(t *testing.T, start []byte, script []moment) *ACD {
	acd, err := Restore(start)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, m := range script {
		acd.Step(m.at, m.in)
	}
	runtime.ReadMemStats(&after)
	mean := float64(after.Mallocs-before.Mallocs) / float64(len(script))
	t.Logf("%.2f allocations a step", mean)
	if mean >= 10 {
		t.Errorf("%.2f allocations a step, want under 10", mean)
	}
	return acd
}

// moment is an input and its instant.
type moment struct {
	at  fact.Instant
	seq int
	in  Input
}

// agenda is what will happen, the next first.
type agenda []moment

func (g agenda) Len() int      { return len(g) }
func (g agenda) Swap(i, j int) { g[i], g[j] = g[j], g[i] }
func (g agenda) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(g[i].at, g[j].at), cmp.Compare(g[i].seq, g[j].seq)) < 0
}
func (g *agenda) Push(x any) { *g = append(*g, x.(moment)) }
func (g *agenda) Pop() any {
	old := *g
	m := old[len(old)-1]
	*g = old[:len(old)-1]
	return m
}

// crowd is a centre with callers and agents who act.
type crowd struct {
	rng     *rand.Rand
	acd     *ACD
	now     fact.Instant
	plans   agenda
	seq     int
	queues  int
	callers int
}

var benchNeeds = []Needs{
	"s0>=50", "s1", "s0>=30 AND s1", "s2 OR s3", "s2>=40 AND NOT s5", "(s0 OR s1) AND s4>=20", "NOT s5", "s3>=60",
}

func newCrowd(agents, queues, waiting int) *crowd {
	c := &crowd{rng: rand.New(rand.NewPCG(1, 2)), acd: New(), now: 1_700_000_000_000, queues: queues}
	config := Config{Skills: []fact.SkillID{"s0", "s1", "s2", "s3", "s4", "s5"}}
	for q := range queues {
		config.Queues = append(config.Queues, Queue{ID: queueID(q), WrapUp: time.Duration(q%3) * 5 * time.Second})
	}
	busy := queues * 8 / 10
	for i := range agents {
		ag := Agent{ID: fact.AgentID(fmt.Sprintf("%05d", i))}
		from, n := 0, busy
		if i%8 == 0 {
			from, n = busy, queues-busy
		}
		for _, q := range c.rng.Perm(n)[:1+c.rng.IntN(8)%n] {
			ag.Queues = append(ag.Queues, queueID(from+q))
		}
		for _, s := range config.Skills {
			if c.rng.IntN(2) == 0 {
				ag.Skills = append(ag.Skills, Skill{ID: s, Level: 1 + c.rng.IntN(100)})
			}
		}
		config.Agents = append(config.Agents, ag)
	}
	c.step(Configure{Config: config})
	for _, ag := range config.Agents {
		c.step(SignIn{Agent: ag.ID, Endpoint: fact.Endpoint("PJSIP/" + ag.ID), Ready: true})
	}
	for len(c.acd.tickets) < waiting {
		c.now += fact.Instant(c.rng.IntN(2))
		c.step(c.arrival())
	}
	return c
}

func queueID(n int) fact.QueueID { return fact.QueueID(fmt.Sprintf("queue-%03d", n)) }

// arrival is a caller: 1 in 6 for a quiet queue; of the others 1 in 6 will
// give up.
func (c *crowd) arrival() Input {
	c.callers++
	busy := c.queues * 8 / 10
	in := Join{Ticket: fact.TicketID(fmt.Sprintf("1700000000.%d-t1", c.callers)), Joined: c.now}
	if c.rng.IntN(6) == 0 {
		in.Queue = queueID(busy + c.rng.IntN(c.queues-busy))
		return in
	}
	in.Queue = queueID(c.rng.IntN(busy))
	if c.rng.IntN(3) == 0 {
		in.Needs = benchNeeds[c.rng.IntN(len(benchNeeds))]
	}
	if c.rng.IntN(10) == 0 {
		in.Priority = 10
	}
	if c.rng.IntN(6) == 0 {
		c.plan(time.Duration(c.rng.IntN(300_000))*time.Millisecond, Withdraw{Ticket: in.Ticket, Why: ExitAbandoned})
	}
	return in
}

func (c *crowd) plan(in time.Duration, what Input) {
	c.seq++
	heap.Push(&c.plans, moment{at: c.now.Add(in), seq: c.seq, in: what})
}

// next lets the next thing happen.
func (c *crowd) next() moment {
	due, ok := c.acd.Next()
	if ok && (len(c.plans) == 0 || due <= c.plans[0].at) {
		c.now = max(c.now, due)
		return c.step(Tick{})
	}
	m := heap.Pop(&c.plans).(moment)
	c.now = max(c.now, m.at)
	return c.step(m.in)
}

func (c *crowd) step(in Input) moment {
	for _, e := range c.acd.Step(c.now, in) {
		switch e := e.(type) {
		case Offer:
			c.answer(e)
		case Left:
			c.plan(0, c.arrival())
		case Became:
			if e.To == NotReadyIn && e.Reason != PauseSignedIn {
				c.plan(time.Duration(10+c.rng.IntN(50))*time.Second, Ready{Agent: e.Agent})
			}
		}
	}
	return moment{at: c.now, in: in}
}

// answer plans what the agent does about an offer.
func (c *crowd) answer(e Offer) {
	after := func(ms int) time.Duration { return time.Duration(ms+c.rng.IntN(200)) * time.Millisecond }
	c.plan(after(100), Rang{Offer: e.Offer})
	switch n := c.rng.IntN(100); {
	case n < 4:
		c.plan(after(2000), Failed{Offer: e.Offer, Why: MissRejected})
	case n < 6: // lets it ring
	default:
		c.plan(after(3000), Answered{Offer: e.Offer})
		c.plan(after(3300), Connected{Offer: e.Offer})
		talk := after(10_000 + c.rng.IntN(100_000))
		if c.rng.IntN(10) == 0 {
			c.plan(talk-time.Second, NotReady{Agent: e.Agent, Reason: PauseBreak})
		}
		c.plan(talk, Released{Offer: e.Offer})
	}
}
