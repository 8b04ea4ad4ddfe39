package flow

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/strict"
)

// DefaultLanguage is spoken where a flow names none.
const DefaultLanguage = "zh"

// What holds where a flow says nothing else.
const (
	DefaultTimeout   = 5 * time.Second // silence before a first key
	DefaultBetween   = 3 * time.Second // silence between two digits
	DefaultRetries   = 2               // SPEC IVR-3
	DefaultPlayLimit = 5 * time.Minute // the longest a play may last
	DefaultEnter     = "#"             // ends what is gathered
)

// DoLimit is the lease of Do: without an answer by then it counts as denied.
const DoLimit = 30 * time.Second

// Bounds of a flow and of a session.
const (
	MaxNodes   = 1000
	MaxPrompts = 32  // in one list
	MaxText    = 500 // characters of one prompt
	MaxDigits  = 32  // gathered at once, or typed ahead
	MaxRetries = 10
	MaxEntries = 100 // nodes entered within EntriesSpan
)

// EntriesSpan is the time in which a session may enter MaxEntries nodes. Check
// finds loops without a wait; this ends those whose waits end at once, such as
// plays without audio.
const EntriesSpan = time.Second

// Flow is one declarative script (SPEC IVR-1). It is not changed once it is
// checked; many sessions share one.
type Flow struct {
	ID fact.FlowID `json:"id" yaml:"id"`
	// Language is what prompts are spoken in unless they name their own:
	// "zh", the default, or "en".
	Language string `json:"language,omitempty" yaml:"language"`
	// Begin is the node to begin at, "" for the first one.
	Begin string `json:"begin,omitempty" yaml:"begin"`
	// PlayLimit is when a play that does not end is given up: 1 s to 1 h, 0
	// means 5 min.
	PlayLimit time.Duration `json:"play_limit,omitempty" yaml:"play_limit"`
	// Keys hold wherever something is asked that does not take them itself.
	Keys  []FlowKey `json:"keys,omitempty" yaml:"keys"`
	Nodes []Node    `json:"nodes" yaml:"nodes"`

	// Scene is what a flow has that was compiled of a scene, nil for one that
	// somebody wrote.
	Scene *Scene `json:"scene,omitempty" yaml:"-"`

	// File and Line say where the flow was written, for Check.
	File string `json:"file,omitempty" yaml:"-"`
	Line int    `json:"line,omitempty" yaml:"-"`

	compiled bool                  // its conditions are
	open     []open                // once they are
	linked   map[fact.FlowID]*Flow // of the same version; nil before Link
	family   []*Flow               // those that a call may be in, too; nil before Link
}

// Node is one step of a flow: an id and exactly one of the kinds.
type Node struct {
	ID      string       `json:"id" yaml:"id"`
	Play    *PlayNode    `json:"play,omitempty" yaml:"play"`
	Menu    *MenuNode    `json:"menu,omitempty" yaml:"menu"`
	Gather  *GatherNode  `json:"gather,omitempty" yaml:"gather"`
	Hours   *HoursNode   `json:"hours,omitempty" yaml:"hours"`
	Match   *MatchNode   `json:"match,omitempty" yaml:"match"`
	Enqueue *EnqueueNode `json:"enqueue,omitempty" yaml:"enqueue"`
	Do      *DoNode      `json:"do,omitempty" yaml:"do"`
	Hangup  *HangupNode  `json:"hangup,omitempty" yaml:"hangup"`
	// Callback promises the caller a call back, Message takes a message.
	Callback *CallbackNode `json:"callback,omitempty" yaml:"callback"`
	Message  *MessageNode  `json:"message,omitempty" yaml:"message"`
	Survey   *SurveyNode   `json:"survey,omitempty" yaml:"survey"`
	// Branch goes by conditions, Set sets variables.
	Branch *BranchNode `json:"branch,omitempty" yaml:"branch"`
	Set    *SetNode    `json:"set,omitempty" yaml:"set"`
	Lookup *LookupNode `json:"lookup,omitempty" yaml:"lookup"`
	// Transfer gives the call away.
	Transfer *TransferNode `json:"transfer,omitempty" yaml:"transfer"`
	// Subflow goes through another flow, Return comes back from one.
	Subflow *SubflowNode `json:"subflow,omitempty" yaml:"subflow"`
	Return  *ReturnNode  `json:"return,omitempty" yaml:"return"`
	// Calendar goes by days and incidents, Language chooses one.
	Calendar *CalendarNode `json:"calendar,omitempty" yaml:"calendar"`
	Language *LanguageNode `json:"language,omitempty" yaml:"language"`
	// ThreeWay is a line whose talk a third one comes into.
	ThreeWay *ThreeWayNode `json:"three_way,omitempty" yaml:"three_way"`
	// Scene goes through standard phrases.
	Scene *SceneNode `json:"scene,omitempty" yaml:"scene"`

	// Line is where the node was written.
	Line int `json:"line,omitempty" yaml:"-"`
}

// PlayNode lets the caller hear prompts and goes on.
type PlayNode struct {
	Prompts []Prompt `json:"prompts" yaml:"prompts"`
	// BargeIn lets a key stop the prompts; nil means true. The key is kept
	// for the next menu or gather.
	BargeIn *bool  `json:"barge_in,omitempty" yaml:"barge_in"`
	Next    string `json:"next" yaml:"next"`
}

// MenuNode waits for one key and goes on by it.
type MenuNode struct {
	Ask `yaml:",inline"`
	// Variable takes the value of the key that was chosen, "" for none.
	Variable string   `json:"variable,omitempty" yaml:"variable"`
	Keys     []Choice `json:"keys" yaml:"keys"`
}

// Choice is one key of a menu.
type Choice struct {
	// Key is one of 0-9 * # A-D.
	Key  string `json:"key" yaml:"key"`
	Next string `json:"next" yaml:"next"`
	// Value is what the menu's variable becomes, "" for the key itself.
	Value string `json:"value,omitempty" yaml:"value"`
}

// GatherNode waits for digits and keeps them in a variable. A "*" begins the
// digits again, unless it is the terminator.
type GatherNode struct {
	Ask      `yaml:",inline"`
	Variable string `json:"variable" yaml:"variable"`
	// Is says what the digits must be: one of IsDigits, also meant by "", and
	// the like.
	Is string `json:"is,omitempty" yaml:"is"`
	// Min and Max are how many digits: 1 to 32. Zeros mean what is usual for
	// Is, and 1 for the Min of digits.
	Min int `json:"min,omitempty" yaml:"min"`
	Max int `json:"max,omitempty" yaml:"max"`
	// Confirm has the caller say whether they are right, nil for no such
	// question.
	Confirm *Confirm `json:"confirm,omitempty" yaml:"confirm"`
	// Terminator is the key that ends the digits: "#", the default, "*" or
	// "none". One that follows the last possible digit is swallowed.
	Terminator string `json:"terminator,omitempty" yaml:"terminator"`
	// Between is the silence after a digit that ends them: 500 ms to 60 s, 0
	// means 3 s.
	Between time.Duration `json:"between,omitempty" yaml:"between"`
	// Sensitive digits are not shown in records and logs, and are forgotten
	// after the deed that they were for.
	Sensitive bool   `json:"sensitive,omitempty" yaml:"sensitive"`
	Next      string `json:"next" yaml:"next"`
}

// Ask is what menu and gather share.
type Ask struct {
	Prompts []Prompt `json:"prompts,omitempty" yaml:"prompts"`
	// Invalid and NoInput are heard before the prompts come again.
	Invalid []Prompt `json:"invalid,omitempty" yaml:"invalid"`
	NoInput []Prompt `json:"no_input,omitempty" yaml:"no_input"`
	// Timeout is the silence after the prompts: 1 s to 60 s, 0 means 5 s.
	Timeout time.Duration `json:"timeout,omitempty" yaml:"timeout"`
	// Retries is how often the caller is asked again, wrong keys and silence
	// counted together: 0 to 10, nil means 2.
	Retries *int `json:"retries,omitempty" yaml:"retries"`
	// BargeIn lets a key stop the prompts; nil means true. Where it is false
	// the keys are kept until the prompts are over.
	BargeIn *bool `json:"barge_in,omitempty" yaml:"barge_in"`
	// TypeAhead lets keys count that were pressed before the node was
	// entered; nil means true.
	TypeAhead *bool `json:"type_ahead,omitempty" yaml:"type_ahead"`
	// Else is where the flow goes on when the retries are used up.
	Else string `json:"else" yaml:"else"`
}

// HoursNode goes on by a table of hours.
type HoursNode struct {
	Table  string `json:"table" yaml:"table"`
	Open   string `json:"open" yaml:"open"`
	Closed string `json:"closed" yaml:"closed"`
}

// MatchNode goes on by the value of a variable. The first case that equals it
// counts; a variable that nobody set is "".
type MatchNode struct {
	Variable string `json:"variable" yaml:"variable"`
	Cases    []Case `json:"cases" yaml:"cases"`
	Else     string `json:"else" yaml:"else"`
}

// Case is one value of a match.
type Case struct {
	Equals string `json:"equals" yaml:"equals"`
	// AtLeast counts in the place of Equals, for a variable that is a number.
	AtLeast *int   `json:"at_least,omitempty" yaml:"at_least"`
	Next    string `json:"next" yaml:"next"`
}

// EnqueueNode puts the caller in line. Next is where the flow goes on after a
// talk that the agent ended, Else after leaving the line without one.
type EnqueueNode struct {
	Queue fact.QueueID `json:"queue" yaml:"queue"`
	// Needs is a requirement as routing reads it, "" for none.
	Needs    string `json:"needs,omitempty" yaml:"needs"`
	Priority int    `json:"priority,omitempty" yaml:"priority"`
	Next     string `json:"next" yaml:"next"`
	Else     string `json:"else" yaml:"else"`
	// Prefer is the variable that has the agent to wait a while for, Named
	// says that the caller has asked for that agent, Level is the variable
	// that has the caller's rank.
	Prefer string `json:"prefer,omitempty" yaml:"prefer"`
	Named  bool   `json:"named,omitempty" yaml:"named"`
	Level  string `json:"level,omitempty" yaml:"level"`
	// Rules change needs and priority by who calls: the first that fits.
	Rules []Rule `json:"rules,omitempty" yaml:"rules"`
	// Branches say where the flow goes on instead of at Else.
	Branches []Branch `json:"branches,omitempty" yaml:"branches"`
	// Keys let the caller leave the line, Announce says what is heard in it.
	Keys     []Choice  `json:"keys,omitempty" yaml:"keys"`
	Announce *Announce `json:"announce,omitempty" yaml:"announce"`
}

// DoNode asks for a deed outside the flow.
type DoNode struct {
	Verb Verb    `json:"verb" yaml:"verb"`
	Args []DoArg `json:"args,omitempty" yaml:"args"`
	OK   string  `json:"ok" yaml:"ok"`
	// Pending is where the flow goes on when somebody must grant the deed
	// first, "" for OK.
	Pending string `json:"pending,omitempty" yaml:"pending"`
	// Denied is where the flow goes on when the deed was refused.
	Denied string `json:"denied" yaml:"denied"`
	// Attempts bounds how often one session may be refused here: the last
	// one goes on at Else. 0 means no bound and no Else.
	Attempts int    `json:"attempts,omitempty" yaml:"attempts"`
	Else     string `json:"else,omitempty" yaml:"else"`
}

// DoArg is one argument of a deed: a variable or a value. Written as a bare
// word it is the variable of that name.
type DoArg struct {
	Name  string `json:"name" yaml:"name"`
	From  string `json:"from,omitempty" yaml:"from"`
	Value string `json:"value,omitempty" yaml:"value"`
}

// HangupNode ends the call.
type HangupNode struct {
	// Cause is Q.850, 1 to 127; 0 means 16, normal clearing.
	Cause int `json:"cause,omitempty" yaml:"cause"`
}

// Parse reads one flow from YAML or JSON. The error is a *strict.Errors; the
// flow must still be checked.
func Parse(name string, src []byte) (*Flow, error) {
	f := new(Flow)
	if err := strict.Decode(name, src, f); err != nil {
		return nil, err
	}
	return f, nil
}

// SetPosition takes the place where the flow was written (strict.Positioned).
func (f *Flow) SetPosition(file string, line, _ int) { f.File, f.Line = file, line }

// SetPosition takes the line where the node was written (strict.Positioned).
func (n *Node) SetPosition(_ string, line, _ int) { n.Line = line }

// SetScalar reads a bare text as a prompt to be spoken (strict.Shorthand).
func (p *Prompt) SetScalar(text string) error {
	*p = Prompt{Text: text}
	return nil
}

// SetScalar reads a bare word as the variable of that name (strict.Shorthand).
func (a *DoArg) SetScalar(name string) error {
	*a = DoArg{Name: name, From: name}
	return nil
}

// Key names what is heard: prompts with equal keys sound alike. It is stable
// across releases, for tables of audio files are kept by it.
func (p Prompt) Key() string {
	switch {
	case p.File != "":
		return "file/" + p.Language + "/" + p.File
	case p.Text != "":
		return "text/" + p.Language + "/" + p.Text
	case p.Sound != "":
		return "sound/" + p.Language + "/" + p.Sound
	case p.Phrase != "":
		return p.phraseKey()
	case p.Take:
		return "take"
	}
	return "silence/" + strconv.Itoa(p.Silence)
}

// Prompts are all prompts of the flow that need an audio file, File, Text and
// Phrase, each once, with its language, in the order of the nodes.
func (f *Flow) Prompts() []Prompt {
	var all []Prompt
	seen := make(map[string]bool)
	for _, language := range f.languages() {
		for i := range f.Nodes {
			names := f.Nodes[i].Names()
			for _, list := range append(names.Prompts, sentences(names, language)...) {
				for _, said := range f.spoken(&f.Nodes[i], language, list.Prompts) {
					for _, p := range said.spelled() {
						if key := p.Key(); (p.File != "" || p.Text != "" || p.Phrase != "") && !seen[key] {
							seen[key] = true
							all = append(all, p)
						}
					}
				}
			}
		}
	}
	return all
}

// spoken is a copy of a node's prompts as a caller hears them who is spoken to
// in a language, each with its own, and phrases with the queue that they are
// worded for.
func (f *Flow) spoken(n *Node, language string, lists ...[]Prompt) []Prompt {
	var all []Prompt
	for _, list := range lists {
		for _, p := range list {
			p = p.in(language, f.language())
			if line := n.Joins(); p.Phrase != "" && p.Queue == "" && line != nil {
				p.Queue = line.Queue
			}
			if p.Else != nil {
				p.Else = &f.spoken(n, language, []Prompt{*p.Else})[0]
			}
			all = append(all, p)
		}
	}
	return all
}

func (f *Flow) language() string {
	if f.Language == "" {
		return DefaultLanguage
	}
	return f.Language
}

func (f *Flow) playLimit() time.Duration { return orElse(f.PlayLimit, DefaultPlayLimit) }

func (f *Flow) begin() string {
	if f.Begin == "" && len(f.Nodes) > 0 {
		return f.Nodes[0].ID
	}
	return f.Begin
}

// node is the node of that id, nil for none.
func (f *Flow) node(id string) *Node {
	for i := range f.Nodes {
		if f.Nodes[i].ID == id {
			return &f.Nodes[i]
		}
	}
	return nil
}

// orElse is value, or otherwise if value is zero.
func orElse(value, otherwise time.Duration) time.Duration {
	if value == 0 {
		return otherwise
	}
	return value
}

// given is what p points at, or otherwise for nil.
func given[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
