//go:build asterisk

package agree

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/simulate"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

const (
	agents  = 3
	callers = 45
	// gap and talk are the means of what is drawn by chance: the agents are
	// hardly enough, so that callers wait.
	gap    = 600 * time.Millisecond
	talk   = 1700 * time.Millisecond
	wrapUp = 300 * time.Millisecond
	within = time.Second // the wait of the service level
	// The simulation agrees when the mean wait is not further off than so much
	// of itself and so long, and the service level so many of 100 callers. What
	// is left over is what nobody told it: the machine's own delays, which add
	// up over those who wait behind each other.
	share    = 0.2
	slack    = 200 * time.Millisecond
	offLevel = 0.12
	patience = 90 * time.Second
)

// TestSimulateAgreesWithAsterisk has calls of seconds come to three agents on a
// real Asterisk, and simulates the same calls: those arrivals, talks and rings
// as they were measured, so that a machine that is busy with something else
// changes both.
func TestSimulateAgreesWithAsterisk(t *testing.T) {
	records := happened(t)
	plan, measured := planOf(records)
	report, err := simulate.Run(t.Context(), plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := report.Queues[0]
	t.Logf("on Asterisk: %d answered, mean wait %.0f ms, level %.2f", measured.answered, measured.wait, measured.level)
	t.Logf("simulated:   %d answered, mean wait %.0f ms, level %.2f", got.Answered, got.Wait.Value, got.Level.Value)
	if measured.answered != callers || got.Answered != callers {
		t.Fatalf("%d were answered and %d by the simulation, want %d", measured.answered, got.Answered, callers)
	}
	if measured.wait < 2*float64(slack.Milliseconds()) {
		t.Errorf("a mean wait of %.0f ms proves nothing", measured.wait)
	}
	if off := math.Abs(got.Wait.Value - measured.wait); off > share*measured.wait+float64(slack.Milliseconds()) {
		t.Errorf("the simulated wait is %.0f ms off", off)
	}
	if off := math.Abs(got.Level.Value - measured.level); off > offLevel {
		t.Errorf("the simulated service level is %.2f off", off)
	}
}

// figures are what is measured and simulated.
type figures struct {
	answered    int
	wait, level float64
}

// planOf is the plan of what has happened, and what came of it.
func planOf(records []fact.Record) (simulate.Plan, figures) {
	slices.SortFunc(records, func(a, b fact.Record) int { return int(a.Began - b.Began) })
	var f figures
	load := simulate.Load{Queue: "q", Talk: simulate.Times{Mean: talk}}
	var rings int64
	for _, r := range records {
		load.Calls = append(load.Calls, simulate.Call{
			At: time.Duration(r.Began-records[0].Began) * time.Millisecond, Talk: time.Duration(r.Talk) * time.Millisecond,
		})
		rings += r.Ring
		f.wait += float64(r.Wait)
		if r.Agent != "" {
			f.answered++
		}
		if r.Wait <= within.Milliseconds() {
			f.level++
		}
	}
	n := float64(len(records))
	f.wait, f.level = f.wait/n, f.level/n
	ring := time.Duration(rings/int64(len(records))) * time.Millisecond
	return simulate.Plan{
		Centre: routing.Config{Queues: []routing.Queue{{ID: "q", WrapUp: wrapUp}}},
		For:    2 * time.Minute, Within: within, Load: []simulate.Load{load},
		Staff:  []simulate.Shift{{Count: agents, Queues: []fact.QueueID{"q"}}},
		Habits: simulate.Habits{Answer: simulate.Times{Mean: max(ring, time.Millisecond), Spread: simulate.Fixed}},
	}, f
}

// happened is the records of the calls on the real Asterisk.
func happened(t *testing.T) []fact.Record {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	h := rig.Test(t, rig.Options{PBX: pbx.Options{Phones: agents}, Centre: centre()})
	dice := rand.New(rand.NewPCG(1, 2))
	draw := func(mean time.Duration) time.Duration {
		return min(time.Duration(dice.ExpFloat64()*float64(mean)), 4*mean).Truncate(time.Millisecond)
	}
	open := func(c phone.Config) *phone.Phone {
		t.Helper()
		c.Server = h.PBX.SIP()
		p, err := phone.Open(c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
		return p
	}
	talks := make(chan time.Duration, callers)
	for range callers {
		talks <- 200*time.Millisecond + draw(talk-200*time.Millisecond)
	}
	var desks sync.WaitGroup
	for _, account := range h.PBX.Phones() {
		p := open(phone.Config{Host: h.PBX.PhoneHost(), User: account.Name, Password: account.Password})
		p.Behave(phone.AnswerAfter(0))
		if err := errors.Join(p.Register(ctx), h.SignIn(ctx, account.Name, account.Name)); err != nil {
			t.Fatal(err)
		}
		desks.Go(func() { serve(ctx, p, talks) })
	}
	defer desks.Wait()
	defer cancel()
	var phones []*phone.Phone
	for i := range callers {
		phones = append(phones, open(phone.Config{Host: h.PBX.OutsideHost(), User: fmt.Sprintf("1380000%04d", i+1)}))
	}
	for _, p := range phones {
		if _, err := p.Dial("7001", phone.Ask{}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-time.After(draw(gap)): // until the next one calls
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		}
	}
	var page struct{ Ended []fact.Record }
	if err := rig.Until(ctx, patience, "all calls to be over", func() (bool, error) {
		err := h.Get(ctx, "/api/v1/calls?ended=true&limit=100", &page)
		return len(page.Ended) == callers, err
	}); err != nil {
		t.Fatalf("%v: %d are", err, len(page.Ended))
	}
	return page.Ended
}

// serve is an agent who talks for as long as is drawn and hangs up.
func serve(ctx context.Context, p *phone.Phone, talks <-chan time.Duration) {
	for {
		c, err := p.Rung(ctx)
		if err != nil || c.Answered(ctx) != nil {
			return // the test is over
		}
		select {
		case <-time.After(<-talks): // the talk itself
			c.Hangup()
		case <-ctx.Done():
			return
		}
	}
}

func centre() string {
	var b strings.Builder
	b.WriteString("zone: Asia/Shanghai\nunrecorded: true\nnumbers: [{number: \"7001\", flow: line}]\n")
	fmt.Fprintf(&b, "queues: [{id: q, wrap_up: %v}]\n", wrapUp)
	b.WriteString("trunks: [{id: out, endpoint: 'PJSIP/{number}@trunk', number: \"02188880000\"}]\nseats:\n")
	for i := range agents {
		fmt.Fprintf(&b, "  - {endpoint: PJSIP/%d, extension: \"8%03d\"}\n", 1001+i, 1+i)
	}
	b.WriteString("agents:\n")
	for i := range agents {
		fmt.Fprintf(&b, "  - {id: \"%d\", queues: [q]}\n", 1001+i)
	}
	b.WriteString("flows:\n  - id: line\n    nodes:\n      - {id: line, enqueue: {queue: q, next: end, else: end}}\n      - {id: end, hangup: {}}\n")
	return b.String()
}
