package flow

import (
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
)

// Env is what branches read. A step neither keeps nor changes it.
type Env struct {
	// Hours are the compiled tables by id.
	Hours map[string]*calendar.Table
	// Place is where the caller stands in line, nil outside one.
	Place *Place
	// Caller gives what is known of who calls, as variables; nil for nothing.
	// It is asked when a node goes by one.
	Caller func() []Arg
	// Stage is what a scene goes by, nil outside one.
	Stage *Stage
	// Unasked says that the caller is not to be asked for a rating.
	Unasked bool
	// Zone is the tenant's, nil for UTC.
	Zone *time.Location
	// Festivals are the tenant's; Incident says whether one goes on, nil for
	// none.
	Festivals []Festival
	Incident  func(id string) bool
}

// Phase is what a session waits for.
type Phase string

// The phases.
const (
	PhaseNew     Phase = ""        // Start has not come
	PhasePlay    Phase = "play"    // a play node's prompts are heard
	PhasePrompt  Phase = "prompt"  // a menu's or gather's prompts are heard
	PhaseCollect Phase = "collect" // the caller is to press keys, nothing is heard
	PhaseLine    Phase = "line"    // the caller is in line or in a talk
	PhaseDeed    Phase = "deed"    // a deed is being done, a promise or a message kept
	PhaseBeep    Phase = "beep"    // the beep before a message is heard
	PhaseRecord  Phase = "record"  // the caller speaks
	PhaseScene   Phase = "scene"   // a scene of standard phrases is gone through
	PhaseOver    Phase = "over"    // the flow has hung up
)

// State is a session as a checkpoint keeps it. It holds what the caller typed,
// sensitive digits included.
type State struct {
	Flow fact.FlowID `json:"flow"`
	// In is the subflow that the session is in, "" for none, Stack those that
	// wait for it, Trail the nodes that have asked something in it.
	In    fact.FlowID `json:"in,omitempty"`
	Stack []Frame     `json:"stack,omitempty"`
	Trail []string    `json:"trail,omitempty"`
	// Language is what the caller has chosen, "" for the flow's; Needs are asked
	// for in every line.
	Language string `json:"language,omitempty"`
	Needs    string `json:"needs,omitempty"`
	Node     string `json:"node,omitempty"`
	Phase    Phase  `json:"phase,omitempty"`
	// Token is the last one minted; Await is the one being waited for.
	Token int `json:"token,omitempty"`
	Await int `json:"await,omitempty"`
	// Due is when the wait ends by itself, 0 for never.
	Due fact.Instant `json:"due,omitempty"`
	// Until is when a message ends at the latest.
	Until fact.Instant `json:"until,omitempty"`
	// Ahead are keys that no node has read; Typed those of this gather.
	Ahead string `json:"ahead,omitempty"`
	Typed string `json:"typed,omitempty"`
	// Confirming says that the caller is asked whether what was typed is right.
	Confirming bool `json:"confirming,omitempty"`
	// Swallow is a terminator that is superfluous until SwallowBy.
	Swallow   string       `json:"swallow,omitempty"`
	SwallowBy fact.Instant `json:"swallow_by,omitempty"`
	// Tries counts wrong keys and silence at this node.
	Tries int `json:"tries,omitempty"`
	// Entries counts nodes entered from Since on.
	Entries  int          `json:"entries,omitempty"`
	Since    fact.Instant `json:"since,omitempty"`
	Answered bool         `json:"answered,omitempty"`
	// Heard is the play of a caller in line or during a look-up, 0 for none. ToldPlace is the last
	// place told, ToldBy when the wait is over by what was told.
	Heard     int          `json:"heard,omitempty"`
	ToldPlace int          `json:"told_place,omitempty"`
	ToldBy    fact.Instant `json:"told_by,omitempty"`
	Vars      []Arg        `json:"vars,omitempty"`
	Denials   []Denial     `json:"denials,omitempty"`
	// Line is the wording of the present cue of a scene; Last the cue whose
	// phrase was said last, and LastLine its wording. Passed says that the last
	// phrase was not said, Spoken that the system said it. Excuse is the code by
	// which hanging up is excused.
	Line     int    `json:"line,omitempty"`
	Last     string `json:"last,omitempty"`
	LastLine int    `json:"last_line,omitempty"`
	Passed   bool   `json:"passed,omitempty"`
	Spoken   bool   `json:"spoken,omitempty"`
	Excuse   string `json:"excuse,omitempty"`
	// Chosen and Spurned are the names of wordings that were said, and that were
	// not, of several: conditions of the same name hold and do not.
	Chosen  []string `json:"chosen,omitempty"`
	Spurned []string `json:"spurned,omitempty"`
}

// Denial counts how often a deed was refused at a node.
type Denial struct {
	Node  string `json:"node"`
	Count int    `json:"count"`
}

// Session steps one call through a flow. It is a pure machine: equal histories
// give equal actions. After every step it waits for an input or a timer, or is
// over.
type Session struct {
	root, flow *Flow // what it began with, where it is
	s          State
	// now, env and out are those of the step under way.
	now fact.Moment
	env Env
	out []Action
}

// New is a session at the beginning of a flow that knows args as variables. It
// does nothing before Start.
func New(f *Flow, args []Arg) *Session {
	return &Session{root: f, flow: f, s: State{Flow: f.ID, Vars: append([]Arg(nil), args...)}}
}

// Resume is a session as State gave it. f must be the version of the flow that
// it began with. Start enters the present node again.
func Resume(f *Flow, st State) *Session {
	s := &Session{root: f, flow: f, s: st}
	s.s = s.State()
	if sub := f.linked[st.In]; sub != nil {
		s.flow = sub
	}
	return s
}

// State is a copy of what the session must remember.
func (s *Session) State() State {
	st := s.s
	st.Vars = append([]Arg(nil), st.Vars...)
	st.Denials = append([]Denial(nil), st.Denials...)
	st.Chosen, st.Spurned = append([]string(nil), st.Chosen...), append([]string(nil), st.Spurned...)
	st.Stack = append([]Frame(nil), st.Stack...)
	st.Trail = append([]string(nil), st.Trail...)
	return st
}

// Node is where the session is, "" before Start.
func (s *Session) Node() string { return s.s.Node }

// Flow is where the session is: the flow that it began with, or a subflow.
func (s *Session) Flow() fact.FlowID { return s.flow.ID }

// Over says whether the flow has hung up.
func (s *Session) Over() bool { return s.s.Phase == PhaseOver }

// Secret says whether digits are being gathered that nobody may see.
func (s *Session) Secret() bool {
	n := s.flow.node(s.s.Node)
	return (s.s.Phase == PhaseCollect || s.s.Phase == PhasePrompt) && n != nil && n.Gather != nil && n.Gather.Sensitive
}

// Sensitive says whether the next digit may be one that nobody may see: it is
// for a gather of such digits, a PIN perhaps, or it is kept for a later node of
// a flow that has one.
func (s *Session) Sensitive() bool {
	n := s.flow.node(s.s.Node)
	switch s.s.Phase {
	case PhaseNew, PhaseLine, PhaseOver, PhaseRecord:
		return false
	case PhaseCollect, PhasePrompt:
		if s.Secret() {
			return true
		}
		if s.s.Phase == PhaseCollect || n != nil && n.ask() != nil && given(n.ask().BargeIn, true) {
			return false
		}
	}
	secret := func(f *Flow) bool {
		return slices.ContainsFunc(f.Nodes, func(n Node) bool { return n.Gather != nil && n.Gather.Sensitive })
	}
	return secret(s.root) || slices.ContainsFunc(s.root.Linked(), secret)
}

// Awaits says whether the session waits for what a token was minted for.
func (s *Session) Awaits(token int) bool { return token != 0 && token == s.s.Await }

// Next is when Step must be called with Tick if nothing else happens.
func (s *Session) Next() (fact.Instant, bool) {
	if s.s.Due == 0 || s.Over() {
		return 0, false
	}
	return s.s.Due, true
}

// Step applies in at now and returns what must be done, in order. An input
// that does not fit the present wait is late and changes nothing.
//
// Start on a session that has begun enters the present node again: its
// prompts play anew, digits typed in it are forgotten, a deed is asked for
// once more under a new token. In line nothing is asked again: the place in
// line is the centre's to keep, and Returned with the old token goes on.
func (s *Session) Step(now fact.Moment, env Env, in Input) []Action {
	s.now, s.env, s.out = now, env, nil
	switch in := in.(type) {
	case Start:
		if s.flow.Scene != nil {
			s.sceneStart()
		} else {
			s.follow(s.start())
		}
	case PlayEnded:
		if s.s.Phase == PhaseSpeak && in.Token == s.s.Await {
			s.follow(s.uttered(in.Failed))
		} else if s.playing() && in.Token == s.s.Await {
			s.follow(s.played())
		} else if in.Token == s.s.Heard && in.Token != 0 {
			s.unheard(in.Failed)
		}
	case Digit:
		if len(in.Key) == 1 && strings.Contains(Keys, in.Key) {
			s.follow(s.digit(in.Key))
		}
	case Returned:
		if s.s.Phase == PhaseAct && in.Token == s.s.Await {
			s.follow(s.acted(in.Outcome))
		} else if slices.Contains(returning, s.s.Phase) && in.Token == s.s.Await {
			s.follow(s.returned(in.Outcome, in.Values))
		}
	case Talk:
		if s.flow.Scene == nil {
			s.heard(in.On)
		} else if in.On {
			s.overheard()
		}
	case Next, Skip, Again, Stop:
		s.stepped(in)
	case Tick:
		if due, ok := s.Next(); ok && now.At >= due {
			s.follow(s.fire())
		}
	}
	out := s.out
	s.env, s.out = Env{}, nil
	return out
}

// returning are the phases that Returned ends.
var returning = []Phase{PhaseLine, PhaseDeed, PhaseRecord, PhaseScene}

// Keys are the keys that a phone can send.
const Keys = "0123456789*#ABCD"

// follow enters nodes until one waits or the flow is over.
func (s *Session) follow(id string, ok bool) {
	for ok {
		id, ok = s.enter(id)
	}
}

// unheard is the end of what a caller heard beside a wait.
func (s *Session) unheard(failed bool) {
	s.s.Heard = 0
	switch n := s.flow.node(s.s.Node); {
	case s.s.Phase == PhaseLine:
		s.later()
	case s.s.Phase == PhaseDeed && n != nil && n.Lookup != nil && !failed:
		s.comfort(n.Lookup)
	}
}

func (s *Session) do(a Action) { s.out = append(s.out, a) }

func (s *Session) mint() int {
	s.s.Token++
	return s.s.Token
}
