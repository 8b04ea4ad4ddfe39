package norms

import (
	"slices"
	"strings"
)

// Mode is what is done about a rule. Each does what those before it do.
type Mode string

// The modes, from nothing to everything.
const (
	Off     Mode = "off"
	Measure Mode = "measure" // counted, on the board of what is broken, and told as an event
	Warn    Mode = "warn"    // and agents and leaders are told
	Enforce Mode = "enforce" // and what the rule asks for is done
)

// Modes are all modes, the mildest first.
var Modes = []Mode{Off, Measure, Warn, Enforce}

// covers says whether a mode does what another does.
func (m Mode) covers(other Mode) bool { return slices.Index(Modes, m) >= slices.Index(Modes, other) }

// Status says how far huawu keeps a rule.
type Status string

// The statuses. What is enforced or measured names a test that shows it.
const (
	Enforced Status = "enforced" // kept on live calls
	Measured Status = "measured" // its breaches are found, counted and told
	Waits    Status = "waits"    // for the room that Rule.Waits names
)

// Role is who answers for a rule.
type Role string

// The roles.
const (
	RoleAgent   Role = "agent"
	RoleLeader  Role = "leader"  // 班长
	RoleManager Role = "manager" // of the centre
	RolePlanner Role = "planner" // of shifts
	RoleQuality Role = "quality" // 质检员
	RoleIT      Role = "it"
)

// Rule is one rule of SPEC part C.
type Rule struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Chinese is the title in Chinese.
	Chinese string `json:"title_zh"`
	// Source is where the seed says so, by its part and its line.
	Source string  `json:"source"`
	Values []Value `json:"values,omitempty"`
	// Mode is the default one, Profiles are where a tenant that speaks by a
	// profile of the phrases has another.
	Mode     Mode          `json:"mode"`
	Profiles []ProfileMode `json:"profiles,omitempty"`
	Role     Role          `json:"role"`
	Status   Status        `json:"status"`
	// Waits is the room that a rule waits for; Test is the test that shows that
	// it is kept; By is who keeps it if this room only counts it.
	Waits string `json:"waits,omitempty"`
	Test  string `json:"test,omitempty"`
	By    string `json:"by,omitempty"`
}

// steers says whether this room keeps the rule: whether its mode makes a
// difference. What another room keeps it does by each.
func (r *Rule) steers() bool { return waking[places[r.ID]] != nil }

// idle says whether nothing goes by a value of the rule.
func (r *Rule) idle(v *Value) bool { return v.Where == "" && (v.Idle || !r.steers()) }

// ProfileMode is a rule's default for those who speak by a profile of the
// phrases: its mode, "" for the rule's, and values by name.
type ProfileMode struct {
	Profile string             `json:"profile"`
	Mode    Mode               `json:"mode,omitempty"`
	Values  map[string]Written `json:"values,omitempty"`
}

// Chapter is the part of the id that names it: "ANS" of RUL-ANS-1.
func (r *Rule) Chapter() string {
	_, rest, _ := strings.Cut(r.ID, "-")
	chapter, _, _ := strings.Cut(rest, "-")
	return chapter
}

// value is where a value lies in Values, -1 for nowhere.
func (r *Rule) value(name string) int {
	return slices.IndexFunc(r.Values, func(v Value) bool { return v.Name == name })
}

// Rules are all rules, in the order of the SPEC. The caller must not change them.
var Rules = slices.Concat(
	answeringRules, outboundRules, waitingRules, hearingRules, endingRules, promiseRules, transferRules, shiftRules, speechRules, recordRules,
)

// places is where each rule lies in Rules.
var places = func() map[string]place {
	all := make(map[string]place, len(Rules))
	for i, r := range Rules {
		all[r.ID] = place(i)
	}
	return all
}()

// Find is the rule with an id, nil for none.
func Find(id string) *Rule {
	if i, ok := places[id]; ok {
		return &Rules[i]
	}
	return nil
}
