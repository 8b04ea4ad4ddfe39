package flow

import (
	"embed"
	"fmt"

	"github.com/huawu/huawu/fact"
)

//go:embed flows/*.yaml
var flows embed.FS

// ShippedQueues are the queues that the shipped flows lead to.
var ShippedQueues = []fact.QueueID{"sales", "support"}

// Shipped are the flows that come with huawu, in the order of their ids:
// agent-not-ready, agent-ready, agent-record-own, agent-record-phrase, agent-sign-in,
// agent-sign-out, agent-supervise (what a phone's feature codes run), demo (a hotline), denied (what callers hear
// whom the list of numbers denies), enquiry, transaction and transfer (the three
// services of SPEC IVR-2), night, outage, satisfaction, silent and nuisance (subflows:
// when nobody answers, while an outage goes on, what callers think of the service, for
// callers who say nothing and for those who misuse the line) and way-out (a line with
// an offer to be called back or to leave a message). Each call gives new ones.
func Shipped() ([]*Flow, error) {
	entries, err := flows.ReadDir("flows")
	if err != nil {
		return nil, fmt.Errorf("list shipped flows: %w", err)
	}
	var all []*Flow
	for _, e := range entries {
		name := "flows/" + e.Name()
		src, err := flows.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read shipped flow: %w", err)
		}
		f, err := Parse(name, src)
		if err != nil {
			return nil, fmt.Errorf("shipped flow: %w", err)
		}
		all = append(all, f)
	}
	Link(all)
	for _, f := range all {
		if problems := f.Check(Refs{Queues: ShippedQueues, Flows: all}); len(problems) > 0 {
			return nil, fmt.Errorf("shipped flow: %s", problems[0])
		}
	}
	return all, nil
}
