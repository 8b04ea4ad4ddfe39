package api

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// fakeEngine is an engine with a snapshot that tests set. Operations on agents
// change it as a centre would, roughly.
type fakeEngine struct {
	mu      sync.Mutex
	view    center.View
	seq     uint64
	stored  int // times that somebody waited for the store
	asked   []center.Operation
	by      []string
	configs []center.Config
	prompts map[string]center.PromptFile // as they are heard now
	whys    []center.Question
	fail    error // of Ask and Configure
	health  engine.Health
	events  []fact.Sequenced // what the feed has at hand
	oldest  uint64           // the feed reaches back to events after this input
	arrived chan struct{}    // closed and replaced when events are added
}

const fakeEpoch = "e1"

func newFakeEngine() *fakeEngine {
	return &fakeEngine{
		seq: 7, arrived: make(chan struct{}),
		health: engine.Health{Ready: true, Journal: engine.JournalHealth{OK: true}, Store: engine.StoreHealth{OK: true},
			Switches: []engine.SwitchHealth{{Name: "pbx", Up: true}}},
		view: center.View{
			Queues: []center.QueueView{{ID: "sales", Name: "销售", Ready: 1, Accuracy: routing.Accuracy{Told: 100, Inside: 91, Bias: -20}, Waiting: []center.TicketView{
				{Ticket: "t1", Call: "c1", From: "13800000001", Position: 1, Waited: 61_000},
				{Ticket: "t2", Call: "c2", From: "13800000002", Position: 2, Waited: 4_000}}}},
			Agents: []center.AgentView{
				{ID: "1001", Name: "王芳", State: routing.ReadyState, Endpoint: "PJSIP/1001", Reachable: true, Queues: []fact.QueueID{"sales"}},
				{ID: "1002", Name: "李雷", State: routing.Offline}},
			Calls: []center.CallView{
				{ID: "c1", Direction: fact.Inbound, State: center.CallWaiting, From: "13800000001", To: "4001", Queue: "sales"},
				{ID: "c2", Direction: fact.Inbound, State: center.CallWaiting, From: "13800000002", To: "4001", Queue: "sales"}},
		},
	}
}

func (f *fakeEngine) Ask(_ context.Context, by string, op center.Operation) (engine.Cursor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return engine.Cursor{}, f.fail
	}
	agent := func(id fact.AgentID, state routing.State) error {
		i := slices.IndexFunc(f.view.Agents, func(a center.AgentView) bool { return a.ID == id })
		if i < 0 {
			return fmt.Errorf("agent %s: %w: %w", id, routing.ErrNoAgent, center.ErrNotFound)
		}
		f.view.Agents = slices.Clone(f.view.Agents)
		f.view.Agents[i].State = state
		return nil
	}
	var err error
	switch op := op.(type) {
	case center.SignIn:
		err = agent(op.Agent, routing.NotReadyIn)
	case center.PutPrompts:
		f.put(op.Files)
	case center.SignOut:
		err = agent(op.Agent, routing.Offline)
	case center.Ready:
		err = agent(op.Agent, routing.ReadyState)
	case center.NotReady:
		err = agent(op.Agent, routing.NotReadyIn)
	case center.HangUp:
		if !slices.ContainsFunc(f.view.Calls, func(c center.CallView) bool { return c.ID == op.Call }) {
			err = fmt.Errorf("hang up: call %q: %w", op.Call, center.ErrNotFound)
		}
	}
	if err != nil {
		return engine.Cursor{}, err
	}
	f.asked, f.by = append(f.asked, op), append(f.by, by)
	f.seq++
	return engine.Cursor{Epoch: fakeEpoch, Seq: f.seq}, nil
}

func (f *fakeEngine) put(files []center.PromptFile) {
	for _, p := range files {
		if f.prompts == nil {
			f.prompts = map[string]center.PromptFile{}
		}
		f.prompts[p.Key] = p
	}
}

// Why answers about calls and agents of the snapshot.
func (f *fakeEngine) Why(_ context.Context, q center.Question, at time.Time) (center.Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.whys = append(f.whys, q)
	if !at.IsZero() && at.Year() < 2020 {
		return center.Answer{}, fmt.Errorf("why: %w", engine.ErrGone)
	}
	answer := center.Answer{At: 1, Wall: at.UnixMilli()}
	for i := range f.view.Calls {
		if c := f.view.Calls[i]; c.ID == q.Call {
			answer.Call = &c
			return answer, nil
		}
	}
	for _, a := range f.view.Agents {
		if a.ID == q.Agent {
			answer.Agent = &routing.AgentWhy{AgentInfo: routing.AgentInfo{ID: a.ID, State: a.State}}
			return answer, nil
		}
	}
	return center.Answer{}, fmt.Errorf("why: call %q, agent %q: %w", q.Call, q.Agent, center.ErrNotFound)
}

func (f *fakeEngine) Configure(_ context.Context, c center.Config) (engine.Cursor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return engine.Cursor{}, f.fail
	}
	f.configs = append(f.configs, c)
	f.put(c.Prompts)
	f.view.Version = c.Version
	f.seq++
	return engine.Cursor{Epoch: fakeEpoch, Seq: f.seq}, nil
}

func (f *fakeEngine) View() (*center.View, engine.Cursor) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.view
	return &v, engine.Cursor{Epoch: fakeEpoch, Seq: f.seq}
}

func (f *fakeEngine) Stored(context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stored++
}

func (f *fakeEngine) Await(ctx context.Context, c engine.Cursor) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.Epoch != fakeEpoch {
		return fmt.Errorf("cursor %s: %w", c, engine.ErrCursor)
	}
	if c.Seq > f.seq {
		return context.DeadlineExceeded
	}
	return nil
}

func (f *fakeEngine) Epoch() string { return fakeEpoch }

func (f *fakeEngine) Health() engine.Health { return f.health }

func (f *fakeEngine) Stats() engine.Stats {
	return engine.Stats{Seq: 7, InboxLen: 3, InboxSize: 16384, JournalOK: true}
}

func (f *fakeEngine) Feed(after engine.Cursor) Feed {
	f.mu.Lock()
	defer f.mu.Unlock()
	if after.IsZero() && len(f.events) > 0 {
		last := f.events[len(f.events)-1]
		after = engine.Cursor{Epoch: fakeEpoch, Seq: last.Seq, N: last.N}
	}
	return &fakeFeed{f, after}
}

// happen adds events, each of an input of its own.
func (f *fakeEngine) happen(events ...fact.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range events {
		f.seq++
		f.events = append(f.events, fact.Sequenced{Seq: f.seq, N: 1, Event: e})
	}
	close(f.arrived)
	f.arrived = make(chan struct{})
}

type fakeFeed struct {
	f  *fakeEngine
	at engine.Cursor
}

func (d *fakeFeed) Cursor() engine.Cursor { return d.at }

func (d *fakeFeed) Next(ctx context.Context) ([]fact.Sequenced, error) {
	for {
		d.f.mu.Lock()
		arrived, oldest := d.f.arrived, d.f.oldest
		var out []fact.Sequenced
		for _, e := range d.f.events {
			if e.Seq > d.at.Seq && e.Seq > oldest {
				out = append(out, e)
			}
		}
		d.f.mu.Unlock()
		switch {
		case !d.at.IsZero() && d.at.Epoch != fakeEpoch:
			return nil, fmt.Errorf("cursor %s: %w", d.at, engine.ErrCursor)
		case !d.at.IsZero() && d.at.Seq < oldest:
			return nil, engine.ErrGap
		case len(out) > 0:
			d.at = engine.Cursor{Epoch: fakeEpoch, Seq: out[len(out)-1].Seq, N: 1}
			return out, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
