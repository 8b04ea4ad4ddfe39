package voice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/voice/wav"
)

// Espeak speaks with espeak-ng on this machine. The zero value is ready.
// Commands run for a moment each, at most one for a call of Speak at a time.
type Espeak struct {
	// Command is espeak-ng's path or name, "" for espeak-ng on PATH.
	Command string
	// Env is added to the environment, as "NAME=value".
	Env []string
	// Speed is words a minute, 80 to 450: 0 means 150.
	Speed int
}

// espeakVoices are the voices by language. In espeak-ng 1.51 the voice "cmn"
// spells Mandarin out in English; "cmn-latn-pinyin" speaks it.
var espeakVoices = map[string]string{"zh": "cmn-latn-pinyin", "en": "en"}

// espeakOutput bounds what one run may write: 10 min of speech.
const espeakOutput = 10 * 60 * 22050 * 2

// amplitude is espeak-ng's volume, 0 to 200: with its default of 100 some
// syllables are clipped.
const amplitude = "80"

// Name is "espeak-ng" with the speed and the volume; the voice follows from the
// language.
func (e *Espeak) Name() string { return fmt.Sprintf("espeak-ng %d %s", e.speed(), amplitude) }

// Title is what people call it.
func (e *Espeak) Title() string { return "espeak-ng" }

func (e *Espeak) speed() int {
	if e.Speed == 0 {
		return 150
	}
	return e.Speed
}

// Speak runs espeak-ng. A text that the voice would read in English, such as
// Latin letters in a Chinese text, is refused rather than spoken wrongly.
func (e *Espeak) Speak(ctx context.Context, text, language string) (wav.Sound, error) {
	voice, ok := espeakVoices[language]
	if !ok {
		return wav.Sound{}, fmt.Errorf("%w: %w: espeak-ng has no voice here for language %q; write zh or en", ErrSpeech, ErrText, language)
	}
	if language != "en" {
		phonemes, err := e.run(ctx, voice, text, "-q", "-x")
		if err != nil {
			return wav.Sound{}, err
		}
		if bytes.Contains(phonemes, []byte("(en)")) {
			return wav.Sound{}, fmt.Errorf("%w: %w: espeak-ng would read a part of it in English; write it in Chinese characters or record it", ErrSpeech, ErrText)
		}
	}
	out, err := e.run(ctx, voice, text, "--stdout")
	if err != nil {
		return wav.Sound{}, err
	}
	sound, err := wav.Read(bytes.NewReader(out))
	if err != nil {
		return wav.Sound{}, fmt.Errorf("%w: espeak-ng wrote no speech: %v", ErrSpeech, err)
	}
	return sound, nil
}

func (e *Espeak) run(ctx context.Context, voice, text string, args ...string) ([]byte, error) {
	command := e.Command
	if command == "" {
		command = "espeak-ng"
	}
	out, complaint := &bounded{most: espeakOutput}, &bounded{most: 1 << 20}
	// The text comes by stdin: one that begins with "-" is no option.
	cmd := exec.CommandContext(ctx, command, append([]string{"-v", voice, "-b", "1", "-s", strconv.Itoa(e.speed()), "-a", amplitude, "--stdin"}, args...)...)
	cmd.Env = append(os.Environ(), e.Env...)
	cmd.Stdin = strings.NewReader(text)
	cmd.Stdout, cmd.Stderr = out, complaint
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	switch {
	case err == nil:
		return out.buf.Bytes(), nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%w: espeak-ng took too long: %w", ErrSpeech, context.Cause(ctx))
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%w: %s cannot be run: install espeak-ng, or set prompts.espeak to its path: %v", ErrNoEngine, command, err)
	}
	return nil, fmt.Errorf("%w: %s: %v: %.300s", ErrSpeech, command, err, strings.TrimSpace(complaint.buf.String()))
}

// bounded is a buffer that a runaway program cannot fill without end. It does
// not embed its buffer: io.Copy would go round Write.
type bounded struct {
	buf  bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > b.most {
		return 0, fmt.Errorf("more than %d bytes", b.most)
	}
	return b.buf.Write(p)
}
