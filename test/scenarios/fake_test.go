package scenarios

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

const secret = "scenarios-only-secret"

// promptLength is how long every prompt is, on either switch.
const promptLength = 800 * time.Millisecond

// fakeHouse is an engine on a switch in memory.
type fakeHouse struct {
	t     *testing.T
	fake  *mediatest.Fake
	world mediatest.World
	seats map[string]mediatest.Phone
	store *memory

	dir    string // of the engine that runs
	engine *engine.Engine
	api    *api.Server
	stop   context.CancelFunc
	over   chan error
}

// playOnFake plays a scenario in virtual time.
func playOnFake(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		fake := mediatest.NewFake("ast", mediatest.Options{PromptLength: promptLength})
		h := &fakeHouse{t: t, fake: fake, world: fake.World(t, patience), seats: map[string]mediatest.Phone{},
			store: &memory{pins: map[fact.AgentID]string{}}}
		d, agents := sc.document()
		for i := range agents {
			seat := string(d.ACD.Agents[i].ID)
			h.seats[seat] = fake.PhoneAt(h.world, fact.Endpoint("PJSIP/"+seat), mediatest.Behaviour{Then: mediatest.RingsOn})
		}
		h.boot(filepath.Join(t.TempDir(), "journal"))
		defer h.end()
		src, err := strict.Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		if status, answer, _ := h.send(http.MethodPut, "/centre", "application/yaml", src); status >= 300 {
			t.Fatalf("the centre: %d %s\n%s", status, answer, src)
		}
		sc.play(newStage(t, h))
	})
}

// boot starts huawu on a directory.
func (h *fakeHouse) boot(dir string) {
	h.t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	e, err := engine.New(engine.Options{
		Dir: dir, Store: h.store, Lookup: fakeLookup{h.store, h}, Enquirer: newEnquirer(), Speaker: reads{}, Keeper: h.store, Log: quiet,
		New:     func() engine.Machine { return center.New(fact.DefaultTenant) },
		Restore: func(checkpoint []byte) (engine.Machine, error) { return center.Restore(checkpoint) },
	})
	if err != nil {
		h.t.Fatal(err)
	}
	token, err := api.NewToken("operator", api.RoleAdmin, secret)
	if err != nil {
		h.t.Fatal(err)
	}
	resolve := func(_ context.Context, _ fact.TenantID, p flow.Prompt) (string, error) {
		if p.Text != "" {
			return "/prompts/spoken", nil
		}
		return "/prompts/" + p.File, nil
	}
	if h.api, err = api.New(api.Options{Engine: api.ForEngine(e), Store: h.store, Voice: memoryVoice{}, Compiler: api.Compiler{Resolve: resolve},
		Tokens: []api.Token{token}, Log: quiet}); err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h.dir, h.engine, h.stop, h.over = dir, e, stop, make(chan error, 1)
	go func() { h.over <- e.Run(ctx, h.fake) }()
	for range 1000 {
		if h.engine.Health().Ready {
			return
		}
		time.Sleep(10 * time.Millisecond) // of the bubble's clock; ready is asked again, 10 s at most
	}
	h.t.Fatal("the switch is not heard")
}

// fakeLookup looks things up in memory, and takes for said what was recorded
// under any name.
type fakeLookup struct {
	*memory
	h *fakeHouse
}

func (l fakeLookup) Take(ctx context.Context, _ fact.TenantID, q center.TakeQuestion) (center.Taken, error) {
	audio := []byte("RIFF" + q.File)
	path, err := l.h.api.TryTake(ctx, q.Voice(), q.Phrase, audio)
	if err == nil && q.Save {
		err = l.h.api.SaveTake(ctx, api.Actor{Name: "agent/" + string(q.Agent), Via: "phone"}, q.Voice(), q.Phrase, audio)
	}
	return center.Taken{Path: path}, err
}

func (h *fakeHouse) end() {
	h.stop()
	if err := <-h.over; err != nil {
		h.t.Error(err)
	}
}

// restart leaves the engine's directory as a kill -9 would.
func (h *fakeHouse) restart(during func()) {
	h.t.Helper()
	synctest.Wait()
	left := filepath.Join(h.t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(h.dir)); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(left, "key"), 0o600); err != nil {
		h.t.Fatal(err)
	}
	h.end()
	during()
	h.boot(left)
}

func (h *fakeHouse) caller(from, to string) mediatest.Far { return h.world.Call(from, to) }

func (h *fakeHouse) phone(seat string) mediatest.Phone {
	p := h.seats[seat]
	if p == nil { // a number beyond the trunk
		p = h.fake.PhoneAt(h.world, fact.Endpoint("PJSIP/"+seat+"@trunk"), mediatest.Behaviour{Then: mediatest.RingsOn})
		h.seats[seat] = p
	}
	return p
}

func (h *fakeHouse) dial(seat, number string) mediatest.Far {
	return h.fake.Dial(h.seats[seat], seat, number)
}

// answer picks up once the phone rings.
func (h *fakeHouse) answer(far mediatest.Far) { h.fake.PickUp(far) }

func (h *fakeHouse) vanish(far mediatest.Far) { h.fake.Vanish(far) }

// said is exact to how often it is asked what is heard.
func (h *fakeHouse) said(since time.Time, fars ...mediatest.Far) []speech {
	h.t.Helper()
	if wait := time.Until(since); wait > 0 {
		time.Sleep(wait) // of the bubble's clock
	}
	all := make([]speech, len(fars))
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		over := true
		for i, far := range fars {
			switch heard := far.Alive() && h.fake.HearsPrompt(far); {
			case heard && all[i].began.IsZero():
				all[i].began = time.Now()
			case !heard && !all[i].began.IsZero() && all[i].ended.IsZero():
				all[i].ended = time.Now()
			}
			over = over && !all[i].ended.IsZero()
		}
		if over {
			return all
		}
		if time.Now().After(end) {
			h.t.Fatalf("somebody hears nobody speak: %+v", all)
		}
	}
}

func (h *fakeHouse) reads(string) time.Duration { return promptLength }

func (h *fakeHouse) request(method, path string, body []byte) (int, []byte, error) {
	return h.send(method, path, "application/json", body)
}

func (h *fakeHouse) send(method, path, kind string, body []byte) (int, []byte, error) {
	r := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+secret)
	if len(body) > 0 {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	h.api.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes(), nil
}
