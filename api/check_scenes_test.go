package api

import (
	"slices"
	"strings"
	"testing"
)

const stagedDocument = `
zone: Asia/Shanghai
phrases: {profile: cm10086}
queues: [{id: sales}]
numbers: [{number: "100", flow: f}]
flows:
  - id: f
    nodes:
      - id: silent
        scene: {key: silent_call, holds: [policy_question], with: {phone: {from: caller_number}}, next: abuse, else: abuse}
      - id: abuse
        scene: {key: abuse, next: later, else: later}
      - id: later
        scene: {key: harassment, queue: sales, next: end, else: end}
      - {id: end, hangup: {}}
`

// What a flow's scene names is there, in one profile at least.
func TestScenesOfFlowsAreChecked(t *testing.T) {
	noticed(t, stagedDocument, []slip{
		{"key: silent_call", "key: silent_cal", `no profile has a scene "silent_cal"`},
		{"policy_question", "policy", `there is no condition "policy"`},
		{"{phone:", "{fone:", `no phrase has a variable "fone"`},
		{"queue: sales", "queue: sails", `queue "sails" is not there`},
	})
}

// What callers will not hear of a scene is told when the document is applied.
func TestWhatAFlowsSceneLeavesOut(t *testing.T) {
	d, err := ParseDocument("x", []byte(stagedDocument))
	if err != nil {
		t.Fatal(err)
	}
	odd, err := OddScenes(d.Flows, d.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range odd {
		got = append(got, p.Field+": "+p.What)
	}
	want := []string{
		"f.silent: silent_call.opening is passed by unless the list of numbers has {city}, {agent_name}, {customer_name}",
		"f.abuse: the caller hears nothing of the scene, and goes on at else: ",
	}
	if len(got) != len(want) || !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("odd is %q, want %q", got, want)
	}
}
