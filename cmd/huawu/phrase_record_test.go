package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/voice/wav"
)

// tune is a second of a tone as a WAV.
func tune(t *testing.T, rate int, hertz, peak float64) []byte {
	t.Helper()
	s := wav.Sound{Rate: rate, Samples: make([]int16, rate)}
	for i := range s.Samples {
		s.Samples[i] = int16(32767 * peak * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate)))
	}
	var b bytes.Buffer
	if err := wav.Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Phrases are spoken by an engine over HTTP until somebody records them.
func TestPhrasesAreRecorded(t *testing.T) {
	speech := tune(t, 24000, 440, 0.3)
	speaker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer s3cret" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "audio/wav")
		w.Write(speech)
	}))
	defer func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		speaker.Close()
	}()
	t.Setenv("HUAWU_TEST_TTS", "s3cret")
	r := boot(t, fmt.Sprintf(`prompts:
  espeak: none
  engines: [{name: cloud, url: "%s/?t={text}", headers: {Authorization: "Bearer ${HUAWU_TEST_TTS}"}}]
`, speaker.URL))
	r.in = "profile: cable\n"
	r.ok("phrase", "import", "-f", "-")

	file := func(name string) string { return filepath.Join(r.dir, name) }
	spoken := func(args ...string) []byte {
		t.Helper()
		out := file("out.wav")
		if text := r.ok(append(args, "-f", out)...); !strings.Contains(text, "out.wav is written") {
			t.Error(text)
		}
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if s, err := wav.Read(bytes.NewReader(spoken("say", "您好，请稍等。"))); err != nil || s.Rate != 8000 || len(s.Samples) != 8000 {
		t.Errorf("%d samples at %d, %v", len(s.Samples), s.Rate, err)
	}
	if out := r.ok("phrase", "say", "wait.before", "-f", "-"); !strings.HasPrefix(out, "RIFF") {
		t.Errorf("%.40q", out)
	}
	ours := tune(t, 44100, 620, 0.2)
	name := r.write("ours.wav", string(ours))
	for _, want := range []string{"wait.before", "请您稍等，我帮您核实一下好吗？", "heard", "✓    loudness", "LUFS", "!    rate", "PCM, 16 bits, 44100 Hz, 1 channels"} {
		if out := r.ok("phrase", "record", "upload", "wait.before", name); !strings.Contains(out, want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
	if got := spoken("phrase", "say", "wait.before"); !bytes.Equal(got, ours) {
		t.Errorf("%d bytes are heard", len(got))
	}
	if got := spoken("phrase", "record", "download", "wait.before", "--version", "2"); !bytes.Equal(got, ours) {
		t.Errorf("%d bytes are downloaded", len(got))
	}
	var list api.RecordingList
	if r.json(&list, "phrase", "record", "list"); len(list.Recordings) != 1 || list.Recordings[0].By != "admin" && list.Recordings[0].By == "" || list.Recordings[0].Via != "cli" {
		t.Errorf("%+v", list)
	}
	for _, c := range []struct {
		line []string
		want string
	}{
		{[]string{"phrase", "record", "list", "--lang", "zh"}, "使用中"},
		{[]string{"phrase", "record", "show", "wait.before"}, "Version"},
		{[]string{"phrase", "check"}, "odd: recordings: wait.before cable zh: rate is"},
		{[]string{"audit", "--action", "phrase.record"}, "phrase/wait.before"},
		{[]string{"phrase", "record", "remove", "wait.before"}, "wait.before is spoken by the text-to-speech engine"},
	} {
		if out := r.ok(c.line...); !strings.Contains(out, c.want) {
			t.Errorf("%s lacks %q:\n%s", strings.Join(c.line, " "), c.want, out)
		}
	}
	if got := spoken("phrase", "say", "wait.before"); bytes.Equal(got, ours) {
		t.Error("a recording that was removed is heard")
	}
	if text := metrics(t, r); !strings.Contains(text, `huawu_speech_spoken_total{engine="cloud"} 3`) || !strings.Contains(text, `huawu_speech_resting{engine="cloud"} 0`) ||
		!strings.Contains(text, "huawu_speech_cache_bytes 48132") {
		t.Errorf("metrics:\n%s", text)
	}
	r.fails(exitInvalid, []string{"send a WAV"}, "phrase", "record", "upload", "wait.before", r.write("x.mp3", "ID3 and so on, an mp3"))
	r.fails(exitInvalid, []string{"agent_no", "name=value"}, "phrase", "record", "upload", "greeting.opening", name)
	r.fails(exitNotFound, []string{"wait.before"}, "phrase", "record", "upload", "wait.befor", name)
	r.fails(exitNotFound, []string{"not found"}, "phrase", "record", "remove", "wait.before")
	r.fails(exitUsage, []string{"-f FILE"}, "say", "您好")
	r.fails(exitUsage, []string{"PHRASE"}, "phrase", "record", "upload", "wait.before")
}

// metrics are those of speech.
func metrics(t *testing.T, r *running) string {
	t.Helper()
	secret, err := api.FirstToken(r.config.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+r.config.Listen+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var of []string
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "huawu_speech_") {
			of = append(of, line)
		}
	}
	return strings.Join(of, "")
}

func TestEnginesThatCannotBeConfigured(t *testing.T) {
	s := newShell(t)
	config := func(engine string) string {
		return s.write("huawu.yaml", `switches: [{name: pbx, url: "http://127.0.0.1:1", password_env: X}]
prompts: {engines: [`+engine+`]}
`)
	}
	const right = `{name: a, url: "https://tts.example.com/", body: "{text}", proxy: "http://user:${HUAWU_TEST_PROXY}@proxy:3128"}`
	for engine, want := range map[string]string{
		right: "",
		`{name: a, url: "ftp://tts.example.com/{text}"}`:                         "no URL of HTTP",
		`{name: a, url: "https://tts.example.com/"}`:                             "what is to be spoken is not in it",
		`{url: "https://tts.example.com/{text}"}`:                                "is empty or comes twice",
		right + "," + right:                                                      "is empty or comes twice",
		`{name: a, url: "https://x/{text}", format: mp3}`:                        "write one of wav, pcm",
		`{name: a, url: "https://x/{text}", rate: 4000}`:                         "8000 to 96000",
		`{name: a, url: "https://x/{text}", timeout: 2m}`:                        "write up to 1m0s",
		`{name: a, url: "https://x/{text}", retries: 9}`:                         "write 0 to 5",
		`{name: a, url: "https://x/{text}", at_once: 99}`:                        "write 1 to 32",
		`{name: a, url: "https://x/{text}", proxy: "proxy:3128"}`:                "proxy: it is no URL of HTTP",
		`{name: a, url: "https://x/{text}", voices: {fr: jean}}`:                 `language "fr" is not spoken`,
		`{name: a, url: "https://${HUAWU_NO_SUCH_HOST}/{text}", body: "{text}"}`: "",
	} {
		c, err := loadConfig(config(engine))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", engine, err, want)
		}
		if strings.Contains(engine, "HUAWU_NO_SUCH") {
			if _, err := c.studio(); err == nil || !strings.Contains(err.Error(), "HUAWU_NO_SUCH_HOST is not set") {
				t.Errorf("a secret that is not there: %v", err)
			}
		}
	}
}
