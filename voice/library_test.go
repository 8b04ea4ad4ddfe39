package voice

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/voice/wav"
)

func wavOf(t testing.TB, s wav.Sound) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := wav.Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func library(t *testing.T) *Library {
	t.Helper()
	l, err := NewLibrary(filepath.Join(t.TempDir(), "recorded"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What is recorded lies there as it came and at the switch's rates, once.
func TestRecordingsAreKept(t *testing.T) {
	l := library(t)
	said := sine(44100)
	said.Samples = append(make([]int16, 22050), said.Samples[:22050]...) // a pause that somebody recorded stays
	audio := wavOf(t, said)
	take, err := l.Keep(audio, "", "zh")
	if err != nil || take.Lasts != time.Second || take.Source.Rate != 44100 {
		t.Fatalf("%+v, %v", take, err)
	}
	base, err := l.Path(take.Name)
	if err != nil || !filepath.IsAbs(base) {
		t.Fatalf("%q, %v", base, err)
	}
	for extension, rate := range map[string]int{".wav": 8000, ".wav16": 16000} {
		b, err := os.ReadFile(base + extension)
		if err != nil {
			t.Fatal(err)
		}
		got, err := wav.Read(bytes.NewReader(b))
		if err != nil || got.Rate != rate || got.Lasts() != time.Second || math.Abs(got.Loudness()-said.Loudness()) > 0.01 {
			t.Errorf("%s: %d, %s, %v", extension, got.Rate, got.Lasts(), err)
		}
	}
	if got, err := l.Original(take.Name); err != nil || !bytes.Equal(got, audio) {
		t.Errorf("the original has %d bytes, %v", len(got), err)
	}
	// Many at once, of the same and of others.
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s := sine(8000)
			s.Samples[0] = int16(i % 2)
			if take, err := l.Keep(wavOf(t, s), "", "zh"); err != nil {
				t.Error(err)
			} else if _, err := l.Path(take.Name); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if left, err := filepath.Glob(filepath.Join(l.dir, ".new-*")); err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
	// 8 kHz is not made into what it is not.
	narrow, err := l.Keep(wavOf(t, sine(8000)), "", "zh")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(l.base(narrow.Name) + ".wav16"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("wideband from 8 kHz: %v", err)
	}
}

func TestWhatCannotBePlayedIsRefused(t *testing.T) {
	l := library(t)
	for want, audio := range map[string][]byte{
		"does not begin with RIFF": []byte("ID3 and then an mp3"),
		"no sound in it":           wavOf(t, wav.Sound{Rate: 8000}),
		"is the longest":           wavOf(t, wav.Sound{Rate: 8000, Samples: make([]int16, 601*8000)}),
		"send a WAV":               nil,
	} {
		if _, err := l.Keep(audio, "", "zh"); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if left, err := os.ReadDir(l.dir); err != nil || len(left) > 0 {
		t.Errorf("kept %v, %v", left, err)
	}
	for _, name := range []string{"", "../../etc/passwd", strings.Repeat("0", 32)} {
		if p, err := l.Path(name); !errors.Is(err, ErrNotRecorded) {
			t.Errorf("%q: %q, %v", name, p, err)
		}
		if _, err := l.Original(name); !errors.Is(err, ErrNotRecorded) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := NewLibrary(""); err == nil {
		t.Error("a library without a folder")
	}
}

// Each check tells its value, its limit and, beyond it, what to do.
func TestRecordingsAreChecked(t *testing.T) {
	const ten = "您好请问有什么可以帮" // ten characters
	voice := func(seconds int, peak float64) wav.Sound {
		s := wav.Sound{Rate: 16000, Samples: make([]int16, seconds*16000)}
		for i := range s.Samples {
			s.Samples[i] = int16(math.Max(-32768, math.Min(32767, 32767*peak*math.Sin(2*math.Pi*440*float64(i)/16000))))
		}
		return s
	}
	quietly := voice(5, 0.2)
	quietly.Samples = append(make([]int16, 16000), append(quietly.Samples, make([]int16, 2*16000)...)...)
	fine := wav.Source{Coding: "PCM", Channels: 1, Rate: 16000, Bits: 16}
	for name, c := range map[string]struct {
		s    wav.Sound
		src  wav.Source
		text string
		odd  string
	}{
		"right":           {voice(5, 0.2), fine, "", ""},
		"too quiet":       {voice(5, 0.01), fine, "", "loudness"},
		"too loud":        {voice(5, 0.9), fine, "", "loudness"},
		"clipped":         {voice(5, 1.5), fine, "", "loudness clipping"},
		"silent edges":    {quietly, fine, "", "lead trail"},
		"eight bits":      {voice(5, 0.2), wav.Source{Coding: "PCM", Channels: 1, Rate: 8000, Bits: 8}, "", "format"},
		"narrow A-law":    {voice(5, 0.2), wav.Source{Coding: "A-law", Channels: 1, Rate: 8000, Bits: 8}, "", ""},
		"a natural pace":  {voice(3, 0.2), fine, ten, "rate"},
		"in the band":     {voice(6, 0.2), fine, ten + "您", ""}, // 110 a minute
		"half of it":      {voice(1, 0.2), fine, ten, "length rate"},
		"another's":       {voice(60, 0.2), fine, ten, "length rate"},
		"nothing is said": {voice(5, 0), fine, ten, "loudness lead length rate"},
	} {
		var odd []string
		for _, f := range Check(c.s, c.src, c.text, "zh") {
			if f.Value == "" || f.Limit == "" || f.Odd != (f.Remedy != "") {
				t.Errorf("%s: %+v", name, f)
			}
			if f.Odd {
				odd = append(odd, f.Check)
			}
		}
		if got := strings.Join(odd, " "); got != c.odd {
			t.Errorf("%s: odd are %q, want %q", name, got, c.odd)
		}
	}
	if n := Characters("Hello, how can I help you?", "en"); n != 9 {
		t.Errorf("English: %d", n)
	}
	for _, f := range Check(voice(5, 0.2), fine, "Hello there", "en") {
		if f.Check == "rate" {
			t.Error("English has no band of characters")
		}
	}
}
