package flow

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
)

// What holds where a message node says nothing else, and its bounds.
const (
	DefaultLongest = 2 * time.Minute // of a message
	DefaultBriefly = 2 * time.Second // below it nothing was said
	DefaultQuiet   = 5 * time.Second // of silence that end a message
	MaxLongest     = 10 * time.Minute

	defaultShortRetries = 1
)

// CallbackNode promises the caller a call back. The promise is kept in the
// store before Next: what is heard there may say that we will call.
type CallbackNode struct {
	Owed `yaml:",inline"`
	// Number is the variable that has the number to call, "" for the caller's
	// own.
	Number string `json:"number,omitempty" yaml:"number"`
	// Invalid is where the flow goes on with a number that is withheld or
	// cannot be called, Failed when the store did not take the promise.
	Invalid string `json:"invalid" yaml:"invalid"`
}

// MessageNode takes a message: prompts and a beep are heard, then the caller
// speaks until a key, silence or the longest a message may be.
type MessageNode struct {
	Owed    `yaml:",inline"`
	Prompts []Prompt `json:"prompts" yaml:"prompts"`
	// Take is a variable that has the number of a phrase: what is said is no
	// message then but that phrase's take, which is heard again as a prompt
	// with take, and which the deed phrase.record keeps.
	Take string `json:"take,omitempty" yaml:"take"`
	// Own says that the take is to be the recording of who speaks, an agent, and
	// not the tenant's.
	Own bool `json:"own,omitempty" yaml:"own"`
	// Longest is how long a message may be, 5 s to 10 min, 0 means 2 min;
	// Briefly below what it is none, to 30 s, 0 means 2 s; Quiet how much
	// silence ends it, 1 s to 30 s, 0 means 5 s.
	Longest time.Duration `json:"longest,omitempty" yaml:"longest"`
	Briefly time.Duration `json:"briefly,omitempty" yaml:"briefly"`
	Quiet   time.Duration `json:"quiet,omitempty" yaml:"quiet"`
	// Terminator is the key that ends it: "#", the default, "*" or "none".
	Terminator string `json:"terminator,omitempty" yaml:"terminator"`
	// Retries is how often the prompts are heard again when nothing was said:
	// 0 to 10, nil means 1; Short is where the flow goes on then.
	Retries *int   `json:"retries,omitempty" yaml:"retries"`
	Short   string `json:"short" yaml:"short"`
}

// Owed is what a callback and a message share.
type Owed struct {
	// Queue is whose agents answer it, "" for the line that the caller left
	// last.
	Queue fact.QueueID `json:"queue,omitempty" yaml:"queue"`
	// Agent is the variable that has the agent whom the caller wants, "" for
	// any; Reason is for people.
	Agent  string `json:"agent,omitempty" yaml:"agent"`
	Reason string `json:"reason,omitempty" yaml:"reason"`
	// Next is where the flow goes on when it is in the store, Failed when it
	// is not.
	Next   string `json:"next" yaml:"next"`
	Failed string `json:"failed" yaml:"failed"`
}

func (m *MessageNode) longest() time.Duration { return orElse(m.Longest, DefaultLongest) }
func (m *MessageNode) briefly() time.Duration { return orElse(m.Briefly, DefaultBriefly) }
func (m *MessageNode) quiet() time.Duration   { return orElse(m.Quiet, DefaultQuiet) }

// owed is what the node owes, nil for nothing.
func (n *Node) owed() *Owed {
	switch {
	case n.Callback != nil:
		return &n.Callback.Owed
	case n.Message != nil:
		return &n.Message.Owed
	}
	return nil
}

func (n *CallbackNode) Names() Names {
	return Names{
		Exits: []Exit{{Name: "next", To: n.Next}, {Name: "failed", To: n.Failed}, {Name: "invalid", To: n.Invalid}},
		Reads: []string{n.Agent, n.Number}, Queue: n.Queue,
	}
}

// Who says nothing never comes to next or failed.
func (m *MessageNode) Names() Names {
	return Names{
		Exits: []Exit{
			{Name: "next", To: m.Next, ByKey: true}, {Name: "failed", To: m.Failed, ByKey: true}, {Name: "short", To: m.Short},
		},
		Prompts: []Heard{{"prompts", m.Prompts}}, Reads: []string{m.Agent, m.Take}, Queue: m.Queue, Waits: true,
	}
}

// enter asks for a promise.
func (n *CallbackNode) enter(s *Session, _ *Node) (string, bool) {
	s.s.Phase, s.s.Await, s.s.Due = PhaseDeed, s.mint(), s.now.At.Add(DoLimit)
	s.do(Callback{Token: s.s.Await, Queue: n.Queue, Agent: fact.AgentID(s.variable(n.Agent)), Own: n.Number == "",
		Number: s.variable(n.Number), Reason: n.Reason})
	return "", false
}

func (m *MessageNode) enter(s *Session, _ *Node) (string, bool) { return s.message(m) }

// message lets the prompts be heard; a key goes on to the beep.
func (s *Session) message(m *MessageNode) (string, bool) {
	if len(m.Prompts) == 0 {
		return s.beep()
	}
	return s.play(PhasePlay, m.Prompts)
}

func (s *Session) beep() (string, bool) { return s.play(PhaseBeep, []Prompt{{Sound: "beep"}}) }

// speak lets the caller speak.
func (s *Session) speak(m *MessageNode) (string, bool) {
	s.s.Phase, s.s.Await = PhaseRecord, s.mint()
	s.s.Ahead = "" // keys from before the beep mean nothing
	s.s.Until = s.now.At.Add(m.longest())
	s.s.Due = min(s.s.Until, s.now.At.Add(m.quiet()))
	s.do(Record{Token: s.s.Await, Queue: m.Queue, Agent: fact.AgentID(s.variable(m.Agent)), Reason: m.Reason, Quiet: m.quiet(), Briefly: m.briefly(),
		Take: m.Take != "", Phrase: s.variable(m.Take), Own: m.Own})
	return "", false
}

// heard is whether the caller speaks: silence ends what was said.
func (s *Session) heard(on bool) {
	if s.s.Phase != PhaseRecord {
		return
	}
	if on {
		s.s.Due = s.s.Until
		return
	}
	s.spoken()
}

// spoken ends the recording of a message, and waits until it is kept.
func (s *Session) spoken() {
	s.do(StopRecord{Token: s.s.Await})
	s.s.Phase, s.s.Due, s.s.Until = PhaseDeed, s.now.At.Add(DoLimit), 0
}

// terminates says whether a key ends what the caller says.
func (m *MessageNode) terminates(key string) bool {
	return key == (&GatherNode{Terminator: m.Terminator}).terminator()
}

// settled goes on after a promise or a message.
func (s *Session) settled(n *Node, o Outcome) (string, bool) {
	switch {
	case o == OutcomeDone:
		return n.owed().Next, true
	case n.Callback != nil && o == OutcomeInvalid:
		return n.Callback.Invalid, true
	case n.Message != nil && o == OutcomeShort:
		if s.s.Tries++; s.s.Tries <= given(n.Message.Retries, defaultShortRetries) {
			return s.message(n.Message)
		}
		return n.Message.Short, true
	}
	return n.owed().Failed, true
}

// owes checks what callbacks and messages share.
func (c *checker) owes(o *Owed) {
	if o.Queue == "" && !slices.ContainsFunc(c.flow.Nodes, func(n Node) bool { return n.Joins() != nil }) {
		c.wrong("nobody is to answer it", "write queue: with whose agents do, for the flow leads to no line")
	}
	if len([]rune(o.Reason)) > MaxText || strings.ContainsAny(o.Reason, "\x00\n\r") {
		c.wrong("reason is too long, or of several lines", fmt.Sprintf("write up to %d characters", MaxText))
	}
}

// comes checks that a variable comes from somewhere.
func (c *checker) comes(variable string) {
	if _, set := c.sets[variable]; variable != "" && !set && !strings.HasPrefix(variable, callerPrefix) {
		c.wrong(fmt.Sprintf("no node sets %q", variable), "gather or set it first; who calls is told by caller_number, caller_level and the like")
	}
}

// reads checks a variable that a node goes by, "" for none.
func (c *checker) reads(variable string) {
	if variable == "" {
		return
	}
	c.variable(variable)
	if c.sets[variable] {
		c.wrong(fmt.Sprintf("variable %q is sensitive", variable), "only a do may take it; gather it without sensitive")
	}
}

func (n *CallbackNode) check(c *checker) { c.owes(&n.Owed) }

func (m *MessageNode) check(c *checker) {
	switch {
	case m.Take == "" && m.Own:
		c.wrong("own is of a take", "write take: with the variable that has the phrase's number, or leave own out")
	case m.Take == "":
		c.owes(&m.Owed)
	case m.Queue != "" || m.Agent != "" || m.Reason != "":
		c.wrong("a take is owed to nobody", "leave out queue, agent and reason")
	}
	c.span("longest", m.Longest, 5*time.Second, MaxLongest)
	c.span("briefly", m.Briefly, 100*time.Millisecond, 30*time.Second)
	c.span("quiet", m.Quiet, time.Second, 30*time.Second)
	if m.briefly() >= m.longest() {
		c.wrong(fmt.Sprintf("briefly is %s and longest %s", m.briefly(), m.longest()), "let a message be longer than what is none")
	}
	if r := given(m.Retries, 0); r < 0 || r > MaxRetries {
		c.wrong(fmt.Sprintf("retries is %d", r), fmt.Sprintf("write 0 to %d", MaxRetries))
	}
	c.terminator(m.Terminator)
}
