package sim

import (
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// lead does with agents what leaders can, and has agents ask for what must be
// granted, in whatever state they are.
func (c *siege) lead() {
	a := c.agents[c.Rand.IntN(len(c.agents))]
	switch c.Rand.IntN(10) {
	case 8, 9:
		values := []fact.LogValue{{Field: "result", Value: []string{"solved", "odd"}[c.Rand.IntN(2)]}, {Field: "note", Value: "called back"}}
		_ = c.Ask(center.LogTalk{Agent: a, Values: values[:1+c.Rand.IntN(2)]})
		return
	case 0, 1:
		_ = c.Ask(center.NotReady{Agent: a, Reason: []routing.PauseReason{routing.PauseLeave, routing.PauseBreak, "tea"}[c.Rand.IntN(3)]})
	case 2, 3:
		_ = c.Ask(center.AnswerRequest{Agent: a, Grant: c.Rand.IntN(2) == 0})
	case 4:
		_ = c.Ask(center.ForceAgent{Agent: a, To: routing.NotReadyIn, Reason: routing.PauseLeave, Why: "siege"})
	case 5:
		_ = c.Ask(center.ForceAgent{Agent: a, To: routing.Offline, Why: "siege"})
		c.Later(c.within(20*time.Second), func() { _ = c.Ask(center.SignIn{Agent: a, Endpoint: seatOf(a), Handover: true}) })
	default:
		_ = c.Ask(center.ForceAgent{Agent: a, To: routing.ReadyState, Why: "siege"})
		return
	}
	c.Later(c.within(30*time.Second), func() {
		if c.Ask(center.ForceAgent{Agent: a, To: routing.ReadyState, Why: "siege"}) != nil {
			_ = c.Ask(center.SignIn{Agent: a, Endpoint: seatOf(a), Ready: true})
		}
	})
}
