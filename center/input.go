package center

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Input is one thing that the centre is told, as the journal keeps it. The
// set is closed: the types below.
type Input interface{ input() }

// The inputs.
type (
	// Booted is the first input of every run of the process. Epoch is this
	// run's own and part of every id that it mints, so that an id which a
	// power cut took out of the journal is not minted again. Offset is wall minus steady
	// time in milliseconds. Switches are the names of those configured.
	Booted struct {
		Epoch    string   `json:"epoch"`
		Offset   int64    `json:"offset"`
		Switches []string `json:"switches"`
	}
	// ClockSet says that the wall clock was found at another offset.
	ClockSet struct {
		Offset int64 `json:"offset"`
	}
	// Configured brings a whole new configuration, checked and compiled.
	Configured struct {
		Config Config `json:"config"`
	}
	// Heard is an event of a switch.
	Heard struct {
		Event media.Event `json:"-"`
	}
	// Asked is an operation by REST, CLI or console. Reply answers it under
	// the same Request.
	Asked struct {
		Request string    `json:"request"`
		By      string    `json:"by"`
		Op      Operation `json:"-"`
	}
	// Looked is the answer to a Look, or its time-out.
	Looked struct {
		Look  string `json:"look"`
		OK    bool   `json:"ok"`
		Error string `json:"error,omitempty"`
		// Caller answers Look.Caller, nil when nothing could be learned.
		Caller *CallerHistory `json:"caller,omitempty"`
		// Fetched answers Look.Enquiry, nil when it did not come about.
		Fetched *Fetched `json:"fetched,omitempty"`
		// Take answers Look.Take.
		Take *Taken `json:"take,omitempty"`
		// Speech answers Look.Speech.
		Speech *Speech `json:"speech,omitempty"`
	}
	// Stored says that the store has what Keep gave it, StoreFailed that it may
	// not have it.
	Stored struct {
		Callback fact.CallbackID `json:"callback"`
	}
	StoreFailed struct {
		Callback fact.CallbackID `json:"callback"`
		Error    string          `json:"error,omitempty"`
	}
	// Marked answers Mark: Count is how many strikes count now, Proposed that
	// this one proposed a denial. With an Error the store may not have it.
	Marked struct {
		Number   string      `json:"number"`
		Call     fact.CallID `json:"call"`
		Count    int         `json:"count,omitempty"`
		Proposed bool        `json:"proposed,omitempty"`
		Error    string      `json:"error,omitempty"`
	}
	// Tick lets timers that are due fire.
	Tick struct{}
)

func (Booted) input()      {}
func (ClockSet) input()    {}
func (Configured) input()  {}
func (Heard) input()       {}
func (Asked) input()       {}
func (Looked) input()      {}
func (Stored) input()      {}
func (StoreFailed) input() {}
func (Marked) input()      {}
func (Tick) input()        {}
