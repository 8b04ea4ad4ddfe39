package center

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

const (
	// repeatWithin and agentWithin are the spans of CallerRules that say
	// nothing.
	repeatWithin = 24 * time.Hour
	agentWithin  = 7 * 24 * time.Hour
	// callerDeadline is how long a look-up of a caller may take; the greeting
	// is seldom shorter, and nobody waits for it.
	callerDeadline = 2 * time.Second
)

// CallerRules say what of a caller's earlier calls counts (SPEC ACD-8). They
// are looked up where Order.Repeat or a queue's PreferHold makes use of them.
type CallerRules struct {
	// Repeat is how old a call may be to count as an earlier one, 0 means
	// 24 h; Agent how old the last talk may be whose agent is preferred, 0
	// means 7 days.
	Repeat time.Duration `json:"repeat,omitempty" yaml:"repeat"`
	Agent  time.Duration `json:"agent,omitempty" yaml:"agent"`
	// Denied is the flow for callers whom the list of numbers denies; without
	// one nobody is denied. Strikes say when a denial is proposed.
	Denied  fact.FlowID `json:"denied,omitempty" yaml:"denied"`
	Strikes StrikeRules `json:"strikes,omitzero" yaml:"strikes"`
}

// CallerQuestion asks for a caller's history: calls that began at or after
// Since, and the agent of the last talk of a call that began at or after Talk,
// in wall-clock milliseconds of the epoch.
type CallerQuestion struct {
	Number string `json:"number"`
	Since  int64  `json:"since"`
	Talk   int64  `json:"talk"`
}

// CallerHistory is what is known of a caller by number.
type CallerHistory struct {
	// Calls is how many inbound calls there were, Agent who talked with the
	// caller last, "" for nobody.
	Calls int          `json:"calls,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
}

// usesHistory says whether a configuration makes use of earlier calls.
func usesHistory(cfg *Config) bool {
	if cfg.ACD.Order.Repeat > 0 {
		return true
	}
	for _, q := range cfg.ACD.Queues {
		if q.PreferHold > 0 {
			return true
		}
	}
	for _, f := range cfg.Flows {
		if f.Reads("caller_calls") || f.Reads("caller_agent") {
			return true
		}
	}
	return false
}

// recognise has it looked up what is known of who calls, while the call goes
// on.
func (c *Center) recognise(k *contact) {
	if !c.index.history || k.call.From.Number == "" {
		return
	}
	k.asked = string(k.call.ID) + "-caller"
	c.looks[k.asked] = k.call.ID
	c.lookUp(k)
}

// lookUp asks for a caller's history, also anew.
func (c *Center) lookUp(k *contact) {
	rules := c.cfg.Callers
	if rules.Repeat == 0 {
		rules.Repeat = repeatWithin
	}
	if rules.Agent == 0 {
		rules.Agent = agentWithin
	}
	began := k.call.Began.Wall()
	c.do(Look{Look: k.asked, Deadline: callerDeadline, Caller: &CallerQuestion{
		Number: k.call.From.Number, Since: began.Add(-rules.Repeat).UnixMilli(), Talk: began.Add(-rules.Agent).UnixMilli(),
	}})
}

// recognised keeps what is known of a caller for when the call comes into line.
func (c *Center) recognised(k *contact, in Looked) {
	k.asked, k.history = "", in.Caller
}

// remember gives a caller who comes into line the level listed, and what
// earlier calls are worth: credit, and the last agent where the queue holds
// callers for one. What the flow says goes first.
func (c *Center) remember(k *contact, in *routing.Join) {
	if e := c.listed(k, ListLevel); e != nil && in.Level == "" {
		in.Level = e.Level
	}
	h := k.history
	if h == nil {
		return
	}
	in.Repeat = h.Calls
	if in.Prefer == "" && c.index.queues[in.Queue].PreferHold > 0 {
		in.Prefer = h.Agent
	}
}

// callerVariables are what flows are told of who calls, besides the attributes
// of the list: "caller_" and an attribute's name.
var callerVariables = []string{"caller_number", "caller_class", "caller_level", "caller_language", "caller_calls", "caller_agent"}

// CallerClass is what flows are told that a number is in a country: one of
// flow.CallerClasses.
func CallerClass(country, number string) string {
	switch e164, _, mobile := Normalise(country, number); {
	case number == "":
		return flow.ClassWithheld
	case mobile:
		return flow.ClassMobile
	case e164 != "":
		return flow.ClassFixed
	}
	return flow.ClassOther
}

// caller is what a flow is told of who calls (SPEC CTI-2). Of earlier calls
// nothing is known before the look-up has answered.
func (c *Center) caller(k *contact) []flow.Arg {
	number := k.call.From.Number
	all := []flow.Arg{{Name: "caller_number", Value: number}, {Name: "caller_class", Value: CallerClass(c.cfg.Country, number)}}
	if h := k.history; h != nil {
		all = append(all, flow.Arg{Name: "caller_calls", Value: strconv.Itoa(h.Calls)}, flow.Arg{Name: "caller_agent", Value: string(h.Agent)})
	}
	if e := c.listed(k, ListLevel); e != nil {
		all = append(all, flow.Arg{Name: "caller_level", Value: e.Level}, flow.Arg{Name: "caller_language", Value: e.Language})
		for _, a := range e.Attributes {
			all = append(all, flow.Arg{Name: "caller_" + a.Name, Value: a.Value})
		}
	}
	return all
}
