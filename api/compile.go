package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

// Compiler makes a document into what the centre works by.
type Compiler struct {
	Tenant fact.TenantID
	// Resolve finds or makes the audio of a prompt: a path on the switch's
	// host without extension. Nil leaves prompts without audio, for checking.
	Resolve func(ctx context.Context, tenant fact.TenantID, p flow.Prompt) (string, error)
	// Parallel is how many prompts are made at once; 0 means 2.
	Parallel int
	// Progress, if set, is told after each prompt how many are done.
	Progress func(done, total int)
}

// Compile checks a document and resolves its prompts. src is what the document
// was read from, for the lines in messages. Everything wrong is told at once,
// as a *strict.Errors; the document is not changed.
func (c Compiler) Compile(ctx context.Context, name string, src []byte, d *Document) (center.Config, error) {
	config := d.Config
	config.Tenant = c.Tenant
	config.Prompts = nil
	config.Hours = slices.Clone(config.Hours)
	for i := range config.Hours {
		if config.Hours[i].Zone == "" {
			config.Hours[i].Zone = config.Zone
		}
	}
	k := &checker{file: name, src: src, pins: d.PINs}
	shipped, err := shippedFlows(config)
	if err != nil {
		return center.Config{}, err
	}
	config.Flows = append(slices.Clone(config.Flows), shipped...)
	k.check(config)
	if err := k.err(); err != nil {
		return center.Config{}, err
	}
	config.ACD.Agents = traineeships(config.ACD.Agents, config.Zone)
	config.ACD.Known = asked(config.Flows)
	config.Prompts, err = c.prompts(ctx, k, config)
	if err != nil {
		return center.Config{}, err
	}
	return config, k.err()
}

// asked are the requirements that flows put callers in line with.
func asked(flows []*flow.Flow) []routing.Known {
	var all []routing.Known
	for _, f := range flows {
		for _, n := range f.Nodes {
			if n.Enqueue == nil {
				continue
			}
			for _, needs := range n.Enqueue.Asked() {
				k := routing.Known{Queue: n.Enqueue.Queue, Needs: routing.Needs(strings.TrimSpace(needs))}
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
	named = append(named, config.Callers.Denied)
	for _, f := range config.Flows {
		named = slices.DeleteFunc(named, func(id fact.FlowID) bool { return id == f.ID })
	}
	all, err := flow.Shipped()
	if err != nil {
		return nil, fmt.Errorf("huawu's own flows: %w", err)
	}
	return slices.DeleteFunc(all, func(f *flow.Flow) bool { return !slices.Contains(named, f.ID) }), nil
}

// prompts finds the audio of every prompt, a few at once.
func (c Compiler) prompts(ctx context.Context, k *checker, config center.Config) ([]center.PromptFile, error) {
	type wanted struct {
		prompt flow.Prompt
		by     strict.Problem // who names it
		path   string
		err    error
	}
	var all []*wanted
	seen := make(map[string]bool)
	want := func(prompts []flow.Prompt, by strict.Problem) {
		for _, p := range prompts {
			if key := p.Key(); !seen[key] {
				seen[key] = true
				all = append(all, &wanted{prompt: p, by: by})
			}
		}
	}
	for _, f := range config.Flows {
		want(f.Prompts(), strict.Problem{File: f.File, Line: f.Line, Field: "flow " + string(f.ID)})
	}
	for i, q := range config.ACD.Queues {
		want(center.WhisperPrompts(q.Whisper), strict.Problem{File: k.file, Field: fmt.Sprintf("queues[%d].whisper", i)})
	}
	if c.Resolve == nil {
		return nil, nil
	}
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(max(c.Parallel, 2))
	var mu sync.Mutex
	done := 0
	for _, w := range all {
		group.Go(func() error {
			w.path, w.err = c.Resolve(each, c.Tenant, w.prompt)
			mu.Lock()
			defer mu.Unlock()
			if done++; c.Progress != nil && each.Err() == nil {
				c.Progress(done, len(all))
			}
			return each.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("prepare prompts: %w", err)
	}
	files := make([]center.PromptFile, 0, len(all))
	for _, w := range all {
		if w.err != nil {
			w.by.What = fmt.Sprintf("the prompt %s has no audio: %v", spoken(w.prompt), w.err)
			k.add(w.by)
			continue
		}
		files = append(files, center.PromptFile{Key: w.prompt.Key(), Path: w.path})
	}
	return files, nil
}

// spoken is a prompt in a message.
func spoken(p flow.Prompt) string {
	if p.File != "" {
		return "file " + p.File
	}
	const most = 30
	if short := []rune(p.Text); len(short) > most {
		return fmt.Sprintf("%q", string(short[:most])+"…")
	}
	return fmt.Sprintf("%q", p.Text)
}
