package routing

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// shift is a day of one queue: callers come at random, agents take them one
// after the other.
type shift struct {
	agents  int
	calls   int
	load    float64 // of the agents
	service func(*rand.Rand) float64
	mean    float64 // ms of a service
	// patience is the mean, in ms, after which a caller gives up, 0 for never.
	patience float64
	// away is how many of the agents are away for every other hour.
	away int
}

// happens is something due in a shift.
type happens struct {
	at   fact.Instant
	n    int
	what Input
}

type roster []happens

func (h roster) Len() int { return len(h) }
func (h roster) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].n < h[j].n
}
func (h roster) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *roster) Push(x any)   { *h = append(*h, x.(happens)) }
func (h *roster) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// work plays a shift. heard is told of each caller who came into a line, was
// told a wait and was served: what it came to, what was expected, and what
// app_queue would have said, which is the average wait of those before and 30
// seconds, whatever the place.
func (w shift) work(t *testing.T, seed uint64, heard func(waited, ours, theirs float64)) *ACD {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	a := New()
	c := Config{Queues: []Queue{{ID: "q"}}}
	for i := range w.agents {
		c.Agents = append(c.Agents, Agent{ID: fact.AgentID("a" + strconv.Itoa(i)), Queues: []fact.QueueID{"q"}})
	}
	var todo roster
	n := 0
	at := func(when fact.Instant, what Input) {
		n++
		heap.Push(&todo, happens{when, n, what})
	}
	a.Step(1, Configure{Config: c})
	for i, ag := range c.Agents {
		a.Step(1, SignIn{Agent: ag.ID, Endpoint: fact.Endpoint("e" + strconv.Itoa(i))})
		a.Step(1, Ready{Agent: ag.ID})
	}
	gap := w.mean / float64(w.agents) / w.load
	if w.away > 0 {
		gap = w.mean / (float64(w.agents) - float64(w.away)/2) / w.load
	}
	now := 1.0
	for i := range w.calls {
		now += r.ExpFloat64() * gap
		id := fact.TicketID("t" + strconv.Itoa(1_000_000+i))
		at(fact.Instant(now), Join{Ticket: id, Queue: "q", Joined: fact.Instant(now)})
		if w.patience > 0 {
			at(fact.Instant(now+r.ExpFloat64()*w.patience), Withdraw{Ticket: id, Why: ExitAbandoned})
		}
	}
	for hour := range int(now / 3_600_000) {
		for i := range w.away {
			when, id := fact.Instant((hour+1)*3_600_000), fact.AgentID("a"+strconv.Itoa(i))
			if hour%2 == 0 {
				at(when, NotReady{Agent: id, Reason: "break"})
			} else {
				at(when, Ready{Agent: id})
			}
		}
	}
	type words struct{ ours, theirs float64 }
	said := map[fact.TicketID]words{}
	holdtime := 0.0
	for todo.Len() > 0 {
		h := heap.Pop(&todo).(happens)
		for due, some := a.Next(); some && due < h.at; due, some = a.Next() {
			t.Fatalf("a lease of %d ends at %d, before %+v", due, h.at, h)
		}
		queue := []Effect(a.Step(h.at, h.what))
		for len(queue) > 0 {
			e := queue[0]
			queue = queue[1:]
			switch e := e.(type) {
			case Joined:
				if x := a.Expect(e.Ticket); x.Known {
					said[e.Ticket] = words{float64(x.Mid), holdtime + 30_000}
				}
			case Offer:
				queue = append(queue, a.Step(h.at, Connected{Offer: e.Offer})...)
				at(h.at+fact.Instant(max(1, w.service(r)*w.mean)), Released{Offer: e.Offer})
			case Left:
				if e.Why == ExitConnected {
					if x, told := said[e.Ticket]; told && heard != nil {
						heard(float64(e.Waited), x.ours, x.theirs)
					}
					holdtime += (float64(e.Waited) - holdtime) / 8
				}
				delete(said, e.Ticket)
			}
		}
	}
	return a
}

func chance(r *rand.Rand) float64 { return r.ExpFloat64() }

// shifts are the days that the expected wait is held to.
var shifts = map[string]shift{
	"M/M/1":              {agents: 1, calls: 8000, load: 0.9, service: chance, mean: 120_000},
	"M/M/10":             {agents: 10, calls: 8000, load: 0.97, service: chance, mean: 180_000},
	"M/M/40":             {agents: 40, calls: 12000, load: 0.99, service: chance, mean: 180_000},
	"constant":           {agents: 10, calls: 8000, load: 0.97, service: func(*rand.Rand) float64 { return 1 }, mean: 180_000},
	"log-normal":         {agents: 10, calls: 8000, load: 0.95, service: func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()*0.8 - 0.32) }, mean: 180_000},
	"callers give up":    {agents: 10, calls: 8000, load: 1.1, service: chance, mean: 180_000, patience: 400_000},
	"agents come and go": {agents: 12, calls: 8000, load: 0.93, service: chance, mean: 180_000, away: 4},
}

// Nine waits in ten end inside what was said, and on the average what was said
// was right.
func TestExpectedWaitCovers(t *testing.T) {
	for name, w := range shifts {
		t.Run(name, func(t *testing.T) {
			a := w.work(t, 1, nil)
			q, _ := a.Queue("q")
			acc := q.Accuracy
			if acc.Told < 500 {
				t.Fatalf("only %d waits were forecast", acc.Told)
			}
			share := acc.Inside * 1000 / acc.Told
			t.Logf("%d forecasts, %d‰ inside, bias %d‰", acc.Told, share, acc.Bias)
			if share < 850 || share > 950 {
				t.Errorf("%d‰ of %d inside, want 850 to 950", share, acc.Told)
			}
			if acc.Bias < -100 || acc.Bias > 100 {
				t.Errorf("bias %d‰, want within 100", acc.Bias)
			}
		})
	}
}

// What app_queue says, the average wait of those before, is further off than
// the expected wait on every one of these days.
func TestAppQueuesFormulaWouldFail(t *testing.T) {
	for name, w := range shifts {
		var ours, theirs, n float64
		w.work(t, 2, func(waited, a, b float64) {
			ours, theirs, n = ours+math.Abs(a-waited), theirs+math.Abs(b-waited), n+1
		})
		t.Logf("%-18s off by %5.1f s, app_queue by %5.1f s", name, ours/n/1000, theirs/n/1000)
		if ours > theirs {
			t.Errorf("%s: ours is off by %.0f ms, theirs by %.0f ms", name, ours/n, theirs/n)
		}
	}
}

// A queue lets nobody in who would wait for too long, once it knows its pace.
func TestMaxExpectedTurnsAway(t *testing.T) {
	w := shift{agents: 1, calls: 40, load: 0.98, service: func(*rand.Rand) float64 { return 1 }, mean: 60_000}
	a := w.work(t, 3, nil)
	c := a.Config()
	c.Queues[0].MaxExpected = 150 * time.Second
	now, _ := fact.Instant(1<<40), a.Step(1<<40, Configure{Config: c})
	a.Step(now, NotReady{Agent: "a0", Reason: "break"})
	join := func(n int) Exit {
		now++
		for _, e := range a.Step(now, Join{Ticket: fact.TicketID("n" + strconv.Itoa(n)), Queue: "q", Joined: now}) {
			if l, ok := e.(Left); ok {
				return l.Why
			}
		}
		return ""
	}
	for n := range 5 {
		if why := join(n); why != "" {
			t.Fatalf("nobody can say how long it takes, and yet the %d. is turned away: %q", n+1, why)
		}
		now++
		a.Step(now, Withdraw{Ticket: fact.TicketID("n" + strconv.Itoa(n))})
	}
	a.Step(now, Ready{Agent: "a0"})
	if why := join(10); why != "" {
		t.Fatalf("an agent is idle: %q", why)
	}
	let := 0
	for join(20+let) == "" {
		if let++; let > 10 {
			t.Fatal("everybody is let in")
		}
	}
	if let < 1 || let > 3 {
		t.Errorf("%d were let in to wait 150 s at a minute each", let)
	}
	if why := join(50); why != ExitLongWait {
		t.Errorf("turned away as %q", why)
	}
}

// What is known of a queue's pace is in the checkpoint.
func TestExpectedWaitSurvives(t *testing.T) {
	a := shifts["M/M/10"].work(t, 4, nil)
	a.Step(1<<40, NotReady{Agent: "a0", Reason: "break"})
	for i := range 12 {
		a.Step(1<<40, Join{Ticket: fact.TicketID("n" + strconv.Itoa(10+i)), Queue: "q", Joined: 1 << 40})
	}
	b, err := a.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	twin, err := Restore(b)
	if err != nil {
		t.Fatal(err)
	}
	was := a.Expect("n21")
	if got := twin.Expect("n21"); got != was || !was.Known || was.Low <= 0 || was.High <= was.Mid {
		t.Errorf("expects %+v, before %+v", got, was)
	}
	if x, y := a.Expect("n20"), a.Expect("n21"); x.Mid >= y.Mid {
		t.Errorf("who stands before expects %+v, who stands behind %+v", x, y)
	}
	if again, _ := twin.Checkpoint(); string(again) != string(b) {
		t.Error("the twin's checkpoint differs")
	}
}
