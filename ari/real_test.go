//go:build asterisk

package ari_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/test/far"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/tone"
)

const (
	// realPatience is how long anything may take on a real Asterisk on a busy
	// machine.
	realPatience = 8 * time.Second
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
		tone.NewSine(far.PromptTone, 0.3).Fill(samples)
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
	side   *far.Side

	mu   sync.Mutex
	used int // accounts
}

func openReal(t testing.TB, change ...func(*ari.Config)) *realPBX {
	t.Helper()
	p, err := exchange()
	if err != nil {
		t.Fatalf("a real Asterisk: %v", err)
	}
	r := &realPBX{PBX: p, t: t, side: far.New(t, p, realPatience), wire: aritest.NewWire(t, p.ARI())}
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

// check reports what could not be done.
func (r *realPBX) check(what string, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Errorf("%s: %v", what, err)
	}
}

func (r *realPBX) Call(from, to string) mediatest.Far { return r.side.Call(from, to) }

func (r *realPBX) Phone(b mediatest.Behaviour) mediatest.Phone {
	r.mu.Lock()
	account := r.Phones()[r.used]
	r.used++
	r.mu.Unlock()
	p := r.side.Open(phone.Config{Host: r.PhoneHost(), User: account.Name, Password: account.Password})
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
