package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// NewQueue is a queue to be made.
type NewQueue struct {
	ID fact.QueueID `json:"id" doc:"unique in the centre" minLength:"1" maxLength:"64"`
	QueueConfig
}

// AgentConfig is an agent as configured.
type AgentConfig struct {
	Name         string          `json:"name,omitempty" doc:"for people" maxLength:"200"`
	Queues       []fact.QueueID  `json:"queues,omitempty" doc:"those that the agent serves"`
	Skills       []routing.Skill `json:"skills,omitempty" doc:"what the agent can do, 0 to 100"`
	Weight       int             `json:"weight,omitempty" doc:"the part of what a weighted-random queue distributes, 1 to 100; 10 when absent"`
	TraineeUntil string          `json:"trainee_until,omitempty" doc:"the last day on which the agent is a trainee, in the centre's zone" example:"2026-12-31" maxLength:"10"`
	Supervisor   bool            `json:"supervisor,omitempty" doc:"may listen to talks and take transfers by name"`
	Supervises   []fact.QueueID  `json:"supervises,omitempty" doc:"the queues whose talks a supervisor may listen to; all talks when absent" maxItems:"1000"`
}

// NewAgent is an agent to be made.
type NewAgent struct {
	ID fact.AgentID `json:"id" doc:"the agent number" minLength:"1" maxLength:"64"`
	AgentConfig
}

type putQueueIn struct {
	Scope
	Match
	QueuePath
	Body QueueConfig
}

type putAgentIn struct {
	Scope
	Match
	AgentPath
	Body AgentConfig
}

func (s *Server) queueConfigRoutes() {
	route(s, http.MethodPost, "/queues", "create-queue", "Make a queue", func(ctx context.Context, in *struct {
		Scope
		Match
		Body NewQueue
	}) (*changeOut, error) {
		q, err := in.Body.queue(in.Body.ID)
		if err != nil {
			return nil, err
		}
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			if d.queue(q.ID) != nil {
				return fmt.Errorf("queue %q is there already: %w", q.ID, ErrConflict)
			}
			d.putQueue(q)
			return nil
		})
	})
	route(s, http.MethodPut, "/queues/{id}", "put-queue", "Make or replace a queue", func(ctx context.Context, in *putQueueIn) (*changeOut, error) {
		q, err := in.Body.queue(fact.QueueID(in.ID))
		if err != nil {
			return nil, err
		}
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			d.putQueue(q)
			return nil
		})
	})
	route(s, http.MethodDelete, "/queues/{id}", "delete-queue", "Remove a queue that nothing names any more", func(ctx context.Context, in *struct {
		Scope
		Match
		QueuePath
	}) (*changeOut, error) {
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			if d.queue(fact.QueueID(in.ID)) == nil {
				return fmt.Errorf("queue %q: %w", in.ID, ErrNotFound)
			}
			d.ACD.Queues = slices.DeleteFunc(d.ACD.Queues, func(q routing.Queue) bool { return string(q.ID) == in.ID })
			return nil
		})
	})
}

func (s *Server) agentConfigRoutes() {
	route(s, http.MethodPost, "/agents", "create-agent", "Make an agent", func(ctx context.Context, in *struct {
		Scope
		Match
		Body NewAgent
	}) (*changeOut, error) {
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			if d.agent(in.Body.ID) != nil {
				return fmt.Errorf("agent %q is there already: %w", in.Body.ID, ErrConflict)
			}
			d.putAgent(in.Body.agent(in.Body.ID))
			return nil
		})
	})
	route(s, http.MethodPut, "/agents/{id}", "put-agent", "Make or replace an agent", func(ctx context.Context, in *putAgentIn) (*changeOut, error) {
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			d.putAgent(in.Body.agent(fact.AgentID(in.ID)))
			return nil
		})
	})
	route(s, http.MethodDelete, "/agents/{id}", "delete-agent", "Remove an agent and the agent's PIN", func(ctx context.Context, in *struct {
		Scope
		Match
		AgentPath
	}) (*changeOut, error) {
		out, err := s.edit(ctx, in.IfMatch, func(d *Document) error {
			if d.agent(fact.AgentID(in.ID)) == nil {
				return fmt.Errorf("agent %q: %w", in.ID, ErrNotFound)
			}
			d.ACD.Agents = slices.DeleteFunc(d.ACD.Agents, func(a routing.Agent) bool { return string(a.ID) == in.ID })
			return nil
		})
		if err != nil {
			return nil, err
		}
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		err = s.store.RemovePIN(limit, actorOf(ctx), s.tenant, fact.AgentID(in.ID))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("the agent is removed; %w", err)
		}
		return out, nil
	})
}

// edit changes the newest document and makes the outcome the next version.
func (s *Server) edit(ctx context.Context, ifMatch string, change func(*Document) error) (*changeOut, error) {
	return s.change(ctx, ifMatch, false, func(d *Document) (draft, error) {
		if err := change(d); err != nil {
			return draft{}, err
		}
		src, err := d.Source()
		return draft{d, "centre", src}, err
	})
}

func (c AgentConfig) agent(id fact.AgentID) routing.Agent {
	return routing.Agent{ID: id, Name: c.Name, Queues: c.Queues, Skills: c.Skills, Weight: c.Weight, TraineeUntil: c.TraineeUntil, Supervisor: c.Supervisor, Supervises: c.Supervises}
}
