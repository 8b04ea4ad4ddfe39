package flow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
)

// SceneNode has the system go through a scene of standard phrases with the
// caller, by itself: all that the scene says it says.
type SceneNode struct {
	// Key is the scene, such as "silent_call", as the tenant's profile has it, or
	// the one that Queue speaks by.
	Key   string       `json:"key" yaml:"key"`
	Queue fact.QueueID `json:"queue,omitempty" yaml:"queue"`
	// Holds are conditions that only somebody could tell, and that hold; With
	// fills phrases in.
	Holds []string         `json:"holds,omitempty" yaml:"holds"`
	With  map[string]Value `json:"with,omitempty" yaml:"with"`
	// Next is where the flow goes on behind the scene's end, Spoke when the
	// caller of one for callers who say nothing has said something or pressed a
	// key, "" for Next.
	Next  string `json:"next" yaml:"next"`
	Spoke string `json:"spoke,omitempty" yaml:"spoke"`
	// HungUp is where it goes on in the place of the scene's hang-up, "" to hang
	// up.
	HungUp string `json:"hung_up,omitempty" yaml:"hung_up"`
	// Else is where it goes on when nothing of the scene could be said.
	Else string `json:"else" yaml:"else"`
}

// SceneLimit is the lease of a scene in a flow: then nobody goes on with it.
const SceneLimit = 15 * time.Minute

// maxHolds is how many conditions a scene node may tell, and values it may have.
const maxHolds = 50

// Names says that the node does not wait: a scene of which nothing can be said is
// passed by.
func (n *SceneNode) Names() Names {
	names := Names{Exits: []Exit{{Name: "next", To: n.Next}, {Name: "else", To: n.Else}}, Queue: n.Queue}
	if n.Spoke != "" {
		names.Exits = append(names.Exits, Exit{Name: "spoke", To: n.Spoke, ByKey: true})
	}
	if n.HungUp != "" {
		names.Exits = append(names.Exits, Exit{Name: "hung_up", To: n.HungUp})
	}
	for _, id := range slices.Sorted(maps.Keys(n.With)) {
		names.Reads = append(names.Reads, n.With[id].From)
	}
	return names
}

func (n *SceneNode) check(c *checker) {
	if len(n.Holds) > maxHolds || len(n.With) > maxHolds {
		c.wrong("the scene is told more than it can go by", fmt.Sprintf("write up to %d", maxHolds))
	}
	for _, id := range slices.Sorted(maps.Keys(n.With)) {
		if v := n.With[id]; (v.From == "") == (v.Value == "") {
			c.wrong(fmt.Sprintf("%s must have a variable or a value", id), "write the value, or {from: …} with a variable")
		}
		c.comes(n.With[id].From)
	}
	switch {
	case n.Key == "":
		c.wrong("no scene is named", "write key: with one, such as silent_call")
	case c.refs.Scene != nil:
		if err := c.refs.Scene(n); err != nil {
			what, remedy, _ := strings.Cut(err.Error(), "; ")
			c.wrong(what, remedy)
		}
	}
}

func (n *SceneNode) enter(s *Session, _ *Node) (string, bool) {
	s.answer()
	s.s.Phase, s.s.Await, s.s.Due = PhaseScene, s.mint(), s.now.At.Add(SceneLimit)
	a := PlayScene{Token: s.s.Await, Key: n.Key, Queue: n.Queue, Language: textual(s.language()), Holds: n.Holds}
	for _, id := range slices.Sorted(maps.Keys(n.With)) {
		arg := Arg{Name: id, Value: n.With[id].Value}
		if from := n.With[id].From; from != "" {
			arg.Value = s.variable(from)
		}
		if arg.Value != "" {
			a.With = append(a.With, arg)
		}
	}
	s.do(a)
	return "", false
}

// after is where the flow goes on by what came of the scene.
func (n *SceneNode) after(s *Session, o Outcome) (string, bool) {
	switch {
	case o == OutcomeDone || o == OutcomeSpoke && n.Spoke == "":
		return n.Next, true
	case o == OutcomeSpoke:
		return n.Spoke, true
	case o == OutcomeHungUp && n.HungUp == "":
		return s.hangup(Hangup{})
	case o == OutcomeHungUp:
		return n.HungUp, true
	}
	return n.Else, true
}

// alonePause is the pause before a phrase is said once more by nobody's word: the
// norms have the agent wait for what the caller does (AMB-15 takes 3 s).
const alonePause = 3 * time.Second

// Alone makes the scene one that nobody ticks off: before a phrase is said once
// more there is a pause, where the scene has none.
func (s *Scene) Alone() {
	var cues []Cue
	for i, q := range s.Cues {
		if q.Again > 0 && i > 0 && len(s.Cues[i-1].Say) > 0 {
			cues = append(cues, Cue{ID: q.ID + ".pause", Step: q.Step, Wait: alonePause})
		}
		cues = append(cues, q)
	}
	s.Cues = cues
	s.link()
}

// link has each cue lead to the next one.
func (s *Scene) link() {
	for i := range s.Cues[:max(len(s.Cues)-1, 0)] {
		s.Cues[i].Next = s.Cues[i+1].ID
	}
}
