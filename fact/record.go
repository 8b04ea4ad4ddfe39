package fact

// Direction is which way a call was set up.
type Direction string

// The directions.
const (
	Inbound  Direction = "inbound"  // from outside, by a number
	Outbound Direction = "outbound" // an agent dialled outside
	Internal Direction = "internal" // an agent dialled a colleague
	Service  Direction = "service"  // an agent dialled a feature code
)

// Record is the account of one call, written once, when it has ended. All
// durations are milliseconds and are measured on the steady clock.
type Record struct {
	Tenant    TenantID  `json:"tenant"`
	Call      CallID    `json:"call"`
	Direction Direction `json:"direction"`
	// From is the caller's number as the switch gave it; To is what was dialled.
	From  string  `json:"from"`
	To    string  `json:"to"`
	Flow  FlowID  `json:"flow,omitempty"`
	Queue QueueID `json:"queue,omitempty"`
	// Agent is who talked last, or who dialled: after a transfer who took the
	// call over.
	Agent AgentID `json:"agent,omitempty"`
	// Began and Ended are wall-clock milliseconds of the epoch.
	Began int64 `json:"began"`
	Ended int64 `json:"ended"`
	Ending
	// By is who hung up; Cause is the Q.850 cause of the caller's leg. Excuse
	// is the code by which the agent, or the scene for the agent, ended the talk
	// before the customer did (SPEC RUL-END-2), "" for none; of several the last.
	By     Party  `json:"by"`
	Excuse string `json:"excuse,omitempty"`
	Cause  int    `json:"cause"`
	// IVR is time in flows, Wait from joining a queue to the accepted offer
	// or the exit (ringing included), Ring the part of it in which an agent's
	// phone rang, Talk both parties in a room (hold included), Hold the part
	// of Talk on hold, WrapUp the agent's after-call work.
	IVR    int64 `json:"ivr_ms"`
	Wait   int64 `json:"wait_ms"`
	Ring   int64 `json:"ring_ms"`
	Talk   int64 `json:"talk_ms"`
	Hold   int64 `json:"hold_ms"`
	WrapUp int64 `json:"wrapup_ms"`
	Offers int   `json:"offers"`
	// Transfers is how often the talk went to somebody else, Consult the time
	// in which agents asked somebody with the caller on hold, Trunk the way
	// that the call went out or came in.
	Transfers  int             `json:"transfers,omitempty"`
	Consult    int64           `json:"consult_ms,omitempty"`
	Trunk      string          `json:"trunk,omitempty"`
	Recordings []RecordingFile `json:"recordings,omitempty"`
	// Log is what agents wrote about the talk, by agent and field.
	Log []LogEntry `json:"log,omitempty"`
	// Survey is what the caller thought of it, nil for one who was not asked.
	Survey *Survey `json:"survey,omitempty"`
}

// WrapUp is the after-call work of one agent on one call, known only after the
// call's record is written; a projection adds it to that record.
type WrapUp struct {
	Tenant TenantID `json:"tenant"`
	Call   CallID   `json:"call"`
	Agent  AgentID  `json:"agent"`
	Millis int64    `json:"ms"`
}

// Side is one side of a recording.
type Side string

// The sides of a recording made at one leg.
const (
	SideIn  Side = "in"  // what the leg says
	SideOut Side = "out" // what the leg hears
)

// RecordingFile is one file of a recording on its switch.
type RecordingFile struct {
	Recording RecordingID `json:"recording"`
	Leg       LegID       `json:"leg"`
	Side      Side        `json:"side"`
	// Name is relative to the switch's recording folder, with its extension.
	Name string `json:"name"`
	// Began is the steady instant of the file's first sample; Millis is 0 when
	// its length is not known.
	Began  Instant `json:"began"`
	Millis int64   `json:"ms"`
}
