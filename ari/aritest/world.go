package aritest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// patience is how long anything may take here.
const patience = 4 * time.Second

// Bench makes a driver that is connected to this server by a wire, and its far
// side. change may alter the driver's configuration.
func (s *Server) Bench(t testing.TB, change ...func(*ari.Config)) *mediatest.Bench {
	t.Helper()
	w := NewWire(t, s.URL())
	began := time.Now()
	c := ari.Config{
		Name: "pbx", URL: w.URL(), App: s.App, User: s.User, Password: s.Password,
		Clock: func() fact.Instant {
			return fact.Instant(began.UnixMilli() + time.Since(began).Milliseconds())
		},
		Heartbeat: 200 * time.Millisecond, BackoffMax: 500 * time.Millisecond, RecordingsDir: t.TempDir(),
	}
	s.folder = c.RecordingsDir
	for _, f := range change {
		f(&c)
	}
	driver := func() media.Switch {
		d, err := ari.New(c)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	nobody := s.addPhone(mediatest.Behaviour{})
	nobody.registered = false
	return &mediatest.Bench{
		Switch: driver(), Next: driver, World: &world{s: s, t: t, wire: w}, Patience: patience, Quiet: 40 * time.Millisecond, Notice: 2 * time.Second,
		Prompt: media.Prompt{File: "/prompts/welcome"}, PromptLength: ShortLength, LongPrompt: media.Prompt{File: "/prompts/" + Long},
		MissingPrompt: media.Prompt{File: "/prompts/" + Missing}, Unreachable: fact.Endpoint(nobody.endpoint), Return: s.o.Return,
	}
}

type world struct {
	s    *Server
	t    testing.TB
	wire *Wire
}

func (w *world) Call(from, to string) mediatest.Far { return &far{w: w, c: w.s.call(from, to)} }

// call has a call from outside handed to the application by the dialplan.
func (s *Server) call(from, to string) *channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names++
	c := s.newChannel(fmt.Sprintf("aritest-%d.%d", s.born, s.names), s.name("PJSIP/trunk"), "Ring")
	c.number, c.exten, c.context = from, to, "huawu-in"
	c.vars[sinceVariable] = fmt.Sprint(c.created.UnixMilli())
	if a := s.apps[s.App]; a != nil && a.out != nil {
		s.enter(c, s.App, "in")
	} else {
		c.early = true
		s.fallback(c)
	}
	s.stir()
	return c
}

func (w *world) Cut() func()   { return w.wire.Cut() }
func (w *world) Stall() func() { return w.wire.Stall() }

func (w *world) DuringListing(f func()) bool {
	w.wire.DuringListing(f)
	return true
}

func (w *world) Stored(name string) bool {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.s.stored[strings.TrimSuffix(name, ".wav")]
}

// phone is an endpoint with a phone.
type phone struct {
	endpoint   string
	registered bool
	behaviour  mediatest.Behaviour
	rung       []*channel
}

func (s *Server) addPhone(b mediatest.Behaviour) *phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &phone{endpoint: fmt.Sprintf("PJSIP/%d", 1001+len(s.phones)), registered: true, behaviour: b}
	s.phones[p.endpoint] = p
	return p
}

func (w *world) Phone(b mediatest.Behaviour) mediatest.Phone {
	return &worldPhone{w: w, p: w.s.addPhone(b)}
}

func (s *Server) endpoints(*http.Request) (any, *refusal) {
	list := []any{map[string]any{"technology": "PJSIP", "resource": "trunk", "state": "online", "channel_ids": []string{}}}
	for i := range len(s.phones) {
		p := s.phones[fmt.Sprintf("PJSIP/%d", 1001+i)]
		list = append(list, s.shownPhone(p))
	}
	return list, nil
}

func (s *Server) shownPhone(p *phone) map[string]any {
	state := "offline"
	if p.registered {
		state = "online"
	}
	return map[string]any{"technology": "PJSIP", "resource": p.endpoint[len("PJSIP/"):], "state": state, "channel_ids": []string{}}
}

// ring is the phone's part of dialling.
func (s *Server) ring(c *channel) {
	p := c.phone
	p.rung = append(p.rung, c)
	b := p.behaviour
	if b.Then == mediatest.SaysNothing {
		return
	}
	s.after(time.Millisecond, func() {
		if c.gone {
			return
		}
		if !b.Mute {
			s.dialled(c, "RINGING")
			c.state = "Ringing"
			s.tell(c, "ChannelStateChange", nil)
		}
		causes := map[mediatest.Outcome]int{mediatest.Busy: causeBusy, mediatest.Rejects: causeRejected, mediatest.Unavailable: causeNoAnswer}
		switch cause := causes[b.Then]; {
		case b.Then == mediatest.Answers:
			s.after(b.Ring, func() {
				if !c.gone {
					s.becomeUp(c)
				}
			})
		case cause > 0:
			s.after(b.Ring, func() { s.end(c, end{far: true, cause: cause, bye: goodbye{here: true}}) })
		}
	})
}

type worldPhone struct {
	w *world
	p *phone
}

func (p *worldPhone) Endpoint() fact.Endpoint { return fact.Endpoint(p.p.endpoint) }

func (p *worldPhone) Behave(b mediatest.Behaviour) {
	p.w.s.mu.Lock()
	defer p.w.s.mu.Unlock()
	p.p.behaviour = b
}

func (p *worldPhone) Rung() mediatest.Far {
	p.w.t.Helper()
	f := &far{w: p.w, c: &channel{gone: true, goodbye: &goodbye{}}}
	if !p.w.s.wait(patience, func() bool {
		if len(p.p.rung) == 0 {
			return false
		}
		f.c, p.p.rung = p.p.rung[0], p.p.rung[1:]
		return true
	}) {
		p.w.t.Errorf("%s has not been rung", p.p.endpoint)
	}
	return f
}

func (p *worldPhone) Register(on bool) {
	s := p.w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	p.p.registered = on
	status := "Unreachable"
	if on {
		status = "Reachable"
	}
	for _, a := range s.apps {
		if a.endpoints {
			s.send(a, map[string]any{"type": "PeerStatusChange", "endpoint": s.shownPhone(p.p), "peer": map[string]string{"peer_status": status}})
		}
	}
	s.stir()
}
