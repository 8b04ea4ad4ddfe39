package flow

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

func knows(s *Session, name string) bool {
	return slices.ContainsFunc(s.State().Vars, func(a Arg) bool { return a.Name == name })
}

// What was typed in secret is forgotten after the look-up that it was for, and a
// number that the caller never said was right when the flow goes on.
func TestWhatASessionForgets(t *testing.T) {
	now := fact.Moment{At: 1_000_000}
	f := &Flow{ID: "f", Nodes: []Node{
		{ID: "ask", Lookup: &LookupNode{Method: "POST", URL: "https://crm.example/check", Body: []Member{{Name: "pin", From: "pin"}}, Next: "phone", Else: "phone"}},
		{ID: "phone", Gather: &GatherNode{Ask: Ask{Retries: new(int), Else: "bye"}, Variable: "phone", Max: 4, Confirm: &Confirm{}, Next: "line"}},
		{ID: "line", Enqueue: &EnqueueNode{Queue: "sales", Next: "bye", Else: "bye"}},
		{ID: "bye", Enqueue: &EnqueueNode{Queue: "support"}},
	}}
	s := Resume(f, State{Flow: f.ID, Node: "ask", Phase: PhaseDeed, Token: 1, Await: 1, Vars: []Arg{{Name: "pin", Value: "1", Secret: true}, {Name: "card", Value: "2"}}})
	s.Step(now, Env{}, Returned{Token: 1, Outcome: OutcomeDone})
	if s.Node() != "phone" || knows(s, "pin") || !knows(s, "card") {
		t.Errorf("at %s it knows %v", s.Node(), s.State().Vars)
	}
	for _, key := range "12#" {
		s.Step(now, Env{}, Digit{Key: string(key)})
	}
	if !knows(s, "phone") {
		t.Fatalf("at %s it does not know the number", s.Node())
	}
	s.Step(now, Env{}, Digit{Key: "9"})
	if s.Node() != "bye" || knows(s, "phone") {
		t.Errorf("at %s it knows %v", s.Node(), s.State().Vars)
	}
	once := 1
	f.Nodes[1].Gather.Retries = &once
	s = Resume(f, State{Flow: f.ID, Node: "phone", Phase: PhaseCollect, Confirming: true, Vars: []Arg{{Name: "phone", Value: "12"}}})
	if s.Step(now, Env{}, Digit{Key: "2"}); s.Node() != "phone" || knows(s, "phone") {
		t.Errorf("who says no: at %s it knows %v", s.Node(), s.State().Vars)
	}
}

// A look-up by POST is asked again after a restart only where the flow says so.
func TestPostsAreAskedAgainOnlyWhereTheFlowSaysSo(t *testing.T) {
	for _, again := range []bool{false, true} {
		f := &Flow{ID: "f", Nodes: []Node{
			{ID: "ask", Lookup: &LookupNode{Method: "POST", URL: "https://crm.example/check", Again: again, Next: "line", Else: "line"}},
			{ID: "line", Enqueue: &EnqueueNode{Queue: "sales"}},
		}}
		s := Resume(f, State{Flow: f.ID, Node: "ask", Phase: PhaseDeed, Token: 1, Await: 1})
		acts := s.Step(fact.Moment{At: 1_000_000}, Env{}, Start{})
		if asked := slices.ContainsFunc(acts, func(a Action) bool { _, is := a.(Lookup); return is }); asked != again {
			t.Errorf("again %t: it is asked %t", again, asked)
		}
	}
}

// Subflows deeper than MaxDepth end the call, even where nobody has checked them.
func TestSubflowsHaveADepth(t *testing.T) {
	for _, depth := range []int{MaxDepth, MaxDepth + 1} {
		var all []*Flow
		for i := range depth {
			all = append(all, &Flow{ID: fact.FlowID(fmt.Sprintf("f%d", i)), Nodes: []Node{{ID: "go", Subflow: &SubflowNode{Flow: fact.FlowID(fmt.Sprintf("f%d", i+1))}}}})
		}
		all = append(all, &Flow{ID: fact.FlowID(fmt.Sprintf("f%d", depth)), Nodes: []Node{{ID: "line", Enqueue: &EnqueueNode{Queue: "sales"}}}})
		Link(all)
		s := New(all[0], nil)
		s.Step(fact.Moment{At: 1_000_000}, Env{}, Start{})
		if s.Over() != (depth > MaxDepth) {
			t.Errorf("%d within one another: over %t at %s", depth, s.Over(), s.Flow())
		}
	}
}

func TestATransferRingsForAWhile(t *testing.T) {
	f := &Flow{ID: "f", Nodes: []Node{{ID: "out", Transfer: &TransferNode{Number: "12345", Else: "out"}}}}
	acts := New(f, nil).Step(fact.Moment{At: 1_000_000}, Env{}, Start{})
	if got, is := acts[len(acts)-1].(Transfer); !is || got.Timeout != 30*time.Second {
		t.Errorf("it wants %+v", acts)
	}
}

// A condition that those before it leave nothing to is told.
func TestConditionsAfterThoseBefore(t *testing.T) {
	one := 1
	f := &Flow{ID: "f", Nodes: []Node{
		{ID: "menu", Menu: &MenuNode{Ask: Ask{Prompts: []Prompt{{Text: "一"}}, Else: "bye"}, Variable: "what", Keys: []Choice{{Key: "1", Next: "which"}, {Key: "2", Next: "which"}}}},
		{ID: "which", Match: &MatchNode{Variable: "what", Cases: []Case{{Equals: "1", Next: "bye"}, {Equals: "2", Next: "bye"}, {AtLeast: &one, Next: "bye"}}, Else: "bye"}},
		{ID: "bye", Hangup: &HangupNode{}},
	}}
	odd := f.Odd(nil, time.Time{})
	if len(odd) != 1 || !strings.Contains(odd[0].What, "case at_least 1 can never hold after those before it") {
		t.Errorf("%v", odd)
	}
}
