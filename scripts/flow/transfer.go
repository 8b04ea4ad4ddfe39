package flow

import (
	"fmt"
	"regexp"
	"time"

	"github.com/huawu/huawu/fact"
)

// TransferNode gives the call to a number outside, by the routes of the centre,
// or to one agent by number. The call ends with that talk unless Next says where the
// caller goes on who is there still; Else is where the flow goes on when nobody
// answers.
type TransferNode struct {
	// Number is digits, perhaps behind a "+"; a caller never says which.
	Number string `json:"number,omitempty" yaml:"number"`
	// Agent is the variable that has the agent's number. It takes the rule that
	// lets agents be asked for by name (transfers.agents).
	Agent string `json:"agent,omitempty" yaml:"agent"`
	// Timeout is how long it may ring on each way, 5 s to 2 min, 0 means 30 s.
	Timeout time.Duration `json:"timeout,omitempty" yaml:"timeout"`
	Next    string        `json:"next,omitempty" yaml:"next"`
	Else    string        `json:"else" yaml:"else"`
}

// DefaultTransferTimeout is how long a transfer rings that does not say.
const DefaultTransferTimeout = 30 * time.Second

var dialledForm = regexp.MustCompile(`^\+?[0-9]{3,20}$`)

// Names says that the node keeps the caller: the talk is the end of the flow, or as
// long as the two want.
func (n *TransferNode) Names() Names {
	names := Names{Exits: []Exit{{Name: "else", To: n.Else}}, Reads: []string{n.Agent}, Keeps: true}
	if n.Next != "" {
		names.Exits = append(names.Exits, Exit{Name: "next", To: n.Next})
	}
	return names
}

// after goes on when nobody has taken the call, or when the talk is over.
func (n *TransferNode) after(s *Session, o Outcome) (string, bool) {
	switch {
	case o != OutcomeTalked:
		return n.Else, true
	case n.Next == "":
		return s.hangup(Hangup{})
	}
	return n.Next, true
}

func (n *TransferNode) check(c *checker) {
	c.span("timeout", n.Timeout, 5*time.Second, 2*time.Minute)
	switch {
	case (n.Number == "") == (n.Agent == ""):
		c.wrong("it is not said to whom, or twice", "write number: with digits, or agent: with a variable")
	case n.Number != "" && !dialledForm.MatchString(n.Number):
		c.wrong(fmt.Sprintf("number %q cannot be dialled", n.Number), "write 3 to 20 digits, perhaps behind a \"+\"")
	}
	c.comes(n.Agent)
}

// enter waits as in a line: without a limit of the flow's own, for the talk may
// last; the centre sees to the ringing.
func (n *TransferNode) enter(s *Session, _ *Node) (string, bool) {
	s.answer()
	s.s.Phase, s.s.Await, s.s.Due, s.s.Ahead = PhaseLine, s.mint(), 0, ""
	a := Transfer{Token: s.s.Await, Number: n.Number, Timeout: orElse(n.Timeout, DefaultTransferTimeout), Back: n.Next != ""}
	if n.Agent != "" {
		a.Agent = fact.AgentID(s.variable(n.Agent))
	}
	s.do(a)
	return "", false
}
