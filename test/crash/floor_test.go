//go:build asterisk

package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

const (
	// patience is how long anything may take on a busy machine.
	patience = 20 * time.Second
	// The tones of prompts, in hertz; each lasts promptLength.
	askTone, chosenTone = 300, 400
	promptLength        = 700 * time.Millisecond
	// window is what a tone is looked for in; loud and faint are its level.
	window      = 200 * time.Millisecond
	loud, faint = 0.1, 0.03
	// pin is every agent's secret, long enough not to lie anywhere by chance.
	pin = "739182640517"
)

// floor is a house with its agents at their phones, and the world outside. Each
// hook of a State has a copy of its own.
type floor struct {
	*house
	name string     // of the State, "" for the test itself
	dice *rand.Rand // the State's own
	// stop ends what cannot go on: the test, or a State's part in it.
	stop func()
}

type house struct {
	*rig.House
	t       *testing.T
	ctx     context.Context
	states  []State
	feed    *feed
	pulse   *rig.Pulse
	outside *phone.Phone
	opened  time.Time
	kills   []*death
	callers atomic.Int64

	mu     sync.Mutex
	broken map[string]bool // States that could not go on
}

// open brings the house up with everybody in it.
func open(t *testing.T, seed uint64, states []State) *floor {
	h := &house{t: t, pulse: rig.Feel(), ctx: t.Context(), states: states, broken: map[string]bool{}}
	t.Cleanup(h.pulse.Stop)
	f := &floor{house: h, dice: rand.New(rand.NewPCG(seed, 0)), stop: t.FailNow}
	seats := 0
	for i, s := range states {
		d := s.has()
		d.number = fmt.Sprint(7001 + i)
		for range d.seats {
			seats++
			seat := fmt.Sprint(1000 + seats)
			d.agents = append(d.agents, &agent{id: fact.AgentID(seat), seat: seat})
		}
	}
	f.House = rig.Test(t, rig.Options{
		PBX: pbx.Options{Phones: seats}, Centre: centre(states), Prompts: prompts(t), Config: "journal:\n  effects: true\nlookups: {hosts: [" + crm.URL + "]}\n",
	})
	f.opened = time.Now()
	accounts := f.PBX.Phones()
	for _, s := range states {
		own := *f
		own.name = s.has().name
		for _, a := range s.has().agents {
			account := accounts[0]
			accounts = accounts[1:]
			a.phone = own.phone(phone.Config{Host: f.PBX.PhoneHost(), User: account.Name, Password: account.Password})
			f.must(a.phone.Register(f.ctx))
		}
	}
	host, port, _ := strings.Cut(f.PBX.Outside(), ":")
	number := 0
	_, err := fmt.Sscan(port, &number)
	f.must(err)
	f.outside = f.phone(phone.Config{Host: host, Port: number, User: "outside"})
	f.feed = follow(t, f)
	return f
}

// must ends the test, or the State's part in it, with an error.
func (f *floor) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Errorf("%s: %v", f.name, err)
		f.stop()
	}
}

// phone opens a phone with a tone of its own.
func (f *floor) phone(c phone.Config) *phone.Phone {
	f.t.Helper()
	c.Tone = 700 + 60*float64(f.callers.Add(1)%40)
	c.Server = f.PBX.SIP()
	p, err := phone.Open(c)
	f.must(err)
	f.t.Cleanup(func() {
		if f.isBroken(f.name) {
			f.t.Logf("%s: messages of %s:\n%s", f.name, p.User(), tail(p.Trace(), 3000))
		}
		if err := p.Close(); err != nil {
			f.t.Errorf("close phone %s: %v", p.User(), err)
		}
	})
	return p
}

func (h *house) isBroken(name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.broken[name]
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// party is a far end in a call.
type party struct {
	*phone.Call
	phone *phone.Phone
	from  string
}

// dial has somebody new call a number. They talk as soon as they are heard.
func (f *floor) dial(number string) *party {
	f.t.Helper()
	p := f.caller()
	c, err := p.phone.Dial(number, phone.Ask{})
	f.must(err)
	c.Talk(true)
	p.Call = c
	return p
}

// caller is somebody new outside, not in a call yet.
func (f *floor) caller() *party {
	f.t.Helper()
	from := fmt.Sprintf("1380000%04d", f.callers.Add(1))
	return &party{phone: f.phone(phone.Config{Host: f.PBX.OutsideHost(), User: from}), from: from}
}

// rung is the call that comes in at an agent's phone.
func (f *floor) rung(a *agent) *party {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	c, err := a.phone.Rung(ctx)
	f.must(err)
	c.Talk(true)
	return &party{Call: c, phone: a.phone}
}

// up waits until a far end's call is answered.
func (f *floor) up(p *party) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	f.must(p.Answered(ctx))
}

// over waits until a far end's call is over.
func (f *floor) over(p *party) phone.Ending {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	e, err := p.Ended(ctx)
	f.must(err)
	return e
}

// hears says whether a far end comes to hear a tone within limit.
func (f *floor) hears(p *party, hertz float64, limit time.Duration) bool {
	return rig.Until(f.ctx, limit, "a tone", func() (bool, error) { return p.Level(hertz, window) > loud, nil }) == nil
}

// together says whether two far ends come to hear each other.
func (f *floor) together(a, b *party) bool {
	return f.hears(a, b.phone.Tone(), patience) && f.hears(b, a.phone.Tone(), patience)
}

// press sends keys, once the call is answered: what is heard may come before.
func (f *floor) press(p *party, keys string) {
	f.t.Helper()
	f.up(p)
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	f.must(p.Press(ctx, keys))
}

// signIn signs an agent in, ready.
func (f *floor) signIn(a *agent) {
	f.t.Helper()
	f.must(f.SignIn(f.ctx, string(a.id), a.seat))
}

// tell posts a command about an agent.
func (f *floor) tell(a *agent, verb string, body any) {
	f.t.Helper()
	f.must(f.Post(f.ctx, "/api/v1/agents/"+string(a.id)+"/"+verb, body, nil))
}

// untilAgent waits until an agent is in a state.
func (f *floor) untilAgent(a *agent, state string) {
	f.t.Helper()
	f.until(fmt.Sprintf("agent %s to be %s", a.id, state), func(s snapshot) bool { return string(s.agent(a.id).State) == state })
}

// untilCall waits until a caller's call is in a state.
func (f *floor) untilCall(p *party, state center.CallState) {
	f.t.Helper()
	f.until(fmt.Sprintf("the call from %s to be %s", p.from, state), func(s snapshot) bool { return s.call(p.from).State == state })
}

// record is the account of a caller's call, once it is written.
func (f *floor) record(p *party) fact.Record {
	f.t.Helper()
	var r fact.Record
	f.must(rig.Until(f.ctx, patience, "the record of the call from "+p.from, func() (bool, error) {
		var page struct{ Ended []fact.Record }
		err := f.Get(f.ctx, "/api/v1/calls?ended=true&number="+p.from, &page)
		if err != nil || len(page.Ended) == 0 {
			return false, err
		}
		r = page.Ended[0]
		return true, nil
	}))
	return r
}
