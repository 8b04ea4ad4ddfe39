package center

import (
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Effect is one thing that the shell must do, in the order given. The set is
// closed: the types below.
type Effect interface{ effect() }

// The effects.
type (
	// Send gives a command to its switch by the outbox of its legs. If it
	// fails, media.Failed comes back as Heard.
	Send struct {
		Command media.Command `json:"-"`
		// Deadline is how long the switch may take to accept it.
		Deadline time.Duration `json:"deadline"`
	}
	// Emit is a normalised event for the store and the feeds.
	Emit struct {
		Event fact.Event `json:"event"`
	}
	// Write is a call's record, for the store. It comes once a call.
	Write struct {
		Record fact.Record `json:"record"`
	}
	// AddWrapUp adds the after-call work to a record already written.
	AddWrapUp struct {
		WrapUp fact.WrapUp `json:"wrapup"`
	}
	// AddLog adds what an agent writes to a record already written.
	AddLog struct {
		Log fact.CallLog `json:"log"`
	}
	// AddCount adds to what is counted of a service norm.
	AddCount struct {
		Count fact.NormCount `json:"count"`
	}
	// AddTry adds an attempt to a callback in the store, or what came of it.
	AddTry struct {
		Try fact.CallbackTry `json:"try"`
	}
	// Reply answers Asked. Code is "" for success or the code of a sentinel.
	Reply struct {
		Request string `json:"request"`
		Code    Code   `json:"code,omitempty"`
		Message string `json:"message,omitempty"`
	}
	// Look asks for something that takes long. Looked answers it.
	Look struct {
		Look string `json:"look"`
		// Agent and PIN: does this PIN belong to this agent?
		Agent fact.AgentID `json:"agent"`
		PIN   string       `json:"pin"`
		// Caller asks for a caller's history instead.
		Caller *CallerQuestion `json:"caller,omitempty"`
		// Enquiry asks another system instead.
		Enquiry *Enquiry `json:"enquiry,omitempty"`
		// Take asks for what somebody has said for a phrase instead.
		Take *TakeQuestion `json:"take,omitempty"`
		// Speech asks for words to be spoken instead.
		Speech *SpeechQuestion `json:"speech,omitempty"`
		// Deadline is when Looked comes with a time-out.
		Deadline time.Duration `json:"deadline"`
	}
	// Keep puts a callback into the store, at once and not by the journal's
	// projection: Stored or StoreFailed answers, at the latest by Deadline.
	// The same one again changes nothing.
	Keep struct {
		Callback callback.Callback `json:"callback"`
		Deadline time.Duration     `json:"deadline"`
	}
	// Mark notes a misuse against a number in the list that the store keeps, at
	// once, by Mark.On: Marked answers, at the latest by Deadline. The same one
	// again changes nothing.
	Mark struct {
		Number   string        `json:"number"`
		Strike   Strike        `json:"strike"`
		Rules    StrikeRules   `json:"rules,omitzero"`
		Deadline time.Duration `json:"deadline"`
	}
)

func (Send) effect()      {}
func (Emit) effect()      {}
func (Write) effect()     {}
func (AddWrapUp) effect() {}
func (AddLog) effect()    {}
func (AddCount) effect()  {}
func (AddTry) effect()    {}
func (Reply) effect()     {}
func (Look) effect()      {}
func (Keep) effect()      {}
func (Mark) effect()      {}
