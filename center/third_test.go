package center

import (
	"testing"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
)

// threes has the number 4001 lead to a line whose talk somebody outside comes
// into.
func threes(number string) func(*Config) {
	return func(c *Config) {
		welcomes(c)
		c.Trunks = []Trunk{{ID: "out", Endpoint: "PJSIP/{number}@out", Number: "021", Prefixes: []string{"0"}}}
		c.Flows[0].Nodes[1] = flow.Node{ID: "line", ThreeWay: &flow.ThreeWayNode{Number: number, EnqueueNode: flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}}}
	}
}

// A third one is called once the agent talks, by whatever process, and all three
// are brought together when that one answers; with no way there it stays a talk of
// two.
func TestAThirdComesIntoTheTalk(t *testing.T) {
	d := newDesk(t, threes("02188880000"))
	caller, _, _ := d.talks("13800138000")
	third := d.wants("PJSIP/02188880000@out as 021")
	k := d.c.of(caller)
	if k.third == nil || !k.third.Called || k.call.Side == nil || !k.call.OnHold() && !k.call.First().ToHold {
		t.Fatalf("third %+v, consult %+v", k.third, k.call.Side)
	}
	d.hear(media.LegAnswered{Leg: third})
	if k := d.c.of(caller); k.third != nil || k.call.Side == nil || k.call.Side.Phase != call.SideMerging {
		t.Errorf("third %+v, consult %+v", k.third, k.call.Side)
	}
	d = newDesk(t, threes("12345")) // which no trunk takes
	caller, _, _ = d.talks("13800138000")
	if k := d.c.of(caller); k.third != nil || k.call.Side != nil || !d.told(fact.TransferFailed) {
		t.Errorf("third %+v, consult %+v", k.third, k.call.Side)
	}
}
