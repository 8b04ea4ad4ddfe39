//go:build asterisk

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// The tones, in hertz: no two parties sound alike. Music is pbx.MusicTone.
const (
	callerTone   = 900
	agentTone    = 1400 // the first agent's; each further one's is agentStep higher
	agentStep    = 100
	outsideTone  = 2300
	greetingTone = 600
	menuTone     = 675
	thanksTone   = 750
	goodbyeTone  = 825
)

// The numbers that callers dial.
const (
	hotline = "4001" // greeting, menu (1 sales, 2 support), line, thanks
	direct  = "4002" // the line of sales at once, then thanks
)

// tenantNumber is what called parties outside see.
const tenantNumber = "02155550000"

// patience is how long a busy machine may take for what happens at once.
const patience = 15 * time.Second

// slack is how much a duration may differ from what phones measured, on a
// machine whose processors are all busy.
const slack = 400 * time.Millisecond

// promptLength is how long each recorded prompt is.
const promptLength = 800 * time.Millisecond

// house is a rig.House with what tests ask of it.
type house struct {
	*rig.House
	t      *testing.T
	agents []*phone.Phone
}

// plan is how a house differs from the usual one.
type plan struct {
	agents int // with phones; 1 for 0
	change func(*api.Document)
	config string // more of huawu.yaml; a first line of prompts: is there
	pbx    pbx.Options
}

// centre is the usual one: agents 1001 … at seats PJSIP/1001 … with extensions
// 8001 …, PIN 4321 and both queues.
func centre(agents int) api.Document {
	no := false
	play := func(id, file, next string) flow.Node {
		return flow.Node{ID: id, Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: file}}, BargeIn: &no, Next: next}}
	}
	line := func(id string, queue fact.QueueID) flow.Node {
		return flow.Node{ID: id, Enqueue: &flow.EnqueueNode{Queue: queue, Next: "thanks", Else: "goodbye"}}
	}
	ends := []flow.Node{play("thanks", "thanks", "end"), play("goodbye", "goodbye", "end"), {ID: "end", Hangup: &flow.HangupNode{}}}
	retries := 0
	menu := flow.Node{ID: "menu", Menu: &flow.MenuNode{
		Ask:  flow.Ask{Prompts: []flow.Prompt{{File: "menu"}}, Timeout: 20 * time.Second, Retries: &retries, Else: "goodbye"},
		Keys: []flow.Choice{{Key: "1", Next: "sales"}, {Key: "2", Next: "support"}},
	}}
	d := api.Document{Config: center.Config{
		Zone: "Asia/Shanghai",
		Numbers: []center.Number{
			{Number: hotline, Flow: "hotline"}, {Number: direct, Flow: "direct"},
		},
		Trunks: []center.Trunk{{ID: "out", Endpoint: "PJSIP/{number}@trunk", Number: tenantNumber, Prefixes: []string{"1", "0"}}},
		Flows: []*flow.Flow{
			{ID: "hotline", Nodes: append([]flow.Node{play("greeting", "greeting", "menu"), menu, line("sales", "sales"), line("support", "support")}, ends...)},
			{ID: "direct", Nodes: append([]flow.Node{line("sales", "sales")}, ends...)},
		},
		ACD: routing.Config{Queues: []routing.Queue{{ID: "sales", WrapUp: time.Second}, {ID: "support"}}},
	}}
	for i := range agents {
		id := strconv.Itoa(1001 + i)
		d.ACD.Agents = append(d.ACD.Agents, routing.Agent{ID: fact.AgentID(id), Queues: []fact.QueueID{"sales", "support"}})
		d.Seats = append(d.Seats, center.Seat{Endpoint: fact.Endpoint("PJSIP/" + id), Extension: "8" + id[1:]})
		d.PINs = append(d.PINs, api.PIN{Agent: fact.AgentID(id), PIN: "4321"})
	}
	return d
}

// ring sets how long phones may ring in every queue.
func ring(d time.Duration) func(*api.Document) {
	return func(doc *api.Document) {
		for i := range doc.ACD.Queues {
			doc.ACD.Queues[i].Ring = d
		}
	}
}

// prompts records the tones that callers hear into a folder.
func prompts(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o755))
	for name, hertz := range map[string]float64{"greeting": greetingTone, "menu": menuTone, "thanks": thanksTone, "goodbye": goodbyeTone} {
		samples := make([]int16, promptLength*tone.Rate/time.Second)
		tone.NewSine(hertz, 0.3).Fill(samples)
		f, err := os.Create(filepath.Join(dir, name+".wav"))
		must(t, err)
		must(t, wav.Write(f, wav.Sound{Rate: tone.Rate, Samples: samples}))
		must(t, f.Close())
	}
	return dir
}

// document is a centre as YAML.
func document(t *testing.T, d api.Document) string {
	t.Helper()
	b, err := strict.Encode(d)
	must(t, err)
	return string(b)
}

// open brings up a house whose agents' phones are registered.
func open(t *testing.T, p plan) *house {
	t.Helper()
	return openIn(t, p, "")
}

// openIn is open with everything in a folder of the test's.
func openIn(t *testing.T, p plan, dir string) *house {
	t.Helper()
	if p.agents == 0 {
		p.agents = 1
	}
	d := centre(p.agents)
	if p.change != nil {
		p.change(&d)
	}
	p.pbx.Phones = p.agents
	h := &house{t: t, House: rig.Test(t, rig.Options{PBX: p.pbx, Centre: document(t, d), Config: p.config, Prompts: prompts(t), Dir: dir})}
	t.Cleanup(func() {
		if t.Failed() || os.Getenv("E2E_TELL") != "" {
			h.tell()
		}
	})
	for i := range p.agents {
		h.agents = append(h.agents, h.seat(i))
	}
	return h
}

// tell shows a failed test what huawu has seen: the events of its latest calls.
func (h *house) tell() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	live, _ := h.Calls(ctx)
	ended, _ := h.Ended(ctx)
	var ids []fact.CallID
	for _, c := range live {
		ids = append(ids, c.ID)
	}
	for _, r := range ended {
		ids = append(ids, r.Call)
	}
	for _, id := range ids[:min(len(ids), 6)] {
		var d api.CallDetail
		if err := h.Get(ctx, "/api/v1/calls/"+string(id), &d); err != nil {
			h.t.Logf("events of %s: %v", id, err)
			continue
		}
		var b strings.Builder
		for _, e := range d.Events {
			at := time.UnixMilli(e.Wall).UTC().Format("15:04:05.000")
			e.Tenant, e.At, e.Wall, e.Call = "", 0, 0, ""
			text, _ := json.Marshal(e.Event)
			fmt.Fprintf(&b, "%s %s\n", at, text)
		}
		h.t.Logf("events of %s:\n%s", id, b.String())
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ctx ends with the test or after patience.
func (h *house) ctx() context.Context {
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	h.t.Cleanup(cancel)
	return ctx
}

func (h *house) phone(c phone.Config) *phone.Phone {
	h.t.Helper()
	c.Server = h.PBX.SIP()
	p, err := phone.Open(c)
	must(h.t, err)
	h.t.Cleanup(func() {
		if h.t.Failed() {
			h.t.Logf("messages of %s:\n%s", p.User(), p.Trace())
		}
		if err := p.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return p
}

// seat is the registered phone of an agent, 0 being 1001's.
func (h *house) seat(i int) *phone.Phone {
	h.t.Helper()
	account := h.PBX.Phones()[i]
	p := h.phone(phone.Config{Host: h.PBX.PhoneHost(), User: account.Name, Password: account.Password, Tone: agentTone + float64(i)*agentStep})
	must(h.t, p.Register(h.ctx()))
	return p
}

// caller is somebody outside.
func (h *house) caller(number string) *phone.Phone {
	h.t.Helper()
	return h.phone(phone.Config{Host: h.PBX.OutsideHost(), User: number, Tone: callerTone})
}

// outside answers what the trunk sends.
func (h *house) outside(b phone.Behaviour) *phone.Phone {
	h.t.Helper()
	_, port, found := strings.Cut(h.PBX.Outside(), ":")
	n, err := strconv.Atoi(port)
	if !found || err != nil {
		h.t.Fatalf("the trunk leads to %q", h.PBX.Outside())
	}
	p := h.phone(phone.Config{Host: h.PBX.OutsideHost(), Port: n, User: "outside", Tone: outsideTone})
	p.Behave(b)
	return p
}

// ready signs agents in and waits until they are READY.
func (h *house) ready(ids ...string) {
	h.t.Helper()
	for _, id := range ids {
		must(h.t, h.SignIn(h.ctx(), id, id))
	}
	for _, id := range ids {
		h.becomes(id, routing.ReadyState, "")
	}
}

func (h *house) dial(p *phone.Phone, number string) *phone.Call {
	h.t.Helper()
	c, err := p.Dial(number, phone.Ask{})
	must(h.t, err)
	return c
}

// calls has a caller dial and waits for the answer.
func (h *house) calls(p *phone.Phone, number string) *phone.Call {
	h.t.Helper()
	c := h.dial(p, number)
	must(h.t, c.Answered(h.ctx()))
	return c
}

func (h *house) rung(p *phone.Phone) *phone.Call {
	h.t.Helper()
	c, err := p.Rung(h.ctx())
	must(h.t, err)
	return c
}

func (h *house) ended(c *phone.Call) phone.Ending {
	h.t.Helper()
	e, err := c.Ended(h.ctx())
	must(h.t, err)
	return e
}

// until waits for what is to come true; say is asked on failure.
func (h *house) until(what string, so func() bool) {
	h.t.Helper()
	must(h.t, rig.Until(h.t.Context(), patience, what, func() (bool, error) { return so(), nil }))
}

const (
	window = 200 * time.Millisecond // in which a tone is measured
	loud   = 0.1                    // a tone that is heard
	faint  = 0.01                   // one that is not
)
