package fact

// Fault says on whose side a call ended before its work was done.
type Fault string

// The faults, in the words that record, metric and log share.
const (
	FaultNone    Fault = "none"    // the call did what it was for
	FaultCaller  Fault = "caller"  // the caller left first
	FaultAgent   Fault = "agent"   // the agent side failed the caller
	FaultTrunk   Fault = "trunk"   // the far network or endpoint failed
	FaultUs      Fault = "us"      // huawu or its configuration failed
	FaultUnknown Fault = "unknown" // it ended while nobody looked
)

// Reason says why a call ended, as one word of a closed list.
type Reason string

// The reasons.
const (
	ReasonCompleted   Reason = "completed"    // talked, and the flow ran to its end
	ReasonFlowEnded   Reason = "flow-ended"   // the flow hung up without a talk
	ReasonLeftMenu    Reason = "left-menu"    // caller hung up in the flow before a queue
	ReasonAbandoned   Reason = "abandoned"    // caller hung up while waiting or ringing
	ReasonCallerEnded Reason = "caller-ended" // caller hung up in or after the talk
	ReasonAgentEnded  Reason = "agent-ended"  // agent hung up and no flow went on
	ReasonBusy        Reason = "busy"         // the called side was busy
	ReasonNoAnswer    Reason = "no-answer"    // the called side did not answer
	ReasonRejected    Reason = "rejected"     // the called side refused
	ReasonUnreachable Reason = "unreachable"  // no route, or the endpoint is not registered
	ReasonForbidden   Reason = "forbidden"    // a rule or class of service said no
	ReasonNoRoute     Reason = "no-route"     // the dialled number leads nowhere
	ReasonFlowBroken  Reason = "flow-broken"  // the flow could not go on
	ReasonOperator    Reason = "operator"     // ended by REST or CLI
	ReasonTransferred Reason = "transferred"  // given away to somebody outside, and there it goes on
	ReasonOverload    Reason = "overload"     // sent back to the dialplan at the high-water mark
	ReasonDeflected   Reason = "deflected"    // sent back to the dialplan on purpose
	ReasonSwitchDown  Reason = "switch-down"  // the switch lost the leg
	ReasonAway        Reason = "while-away"   // ended while the controller was away
)

// Ending is why a call ended: the same words in record, metric and log.
type Ending struct {
	Fault  Fault  `json:"fault"`
	Reason Reason `json:"reason"`
}

// Party says who did a thing.
type Party string

// The parties.
const (
	ByCaller   Party = "caller"
	ByAgent    Party = "agent"
	ByCallee   Party = "callee"
	BySystem   Party = "system"
	ByOperator Party = "operator"
	BySwitch   Party = "switch"
	ByUnknown  Party = "unknown"
)
