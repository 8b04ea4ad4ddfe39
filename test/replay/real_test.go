//go:build asterisk

package replay

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

const (
	realPatience = 20 * time.Second
)

const document = `zone: Asia/Shanghai
numbers: [{number: "100", flow: hotline}]
codes:
  - {code: "*11", flow: sign-in}
  - {code: "*12", flow: ready}
queues: [{id: sales, wrap_up: 1s, ring: 2s}]
seats:
  - {endpoint: PJSIP/1001}
  - {endpoint: PJSIP/1002}
agents:
  - {id: "1001", queues: [sales]}
  - {id: "1002", queues: [sales]}
pins:
  - {agent: "1001", pin: "` + pin + `"}
  - {agent: "1002", pin: "` + pin + `"}
flows:
  - id: hotline
    nodes:
      - id: menu
        menu: {prompts: [{silence: 200}], timeout: 30s, keys: [{key: 1, next: line}], else: end}
      - {id: line, enqueue: {queue: sales, next: end, else: end}}
      - {id: end, hangup: {}}
  - id: sign-in
    nodes:
      - id: number
        gather: {variable: agent, max: 16, timeout: 30s, prompts: [{silence: 100}], next: pin, else: end}
      - id: pin
        gather: {variable: pin, max: 16, sensitive: true, timeout: 30s, between: 30s, prompts: [{silence: 100}], next: check, else: end}
      - {id: check, do: {verb: agent.sign-in, args: [agent, pin], ok: confirmed, denied: end}}
      - {id: confirmed, play: {prompts: [{silence: 1000}], next: end}}
      - {id: end, hangup: {}}
  - id: ready
    nodes:
      - {id: ready, do: {verb: agent.ready, ok: end, denied: end}}
      - {id: end, hangup: {}}
`

// realHouse is a house with two agents' phones.
type realHouse struct {
	*rig.House
	t      *testing.T
	phones []*phone.Phone
	keys   int // pressed where no PIN was asked for
}

func (h *realHouse) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *realHouse) patience() context.Context {
	ctx, cancel := context.WithTimeout(h.t.Context(), realPatience)
	h.t.Cleanup(cancel)
	return ctx
}

func (h *realHouse) phone(c phone.Config) *phone.Phone {
	h.t.Helper()
	c.Server = h.PBX.SIP()
	p, err := phone.Open(c)
	h.must(err)
	h.t.Cleanup(func() {
		if err := p.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return p
}

// dial returns a call once it is answered.
func (h *realHouse) dial(p *phone.Phone, number string) *phone.Call {
	h.t.Helper()
	c, err := p.Dial(number, phone.Ask{})
	h.must(err)
	h.must(c.Answered(h.patience()))
	return c
}

// until waits until a call of the number is so.
func (h *realHouse) until(what, from string, so func(c center.CallView) bool) {
	h.t.Helper()
	h.must(rig.Until(h.t.Context(), realPatience, what, func() (bool, error) {
		calls, err := h.Calls(h.t.Context())
		for _, c := range calls {
			if c.From == from && so(c) {
				return true, nil
			}
		}
		return false, err
	}))
}

func (h *realHouse) node(from, node string) {
	h.t.Helper()
	h.until(node, from, func(c center.CallView) bool { return c.Node == node })
}

func (h *realHouse) state(from string, state center.CallState) {
	h.t.Helper()
	h.until(string(state), from, func(c center.CallView) bool { return c.State == state })
}

func (h *realHouse) agent(id, state string) {
	h.t.Helper()
	h.must(rig.Until(h.t.Context(), realPatience, "agent "+id+" to be "+state, func() (bool, error) {
		agents, err := h.Agents(h.t.Context())
		for _, a := range agents {
			if string(a.ID) == id && string(a.State) == state {
				return true, nil
			}
		}
		return false, err
	}))
}

func (h *realHouse) empty() {
	h.t.Helper()
	h.must(rig.Until(h.t.Context(), realPatience, "all calls to end", func() (bool, error) {
		calls, err := h.Calls(h.t.Context())
		return err == nil && len(calls) == 0, err
	}))
}

// call has a caller from outside choose the line.
func (h *realHouse) call(from string) *phone.Call {
	h.t.Helper()
	c := h.dial(h.phone(phone.Config{Host: h.PBX.OutsideHost(), User: from}), "100")
	h.node(from, "hotline/menu")
	h.must(c.Press(h.patience(), "1"))
	h.keys++
	return c
}

// signIn signs an agent in by phone. With dies, huawu is killed while the PIN
// is typed.
func (h *realHouse) signIn(p *phone.Phone, dies bool) {
	h.t.Helper()
	c := h.dial(p, "*11")
	h.node(p.User(), "sign-in/number")
	h.must(c.Press(h.patience(), p.User()+"#"))
	h.keys += len(p.User()) + 1
	h.node(p.User(), "sign-in/pin")
	if dies {
		h.must(c.Press(h.patience(), pin[:4]))
		h.must(h.Kill())
		h.must(h.Boot(h.t.Context()))
		h.node(p.User(), "sign-in/pin")
	}
	h.must(c.Press(h.patience(), pin+"#"))
	h.agent(p.User(), "NOT_READY")
	h.over(c)
	c, err := p.Dial("*12", phone.Ask{})
	h.must(err)
	h.over(c)
	h.agent(p.User(), "READY")
}

func (h *realHouse) over(c *phone.Call) {
	h.t.Helper()
	_, err := c.Ended(h.patience())
	h.must(err)
}

// TestReplayOfRealCalls holds a replay to a house with real calls and a kill in
// the middle.
func TestReplayOfRealCalls(t *testing.T) {
	h := &realHouse{t: t, House: rig.Test(t, rig.Options{PBX: pbx.Options{Phones: 2}, Centre: document, Config: "journal:\n  effects: true\n"})}
	for _, a := range h.PBX.Phones() {
		p := h.phone(phone.Config{Host: h.PBX.PhoneHost(), User: a.Name, Password: a.Password})
		h.must(p.Register(h.patience()))
		h.phones = append(h.phones, p)
	}
	h.signIn(h.phones[0], false)
	h.phones[0].Behave(phone.AnswerAfter(200 * time.Millisecond))
	talk := h.call("13900000001")
	h.state("13900000001", center.CallTalking)
	h.signIn(h.phones[1], true) // the talk goes on
	left := h.call("13900000002")
	h.agent("1002", "NOT_READY") // it was left to ring
	h.state("13900000002", center.CallWaiting)
	left.Hangup()
	talk.Hangup()
	h.empty()
	log := h.Log()
	h.must(h.Signal(syscall.SIGINT, realPatience))

	dir := filepath.Join(h.Data(), "journal")
	effects := read(t, filepath.Join(dir, "effects.log"))
	held(t, effects)
	var replay bytes.Buffer
	done, err := engine.Replay(engine.ReplayOptions{Dir: dir, New: newMachine, Restore: restore, Log: slog.New(slog.DiscardHandler)}, &replay)
	h.must(err)
	if done.First != 1 || !bytes.Equal(replay.Bytes(), effects) {
		t.Errorf("replayed %+v to %d bytes, the run wrote %d: want the same from the beginning", done, replay.Len(), len(effects))
	}
	said, err := h.CLI(h.patience(), "replay", h.Data(), "--against", filepath.Join(dir, "effects.log"))
	if err != nil || !strings.Contains(said, "all the same") {
		t.Errorf("huawu replay says %q, %v", said, err)
	}
	secret(t, h.Data(), log, h.keys)
}
