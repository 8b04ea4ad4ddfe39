package scenarios

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

func (m *memory) ChangeCaller(_ context.Context, _ api.Actor, _ fact.TenantID, number, _ string, f func(*center.Caller) error) (center.Caller, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.list[number]
	c.Number, c.Entries, c.Strikes = number, slices.Clone(c.Entries), slices.Clone(c.Strikes)
	before := slices.Clone(c.Entries)
	if err := f(&c); err != nil {
		return c, err
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		if !slices.ContainsFunc(before, func(o center.Entry) bool {
			return o.Kind == e.Kind && o.State == e.State && o.ApprovedAt == e.ApprovedAt
		}) {
			m.revision++
			e.Revision = m.revision
		}
	}
	if m.list == nil {
		m.list = map[string]center.Caller{}
	}
	m.list[number] = c
	return c, nil
}

func (m *memory) Listed(_ context.Context, _ fact.TenantID, number string) (center.Caller, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.list[number]
	c.Number = number
	return c, nil
}

func (m *memory) ListedPage(_ context.Context, f api.CallerFilter) ([]center.Caller, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []center.Caller
	for _, c := range m.list {
		if c.Number > f.After {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b center.Caller) int { return strings.Compare(a.Number, b.Number) })
	return all[:min(len(all), f.Limit)], nil
}

func (m *memory) ListedNumbers(context.Context, fact.TenantID, time.Time) (all []center.Entry, revision int64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.list {
		all = append(all, c.Entries...)
	}
	return all, m.revision, nil
}

func (m *memory) Keep(_ context.Context, _ fact.TenantID, k center.Keep) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return api.ErrUnavailable
	}
	if !slices.ContainsFunc(m.owed, func(c callback.Callback) bool { return c.ID == k.Callback.ID }) {
		m.owed = append(m.owed, k.Callback)
	}
	return nil
}

func (m *memory) Mark(ctx context.Context, tenant fact.TenantID, mark center.Mark) (marked center.Marked, err error) {
	m.mu.Lock()
	away := m.away
	m.mu.Unlock()
	if away {
		return marked, api.ErrUnavailable
	}
	_, err = m.ChangeCaller(ctx, api.Actor{Name: mark.Strike.By, Via: "scene"}, tenant, mark.Number, api.ActionStrike, func(c *center.Caller) (err error) {
		marked, err = mark.On(c)
		return err
	})
	return marked, err
}

func (m *memory) CreateCallback(_ context.Context, _ api.Actor, _ fact.TenantID, c callback.Callback) (callback.Callback, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.moves++
	c.Revision = m.moves
	m.owed = append(m.owed, c)
	return c, nil
}

func (m *memory) MoveCallback(_ context.Context, _ api.Actor, _ fact.TenantID, id fact.CallbackID, to callback.Moving) (callback.Callback, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.owed {
		if c := &m.owed[i]; c.ID == id {
			if err := c.Move(to); err != nil {
				return *c, fmt.Errorf("%w: %w", api.ErrConflict, err)
			}
			m.moves++
			c.Revision = m.moves
			return *c, nil
		}
	}
	return callback.Callback{}, api.ErrNotFound
}

func (m *memory) CallbackAttempts(_ context.Context, _ fact.TenantID, id fact.CallbackID) (all []callback.Attempt, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.tries {
		if t.Callback == id && t.Ended != 0 {
			all = append(all, callback.Attempt{Call: t.Call, Agent: t.Agent, Began: t.Began, Ended: t.Ended, Outcome: callback.Outcome(t.Outcome)})
		}
	}
	return all, nil
}

// tried has a callback follow its attempt.
func (m *memory) tried(t fact.CallbackTry) {
	m.tries = append(m.tries, t)
	for i := range m.owed {
		if c := &m.owed[i]; c.ID == t.Callback && c.State == callback.Open {
			c.State, c.Stage, c.Attempts, c.Tried, c.Next = callback.State(t.State), callback.Stage(t.Stage), t.Attempts, t.Began, t.Next
			c.By, c.Closed, c.LastCall = t.By, t.Closed, t.Call
			if t.Ended != 0 {
				c.Outcome = callback.Outcome(t.Outcome)
			}
		}
	}
}

func (m *memory) Callbacks(_ context.Context, f api.CallbackFilter) (all []callback.Callback, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.owed {
		if (f.State == "" || c.State == f.State) && (f.Number == "" || c.Number == f.Number) {
			all = append(all, c)
		}
	}
	return all, nil
}

func (m *memory) Callback(_ context.Context, _ fact.TenantID, id fact.CallbackID) (callback.Callback, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.owed {
		if c.ID == id {
			return c, nil
		}
	}
	return callback.Callback{}, api.ErrNotFound
}

func (m *memory) CloseCallback(_ context.Context, by api.Actor, _ fact.TenantID, id fact.CallbackID, to callback.State, note string) (callback.Callback, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.owed {
		if c := &m.owed[i]; c.ID == id {
			return *c, c.Close(to, by.Name, note, time.Now().UnixMilli())
		}
	}
	return callback.Callback{}, api.ErrNotFound
}
