package flow

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
)

// anyFlow draws flows of all kinds of nodes, broken ones among them.
func anyFlow(t *rapid.T) *Flow {
	count := rapid.IntRange(1, 8).Draw(t, "nodes")
	to := func(name string) string {
		return fmt.Sprintf("n%d", rapid.IntRange(0, count).Draw(t, name)) // n<count> is not there
	}
	ask := func() Ask {
		a := Ask{Prompts: []Prompt{{Text: "x"}}, Else: to("else")}
		if rapid.Bool().Draw(t, "quiet") {
			a.Prompts = nil
		}
		for _, p := range []**bool{&a.BargeIn, &a.TypeAhead} {
			if rapid.Bool().Draw(t, "set") {
				v := rapid.Bool().Draw(t, "flag")
				*p = &v
			}
		}
		retries := rapid.IntRange(0, 3).Draw(t, "retries")
		a.Retries = &retries
		return a
	}
	f := &Flow{ID: "any"}
	for i := range count {
		n := Node{ID: fmt.Sprintf("n%d", i)}
		owed := Owed{Queue: "sales", Agent: "v", Next: to("next"), Failed: to("failed")}
		switch rapid.IntRange(0, 21).Draw(t, "kind") {
		case 8:
			n.Callback = &CallbackNode{Owed: owed, Number: "w", Invalid: to("invalid")}
		case 9:
			n.Message = &MessageNode{Owed: owed, Short: to("short")}
			if rapid.Bool().Draw(t, "heard") {
				n.Message.Prompts = []Prompt{{Digits: "w"}, {File: "y"}}
			}
		case 12:
			n.Set = &SetNode{Values: []Assign{{Variable: "v", Text: "1"}, {Variable: "u", From: "w"}}, Next: to("next")}
		case 13:
			n.Branch = &BranchNode{Cases: []When{{If: `number(v) > 1 or len(w) == 2`, Next: to("case")}, {If: `clock < "12:00"`, Next: to("case")}}, Else: to("else")}
		case 14:
			n.Lookup = &LookupNode{URL: "https://crm.example/{v}?w={w}", Results: []Result{{Variable: "v", Field: "a"}}, Next: to("next"), Else: to("else"),
				Comfort: []Prompt{{File: "comfort"}}, Missing: to("missing")}
			if rapid.Bool().Draw(t, "post") {
				n.Lookup.Method, n.Lookup.Body = "POST", []Member{{Name: "w", From: "w"}}
			}
		case 15:
			n.Subflow = &SubflowNode{Flow: "any", Next: to("next"), Results: []Outgoing{{On: "a", Next: to("result")}}}
		case 16:
			n.Return = &ReturnNode{Result: rapid.SampledFrom([]string{"", "a"}).Draw(t, "result")}
		case 17:
			n.Calendar = &CalendarNode{Cases: []Occasion{{Incident: "x", Next: to("case")}, {Dates: []string{"01-01"}, Next: to("case")}}, Else: to("else")}
		case 19:
			n.Transfer = &TransferNode{Number: "02161234567", Else: to("else")}
			if rapid.Bool().Draw(t, "goes on") {
				n.Transfer.Next = to("next")
			}
		case 21:
			n.ThreeWay = &ThreeWayNode{EnqueueNode: EnqueueNode{Queue: "sales", Next: to("next"), Else: to("else")}, Number: "02161234567"}
		case 20:
			n.Scene = &SceneNode{Key: "silent_call", With: map[string]Value{"phone": {From: "w"}}, Next: to("next"), Else: to("else")}
			if rapid.Bool().Draw(t, "exits") {
				n.Scene.Spoke, n.Scene.HungUp = to("spoke"), to("hung up")
			}
		case 18:
			n.Language = &LanguageNode{Speak: rapid.SampledFrom(Spoken()).Draw(t, "speak"), Next: to("next")}
		case 11:
			n.Survey = &SurveyNode{Ask: ask(), Next: to("next")}
		case 0:
			n.Play = &PlayNode{Next: to("next")}
			if rapid.Bool().Draw(t, "heard") {
				n.Play.Prompts = []Prompt{{File: "y"}}
			}
		case 1:
			n.Menu = &MenuNode{Ask: ask(), Variable: "v", Keys: []Choice{{Key: "1", Next: to("one")}, {Key: "2", Next: to("two"), Value: "zwei"}}}
		case 2:
			n.Gather = &GatherNode{Ask: ask(), Variable: "w", Max: rapid.IntRange(0, 3).Draw(t, "max"),
				Min: rapid.IntRange(0, 2).Draw(t, "min"), Sensitive: rapid.Bool().Draw(t, "sensitive"), Next: to("next"),
				Terminator: rapid.SampledFrom([]string{"", "*", "none"}).Draw(t, "terminator")}
		case 3:
			n.Hours = &HoursNode{Table: rapid.SampledFrom([]string{"office", "gone"}).Draw(t, "table"), Open: to("open"), Closed: to("closed")}
		case 4:
			n.Match = &MatchNode{Variable: "v", Cases: []Case{{Equals: "1", Next: to("case")}}, Else: to("else")}
		case 5:
			n.Enqueue = &EnqueueNode{Queue: "sales", Next: to("next"), Else: to("else")}
			if rapid.Bool().Draw(t, "keys") {
				n.Enqueue.Keys = []Choice{{Key: "1", Next: to("key")}}
			}
			if rapid.Bool().Draw(t, "announce") {
				n.Enqueue.Announce = &Announce{Every: MinEvery, Position: true, Wait: true, Worse: []Prompt{{File: "worse"}}}
			}
		case 6:
			n.Do = &DoNode{Verb: VerbSignIn, Args: []DoArg{{Name: "agent", From: "v"}, {Name: "pin", From: "w"}},
				OK: to("ok"), Denied: to("denied"), Attempts: rapid.IntRange(0, 2).Draw(t, "attempts"), Else: to("else")}
		case 7:
			n.Hangup = &HangupNode{}
		}
		f.Nodes = append(f.Nodes, n)
	}
	if rapid.Bool().Draw(t, "linked") {
		Link([]*Flow{f})
	}
	if rapid.Bool().Draw(t, "wide") {
		f.Keys = []FlowKey{{Key: "3", Next: to("wide")}, {Key: "*", Back: true}}
	}
	return f
}

func anyInput(t *rapid.T, last int) Input {
	token := rapid.IntRange(max(0, last-1), last+1).Draw(t, "token")
	switch rapid.IntRange(0, 8).Draw(t, "input") {
	case 8:
		return Talk{On: rapid.Bool().Draw(t, "talks")}
	case 0:
		return Start{}
	case 1:
		return PlayEnded{Token: token, Failed: rapid.Bool().Draw(t, "failed")}
	case 2:
		return Returned{Token: token, Outcome: rapid.SampledFrom([]Outcome{OutcomeTalked, OutcomeRemoved, OutcomeDone, OutcomeDenied, OutcomeShort, OutcomeInvalid, OutcomeSpoke, OutcomeHungUp, "?"}).Draw(t, "outcome")}
	case 3:
		return Tick{}
	}
	return Digit{Key: rapid.SampledFrom([]string{"1", "2", "3", "*", "#", "A", "", "12", "é"}).Draw(t, "key")}
}

// Whatever comes: no panic, tokens are fresh, after a step the session waits
// for something or is over, what is over stays over, a play that was stopped
// or ended is not stopped again, and a session that went through JSON does the
// same as one that did not.
func TestAnyInputsLeaveASessionThatWaitsOrIsOver(t *testing.T) {
	table, err := calendar.Compile(calendar.Hours{ID: "office", Zone: "UTC", Week: []string{"daily 00:00-12:00"}})
	if err != nil {
		t.Fatal(err)
	}
	env := Env{Hours: map[string]*calendar.Table{"office": table}}
	rapid.Check(t, func(t *rapid.T) {
		f := anyFlow(t)
		s := New(f, nil)
		now := fact.Moment{At: 1}
		last, answers, endings := 0, 0, 0
		playing, recording := 0, 0
		for i := range rapid.IntRange(1, 60).Draw(t, "inputs") {
			in := Input(Start{})
			if i > 0 {
				in = anyInput(t, last)
				now.At += fact.Instant(rapid.Int64Range(0, 20_000).Draw(t, "later"))
			}
			over := s.Over()
			env.Place, env.Unasked = nil, rapid.Bool().Draw(t, "unasked")
			if place := rapid.IntRange(0, 30).Draw(t, "place"); place > 0 {
				high := time.Duration(place) * time.Minute
				env.Place = &Place{Position: place, Offered: place == 30, Known: place%3 > 0, Low: high / 4, Mid: high / 2, High: high}
			}
			twin := Resume(f, through(t, s.State()))
			out := s.Step(now, env, in)
			if got := twin.Step(now, env, in); !reflect.DeepEqual(got, out) {
				t.Fatalf("through JSON %v, else %v", got, out)
			}
			if over && len(out) > 0 {
				t.Fatalf("over, and yet %v", out)
			}
			if e, ok := in.(PlayEnded); ok && e.Token == playing {
				playing = 0
			}
			if r, ok := in.(Returned); ok && r.Token == recording {
				recording = 0
			}
			for _, a := range out {
				token := 0
				switch a := a.(type) {
				case Answer:
					answers++
				case Play:
					if token = a.Token; playing != 0 {
						t.Fatalf("play %d begins over play %d", token, playing)
					}
					playing = token
				case Enqueue:
					token = a.Token
				case Do:
					token = a.Token
				case Lookup:
					token = a.Token
				case Transfer:
					token = a.Token
				case PlayScene:
					token = a.Token
				case Callback:
					token = a.Token
				case Record:
					token, recording = a.Token, a.Token
				case StopRecord:
					if a.Token != recording {
						t.Fatalf("ends recording %d, while %d is recorded", a.Token, recording)
					}
					recording = 0
				case StopPlay:
					if a.Token != playing {
						t.Fatalf("stops %d while %d plays", a.Token, playing)
					}
					playing = 0
				case Hangup:
					endings++
				}
				if token != 0 {
					if token != last+1 {
						t.Fatalf("token %d after %d", token, last)
					}
					last = token
				}
			}
			if answers > 1 || endings > 1 {
				t.Fatalf("answered %d times, hung up %d times", answers, endings)
			}
			if s.Over() != (endings == 1) {
				t.Fatalf("over is %v after %d hang-ups", s.Over(), endings)
			}
			if _, timer := s.Next(); !s.Over() && !timer && s.State().Phase != PhaseLine {
				t.Fatalf("waits for nothing: %+v", s.State())
			}
		}
	})
}

func through(t *rapid.T, st State) State {
	blob, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if err := json.Unmarshal(blob, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// A flow that Check accepts never ends as broken.
func TestCheckedFlowsNeverBreak(t *testing.T) {
	table, err := calendar.Compile(calendar.Hours{ID: "office", Zone: "UTC", Week: []string{"daily 00:00-12:00"}})
	if err != nil {
		t.Fatal(err)
	}
	env := Env{Hours: map[string]*calendar.Table{"office": table, "gone": table}}
	all, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	rapid.Check(t, func(t *rapid.T) {
		f := anyFlow(t)
		if len(f.Check(Refs{Queues: []fact.QueueID{"sales"}, Hours: []string{"office", "gone"}})) > 0 {
			f = all[rapid.IntRange(0, len(all)-1).Draw(t, "shipped")]
		} else {
			checked++
		}
		s := New(f, nil)
		now := fact.Moment{At: 1}
		in := Input(Start{})
		for range 60 {
			for _, a := range s.Step(now, env, in) {
				if h, ok := a.(Hangup); ok && h.Broken != "" {
					t.Fatalf("broken: %s", h.Broken)
				}
			}
			in = anyInput(t, s.State().Token)
			now.At += fact.Instant(rapid.Int64Range(0, 20_000).Draw(t, "later"))
		}
	})
	t.Logf("%d drawn flows were sound", checked)
}

// A loop that Check would refuse ends the call and does not hang the loop.
func TestARunawayFlowIsBroken(t *testing.T) {
	f := &Flow{ID: "f", Nodes: []Node{
		{ID: "a", Match: &MatchNode{Variable: "v", Else: "b"}},
		{ID: "b", Play: &PlayNode{Next: "a"}},
	}}
	s := New(f, nil)
	out := s.Step(fact.Moment{At: 1}, Env{}, Start{})
	last, ok := out[len(out)-1].(Hangup)
	if want := `more than 100 nodes within 1s, the last one "b"`; !ok || last.Broken != want || last.Cause != causeBroken {
		t.Errorf("ends with %+v, want %q", out[len(out)-1], want)
	}
	if entered := len(out) - 1; entered != MaxEntries {
		t.Errorf("entered %d nodes, want %d", entered, MaxEntries)
	}
}

// A loop of plays that fail at once ends too: a caller of Step that answers a
// play without audio directly would never come out.
func TestALoopOfFailingPlaysIsBroken(t *testing.T) {
	f := &Flow{ID: "f", Nodes: []Node{{ID: "a", Play: &PlayNode{Prompts: []Prompt{{File: "gone"}}, Next: "a"}}}}
	s := New(f, nil)
	s.Step(fact.Moment{At: 1}, Env{}, Start{})
	for token := 1; !s.Over(); token++ {
		if token > MaxEntries {
			t.Fatalf("still at %q after %d plays", s.Node(), token)
		}
		s.Step(fact.Moment{At: 5}, Env{}, PlayEnded{Token: token, Failed: true})
	}
}

func FuzzParse(f *testing.F) {
	entries, err := flows.ReadDir("flows")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		src, err := os.ReadFile("flows/" + e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(sound))
	f.Add([]byte(`{"id":"f","nodes":[{"id":"a","hangup":{}}]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		flow, err := Parse("fuzz.yaml", src)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		flow.Prompts()
		all, err := Shipped()
		if err != nil {
			t.Fatal(err)
		}
		all = append(slices.DeleteFunc(all, func(f *Flow) bool { return f.ID == flow.ID }), flow)
		Link(all)
		problems := flow.Check(Refs{Queues: ShippedQueues, Flows: all})
		for _, p := range problems {
			if p.String() == "" {
				t.Error("a problem without words")
			}
		}
		s := New(flow, nil)
		for _, a := range s.Step(fact.Moment{At: 1}, Env{}, Start{}) {
			if h, ok := a.(Hangup); ok && h.Broken != "" && len(problems) == 0 {
				t.Errorf("checked, and yet broken: %s", h.Broken)
			}
		}
	})
}
