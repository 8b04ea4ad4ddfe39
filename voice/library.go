package voice

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/huawu/huawu/voice/wav"
)

// Wide is the other rate that recordings are kept at: Asterisk plays the .wav16
// beside a .wav on wideband calls.
const Wide = 16000

// Library is a folder of recordings. Each lies there under a name made of its
// content, as it came and at the switch's rates, and is never changed: a
// recording that takes another's place has another name, and calls that hear
// the old one hear it to its end. It may be used from several goroutines.
type Library struct{ dir string }

// Take is a recording that is in the library.
type Take struct {
	// Name is what it is kept under: 32 hexadecimal digits.
	Name     string        `json:"name"`
	Source   wav.Source    `json:"source"`
	Lasts    time.Duration `json:"lasts"`
	Findings []Finding     `json:"findings"`
}

// NewLibrary is a library in a folder, which is created; the switch must be
// able to read it under the same path.
func NewLibrary(dir string) (*Library, error) {
	abs, err := filepath.Abs(dir)
	if err != nil || dir == "" {
		return nil, fmt.Errorf("folder for recorded prompts %q: %w", dir, errors.Join(err, os.ErrInvalid))
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, fmt.Errorf("folder for recorded prompts: %w", err)
	}
	return &Library{abs}, nil
}

// Keep takes a WAV that is to say a text, "" for any: measured, converted, and
// there as a whole or not at all. ErrFormat: it cannot be played.
func (l *Library) Keep(audio []byte, text, language string) (Take, error) {
	const remedy = "send a WAV: PCM, A-law or µ-law, mono or stereo, 8 to 96 kHz"
	s, src, err := wav.Decode(bytes.NewReader(audio))
	switch {
	case errors.Is(err, wav.ErrFormat):
		return Take{}, fmt.Errorf("%w: %w; %s", ErrFormat, err, remedy)
	case err != nil:
		return Take{}, err
	case len(s.Samples) == 0:
		return Take{}, fmt.Errorf("%w: there is no sound in it; record it again", ErrFormat)
	case s.Lasts() > Longest:
		return Take{}, fmt.Errorf("%w: it lasts %s, %s is the longest", ErrFormat, s.Lasts().Round(time.Second), Longest)
	}
	sum := sha256.Sum256(audio)
	t := Take{Name: hex.EncodeToString(sum[:16]), Source: src, Lasts: s.Lasts(), Findings: Check(s, src, text, language)}
	// The one that is played comes last: where it is, all are.
	if err := keepBytes(l.original(t.Name), audio); err != nil {
		return Take{}, fmt.Errorf("keep the recording: %w", err)
	}
	if s.Rate > Rate {
		if err := keep(l.base(t.Name)+".wav16", s.Resample(Wide)); err != nil {
			return Take{}, fmt.Errorf("keep the recording: %w", err)
		}
	}
	if err := keep(l.base(t.Name)+".wav", s.Resample(Rate)); err != nil {
		return Take{}, fmt.Errorf("keep the recording: %w", err)
	}
	return t, nil
}

// takeName is how recordings are named.
var takeName = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (l *Library) base(name string) string     { return filepath.Join(l.dir, name) }
func (l *Library) original(name string) string { return filepath.Join(l.dir, name+".original") }

// Path is where a recording lies, without extension, once it is sure that it
// can be played. ErrNotRecorded: it is not there.
func (l *Library) Path(name string) (string, error) {
	if !takeName.MatchString(name) {
		return "", fmt.Errorf("%w: %q", ErrNotRecorded, name)
	}
	switch err := usable(l.base(name) + ".wav"); {
	case errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("%w: %s.wav is gone from the folder of recordings; record it again", ErrNotRecorded, l.base(name))
	case err != nil:
		return "", err
	}
	return l.base(name), nil
}

// Original is a recording as it came. ErrNotRecorded: it is not there.
func (l *Library) Original(name string) ([]byte, error) {
	if !takeName.MatchString(name) {
		return nil, fmt.Errorf("%w: %q", ErrNotRecorded, name)
	}
	b, err := os.ReadFile(l.original(name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s is gone from the folder of recordings", ErrNotRecorded, l.original(name))
	}
	if err != nil {
		return nil, fmt.Errorf("read the recording: %w", err)
	}
	return b, nil
}
