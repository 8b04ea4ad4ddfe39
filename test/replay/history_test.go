package replay

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

func desk(dir string) engine.ReplayOptions {
	return engine.ReplayOptions{Dir: dir, New: newMachine, Restore: restore, Log: slog.New(slog.DiscardHandler)}
}

// historyHash is of the effects and the decisions of the old journal, as a
// 64-bit machine of little-endian order made them first. Every other makes the
// same, or its replays prove nothing.
const historyHash = "5396e64dae53b8b3f128149739b0db54b0ffda63904637d17717b64eaec5ba81"

func TestHistoryIsTheSameEverywhere(t *testing.T) {
	dir, sum := oldDirectory(t), sha256.New()
	if _, err := engine.Replay(desk(dir), sum); err != nil {
		t.Fatal(err)
	}
	var decided []string
	done, err := engine.ReplayDecisions(desk(dir), func(d engine.Decision, m engine.Machine) error {
		decided = append(decided, d.String())
		if engine.HeadOf(d.String()) != d.Head() || d.Seq == 0 || m == nil {
			t.Errorf("%q", d)
		}
		_, err := fmt.Fprintln(sum, d.Head())
		return err
	})
	if err != nil || done.Inputs == 0 {
		t.Fatal(done, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != historyHash {
		t.Errorf("the hash is %s, want %s", got, historyHash)
	}
	want := "queue.offered ticket=c-c2wfoqo0om2-00000005-t1 offer=c-c2wfoqo0om2-00000005-t1-o1 queue=sales agent=1001 because score=0 waited=0 key="
	if !strings.Contains(strings.Join(decided, "\n"), want) {
		t.Errorf("%q is not in\n%s", want, strings.Join(decided, "\n"))
	}
}

// listener is a machine that tells what it is configured for.
type listener struct {
	engine.Machine
	config *center.Config
}

func (l listener) Step(at fact.Instant, in center.Input) []center.Effect {
	if c, ok := in.(center.Configured); ok {
		*l.config = c.Config
	}
	return l.Machine.Step(at, in)
}

// configured is what the old journal's centre works by.
func configured(t *testing.T, dir string) (config center.Config) {
	t.Helper()
	o := desk(dir)
	o.New = func() engine.Machine { return listener{newMachine(), &config} }
	if _, err := engine.Replay(o, io.Discard); err != nil || len(config.ACD.Queues) == 0 {
		t.Fatal(config, err)
	}
	return config
}

func TestCompareFindsTheFirstDecision(t *testing.T) {
	dir := oldDirectory(t)
	config := configured(t, dir)
	if same, err := engine.CompareWith(desk(dir), config); err != nil || same != 22 {
		t.Errorf("with the same configuration %d decisions are the same: %v", same, err)
	}
	for _, c := range []struct {
		name    string
		change  func(*center.Config)
		was, is string // of the first that differs, in their heads; "" for none
	}{
		{"somebody else is offered the call", func(c *center.Config) {
			a := c.ACD.Agents
			a[0], a[1] = a[1], a[0]
			c.ACD.Queues[0].Distribution = routing.Linear
		}, "queue.offered ticket=c-c2wfoqo0om2-00000005-t1 offer=c-c2wfoqo0om2-00000005-t1-o1 queue=sales agent=1001",
			"queue.offered ticket=c-c2wfoqo0om2-00000005-t1 offer=c-c2wfoqo0om2-00000005-t1-o1 queue=sales agent=1002"},
		{"a phone rings for less", func(c *center.Config) { c.ACD.Queues[0].Ring = 5 * time.Second },
			"", "946684810700 queue.missed ticket=c-c2wfoqo0om2-00000008-t1"},
		{"nobody is offered the call", func(c *center.Config) { c.ACD.Queues[0].Paused = true },
			"queue.offered ticket=c-c2wfoqo0om2-00000005-t1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := configured(t, dir)
			c.change(&config)
			_, err := engine.CompareWith(desk(dir), config)
			first := (*engine.Difference)(nil)
			if !errors.As(err, &first) || !strings.Contains(err.Error(), "the first decision that differs") {
				t.Fatalf("%v", err)
			}
			head := func(d *engine.Decision) string {
				if d == nil {
					return ""
				}
				return d.Head()
			}
			was, is := head(first.Was), head(first.Is)
			if !strings.Contains(was, c.was) || (c.was == "") != (was == "") || !strings.Contains(is, c.is) || (c.is == "") != (is == "") {
				t.Errorf("%q and %q, want %q and %q", was, is, c.was, c.is)
			}
			about := first.Was
			if about == nil {
				about = first.Is
			}
			for _, m := range []engine.Machine{first.Old, first.New} {
				if a, err := about.Explain(m); err != nil || a.Call == nil {
					t.Errorf("%+v, %v", a, err)
				}
			}
		})
	}
}
