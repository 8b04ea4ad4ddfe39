package sim

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
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
	kept(n.t, b)
}

// kept holds that the norms know the calls that there are and no others, and
// that nothing of a call that is over is on their board or has a clock.
func kept(t *testing.T, checkpoint []byte) {
	t.Helper()
	var c struct {
		Norms struct {
			Talks []struct {
				Call fact.CallID `json:"call"`
			} `json:"talks"`
		} `json:"norms"`
		Contacts []struct {
			Call struct {
				ID fact.CallID
			} `json:"call"`
		} `json:"contacts"`
	}
	if err := json.Unmarshal(checkpoint, &c); err != nil {
		t.Fatal(err)
	}
	known := map[fact.CallID]bool{}
	for _, k := range c.Contacts {
		known[k.Call.ID] = true
	}
	if len(known) != len(c.Norms.Talks) {
		t.Fatalf("%d calls, and the norms know %d", len(known), len(c.Norms.Talks))
	}
	for _, k := range c.Norms.Talks {
		if !known[k.Call] {
			t.Fatalf("the norms keep call %s, which is over", k.Call)
		}
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
