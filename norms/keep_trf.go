package norms

import "github.com/huawu/huawu/fact"

var transferKeepers = []keeper{
	{rule: "RUL-TRF-1", hears: []fact.Kind{fact.TransferDenied}, hear: blindTransfer},
	{rule: "RUL-TRF-2", hears: []fact.Kind{fact.TransferDone}, hear: announced},
	{rule: "RUL-TRF-3", hears: []fact.Kind{fact.TransferDone, fact.TransferFailed, fact.ConsultEnded}, hear: transferFails},
}

// blindTransfer is about a transfer that the centre has refused.
func blindTransfer(m matter, e *fact.Event) {
	if e.Reason == Rules[m.rule].ID {
		m.breaks(e.Agent, m.t.legOf(e.Agent), e.At, 1, 0)
		m.tell(e.Agent, "blind-transfer", Amounts{1, 0})
	}
}

// announced is about who is given away without a word before.
func announced(m matter, e *fact.Event) {
	switch {
	case e.Reason == "blind" && m.on("require_announce"):
		m.breaks(e.Agent, "", e.At, 1, 0)
	case e.Reason == "attended":
		m.keeps(e.Agent, 0)
	}
}

// transferFails counts; the call gives the caller back to the agent.
func transferFails(m matter, e *fact.Event) {
	switch {
	case e.Kind == fact.TransferDone:
		m.keeps(e.Agent, 0)
	case e.Kind == fact.TransferFailed:
		m.misses(e.Agent)
	case e.Reason == "no-answer" || e.Reason == "busy" || e.Reason == "rejected" || e.Reason == "unreachable":
		m.misses(e.Agent)
	}
}
