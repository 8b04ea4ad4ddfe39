package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// mazeNumber leads into flows that have a node of every kind, in an order and
// with ways between them that the seed decides.
const mazeNumber = "300"

// mazed gives a centre the maze and what it names.
func mazed(t *testing.T, dice *rand.Rand, cfg *center.Config) {
	t.Helper()
	within := maze(t, dice, "maze-within", "")
	whole := maze(t, dice, "maze", within.ID)
	flow.Link([]*flow.Flow{whole, within})
	cfg.Hours = append(cfg.Hours, calendar.Hours{ID: "maze", Zone: "Asia/Shanghai", Week: []string{"daily 00:00-12:00"}})
	cfg.Incidents = append(cfg.Incidents, center.Incident{ID: "maze"})
	cfg.Numbers = append(slices.Clone(cfg.Numbers), center.Number{Number: mazeNumber, Flow: whole.ID})
	refs := flow.Refs{Queues: flow.ShippedQueues, Hours: []string{"maze"}, Incidents: []string{"maze"}, Flows: []*flow.Flow{whole, within}}
	for _, f := range refs.Flows {
		for _, p := range f.Check(refs) {
			t.Fatalf("the maze: %s", p)
		}
		cfg.Flows = append(slices.Clone(cfg.Flows), f)
		for _, p := range f.Prompts() {
			cfg.Prompts = append(cfg.Prompts, promptFile(p))
		}
	}
	all, err := phrase.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range center.FlowScenePrompts(all, cfg.Phrases, refs.Flows) {
		cfg.Prompts = append(cfg.Prompts, promptFile(p))
	}
}

// maze is a flow with a node of each kind, called like it. Without a key a caller
// goes on and on to the end; keys lead anywhere. With a within it leads through
// that, without one it returns.
func maze(t *testing.T, dice *rand.Rand, id, within fact.FlowID) *flow.Flow {
	t.Helper()
	kinds := slices.DeleteFunc(flow.Kinds(), func(k string) bool {
		return k == "hangup" || k == "return" || k == "subflow" && within == ""
	})
	dice.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	end := flow.Node{ID: "hangup", Hangup: &flow.HangupNode{}}
	if within == "" {
		end = flow.Node{ID: "return", Return: &flow.ReturnNode{Result: []string{"", "back"}[dice.IntN(2)]}}
	}
	f := &flow.Flow{ID: id}
	names := []string{}
	for _, kind := range kinds {
		names = append(names, nodeOf(kind))
	}
	names = append(names, end.ID)
	for i, kind := range kinds {
		b := builder{dice: dice, next: names[i+1], later: names[i+1:], all: names[:len(kinds)]}
		f.Nodes = append(f.Nodes, b.node(t, kind, within))
	}
	f.Nodes = append(f.Nodes, end)
	f.Keys = []flow.FlowKey{{Key: "0", Next: names[dice.IntN(len(kinds))]}, {Key: "*", Back: true}}
	return f
}

// nodeOf is the id of the node of a kind.
func nodeOf(kind string) string { return strings.ReplaceAll(kind, "_", "-") }

// builder makes one node of a maze: where it goes on, what is behind it, and what
// there is.
type builder struct {
	dice       *rand.Rand
	next       string
	later, all []string
}

func (b *builder) on() string  { return b.later[b.dice.IntN(len(b.later))] }
func (b *builder) any() string { return b.all[b.dice.IntN(len(b.all))] }

// perhaps is a way on, or none.
func (b *builder) perhaps() string {
	if b.dice.IntN(2) == 0 {
		return ""
	}
	return b.on()
}

func (b *builder) ask() flow.Ask {
	retries := b.dice.IntN(2)
	return flow.Ask{Prompts: []flow.Prompt{{Sound: "beep"}}, Timeout: time.Second, Retries: &retries, Else: b.next}
}

func (b *builder) queue() fact.QueueID { return flow.ShippedQueues[b.dice.IntN(2)] }

func (b *builder) node(t *testing.T, kind string, within fact.FlowID) flow.Node {
	t.Helper()
	n := flow.Node{ID: nodeOf(kind)}
	none := 0
	switch kind {
	case "play":
		n.Play = &flow.PlayNode{Prompts: []flow.Prompt{{Sound: "beep"}, {Digits: "typed"}}, Next: b.next}
	case "menu":
		n.Menu = &flow.MenuNode{Ask: b.ask(), Variable: "choice", Keys: []flow.Choice{{Key: "1", Next: b.any()}, {Key: "2", Next: b.any()}}}
	case "gather":
		n.Gather = &flow.GatherNode{Ask: b.ask(), Variable: "typed", Max: 4, Between: time.Second, Next: b.any()}
	case "survey":
		n.Survey = &flow.SurveyNode{Ask: b.ask(), Next: b.any()}
	case "set":
		n.Set = &flow.SetNode{Values: []flow.Assign{{Variable: "choice", From: "typed"}}, Next: b.next}
	case "branch":
		n.Branch = &flow.BranchNode{Cases: []flow.When{{If: `number(typed) > 500`, Next: b.on()}}, Else: b.next}
	case "calendar":
		n.Calendar = &flow.CalendarNode{Cases: []flow.Occasion{{Incident: "maze", Next: b.on()}}, Else: b.next}
	case "language":
		n.Language = &flow.LanguageNode{Speak: []string{"en", "wuu"}[b.dice.IntN(2)], Next: b.next}
	case "lookup":
		n.Lookup = &flow.LookupNode{URL: "https://crm.example/{caller_number}", Timeout: time.Second, Comfort: []flow.Prompt{{Sound: "beep"}},
			Results: []flow.Result{{Variable: "typed", Field: "a"}}, Next: b.next, Missing: b.perhaps(), Else: b.on()}
	case "scene":
		n.Scene = &flow.SceneNode{Key: []string{"silent_call", "harassment", "noise"}[b.dice.IntN(3)], Holds: []string{"still_pestering"}[:b.dice.IntN(2)],
			Spoke: b.any(), HungUp: b.perhaps(), Next: b.next, Else: b.on()}
	case "transfer":
		n.Transfer = &flow.TransferNode{Timeout: 5 * time.Second, Next: b.perhaps(), Else: b.next}
		if n.Transfer.Number = mazeOutside; b.dice.IntN(2) == 0 {
			n.Transfer.Number, n.Transfer.Agent = "", "typed"
		}
	case "subflow":
		n.Subflow = &flow.SubflowNode{Flow: within, Results: []flow.Outgoing{{On: "back", Next: b.on()}}, Next: b.next}
	case "hours":
		n.Hours = &flow.HoursNode{Table: "maze", Open: b.next, Closed: b.on()}
	case "match":
		n.Match = &flow.MatchNode{Variable: "choice", Cases: []flow.Case{{Equals: "1", Next: b.on()}}, Else: b.next}
	case "enqueue":
		n.Enqueue = &flow.EnqueueNode{Queue: b.queue(), Next: b.on(), Else: b.next, Keys: []flow.Choice{{Key: "3", Next: b.any()}},
			Announce: &flow.Announce{Every: flow.MinEvery, Comfort: []flow.Prompt{{Sound: "beep"}}}}
	case "three_way":
		n.ThreeWay = &flow.ThreeWayNode{Number: mazeOutside, EnqueueNode: flow.EnqueueNode{Queue: b.queue(), Next: b.on(), Else: b.next}}
	case "do":
		n.Do = &flow.DoNode{Verb: flow.VerbReady, OK: b.on(), Denied: b.next}
	case "callback":
		n.Callback = &flow.CallbackNode{Owed: flow.Owed{Queue: b.queue(), Next: b.next, Failed: b.on()}, Invalid: b.on()}
	case "message":
		n.Message = &flow.MessageNode{Owed: flow.Owed{Queue: b.queue(), Next: b.any(), Failed: b.any()}, Prompts: []flow.Prompt{{Sound: "beep"}},
			Briefly: 500 * time.Millisecond, Quiet: time.Second, Longest: 5 * time.Second, Retries: &none, Short: b.next}
	default:
		t.Fatalf("the maze has no node of the kind %s", kind)
	}
	return n
}

// mazeOutside is a number beyond the trunk, where somebody answers.
const mazeOutside = "01234567"

// mazes are callers of the maze, somebody at the number outside, and what goes on
// round them.
func (c *siege) mazes() {
	c.Core.AddPhone(c.Now, fact.Endpoint("PJSIP/"+mazeOutside+"@out"), mediatest.Behaviour{Ring: 200 * time.Millisecond, Then: mediatest.Answers})
	for range 40 {
		c.Later(c.within(4*time.Minute), c.strays)
	}
	for range 20 {
		c.Later(c.within(4*time.Minute), func() { _ = c.Ask(center.SetIncident{Incident: "maze", On: c.Rand.IntN(2) == 0}) })
	}
}

// strays is a caller who goes through the maze: presses, speaks, and hangs up, or
// is hung up on by whoever is talked to.
func (c *siege) strays() {
	from := fmt.Sprintf("137%08d", c.Rand.IntN(1e8))
	leg := c.Call(from, mazeNumber)
	at := time.Duration(0)
	for range 4 + c.Rand.IntN(12) {
		at += c.within(4 * time.Second)
		act := c.Rand.IntN(9)
		keys := []string{"1", "2", "3", "0", "*", "100" + fmt.Sprint(1+c.Rand.IntN(6)), "9#"}[c.Rand.IntN(7)]
		c.Later(at, func() {
			c.Far(func(now fact.Instant) []media.Event {
				switch act {
				case 0, 1:
					return c.Core.Talk(now, leg, act == 0)
				case 2:
					for _, call := range c.Center.View().Calls {
						if n := len(call.Legs); n > 1 && call.Legs[0].Leg == leg {
							return c.Core.HangupFar(now, call.Legs[n-1].Leg)
						}
					}
					return nil
				}
				return c.Core.Press(now, leg, keys)
			})
		})
	}
	c.Later(at+c.within(40*time.Second), func() {
		c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
	})
}

// fetches answers what the maze asks another system, sooner or later, or not.
func (c *siege) fetches(l center.Look) (center.Looked, time.Duration) {
	in := center.Looked{Look: l.Look, OK: c.Rand.IntN(4) > 0}
	if in.OK {
		in.Fetched = &center.Fetched{Missing: c.Rand.IntN(4) == 0}
		if !in.Fetched.Missing {
			in.Fetched.Values = []string{fmt.Sprint(c.Rand.IntN(1000))}
		}
	}
	return in, c.within(2 * time.Second)
}

// walked are the kinds of nodes that callers have come to, over all seeds.
var walked struct {
	sync.Mutex
	kinds map[string]bool
}

// walks keeps that a caller has come to a node of the maze.
func walks(e fact.Event) {
	id, node, _ := strings.Cut(e.Name, "/")
	if e.Kind != fact.FlowNode || !strings.HasPrefix(id, "maze") {
		return
	}
	walked.Lock()
	defer walked.Unlock()
	if walked.kinds == nil {
		walked.kinds = map[string]bool{}
	}
	walked.kinds[node] = true
}

// everywhere holds that callers came to a node of every kind.
func everywhere(t *testing.T) {
	walked.Lock()
	defer walked.Unlock()
	for _, kind := range flow.Kinds() {
		if !walked.kinds[nodeOf(kind)] {
			t.Errorf("nobody came to a node of the kind %s", kind)
		}
	}
}
