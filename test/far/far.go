// Package far is the far side of a real Asterisk, as mediatest has it: phones of
// test/phone, each with a voice of its own.
package far

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
)

// The tones that are heard besides voices and music (pbx.MusicTone), in hertz.
// Voices are above them.
const (
	// PromptTone is what a test's prompts are to sing.
	PromptTone = 620
	// BeepTone is what Asterisk's sound beep sings, for 0.4 s.
	BeepTone = 700
)

// Side is the far side in one test. What it cannot do fails the test.
type Side struct {
	t        testing.TB
	pbx      *pbx.PBX
	patience time.Duration

	mu     sync.Mutex
	voices int
	ends   []*End
}

// New is the far side of a PBX on which anything may take as long as patience.
func New(t testing.TB, p *pbx.PBX, patience time.Duration) *Side {
	return &Side{t: t, pbx: p, patience: patience}
}

// Open puts a phone on the network until the test ends, with a voice that no
// other one of the latest twenty has: windows of 120 ms tell them apart.
func (s *Side) Open(c phone.Config) *Phone {
	s.t.Helper()
	s.mu.Lock()
	c.Tone = 800 + 130*float64(s.voices%20)
	s.voices++
	s.mu.Unlock()
	c.Server = s.pbx.SIP()
	p, err := phone.Open(c)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("messages of %s:\n%s", p.User(), p.Trace())
		}
		s.check("close phone "+p.User(), p.Close())
	})
	return &Phone{side: s, phone: p}
}

// Call has a caller from outside dial a number.
func (s *Side) Call(from, to string) mediatest.Far {
	s.t.Helper()
	return s.Open(phone.Config{Host: s.pbx.OutsideHost(), User: from}).Dial(to)
}

func (s *Side) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), s.patience)
}

// check reports what could not be done.
func (s *Side) check(what string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Errorf("%s: %v", what, err)
	}
}

// Sees waits for what is to come true, and says whether it did.
func (s *Side) Sees(so func() bool) bool {
	ctx, cancel := s.context()
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if so() {
			return true
		}
		select {
		case <-ctx.Done():
			return so()
		case <-tick.C:
		}
	}
}

// Phone is a SIP phone: a mediatest.Phone.
type Phone struct {
	side  *Side
	phone *phone.Phone
}

// end is this phone's end of a call.
func (p *Phone) end(c *phone.Call) *End {
	e := &End{side: p.side, Phone: p.phone, Call: c}
	p.side.mu.Lock()
	defer p.side.mu.Unlock()
	p.side.ends = append(p.side.ends, e)
	return e
}

// Dial calls a number.
func (p *Phone) Dial(number string) mediatest.Far {
	p.side.t.Helper()
	c, err := p.phone.Dial(number, phone.Ask{})
	if err != nil {
		p.side.t.Fatalf("%s dials %s: %v", p.phone.User(), number, err)
	}
	return p.end(c)
}

// Endpoint is how Asterisk names the phone.
func (p *Phone) Endpoint() fact.Endpoint { return fact.Endpoint("PJSIP/" + p.phone.User()) }

// Behave changes what the phone does with the next call.
func (p *Phone) Behave(b mediatest.Behaviour) {
	status := map[mediatest.Outcome]int{mediatest.Answers: 200, mediatest.Busy: 486, mediatest.Rejects: 603, mediatest.Unavailable: 480}
	p.phone.Behave(phone.Behaviour{Ring: b.Ring, Mute: b.Mute, Status: status[b.Then], Nothing: b.Then == mediatest.SaysNothing})
}

// Rung waits for a call that comes in.
func (p *Phone) Rung() mediatest.Far {
	p.side.t.Helper()
	ctx, cancel := p.side.context()
	defer cancel()
	c, err := p.phone.Rung(ctx)
	if err != nil {
		p.side.t.Fatalf("phone %s: %v", p.phone.User(), err)
	}
	return p.end(c)
}

// Register makes the phone known to Asterisk, or takes it off.
func (p *Phone) Register(on bool) {
	p.side.t.Helper()
	ctx, cancel := p.side.context()
	defer cancel()
	if on {
		p.side.check("register "+p.phone.User(), p.phone.Register(ctx))
	} else {
		p.side.check("unregister "+p.phone.User(), p.phone.Unregister(ctx))
	}
}
