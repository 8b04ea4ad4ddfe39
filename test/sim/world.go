package sim

import (
	"container/heap"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// Switch is the name of the world's switch.
const Switch = "sw"

// Entry is one line of the world's journal.
type Entry struct {
	At fact.Instant
	In center.Input
}

// World is a centre, its switch and the shell between them.
type World struct {
	Core   *mediatest.Core
	Center *center.Center
	Now    fact.Instant
	Rand   *rand.Rand
	// Latency is the longest that a command may be on its way.
	Latency time.Duration
	// PINs are the agents' PINs.
	PINs map[fact.AgentID]string
	// Histories are what is known of callers, by number.
	Histories map[string]center.CallerHistory
	// Listed is what the store has of numbers.
	Listed map[string]center.Caller

	Journal []Entry
	// Saved is a checkpoint and how much of the journal it holds.
	Saved   []byte
	SavedAt int
	Events  []fact.Event
	Records []fact.Record
	WrapUps []fact.WrapUp
	Replies []center.Reply
	// Keep answers what is to be kept in the store; nil keeps it at once.
	Keep func(center.Keep)
	// Fetch is what another system answers a flow, and how long it takes; nil has
	// none answer.
	Fetch func(center.Look) (center.Looked, time.Duration)
	// Watch is called after every step.
	Watch func(in center.Input, out []center.Effect)

	epoch   string
	boots   int
	up      bool
	sends   sends
	lane    map[fact.LegID]fact.Instant
	sent    uint64
	pending []plan
}

// plan is something that a party means to do.
type plan struct {
	at fact.Instant
	n  int
	do func()
}

// Start is the world at the beginning: booted, configured, connected.
func Start(seed uint64, cfg center.Config, o mediatest.Options) *World {
	w := &World{
		Core: mediatest.NewCore(Switch, o), Center: center.New(fact.DefaultTenant), Now: 1_700_000_000_000,
		Rand: rand.New(rand.NewPCG(seed, 1)), PINs: map[fact.AgentID]string{}, Listed: map[string]center.Caller{}, lane: map[fact.LegID]fact.Instant{},
	}
	w.epoch = "e" + strconv.FormatUint(seed, 36)
	w.Boot()
	w.input(center.Configured{Config: cfg})
	return w
}

// Connect brings the switch in sight.
func (w *World) Connect() { w.up = true; w.hear(w.Core.Connect(w.Now)) }

// Cut loses the connection: what is on its way to the switch fails.
func (w *World) Cut() { w.up = false; w.hear(w.Core.Disconnect(w.Now, "cut")) }

// Kill is kill -9 and a new process: commands on their way are lost, the
// centre is what checkpoint and journal tell. It reports when that is not
// byte for byte what it was.
func (w *World) Kill() error {
	before, err := w.Center.Checkpoint()
	if err != nil {
		return err
	}
	c := center.New(fact.DefaultTenant)
	if w.Saved != nil {
		if c, err = center.Restore(w.Saved); err != nil {
			return err
		}
	}
	for _, e := range w.Journal[w.SavedAt:] {
		c.Step(e.At, e.In)
	}
	after, err := c.Checkpoint()
	if err != nil {
		return err
	}
	if string(before) != string(after) {
		return fmt.Errorf("the journal tells another centre:\nwas %s\nis  %s", before, after)
	}
	w.Center, w.sends, w.lane, w.up = c, nil, map[fact.LegID]fact.Instant{}, false
	w.Core.Disconnect(w.Now, "killed") // what was on its way dies unheard
	w.Core.Forget()
	return nil
}

// Boot is the first input of a new process.
func (w *World) Boot() {
	w.boots++
	w.input(center.Booted{Epoch: fmt.Sprintf("%sr%d", w.epoch, w.boots), Switches: []string{Switch}})
}

// Save takes a checkpoint.
func (w *World) Save() error {
	b, err := w.Center.Checkpoint()
	w.Saved, w.SavedAt = b, len(w.Journal)
	return err
}

// Ask puts an operation to the centre and returns its refusal.
func (w *World) Ask(op center.Operation) error {
	n := len(w.Replies)
	w.input(center.Asked{Request: strconv.Itoa(n), By: "sim", Op: op})
	if len(w.Replies) != n+1 {
		return errors.New("no reply")
	}
	r := w.Replies[n]
	if r.Code != "" {
		return fmt.Errorf("%s: %w", r.Message, center.ErrorOf(r.Code))
	}
	return nil
}

// Later has a party do something after d.
func (w *World) Later(d time.Duration, do func()) {
	w.sent++
	w.pending = append(w.pending, plan{at: w.Now.Add(d), n: int(w.sent), do: do})
}

// Far lets a verb of the far side happen now.
func (w *World) Far(verb func(now fact.Instant) []media.Event) { w.hear(verb(w.Now)) }

// Call has somebody from outside call a number.
func (w *World) Call(from, to string) fact.LegID {
	leg, events := w.Core.Call(w.Now, from, to)
	w.hear(events)
	return leg
}

// CallFrom has a phone of ours dial.
func (w *World) CallFrom(phone fact.Endpoint, to string) fact.LegID {
	leg, events := w.Core.CallFrom(w.Now, phone, string(phone), to)
	w.hear(events)
	return leg
}

// Run lets the world go on for d.
func (w *World) Run(d time.Duration) {
	end := w.Now.Add(d)
	for {
		next := end
		at := func(t fact.Instant, ok bool) {
			if ok && t < next {
				next = t
			}
		}
		at(w.Core.Next())
		if w.up {
			at(w.Center.Next())
		}
		if len(w.sends) > 0 {
			at(w.sends[0].at, true)
		}
		i := w.soonest()
		if i >= 0 {
			at(w.pending[i].at, true)
		}
		if next > w.Now {
			w.Now = next
		}
		switch {
		case len(w.sends) > 0 && w.sends[0].at <= w.Now:
			w.deliver(heap.Pop(&w.sends).(send))
		case due(w.Core.Next())(w.Now):
			w.hear(w.Core.Advance(w.Now))
		case i >= 0 && w.pending[i].at <= w.Now:
			p := w.pending[i]
			w.pending = append(w.pending[:i], w.pending[i+1:]...)
			p.do()
		case w.up && due(w.Center.Next())(w.Now):
			w.input(center.Tick{})
		case w.Now >= end:
			return
		}
	}
}

func due(t fact.Instant, ok bool) func(fact.Instant) bool {
	return func(now fact.Instant) bool { return ok && t <= now }
}

func (w *World) soonest() int {
	best := -1
	for i, p := range w.pending {
		if best < 0 || p.at < w.pending[best].at || p.at == w.pending[best].at && p.n < w.pending[best].n {
			best = i
		}
	}
	return best
}

func (w *World) hear(events []media.Event) {
	for _, e := range events {
		w.input(center.Heard{Event: e})
	}
}

func (w *World) input(in center.Input) {
	w.Journal = append(w.Journal, Entry{w.Now, in})
	out := w.Center.Step(w.Now, in)
	for _, e := range out {
		switch e := e.(type) {
		case center.Send:
			w.queue(e.Command)
		case center.Emit:
			w.Events = append(w.Events, e.Event)
		case center.Write:
			w.Records = append(w.Records, e.Record)
		case center.AddWrapUp:
			w.WrapUps = append(w.WrapUps, e.WrapUp)
		case center.Reply:
			w.Replies = append(w.Replies, e)
		case center.Keep:
			if w.Keep != nil {
				w.Keep(e)
				continue
			}
			w.Later(5*time.Millisecond, func() { w.input(center.Stored{Callback: e.Callback.ID}) })
		case center.Mark:
			caller := w.Listed[e.Number]
			marked, err := e.On(&caller)
			if err != nil {
				panic(err)
			}
			w.Listed[e.Number] = caller
			w.Later(5*time.Millisecond, func() { w.input(marked) })
		case center.Look:
			if e.Enquiry != nil && w.Fetch != nil {
				in, after := w.Fetch(e)
				w.Later(after, func() { w.input(in) })
				continue
			}
			in := center.Looked{Look: e.Look, OK: w.PINs[e.Agent] == e.PIN && e.PIN != ""}
			if e.Caller != nil {
				if h, known := w.Histories[e.Caller.Number]; known {
					in.OK, in.Caller = true, &h
				}
			}
			took := 5 * time.Millisecond
			if e.Speech != nil { // engines fail, and take their time
				took = time.Duration(w.Rand.IntN(3000)) * time.Millisecond
				if in.OK = w.Rand.IntN(4) > 0; in.OK {
					in.Speech = &center.Speech{Path: "/prompts/said"}
				}
			}
			w.Later(took, func() { w.input(in) })
		}
	}
	if w.Watch != nil {
		w.Watch(in, out)
	}
}

// send is a command on its way: in order within the lanes of its legs.
type send struct {
	at  fact.Instant
	n   uint64
	cmd media.Command
}

type sends []send

func (s sends) Len() int { return len(s) }
func (s sends) Less(i, j int) bool {
	if s[i].at != s[j].at {
		return s[i].at < s[j].at
	}
	return s[i].n < s[j].n
}
func (s sends) Swap(i, j int) { s[i], s[j] = s[j], s[i] }

// Push implements heap.Interface.
func (s *sends) Push(x any) { *s = append(*s, x.(send)) }

// Pop implements heap.Interface.
func (s *sends) Pop() any {
	old := *s
	x := old[len(old)-1]
	*s = old[:len(old)-1]
	return x
}

func (w *World) queue(cmd media.Command) {
	legs := cmd.Ref().Legs
	if h, ok := cmd.(media.Hangup); ok { // Hangup empties its lane
		kept := w.sends[:0]
		for _, s := range w.sends {
			if r := s.cmd.Ref().Legs; len(r) != 1 || r[0] != h.Leg {
				kept = append(kept, s)
			}
		}
		w.sends = kept
		heap.Init(&w.sends)
	}
	at := w.Now
	if w.Latency > 0 {
		at = at.Add(time.Duration(w.Rand.Int64N(int64(w.Latency))))
	}
	for _, l := range legs {
		at = max(at, w.lane[l])
	}
	for _, l := range legs {
		w.lane[l] = at
	}
	w.sent++
	heap.Push(&w.sends, send{at, w.sent, cmd})
}

func (w *World) deliver(s send) {
	if !w.up {
		w.input(center.Heard{Event: media.Failed(w.Now, s.cmd, media.ErrUnavailable)})
		return
	}
	events, err := w.Core.Do(w.Now, s.cmd)
	w.hear(events)
	if err != nil {
		w.input(center.Heard{Event: media.Failed(w.Now, s.cmd, err)})
	}
}

// Config is a centre with two queues, so many agents at seats of their own,
// the shipped flows and a trunk.
func Config(agents int) (center.Config, error) {
	flows, err := flow.Shipped()
	if err != nil {
		return center.Config{}, err
	}
	cfg := center.Config{
		Version: 1, Zone: "Asia/Shanghai", Flows: flows,
		Numbers: []center.Number{{Number: "100", Flow: "demo"}, {Number: "200", Flow: "way-out"}},
		Trunks:  []center.Trunk{{ID: "out", Endpoint: "PJSIP/{number}@trunk", Number: "02159999999"}},
		Codes: []center.FeatureCode{
			{Code: "*11", Flow: "agent-sign-in"}, {Code: "*10", Flow: "agent-sign-out"},
			{Code: "*12", Flow: "agent-ready"}, {Code: "*13", Flow: "agent-not-ready"},
		},
		ACD: routing.Config{Queues: []routing.Queue{
			{ID: "sales", WrapUp: 5 * time.Second}, {ID: "support", WrapUp: 0},
		}},
	}
	for i := range agents {
		id := strconv.Itoa(1001 + i)
		cfg.ACD.Agents = append(cfg.ACD.Agents, routing.Agent{ID: fact.AgentID(id), Queues: []fact.QueueID{"sales", "support"}})
		cfg.Seats = append(cfg.Seats, center.Seat{Endpoint: fact.Endpoint("PJSIP/" + id), Extension: "8" + id[1:]})
	}
	for _, f := range flows {
		for _, p := range f.Prompts() {
			cfg.Prompts = append(cfg.Prompts, promptFile(p))
		}
	}
	return cfg, nil
}

// promptFile is a prompt with a file that is the same whatever others there are.
func promptFile(p flow.Prompt) center.PromptFile {
	name := fnv.New32a()
	name.Write([]byte(p.Key()))
	return center.PromptFile{Key: p.Key(), Path: fmt.Sprintf("/prompts/%08x", name.Sum32())}
}
