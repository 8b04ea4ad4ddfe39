package voice

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// script is a program in espeak-ng's place that notes what it is told in
// FOLDER/told, shows FOLDER/phonemes when asked for phonemes and speaks
// FOLDER/speech.wav.
func script(t *testing.T, body string) (*Espeak, string) {
	t.Helper()
	folder := t.TempDir()
	name := filepath.Join(folder, "espeak-ng")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+body), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "speech.wav"), sine(22050))
	return &Espeak{Command: name, Env: []string{"FOLDER=" + folder}}, folder
}

const speaks = `
echo "$*: $(cat)" >>"$FOLDER/told"
case "$*" in
*-x*) cat "$FOLDER/phonemes" ;;
*) cat "$FOLDER/speech.wav" ;;
esac
`

func TestEspeakSpeaks(t *testing.T) {
	e, folder := script(t, speaks)
	if err := os.WriteFile(filepath.Join(folder, "phonemes"), []byte("ni35nX'Au214_|"), 0o644); err != nil {
		t.Fatal(err)
	}
	for text, language := range map[string]string{"您好": "zh", "-v evil": "en"} {
		sound, err := e.Speak(t.Context(), text, language)
		if err != nil || sound.Rate != 22050 || len(sound.Samples) != 22050 {
			t.Errorf("%s: %d samples, %v", text, len(sound.Samples), err)
		}
	}
	told, err := os.ReadFile(filepath.Join(folder, "told"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"-v cmn-latn-pinyin -b 1 -s 150 -a 80 --stdin -q -x: 您好\n",
		"-v cmn-latn-pinyin -b 1 -s 150 -a 80 --stdin --stdout: 您好\n",
		"-v en -b 1 -s 150 -a 80 --stdin --stdout: -v evil\n",
	} {
		if !strings.Contains(string(told), want) {
			t.Errorf("not told %q:\n%s", want, told)
		}
	}
	if slow := (&Espeak{Speed: 100}).Name(); slow == e.Name() {
		t.Errorf("a slower voice has the same name %q", slow)
	}
}

func TestEspeakThatFails(t *testing.T) {
	english, folder := script(t, speaks)
	if err := os.WriteFile(filepath.Join(folder, "phonemes"), []byte("(en)v'I55p(cmn)_|"), 0o644); err != nil {
		t.Fatal(err)
	}
	grumpy, _ := script(t, "echo 'no such voice' >&2; exit 1")
	mute, _ := script(t, "cat >/dev/null; exit 0")
	for _, c := range []struct {
		name     string
		engine   *Espeak
		language string
		is       error
		want     string
	}{
		{"English in Chinese", english, "zh", ErrSpeech, "would read a part of it in English; write it in Chinese characters or record it"},
		{"language", english, "fr", ErrSpeech, `no voice here for language "fr"`},
		{"exit code", grumpy, "en", ErrSpeech, "exit status 1: no such voice"},
		{"no output", mute, "en", ErrSpeech, "wrote no speech"},
		{"not there", &Espeak{Command: "/nowhere/espeak-ng"}, "en", ErrNoEngine, "install espeak-ng, or set prompts.espeak to its path"},
		{"not on PATH", &Espeak{Command: "espeak-ng-that-nobody-has"}, "en", ErrNoEngine, "install espeak-ng, or set prompts.espeak"},
		{"not executable", &Espeak{Command: filepath.Join(folder, "speech.wav")}, "en", ErrNoEngine, "permission denied"},
	} {
		if _, err := c.engine.Speak(t.Context(), "VIP", c.language); !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestEspeakThatNeverEnds(t *testing.T) {
	for name, body := range map[string]string{"hangs": "exec sleep 60", "writes without end": "exec cat /dev/zero"} {
		e, _ := script(t, body)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		if name == "hangs" {
			ctx, cancel = context.WithTimeoutCause(t.Context(), 50*time.Millisecond, fmt.Errorf("enough"))
		}
		begun := time.Now()
		_, err := e.Speak(ctx, "hello", "en")
		cancel()
		if !errors.Is(err, ErrSpeech) || time.Since(begun) > 4*time.Second {
			t.Errorf("%s: %v after %s", name, err, time.Since(begun))
		}
		if name == "hangs" && !strings.Contains(err.Error(), "took too long: enough") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
