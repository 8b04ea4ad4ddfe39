package simulate

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// one is a plan of one queue with n agents, calls an hour and talks of a mean.
func one(n int, perHour float64, talk time.Duration) Plan {
	return Plan{
		Centre: routing.Config{Queues: []routing.Queue{{ID: "q"}}},
		For:    22 * time.Hour,
		WarmUp: 2 * time.Hour,
		Runs:   20,
		Load:   []Load{{Queue: "q", PerHour: []float64{perHour}, Talk: Times{Mean: talk}}},
		Staff:  []Shift{{Count: n, Queues: []fact.QueueID{"q"}}},
	}
}

func simulated(t *testing.T, p Plan) Report {
	t.Helper()
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// agree wants closed figures to be within the intervals of the simulation. Of
// many intervals at 95 % some miss: one in the whole test may, by little.
type agree struct {
	t      *testing.T
	missed int
}

func (a *agree) figure(name string, e Estimate, want float64) {
	a.t.Helper()
	a.t.Logf("%s: %.4f in %.4f to %.4f, closed form %.4f", name, e.Value, e.Low, e.High, want)
	if e.Low <= want && want <= e.High {
		return
	}
	a.missed++
	if half := (e.High - e.Low) / 2; a.missed > 1 || math.Abs(e.Value-want) > 1.5*half {
		a.t.Errorf("%s: %.4f in %.4f to %.4f, want %.4f", name, e.Value, e.Low, e.High, want)
	}
}

func TestErlangC(t *testing.T) {
	// Three servers and two erlangs: 4/9 wait, which textbooks have.
	if c := ErlangC(2, 1, 3, 0); math.Abs(c.Waits-4.0/9) > 1e-12 || math.Abs(c.Level-5.0/9) > 1e-12 || math.Abs(c.Wait-4.0/9) > 1e-12 {
		t.Errorf("%+v", c)
	}
	if c := ErlangC(3, 1, 3, 0); c.Waits != 1 || !math.IsInf(c.Wait, 1) {
		t.Errorf("a full load: %+v", c)
	}
	a := agree{t: t}
	for _, c := range []struct {
		n       int
		perHour float64
		talk    time.Duration
	}{{3, 40, 3 * time.Minute}, {12, 200, 3 * time.Minute}, {50, 880, 3 * time.Minute}} {
		r := simulated(t, one(c.n, c.perHour, c.talk))
		want := ErlangC(c.perHour/3600e3, float64(c.talk.Milliseconds()), c.n, 15e3)
		q := r.Queues[0]
		a.figure("level", q.Level, want.Level)
		a.figure("wait", q.Wait, want.Wait)
		a.figure("busy", r.Agents.Busy, want.Busy)
		if q.Abandoned+q.Lost > 0 || q.Calls != q.Answered {
			t.Errorf("%+v: some were not answered", q)
		}
	}
}

func TestErlangA(t *testing.T) {
	// Callers of endless patience make it Erlang C; a queue by hand, from the
	// steady state of the number in the system, is the other check.
	long, c := ErlangA(2, 1, 1e6, 3, 0.5), ErlangC(2, 1, 3, 0.5)
	if math.Abs(long.Waits-c.Waits) > 1e-4 || math.Abs(long.Level-c.Level) > 1e-4 || math.Abs(long.Wait-c.Wait) > 1e-3 {
		t.Errorf("%+v, Erlang C %+v", long, c)
	}
	const rate, talk, patience, n = 5.0, 1.0, 2.0, 4
	sum, waits, queue, p := 0.0, 0.0, 0.0, 1.0
	for k := 0; k < 200; k++ {
		sum += p
		if k >= n {
			waits += p
			queue += p * float64(k-n)
		}
		p *= rate / (min(float64(k+1), n)/talk + max(float64(k+1)-n, 0)/patience)
	}
	by := ErlangA(rate, talk, patience, n, 0.25)
	if math.Abs(by.Waits-waits/sum) > 1e-6 || math.Abs(by.Abandons-queue/sum/patience/rate) > 1e-6 {
		t.Errorf("%+v: want %v who wait and %v who give up", by, waits/sum, queue/sum/patience/rate)
	}
	a := agree{t: t}
	for _, c := range []struct {
		n              int
		perHour        float64
		talk, patience time.Duration
	}{{3, 70, 3 * time.Minute, time.Minute}, {12, 250, 3 * time.Minute, 2 * time.Minute}, {50, 1100, 3 * time.Minute, 5 * time.Minute}} {
		plan := one(c.n, c.perHour, c.talk)
		plan.Load[0].Patience = Times{Mean: c.patience}
		r := simulated(t, plan)
		want := ErlangA(c.perHour/3600e3, float64(c.talk.Milliseconds()), float64(c.patience.Milliseconds()), c.n, 15e3)
		q := r.Queues[0]
		a.figure("level", q.Level, want.Level)
		a.figure("abandons", q.Abandons, want.Abandons)
		a.figure("wait", q.Wait, want.Wait)
		a.figure("busy", r.Agents.Busy, want.Busy)
	}
}

// mixed is a plan with something of everything.
func mixed() Plan {
	return Plan{
		Centre: routing.Config{
			Skills: []fact.SkillID{"english"},
			Queues: []routing.Queue{{ID: "sales", WrapUp: time.Minute}, {ID: "help", Ring: 10 * time.Second}},
			Agents: []routing.Agent{
				{ID: "1001", Queues: []fact.QueueID{"sales", "help"}, Skills: []routing.Skill{{ID: "english", Level: 80}}},
				{ID: "1002", Queues: []fact.QueueID{"sales"}},
			},
		},
		For: 4 * time.Hour, WarmUp: 30 * time.Minute, Seed: 7,
		Load: []Load{{
			Queue: "sales", PerHour: []float64{60, 0, 90}, Interval: 45 * time.Minute,
			Kinds:    []Kind{{Part: 3}, {Part: 1, Needs: "english", Priority: 2}},
			Talk:     Times{Mean: 2 * time.Minute, Spread: LogNormal, Deviation: time.Minute},
			Patience: Times{Mean: 3 * time.Minute}, WrapUp: Times{Mean: 20 * time.Second, Spread: Fixed},
		}, {
			Queue: "help", Talk: Times{Spread: Recorded, List: []time.Duration{time.Minute, 5 * time.Minute}},
			Calls: []Call{{At: 2 * time.Hour}, {At: time.Hour, Talk: 90 * time.Second, Patience: time.Second, Needs: "english"}},
		}},
		Staff:  []Shift{{To: 4 * time.Hour}, {Count: 3, Queues: []fact.QueueID{"sales", "help"}, From: time.Hour, To: 3 * time.Hour}},
		Habits: Habits{Answer: Times{Mean: 4 * time.Second}, NoAnswer: 0.05, Reject: 0.05},
	}
}

func TestSimulateIsRepeatable(t *testing.T) {
	var told []int64
	first, err := Run(context.Background(), mixed(), func(done, total int64) {
		told = append(told, done)
		if done > total || total != (4*time.Hour).Milliseconds() {
			t.Errorf("%d of %d", done, total)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	again := simulated(t, mixed())
	first.Took, again.Took = 0, 0
	if !reflect.DeepEqual(first, again) {
		t.Errorf("two runs differ:\n%+v\n%+v", first, again)
	}
	if len(told) < 2 || told[len(told)-1] != (4*time.Hour).Milliseconds() {
		t.Errorf("progress %v", told)
	}
	other := mixed()
	other.Seed = 8
	if r := simulated(t, other); reflect.DeepEqual(r.Queues, again.Queues) {
		t.Error("another seed gives the same")
	}

	sales, help := first.Queues[0], first.Queues[1]
	if sales.Calls < 100 || sales.Calls != sales.Answered+sales.Abandoned+sales.Lost || sales.Abandoned == 0 || sales.Answered == 0 {
		t.Errorf("sales %+v", sales)
	}
	if help.Calls != 2 || help.Answered+help.Abandoned != 2 {
		t.Errorf("help %+v", help)
	}
	o := first.Agents
	if o.Agents != 5 || o.NotReady == 0 || o.WrapUp == 0 || o.Talking == 0 || o.Offered == 0 || o.Busy.Value <= 0 || o.Busy.Value >= 1 {
		t.Errorf("agents %+v", o)
	}
	// Two agents for 3.5 hours and three for two, and what talks take beyond
	// a shift.
	if o.Signed < 12.95 || o.Signed > 13.2 {
		t.Errorf("%.2f hours signed in, want 13", o.Signed)
	}
}

// The same callers come whatever the staff is, so that plans can be compared.
// What queues want written down is written within the wrap-up.
func TestNobodyIsKeptByWhatIsWritten(t *testing.T) {
	plain, writing := mixed(), mixed()
	writing.Centre.Queues = slices.Clone(writing.Centre.Queues)
	for i := range writing.Centre.Queues {
		writing.Centre.Queues[i].Log = []routing.LogField{{ID: "result", Required: true}}
	}
	a, b := simulated(t, plain), simulated(t, writing)
	a.Took, b.Took = 0, 0
	if !reflect.DeepEqual(a, b) {
		t.Errorf("with something to write\n%+v\nwithout\n%+v", b, a)
	}
	if writing.Centre.Queues[0].Log == nil {
		t.Error("the plan was changed")
	}
}

func TestPlansAreComparedOnTheSameCallers(t *testing.T) {
	few, many := one(4, 60, 3*time.Minute), one(40, 60, 3*time.Minute)
	few.Runs, many.Runs = 1, 1
	a, b := simulated(t, few), simulated(t, many)
	if a.Queues[0].Calls != b.Queues[0].Calls || a.Queues[0].Calls < 300 {
		t.Errorf("%d and %d calls", a.Queues[0].Calls, b.Queues[0].Calls)
	}
	if w := b.Queues[0]; w.Wait.Value != 0 || w.Level.Value != 1 || a.Queues[0].Wait.Value <= 0 {
		t.Errorf("waits %+v and %+v", a.Queues[0].Wait, w.Wait)
	}
}

// Callers whom nobody will ever serve end a run, and are counted.
func TestNobodyAtWork(t *testing.T) {
	p := one(1, 60, time.Minute)
	p.Runs, p.Staff[0].To = 1, time.Second
	q := simulated(t, p).Queues[0]
	if q.Calls < 300 || q.Lost != q.Calls || q.Level.Value != 0 {
		t.Errorf("%+v", q)
	}
}

func TestPlansAreChecked(t *testing.T) {
	for _, c := range []struct {
		spot func(*Plan)
		want string
	}{
		{func(p *Plan) { p.For = 0 }, "for: 0s: want 1m to 744h"},
		{func(p *Plan) { p.WarmUp = p.For }, "warm_up: 4h0m0s: want less than for"},
		{func(p *Plan) { p.Runs = 1001 }, "runs: 1001"},
		{func(p *Plan) { p.Load = nil }, "load: none"},
		{func(p *Plan) { p.Load[0].Queue = "lost" }, "load[0].queue: lost: want a queue of the centre"},
		{func(p *Plan) { p.Load[0].Kinds = []Kind{{Part: 1, Needs: "fibre"}} }, "load[0].kinds[0]"},
		{func(p *Plan) { p.Load[0].Kinds = []Kind{{}} }, "load[0].kinds: 0"},
		{func(p *Plan) { p.Load[0].PerHour = []float64{math.NaN()} }, "load[0].per_hour[0]"},
		{func(p *Plan) { p.Load[0].PerHour = nil }, "load[0]: nobody"},
		{func(p *Plan) { p.Load[0].Talk.Spread = "normal" }, "load[0].talk.spread: normal"},
		{func(p *Plan) { p.Load[0].Talk.Spread = Recorded }, "load[0].talk.list: none"},
		{func(p *Plan) { p.Load[1].Calls = []Call{{At: -1}} }, "load[1].calls[0]"},
		{func(p *Plan) { p.Staff[0].Agents = []fact.AgentID{"9"} }, "staff[0].agents: 9: want an agent"},
		{func(p *Plan) { p.Staff[1].Agents = []fact.AgentID{"1001"} }, "staff[1]: agents and count"},
		{func(p *Plan) { p.Staff[1].Queues = []fact.QueueID{"lost"} }, "staff[1].queues: lost: want a queue of the centre"},
		{func(p *Plan) { p.Staff[1].Skills = []routing.Skill{{ID: "lost"}} }, "staff[1].skills: lost 0"},
		{func(p *Plan) { p.Centre = routing.Config{} }, "wrong plan:\n  centre: the plan has no centre: write one under centre"},
		{func(p *Plan) { p.Centre.Agents = append(p.Centre.Agents, p.Centre.Agents[0]) }, "\n  centre: "},
		{func(p *Plan) { p.Staff[1].Count = 200_000 }, "staff[1].count"},
		{func(p *Plan) { p.Staff[1].To = time.Minute }, "staff[1].to"},
		{func(p *Plan) { p.Habits.NoAnswer = 1.1 }, "habits.no_answer"},
		{func(p *Plan) { p.Habits.Reject = 1 }, "habits.reject"},
	} {
		p := mixed()
		c.spot(&p)
		if _, err := Run(context.Background(), p, nil); !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v does not say %q", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, mixed(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that was called off: %v", err)
	}
}

func TestTimesKeepTheirMean(t *testing.T) {
	rnd := stream(1, 0, 0)
	for _, d := range []Times{
		{Mean: time.Minute},
		{Mean: time.Minute, Spread: Fixed},
		{Mean: time.Minute, Spread: LogNormal, Deviation: 2 * time.Minute},
		{Spread: Recorded, List: []time.Duration{30 * time.Second, 90 * time.Second}},
	} {
		const n = 200_000
		sum := 0.0
		for range n {
			sum += float64(d.draw(rnd)) / n
		}
		if math.Abs(sum-60e3) > 1000 {
			t.Errorf("%+v: mean %.0f ms", d, sum)
		}
	}
}

func TestBucketsAreFine(t *testing.T) {
	for ms := int64(0); ms < 1e7; ms += 1 + ms/100 {
		if got := bucketFrom(bucket(ms)); math.Abs(got-float64(ms)) > 0.02*float64(ms) {
			t.Fatalf("%d ms count as %.1f", ms, got)
		}
	}
	for degrees, want := range map[int]float64{1: 12.706, 4: 2.776, 5: 2.571, 10: 2.228, 19: 2.093, 100: 1.984} {
		if got := student(degrees); math.Abs(got-want) > 0.003 {
			t.Errorf("student(%d) = %.4f, want %.3f", degrees, got, want)
		}
	}
}

// TestADayInLittle is a hundredth of the day of BenchmarkDay.
func TestADayInLittle(t *testing.T) {
	r := simulated(t, day(1))
	q := r.Queues[0]
	if q.Calls < 9_500 || q.Calls > 10_500 || q.Answered < q.Calls*9/10 || q.Calls != q.Answered+q.Abandoned+q.Lost || r.Agents.Agents != 100 {
		t.Errorf("%+v %+v", q, r.Agents)
	}
	if perCall := float64(r.Steps) / float64(q.Calls); perCall < 5 || perCall > 9 {
		t.Errorf("%.1f steps a call", perCall)
	}
}

// BenchmarkDay simulates a part of a day of 1,000,000 calls and 10,000 agents:
// 10,000 calls and 100 agents of it with -short, else the whole.
func BenchmarkDay(b *testing.B) {
	size := 100
	if testing.Short() {
		size = 1
	}
	p := day(size)
	for b.Loop() {
		r, err := Run(context.Background(), p, nil)
		if err != nil {
			b.Fatal(err)
		}
		calls := int64(0)
		for _, q := range r.Queues {
			calls += q.Calls
		}
		b.ReportMetric(float64(calls), "calls")
		b.ReportMetric(float64(r.Steps)/float64(calls), "steps/call")
		b.ReportMetric(r.Agents.Busy.Value*100, "busy-%")
		if calls < int64(size)*9_500 || r.Queues[0].Answered < r.Queues[0].Calls/2 {
			b.Fatalf("%d calls, %+v", calls, r.Queues[0])
		}
	}
}

// day is 10,000 calls and 100 agents times size, in as many queues, over a day
// with its peak at ten; each agent serves three queues.
func day(size int) Plan {
	p := Plan{For: 24 * time.Hour, Centre: routing.Config{Skills: []fact.SkillID{"english", "cable"}}, Habits: Habits{Answer: Times{Mean: 4 * time.Second}, NoAnswer: 0.01}}
	name := func(n int) fact.QueueID {
		return fact.QueueID("q" + string(rune('a'+n%size/26)) + string(rune('a'+n%size%26)))
	}
	shape := []float64{5, 3, 2, 2, 3, 8, 20, 45, 75, 98, 100, 92, 78, 82, 90, 88, 80, 68, 54, 45, 36, 26, 16, 9}
	sum := 0.0
	for _, s := range shape {
		sum += s
	}
	hours := make([]float64, len(shape))
	for i, s := range shape {
		hours[i] = s / sum * 10_000
	}
	for q := range size {
		p.Centre.Queues = append(p.Centre.Queues, routing.Queue{ID: name(q), WrapUp: 30 * time.Second})
		p.Load = append(p.Load, Load{
			Queue: name(q), PerHour: hours, Kinds: []Kind{{Part: 8}, {Part: 1, Needs: "english>=50"}, {Part: 1, Needs: "cable", Priority: 3}},
			Talk: Times{Mean: 4 * time.Minute, Spread: LogNormal, Deviation: 3 * time.Minute}, Patience: Times{Mean: 3 * time.Minute},
		})
		queues := []fact.QueueID{name(q)}
		if size > 2 {
			queues = append(queues, name(q+1), name(q+2))
		}
		skills := []routing.Skill{{ID: "english", Level: 50 + q%50}, {ID: "cable", Level: 50}}
		// Everybody for the day's middle, a part of them for its ends.
		p.Staff = append(p.Staff,
			Shift{Count: 30, Queues: queues, Skills: skills},
			Shift{Count: 70, Queues: queues, Skills: skills[1:], From: 7 * time.Hour, To: 21 * time.Hour},
		)
	}
	return p
}
