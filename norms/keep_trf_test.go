package norms

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

func TestBlindTransfers(t *testing.T) {
	d := talking(t)
	d.hear(fact.Event{Kind: fact.TransferDenied, Call: "c1", Agent: "1001", Reason: "RUL-TRF-1"}, fact.Event{Kind: fact.TransferDenied, Call: "c1", Agent: "1001", Reason: "AMB-13"})
	d.told("broken RUL-TRF-1 1001 1/0 x1", "tell RUL-TRF-1 1001 blind-transfer")
	d.hear(fact.Event{Kind: fact.TransferDenied, Call: "c1", Agent: "1001", Reason: "RUL-TRF-1"})
	d.told("broken RUL-TRF-1 1001 1/0 x2", "tell RUL-TRF-1 1001 blind-transfer")
	d.broken("RUL-TRF-1 1001")
}

func TestTransfersAreAnnounced(t *testing.T) {
	d := talking(t)
	d.hear(fact.Event{Kind: fact.TransferDone, Call: "c1", Agent: "1001", Queue: "other", To: "other", Reason: "blind"})
	d.told("broken RUL-TRF-2 1001 1/0 x1")
	d = talking(t)
	d.hear(fact.Event{Kind: fact.ConsultBegan, Call: "c1", Agent: "1001"}, fact.Event{Kind: fact.ConsultEnded, Call: "c1", Agent: "1001", Reason: "no-answer"},
		fact.Event{Kind: fact.ConsultBegan, Call: "c1", Agent: "1001"}, fact.Event{Kind: fact.ConsultEnded, Call: "c1", Agent: "1001", Reason: "transferred"},
		fact.Event{Kind: fact.TransferDone, Call: "c1", Leg: "sw/1002", Agent: "1001", To: "1002", Reason: "attended"})
	d.told()
	d.counts("RUL-TRF-2", "1001", fact.NormTally{Kept: 1, Measured: 1})
	d.counts("RUL-TRF-3", "1001", fact.NormTally{Kept: 1, Broken: 1, Measured: 1})
}

func TestPausesThatOverrun(t *testing.T) {
	d := newTrial(t)
	d.hear(fact.Event{Kind: fact.AgentRequest, Agent: "1001", Reason: "leave", To: "pending"}, fact.Event{Kind: fact.AgentRequest, Agent: "1001", Reason: "leave", To: "granted"})
	d.hear(fact.Event{Kind: fact.AlertAgent, Agent: "1001", Name: "RUL-LEV-1", Reason: "overrun", To: "leave", Millis: 60_000})
	d.told("broken RUL-LEV-1 1001 60000/0 x1")
	d.hear(fact.Event{Kind: fact.AlertAgent, Agent: "1002", Name: "RUL-SHF-4", Reason: "overrun", To: "meal", Millis: 1000})
	d.told("broken RUL-SHF-4 1002 1000/0 x1")
	d.broken("RUL-LEV-1 1001", "RUL-SHF-4 1002")
	d.pass(time.Minute)
	d.hear(fact.Event{Kind: fact.AgentState, Agent: "1001", To: "READY"}, fact.Event{Kind: fact.AgentState, Agent: "1002", To: "READY"})
	d.told("mended RUL-LEV-1 1001 60000", "mended RUL-SHF-4 1002 60000")
	d.counts("RUL-LEV-1", "1001", fact.NormTally{Kept: 1, Broken: 1, Measured: 1})
	if len(d.w.affairs) != 0 {
		t.Errorf("%d agents' affairs are kept", len(d.w.affairs))
	}
}
