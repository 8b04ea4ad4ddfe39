package call

// Phase is what the first leg's party is going through.
type Phase string

// The phases of a call.
const (
	InFlow   Phase = "flow"     // a script speaks with it
	Waiting  Phase = "waiting"  // in line, hears music
	Reaching Phase = "reaching" // the phone rings of the agent who is to call whom we owe a call
	Dialling Phase = "dialling"
	InTalk   Phase = "talking"
	Parked   Phase = "parked" // hears music until somebody picks it up
	Ending   Phase = "ending" // legs are being hung up, recordings closed
	Ended    Phase = "over"
)
