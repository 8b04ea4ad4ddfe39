package api

import (
	"context"
	"fmt"
	"strconv"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// Phrases are recorded by phone as well: somebody keys in a phrase's number,
// speaks, hears it again and keeps it.

// numbered is the key of the phrase of a number, as the list has it, for the
// tenant.
func (s *Server) numbered(ctx context.Context, number string) (string, error) {
	b, _, _, err := s.book(ctx, Spoken{})
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return "", fmt.Errorf("phrase number %q: %w", number, ErrInvalid)
	}
	return b.Numbered(phrase.Scope{}, n)
}

// TryTake makes what was said for the phrase of a number ready to be heard
// again, and is where the switch finds it: in an agent's own voice, or with no
// agent in the tenant's. It is not the phrase's recording yet.
// ErrNotFound: there is no such phrase; ErrInvalid: it leaves something open, or
// the audio cannot be played.
func (s *Server) TryTake(ctx context.Context, agent fact.AgentID, number string, audio []byte) (path string, err error) {
	key, err := s.numbered(ctx, number)
	if err != nil {
		return "", err
	}
	r, err := s.take(ctx, Voiced{Agent: string(agent)}, key, Known{}, audio)
	if err != nil {
		return "", err
	}
	return s.voice.Path(r.File)
}

// SaveTake makes it the phrase's recording, from the next call on.
func (s *Server) SaveTake(ctx context.Context, by Actor, agent fact.AgentID, number string, audio []byte) error {
	key, err := s.numbered(ctx, number)
	if err != nil {
		return err
	}
	_, err = s.record(context.WithValue(ctx, actorKey{}, by), Voiced{Agent: string(agent)}, key, Known{}, audio)
	return err
}
