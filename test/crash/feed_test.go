//go:build asterisk

package crash

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
)

// feed is a client that follows the events from the first one on and comes back
// after every kill with the last cursor that it had.
type feed struct {
	mu     sync.Mutex
	events []rig.Event
}

// follow begins a feed; it ends with the test.
func follow(t *testing.T, f *floor) *feed {
	var list struct{ Cursor string }
	f.must(f.Get(f.ctx, "/api/v1/agents", &list))
	epoch, _, _ := strings.Cut(list.Cursor, ".")
	ctx, cancel := context.WithCancel(t.Context())
	d, over := &feed{}, make(chan struct{})
	go func() {
		defer close(over)
		d.run(ctx, f.Client, epoch+".0.0")
	}()
	t.Cleanup(func() { cancel(); <-over })
	return d
}

func (d *feed) run(ctx context.Context, c *rig.Client, last string) {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for ctx.Err() == nil {
		// An error is huawu's death; the events themselves are compared with
		// the store's in the end.
		_ = c.Follow(ctx, last, func(e rig.Event) bool {
			last = e.ID
			d.mu.Lock()
			defer d.mu.Unlock()
			d.events = append(d.events, e)
			return true
		})
		select {
		case <-again.C:
		case <-ctx.Done():
		}
	}
}

func (d *feed) list() []rig.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.events[:len(d.events):len(d.events)]
}

// count is how many events of a kind have come.
func (d *feed) count(kind fact.Kind) int {
	n := 0
	for _, e := range d.list() {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// story is what the events tell of a party's calls so far, for a test that has
// failed.
func (f *floor) story(p *party) string {
	var b strings.Builder
	calls := map[fact.CallID]bool{}
	for _, e := range f.feed.list() {
		if e.Kind == fact.CallOffered && e.From == p.from {
			calls[e.Call] = true
		}
		if calls[e.Call] {
			fmt.Fprintf(&b, "\n%d %s %s %s %s %s", e.Wall, e.Kind, e.Name, e.Reason, e.By, e.Play)
		}
	}
	return b.String()
}

// last is the cursor of the newest event of a kind, "" for none.
func (d *feed) last(kind fact.Kind) string {
	list := d.list()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Kind == kind {
			return list[i].ID
		}
	}
	return ""
}
