package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const toyTimer = 5 * time.Second

// toy is a small deterministic machine: calls of one leg, a timer each.
type toy struct {
	Epoch  string
	Minted int
	Now    fact.Instant
	Offset int64
	Steps  int
	Legs   []toyLeg // by leg
	Config int64
	Agents []fact.AgentID
	Up     map[string]bool // never ranged over
	Names  []string

	onStep func(center.Input) // what a test wants done in a step
}

type toyLeg struct {
	Leg    fact.LegID
	Call   fact.CallID
	Due    fact.Instant // 0 for none
	Secret bool
	Keys   string
}

// Why says of a call how many steps there were, as its node.
func (t *toy) Why(q center.Question) (center.Answer, error) {
	for _, l := range t.Legs {
		if l.Call == q.Call {
			return center.Answer{At: t.Now, Wall: int64(t.Now) + t.Offset, Call: &center.CallView{ID: l.Call, Node: fmt.Sprint(t.Steps)}}, nil
		}
	}
	return center.Answer{}, fmt.Errorf("call %q: %w", q.Call, center.ErrNotFound)
}

func newToy() Machine { return &toy{Up: map[string]bool{}} }

func restoreToy(b []byte) (Machine, error) {
	t := &toy{}
	if err := json.Unmarshal(b, t); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *toy) leg(id fact.LegID) *toyLeg {
	for i := range t.Legs {
		if t.Legs[i].Leg == id {
			return &t.Legs[i]
		}
	}
	return nil
}

func (t *toy) Step(at fact.Instant, in center.Input) []center.Effect {
	if at < t.Now {
		panic(fmt.Sprintf("time went back from %d to %d", t.Now, at))
	}
	if t.onStep != nil {
		t.onStep(in)
	}
	t.Now = at
	t.Steps++
	emit := func(e fact.Event) center.Effect {
		e.Tenant, e.At, e.Wall = "default", at, int64(at)+t.Offset
		return center.Emit{Event: e}
	}
	switch in := in.(type) {
	case center.Booted:
		t.Epoch, t.Offset, t.Names = in.Epoch, in.Offset, in.Switches
		t.Up = map[string]bool{}
	case center.ClockSet:
		t.Offset = in.Offset
	case center.Configured:
		t.Config = in.Config.Version
		return []center.Effect{emit(fact.Event{Kind: fact.ConfigChanged})}
	case center.Asked:
		return t.asked(in, emit)
	case center.Looked:
		reply := center.Reply{Request: in.Look}
		if !in.OK {
			reply.Code, reply.Message = center.CodeDenied, in.Error
		}
		return []center.Effect{reply}
	case center.Tick:
		var out []center.Effect
		for i := range t.Legs {
			if l := &t.Legs[i]; l.Due != 0 && l.Due <= at {
				l.Due = 0
				out = append(out, emit(fact.Event{Kind: fact.NormBroken, Call: l.Call, Millis: int64(at)}))
			}
		}
		return out
	case center.Heard:
		return t.heard(at, in.Event, emit)
	}
	return nil
}

func (t *toy) asked(in center.Asked, emit func(fact.Event) center.Effect) []center.Effect {
	reply := center.Reply{Request: in.Request}
	switch op := in.Op.(type) {
	case center.SignIn:
		if slices.Contains(t.Agents, op.Agent) {
			reply.Code, reply.Message = center.CodeConflict, "agent "+string(op.Agent)+" is signed in"
			return []center.Effect{reply}
		}
		t.Agents = append(t.Agents, op.Agent)
		return []center.Effect{emit(fact.Event{Kind: fact.AgentState, Agent: op.Agent, From: "OFFLINE", To: "READY"}), reply}
	case center.NotReady: // stands for whatever needs a look-up
		if url := string(op.Reason); strings.Contains(url, "://") {
			return []center.Effect{center.Look{Look: in.Request, Deadline: time.Second, Enquiry: &center.Enquiry{Method: "POST", URL: url, Body: []flow.Arg{{Name: "of", Value: url}}}}}
		}
		return []center.Effect{center.Look{Look: in.Request, Agent: op.Agent, PIN: string(op.Reason), Deadline: time.Second}}
	}
	return []center.Effect{reply}
}

func (t *toy) heard(at fact.Instant, ev media.Event, emit func(fact.Event) center.Effect) []center.Effect {
	switch ev := ev.(type) {
	case media.Up:
		t.Up[ev.Switch] = true
		return []center.Effect{emit(fact.Event{Kind: fact.SwitchUp, Name: ev.Switch})}
	case media.Down:
		t.Up[ev.Switch] = false
		return []center.Effect{emit(fact.Event{Kind: fact.SwitchDown, Name: ev.Switch, Reason: ev.Reason})}
	case media.LegArrived:
		t.Minted++
		l := toyLeg{Leg: ev.Leg, Call: fact.CallID(fmt.Sprintf("c-%s-%d", t.Epoch, t.Minted)), Due: at.Add(toyTimer)}
		t.Legs = append(t.Legs, l)
		slices.SortFunc(t.Legs, func(a, b toyLeg) int { return cmp.Compare(a.Leg, b.Leg) })
		return []center.Effect{
			emit(fact.Event{Kind: fact.CallOffered, Call: l.Call, Leg: ev.Leg, From: ev.From.Number}),
			center.Send{Command: media.Answer{Leg: ev.Leg}, Deadline: time.Second},
		}
	case media.Digit:
		l := t.leg(ev.Leg)
		if l == nil {
			return nil
		}
		l.Keys += ev.Key
		if ev.Key == "*" {
			l.Secret = !l.Secret
		}
		return []center.Effect{emit(fact.Event{Kind: fact.FlowNode, Call: l.Call, Position: len(l.Keys)})}
	case media.LegEnded:
		l := t.leg(ev.Leg)
		if l == nil {
			return nil
		}
		call := l.Call
		t.Legs = slices.DeleteFunc(t.Legs, func(x toyLeg) bool { return x.Leg == ev.Leg })
		return []center.Effect{
			emit(fact.Event{Kind: fact.CallEnded, Call: call}),
			center.Write{Record: fact.Record{Tenant: "default", Call: call, Ended: int64(at)}},
			center.AddWrapUp{WrapUp: fact.WrapUp{Tenant: "default", Call: call, Millis: 7}},
			center.AddCount{Count: fact.NormCount{Tenant: "default", Rule: "RUL-END-1", NormTally: fact.NormTally{Kept: 1}}},
		}
	case media.CommandFailed:
		return []center.Effect{emit(fact.Event{Kind: fact.TransferDenied, Leg: ev.Leg, Name: ev.Of, Reason: string(ev.Failure)})}
	}
	return nil
}

func (t *toy) Next() (fact.Instant, bool) {
	var due fact.Instant
	for _, l := range t.Legs {
		if l.Due != 0 && (due == 0 || l.Due < due) {
			due = l.Due
		}
	}
	return due, due != 0
}

func (t *toy) Checkpoint() ([]byte, error) { return json.Marshal(t) }

func (t *toy) View() *center.View {
	v := &center.View{At: t.Now, Version: t.Config}
	for _, name := range t.Names {
		v.Switches = append(v.Switches, center.SwitchView{Name: name, Up: t.Up[name]})
	}
	for _, l := range t.Legs {
		state := center.CallInFlow
		if l.Keys == "t" {
			state = center.CallTalking
		}
		v.Calls = append(v.Calls, center.CallView{ID: l.Call, State: state})
	}
	for _, a := range t.Agents {
		v.Agents = append(v.Agents, center.AgentView{ID: a, Queues: []fact.QueueID{"sales"}})
	}
	return v
}

func (t *toy) Sensitive(leg fact.LegID) bool {
	l := t.leg(leg)
	return l != nil && l.Secret
}
