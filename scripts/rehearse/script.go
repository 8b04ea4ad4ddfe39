package rehearse

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

// Script is one file of scenarios for a flow.
type Script struct {
	// Flow is the flow's id: a shipped one, or one of File, which is named
	// relative to the scenario file and holds a flow or a whole centre.
	Flow fact.FlowID `yaml:"flow"`
	File string      `yaml:"file"`
	// Zone is where At of the scenarios is told, Asia/Shanghai when "".
	Zone string `yaml:"zone"`
	// Country is where callers' numbers are from that do not say, by its two
	// letters (ISO 3166); CN when "".
	Country string `yaml:"country"`
	// Hours are tables beside those of a centre.
	Hours     []calendar.Hours `yaml:"hours"`
	Scenarios []Scenario       `yaml:"scenarios"`

	file string
}

// Scenario is one call.
type Scenario struct {
	Name string `yaml:"name"`
	// Caller is the number, "" for a withheld one; Variables are what else the
	// flow knows when it begins, as caller_level.
	Caller    string            `yaml:"caller"`
	Variables map[string]string `yaml:"variables"`
	// At is the local time at which the call comes, "2026-03-05 14:30", which
	// also is what is meant by "". Open and Closed are tables of hours that are
	// so whatever the time.
	At     string   `yaml:"at"`
	Open   []string `yaml:"open"`
	Closed []string `yaml:"closed"`
	// Incidents go on, Festivals are today; Unasked says that the caller is not
	// to be asked for a rating.
	Incidents []string `yaml:"incidents"`
	Festivals []string `yaml:"festivals"`
	Unasked   bool     `yaml:"unasked"`
	// Prompt is how long a text or a file lasts; 0 means 300 ms a Chinese
	// character and 400 ms an English word, 3 s for a file.
	Prompt time.Duration `yaml:"prompt"`
	// Limit ends a call that goes on, 30 min when 0.
	Limit   time.Duration `yaml:"limit"`
	Steps   []Step        `yaml:"steps"`
	Answers []Answer      `yaml:"answers"`
	Expect  Expect        `yaml:"expect"`

	line int
}

// Step is one thing that the caller does, or that happens: exactly one of Keys,
// Silence, Speak, Clock and HangUp. Steps follow each other.
type Step struct {
	// At is since the call began, After since the step before, or since the
	// node was entered when Node is given. Without both it is a second after
	// the flow has fallen silent and waits for the caller, or has put the caller
	// in line; a clock is put at once.
	At    *time.Duration `yaml:"at"`
	After *time.Duration `yaml:"after"`
	// Node is where the flow must be.
	Node string `yaml:"node"`

	// Keys are pressed Every 300 ms, unless it says otherwise.
	Keys  string        `yaml:"keys"`
	Every time.Duration `yaml:"every"`
	// Silence is for how long the caller does nothing.
	Silence time.Duration `yaml:"silence"`
	// Speak is for how long the caller speaks.
	Speak time.Duration `yaml:"speak"`
	// Clock puts the wall clock at a local time, "2026-03-05 18:00".
	Clock  string `yaml:"clock"`
	HangUp bool   `yaml:"hang_up"`

	line int
}

// Answer is what comes of something that the flow asks for. It is for the next
// of what it names, and the last one for all that follow. Without one, deeds,
// promises and messages come off at once, and nobody comes to a line.
type Answer struct {
	// Node, Queue and Verb say what it is for; those that are "" fit all.
	Node  string       `yaml:"node"`
	Queue fact.QueueID `yaml:"queue"`
	Verb  flow.Verb    `yaml:"verb"`

	// After is how long it takes.
	After time.Duration `yaml:"after"`
	// Agent answers the line after After and talks for Talk, 1 min when 0;
	// Outcome is what comes of it without an agent.
	Agent   fact.AgentID  `yaml:"agent"`
	Talk    time.Duration `yaml:"talk"`
	Outcome flow.Outcome  `yaml:"outcome"`
	// Values are what a look-up has for its results, in their order.
	Values []string `yaml:"values"`
	// Position and Wait are what is known of the place in line meanwhile.
	Position int           `yaml:"position"`
	Wait     time.Duration `yaml:"wait"`

	line int
}

// Expect is what must have come of the call; what is left out is not looked at.
type Expect struct {
	// Hears are parts of what is heard, in this order, others between them;
	// Never are parts of what must not be heard.
	Hears []string `yaml:"hears"`
	Never []string `yaml:"never"`
	// Does are parts of what the flow asks for, in this order: "line sales".
	Does []string `yaml:"does"`
	// Path are the nodes in their order, "…" for any number of them.
	Path []string `yaml:"path"`
	// Variables are those of the end; "" for one that must not be set.
	Variables map[string]string `yaml:"variables"`
	// Ends is who ends the call: EndFlow, EndCaller, or EndLimit. Cause is
	// Q.850 of the flow's hang-up; By is when it is over at the latest, Since
	// the beginning.
	Ends  string        `yaml:"ends"`
	Cause int           `yaml:"cause"`
	By    time.Duration `yaml:"by"`
}

// Who ends a call.
const (
	EndFlow   = "flow"
	EndCaller = "caller"
	EndLimit  = "limit" // it goes on
)

// What holds where a scenario says nothing else.
const (
	DefaultZone = "Asia/Shanghai"

	DefaultCountry = "CN"

	DefaultAt    = "2026-03-05 14:30"
	DefaultLimit = 30 * time.Minute
	DefaultEvery = 300 * time.Millisecond
	DefaultTalk  = time.Minute

	thinking = time.Second // before a caller presses what was asked for
)

// Bounds of a script.
const (
	MaxScenarios = 200
	MaxSteps     = 200
	MaxLimit     = 24 * time.Hour
	maxEntries   = 2000 // of one transcript
)

// Parse reads a file of scenarios from YAML or JSON and checks it but for what
// the flow has. The error is a *strict.Errors.
func Parse(name string, src []byte) (*Script, error) {
	s := &Script{file: name}
	if err := strict.Decode(name, src, s); err != nil {
		return nil, err
	}
	if problems := s.check(); len(problems) > 0 {
		return nil, &strict.Errors{Problems: problems[:min(len(problems), strict.MaxProblems)]}
	}
	return s, nil
}

// SetPosition takes the line where it was written (strict.Positioned).
func (s *Scenario) SetPosition(_ string, line, _ int) { s.line = line }

// SetPosition takes the line where it was written (strict.Positioned).
func (s *Step) SetPosition(_ string, line, _ int) { s.line = line }

// SetPosition takes the line where it was written (strict.Positioned).
func (a *Answer) SetPosition(_ string, line, _ int) { a.line = line }

func (s *Script) zone() string {
	if s.Zone == "" {
		return DefaultZone
	}
	return s.Zone
}

func (s *Script) country() string {
	if s.Country == "" {
		return DefaultCountry
	}
	return s.Country
}

// check says what is wrong with a script by itself.
func (s *Script) check() []strict.Problem {
	var all []strict.Problem
	wrong := func(line int, field, what, remedy string) {
		all = append(all, strict.Problem{File: s.file, Line: line, Field: field, What: what, Remedy: remedy})
	}
	if s.Flow == "" && s.File == "" {
		wrong(1, "flow", "it says of no flow", "write flow: with a shipped one, or file: with where it is")
	}
	if len(s.Scenarios) == 0 || len(s.Scenarios) > MaxScenarios {
		wrong(1, "scenarios", fmt.Sprintf("there are %d", len(s.Scenarios)), fmt.Sprintf("write 1 to %d", MaxScenarios))
	}
	if _, err := calendar.Moment(s.zone(), DefaultAt); err != nil {
		wrong(1, "zone", fmt.Sprintf("%q is no time zone", s.Zone), "write an IANA zone, such as Asia/Shanghai")
		return all
	}
	var names []string
	for i := range s.Scenarios {
		c := &s.Scenarios[i]
		field := fmt.Sprintf("scenarios[%d]", i)
		if c.Name == "" || slices.Contains(names, c.Name) {
			wrong(c.line, field+".name", fmt.Sprintf("%q is empty or comes twice", c.Name), "give each a name of its own")
		}
		names = append(names, c.Name)
		if c.At != "" {
			if _, err := calendar.Moment(s.zone(), c.At); err != nil {
				wrong(c.line, field+".at", fmt.Sprintf("%q is no time", c.At), "write it as 2026-03-05 14:30")
			}
		}
		if c.Limit < 0 || c.Limit > MaxLimit {
			wrong(c.line, field+".limit", fmt.Sprintf("%s is too long", c.Limit), "write up to 24h")
		}
		if len(c.Steps) > MaxSteps {
			wrong(c.line, field+".steps", fmt.Sprintf("there are %d", len(c.Steps)), fmt.Sprintf("write up to %d", MaxSteps))
		}
		for j := range c.Steps {
			c.Steps[j].check(s.zone(), fmt.Sprintf("%s.steps[%d]", field, j), wrong)
		}
		switch c.Expect.Ends {
		case "", EndFlow, EndCaller, EndLimit:
		default:
			wrong(c.line, field+".expect.ends", fmt.Sprintf("there is no end %q", c.Expect.Ends), "write flow, caller or limit")
		}
	}
	return all
}

func (s *Step) check(zone, field string, wrong func(line int, field, what, remedy string)) {
	kinds := 0
	for _, is := range []bool{s.Keys != "", s.Silence > 0, s.Speak > 0, s.Clock != "", s.HangUp} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		wrong(s.line, field, fmt.Sprintf("it is %d things", kinds), "write exactly one of keys, silence, speak, clock, hang_up")
	}
	if s.At != nil && (s.After != nil || s.Node != "") {
		wrong(s.line, field, "it has two times", "write at by itself, or after and node")
	}
	if i := strings.IndexFunc(s.Keys, func(r rune) bool { return !strings.ContainsRune(flow.Keys, r) }); i >= 0 {
		wrong(s.line, field+".keys", fmt.Sprintf("%q are on no phone", s.Keys), "write 0-9, *, #, A-D")
	}
	if len(s.Keys) > MaxSteps {
		wrong(s.line, field+".keys", fmt.Sprintf("there are %d", len(s.Keys)), fmt.Sprintf("write up to %d", MaxSteps))
	}
	if s.Every != 0 && s.Keys == "" {
		wrong(s.line, field+".every", "it belongs to keys", "write keys, or leave it out")
	}
	if s.Clock != "" {
		if _, err := calendar.Moment(zone, s.Clock); err != nil {
			wrong(s.line, field+".clock", fmt.Sprintf("%q is no time", s.Clock), "write it as 2026-03-05 14:30")
		}
	}
}

// Needs says that the flow asks for hours that are neither among the tables nor
// forced by every scenario. The error is a *strict.Errors.
func (s *Script) Needs(f *flow.Flow, tables map[string]*calendar.Table) error {
	var problems []strict.Problem
	for i := range f.Nodes {
		id := f.Nodes[i].Names().Hours
		if id == "" || tables[id] != nil || slices.ContainsFunc(s.Hours, func(h calendar.Hours) bool { return h.ID == id }) {
			continue
		}
		for j := range s.Scenarios {
			if c := &s.Scenarios[j]; !slices.Contains(c.Open, id) && !slices.Contains(c.Closed, id) {
				problems = append(problems, strict.Problem{File: s.file, Line: c.line, Field: fmt.Sprintf("scenarios[%d]", j),
					What: fmt.Sprintf("the flow asks for hours %q, which are not there", id), Remedy: "write them under hours:, or name them in open or closed"})
			}
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return &strict.Errors{Problems: problems[:min(len(problems), strict.MaxProblems)]}
}
