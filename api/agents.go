package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// AgentList is the agents.
type AgentList struct {
	Cursor string             `json:"cursor" doc:"how far the snapshot reaches"`
	Agents []center.AgentView `json:"agents"`
}

// AgentDetail is one agent, live and as configured.
type AgentDetail struct {
	center.AgentView
	Cursor string `json:"cursor" doc:"how far the snapshot reaches"`
}

// AgentDone is the answer to a command to an agent.
type AgentDone struct {
	Cursor string `json:"cursor" doc:"for ?after= of a read that is to include it"`
	// Agent is set when ?wait=true was asked.
	Agent *center.AgentView `json:"agent,omitempty" doc:"the agent afterwards, with wait"`
}

type agentsOut struct{ Body AgentList }
type agentOut struct{ Body AgentDetail }
type agentDoneOut struct{ Body AgentDone }

type AgentPath struct {
	ID string `path:"id" doc:"the agent number" maxLength:"64"`
}

type AgentCommand struct {
	Waited
	AgentPath
}

// SignIn is the body of a sign-in.
type SignIn struct {
	Endpoint fact.Endpoint `json:"endpoint" doc:"the seat" example:"PJSIP/1001" minLength:"1" maxLength:"200"`
	PIN      string        `json:"pin,omitempty" doc:"checked when given; the token vouches for the agent otherwise"`
	Ready    bool          `json:"ready,omitempty" doc:"take calls at once"`
	Handover bool          `json:"handover,omitempty" doc:"before the shift: signed in, and no calls until ready"`
}

// NotReady is the body of a pause.
type NotReady struct {
	Reason routing.PauseReason `json:"reason" doc:"why: one of the centre's pauses, which are meal, break, leave, training, meeting and help unless it names others" example:"meal" minLength:"1" maxLength:"64"`
}

func (s *Server) agentRoutes() {
	route(s, http.MethodGet, "/agents", "list-agents", "List agents with what they do at the moment", func(ctx context.Context, in *struct {
		Fresh
		State string `query:"state" doc:"only those in this state" enum:"OFFLINE,HANDOVER,READY,OFFERED,TALKING,HOLD,ACW,NOT_READY"`
		Queue string `query:"queue" doc:"only those who serve this queue" maxLength:"64"`
	}) (*agentsOut, error) {
		v, cursor, err := s.view(ctx, in.After)
		if err != nil {
			return nil, err
		}
		out := &agentsOut{AgentList{Cursor: cursor.String(), Agents: []center.AgentView{}}}
		for _, a := range v.Agents {
			if (in.State == "" || string(a.State) == in.State) && (in.Queue == "" || slices.Contains(a.Queues, fact.QueueID(in.Queue))) {
				a.Queues = orEmpty(a.Queues)
				out.Body.Agents = append(out.Body.Agents, a)
			}
		}
		return out, nil
	})
	route(s, http.MethodGet, "/agents/{id}", "show-agent", "Show one agent", func(ctx context.Context, in *struct {
		Fresh
		AgentPath
	}) (*agentOut, error) {
		v, cursor, err := s.view(ctx, in.After)
		if err != nil {
			return nil, err
		}
		a, err := agentIn(v, in.ID)
		if err != nil {
			return nil, err
		}
		return &agentOut{AgentDetail{AgentView: *a, Cursor: cursor.String()}}, nil
	})
	route(s, http.MethodPost, "/agents/{id}/sign-in", "sign-in", "Sign an agent in at a seat", func(ctx context.Context, in *struct {
		AgentCommand
		Body SignIn
	}) (*agentDoneOut, error) {
		if err := s.checkPIN(ctx, fact.AgentID(in.ID), in.Body.PIN); err != nil {
			return nil, err
		}
		return s.agentCommand(ctx, in.AgentCommand, "agent.sign-in",
			center.SignIn{Agent: fact.AgentID(in.ID), Endpoint: in.Body.Endpoint, Ready: in.Body.Ready, Handover: in.Body.Handover})
	})
	route(s, http.MethodPost, "/agents/{id}/sign-out", "sign-out", "Sign an agent out, after the talk if there is one",
		func(ctx context.Context, in *AgentCommand) (*agentDoneOut, error) {
			return s.agentCommand(ctx, *in, "agent.sign-out", center.SignOut{Agent: fact.AgentID(in.ID)})
		})
	route(s, http.MethodPost, "/agents/{id}/ready", "ready", "Let an agent take calls",
		func(ctx context.Context, in *AgentCommand) (*agentDoneOut, error) {
			return s.agentCommand(ctx, *in, "agent.ready", center.Ready{Agent: fact.AgentID(in.ID)})
		})
	route(s, http.MethodPost, "/agents/{id}/not-ready", "not-ready", "Pause an agent, after the talk if there is one; a pause that must be granted is asked for",
		func(ctx context.Context, in *struct {
			AgentCommand
			Body NotReady
		}) (*agentDoneOut, error) {
			return s.agentCommand(ctx, in.AgentCommand, "agent.not-ready",
				center.NotReady{Agent: fact.AgentID(in.ID), Reason: in.Body.Reason})
		})
	route(s, http.MethodPut, "/agents/{id}/pin", "set-pin", "Give an agent a PIN", func(ctx context.Context, in *struct {
		Scope
		AgentPath
		Body struct {
			PIN string `json:"pin" doc:"4 to 12 digits"`
		}
	}) (*struct{}, error) {
		v, _ := s.engine.View()
		if _, err := agentIn(v, in.ID); err != nil {
			return nil, err
		}
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		return nil, s.store.SetPIN(limit, actorOf(ctx), s.tenant, fact.AgentID(in.ID), in.Body.PIN)
	})
	s.leaderRoutes()
	s.agentConfigRoutes()
}

// agentCommand asks for an operation on an agent.
func (s *Server) agentCommand(ctx context.Context, in AgentCommand, action string, op center.Operation) (*agentDoneOut, error) {
	n := Note{Action: action, Target: "agent/" + in.ID, After: asJSON(op)}
	v, _ := s.engine.View()
	if a, err := agentIn(v, in.ID); err == nil {
		n.Before = asJSON(map[string]any{"state": a.State, "reason": a.Reason, "endpoint": a.Endpoint})
	}
	cursor, seen, err := s.command(ctx, in.Wait, op, n)
	if err != nil {
		return nil, err
	}
	out := &agentDoneOut{AgentDone{Cursor: cursor.String()}}
	if seen {
		v, _ := s.engine.View()
		out.Body.Agent, _ = agentIn(v, in.ID)
	}
	return out, nil
}

// checkPIN refuses a PIN that is given and wrong.
func (s *Server) checkPIN(ctx context.Context, agent fact.AgentID, pin string) error {
	if pin == "" {
		return nil
	}
	if wait := s.pins.wait(string(agent), s.now()); wait > 0 {
		return fmt.Errorf("sign in %s: wrong PINs: %w: %w", agent, ErrTooMany, &waitError{wait})
	}
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	ok, err := s.store.CheckPIN(limit, s.tenant, agent, pin)
	if err != nil {
		return fmt.Errorf("sign in %s: %w", agent, err)
	}
	if !ok {
		s.pins.note(string(agent), s.now())
		return fmt.Errorf("sign in %s: the PIN is not the agent's: %w", agent, center.ErrDenied)
	}
	return nil
}

func agentIn(v *center.View, id string) (*center.AgentView, error) {
	for i := range v.Agents {
		if string(v.Agents[i].ID) == id {
			a := v.Agents[i]
			a.Queues = orEmpty(a.Queues)
			return &a, nil
		}
	}
	return nil, fmt.Errorf("agent %q: %w", id, ErrNotFound)
}
