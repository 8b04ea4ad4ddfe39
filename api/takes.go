package api

import (
	"context"
	"fmt"
	"strconv"

	"github.com/huawu/huawu/scripts/phrase"
)

// Phrases are recorded by phone as well: somebody keys in a phrase's number,
// speaks, hears it again and keeps it.

// numbered is the key of the phrase of a number, as the list has it, for the
// tenant.
func (s *Server) numbered(ctx context.Context, number string) (*phrase.Book, string, error) {
	b, _, _, err := s.book(ctx, Spoken{})
	if err != nil {
		return nil, "", err
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return nil, "", fmt.Errorf("phrase number %q: %w", number, ErrInvalid)
	}
	key, err := b.Numbered(phrase.Scope{}, n)
	return b, key, err
}

// TryTake makes what was said for the phrase of a number ready to be heard
// again, and is where the switch finds it. It is not the phrase's recording yet.
// ErrNotFound: there is no such phrase; ErrInvalid: it leaves something open, or
// the audio cannot be played.
func (s *Server) TryTake(ctx context.Context, number string, audio []byte) (path string, err error) {
	if s.voice == nil {
		return "", errNoVoice
	}
	b, key, err := s.numbered(ctx, number)
	if err != nil {
		return "", err
	}
	e, said, err := b.Pieces(phrase.Scope{}, key, phrase.Facts{At: noon}, nil, nil)
	if err != nil || len(said) != 1 {
		return "", fmt.Errorf("phrase %q cannot be recorded by phone: %w: %v", key, ErrInvalid, err)
	}
	take, err := s.voice.Keep(audio, said[0].Text, e.Language)
	if err != nil {
		return "", err
	}
	return s.voice.Path(take.File)
}

// SaveTake makes it the phrase's recording, from the next call on.
func (s *Server) SaveTake(ctx context.Context, by Actor, number string, audio []byte) error {
	_, key, err := s.numbered(ctx, number)
	if err != nil {
		return err
	}
	_, err = s.record(context.WithValue(ctx, actorKey{}, by), Spoken{}, key, Known{}, audio)
	return err
}
