package replay

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/test/sim"
)

const (
	switchName = "fake"
	// pin is every agent's, too long to lie anywhere by chance.
	pin = "739182640517"
)

func newMachine() engine.Machine                        { return center.New(fact.DefaultTenant) }
func restore(checkpoint []byte) (engine.Machine, error) { return center.Restore(checkpoint) }

// pins says yes to pin.
type pins struct{}

func (pins) CheckPIN(_ context.Context, _ fact.TenantID, _ fact.AgentID, typed string) (bool, error) {
	return typed == pin, nil
}

func (pins) Take(context.Context, fact.TenantID, center.TakeQuestion) (center.Taken, error) {
	return center.Taken{}, errors.New("nobody records")
}

func (pins) Caller(context.Context, fact.TenantID, center.CallerQuestion) (center.CallerHistory, error) {
	return center.CallerHistory{}, nil
}

// house is an engine on a data directory, and the far side of its switch.
type house struct {
	t      *testing.T
	config center.Config
	fake   *mediatest.Fake
	world  mediatest.World
	log    bytes.Buffer

	dir    string
	engine *engine.Engine
	stop   context.CancelFunc
	over   chan error
}

// boot starts an engine on the directory.
func (h *house) boot(dir string) {
	h.t.Helper()
	e, err := engine.New(engine.Options{
		Dir: dir, New: newMachine, Restore: restore, Config: &h.config, Lookup: pins{}, EffectLog: true,
		CheckpointEvery: 3 * time.Second, Log: slog.New(slog.NewTextHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h.dir, h.engine, h.stop, h.over = dir, e, stop, make(chan error, 1)
	go func() { h.over <- e.Run(ctx, h.fake) }()
	h.until("the switch to be heard", func(v *center.View) bool { return e.Health().Recovered && e.Health().Ready })
}

// end ends the engine in good order.
func (h *house) end() {
	h.t.Helper()
	h.stop()
	if err := <-h.over; err != nil {
		h.t.Error(err)
	}
}

// kill leaves the engine's directory as a kill -9 would, and boots another on
// what it leaves.
func (h *house) kill() {
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
	h.boot(left)
}

// until lets virtual time pass until a view is so.
func (h *house) until(what string, so func(v *center.View) bool) {
	h.t.Helper()
	for range 6000 {
		if v, _ := h.engine.View(); so(v) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.t.Fatalf("waited a minute for %s", what)
}

func (h *house) agent(id fact.AgentID, state string) {
	h.t.Helper()
	h.until("agent "+string(id)+" to be "+state, func(v *center.View) bool {
		for _, a := range v.Agents {
			if a.ID == id {
				return string(a.State) == state
			}
		}
		return false
	})
}

func (h *house) calls(state center.CallState, n int) {
	h.t.Helper()
	h.until("calls to be "+string(state), func(v *center.View) bool {
		found := 0
		for _, c := range v.Calls {
			if c.State == state {
				found++
			}
		}
		return found == n
	})
}

// call has a caller choose the first service of the hotline.
func (h *house) call(from string) mediatest.Far {
	h.t.Helper()
	far := h.world.Call(from, "100")
	far.Answered()
	h.until("the menu", func(v *center.View) bool {
		for _, c := range v.Calls {
			if c.From == from && c.Node == "demo/services" {
				return true
			}
		}
		return false
	})
	far.Press("1")
	return far
}

func TestReplayGivesTheSameEffects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config, err := sim.Config(2)
		if err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, config: config, fake: mediatest.NewFake(switchName, mediatest.Options{})}
		h.world = h.fake.World(t, time.Minute)
		var phones []mediatest.Phone
		for i := range config.Seats {
			phones = append(phones, h.world.Phone(mediatest.Behaviour{Ring: time.Second, Then: mediatest.Answers}))
			h.config.Seats[i].Endpoint = phones[i].Endpoint()
		}
		h.boot(filepath.Join(t.TempDir(), "first"))
		open := h.tellTheDay(phones)
		h.end()

		effects := read(t, filepath.Join(h.dir, "effects.log"))
		held(t, effects)
		var replay bytes.Buffer
		done, err := engine.Replay(engine.ReplayOptions{Dir: h.dir, New: newMachine, Restore: restore, Log: slog.New(slog.DiscardHandler)}, &replay)
		if err != nil {
			t.Fatal(err)
		}
		if done.First != 1 || done.Checkpoint != 0 || !bytes.Equal(replay.Bytes(), effects) {
			t.Errorf("replayed %+v to %d bytes, the run wrote %d: want the same from the beginning", done, replay.Len(), len(effects))
		}
		secret(t, h.dir, h.log.String(), open)
	})
}

// tellTheDay lets everything happen that a day brings, with two deaths of the
// engine, and says how many keys were pressed that anybody may read.
func (h *house) tellTheDay(phones []mediatest.Phone) (keys int) {
	signIn := func(i int, id string, dies bool) {
		far := h.fake.CallFrom(phones[i], "*11")
		far.Answered()
		node := func(name string) {
			h.until(name, func(v *center.View) bool { return len(v.Calls) == 1 && v.Calls[0].Node == "agent-sign-in/"+name })
		}
		node("number")
		far.Press(id + "#")
		keys += len(id) + 1
		node("pin")
		if dies {
			far.Press(pin[:5])
			h.kill()
			node("pin")
		}
		far.Press(pin + "#")
		h.agent(fact.AgentID(id), "NOT_READY")
		far.Ended()
		far = h.fake.CallFrom(phones[i], "*12")
		h.agent(fact.AgentID(id), "READY")
		far.Ended()
	}
	signIn(0, "1001", false)
	signIn(1, "1002", true)

	talk := h.call("13900000001")
	keys++
	h.calls(center.CallTalking, 1)
	phones[0].Behave(mediatest.Behaviour{Then: mediatest.RingsOn})
	phones[1].Behave(mediatest.Behaviour{Then: mediatest.RingsOn})
	left := h.call("13900000002") // rings at the other one, who lets it ring
	keys++
	h.calls(center.CallRinging, 1)
	h.kill()
	h.calls(center.CallTalking, 1)
	h.calls(center.CallWaiting, 1)
	left.Hangup()
	talk.Hangup()
	h.until("all to end", func(v *center.View) bool { return len(v.Calls) == 0 })
	return keys
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// held checks that what the test is about has happened.
func held(t *testing.T, effects []byte) {
	t.Helper()
	for _, what := range []string{
		`"kind":"queue.connected"`, `"kind":"queue.missed"`, `"reason":"no-answer"`, `"reason":"abandoned"`, `"reason":"caller-ended"`,
		`{"Look":`, `"to":"NOT_READY","reason":"rona"`, `"from":"OFFLINE","to":"NOT_READY","reason":"signed-in"`, `"kind":"switch.up"`,
	} {
		if !bytes.Contains(effects, []byte(what)) {
			t.Errorf("%s is not among the effects", what)
		}
	}
}

// secret checks that a PIN lies nowhere in the clear, neither whole nor key by
// key: so many keys can be read as were pressed where no PIN was asked for.
func secret(t *testing.T, dir, log string, keys int) {
	t.Helper()
	readable, checkpoints := 0, 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b := read(t, filepath.Join(dir, path))
		if bytes.Contains(b, []byte(pin)) {
			t.Errorf("the PIN is in %s", path)
		}
		readable += bytes.Count(b, []byte(`{"Digit":`))
		if strings.HasPrefix(d.Name(), "checkpoint-") {
			checkpoints++
			if bytes.Contains(b, []byte(`"contacts"`)) {
				t.Errorf("%s can be read", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log, pin) || strings.Contains(log, `"Digit"`) {
		t.Error("what was pressed is in the log")
	}
	if readable != keys {
		t.Errorf("%d keys can be read, %d were pressed where no PIN was asked for", readable, keys)
	}
	if checkpoints == 0 {
		t.Error("there is no checkpoint")
	}
}
