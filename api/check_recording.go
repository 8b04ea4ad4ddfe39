package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// recording checks the exceptions from how calls are recorded.
func (k *checker) recording(c center.Config) {
	how := []string{center.RecordAlways, center.RecordRequired, center.RecordNever}
	directions := []string{"", string(fact.Inbound), string(fact.Outbound), string(fact.Internal)}
	for i, r := range c.Recording {
		at := fmt.Sprintf("recording[%d]", i)
		if !slices.Contains(how, r.Record) {
			k.wrong(at+".record", fmt.Sprintf("%q", r.Record), "write "+strings.Join(how, ", "))
		}
		if !slices.Contains(directions, string(r.Direction)) {
			k.wrong(at+".direction", fmt.Sprintf("%q", r.Direction), "write "+strings.Join(directions[1:], ", "))
		}
		if queues := queueNames(c); r.Queue != "" && !slices.Contains(queues, string(r.Queue)) {
			k.wrong(at+".queue", fmt.Sprintf("there is no queue %q", r.Queue), known(queues))
		}
		if flows := flowNames(c); r.Flow != "" && !slices.Contains(flows, string(r.Flow)) {
			k.wrong(at+".flow", fmt.Sprintf("there is no flow %q", r.Flow), known(flows))
		}
		if r.Record == center.RecordRequired && r.Direction != "" && r.Direction != fact.Inbound {
			k.wrong(at+".record", "a recording can be required of inbound calls alone", "write "+center.RecordAlways)
		}
		same := func(o center.RecordingRule) bool {
			return (o.Queue == "" || o.Queue == r.Queue) && (o.Flow == "" || o.Flow == r.Flow) && (o.Direction == "" || o.Direction == r.Direction)
		}
		if j := slices.IndexFunc(c.Recording[:i], same); j >= 0 {
			k.wrong(at, fmt.Sprintf("it is of no call, for recording[%d] comes first", j), "put what is narrower first")
		}
	}
}
