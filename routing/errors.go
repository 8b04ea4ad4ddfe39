package routing

import "errors"

// Sentinels of the ACD's rules. Check, Validate and ParseNeeds wrap them.
var (
	// ErrNoAgent: the configuration knows no such agent.
	ErrNoAgent = errors.New("no such agent")
	// ErrNoQueue: the configuration knows no such queue.
	ErrNoQueue = errors.New("no such queue")
	// ErrNoTicket: no such ticket is in line.
	ErrNoTicket = errors.New("no such ticket")
	// ErrNoOffer: the offer is unknown, over, or past what is asked of it.
	ErrNoOffer = errors.New("no such offer")
	// ErrNotSignedIn: the agent is OFFLINE.
	ErrNotSignedIn = errors.New("not signed in")
	// ErrSignedInElsewhere: the agent is signed in at another endpoint.
	ErrSignedInElsewhere = errors.New("signed in elsewhere")
	// ErrEndpointTaken: another agent is signed in at the endpoint.
	ErrEndpointTaken = errors.New("endpoint taken")
	// ErrEndpoint: an endpoint is missing.
	ErrEndpoint = errors.New("no endpoint")
	// ErrNotTalking: the agent has no talk to hold or to end.
	ErrNotTalking = errors.New("not talking")
	// ErrReason: no such reason, or one that agents may not choose.
	ErrReason = errors.New("no such reason")
	// ErrTicketTaken: the ticket is in line already, or has no id.
	ErrTicketTaken = errors.New("ticket taken")
	// ErrPriority: a priority outside 0 to 100.
	ErrPriority = errors.New("no such priority")
	// ErrClosed: the queue is closed.
	ErrClosed = errors.New("queue closed")
	// ErrMode: no such mode of a queue.
	ErrMode = errors.New("no such mode")
	// ErrSkill: the configuration knows no such skill, or no such level.
	ErrSkill = errors.New("no such skill")
	// ErrTalking: the agent has a talk already.
	ErrTalking = errors.New("talking")
	// ErrWrapUp: the agent has no wrap-up, or it cannot last so long.
	ErrWrapUp = errors.New("no such wrap-up")
	// ErrRequest: the agent has asked for nothing that is to be answered.
	ErrRequest = errors.New("nothing asked for")
	// ErrNoLog: nothing is to be written down about a talk of the agent's.
	ErrNoLog = errors.New("nothing to be written down")
	// ErrLog: what is written down is not what the queue asks for.
	ErrLog = errors.New("invalid log")
	// ErrNeeds: a requirement that cannot be read or names an unknown skill.
	ErrNeeds = errors.New("invalid needs")
	// ErrConfig: a configuration that cannot be worked by.
	ErrConfig = errors.New("invalid configuration")
	// ErrCheckpoint: bytes that Checkpoint did not write.
	ErrCheckpoint = errors.New("invalid checkpoint")
)
