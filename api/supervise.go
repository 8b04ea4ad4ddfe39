package api

import (
	"context"
	"net/http"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// Supervisor says who supervises a talk.
type Supervisor struct {
	Supervisor fact.AgentID  `json:"supervisor,omitempty" doc:"the agent who supervises, signed in; the only one at the talk when neither this nor endpoint is there" maxLength:"64"`
	Endpoint   fact.Endpoint `json:"endpoint,omitempty" doc:"the phone instead, of a seat" example:"PJSIP/1001" maxLength:"128"`
}

func (s *Supervisor) by() center.Supervisor {
	if s == nil {
		return center.Supervisor{}
	}
	return center.Supervisor{Agent: s.Supervisor, Endpoint: s.Endpoint}
}

// Supervise is the body of a supervision of an agent's talk.
type Supervise struct {
	Supervisor
	Mode call.Mode `json:"mode,omitempty" doc:"listen: hears the talk and is heard by nobody; whisper: is heard by the agent; barge: all hear all; listen when absent" enum:"listen,whisper,barge"`
}

// SuperviseTalk is the body of a supervision of a call.
type SuperviseTalk struct {
	CallAct
	Supervise
}

// superviseRoutes are those of supervisors at a talk.
func (s *Server) superviseRoutes() {
	callVerb(s, "supervise", "supervise-call", "Let a supervisor hear a talk, or change how one who is there takes part",
		func(id fact.CallID, b *SuperviseTalk) center.Operation {
			op := center.SuperviseCall{Call: id}
			if b != nil {
				op.Agent, op.By, op.Mode = b.Agent, b.Supervise.by(), b.Mode
			}
			return op
		})
	callVerb(s, "take-over", "take-over-call", "Give a talk to a supervisor who is at it; the agent wraps up",
		func(id fact.CallID, b *Supervisor) center.Operation { return center.TakeOverCall{Call: id, By: b.by()} })
	callVerb(s, "unsupervise", "unsupervise-call", "End what a supervisor does at a talk",
		func(id fact.CallID, b *Supervisor) center.Operation {
			return center.EndSupervision{Call: id, By: b.by()}
		})
	route(s, http.MethodPost, "/agents/{id}/supervise", "supervise-agent", "Let a supervisor hear the talk that an agent is in",
		func(ctx context.Context, in *struct {
			AgentCommand
			Body Supervise
		}) (*agentDoneOut, error) {
			return s.agentCommand(ctx, in.AgentCommand, "agent.supervise",
				center.SuperviseCall{Agent: fact.AgentID(in.ID), By: in.Body.by(), Mode: in.Body.Mode})
		})
}
