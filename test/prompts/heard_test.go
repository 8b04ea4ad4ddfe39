//go:build asterisk

package prompts_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// What a sung text is made of.
const (
	sung    = 300 * time.Millisecond
	rest    = 120 * time.Millisecond
	lowest  = 500.0 // hertz of the first text
	step    = 100.0
	ourTone = 3000.0
)

// song is a tone and a rest.
func song(hertz float64) wav.Sound {
	s := wav.Sound{Rate: tone.Rate, Samples: make([]int16, int((sung+rest)*tone.Rate/time.Second))}
	tone.NewSine(hertz, 0.3).Fill(s.Samples[:int(sung*tone.Rate/time.Second)])
	return s
}

func file(t *testing.T, s wav.Sound) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := wav.Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// singer is a text-to-speech engine that sings a tone of its own for each text.
type singer struct {
	mu    sync.Mutex
	texts []string
}

func (s *singer) tone(text string) float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, t := range s.texts {
		if t == text {
			return lowest + step*float64(i)
		}
	}
	s.texts = append(s.texts, text)
	return lowest + step*float64(len(s.texts)-1)
}

// name is the text of a tone.
func (s *singer) name(hertz float64) string {
	if hertz == ourTone {
		return "ours"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts[int((hertz-lowest)/step)]
}

// heard are the texts in what somebody heard, and when each began.
func (s *singer) heard(samples []int16) (texts []string, began []time.Duration) {
	const window, loud = tone.Rate / 25, 0.1 // 40 ms
	last := ""
	for from := 0; from+window <= len(samples); from += window / 4 {
		found, best := "", loud
		s.mu.Lock()
		n := len(s.texts)
		s.mu.Unlock()
		for i := 0; i <= n; i++ {
			hertz := lowest + step*float64(i)
			if i == n {
				hertz = ourTone
			}
			if l := tone.Level(samples[from:from+window], hertz); l > best {
				found, best = s.name(hertz), l
			}
		}
		if found != "" && found != last {
			texts, began = append(texts, found), append(began, time.Duration(from)*time.Second/tone.Rate)
		}
		last = found
	}
	return texts, began
}

// A phrase with the caller's number in it is heard on a real Asterisk in the
// order of its wording without a pause that is nobody's, and from the next call
// on another phrase as somebody has recorded it.
func TestPhrasesAreHeardInOrderAndAsRecorded(t *testing.T) {
	s := &singer{}
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "audio/wav")
		w.Write(file(t, song(s.tone(string(text)))))
	}))
	defer engine.Close()
	h := rig.Test(t, rig.Options{
		PBX:    pbx.Options{Phones: 1},
		Config: fmt.Sprintf("  engines: [{name: singer, url: %q, body: \"{text}\", headers: {Content-Type: text/plain}, at_once: 1}]\n", engine.URL),
		Centre: `
phrases: {profile: cable}
numbers: [{number: "4001", flow: main}]
flows:
  - id: main
    nodes:
      - id: hello
        play:
          prompts:
            - {phrase: phone_number_wrong.confirm, with: {phone: {from: caller_number}}, else: 请再说一次您的号码。}
            - {phrase: wait.before}
          barge_in: false
          next: end
      - {id: end, hangup: {}}
`})
	listen := func(from string) []string {
		t.Helper()
		p, err := phone.Open(phone.Config{Host: h.PBX.OutsideHost(), Server: h.PBX.SIP(), User: from})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c, err := p.Dial("4001", phone.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Ended(ctx); err != nil {
			t.Fatal(err)
		}
		texts, began := s.heard(c.Heard(10 * time.Second))
		for i := 1; i < len(began); i++ {
			if wait := began[i] - began[i-1] - sung - rest; wait < -100*time.Millisecond || wait > 200*time.Millisecond {
				t.Errorf("%s: %s comes %s after it is due", from, texts[i], wait)
			}
		}
		return texts
	}
	const before, after, wait = "非常抱歉，请问您的手机号码是", "吗", "请您稍等，我帮您核实一下好吗？"
	expect := func(from, want string) {
		t.Helper()
		if got := strings.Join(listen(from), " "); got != want {
			t.Errorf("%s hears %s, want %s", from, got, want)
		}
	}
	expect("13800138000", before+" 幺 三 八 零 零 幺 三 八 零 零 零 "+after+" "+wait)
	expect("anonymous", "请再说一次您的号码。 "+wait)

	record := func(method string, audio []byte) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, h.Base+"/api/v1/phrases/wait.before/recording", bytes.NewReader(audio))
		if err != nil {
			t.Fatal(err)
		}
		token, err := os.ReadFile(h.TokenFile)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(strings.Split(strings.TrimSpace(string(token)), "\n")[0])
		req.Header.Set("Authorization", "Bearer "+words[min(1, len(words)-1)])
		req.Header.Set("Content-Type", "audio/wav")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if answer, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%d %s, %v", res.StatusCode, answer, err)
		}
	}
	record(http.MethodPut, file(t, song(ourTone)))
	expect("13800138000", before+" 幺 三 八 零 零 幺 三 八 零 零 零 "+after+" ours")
	record(http.MethodDelete, nil)
	expect("anonymous", "请再说一次您的号码。 "+wait)
}
