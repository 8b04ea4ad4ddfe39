package main

import (
	"context"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// lookEvery is how often it is looked at what the process takes.
	lookEvery = time.Second
	// calmBelow and busyFrom are parts of one processor that the process takes:
	// so little for calmAfter looks and one is enough, so much and it is not.
	calmBelow = 0.4
	busyFrom  = 0.6
	calmAfter = 3
	// slowSync is an fsync that would keep everything waiting if there were one
	// processor only: who waits for a disk gives it up late.
	slowSync = 3 * time.Millisecond
	// lingerAll is for how long after long work all of them are still worked
	// on: more of it may follow, and each change stops the process for a moment.
	lingerAll = 20 * time.Millisecond
)

// processors has the process work on one processor while calls are all it has
// to do and they do not fill half of it, and on all there are otherwise. A call
// is some thirty short pieces of work, each of which waits for the one before:
// a second processor finds nothing to do, and waking it takes longer than the
// piece (docs/adr/0006).
type processors struct {
	all  int
	set  func(n int)
	used func() time.Duration // the processor's time that the process took
	sync func() time.Duration // how long the last fsync took

	mu     sync.Mutex
	now    int
	calm   bool
	quiet  int // looks in a row that found little
	long   int // pieces of long work under way
	linger *time.Timer
	raised uint64

	last time.Duration // used at the last look
	at   time.Time
}

// newProcessors works on all processors until run has found one to be enough.
// Where the environment sets GOMAXPROCS it is nil, which does nothing.
func newProcessors() *processors {
	all := runtime.GOMAXPROCS(0)
	if os.Getenv("GOMAXPROCS") != "" || all < 2 {
		return nil
	}
	return &processors{all: all, now: all, set: func(n int) { runtime.GOMAXPROCS(n) }, used: cpuTime}
}

// cpuTime is the processor's time that this process has taken.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // it cannot fail for ourselves
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// run looks after it until ctx ends, and leaves all processors on.
func (p *processors) run(ctx context.Context, sync func() time.Duration) {
	if p == nil {
		return
	}
	p.sync = sync
	p.last, p.at = p.used(), time.Now()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			p.look(now)
		case <-ctx.Done():
			p.mu.Lock()
			p.calm, p.quiet = false, 0
			p.settle()
			p.mu.Unlock()
			return
		}
	}
}

// look decides whether the process is calm by what it took since the last look.
func (p *processors) look(now time.Time) {
	used := p.used()
	share := float64(used-p.last) / float64(max(now.Sub(p.at), time.Millisecond))
	p.last, p.at = used, now
	slow := p.sync() > slowSync
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case slow || share >= busyFrom:
		p.calm, p.quiet = false, 0
	case share >= calmBelow:
		p.quiet = 0
	case p.quiet < calmAfter:
		p.quiet++
	}
	p.calm = p.calm || p.quiet >= calmAfter
	p.settle()
}

// settle works on as many processors as are wanted. Under the lock.
func (p *processors) settle() {
	want := p.all
	if p.calm && p.long == 0 && p.linger == nil {
		want = 1
	}
	if want == p.now {
		return
	}
	if want > p.now {
		p.raised++
	}
	p.now = want
	p.set(want)
}

// begin says that work begins that may take a processor for milliseconds; over
// is to be called at its end. Calls go on meanwhile on another one.
func (p *processors) begin() (over func()) {
	if p == nil {
		return func() {}
	}
	p.mu.Lock()
	p.long++
	p.settle()
	p.mu.Unlock()
	return p.end
}

func (p *processors) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.long--
	if p.linger != nil {
		p.linger.Stop()
	}
	var mine *time.Timer
	mine = time.AfterFunc(lingerAll, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.linger == mine {
			p.linger = nil
			p.settle()
		}
	})
	p.linger = mine
}

var (
	processorsNow    = prometheus.NewDesc("huawu_processors", "Processors that the process works on at once.", nil, nil)
	processorsRaised = prometheus.NewDesc("huawu_processors_raised_total", "Times that it went from one processor to all.", nil, nil)
)

// Describe implements prometheus.Collector.
func (p *processors) Describe(c chan<- *prometheus.Desc) { c <- processorsNow; c <- processorsRaised }

// Collect implements prometheus.Collector.
func (p *processors) Collect(c chan<- prometheus.Metric) {
	now, raised := runtime.GOMAXPROCS(0), uint64(0)
	if p != nil {
		p.mu.Lock()
		now, raised = p.now, p.raised
		p.mu.Unlock()
	}
	c <- prometheus.MustNewConstMetric(processorsNow, prometheus.GaugeValue, float64(now))
	c <- prometheus.MustNewConstMetric(processorsRaised, prometheus.CounterValue, float64(raised))
}
