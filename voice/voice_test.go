package voice

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/huawu/huawu/voice/wav"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// choir is an engine that sings.
type choir struct {
	mu       sync.Mutex
	said     []string
	now, top int // speeches under way, and the most there were
	takes    time.Duration
	sound    wav.Sound
	err      error
}

func (c *choir) Name() string { return "choir" }

func (c *choir) Speak(ctx context.Context, text, language string) (wav.Sound, error) {
	c.mu.Lock()
	c.said = append(c.said, language+" "+text)
	c.now++
	c.top = max(c.top, c.now)
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.now--
		c.mu.Unlock()
	}()
	select {
	case <-time.After(c.takes):
		return c.sound, c.err
	case <-ctx.Done():
		return wav.Sound{}, context.Cause(ctx)
	}
}

func sine(rate int) wav.Sound {
	s := wav.Sound{Rate: rate, Samples: make([]int16, rate)}
	for i := range s.Samples {
		s.Samples[i] = int16(12000 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
	}
	return s
}

func write(t *testing.T, name string, s wav.Sound) {
	t.Helper()
	var b bytes.Buffer
	if err := wav.Write(&b, s); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func studio(t *testing.T, e Engine) *Studio {
	t.Helper()
	c := Config{Recorded: filepath.Join(t.TempDir(), "prompts"), Cache: filepath.Join(t.TempDir(), "cache")}
	if e != nil {
		c.Engines = []Engine{e}
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSpeechIsConvertedAndKept(t *testing.T) {
	c := &choir{sound: sine(22050)}
	s := studio(t, c)
	base, err := s.Resolve(t.Context(), Prompt{Text: "您好", Language: "zh"})
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(base) || filepath.Ext(base) != "" || filepath.Dir(base) != s.c.Cache {
		t.Errorf("path %q", base)
	}
	f, err := os.Open(base + ".wav")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := wav.Read(f)
	if err != nil || got.Rate != 8000 || got.Lasts() != time.Second || math.Abs(got.Loudness()-sine(8000).Loudness()) > 0.01 {
		t.Errorf("%d samples a second, %s, loudness %.3f, %v", got.Rate, got.Lasts(), got.Loudness(), err)
	}
	if info, err := f.Stat(); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("others cannot read it: %v, %v", info.Mode(), err)
	}
	again, err := s.Resolve(t.Context(), Prompt{Text: "您好", Language: "zh"})
	if err != nil || again != base || len(c.said) != 1 {
		t.Errorf("again: %q, %v, said %v", again, err, c.said)
	}
	if other, err := s.Resolve(t.Context(), Prompt{Text: "您好", Language: "en"}); err != nil || other == base {
		t.Errorf("in another language: %q, %v", other, err)
	}
	// A file that was cut short, by a full disk perhaps, is made anew.
	if err := os.WriteFile(base+".wav", []byte("RIFF"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Resolve(t.Context(), Prompt{Text: "您好", Language: "zh"}); err != nil || len(c.said) != 3 || usable(base+".wav") != nil {
		t.Errorf("after damage: %v, said %v", err, c.said)
	}
	if left, err := filepath.Glob(filepath.Join(s.c.Cache, ".new-*")); err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

// Pauses are what a flow says: what an engine leaves before and after a speech
// is not heard, and what is within it stays.
func TestSpeechIsKeptWithoutTheSilenceAroundIt(t *testing.T) {
	const rate = 22050
	word := sine(rate).Samples[:rate*3/10]
	var said []int16
	for _, part := range [][]int16{make([]int16, rate*3/20), word, make([]int16, rate/5), word, make([]int16, rate*9/20)} {
		said = append(said, part...)
	}
	for i := range said { // no engine's silence is quite silent
		said[i] += int16(i%7 - 3)
	}
	s := studio(t, &choir{sound: wav.Sound{Rate: rate, Samples: said}})
	base, err := s.Resolve(t.Context(), Prompt{Text: "您好", Language: "zh"})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(base + ".wav")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := wav.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	const spoken, frame = 800 * time.Millisecond, 20 * time.Millisecond
	before, after := got.Edges()
	if silent := got.Lasts() - spoken; silent < 2*breath-frame || silent > 2*(breath+frame) || before > breath+frame || after > breath+frame {
		t.Errorf("lasts %s, silent for %s before and %s after", got.Lasts(), before, after)
	}
}

func TestSpeechIsBoundedInNumberAndTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &choir{sound: sine(8000), takes: time.Second}
		s := studio(t, c)
		begun := time.Now()
		var all sync.WaitGroup
		for i := range 6 {
			all.Go(func() {
				if _, err := s.Resolve(t.Context(), Prompt{Text: strings.Repeat("好", i+1)}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if c.top != 2 || time.Since(begun) != 3*time.Second {
			t.Errorf("%d at once, done after %s", c.top, time.Since(begun))
		}

		c.takes = time.Hour
		begun = time.Now()
		if _, err := s.Resolve(t.Context(), Prompt{Text: "慢"}); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != DefaultDeadline {
			t.Errorf("an engine that hangs: %v after %s", err, time.Since(begun))
		}

		// Whoever waits for a seat gives up with their own context.
		for _, text := range []string{"甲", "乙"} {
			all.Go(func() { s.Resolve(t.Context(), Prompt{Text: text}) })
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun = time.Now()
		if _, err := s.Resolve(ctx, Prompt{Text: "丙"}); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != time.Second {
			t.Errorf("waiting for a seat: %v after %s", err, time.Since(begun))
		}
		all.Wait()
	})
}

// Six who want the same speech at once cause it to be spoken at most as often
// as there are seats.
func TestTheSameSpeechIsNotSpokenByAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &choir{sound: sine(8000), takes: time.Second}
		s := studio(t, c)
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if _, err := s.Resolve(t.Context(), Prompt{Text: "好"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if len(c.said) > DefaultParallel {
			t.Errorf("spoken %d times", len(c.said))
		}
	})
}

func TestRecordedPrompts(t *testing.T) {
	s := studio(t, nil)
	folder := s.c.Recorded
	write(t, filepath.Join(folder, "menu.wav"), sine(8000))
	write(t, filepath.Join(folder, "greetings", "day.wav"), sine(8000))
	write(t, filepath.Join(folder, "en", "greetings", "day.wav"), sine(8000))
	write(t, filepath.Join(folder, "hifi.wav"), sine(44100))
	write(t, filepath.Join(folder, "empty.wav"), wav.Sound{Rate: 8000})
	if err := os.WriteFile(filepath.Join(folder, "song.wav"), []byte("ID3 is no WAV at all"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, language, want string }{
		{"menu", "zh", "menu"},
		{"menu", "", "menu"},
		{"greetings/day", "zh", "greetings/day"},
		{"greetings/day", "en", "en/greetings/day"},
	} {
		got, err := s.Resolve(t.Context(), Prompt{File: c.file, Language: c.language})
		if want := filepath.Join(folder, c.want); err != nil || got != want {
			t.Errorf("%s in %q: %q, %v, want %q", c.file, c.language, got, err, want)
		}
	}
	for _, c := range []struct {
		prompt Prompt
		is     error
		want   string
	}{
		{Prompt{File: "gone", Language: "zh"}, ErrNotRecorded, "zh/gone.wav is not there; record it there as 8 kHz, mono, 16-bit WAV"},
		{Prompt{File: "hifi"}, ErrFormat, "hifi.wav has 44100 samples a second; convert it to 8 kHz"},
		{Prompt{File: "song"}, ErrFormat, "song.wav: not a WAV of the kind"},
		{Prompt{File: "empty"}, ErrFormat, "empty.wav is empty; record it again"},
		{Prompt{File: "../secret"}, ErrPrompt, `file "../secret" leaves the prompt folder`},
		{Prompt{File: "/etc/passwd"}, ErrPrompt, "leaves the prompt folder"},
		{Prompt{File: "menu", Language: "../.."}, ErrPrompt, "leaves the prompt folder"},
		{Prompt{File: "menu", Text: "您好"}, ErrPrompt, "either a file or a text"},
		{Prompt{}, ErrPrompt, "either a file or a text"},
		{Prompt{Text: "您好", Language: "zh"}, ErrNoEngine, `"您好" cannot be spoken; set an engine or record the prompt`},
	} {
		if got, err := s.Resolve(t.Context(), c.prompt); got != "" || !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %q, %v, want %s", c.prompt, got, err, c.want)
		}
	}
	none, err := New(Config{Cache: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.Resolve(t.Context(), Prompt{File: "menu"}); !errors.Is(err, ErrNotRecorded) {
		t.Errorf("without a folder: %v", err)
	}
}

func TestWhatAnEngineGetsWrongIsNotKept(t *testing.T) {
	broken := errors.New("hoarse")
	for name, c := range map[string]*choir{
		"silence": {sound: wav.Sound{Rate: 8000, Samples: make([]int16, 8000)}},
		"nothing": {sound: wav.Sound{Rate: 22050}},
		"error":   {err: broken},
	} {
		s := studio(t, c)
		_, err := s.Resolve(t.Context(), Prompt{Text: "您好"})
		if want := map[bool]error{true: broken, false: ErrSpeech}[name == "error"]; !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		if left, err := os.ReadDir(s.c.Cache); err != nil || len(left) > 0 {
			t.Errorf("%s: kept %v, %v", name, left, err)
		}
	}
}

// An engine that fails is left out, the longer the more often, and asked again
// after that; one good speech and it is as before.
func TestAnEngineThatFailsRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hoarse, other := &choir{err: errors.New("hoarse")}, &choir{sound: sine(8000)}
		s, err := New(Config{Cache: t.TempDir(), Engines: []Engine{named{hoarse, "hoarse"}, other}})
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		asked := func() bool {
			t.Helper()
			before := len(hoarse.said)
			said++
			if _, err := s.Say(t.Context(), strings.Repeat("好", said), "zh"); err != nil {
				t.Error(err)
			}
			return len(hoarse.said) > before
		}
		if !asked() {
			t.Error("not asked at first")
		}
		for _, rest := range []time.Duration{restFirst, 2 * restFirst, 4 * restFirst} {
			time.Sleep(rest - time.Millisecond)
			if asked() {
				t.Errorf("asked within %s", rest)
			}
			time.Sleep(time.Millisecond)
			if !asked() {
				t.Errorf("not asked after %s", rest)
			}
		}
		for range 10 {
			time.Sleep(restMost)
			if !asked() {
				t.Errorf("not asked after %s", restMost)
			}
		}
		time.Sleep(restMost)
		hoarse.err, hoarse.sound = nil, sine(8000)
		for range 2 {
			if !asked() {
				t.Error("left out though it speaks")
			}
		}
		hoarse.err = errors.New("hoarse")
		if asked(); asked() {
			t.Error("asked at once after a failure")
		}
		time.Sleep(restFirst)
		if !asked() {
			t.Errorf("not asked after %s", restFirst)
		}
	})
}

// named is an engine by another name.
type named struct {
	Engine
	name string
}

func (n named) Name() string { return n.name }

func TestFoldersThatCannotBe(t *testing.T) {
	if _, err := New(Config{}); err == nil || !strings.Contains(err.Error(), "the folder for generated prompts is not set") {
		t.Errorf("no cache: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Cache: filepath.Join(file, "cache")}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a cache below a file: %v", err)
	}
	s := studio(t, &choir{sound: sine(8000)})
	if err := os.RemoveAll(s.c.Cache); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Resolve(t.Context(), Prompt{Text: "您好"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a cache that was removed: %v", err)
	}
}
