//go:build asterisk

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/tone"
)

// codes gives the phones the feature codes that huawu ships.
func codes(d *api.Document) {
	d.Codes = []center.FeatureCode{
		{Code: "*10", Flow: "agent-sign-out"}, {Code: "*11", Flow: "agent-sign-in"},
		{Code: "*12", Flow: "agent-ready"}, {Code: "*13", Flow: "agent-not-ready"},
	}
}

// at waits until the call of a phone is at a node of its flow.
func (h *house) at(p *phone.Phone, node string) {
	h.t.Helper()
	h.until(p.User()+" to be at "+node, func() bool { v := h.live(p.User()); return v != nil && v.Node == node })
}

// speech waits until a call hears a voice.
func (h *house) speech(c *phone.Call) {
	h.t.Helper()
	h.until("a voice at call "+c.Number(), func() bool { return tone.Loudness(c.Heard(window)) > 0.02 })
}

// code dials a feature code, hears what it says at the end and hangs up.
func (h *house) code(p *phone.Phone, code, last string) {
	h.t.Helper()
	c := h.calls(p, code)
	h.at(p, last)
	h.speech(c)
	c.Hangup()
}

// Agents sign in, are ready, not ready and sign out by their phones, by REST and
// by the command line; each way sees what the others did, and is told by voice.
func TestAgentsOnTheirPhones(t *testing.T) {
	t.Parallel()
	h := open(t, plan{agents: 2, change: codes})
	p := h.agents[0]

	// Who has not signed in is told so.
	h.code(p, "*12", "agent-ready/refused")
	h.becomes("1001", routing.Offline, "")

	// Number and PIN, the second time right.
	c := h.calls(p, "*11")
	h.at(p, "agent-sign-in/number")
	h.speech(c)
	must(t, c.Press(h.ctx(), "1001#"))
	h.at(p, "agent-sign-in/pin")
	h.speech(c)
	must(t, c.Press(h.ctx(), "9999#"))
	h.at(p, "agent-sign-in/wrong")
	h.becomes("1001", routing.Offline, "")
	must(t, c.Press(h.ctx(), "1001#4321#")) // typed ahead
	h.at(p, "agent-sign-in/confirmed")
	h.speech(c)
	if e := h.ended(c); e.Here {
		t.Errorf("ending %+v", e)
	}
	h.becomes("1001", routing.NotReadyIn, routing.PauseSignedIn)
	if a := h.agent("1001"); a.Endpoint != "PJSIP/1001" || !a.Reachable {
		t.Errorf("agent %+v", a)
	}

	h.code(p, "*12", "agent-ready/confirmed")
	h.becomes("1001", routing.ReadyState, "")
	h.sees("1001", "READY", "")

	c = h.calls(p, "*13")
	h.at(p, "agent-not-ready/reason")
	h.speech(c)
	must(t, c.Press(h.ctx(), "2"))
	h.at(p, "agent-not-ready/confirmed")
	h.speech(c)
	c.Hangup()
	h.becomes("1001", routing.NotReadyIn, routing.PauseBreak)
	h.sees("1001", "NOT_READY", "break")

	// The same by REST and by the command line.
	must(t, h.Post(h.ctx(), "/api/v1/agents/1001/ready", nil, nil))
	h.becomes("1001", routing.ReadyState, "")
	if _, err := h.CLI(h.ctx(), "agent", "not-ready", "1001", "meal"); err != nil {
		t.Fatal(err)
	}
	h.becomes("1001", routing.NotReadyIn, routing.PauseMeal)
	if _, err := h.CLI(h.ctx(), "agent", "ready", "1001"); err != nil {
		t.Fatal(err)
	}
	h.becomes("1001", routing.ReadyState, "")

	// Taken: another agent at this phone, and this agent at another phone.
	if _, err := h.CLI(h.ctx(), "agent", "sign-in", "1002", "PJSIP/1001"); err == nil || !strings.Contains(err.Error(), "1001") {
		t.Errorf("sign in at a seat that is taken: %v", err)
	}
	if err := h.SignIn(h.ctx(), "1001", "1002"); err == nil {
		t.Error("signed in at two seats")
	}

	h.code(p, "*10", "agent-sign-out/confirmed")
	h.becomes("1001", routing.Offline, "")
	h.sees("1001", "OFFLINE", "")
	h.code(p, "*10", "agent-sign-out/refused")
	h.atRest()

	for _, r := range h.records("1001", 6) {
		if r.Direction != fact.Service || r.Ending != (fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonFlowEnded}) || len(r.Recordings) > 0 {
			t.Errorf("record of a feature code %+v", r)
		}
	}
	h.nowhere("4321", "9999")
}

// sees holds the command line to an agent's state.
func (h *house) sees(id, state, reason string) {
	h.t.Helper()
	out, err := h.CLI(h.ctx(), "agent", "list", "--state", state)
	must(h.t, err)
	for line := range strings.Lines(out) {
		if strings.Contains(line, id) && strings.Contains(line, state) && strings.Contains(line, reason) {
			return
		}
	}
	h.t.Errorf("%s is not %s %s in\n%s", id, state, reason, out)
}

// nowhere holds that secrets are in no log, event or record.
func (h *house) nowhere(secrets ...string) {
	h.t.Helper()
	var calls, events strings.Builder
	for _, r := range h.records("1001", 6) {
		for _, e := range h.history(r.Call) {
			events.WriteString(e.Reason + " " + e.Name + " " + e.To + "\n")
		}
		calls.WriteString(r.To + "\n")
	}
	for what, text := range map[string]string{"the log": h.Log(), "the events": events.String(), "the records": calls.String()} {
		for _, s := range secrets {
			// Instants and ids have digits, too: a PIN stands alone.
			for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
				if word == s {
					h.t.Errorf("%s tells the PIN %s", what, s)
				}
			}
		}
	}
}

// Whoever guesses is sent away.
func TestWrongPIN(t *testing.T) {
	t.Parallel()
	h := open(t, plan{change: codes})
	p := h.agents[0]
	c := h.calls(p, "*11")
	for _, node := range []string{"number", "wrong", "wrong"} {
		h.at(p, "agent-sign-in/"+node)
		must(t, c.Press(h.ctx(), "1001#1111#")) // keys end the prompt
	}
	h.at(p, "agent-sign-in/failed")
	h.speech(c)
	h.ended(c)
	h.becomes("1001", routing.Offline, "")
	h.atRest()
}

// An agent who is on the phone with a feature code is offered no caller
// meanwhile, and the one who waits right after it.
func TestNoOfferDuringACode(t *testing.T) {
	t.Parallel()
	h := open(t, plan{change: codes})
	h.ready("1001")
	c := h.calls(h.agents[0], "*13")
	h.at(h.agents[0], "agent-not-ready/reason")
	h.becomes("1001", routing.Talking, "")
	caller := h.calls(h.caller("13800000001"), direct)
	h.lines("sales", "13800000001")
	c.Hangup()
	a := h.rung(h.agents[0])
	if rang, over := a.Times().Invite, c.Times().Ended; rang.Before(over) || rang.Sub(over) > time.Second {
		t.Errorf("rung %v after the code", rang.Sub(over))
	}
	a.Answer()
	h.talk(caller, a, callerTone, agentTone)
	caller.Hangup()
	h.atRest("1001")
}
