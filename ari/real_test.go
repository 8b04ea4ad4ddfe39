//go:build asterisk

package ari_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/tone"
)

const (
	// realPatience is how long anything may take on a real Asterisk on a busy
	// machine.
	realPatience = 8 * time.Second
	promptTone   = 620
	// accounts of phones; the last one never registers.
	accounts = 12
)

// exchange is one real Asterisk for all tests of this package.
var exchange = sync.OnceValues(func() (*pbx.PBX, error) {
	p, err := pbx.Start(context.Background(), pbx.Options{Phones: accounts})
	if err != nil {
		return nil, err
	}
	atExit = append(atExit, p.Close)
	prompts := filepath.Join(p.Dir(), "prompts")
	if err := os.MkdirAll(prompts, 0o755); err != nil {
		return nil, err
	}
	for name, length := range map[string]time.Duration{"short": 500 * time.Millisecond, "long": 4 * time.Second} {
		samples := make([]int16, int(length.Seconds()*tone.Rate))
		tone.NewSine(promptTone, 0.3).Fill(samples)
		if err := os.WriteFile(filepath.Join(prompts, name+".sln"), little(samples), 0o644); err != nil {
			return nil, err
		}
	}
	return p, nil
})

// little is samples as a headerless file of Asterisk's.
func little(samples []int16) []byte {
	b := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		b = append(b, byte(s), byte(uint16(s)>>8))
	}
	return b
}

// realPBX is the real Asterisk seen by one test, and the test's driver.
type realPBX struct {
	*pbx.PBX
	t      testing.TB
	wire   *aritest.Wire
	driver *ari.Switch
	config ari.Config

	mu    sync.Mutex
	used  int // accounts
	tones int
	fars  []*realFar
}

func openReal(t testing.TB, change ...func(*ari.Config)) *realPBX {
	t.Helper()
	p, err := exchange()
	if err != nil {
		t.Fatalf("a real Asterisk: %v", err)
	}
	r := &realPBX{PBX: p, t: t, wire: aritest.NewWire(t, p.ARI())}
	c := ari.Config{
		Name: "pbx", URL: r.wire.URL(), App: app(p), User: p.User(), Password: p.Password(), Clock: clock,
		Heartbeat: 500 * time.Millisecond, BackoffMax: time.Second, Logger: testLog(t), RecordingsDir: p.Recordings(),
	}
	for _, f := range change {
		f(&c)
	}
	r.config = c
	if r.driver, err = ari.New(c); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *realPBX) bench() *mediatest.Bench {
	prompt := func(name string) media.Prompt { return media.Prompt{File: filepath.Join(r.Dir(), "prompts", name)} }
	return &mediatest.Bench{
		Switch: r.driver, Next: r.next, World: r, Patience: realPatience, Quiet: 250 * time.Millisecond, Notice: 3 * time.Second,
		Prompt: prompt("short"), PromptLength: 500 * time.Millisecond, LongPrompt: prompt("long"), MissingPrompt: prompt("missing"),
		Unreachable: fact.Endpoint("PJSIP/" + r.Phones()[accounts-1].Name), Return: 3 * time.Second,
	}
}

// next is a driver as a process has it that was started again.
func (r *realPBX) next() media.Switch {
	driver, err := ari.New(r.config)
	r.check("make another driver", err)
	return driver
}

func (r *realPBX) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), realPatience)
}

// check reports what a far side could not do.
func (r *realPBX) check(what string, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Errorf("%s: %v", what, err)
	}
}

func (r *realPBX) phone(c phone.Config) *phone.Phone {
	r.mu.Lock()
	// Far enough apart for windows of 120 ms, and from music and prompts.
	c.Tone = 800 + 130*float64(r.tones%20)
	r.tones++
	r.mu.Unlock()
	c.Server = r.SIP()
	p, err := phone.Open(c)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if r.t.Failed() {
			r.t.Logf("messages of %s:\n%s", p.User(), p.Trace())
		}
		r.check("close phone", p.Close())
	})
	return p
}

func (r *realPBX) Call(from, to string) mediatest.Far {
	p := r.phone(phone.Config{Host: r.OutsideHost(), User: from})
	c, err := p.Dial(to, phone.Ask{})
	r.check("dial", err)
	return r.far(p, c)
}

func (r *realPBX) far(p *phone.Phone, c *phone.Call) *realFar {
	f := &realFar{r: r, p: p, c: c}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fars = append(r.fars, f)
	return f
}

func (r *realPBX) Phone(b mediatest.Behaviour) mediatest.Phone {
	r.mu.Lock()
	account := r.Phones()[r.used]
	r.used++
	r.mu.Unlock()
	p := &realPhone{r: r, p: r.phone(phone.Config{Host: r.PhoneHost(), User: account.Name, Password: account.Password})}
	p.Behave(b)
	p.Register(true)
	r.t.Cleanup(func() { p.Register(false) })
	return p
}

func (r *realPBX) Cut() func()   { return r.wire.Cut() }
func (r *realPBX) Stall() func() { return r.wire.Stall() }

func (r *realPBX) DuringListing(f func()) bool {
	r.wire.DuringListing(f)
	return true
}

func (r *realPBX) Stored(name string) bool {
	_, err := os.Stat(filepath.Join(r.Recordings(), filepath.FromSlash(name)))
	return err == nil
}

type realPhone struct {
	r *realPBX
	p *phone.Phone
}

func (p *realPhone) Endpoint() fact.Endpoint { return fact.Endpoint("PJSIP/" + p.p.User()) }

func (p *realPhone) Behave(b mediatest.Behaviour) {
	status := map[mediatest.Outcome]int{mediatest.Answers: 200, mediatest.Busy: 486, mediatest.Rejects: 603, mediatest.Unavailable: 480}
	p.p.Behave(phone.Behaviour{Ring: b.Ring, Mute: b.Mute, Status: status[b.Then], Nothing: b.Then == mediatest.SaysNothing})
}

func (p *realPhone) Rung() mediatest.Far {
	p.r.t.Helper()
	ctx, cancel := p.r.context()
	defer cancel()
	c, err := p.p.Rung(ctx)
	if err != nil {
		p.r.t.Fatalf("phone %s: %v", p.p.User(), err)
	}
	return p.r.far(p.p, c)
}

func (p *realPhone) Register(on bool) {
	p.r.t.Helper()
	ctx, cancel := p.r.context()
	defer cancel()
	if on {
		p.r.check("register", p.p.Register(ctx))
	} else {
		p.r.check("unregister", p.p.Unregister(ctx))
	}
}

type realFar struct {
	r *realPBX
	p *phone.Phone
	c *phone.Call
}

// wait runs a waiting verb and reports what came of it.
func (f *realFar) wait(what string, verb func(ctx context.Context) error) {
	f.r.t.Helper()
	ctx, cancel := f.r.context()
	defer cancel()
	f.r.check(what, verb(ctx))
}

func (f *realFar) Hangup()      { f.c.Hangup() }
func (f *realFar) Talk(on bool) { f.c.Talk(on) }
func (f *realFar) Alive() bool  { return f.c.Alive() }
func (f *realFar) Hold()        { f.r.t.Helper(); f.wait("hold", f.c.Hold) }
func (f *realFar) Unhold()      { f.r.t.Helper(); f.wait("unhold", f.c.Unhold) }
func (f *realFar) Early()       { f.r.t.Helper(); f.wait("early media", f.c.Early) }
func (f *realFar) Answered()    { f.r.t.Helper(); f.wait("answer", f.c.Answered) }
func (f *realFar) Press(d string) {
	f.r.t.Helper()
	f.wait("press", func(ctx context.Context) error { return f.c.Press(ctx, d) })
}

func (f *realFar) Refer(to string, consulted mediatest.Far) {
	f.r.t.Helper()
	var other *phone.Call
	if consulted != nil {
		other = consulted.(*realFar).c
	}
	f.wait("refer", func(ctx context.Context) error {
		if err := f.c.Refer(ctx, to, other); !errors.Is(err, phone.ErrRefused) {
			return err
		}
		return nil
	})
}

func (f *realFar) Ended() mediatest.Goodbye {
	f.r.t.Helper()
	var e phone.Ending
	f.wait("end", func(ctx context.Context) (err error) {
		e, err = f.c.Ended(ctx)
		return err
	})
	return mediatest.Goodbye{Here: e.Here, Cause: e.Cause, Elsewhere: e.Elsewhere}
}

func (f *realFar) Keyed(digits string) {
	f.r.t.Helper()
	if !poll(realPatience, func() bool { return f.c.Keys() == digits }) {
		f.r.t.Errorf("keys %q were sent, want %q", f.c.Keys(), digits)
	}
}

func (f *realFar) Told() (done bool) {
	f.r.t.Helper()
	f.wait("news of the transfer", func(ctx context.Context) error {
		status, err := f.c.Told(ctx)
		done = status < 300
		return err
	})
	return done
}

// Hears finds tones in what this end heard of late.
func (f *realFar) Hears(want mediatest.Heard) {
	f.r.t.Helper()
	const window, loud, faint = 120 * time.Millisecond, 0.08, 0.03
	expected := map[float64]bool{}
	if want.Music {
		expected[pbx.MusicTone] = true
	}
	if want.Prompt {
		expected[promptTone] = true
	}
	for _, v := range want.Voices {
		expected[v.(*realFar).p.Tone()] = true
	}
	f.r.mu.Lock()
	tones := []float64{pbx.MusicTone, promptTone}
	for _, o := range f.r.fars {
		tones = append(tones, o.p.Tone())
	}
	f.r.mu.Unlock()
	slices.Sort(tones)
	tones = slices.Compact(tones)
	levels := func() (s string, right bool) {
		right = true
		samples := f.c.Heard(window)
		for _, hz := range tones {
			l := tone.Level(samples, hz)
			s += fmt.Sprintf(" %g Hz: %.3f", hz, math.Round(l*1000)/1000)
			right = right && (expected[hz] && l > loud || !expected[hz] && l < faint)
		}
		return s, right
	}
	if !poll(realPatience, func() bool { _, right := levels(); return right }) {
		s, _ := levels()
		f.r.t.Errorf("%s hears%s; want exactly %v", f.p.User(), s, expected)
	}
}

// TestReal runs the conformance suite against a real Asterisk with real phones.
func TestReal(t *testing.T) {
	mediatest.Exercise(t, func(t *testing.T) *mediatest.Bench { return openReal(t).bench() })
}

// app is the application that the PBX's dialplan hands legs to.
func app(p *pbx.PBX) string {
	if a := p.Provision().App; a != "" {
		return a
	}
	return "huawu"
}
