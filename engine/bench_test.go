package engine

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// idle is a machine that costs nothing and gives one command for ten inputs.
type idle struct {
	toy
	n int
}

func (m *idle) Step(at fact.Instant, in center.Input) []center.Effect {
	m.n++
	if m.n%10 != 0 {
		return nil
	}
	return []center.Effect{
		center.Emit{Event: fact.Event{Tenant: "default", Kind: fact.FlowNode, At: at}},
		center.Send{Command: media.Answer{Leg: "a/1"}, Deadline: time.Second},
	}
}

// BenchmarkInput is the cost of one input through inbox, codec, journal, step
// and outbox, and through the follower; fsync and disk are the machine's own.
func BenchmarkInput(b *testing.B) {
	for _, c := range []struct {
		name string
		ev   media.Event
	}{
		{"Digit", media.Digit{Head: media.Head{At: 5}, Leg: "asterisk/1732270000.12", Key: "5"}},
		{"LegArrived", media.LegArrived{Head: media.Head{At: 5}, Leg: "asterisk/1732270000.12", State: media.LegRing,
			Endpoint: "PJSIP/trunk", From: media.Identity{Number: "13800138000"}, To: "95000", Created: 4}},
	} {
		b.Run(c.name, func(b *testing.B) {
			o, _ := options(b, b.TempDir())
			o.New = func() Machine { return &idle{} }
			o.Restore = func([]byte) (Machine, error) { return &idle{}, nil }
			e := open(b, o)
			ctx, cancel := context.WithCancel(context.Background())
			result := make(chan error, 1)
			sw := newFake("a")
			sw.now = e.Clock().Now
			go func() { result <- e.Run(ctx, sw) }()
			in := item{in: center.Heard{Event: c.ev}}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				for !e.inbox.request(in) {
					runtime.Gosched()
				}
			}
			for e.Stats().Inputs < uint64(b.N) || e.Stats().Followed < e.Stats().Seq {
				time.Sleep(100 * time.Microsecond)
			}
			b.StopTimer()
			b.ReportMetric(float64(e.Stats().Inputs)/float64(e.Stats().Batches), "inputs/write")
			cancel()
			if err := <-result; err != nil {
				b.Error(err)
			}
		})
	}
}

// BenchmarkAnswer is how long one input takes from the inbox to its command,
// alone.
func BenchmarkAnswer(b *testing.B) {
	o, _ := options(b, b.TempDir())
	e := open(b, o)
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	sw := newFake("a")
	sw.now = e.Clock().Now
	answered := make(chan struct{}, 1)
	sw.do = func(context.Context, media.Command) error { answered <- struct{}{}; return nil }
	go func() { result <- e.Run(ctx, sw) }()
	for !e.Health().Ready {
		time.Sleep(time.Millisecond)
	}
	b.ReportAllocs()
	for b.Loop() {
		sw.arrives(1)
		<-answered
		sw.ends(1)
	}
	cancel()
	if err := <-result; err != nil {
		b.Error(err)
	}
}
