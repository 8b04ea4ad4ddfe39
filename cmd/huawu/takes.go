package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/voice/wav"
)

// takeBytes bounds what is said for a phrase on a phone: ten minutes.
const takeBytes = 10 * 60 * 8000 * 2

// edge is the silence that stays before and after what was said.
const edge = 150 * time.Millisecond

// lookups are what the engine looks up (engine.Lookup): in the store, and what
// was said for a phrase in the recordings of the switch.
type lookups struct {
	*stored
	config *Config
	server atomic.Pointer[api.Server] // it comes after the engine
}

// Take makes what was said ready, or the recording of its phrase.
func (l *lookups) Take(ctx context.Context, _ fact.TenantID, q center.TakeQuestion) (center.Taken, error) {
	server := l.server.Load()
	if server == nil {
		return center.Taken{}, errors.New("take a phrase: huawu is starting")
	}
	audio, err := l.said(q)
	if err != nil {
		return center.Taken{}, fmt.Errorf("take phrase %s: %w", q.Phrase, err)
	}
	path, err := server.TryTake(ctx, q.Voice(), q.Phrase, audio)
	if err == nil && q.Save {
		err = server.SaveTake(ctx, api.Actor{Name: "agent/" + string(q.Agent), Via: "phone"}, q.Voice(), q.Phrase, audio)
	}
	return center.Taken{Path: path}, err
}

// said is what was recorded, without the silence before and after it.
func (l *lookups) said(q center.TakeQuestion) ([]byte, error) {
	for _, s := range l.config.Switches {
		if s.Name != q.Switch {
			continue
		}
		if s.Recordings == "" || !filepath.IsLocal(q.File) {
			return nil, fmt.Errorf("the recordings of switch %s are not seen here: set its recordings in the configuration", s.Name)
		}
		name := filepath.Join(s.Recordings, q.File)
		info, err := os.Stat(name)
		if err != nil {
			return nil, fmt.Errorf("what was recorded: %w", err)
		}
		if info.Size() > takeBytes {
			return nil, fmt.Errorf("%s has %d bytes, %d are the most", name, info.Size(), takeBytes)
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("what was recorded: %w", err)
		}
		sound, err := wav.Read(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var out bytes.Buffer
		if err := wav.Write(&out, sound.Trim(edge)); err != nil {
			return nil, err
		}
		return out.Bytes(), nil
	}
	return nil, fmt.Errorf("there is no switch %q", q.Switch)
}
