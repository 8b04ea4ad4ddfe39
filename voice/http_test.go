package voice

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huawu/huawu/voice/wav"
)

// engineAt is an HTTP engine whose far end is a handler.
func engineAt(t *testing.T, answer http.HandlerFunc) *HTTP {
	t.Helper()
	server := httptest.NewServer(answer)
	client := server.Client()
	client.CheckRedirect = direct.CheckRedirect
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
	})
	return &HTTP{Label: "far", URL: server.URL + "/speak?key=s3cret", Body: `{"input":"{text}","voice":"{voice}","lang":"{language}"}`,
		Headers: map[string]string{"Authorization": "Bearer s3cret"}, Voices: map[string]string{"zh": "xiao\"yan", "en": "amy"},
		Timeout: 300 * time.Millisecond, Client: client}
}

func TestAnEngineOverHTTPSpeaks(t *testing.T) {
	type asked struct{ Input, Voice, Lang string }
	const text = "您好\"\\，<b>&\n第二行"
	e := engineAt(t, func(w http.ResponseWriter, r *http.Request) {
		var a asked
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil || a != (asked{text, "xiao\"yan", "zh"}) || r.Method != "POST" ||
			r.Header.Get("Authorization") != "Bearer s3cret" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("asked for %+v, %v, %s %v", a, err, r.Method, r.Header)
		}
		w.Header().Set("Content-Type", "audio/wav")
		w.Write(wavOf(t, sine(24000)))
	})
	sound, err := e.Speak(t.Context(), text, "zh")
	if err != nil || sound.Rate != 24000 || sound.Lasts() != time.Second {
		t.Errorf("%d, %s, %v", sound.Rate, sound.Lasts(), err)
	}
	if _, err := e.Speak(t.Context(), text, "fr"); !errors.Is(err, ErrText) {
		t.Errorf("a language without a voice: %v", err)
	}
}

// An engine is asked straight, or by the proxy that is named: what the
// environment says of one is nobody's word.
func TestEnginesAreAskedByTheProxyThatIsNamed(t *testing.T) {
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "tts.example.com" {
			t.Errorf("the proxy is asked for %s", r.URL)
		}
		asked.Add(1)
		w.Write(wavOf(t, sine(8000)))
	}))
	t.Cleanup(proxy.Close)
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := Client(at)
	t.Cleanup(client.CloseIdleConnections)
	if _, err := (&HTTP{Label: "far", URL: "http://tts.example.com/speak", Client: client}).Speak(t.Context(), "您好", "zh"); err != nil || asked.Load() != 1 {
		t.Errorf("%v, asked %d times", err, asked.Load())
	}
	if way := direct.Transport.(*http.Transport); way.Proxy != nil {
		t.Error("the environment names a proxy")
	}
}

// The forms that engines answer in.
func TestAnswersAreReadByTheirForm(t *testing.T) {
	pcm := wavOf(t, sine(16000))[44:]
	for name, c := range map[string]struct {
		format, field, kind string
		rate                int
		answer              []byte
		lasts               time.Duration
	}{
		"WAV":          {"", "", "application/octet-stream", 0, wavOf(t, sine(8000)), time.Second},
		"PCM":          {FormatPCM, "", "audio/pcm", 16000, pcm, time.Second},
		"µ-law":        {FormatULaw, "", "audio/basic", 0, []byte(strings.Repeat("\x00\x80", 4000)), time.Second},
		"A-law":        {FormatALaw, "", "audio/x-alaw", 0, []byte(strings.Repeat("\x2a\xaa", 4000)), time.Second},
		"JSON":         {FormatPCM, "data.audio", "application/json", 16000, []byte(`{"code":0,"data":{"audio":"` + base64.StdEncoding.EncodeToString(pcm) + `"}}`), time.Second},
		"WAV in JSON":  {"", "audio", "application/json", 0, []byte(`{"audio":"` + base64.StdEncoding.EncodeToString(wavOf(t, sine(8000))) + `"}`), time.Second},
		"odd PCM":      {FormatPCM, "", "audio/pcm", 8000, pcm[:8001], 500 * time.Millisecond},
		"empty answer": {FormatPCM, "", "audio/pcm", 8000, nil, 0},
	} {
		e := engineAt(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			w.Write(c.answer)
		})
		e.Format, e.Field, e.Rate = c.format, c.field, c.rate
		if sound, err := e.Speak(t.Context(), "您好", "zh"); err != nil || sound.Lasts() != c.lasts {
			t.Errorf("%s: %s, %v", name, sound.Lasts(), err)
		}
	}
	for kind, want := range map[string]string{
		"application/x-www-form-urlencoded": "text=a%26b+%E6%82%A8&v=xiao%22yan", "text/xml": "text=a&amp;b 您&v=xiao&quot;yan", "text/plain": "text=a&b 您&v=xiao\"yan",
	} {
		var got string
		e := engineAt(t, func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			got = string(b)
			w.Write(wavOf(t, sine(8000)))
		})
		e.Headers, e.Body = map[string]string{"content-type": kind}, "text={text}&v={voice}"
		if _, err := e.Speak(t.Context(), "a&b 您", "zh"); err != nil || got != want {
			t.Errorf("%s: sent %q, %v", kind, got, err)
		}
	}
}

// Whatever an engine does, the next one speaks within a bounded time, and what
// went wrong is said clearly and without secrets.
func TestTheNextEngineSpeaksWhenOneFails(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"time-out": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no whole answer within 300ms"},
		"500":      {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "out of\nvoices", 500) }, "it answered 500: out of voices"},
		"403":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, "it answered 403: nothing"},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		}, "it answered 302, a redirect"},
		"garbage": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/wav")
			io.WriteString(w, "ID3 and no WAV at all")
		}, "does not begin with RIFF"},
		"wrong type": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			io.WriteString(w, `{"error":"quota"}`)
		}, `it answered application/json and no audio: {"error":"quota"}`},
		"huge": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/wav")
			for chunk := make([]byte, 1<<20); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, ""}, // too large, or too long under way
		"slow drip": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "audio/wav")
			for _, b := range wavOf(t, sine(8000)) {
				if _, err := w.Write([]byte{b}); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-time.After(20 * time.Millisecond):
				case <-r.Context().Done():
					return
				}
			}
		}, "no whole answer within 300ms"},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, "RIFF")
		}, "unexpected EOF"},
		"silence": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/wav")
			w.Write(wavOf(t, wav.Sound{Rate: 8000, Samples: make([]int16, 8000)}))
		}, "the voice is silent"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			far := engineAt(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				io.Copy(io.Discard, r.Body)
				c.answer(w, r)
			})
			near := &choir{sound: sine(8000)}
			s, err := New(Config{Cache: filepath.Join(t.TempDir(), "cache"), Engines: []Engine{far, near}})
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			if base, err := s.Resolve(t.Context(), Prompt{Text: "您好", Language: "zh"}); err != nil || usable(base+".wav") != nil || len(near.said) != 1 {
				t.Fatalf("%q, %v, %v", base, err, near.said)
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
			engines, _ := s.Stats()
			if e := engines[0]; e.Name != "far" || e.Failed != 1 || !e.Resting || !strings.Contains(e.LastError, c.want) || strings.Contains(e.LastError, "s3cret") {
				t.Errorf("%+v, want %s", e, c.want)
			}
			if engines[1].Spoken != 1 || engines[1].Failed != 0 {
				t.Errorf("%+v", engines[1])
			}
			// While it rests nobody waits for it.
			before := asked.Load()
			if _, err := s.Resolve(t.Context(), Prompt{Text: "再见", Language: "zh"}); err != nil || asked.Load() != before {
				t.Errorf("%v, asked %d times more", err, asked.Load()-before)
			}
		})
	}
}

// When none can speak, it is said of each why, in one line.
func TestWhenNoEngineSpeaks(t *testing.T) {
	far := engineAt(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	s, err := New(Config{Cache: t.TempDir(), Engines: []Engine{far, &choir{err: errors.New("hoarse")}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Resolve(t.Context(), Prompt{Text: "您好", Language: "zh"})
	if got := fmt.Sprint(err); !errors.Is(err, ErrSpeech) || !strings.HasSuffix(got, "far: it answered 403: nothing; then hoarse") || strings.Contains(got, "\n") {
		t.Errorf("%v", err)
	}
}

func TestAnEngineIsAskedAgain(t *testing.T) {
	for status, want := range map[int]int32{503: 3, 429: 3, 400: 1} {
		var asked atomic.Int32
		e := engineAt(t, func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.WriteHeader(status)
		})
		e.Retries = 2
		if _, err := e.Speak(t.Context(), "您好", "zh"); !errors.Is(err, ErrSpeech) || asked.Load() != want {
			t.Errorf("%d: asked %d times, want %d; %v", status, asked.Load(), want, err)
		}
	}
	var asked atomic.Int32
	e := engineAt(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			w.WriteHeader(500)
			return
		}
		w.Write(wavOf(t, sine(8000)))
	})
	e.Retries = 1
	if _, err := e.Speak(t.Context(), "您好", "zh"); err != nil {
		t.Errorf("it was better the second time: %v", err)
	}
	// What cannot be reached at all is told without its secrets.
	gone := &HTTP{Label: "gone", URL: "http://127.0.0.1:1/?key=s3cret", Timeout: time.Second, Client: e.Client}
	if _, err := gone.Speak(t.Context(), "x", "zh"); !errors.Is(err, ErrSpeech) || strings.Contains(fmt.Sprint(err), "s3cret") {
		t.Errorf("%v", err)
	}
}
