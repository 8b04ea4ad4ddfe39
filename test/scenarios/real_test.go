//go:build asterisk

package scenarios

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/scripts/strict"
	"github.com/huawu/huawu/test/far"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// atOnce bounds how many houses stand at once on a machine of few processors.
var atOnce = make(chan struct{}, 2)

func TestScenariosOnAsterisk(t *testing.T) {
	for _, sc := range scenarios {
		t.Run(sc.title(), func(t *testing.T) {
			t.Parallel()
			atOnce <- struct{}{}
			defer func() { <-atOnce }()
			playOnAsterisk(t, sc)
		})
	}
}

// realHouse is huawu at work on an Asterisk, and phones round it.
type realHouse struct {
	*rig.House
	t     *testing.T
	side  *far.Side
	seats map[string]*far.Phone
}

func playOnAsterisk(t *testing.T, sc scenario) { playBeside(t, sc, "") }

// playBeside plays a scenario with more in huawu.yaml.
func playBeside(t *testing.T, sc scenario, config string) {
	d, agents := sc.document()
	src, err := strict.Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	h := &realHouse{t: t, seats: map[string]*far.Phone{}}
	h.House = rig.Test(t, rig.Options{PBX: pbx.Options{Phones: agents, Files: deaf(sc.deaf, agents)}, Centre: string(src), Prompts: recorded(t, d), Espeak: reader(t),
		Config: "lookups: {hosts: [" + crm.URL + "]}\n" + config})
	h.side = far.New(t, h.PBX, patience)
	for _, account := range h.PBX.Phones() {
		p := h.side.Open(phone.Config{Host: h.PBX.PhoneHost(), User: account.Name, Password: account.Password})
		p.Register(true)
		h.seats[account.Name] = p
	}
	s := newStage(t, h)
	t.Cleanup(func() {
		if t.Failed() {
			h.tell()
		}
	})
	sc.play(s)
}

// deaf is the configuration of a switch that soon ends legs that send nothing.
func deaf(after time.Duration, agents int) map[string]string {
	if after == 0 {
		return nil
	}
	timeout := fmt.Sprintf("(+)\nrtp_timeout = %d\n", after/time.Second)
	text := "\n[trunk]" + timeout
	for i := range agents {
		text += "[" + strconv.Itoa(1001+i) + "]" + timeout
	}
	return map[string]string{"pjsip.conf": text}
}

// tell shows what a failed scenario has led to.
func (h *realHouse) tell() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	live, err := h.Calls(ctx)
	h.t.Logf("calls in progress: %+v, %v", live, err)
	ended, err := h.Ended(ctx)
	h.t.Logf("calls that have ended: %+v, %v", ended, err)
	var calls []fact.CallID
	for _, v := range live {
		calls = append(calls, v.ID)
	}
	for _, r := range ended {
		calls = append(calls, r.Call)
	}
	for _, id := range calls[:min(len(calls), 4)] {
		var d api.CallDetail
		if err := h.Get(ctx, "/api/v1/calls/"+string(id), &d); err != nil {
			h.t.Log(err)
			continue
		}
		for _, e := range d.Events {
			h.t.Logf("%s %s %s", id, time.UnixMilli(e.Wall).UTC().Format("15:04:05.000"), words(e.Event))
		}
	}
}

// recorded is a folder with the tone of every prompt that a document names.
func recorded(t *testing.T, d api.Document) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Flows {
		for _, p := range f.Prompts() {
			if p.File != "" {
				sing(t, filepath.Join(dir, p.File+".wav"), promptLength)
			}
		}
	}
	return dir
}

// sing writes the tone of prompts.
func sing(t *testing.T, path string, length time.Duration) {
	t.Helper()
	samples := make([]int16, length*tone.Rate/time.Second)
	tone.NewSine(far.PromptTone, 0.3).Fill(samples)
	file, err := os.Create(path)
	if err == nil {
		err = errors.Join(wav.Write(file, wav.Sound{Rate: tone.Rate, Samples: samples}), file.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// reader is a speech engine that sings: a text of more bytes for longer, so that
// what is heard tells which it is. Its speech ends with it, as that of no
// espeak-ng does.
func reader(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\nn=$(wc -c)\ncase \" $* \" in *\" --stdout \"*) ;; *) exit 0 ;; esac\n"
	for i, r := range reading {
		file := filepath.Join(dir, strconv.Itoa(i)+".wav")
		sing(t, file, r.takes)
		script += fmt.Sprintf("[ \"$n\" -le %d ] && exec cat %s\n", r.bytes, file)
	}
	path := filepath.Join(dir, "reader")
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// reading is how long the reader takes for a text of at most so many bytes.
var reading = []struct {
	bytes int
	takes time.Duration
}{{50, promptLength}, {70, 3 * promptLength / 2}, {1 << 20, 2 * promptLength}}

func (h *realHouse) reads(text string) time.Duration {
	for _, r := range reading {
		if len(text) <= r.bytes {
			return r.takes
		}
	}
	return 0
}

func (h *realHouse) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}

func (h *realHouse) caller(from, to string) mediatest.Far {
	h.t.Helper()
	return h.side.Call(from, to)
}

// phone is an agent's, or all the world beyond the trunk.
func (h *realHouse) phone(seat string) mediatest.Phone {
	h.t.Helper()
	if p := h.seats[seat]; p != nil {
		return p
	}
	const world = "world"
	if h.seats[world] == nil {
		_, port, _ := strings.Cut(h.PBX.Outside(), ":")
		n, err := strconv.Atoi(port)
		if err != nil {
			h.t.Fatalf("the trunk leads to %q", h.PBX.Outside())
		}
		h.seats[world] = h.side.Open(phone.Config{Host: h.PBX.OutsideHost(), Port: n, User: world})
	}
	return h.seats[world]
}

func (h *realHouse) dial(seat, number string) mediatest.Far {
	h.t.Helper()
	return h.seats[seat].Dial(number)
}

func (h *realHouse) answer(end mediatest.Far) { end.(*far.End).Call.Answer() }

func (h *realHouse) vanish(end mediatest.Far) { end.(*far.End).Phone.Vanish(true) }

func (h *realHouse) beeped(end mediatest.Far, of time.Duration) bool {
	return end.(*far.End).Beeped(of)
}

func (h *realHouse) restart(during func()) {
	h.t.Helper()
	if err := h.Kill(); err != nil {
		h.t.Fatal(err)
	}
	during()
	if err := h.Boot(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *realHouse) request(method, path string, body []byte) (int, []byte, error) {
	var raw rawBody
	var content any
	if body != nil {
		content = jsonBody(body)
	}
	ctx, cancel := h.context()
	defer cancel()
	err := h.Do(ctx, method, "/api/v1"+path, content, &raw)
	if refusal := (*rig.Refusal)(nil); errors.As(err, &refusal) {
		return refusal.Status, []byte(refusal.Body), nil
	}
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, raw, nil
}

// said finds speech by its loudness: a pause within a sentence is part of it.
func (h *realHouse) said(since time.Time, ends ...mediatest.Far) []speech {
	h.t.Helper()
	const (
		loud   = 0.01
		within = time.Second // a pause of speech
	)
	all := make([]speech, len(ends))
	for i, end := range ends {
		c := end.(*far.End).Call
		if !h.side.Sees(func() bool {
			all[i] = speech{}
			if spans := c.Spoken(time.Since(since), loud, within); len(spans) > 0 {
				all[i] = speech{spans[0].From, spans[0].To}
			}
			return !all[i].began.IsZero() && (time.Since(all[i].ended) > within || !c.Alive())
		}) {
			h.t.Fatalf("%s hears nobody speak from %v on", end.(*far.End).Phone.User(), since)
		}
	}
	return all
}

// rawBody keeps an answer as it is; jsonBody is sent as it is.
type rawBody []byte

func (b *rawBody) UnmarshalJSON(text []byte) error {
	*b = slices.Clone(text)
	return nil
}

type jsonBody []byte

func (b jsonBody) MarshalJSON() ([]byte, error) { return b, nil }

var _ house = (*realHouse)(nil)
