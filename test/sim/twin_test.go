package sim

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/huawu/huawu/center"
)

// twin is a centre that is restored from a checkpoint again and again and hears
// what the journal has of what the other one hears. It must do the same, and be due at the same moment:
// a checkpoint that lacks something is written alike by both, and shows only so.
type twin struct {
	t      *testing.T
	w      *World
	center *center.Center
	steps  int
}

// restoreEvery is how many steps the twin goes by itself.
const restoreEvery = 97

func (n *twin) step(in center.Input, out []center.Effect) {
	n.t.Helper()
	if n.center != nil {
		_, in, err := center.Settle(in)
		if err != nil {
			n.t.Fatal(err)
		}
		got := n.center.Step(n.w.Now, in)
		if !reflect.DeepEqual(out, got) {
			if d := cmp.Diff(out, got, cmpopts.EquateEmpty()); d != "" {
				n.t.Fatalf("restored, the centre does otherwise after %T%+v:\n%s", in, in, d)
			}
		}
		at, some := n.w.Center.Next()
		if a, s := n.center.Next(); a != at || s != some {
			n.t.Fatalf("restored, the centre is due at %d and not at %d after %T%+v", a, at, in, in)
		}
	}
	if n.steps++; n.center != nil && n.steps%restoreEvery != 0 {
		return
	}
	b, err := n.w.Center.Checkpoint()
	if err != nil {
		n.t.Fatal(err)
	}
	if n.center, err = center.Restore(b); err != nil {
		n.t.Fatal(err)
	}
}

// Who was parked and is hung up waits for nothing any more.
func TestHangingUpEndsWhatACallWaitedFor(t *testing.T) {
	w := house(t, 2, func(c *center.Config) { c.Park = center.Park{From: 701, To: 701, Timeout: 3 * time.Second} })
	w.inLine("139")
	w.Run(2 * time.Second)
	call := w.Center.View().Calls[0].ID
	if err := w.Ask(center.ParkCall{Call: call}); err != nil {
		t.Fatal(err)
	}
	w.Run(2900 * time.Millisecond)
	if err := w.Ask(center.HangUp{Call: call}); err != nil {
		t.Fatal(err)
	}
	w.Watch = (&twin{t: t, w: w}).step // restored by the first step that it sees
	for range 2 {
		if err := w.Ask(center.Ready{Agent: "1002"}); err != nil {
			t.Fatal(err)
		}
	}
	w.Run(10 * time.Second)
	if len(w.Records) != 1 {
		t.Errorf("records %+v", w.Records)
	}
}
