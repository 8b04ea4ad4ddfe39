package api

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// Force is the body of what a leader makes of an agent.
type Force struct {
	To     routing.State       `json:"to" doc:"what the agent is to be, after the talk if there is one" enum:"READY,NOT_READY,OFFLINE"`
	Reason routing.PauseReason `json:"reason,omitempty" doc:"for NOT_READY: one of the centre's pauses; it need not be granted" maxLength:"64"`
	Why    string              `json:"why" doc:"for people to read, in the audit and in the event" minLength:"1" maxLength:"200"`
}

// Answering is the body of an answer to what an agent has asked for.
type Answering struct {
	Reason routing.PauseReason `json:"reason,omitempty" doc:"what is answered; the answer is refused if the agent asks for something else by now; whatever it is when absent" maxLength:"64"`
}

type answerIn struct {
	AgentCommand
	Body *Answering
}

// TalkLog is the body of what an agent writes about a talk.
type TalkLog struct {
	Call   fact.CallID       `json:"call,omitempty" doc:"the talk; without it the one under way, that wrapped up, or the first that is owed for" maxLength:"200"`
	Fields map[string]string `json:"fields" doc:"values by the ids of the queue's fields; the last word on each counts" minProperties:"1" maxProperties:"20"`
}

// values are the fields in the order of their ids.
func (l TalkLog) values() []fact.LogValue {
	all := make([]fact.LogValue, 0, len(l.Fields))
	for _, id := range slices.Sorted(maps.Keys(l.Fields)) {
		all = append(all, fact.LogValue{Field: id, Value: l.Fields[id]})
	}
	return all
}

// leaderRoutes are what agents write and leaders say of them.
func (s *Server) leaderRoutes() {
	answer := func(grant bool, action string) func(context.Context, *answerIn) (*agentDoneOut, error) {
		return func(ctx context.Context, in *answerIn) (*agentDoneOut, error) {
			op := center.AnswerRequest{Agent: fact.AgentID(in.ID), Grant: grant}
			if in.Body != nil {
				op.Reason = in.Body.Reason
			}
			return s.agentCommand(ctx, in.AgentCommand, action, op)
		}
	}
	route(s, http.MethodPost, "/agents/{id}/approve", "approve", "Grant the pause that an agent has asked for", answer(true, "agent.approve"))
	route(s, http.MethodPost, "/agents/{id}/deny", "deny", "Deny the pause that an agent has asked for", answer(false, "agent.deny"))
	route(s, http.MethodPost, "/agents/{id}/log", "log-talk", "Write down what the queue wants known about an agent's talk",
		func(ctx context.Context, in *struct {
			AgentCommand
			Body TalkLog
		}) (*agentDoneOut, error) {
			return s.agentCommand(ctx, in.AgentCommand, "agent.log",
				center.LogTalk{Agent: fact.AgentID(in.ID), Call: in.Body.Call, Values: in.Body.values()})
		})
	route(s, http.MethodPost, "/agents/{id}/force", "force", "Make an agent ready, not ready or signed out, after the talk if there is one",
		func(ctx context.Context, in *struct {
			AgentCommand
			Body Force
		}) (*agentDoneOut, error) {
			return s.agentCommand(ctx, in.AgentCommand, "agent.force",
				center.ForceAgent{Agent: fact.AgentID(in.ID), To: in.Body.To, Reason: in.Body.Reason, Why: in.Body.Why})
		})
}

// standings shows what leaders look at.
func (c *centreCollector) standings(v *center.View, out chan<- prometheus.Metric) {
	over, asking, owing := 0, 0, 0
	for _, a := range v.Agents {
		if a.Pause != nil && a.Pause.Over > 0 {
			over++
		}
		if a.Reason == routing.PauseLog {
			owing++
		}
		if a.Request != nil && a.Request.Status == routing.RequestPending {
			asking++
		}
	}
	out <- prometheus.MustNewConstMetric(c.gauges["agents_overrun"], prometheus.GaugeValue, float64(over))
	out <- prometheus.MustNewConstMetric(c.gauges["agents_owing"], prometheus.GaugeValue, float64(owing))
	out <- prometheus.MustNewConstMetric(c.gauges["agents_asking"], prometheus.GaugeValue, float64(asking))
	for _, a := range v.Alerts {
		out <- prometheus.MustNewConstMetric(c.gauges["alerts_total"], prometheus.CounterValue, float64(a.Times), string(a.Kind), a.Rule, a.Reason)
	}
}
