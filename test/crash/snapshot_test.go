//go:build asterisk

package crash

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
)

// snapshot is what the API says, all of it not older than one cursor.
type snapshot struct {
	calls  []center.CallView
	agents []center.AgentView
	queues []center.QueueView
	broken []center.BrokenNorm
}

// look asks the API. With after it waits until that cursor is included.
func (f *floor) look(after string) snapshot {
	f.t.Helper()
	s, err := f.ask(after)
	f.must(err)
	return s
}

func (f *floor) ask(after string) (s snapshot, err error) {
	query := ""
	if after != "" {
		query = "?after=" + url.QueryEscape(after)
	}
	var calls struct{ Calls []center.CallView }
	var agents struct{ Agents []center.AgentView }
	var queues struct{ Queues []center.QueueView }
	var norms struct{ Items []center.BrokenNorm }
	for path, into := range map[string]any{"calls": &calls, "agents": &agents, "queues": &queues, "norms/broken": &norms} {
		if err := f.Get(f.ctx, "/api/v1/"+path+query, into); err != nil {
			return s, err
		}
	}
	return snapshot{calls.Calls, agents.Agents, queues.Queues, norms.Items}, nil
}

func (s snapshot) call(from string) center.CallView {
	for _, c := range s.calls {
		if c.From == from {
			return c
		}
	}
	return center.CallView{}
}

// breaks is what a call breaks of a norm, nothing for none.
func (s snapshot) breaks(call fact.CallID, rule string) center.BrokenNorm {
	for _, b := range s.broken {
		if b.Call == call && b.Rule == rule {
			return b
		}
	}
	return center.BrokenNorm{}
}

func (s snapshot) agent(id fact.AgentID) center.AgentView {
	for _, a := range s.agents {
		if a.ID == id {
			return a
		}
	}
	return center.AgentView{}
}

func (s snapshot) queue(id fact.QueueID) center.QueueView {
	for _, q := range s.queues {
		if q.ID == id {
			return q
		}
	}
	return center.QueueView{}
}

// until waits until the API says that something is so.
func (f *floor) until(what string, so func(s snapshot) bool) {
	f.t.Helper()
	var last snapshot
	err := rig.Until(f.ctx, patience, what, func() (bool, error) {
		s, err := f.ask("")
		last = s
		return err == nil && so(s), err
	})
	if err != nil {
		f.must(fmt.Errorf("%w; the API says\n%v", err, last))
	}
}

// String tells the calls and the agents in short, for a test that has failed.
func (s snapshot) String() string {
	var b strings.Builder
	for _, c := range s.calls {
		fmt.Fprintf(&b, "%s -> %s: %s %s %s %s, %d legs\n", c.From, c.To, c.State, c.Node, c.Queue, c.Agent, len(c.Legs))
	}
	for _, a := range s.agents {
		fmt.Fprintf(&b, "%s: %s %s %v\n", a.ID, a.State, a.Reason, a.Queues)
	}
	return b.String()
}
