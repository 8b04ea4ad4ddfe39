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
	"github.com/huawu/huawu/media/mediatest"
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

// party is one end of a call: a caller or somebody at a phone.
type party struct {
	s    *stage
	name string // a caller's number, a phone's seat
	far  mediatest.Far
}

// handset is the phone of a seat, or of a number beyond the trunk.
type handset struct {
	s     *stage
	seat  string
	phone mediatest.Phone
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

// rings waits until the phone rings for a call that was not returned before.
func (p *handset) rings() *party {
	p.s.t.Helper()
	far := p.phone.Rung()
	if p.s.t.Failed() {
		p.s.t.FailNow()
	}
	return &party{s: p.s, name: p.seat, far: far}
}

// behave says what the phone does with calls by itself; at once means without
// having rung.
func (p *handset) behave(then mediatest.Outcome, after time.Duration) {
	p.phone.Behave(mediatest.Behaviour{Ring: after, Mute: after == 0, Then: then})
}

func (p *handset) register(on bool) {
	p.s.t.Helper()
	p.phone.Register(on)
}

func (p *handset) dial(number string) *party {
	p.s.t.Helper()
	return &party{s: p.s, name: p.seat, far: p.s.house.dial(p.seat, number)}
}

func (p *party) answer() {
	p.s.t.Helper()
	p.s.house.answer(p.far)
	p.far.Answered()
}

// drops answers and hangs up at once.
func (p *party) drops() {
	p.s.t.Helper()
	p.s.house.answer(p.far)
	p.far.Hangup()
}

func (p *party) hangup()           { p.far.Hangup() }
func (p *party) press(keys string) { p.s.t.Helper(); p.far.Press(keys) }
func (p *party) hold()             { p.s.t.Helper(); p.far.Hold() }
func (p *party) unhold()           { p.s.t.Helper(); p.far.Unhold() }

// refer is the transfer key: blind to a number, or to whom the phone's other
// call talks.
func (p *party) refer(to string, consulted *party) {
	p.s.t.Helper()
	var other mediatest.Far
	if consulted != nil {
		other = consulted.far
	}
	p.far.Refer(to, other)
}

// ended waits until this end is over.
func (p *party) ended() mediatest.Goodbye {
	p.s.t.Helper()
	return p.far.Ended()
}

// sound is music or a prompt.
type sound string

const (
	music  sound = "music"
	prompt sound = "a prompt"
)

// hears waits until this end hears exactly that: music, a prompt, parties who
// talk; nothing for silence.
func (p *party) hears(what ...any) {
	p.s.t.Helper()
	var h mediatest.Heard
	for _, w := range what {
		switch w := w.(type) {
		case sound:
			h.Music, h.Prompt = h.Music || w == music, h.Prompt || w == prompt
		case *party:
			w.far.Talk(true)
			h.Voices = append(h.Voices, w.far)
		default:
			p.s.t.Fatalf("nobody hears a %T", w)
		}
	}
	p.far.Hears(h)
	if p.s.t.Failed() {
		p.s.t.FailNow()
	}
}

// talk waits until two hear each other and nothing else.
func (s *stage) talk(a, b *party) {
	s.t.Helper()
	a.hears(b)
	b.hears(a)
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
