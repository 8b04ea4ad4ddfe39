package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// The inputs of supervisors.
type (
	// Supervise brings a supervisor to the talk of the agent at a leg. With
	// Here the supervisor's leg is up and was another call's; otherwise it is
	// minted, and the phone is rung. SuperviseOver answers at the end.
	Supervise struct {
		Of, Leg    fact.LegID
		Here       bool
		Endpoint   fact.Endpoint
		Agent      fact.AgentID // "" at a phone where nobody is signed in
		Mode       Mode
		Show       media.Identity
		AutoAnswer bool
		Limit      time.Duration
	}
	// SetMode has the supervisor at a leg go on in another mode.
	SetMode struct {
		Leg  fact.LegID
		Mode Mode
	}
	// TakeOver gives the talk to the supervisor at a leg.
	TakeOver struct{ Leg fact.LegID }
	// Unsupervise ends a supervision.
	Unsupervise struct{ Leg fact.LegID }
	// Yield parts with the first leg, which goes on in another call; this one
	// is over.
	Yield struct{}
)

func (Supervise) input()   {}
func (SetMode) input()     {}
func (TakeOver) input()    {}
func (Unsupervise) input() {}
func (Yield) input()       {}

// The effects of supervisors.
type (
	// SuperviseOver says that a supervisor's part is over and the supervisor
	// is free. One who has taken the talk over is not.
	SuperviseOver struct {
		Leg   fact.LegID
		Agent fact.AgentID
	}
	// SuperviseKey is a key of a supervisor's.
	SuperviseKey struct {
		Leg fact.LegID
		Key string
	}
)

func (SuperviseOver) effect() {}
func (SuperviseKey) effect()  {}
