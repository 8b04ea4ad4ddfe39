//go:build asterisk

package prompts_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// What a sung text is made of.
const (
	sung      = 300 * time.Millisecond
	rest      = 450 * time.Millisecond // which nobody is to hear
	lowest    = 500.0                  // hertz of the first text
	step      = 100.0
	ourTone   = 3000.0
	phoneTone = 2600.0 // of who speaks on a phone
)

// others are the tones that no text has.
var others = map[float64]string{ourTone: "ours", phoneTone: "spoken"}

// song is a tone and a rest, as engines leave it at the end.
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

// tones are all there are, with their names.
func (s *singer) tones() map[float64]string {
	all := maps.Clone(others)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, text := range s.texts {
		all[lowest+step*float64(i)] = text
	}
	return all
}

// heard are the texts in what somebody heard, and when each began.
func (s *singer) heard(samples []int16) (texts []string, began []time.Duration) {
	const window, loud = tone.Rate / 25, 0.1 // 40 ms
	last, tones := "", s.tones()
	for from := 0; from+window <= len(samples); from += window / 4 {
		found, best := "", loud
		for hertz, name := range tones {
			if l := tone.Level(samples[from:from+window], hertz); l > best {
				found, best = name, l
			}
		}
		if found != "" && found != last {
			texts, began = append(texts, found), append(began, time.Duration(from)*time.Second/tone.Rate)
		}
		last = found
	}
	return texts, began
}

// hall is a house whose prompts are sung.
type hall struct {
	*rig.House
	*singer
	t *testing.T
}

func open(t *testing.T, centre string) *hall {
	t.Helper()
	s := &singer{}
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "audio/wav")
		w.Write(file(t, song(s.tone(string(text)))))
	}))
	t.Cleanup(engine.Close)
	return &hall{singer: s, t: t, House: rig.Test(t, rig.Options{
		PBX:    pbx.Options{Phones: 1},
		Config: fmt.Sprintf("  engines: [{name: singer, url: %q, body: \"{text}\", headers: {Content-Type: text/plain}, at_once: 1}]\n", engine.URL),
		Centre: centre,
	})}
}

func (h *hall) phone(c phone.Config) *phone.Phone {
	h.t.Helper()
	c.Server = h.PBX.SIP()
	p, err := phone.Open(c)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := p.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return p
}

// listen is what somebody outside hears at a number until its flow hangs up.
func (h *hall) listen(from, to string) []string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	c, err := h.phone(phone.Config{Host: h.PBX.OutsideHost(), User: from}).Dial(to, phone.Ask{})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := c.Ended(ctx); err != nil {
		h.t.Fatal(err)
	}
	texts, began := h.heard(c.Heard(10 * time.Second))
	for i := 1; i < len(began); i++ {
		if wait := began[i] - began[i-1] - sung; texts[i-1] != "spoken" && (wait < -100*time.Millisecond || wait > 200*time.Millisecond) {
			h.t.Errorf("%s: %s comes %s after it is due", from, texts[i], wait)
		}
	}
	return texts
}

func (h *hall) expect(from, want string) {
	h.t.Helper()
	if got := strings.Join(h.listen(from, "4001"), " "); got != want {
		h.t.Errorf("%s hears %s, want %s", from, got, want)
	}
}

const (
	before = "非常抱歉，请问您的手机号码是"
	after  = "吗"
	wait   = "请您稍等，我帮您核实一下好吗？"
)

// A phrase with the caller's number in it is heard on a real Asterisk in the
// order of its wording without a pause that is nobody's, and from the next call
// on another phrase as somebody has recorded it.
func TestPhrasesAreHeardInOrderAndAsRecorded(t *testing.T) {
	h := open(t, `
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
`)
	const number = before + " 幺 三 八 零 零 幺 三 八 零 零 零 " + after
	h.expect("13800138000", number+" "+wait)
	h.expect("anonymous", "请再说一次您的号码。 "+wait)
	const recording = "/api/v1/phrases/wait.before/recording"
	if err := h.Upload(t.Context(), http.MethodPut, recording, "audio/wav", file(t, song(ourTone).Resample(44_100)), nil); err != nil {
		t.Fatal(err)
	}
	h.expect("13800138000", number+" ours")
	if err := h.Do(t.Context(), http.MethodDelete, recording, nil, nil); err != nil {
		t.Fatal(err)
	}
	h.expect("anonymous", "请再说一次您的号码。 "+wait)
}

// What a supervisor says on a phone for a phrase is what the next caller hears.
func TestAPhraseIsHeardAsItWasSpokenOnAPhone(t *testing.T) {
	h := open(t, `
phrases: {profile: cable}
numbers: [{number: "4001", flow: main}]
codes: [{code: "*77", flow: agent-record-phrase}]
agents: [{id: "1001", supervisor: true}]
seats: [{endpoint: PJSIP/1001}]
flows:
  - id: main
    nodes:
      - {id: hello, play: {prompts: [{phrase: wait.before}], barge_in: false, next: end}}
      - {id: end, hangup: {}}
`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	account := h.PBX.Phones()[0]
	p := h.phone(phone.Config{Host: h.PBX.PhoneHost(), User: account.Name, Password: account.Password, Tone: phoneTone})
	if err := p.Register(ctx); err != nil {
		t.Fatal(err)
	}
	if err := h.Post(ctx, "/api/v1/agents/1001/sign-in", map[string]any{"endpoint": "PJSIP/" + account.Name}, nil); err != nil {
		t.Fatal(err)
	}
	var list api.PhraseList
	if err := h.Get(ctx, "/api/v1/phrases?scene=wait", &list); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(list.Items, func(i api.PhraseItem) bool { return i.Key == "wait.before" })
	c, err := p.Dial("*77", phone.Ask{})
	if err == nil {
		err = c.Answered(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	// reached waits until a node is reached, or an event told, that often.
	reached := func(what string, times int) {
		t.Helper()
		if err := rig.Until(ctx, time.Minute, what, func() (bool, error) {
			calls, err := h.Calls(ctx)
			if err != nil || len(calls) == 0 {
				return false, err
			}
			var d api.CallDetail
			if err := h.Get(ctx, "/api/v1/calls/"+string(calls[0].ID), &d); err != nil {
				return false, err
			}
			n := 0
			for _, e := range d.Events {
				if string(e.Kind) == what || e.Name == "agent-record-phrase/"+what {
					n++
				}
			}
			return n >= times, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	press := func(keys string) {
		t.Helper()
		if err := c.Press(ctx, keys); err != nil {
			t.Fatal(err)
		}
	}
	press(strconv.Itoa(list.Items[at].Number) + "#")
	reached("record.started", 1)
	c.Talk(true)
	if err := rig.Until(ctx, time.Minute, "it to be said", func() (bool, error) { return c.Sung() >= 1200*time.Millisecond, nil }); err != nil {
		t.Fatal(err)
	}
	c.Talk(false)
	press("#")
	reached("again", 1)
	press("1")
	if _, err := c.Ended(ctx); err != nil {
		t.Fatal(err)
	}
	h.expect("13800138000", "spoken")
}
