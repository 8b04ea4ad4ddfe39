package api

import (
	"context"
	"fmt"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// Voiced is for whom phrases are recorded, and in whose voice.
type Voiced struct {
	Spoken
	Agent string `query:"agent" doc:"in this agent's own voice; in the tenant's when absent" maxLength:"64" example:"1001"`
}

// voiced is said with what is known of the agent whose voice it is. ErrNotFound:
// there is no such agent.
func (s *Server) voiced(ctx context.Context, in Voiced, k Known) (*phrase.Book, phrase.Facts, map[string]string, error) {
	b, f, values, err := s.said(ctx, in.Spoken, k)
	if err != nil || in.Agent == "" {
		return b, f, values, err
	}
	d, _, err := s.document(ctx)
	if err != nil {
		return nil, f, nil, err
	}
	a := d.agent(fact.AgentID(in.Agent))
	if a == nil {
		return nil, f, nil, fmt.Errorf("agent %q: %w", in.Agent, ErrNotFound)
	}
	for id, own := range map[string]string{"agent_no": in.Agent, "agent_name": a.Name} {
		if values[id] == "" && own != "" && b.Takes(in.scope(), id, own) == nil {
			values[id] = own
		}
	}
	return b, f, values, nil
}
