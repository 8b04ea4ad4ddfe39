//go:build asterisk

package crash

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
)

var (
	seed  = flag.Uint64("seed", 0, "the moments of the kills; 0 takes a new one")
	kills = flag.Int("kills", 2, "how often huawu is killed; make crash says 10")
)

const (
	// alive is how long at most a kill waits once everybody is in place, edge
	// how long it and what happens in its moment vary, dead how long at most
	// huawu then stays away.
	alive = 700 * time.Millisecond
	edge  = 250 * time.Millisecond
	dead  = 1500 * time.Millisecond
)

// states are all there are.
func states() []State {
	return slices.Concat(acd(), control(), parks(), supervisors(), standings(), ways(), nodes(), scenes(), []State{
		&talking{desk: desk{name: "talking", seats: 1}},
		&dialled{desk: desk{name: "dialled", seats: 1}},
		&holding{talking: talking{desk: desk{name: "holding", seats: 1}}},
		&unanswered{desk: desk{name: "unanswered", seats: 1}},
		&waiting{desk: desk{name: "waiting", seats: 1, flows: vipFlow, numbers: []center.Number{{Number: vipNumber, Flow: "vip"}}}},
		&paused{desk{name: "paused", seats: 1}},
		&leaving{desk: desk{name: "leaving"}},
		&arriving{desk: desk{name: "arriving"}},
		&signingIn{desk: desk{name: "signing-in", seats: 1, flows: signInFlow, codes: []center.FeatureCode{{Code: "*11", Flow: "crash-sign-in"}}}},
		&ringing{desk: desk{name: "ringing", seats: 1}},
		&ringing{desk: desk{name: "picked-up", seats: 1}, away: true},
		&givingUp{ringing{desk: desk{name: "giving-up", seats: 1}}},
		&keying{inMenu: inMenu{desk: desk{name: "keying"}}},
		&parting{desk: desk{name: "parting", seats: 1}},
		&onEdge{desk: desk{name: "on-edge", seats: 1}},
		&inMenu{desk: desk{name: "menu", flows: menuFlow, numbers: []center.Number{{Number: menuNumber, Flow: "crash-menu"}}}},
		&wrappingUp{desk: desk{name: "wrapping-up", seats: 1, wrapUp: 6 * time.Second}},
	})
}

// TestKills kills huawu with everybody in the house. A failing seed is run
// again by: go test -tags asterisk ./test/crash -kills N -seed N
func TestKills(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()>>1 + 1
	}
	t.Logf("-kills %d -seed %d", *kills, *seed)
	f := open(t, *seed, states())
	t.Cleanup(func() { t.Logf("what was checked, and how much of it:\n%s", f.table()) })
	f.each(func(s State, f *floor) { s.Begin(f) })
	for n := range *kills {
		f.kill(n + 1)
	}
	f.each(func(s State, f *floor) { s.End(f) })
	if t.Failed() {
		return // what is left of calls that came to no good end proves nothing
	}
	f.emptied()
	f.must(f.Signal(syscall.SIGINT, patience))
	f.accounted()
	f.secret()
}

// each runs a hook of all States, of those that could go on so far.
func (f *floor) each(hook func(s State, f *floor)) {
	var all sync.WaitGroup
	for i, s := range f.states {
		name := s.has().name
		if f.isBroken(name) {
			continue
		}
		own := &floor{house: f.house, name: name, dice: rand.New(rand.NewPCG(f.dice.Uint64(), uint64(i))), stop: runtime.Goexit}
		all.Go(func() {
			whole := false
			defer func() {
				f.mu.Lock()
				defer f.mu.Unlock()
				f.broken[name] = !whole
			}()
			hook(s, own)
			whole = true
		})
	}
	all.Wait()
}

// pause lets a random time pass: the moment of a kill is what is tested.
func (f *floor) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-f.ctx.Done():
	}
}

func (f *floor) upTo(d time.Duration) time.Duration { return time.Duration(f.dice.Int64N(int64(d))) }

// checkpointed waits until the huawu that runs has left a checkpoint, so that
// the next one goes on from there and not from the journal's beginning.
func (f *floor) checkpointed() {
	f.t.Helper()
	since := f.opened
	if n := len(f.kills); n > 0 {
		since = f.kills[n-1].ready
	}
	f.must(rig.Until(f.ctx, patience, "a checkpoint", func() (bool, error) {
		paths, err := filepath.Glob(filepath.Join(f.Data(), "journal", "checkpoint-*"))
		return slices.ContainsFunc(paths, func(path string) bool {
			info, err := os.Stat(path)
			return err == nil && info.ModTime().After(since)
		}), err
	}))
}

var fromCheckpoint = regexp.MustCompile(`^msg=recovered .*checkpoint=[1-9]`)

// death is one kill and what every State found out about it.
type death struct {
	kill
	cells map[string]*cell
}

// kill brings everybody into place, kills huawu, starts it again and looks.
func (f *floor) kill(n int) {
	d := &death{kill: kill{n: n}, cells: map[string]*cell{}}
	for _, s := range f.states {
		d.cells[s.has().name] = &cell{}
	}
	each := func(hook func(s State, k *kill)) {
		f.each(func(s State, own *floor) {
			k := d.kill
			k.floor, k.cell = own, d.cells[own.name]
			hook(s, &k)
		})
	}
	if n%3 == 2 {
		f.checkpointed()
	}
	each(State.Prepare)
	d.before, d.noted = f.look(""), time.Now()
	each(State.Before)
	ups := f.feed.count(fact.SwitchUp)
	f.pause(f.upTo(alive))
	when := f.upTo(edge)
	var edges sync.WaitGroup
	edges.Go(func() { each(State.Edge) })
	f.pause(when)
	f.must(f.Kill())
	at := time.Now()
	edges.Wait()
	d.at = at
	each(State.Away)
	f.pause(f.upTo(dead))
	f.must(f.Boot(f.ctx))
	d.ready = time.Now()
	if log := f.Log(); n%3 == 2 && !fromCheckpoint.MatchString(log[max(0, strings.LastIndex(log, "msg=recovered")):]) {
		f.t.Errorf("kill %d: it did not go on from the checkpoint", n)
	}
	f.kills = append(f.kills, d)
	f.must(rig.Until(f.ctx, patience, "the switch to be heard", func() (bool, error) { return f.feed.count(fact.SwitchUp) > ups, nil }))
	d.after = f.look(f.feed.last(fact.SwitchUp))
	each(State.After)
	f.t.Logf("kill %d: %v in place, %v dead, %v looked after, the phones stood still for %v", n, d.at.Sub(d.noted).Round(time.Millisecond),
		d.ready.Sub(d.at).Round(time.Millisecond), time.Since(d.ready).Round(time.Millisecond),
		f.pulse.Lost(d.noted, time.Now()).Round(time.Millisecond))
}

// table says what was checked: a line a State, a column a kill.
func (f *floor) table() string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(head string, cell func(d *death) string) {
		fmt.Fprint(w, head)
		for _, d := range f.kills {
			fmt.Fprintf(w, "\t%s", cell(d))
		}
		fmt.Fprintln(w)
	}
	row("kill", func(d *death) string { return fmt.Sprint(d.n) })
	row("dead", func(d *death) string { return d.ready.Sub(d.at).Round(time.Millisecond).String() })
	for _, s := range f.states {
		row(s.has().name, func(d *death) string {
			c := d.cells[s.has().name]
			text := fmt.Sprintf("%d ok", c.checks-c.failed)
			if c.failed > 0 {
				text += fmt.Sprintf(", %d FAILED", c.failed)
			}
			return strings.Join(append([]string{text}, c.notes...), ", ")
		})
	}
	if err := w.Flush(); err != nil { // a buffer takes everything
		return err.Error()
	}
	return b.String()
}
