//go:build asterisk

package phone_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
)

// exchange is the PBX that all tests share.
var exchange *pbx.PBX

func TestMain(m *testing.M) {
	var err error
	exchange, err = pbx.Start(context.Background(), pbx.Options{Phones: 2, Modules: modules, Files: map[string]string{"extensions.conf": dialplan}})
	if err != nil {
		fmt.Fprintln(os.Stderr, "start a PBX:", err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if err := exchange.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "stop the PBX:", err)
			code = 1
		}
		os.Exit(code)
	}), goleak.IgnoreCurrent())
}

// dialplan is what the tests call: 700 echoes, 701 dials the first phone, 702 is
// music before an answer, 703 answers and reads keys back, 704 is busy, 705 is
// answered and hung up, 706 reads four keys and says them again as keys.
const dialplan = `
[huawu-in](+)
exten => 700,1,Answer()
 same => n,Echo()
exten => 701,1,Dial(PJSIP/1001,20)
 same => n,Hangup(${HANGUPCAUSE})
exten => 702,1,Progress()
 same => n,MusicOnHold(default,10)
exten => 704,1,Hangup(17)
exten => 705,1,Answer()
 same => n,Wait(0.2)
 same => n,Hangup(16)
exten => 706,1,Answer()
 same => n,Read(KEYS,,4,,,5)
 same => n,SendDTMF(${KEYS})
 same => n,Wait(5)
exten => 707,1,Dial(PJSIP/1001,1)
 same => n,Hangup(19)
[huawu-agents](+)
exten => _7XX,1,Goto(huawu-in,${EXTEN},1)
`

var modules = []string{"app_echo", "app_playback", "app_read", "app_senddtmf", "app_verbose", "func_hangupcause", "bridge_builtin_interval_features"}

type stage struct {
	*pbx.PBX
	t *testing.T
}

func open(t *testing.T) stage { return stage{exchange, t} }

func (s stage) phone(c phone.Config) *phone.Phone {
	s.t.Helper()
	c.Server = s.SIP()
	p, err := phone.Open(c)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("messages of %s:\n%s", p.User(), p.Trace())
		}
		if err := p.Close(); err != nil {
			s.t.Error(err)
		}
	})
	return p
}

func (s stage) caller(number string, tone float64) *phone.Phone {
	return s.phone(phone.Config{Host: s.OutsideHost(), User: number, Tone: tone})
}

func (s stage) agent(i int) *phone.Phone {
	s.t.Helper()
	account := s.Phones()[i]
	p := s.phone(phone.Config{Host: s.PhoneHost(), User: account.Name, Password: account.Password, Tone: 1400})
	must(s.t, p.Register(patience(s.t)))
	return p
}

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s stage) dial(p *phone.Phone, number string) *phone.Call {
	s.t.Helper()
	c, err := p.Dial(number, phone.Ask{})
	must(s.t, err)
	return c
}

func (s stage) rung(p *phone.Phone) *phone.Call {
	s.t.Helper()
	c, err := p.Rung(patience(s.t))
	must(s.t, err)
	return c
}

func (s stage) ended(c *phone.Call) phone.Ending {
	s.t.Helper()
	e, err := c.Ended(patience(s.t))
	must(s.t, err)
	return e
}

// hears waits until a call hears a tone, or does not.
func (s stage) hears(c *phone.Call, hertz float64, want bool) {
	s.t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for time.Now().Before(deadline) {
		if level := c.Level(hertz, 200*time.Millisecond); want && level > 0.1 || !want && level < 0.01 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatalf("%g Hz at call %s: level %.3f, want it heard: %v", hertz, c.Number(), c.Level(hertz, 200*time.Millisecond), want)
}

func TestOneHearsOneself(t *testing.T) {
	s := open(t)
	c := s.dial(s.caller("13800000001", 900), "700")
	must(t, c.Answered(patience(t)))
	s.hears(c, 900, false)
	c.Talk(true)
	s.hears(c, 900, true)
	s.hears(c, 1400, false)
	if gap := c.Gap(900, 200*time.Millisecond).Lasts(); gap > 150*time.Millisecond {
		t.Errorf("a gap of %v in a tone without a break", gap)
	}
	c.Talk(false)
	s.hears(c, 900, false)
	if gap := c.Gap(900, 3*time.Second).Lasts(); gap < 150*time.Millisecond || c.Gap(1400, time.Second).Lasts() != time.Second {
		t.Errorf("a gap of %v in a tone that ended", gap)
	}
	times := c.Times()
	if times.Invite.IsZero() || times.Answered.Before(times.Invite) {
		t.Errorf("times %+v", times)
	}
	c.Hangup()
	if e := s.ended(c); !e.Here {
		t.Errorf("ending %+v", e)
	}
}

func TestCallAnAgent(t *testing.T) {
	s := open(t)
	agent := s.agent(0)
	agent.Behave(phone.AnswerAfter(150 * time.Millisecond))
	outside := s.caller("13800000001", 900)
	c := s.dial(outside, "701")
	a := s.rung(agent)
	must(t, c.Ringing(patience(t)))
	must(t, a.Answered(patience(t)))
	must(t, c.Answered(patience(t)))
	if rang := a.Times().Answered.Sub(a.Times().Ringing); rang < 150*time.Millisecond {
		t.Errorf("rang for %v", rang)
	}
	if _, number := a.Shown(); number != "13800000001" {
		t.Errorf("the agent's display shows %q", number)
	}
	a.Talk(true)
	c.Talk(true)
	s.hears(c, 1400, true)
	s.hears(a, 900, true)

	must(t, a.Hold(patience(t)))
	s.hears(c, pbx.MusicTone, true)
	s.hears(c, 1400, false)
	must(t, a.Unhold(patience(t)))
	s.hears(c, 1400, true)

	a.Hangup()
	if e := s.ended(c); e.Here || e.Cause != 16 {
		t.Errorf("the caller's ending %+v", e)
	}
}

func TestBehaviours(t *testing.T) {
	s := open(t)
	agent := s.agent(0)
	outside := s.caller("13800000001", 900)
	for _, k := range []struct {
		name  string
		b     phone.Behaviour
		cause int // that the caller is told
	}{
		{"busy", phone.Behaviour{Status: 486}, 17},
		{"rejects after ringing", phone.Behaviour{Ring: 50 * time.Millisecond, Status: 603}, 21},
		{"unavailable", phone.Behaviour{Status: 480}, 19},
	} {
		agent.Behave(k.b)
		c := s.dial(outside, "701")
		s.rung(agent)
		if e := s.ended(c); e.Here || e.Status/100 < 4 || e.Cause != k.cause {
			t.Errorf("%s: the caller is told %+v, want cause %d", k.name, e, k.cause)
		}
		if ringing := !c.Times().Ringing.IsZero(); ringing != (k.b.Ring > 0) {
			t.Errorf("%s: the caller heard ringing: %v", k.name, ringing)
		}
	}

	// Rings on until the PBX gives up.
	agent.Behave(phone.Behaviour{})
	s.dial(outside, "707")
	if e := s.ended(s.rung(agent)); e.Here || e.Status != 487 {
		t.Errorf("rings on: the agent is told %+v", e)
	}

	// Says nothing: the PBX repeats itself and gives up.
	agent.Behave(phone.Behaviour{Nothing: true})
	c := s.dial(outside, "707")
	a := s.rung(agent)
	s.ended(c)
	if !a.Alive() || !c.Times().Ringing.IsZero() {
		t.Errorf("says nothing: the agent's end is over, or the caller heard ringing")
	}

	// Early media instead of ringing.
	agent.Behave(phone.Behaviour{Early: true})
	c = s.dial(outside, "701")
	a = s.rung(agent)
	a.Talk(true)
	must(t, c.Early(patience(t)))
	s.hears(c, 1400, true)
	a.Refuse(486)
	s.ended(c)
}

func TestTheCallerWithdraws(t *testing.T) {
	s := open(t)
	agent := s.agent(0)
	c := s.dial(s.caller("13800000001", 900), "701")
	a := s.rung(agent)
	must(t, c.Ringing(patience(t)))
	c.Hangup()
	if e := s.ended(c); !e.Here || e.Status != 487 {
		t.Errorf("the caller's ending %+v", e)
	}
	if e := s.ended(a); e.Here || e.Status != 487 {
		t.Errorf("the agent's ending %+v", e)
	}

	// At once, when nothing has been heard yet.
	c = s.dial(s.caller("13800000002", 900), "702")
	c.Hangup()
	if e := s.ended(c); !e.Here {
		t.Errorf("withdrawn at once: %+v", e)
	}
}

func TestEarlyMediaAndRefusal(t *testing.T) {
	s := open(t)
	outside := s.caller("13800000001", 900)
	c := s.dial(outside, "702")
	must(t, c.Early(patience(t)))
	s.hears(c, pbx.MusicTone, true)
	if !c.Times().Answered.IsZero() {
		t.Error("early media is no answer")
	}
	c.Hangup()
	s.ended(c)

	c = s.dial(outside, "704")
	if e := s.ended(c); e.Status != 486 || e.Cause != 17 || e.Here {
		t.Errorf("a busy extension: %+v", e)
	}
	if err := c.Answered(patience(t)); !errors.Is(err, phone.ErrEnded) {
		t.Errorf("Answered of a refused call: %v", err)
	}
	c = s.dial(outside, "705")
	if e := s.ended(c); e.Here || e.Status != 0 || e.Cause != 16 {
		t.Errorf("hung up by the PBX: %+v", e)
	}
}

func TestKeys(t *testing.T) {
	s := open(t)
	c := s.dial(s.caller("13800000001", 900), "706")
	must(t, c.Answered(patience(t)))
	must(t, c.Press(patience(t), "4*07"))
	deadline := time.Now().Add(5 * time.Second)
	for c.Keys() != "4*07" {
		if time.Now().After(deadline) {
			t.Fatalf("pressed 4*07, got back %q", c.Keys())
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err := c.Press(patience(t), "x"); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("press x: %v", err)
	}
	c.Hangup()
	if err := c.Press(patience(t), "1"); err == nil {
		t.Error("a key of a call that is over was sent")
	}
}

// An agent's phone calls out by its password, and is qualified.
func TestRegistration(t *testing.T) {
	s := open(t)
	agent := s.agent(0)
	c := s.dial(agent, "700")
	must(t, c.Answered(patience(t)))
	c.Hangup()

	state := func() string {
		out, err := s.CLI(patience(t), "pjsip show endpoint 1001")
		must(t, err)
		for line := range strings.Lines(out) {
			if strings.HasPrefix(strings.TrimSpace(line), "Endpoint:  1001") {
				return strings.Join(strings.Fields(line)[2:], " ")
			}
		}
		return ""
	}
	becomes := func(want string) {
		t.Helper()
		deadline := time.Now().Add(10 * time.Second)
		for !strings.HasPrefix(state(), want) {
			if time.Now().After(deadline) {
				t.Fatalf("1001 is %q, want %q", state(), want)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	becomes("Not in use")
	agent.Vanish(true)
	becomes("Unavailable")
	agent.Vanish(false)
	becomes("Not in use")
	if agent.Qualified() < 2 {
		t.Errorf("%d OPTIONS answered", agent.Qualified())
	}
	must(t, agent.Unregister(patience(t)))
	becomes("Unavailable")

	wrong := s.phone(phone.Config{Host: s.PhoneHost(), User: "1002", Password: "guess"})
	if err := wrong.Register(patience(t)); !errors.Is(err, phone.ErrRefused) || !strings.Contains(err.Error(), "401") {
		t.Errorf("register with a wrong password: %v", err)
	}
}

// A transfer that Asterisk itself carries out: the caller reaches 700.
func TestRefer(t *testing.T) {
	s := open(t)
	agent := s.agent(0)
	agent.Behave(phone.AnswerAfter(0))
	c := s.dial(s.caller("13800000001", 900), "701")
	must(t, c.Answered(patience(t)))
	a := s.rung(agent)
	a.Talk(true)
	s.hears(c, 1400, true) // only then do they talk
	must(t, a.Refer(patience(t), "700", nil))
	if told, err := a.Told(patience(t)); err != nil || told != 200 {
		t.Errorf("the transfer went %d, %v", told, err)
	}
	a.Hangup()
	c.Talk(true)
	s.hears(c, 900, true)
	c.Hangup()

	// The printed configuration refuses it from outside.
	c = s.dial(s.caller("13800000002", 900), "700")
	must(t, c.Answered(patience(t)))
	if err := c.Refer(patience(t), "701", nil); !errors.Is(err, phone.ErrRefused) || !strings.Contains(err.Error(), "603") {
		t.Errorf("a transfer by the caller: %v", err)
	}
}
