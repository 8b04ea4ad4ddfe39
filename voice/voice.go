// Package voice finds the audio of prompts: a recorded file from the prompt
// folder, else speech that an engine generates, without the silence around it,
// converted to what telephony carries and cached under a hash of what was said.
package voice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/huawu/huawu/voice/wav"
)

// Rate is the samples a second of every prompt: Asterisk's .wav is 8 kHz, mono,
// 16 bit.
const Rate = 8000

// Bounds of generating speech, where a Config says nothing else.
const (
	DefaultDeadline = 20 * time.Second
	DefaultParallel = 2
)

// Sentinels.
var (
	// ErrNoEngine says that nothing can speak.
	ErrNoEngine = errors.New("no text-to-speech engine")
	// ErrNotRecorded says that a prompt's file is not there.
	ErrNotRecorded = errors.New("prompt is not recorded")
	// ErrFormat says that a recorded file is not what a switch plays.
	ErrFormat = errors.New("prompt has the wrong format")
	// ErrSpeech says that an engine did not speak the text properly.
	ErrSpeech = errors.New("text-to-speech failed")
	// ErrText says that an engine does not speak a text or a language; it may
	// be as good as ever at others.
	ErrText = errors.New("not for this engine")
	// ErrPrompt says that a prompt is neither a file nor a text.
	ErrPrompt = errors.New("invalid prompt")
)

// Prompt is what is to be heard: exactly one of File and Text.
type Prompt struct {
	// File is relative to the prompt folder, without extension. It is looked
	// for in the folder of the language first.
	File string
	// Text is spoken in Language.
	Text     string
	Language string // "zh", "en"
}

// Engine is a seam for text-to-speech. Its methods may be called at once from
// several goroutines.
type Engine interface {
	// Name is part of the cache's key: it changes with whatever changes the
	// sound.
	Name() string
	// Speak generates speech at any rate. It returns when ctx ends. Errors
	// wrap ErrNoEngine or ErrSpeech.
	Speak(ctx context.Context, text, language string) (wav.Sound, error)
}

// Config says where a Studio works.
type Config struct {
	// Recorded is the tenant's folder of recorded prompts, "" for none.
	Recorded string
	// Cache is the folder of generated speech; the switch must be able to
	// read it under the same path. CacheBytes is what it may take, 0 for 512
	// MiB.
	Cache      string
	CacheBytes int64
	// Engines speak, the first that can; none means that only recorded
	// prompts are heard.
	Engines []Engine
	// Deadline is the longest that one speech may take: 0 means 20 s.
	Deadline time.Duration
	// Parallel is how many an engine generates at once that does not say: 0
	// means 2.
	Parallel int
}

// Studio finds and makes the audio of prompts. It may be used from several
// goroutines.
type Studio struct {
	c     Config
	cache *cache
	desks []*desk
}

// New is a studio over the folders of c; the cache is created.
func New(c Config) (*Studio, error) {
	for _, folder := range []*string{&c.Recorded, &c.Cache} {
		if *folder == "" {
			continue
		}
		abs, err := filepath.Abs(*folder)
		if err != nil {
			return nil, fmt.Errorf("prompt folder %q: %w", *folder, err)
		}
		*folder = abs
	}
	if c.Cache == "" {
		return nil, errors.New("the folder for generated prompts is not set")
	}
	if err := os.MkdirAll(c.Cache, 0o755); err != nil {
		return nil, fmt.Errorf("folder for generated prompts: %w", err)
	}
	if c.Deadline == 0 {
		c.Deadline = DefaultDeadline
	}
	if c.Parallel == 0 {
		c.Parallel = DefaultParallel
	}
	cache, err := newCache(c.Cache, c.CacheBytes)
	if err != nil {
		return nil, fmt.Errorf("folder for generated prompts: %w", err)
	}
	s := &Studio{c: c, cache: cache}
	for _, e := range c.Engines {
		s.desks = append(s.desks, newDesk(e, c.Parallel))
	}
	return s, nil
}

// Stats is how the engines and the cache do.
func (s *Studio) Stats() ([]EngineStats, CacheStats) {
	now := time.Now()
	all := make([]EngineStats, len(s.desks))
	for i, d := range s.desks {
		all[i] = d.told(now)
	}
	return all, s.cache.stats()
}

// Resolve is the absolute path of a prompt's audio without its extension,
// which is ".wav": 8 kHz, mono, 16 bit. Speech that is not in the cache is
// generated first. Errors wrap a sentinel of this package or that of ctx.
func (s *Studio) Resolve(ctx context.Context, p Prompt) (string, error) {
	switch {
	case p.File != "" && p.Text == "":
		return s.recorded(p)
	case p.Text != "" && p.File == "":
		return s.spoken(ctx, p, true)
	}
	return "", fmt.Errorf("%w: it must have either a file or a text", ErrPrompt)
}

// recorded finds and checks a file of the prompt folder.
func (s *Studio) recorded(p Prompt) (string, error) {
	if s.c.Recorded == "" {
		return "", fmt.Errorf("%w: %q, and there is no folder of recorded prompts; set one", ErrNotRecorded, p.File)
	}
	if !filepath.IsLocal(p.File) || !filepath.IsLocal(filepath.Join("x", p.Language)) {
		return "", fmt.Errorf("%w: file %q leaves the prompt folder", ErrPrompt, p.File)
	}
	for _, base := range slices.Compact([]string{
		filepath.Join(s.c.Recorded, p.Language, p.File), filepath.Join(s.c.Recorded, p.File),
	}) {
		switch err := usable(base + ".wav"); {
		case err == nil:
			return base, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
	}
	return "", fmt.Errorf("%w: %s is not there; record it there as 8 kHz, mono, 16-bit WAV, or give the prompt a text", ErrNotRecorded,
		filepath.Join(s.c.Recorded, p.Language, p.File)+".wav")
}

// usable says what is wrong with a file as a prompt.
func usable(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("prompt: %w", err)
	}
	defer f.Close()
	const remedy = "convert it to 8 kHz, mono, 16-bit PCM WAV"
	sound, err := wav.Read(f)
	switch {
	case errors.Is(err, wav.ErrFormat):
		return fmt.Errorf("%w: %s: %v; %s", ErrFormat, name, err, remedy)
	case err != nil:
		return fmt.Errorf("prompt %s: %w", name, err)
	case sound.Rate != Rate:
		return fmt.Errorf("%w: %s has %d samples a second; %s", ErrFormat, name, sound.Rate, remedy)
	case len(sound.Samples) == 0:
		return fmt.Errorf("%w: %s is empty; record it again", ErrFormat, name)
	}
	return nil
}

// Say is Resolve for a text that somebody wants to hear once: it is the first
// to leave the cache.
func (s *Studio) Say(ctx context.Context, text, language string) (string, error) {
	return s.spoken(ctx, Prompt{Text: text, Language: language}, false)
}

// spoken finds a speech in the cache or generates it, by the first engine that
// can. An engine that has failed comes last for a while.
func (s *Studio) spoken(ctx context.Context, p Prompt, pin bool) (string, error) {
	if len(s.desks) == 0 {
		return "", fmt.Errorf("%w: %q cannot be spoken; set an engine or record the prompt", ErrNoEngine, p.Text)
	}
	var awake, asleep []*desk
	now := time.Now()
	for _, d := range s.desks {
		if d.resting(now) {
			asleep = append(asleep, d)
		} else {
			awake = append(awake, d)
		}
	}
	var failed error
	for _, d := range append(awake, asleep...) {
		base := s.cache.base(d.engine.Name(), p.Language, p.Text)
		if s.cache.has(base, pin) {
			return base, nil
		}
		err := s.generate(ctx, d, base, p, pin)
		if err == nil {
			return base, nil
		}
		if failed == nil {
			failed = err
		} else { // in one line, in the order of being tried
			failed = fmt.Errorf("%w; then %w", failed, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return "", fmt.Errorf("speak %q: %w", p.Text, failed)
}

// generate has an engine speak into the cache.
func (s *Studio) generate(ctx context.Context, d *desk, base string, p Prompt, pin bool) error {
	if err := d.sit(ctx); err != nil {
		return err
	}
	defer d.stand()
	if s.cache.has(base, pin) { // spoken while we waited
		return nil
	}
	sound, err := d.speak(ctx, p.Text, p.Language, s.c.Deadline)
	if err != nil {
		return err
	}
	if err := s.cache.put(base, sound, pin); err != nil {
		return fmt.Errorf("keep the speech: %w", err)
	}
	return nil
}

// keep writes a sound that is there as a whole or not at all.
func keep(name string, sound wav.Sound) error {
	var b bytes.Buffer
	if err := wav.Write(&b, sound); err != nil {
		return err
	}
	return keepBytes(name, b.Bytes())
}

// keepBytes writes a file that is there as a whole or not at all.
func keepBytes(name string, content []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(content); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := f.Chmod(0o644); err != nil { // the switch may be another user
		return fmt.Errorf("let others read: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("put in place: %w", err)
	}
	return nil
}
