//go:build asterisk

package prompts_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice"
	"github.com/huawu/huawu/voice/wav"
)

// espeak is the engine that HUAWU_ESPEAK names, else the one on PATH or in the
// cache.
func espeak(t *testing.T) *voice.Espeak {
	t.Helper()
	for _, name := range []string{os.Getenv("HUAWU_ESPEAK"), "espeak-ng", filepath.Join(pbx.Cache(), "asterisk/bin/espeak-ng")} {
		if path, err := exec.LookPath(name); err == nil {
			return &voice.Espeak{Command: path}
		}
	}
	t.Fatal("no espeak-ng: set HUAWU_ESPEAK or run deploy/asterisk/install.sh espeak-ng")
	return nil
}

func hear(t *testing.T, s *voice.Studio, p flow.Prompt) wav.Sound {
	t.Helper()
	base, err := s.Resolve(t.Context(), voice.Prompt{File: p.File, Text: p.Text, Language: p.Language})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(base + ".wav")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sound, err := wav.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return sound
}

// Every prompt of the shipped flows is spoken: audible, not clipped, without
// silence around it, and at a pace that no English spelling of its characters could have.
func TestShippedPromptsAreSpoken(t *testing.T) {
	s, err := voice.New(voice.Config{Cache: t.TempDir(), Engines: []voice.Engine{espeak(t)}})
	if err != nil {
		t.Fatal(err)
	}
	all, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	begun, prompts := time.Now(), 0
	for _, f := range all {
		for _, p := range f.Prompts() {
			sound := hear(t, s, p)
			prompts++
			before, after := sound.Edges()
			if before+after > 200*time.Millisecond { // by which a pause may be off
				t.Errorf("%q: silent for %s before and %s after", p.Text, before, after)
			}
			each := (sound.Lasts() - before - after) / time.Duration(utf8.RuneCountInString(p.Text))
			if each < 100*time.Millisecond || each > 450*time.Millisecond {
				t.Errorf("%q: %s a character", p.Text, each)
			}
			clipped := 0
			for _, x := range sound.Samples {
				if x == 32767 || x == -32768 {
					clipped++
				}
			}
			if l := tone.Loudness(sound.Samples); sound.Rate != voice.Rate || l < 0.03 || l > 0.4 || clipped > len(sound.Samples)/1000 {
				t.Errorf("%q: %d samples a second, loudness %.3f, %d samples clipped", p.Text, sound.Rate, l, clipped)
			}
		}
	}
	t.Logf("%d prompts in %s", prompts, time.Since(begun))
}

func TestEnglishIsSpokenAndEnglishInChineseRefused(t *testing.T) {
	s, err := voice.New(voice.Config{Cache: t.TempDir(), Engines: []voice.Engine{espeak(t)}})
	if err != nil {
		t.Fatal(err)
	}
	if sound := hear(t, s, flow.Prompt{Text: "Press one for sales.", Language: "en"}); sound.Lasts() < time.Second || sound.Lasts() > 4*time.Second {
		t.Errorf("lasts %s", sound.Lasts())
	}
	if _, err := s.Resolve(context.Background(), voice.Prompt{Text: "尊敬的VIP用户", Language: "zh"}); !errors.Is(err, voice.ErrSpeech) {
		t.Errorf("English in Chinese: %v", err)
	}
}
