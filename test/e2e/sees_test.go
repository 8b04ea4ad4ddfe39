//go:build asterisk

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/voice/wav"
)

// hears waits until a call hears a tone.
func (h *house) hears(c *phone.Call, hertz float64) {
	h.t.Helper()
	h.until(fmt.Sprintf("%g Hz at call %s", hertz, c.Number()), func() bool { return c.Level(hertz, window) > loud })
}

// silent waits until a call does not hear a tone.
func (h *house) silent(c *phone.Call, hertz float64) {
	h.t.Helper()
	h.until(fmt.Sprintf("no %g Hz at call %s", hertz, c.Number()), func() bool { return c.Level(hertz, window) < faint })
}

// talk has both sing and each hear the other and no music.
func (h *house) talk(a, b *phone.Call, hertzA, hertzB float64) {
	h.t.Helper()
	a.Talk(true)
	b.Talk(true)
	h.hears(a, hertzB)
	h.hears(b, hertzA)
	h.silent(a, pbx.MusicTone)
	h.silent(b, pbx.MusicTone)
}

// agent is an agent as GET /agents shows it.
func (h *house) agent(id string) center.AgentView {
	h.t.Helper()
	all, err := h.Agents(h.ctx())
	must(h.t, err)
	for _, a := range all {
		if string(a.ID) == id {
			return a
		}
	}
	h.t.Fatalf("no agent %s in %+v", id, all)
	return center.AgentView{}
}

// becomes waits for an agent's state.
func (h *house) becomes(id string, state routing.State, reason routing.PauseReason) {
	h.t.Helper()
	var last center.AgentView
	err := rig.Until(h.t.Context(), patience, fmt.Sprintf("%s to be %s %s", id, state, reason), func() (bool, error) {
		last = h.agent(id)
		return last.State == state && last.Reason == reason, nil
	})
	if err != nil {
		h.t.Fatalf("%v; it is %+v", err, last)
	}
}

// live is the call from a number in progress, nil for none.
func (h *house) live(from string) *center.CallView {
	h.t.Helper()
	all, err := h.Calls(h.ctx())
	must(h.t, err)
	for i := range all {
		if all[i].From == from {
			return &all[i]
		}
	}
	return nil
}

// reaches waits for the state of the call from a number.
func (h *house) reaches(from string, state center.CallState) *center.CallView {
	h.t.Helper()
	var v *center.CallView
	h.until(fmt.Sprintf("the call from %s to be in state %s", from, state), func() bool {
		v = h.live(from)
		return v != nil && v.State == state
	})
	return v
}

// records waits until so many calls of a number have ended, the latest first.
func (h *house) records(from string, n int) []fact.Record {
	h.t.Helper()
	var found []fact.Record
	h.until(fmt.Sprintf("%d records of %s", n, from), func() bool {
		all, err := h.Ended(h.ctx())
		must(h.t, err)
		found = slices.DeleteFunc(all, func(r fact.Record) bool { return r.From != from })
		return len(found) >= n
	})
	if len(found) > n {
		h.t.Fatalf("%d records of %s, want %d: %+v", len(found), from, n, found)
	}
	return found
}

// record waits for the one record of a caller and holds its ending to what it
// must be.
func (h *house) record(from string, ending fact.Ending, by fact.Party) fact.Record {
	h.t.Helper()
	r := h.records(from, 1)[0]
	if r.Ending != ending || r.By != by {
		h.t.Errorf("the call from %s ended as %+v by %s, want %+v by %s", from, r.Ending, r.By, ending, by)
	}
	return r
}

// history is the events of a call, in the order of the store.
func (h *house) history(id fact.CallID) []fact.Event {
	h.t.Helper()
	var d api.CallDetail
	must(h.t, h.Get(h.ctx(), "/api/v1/calls/"+string(id), &d))
	events := make([]fact.Event, len(d.Events))
	for i, e := range d.Events {
		events[i] = e.Event
	}
	return events
}

// waiting is who waits in a queue, in order.
func (h *house) waiting(queue string) []center.TicketView {
	h.t.Helper()
	all, err := h.Queues(h.ctx())
	must(h.t, err)
	for _, q := range all {
		if string(q.ID) == queue {
			return q.Waiting
		}
	}
	h.t.Fatalf("no queue %s in %+v", queue, all)
	return nil
}

// lines waits until exactly these callers wait in a queue, in this order.
func (h *house) lines(queue string, from ...string) {
	h.t.Helper()
	h.until(fmt.Sprintf("%v to wait in %s", from, queue), func() bool {
		var got []string
		for _, w := range h.waiting(queue) {
			got = append(got, w.From)
		}
		return slices.Equal(got, from)
	})
}

// atRest waits until nothing is left of any call: no channel and no room on
// Asterisk, no call and nobody in line in huawu; and these agents are READY.
func (h *house) atRest(agents ...string) {
	h.t.Helper()
	var left string
	err := rig.Until(h.t.Context(), patience, "everything to be at rest", func() (bool, error) {
		var err error
		left, err = h.Leftovers(h.ctx())
		return err == nil && left == "", err
	})
	if err != nil {
		h.t.Fatalf("%v: %s", err, left)
	}
	for _, id := range agents {
		h.becomes(id, routing.ReadyState, "")
	}
}

// side reads one side of a call's recording.
func (h *house) side(r fact.Record, side fact.Side) (fact.RecordingFile, wav.Sound) {
	h.t.Helper()
	for _, f := range r.Recordings {
		if f.Side != side {
			continue
		}
		file, err := os.Open(filepath.Join(h.PBX.Recordings(), f.Name))
		must(h.t, err)
		defer file.Close()
		s, err := wav.Read(file)
		must(h.t, err)
		return f, s
	}
	h.t.Fatalf("the record has no side %s: %+v", side, r.Recordings)
	return fact.RecordingFile{}, wav.Sound{}
}

// about says whether a duration in milliseconds is as measured.
func about(t *testing.T, what string, ms int64, measured time.Duration) {
	t.Helper()
	if d := time.Duration(ms)*time.Millisecond - measured; d < -slack || d > slack {
		t.Errorf("%s is %d ms, the phones measured %v", what, ms, measured.Round(time.Millisecond))
	}
}
