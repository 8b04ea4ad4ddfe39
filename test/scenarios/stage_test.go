package scenarios

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// patience is how long what happens at once may take on a busy machine.
const patience = 15 * time.Second

// stage is where a scenario is played. What is not as it says ends the test at
// the scenario's line.
type stage struct {
	t      *testing.T
	house  house
	phones map[string]*handset
	began  time.Time
	seen   map[string]fact.CallID // the newest call of each number
	// cursor is of the last command: what is read afterwards includes it.
	cursor string
}

func newStage(t *testing.T, h house) *stage {
	return &stage{t: t, house: h, phones: map[string]*handset{}, began: time.Now(), seen: map[string]fact.CallID{}}
}

// caller is somebody outside who dials a number. Numbers tell callers apart.
func (s *stage) caller(from, number string) *party {
	s.t.Helper()
	return &party{s: s, name: from, far: s.house.caller(from, number)}
}

// waiting is a caller who is in the line that the number leads to at once; a
// phone may ring for them already.
func (s *stage) waiting(from, number string) *party {
	s.t.Helper()
	p := s.caller(from, number)
	s.within(patience, func() string { return from + " is in no line" }, func() bool {
		c := s.call(p)
		return c != nil && (c.State == center.CallWaiting || c.State == center.CallRinging)
	})
	return p
}

// phone is the phone of an agent: it rings on until somebody answers.
func (s *stage) phone(seat string) *handset {
	p := s.phones[seat]
	if p == nil {
		p = &handset{s: s, seat: seat, phone: s.house.phone(seat)}
		s.phones[seat] = p
	}
	return p
}

// do sends a command as operators do; it must be carried out.
func (s *stage) do(method, path string, body any) {
	s.t.Helper()
	if status, answer := s.send(method, path, body); status >= 300 {
		s.t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
}

// refused sends a command that must be refused with a code.
func (s *stage) refused(code, method, path string, body any) {
	s.t.Helper()
	status, answer := s.send(method, path, body)
	var p api.Problem
	if err := json.Unmarshal(answer, &p); status < 400 || err != nil || p.Code != code {
		s.t.Fatalf("%s %s: %d %s, want %s", method, path, status, answer, code)
	}
}

func (s *stage) send(method, path string, body any) (int, []byte) {
	s.t.Helper()
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			s.t.Fatal(err)
		}
	}
	status, answer, err := s.house.request(method, path, content)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	if method != http.MethodGet && status < 300 {
		var done struct{ Cursor string }
		if json.Unmarshal(answer, &done) == nil && done.Cursor != "" { // not every answer has one
			s.cursor = done.Cursor
		}
	}
	return status, answer
}

// with is a body of one field or more.
func with(pairs ...any) map[string]any {
	body := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		body[pairs[i].(string)] = pairs[i+1]
	}
	return body
}

func (s *stage) get(path string, into any) {
	s.t.Helper()
	live := slices.ContainsFunc([]string{"/calls", "/agents", "/queues"}, func(of string) bool { return strings.HasPrefix(path, of) })
	if live && !strings.Contains(path, "/why") && s.cursor != "" {
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		path += mark + "after=" + url.QueryEscape(s.cursor)
	}
	status, answer := s.send(http.MethodGet, path, nil)
	if status != http.StatusOK {
		s.t.Fatalf("GET %s: %d %s", path, status, answer)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		s.t.Fatalf("GET %s: %v in %s", path, err, answer)
	}
}

// ready signs agents in at their seats, to take calls; with somebody in line they
// are offered one at once.
func (s *stage) ready(agents ...string) {
	s.t.Helper()
	for _, id := range agents {
		s.do(http.MethodPost, "/agents/"+id+"/sign-in", with("endpoint", "PJSIP/"+id, "ready", true))
		s.within(patience, func() string { return "agent " + id + " is not signed in" }, func() bool {
			a := s.agentNow(id)
			return a.State != routing.Offline && a.Reason != routing.PauseSignedIn
		})
	}
}

// pause makes an agent NOT_READY.
func (s *stage) pause(id string, reason routing.PauseReason) {
	s.t.Helper()
	s.do(http.MethodPost, "/agents/"+id+"/not-ready", with("reason", reason))
	s.agent(id, routing.NotReadyIn, reason)
}

// within waits until it is so, for at most d.
func (s *stage) within(d time.Duration, what func() string, so func() bool) {
	s.t.Helper()
	for end := time.Now().Add(d); ; time.Sleep(20 * time.Millisecond) {
		switch {
		case so():
			return
		case s.t.Failed():
			s.t.FailNow()
		case time.Now().After(end):
			s.t.Fatalf("%.3f s after the beginning, waited %v in vain: %s", time.Since(s.began).Seconds(), d, what())
		}
	}
}

// settle lets what has just happened at a phone come into view: it waits until
// nothing new has been heard for longer than a snapshot may be old, however busy
// the machine is. What a command did needs no such wait.
func (s *stage) settle() {
	s.t.Helper()
	const still, most = 120 * time.Millisecond, 2 * time.Second
	var last struct{ Cursor string }
	for began, since := time.Now(), time.Now(); time.Since(since) < still && time.Since(began) < most; s.pass(20 * time.Millisecond) {
		was := last.Cursor
		if s.get("/agents", &last); last.Cursor != was {
			since = time.Now()
		}
	}
}

// pass lets time pass that the scenario is about: who came how much later, how
// long a wait was. In memory it is virtual.
func (s *stage) pass(d time.Duration) { time.Sleep(d) }

// agent waits until an agent is in a state, for a reason if one is given.
func (s *stage) agent(id string, state routing.State, reason ...routing.PauseReason) {
	s.t.Helper()
	s.agentWithin(patience, id, state, reason...)
}

func (s *stage) agentWithin(d time.Duration, id string, state routing.State, reason ...routing.PauseReason) {
	s.t.Helper()
	var last center.AgentView
	s.within(d, func() string {
		return fmt.Sprintf("agent %s is %s %s, want %s %v", id, last.State, last.Reason, state, reason)
	}, func() bool {
		last = s.agentNow(id)
		return last.State == state && (len(reason) == 0 || last.Reason == reason[0])
	})
}

func (s *stage) agentNow(id string) center.AgentView {
	s.t.Helper()
	var a api.AgentDetail
	s.get("/agents/"+url.PathEscape(id), &a)
	return a.AgentView
}

// keeps holds that an agent is in a state and stays in it for d.
func (s *stage) keeps(id string, state routing.State, d time.Duration) {
	s.t.Helper()
	s.settle()
	for end := time.Now().Add(d); ; time.Sleep(20 * time.Millisecond) {
		if a := s.agentNow(id); a.State != state {
			s.t.Fatalf("agent %s is %s %s, want %s all the time", id, a.State, a.Reason, state)
		}
		if time.Now().After(end) {
			return
		}
	}
}

// line waits until exactly these wait in a queue, in this order.
func (s *stage) line(queue string, callers ...*party) {
	s.t.Helper()
	var want, got []string
	for _, c := range callers {
		want = append(want, c.name)
	}
	s.within(patience, func() string { return fmt.Sprintf("%v wait in %s, want %v", got, queue, want) }, func() bool {
		got = nil
		for _, t := range s.queueNow(queue).Waiting {
			got = append(got, t.From)
		}
		return slices.Equal(got, want)
	})
}

func (s *stage) queueNow(id string) center.QueueView {
	s.t.Helper()
	var q api.QueueDetail
	s.get("/queues/"+url.PathEscape(id), &q)
	return q.QueueView
}

// rest waits until no call is left and nobody in line, and these agents are
// READY.
func (s *stage) rest(agents ...string) {
	s.t.Helper()
	s.settle()
	var left []string
	s.within(patience, func() string { return fmt.Sprintf("not everything is over: %v", left) }, func() bool {
		left = nil
		var calls api.CallList
		s.get("/calls", &calls)
		for _, c := range calls.Calls {
			left = append(left, fmt.Sprintf("%s is %s", c.From, c.State))
		}
		var queues api.QueueList
		s.get("/queues", &queues)
		for _, q := range queues.Queues {
			for _, t := range q.Waiting {
				left = append(left, t.From+" waits in "+string(q.ID))
			}
		}
		return len(left) == 0
	})
	for _, id := range agents {
		s.agent(id, routing.ReadyState)
	}
}
