package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// Compiler makes a document into what the centre works by.
type Compiler struct {
	Tenant fact.TenantID
	// Resolve finds or makes the audio of a prompt: a path on the switch's
	// host without extension. Nil leaves prompts without audio, for checking.
	Resolve func(ctx context.Context, tenant fact.TenantID, p flow.Prompt) (string, error)
	// Recordings are the phrases that are recorded, Recording is where the file
	// of one is for the switch. Nil for none.
	Recordings func(ctx context.Context, tenant fact.TenantID) ([]phrase.Recording, error)
	Recording  func(file string) (path string, err error)
	// Lookup says why flows may not ask a host, or have no such secrets; nil
	// lets them ask any.
	Lookup func(scheme, host string, secrets []string) error
	// Parallel is how many prompts are made at once; 0 means 2.
	Parallel int
	// Progress, if set, is told after each prompt how many are done.
	Progress func(done, total int)
}

// Compile checks a document and resolves its prompts. src is what the document
// was read from, for the lines in messages. Everything wrong is told at once,
// as a *strict.Errors; the document is not changed.
func (c Compiler) Compile(ctx context.Context, name string, src []byte, d *Document) (center.Config, error) {
	config, k, err := c.checked(name, src, d)
	if err != nil {
		return center.Config{}, err
	}
	config.Prompts, err = c.prompts(ctx, k, config)
	if err != nil {
		return center.Config{}, err
	}
	return config, k.err()
}

// checked is a document that is right as far as it goes without audio.
func (c Compiler) checked(name string, src []byte, d *Document) (center.Config, *checker, error) {
	config := d.Config
	config.Tenant = c.Tenant
	config.Prompts = nil
	config.Hours = slices.Clone(config.Hours)
	for i := range config.Hours {
		if config.Hours[i].Zone == "" {
			config.Hours[i].Zone = config.Zone
		}
	}
	k := &checker{file: name, src: src, pins: d.PINs, lookup: c.Lookup}
	shipped, err := shippedFlows(config)
	if err != nil {
		return center.Config{}, nil, err
	}
	config.Flows = append(slices.Clone(config.Flows), shipped...)
	flow.Link(config.Flows)
	k.check(config)
	if err := k.err(); err != nil {
		return center.Config{}, nil, err
	}
	config.ACD.Agents = traineeships(config.ACD.Agents, config.Zone)
	config.ACD.Known = asked(config.Flows)
	return config, k, nil
}

// asked are the requirements that flows put callers in line with.
func asked(flows []*flow.Flow) []routing.Known {
	var all []routing.Known
	for _, f := range flows {
		for _, n := range f.Nodes {
			line := n.Joins()
			if line == nil {
				continue
			}
			for _, needs := range f.Asked(line) {
				k := routing.Known{Queue: line.Queue, Needs: routing.Needs(strings.TrimSpace(needs))}
				if k.Needs != "" && !slices.Contains(all, k) {
					all = append(all, k)
				}
			}
		}
	}
	return all
}

// shippedFlows are huawu's own flows that the document names and does not
// define.
func shippedFlows(config center.Config) ([]*flow.Flow, error) {
	var named []fact.FlowID
	for _, n := range config.Numbers {
		named = append(named, n.Flow)
	}
	for _, code := range config.Codes {
		named = append(named, code.Flow)
	}
	named = append(named, config.Callers.Denied, config.AfterTalk)
	for _, f := range config.Flows {
		named = append(named, f.Through()...)
	}
	own := func(id fact.FlowID) bool {
		return slices.ContainsFunc(config.Flows, func(f *flow.Flow) bool { return f.ID == id })
	}
	named = slices.DeleteFunc(named, own)
	all, err := flow.Shipped()
	if err != nil {
		return nil, fmt.Errorf("huawu's own flows: %w", err)
	}
	for i := 0; i < len(named); i++ { // and those that they lead through
		for _, f := range all {
			if f.ID == named[i] {
				named = append(named, slices.DeleteFunc(f.Through(), func(id fact.FlowID) bool { return own(id) || slices.Contains(named, id) })...)
			}
		}
	}
	return slices.DeleteFunc(all, func(f *flow.Flow) bool { return !slices.Contains(named, f.ID) }), nil
}
