package routing

import (
	"errors"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

// Who grants what was seen a moment ago must not grant something else that the
// agent has asked for since.
func TestAnAnswerIsToWhatWasAsked(t *testing.T) {
	a := New()
	now := fact.Instant(1000)
	step := func(in Input) {
		t.Helper()
		if err := a.Check(in); err != nil {
			t.Fatal(err)
		}
		now++
		a.Step(now, in)
	}
	a.Step(now, Configure{Config: Config{Agents: []Agent{{ID: "1"}}, Pauses: []Pause{{ID: "leave", Approval: ApprovalAsk}, {ID: "training", Approval: ApprovalAsk}}}})
	step(SignIn{Agent: "1", Endpoint: "PJSIP/1", Ready: true})
	step(NotReady{Agent: "1", Reason: "leave"})
	step(NotReady{Agent: "1", Reason: "training"})
	stale := Decide{Agent: "1", Grant: true, By: "lee", Reason: "leave"}
	if err := a.Check(stale); !errors.Is(err, ErrRequest) || !strings.Contains(err.Error(), "training") {
		t.Errorf("leave granted to who asks for training: %v", err)
	}
	a.Step(now, stale)
	if ag, _ := a.Agent("1"); ag.State != ReadyState || ag.Request.Status != RequestPending {
		t.Errorf("%s, %+v", ag.State, ag.Request)
	}
	step(Decide{Agent: "1", Grant: true, By: "lee", Reason: "training"})
	if ag, _ := a.Agent("1"); ag.State != NotReadyIn || ag.Reason != "training" {
		t.Errorf("%s (%s)", ag.State, ag.Reason)
	}
}
