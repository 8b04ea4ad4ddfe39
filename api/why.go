package api

import (
	"context"
	"net/http"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

type whyOut struct{ Body center.Answer }

// Then is when, and how much of it.
type Then struct {
	Scope
	At    time.Time `query:"at" doc:"as it stood at this instant, by the journal; the present when absent"`
	Limit int       `query:"limit" doc:"how many candidates, tickets and places ahead at most" minimum:"1" maximum:"1000" default:"50"`
}

// whyRoutes explain calls and agents.
func (s *Server) whyRoutes() {
	route(s, http.MethodGet, "/calls/{id}/why", "why-call",
		"Explain a call in line: its score, who is ahead, and each rule that excludes or ranks each agent of its queue",
		func(ctx context.Context, in *struct {
			Then
			ID    string `path:"id" doc:"the call's id" maxLength:"200"`
			Agent string `query:"agent" doc:"only this agent, of the queue or not" maxLength:"64"`
		}) (*whyOut, error) {
			return s.why(ctx, center.Question{Call: fact.CallID(in.ID), Agent: fact.AgentID(in.Agent), Limit: in.Limit}, in.At)
		})
	route(s, http.MethodGet, "/agents/{id}/why", "why-agent",
		"Explain an agent: what keeps the agent from calls, and the first in each line that the agent looks at",
		func(ctx context.Context, in *struct {
			Then
			AgentPath
		}) (*whyOut, error) {
			return s.why(ctx, center.Question{Agent: fact.AgentID(in.ID), Limit: in.Limit}, in.At)
		})
}

func (s *Server) why(ctx context.Context, q center.Question, at time.Time) (*whyOut, error) {
	a, err := s.engine.Why(ctx, q, at)
	if err != nil {
		return nil, err
	}
	return &whyOut{a}, nil
}
