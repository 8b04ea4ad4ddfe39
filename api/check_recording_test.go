package api

import (
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

func TestRecordingIsChecked(t *testing.T) {
	for _, c := range []struct {
		rules []center.RecordingRule
		wrong int
	}{
		{nil, 0},
		{[]center.RecordingRule{{Queue: "sales", Record: "required"}, {Direction: fact.Internal, Record: "never"}, {Flow: "main", Record: "always"}, {Record: "never"}}, 0},
		{[]center.RecordingRule{{Queue: "sale", Flow: "man", Direction: "in", Record: "yes"}}, 4},
		{[]center.RecordingRule{{Direction: fact.Service, Record: "always"}}, 1}, // a phrase that is recorded is a message
		{[]center.RecordingRule{{Direction: fact.Outbound, Record: "required"}}, 1},
		{[]center.RecordingRule{{Record: "never"}, {Queue: "sales", Record: "always"}}, 1},
		{[]center.RecordingRule{{Queue: "sales", Record: "always"}, {Queue: "sales", Flow: "main", Record: "never"}}, 1},
	} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.recording(center.Config{Recording: c.rules, Flows: []*flow.Flow{{ID: "main"}}, ACD: routing.Config{Queues: []routing.Queue{{ID: "sales"}}}})
		if len(k.problems) != c.wrong {
			t.Errorf("%+v: %+v", c.rules, k.problems)
		}
	}
}
