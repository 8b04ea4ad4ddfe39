package flow

import (
	"slices"
	"testing"

	"github.com/huawu/huawu/fact"
)

func TestShippedFlowsAreSound(t *testing.T) {
	all, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var ids []fact.FlowID
	for _, f := range all {
		ids = append(ids, f.ID)
		if len(f.Prompts()) == 0 {
			t.Errorf("%s says nothing", f.ID)
		}
		for _, p := range f.Prompts() {
			if p.Language != "zh" {
				t.Errorf("%s: prompt %q is in %q", f.ID, p.Text, p.Language)
			}
		}
	}
	if want := []fact.FlowID{"agent-not-ready", "agent-ready", "agent-sign-in", "agent-sign-out", "agent-supervise", "demo", "denied", "way-out"}; !slices.Equal(ids, want) {
		t.Errorf("shipped %v, want %v", ids, want)
	}
}
