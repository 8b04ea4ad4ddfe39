package scenarios

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// call is a party's call as it goes on, nil when there is none.
func (s *stage) call(p *party) *center.CallView {
	s.t.Helper()
	var all api.CallList
	s.get("/calls", &all)
	for i := range all.Calls {
		if c := &all.Calls[i]; c.From == p.name {
			s.seen[p.name] = c.ID
			return c
		}
	}
	return nil
}

// known waits until huawu knows a party's call, going on or ended, and is its id.
func (s *stage) known(p *party) string {
	s.t.Helper()
	s.within(patience, func() string { return p.name + " has no call" }, func() bool {
		if s.seen[p.name] != "" || s.call(p) != nil {
			return true
		}
		s.ended(p)
		return s.seen[p.name] != ""
	})
	return string(s.seen[p.name])
}

// ended is the record of a party's call, nil while there is none.
func (s *stage) ended(p *party) *fact.Record {
	s.t.Helper()
	var all api.CallList
	s.get("/calls?ended=true", &all)
	for i := range all.Ended {
		if r := &all.Ended[i]; r.From == p.name {
			s.seen[p.name] = r.Call
			return r
		}
	}
	return nil
}

// steer is a command to a party's call.
func (s *stage) steer(p *party, verb string, pairs ...any) {
	s.t.Helper()
	s.do(http.MethodPost, "/calls/"+url.PathEscape(s.known(p))+"/"+verb, bodyOf(pairs))
}

// bodyOf is a body, or none of no pairs.
func bodyOf(pairs []any) any {
	if len(pairs) == 0 {
		return nil
	}
	return with(pairs...)
}

// reaches waits until a party's call is in a state.
func (s *stage) reaches(p *party, state center.CallState) {
	s.t.Helper()
	var last center.CallState
	s.within(patience, func() string { return fmt.Sprintf("the call of %s is %q, want %s", p.name, last, state) }, func() bool {
		last = ""
		if c := s.call(p); c != nil {
			last = c.State
		}
		return last == state
	})
}

// record waits for the record of a party's call that has ended.
func (s *stage) record(p *party) (r fact.Record) {
	s.t.Helper()
	s.within(patience, func() string { return "the call of " + p.name + " has no record" }, func() bool {
		found := s.ended(p)
		if found != nil {
			r = *found
		}
		return found != nil
	})
	return r
}

// ending waits for the record of a party's call and holds it to how the call
// must have ended.
func (s *stage) ending(p *party, fault fact.Fault, reason fact.Reason) fact.Record {
	s.t.Helper()
	r := s.record(p)
	if r.Fault != fault || r.Reason != reason {
		s.t.Fatalf("the call of %s ended %s %s, want %s %s", p.name, r.Fault, r.Reason, fault, reason)
	}
	return r
}

// told waits until these events have happened in a party's call, in this order
// and others between them. An event is its kind, and more words that must be in
// it: "queue.missed 1001 rejected".
func (s *stage) told(p *party, events ...string) {
	s.t.Helper()
	s.known(p)
	var got []string
	s.within(patience, func() string {
		return fmt.Sprintf("the events of %s are not %q in\n%s", p.name, events, strings.Join(got, "\n"))
	}, func() bool {
		var d api.CallDetail
		s.get("/calls/"+url.PathEscape(string(s.seen[p.name])), &d)
		got = nil
		for _, e := range d.Events {
			got = append(got, words(e.Event))
		}
		return inOrder(events, got)
	})
}

// has says whether an event of a party's call has been told.
func (s *stage) has(p *party, event string) bool {
	s.t.Helper()
	s.settle()
	var d api.CallDetail
	s.get("/calls/"+url.PathEscape(s.known(p)), &d)
	for _, e := range d.Events {
		if words(e.Event) == event {
			return true
		}
	}
	return false
}

// words are an event in one line.
func words(e fact.Event) string {
	all := []string{string(e.Kind), string(e.Queue), string(e.Agent), e.Reason, e.Name, e.From, e.To, string(e.By)}
	return strings.Join(slices.DeleteFunc(all, func(w string) bool { return w == "" }), " ")
}

func inOrder(want, got []string) bool {
	for _, g := range got {
		if len(want) == 0 {
			break
		}
		has := strings.Fields(g)
		need := strings.Fields(want[0])
		if has[0] == need[0] && !slices.ContainsFunc(need[1:], func(w string) bool { return !slices.Contains(has[1:], w) }) {
			want = want[1:]
		}
	}
	return len(want) == 0
}
