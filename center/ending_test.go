package center

import (
	"errors"
	"testing"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
)

// Where the norms enforce it, an agent is led through the question whether there
// is anything else before the talk, or the parting words, may come.
func TestTheQuestionComesBeforeTheEnd(t *testing.T) {
	d := newDesk(t, speaking("gov12345", rule("RUL-END-4", norms.Enforce)))
	_, agent, id := d.talks("13800138000")
	if err := d.try(StartScene{Call: id, Scene: "closing"}); !errors.Is(err, ErrDenied) {
		t.Fatalf("the parting words come first: %v", err)
	}
	if v := d.c.View().Calls[0].Scene; v == nil || v.Scene != "pre_closing" || v.By != byNorms {
		t.Fatalf("the agent is led through %+v", v)
	}
	if err := d.try(EndTalk{Call: id}); !errors.Is(err, ErrDenied) {
		t.Errorf("%v", err)
	}
	d.ask(NextStep{Call: id})
	if err := d.try(EndTalk{Call: id}); !errors.Is(err, ErrDenied) {
		t.Errorf("without waiting for the answer: %v", err)
	}
	if past := d.tick(); past != 2*time.Second {
		t.Errorf("waits %v", past)
	}
	d.ask(StartScene{Call: id, Scene: "closing"})
	d.ask(StopScene{Call: id})
	d.ask(EndTalk{Call: id})
	if !d.told(fact.CallParted) || d.c.of(agent).call.Phase == call.InTalk {
		t.Error("the talk goes on")
	}

	// Whom a scene excuses may end the talk of a caller who does not answer any more.
	d = newDesk(t, speaking("gov12345", rule("RUL-END-4", norms.Enforce)))
	_, agent, id = d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "noise"})
	for range 3 {
		d.ask(NextStep{Call: id})
	}
	d.tick()
	if got := d.c.of(agent).call.Excuse; got != "noise" {
		t.Fatalf("excused by %q", got)
	}
	d.ask(EndTalk{Call: id})
	if d.c.of(agent).call.Phase == call.InTalk {
		t.Error("an excused agent is kept in the talk")
	}

	// Nobody is kept from ending a talk whose profile has no words for it.
	d = newDesk(t, speaking("cable", rule("RUL-END-4", norms.Enforce)))
	_, _, id = d.talks("13800138000")
	d.ask(EndTalk{Call: id})
	d = newDesk(t, speaking("gov12345", rule("RUL-END-4", norms.Warn)))
	_, _, id = d.talks("13800138000")
	d.ask(EndTalk{Call: id})
}
