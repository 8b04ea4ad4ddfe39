package sim

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

var update = flag.Bool("update", false, "write the transcripts anew; commit only what you understand")

// TestTranscripts plays each testdata/*.txt: a script, a line "----", and what
// the centre was told (<), asked of the switch (>), said (=) and wrote (#).
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, want, _ := strings.Cut(string(src), "----\n")
			got := perform(t, script)
			if again := perform(t, script); again != got {
				t.Fatalf("two runs differ:\n%s\n%s", got, again)
			}
			if *update {
				if err := os.WriteFile(file, []byte(script+"----\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// stage is a world with a script's names.
type stage struct {
	*World
	t    *testing.T
	legs map[string]fact.LegID
	cfg  center.Config
	from fact.Instant
	out  strings.Builder
}

func perform(t *testing.T, script string) string {
	cfg, err := Config(3)
	if err != nil {
		t.Fatal(err)
	}
	w := Start(7, cfg, mediatest.Options{PromptLength: time.Second, Return: time.Second})
	s := &stage{World: w, t: t, legs: map[string]fact.LegID{}, cfg: cfg, from: w.Now}
	for _, a := range cfg.ACD.Agents {
		w.PINs[a.ID] = "1234"
		w.Core.AddPhone(w.Now, seatOf(a.ID), mediatest.Behaviour{Ring: 2 * time.Second, Then: mediatest.Answers})
	}
	w.Watch = s.note
	w.Connect()
	for _, line := range strings.Split(script, "\n") {
		if f := strings.Fields(line); len(f) > 0 && f[0] != "#" {
			fmt.Fprintf(&s.out, "\n%s\n", strings.Join(f, " "))
			s.act(f[0], f[1:])
		}
	}
	return s.out.String()
}

func (s *stage) act(verb string, a []string) {
	s.t.Helper()
	leg := func(i int) fact.LegID {
		if l, ok := s.legs[a[i]]; ok {
			return l
		}
		for _, c := range s.Center.View().Calls { // by the seat it is at
			for _, l := range c.Legs {
				if strings.HasSuffix(string(l.Endpoint), "/"+a[i]) {
					return l.Leg
				}
			}
		}
		s.t.Fatalf("no leg %q", a[i])
		return ""
	}
	seat := func(i int) fact.Endpoint { return fact.Endpoint("PJSIP/" + a[i]) }
	var err error
	switch verb {
	case "call": // call A 139… 100
		s.legs[a[0]] = s.Call(a[1], a[2])
	case "dial": // dial D 1001 *11
		s.legs[a[0]] = s.CallFrom(seat(1), a[2])
	case "press":
		s.Far(func(now fact.Instant) []media.Event { return s.Core.Press(now, leg(0), a[1]) })
	case "hangup":
		s.Far(func(now fact.Instant) []media.Event { return s.Core.HangupFar(now, leg(0)) })
	case "hold", "unhold":
		s.Far(func(now fact.Instant) []media.Event { return s.Core.HoldFar(now, leg(0), verb == "hold") })
	case "pick-up":
		s.Far(func(now fact.Instant) []media.Event { return s.Core.PickUp(now, leg(0)) })
	case "phone": // phone 1001 rejects 1s
		d, _ := time.ParseDuration(append(a, "0s")[2])
		s.Core.Behave(seat(0), mediatest.Behaviour{Ring: d, Then: mediatest.Outcome(a[1])})
	case "register", "unregister":
		s.Far(func(now fact.Instant) []media.Event { return s.Core.Register(now, seat(0), verb == "register") })
	case "sign-in": // by REST
		err = s.Ask(center.SignIn{Agent: fact.AgentID(a[0]), Endpoint: seat(0), Ready: true})
	case "sign-out":
		err = s.Ask(center.SignOut{Agent: fact.AgentID(a[0])})
	case "ready":
		err = s.Ask(center.Ready{Agent: fact.AgentID(a[0])})
	case "put-on-hold", "take-off-hold": // by REST, as all up to refer
		err = s.Ask(center.HoldCall{Call: s.callOf(leg(0)), On: verb == "put-on-hold", Consent: true})
	case "mute", "unmute":
		err = s.Ask(center.MuteCall{Call: s.callOf(leg(0)), On: verb == "mute"})
	case "consult": // consult A agent 1002
		err = s.Ask(center.ConsultCall{Call: s.callOf(leg(0)), To: target(a[1:])})
	case "complete":
		err = s.Ask(center.CompleteConsult{Call: s.callOf(leg(0))})
	case "merge":
		err = s.Ask(center.MergeConsult{Call: s.callOf(leg(0))})
	case "cancel":
		err = s.Ask(center.CancelConsult{Call: s.callOf(leg(0))})
	case "transfer": // transfer A queue support
		err = s.Ask(center.TransferCall{Call: s.callOf(leg(0)), To: target(a[1:])})
	case "park": // park A 701, or park A for the first free slot
		slot, _ := strconv.Atoi(append(a, "0")[1])
		err = s.Ask(center.ParkCall{Call: s.callOf(leg(0)), Slot: slot})
	case "fetch": // fetch 701 1002: 1002 is rung for who is there
		err = s.Ask(center.PickUp{Call: fact.CallID(a[0]), Agent: fact.AgentID(a[1])})
	case "supervise": // supervise A by 1003 whisper
		err = s.Ask(center.SuperviseCall{Call: s.callOf(leg(0)), By: center.Supervisor{Agent: fact.AgentID(a[2])}, Mode: call.Mode(a[3])})
	case "take-over":
		err = s.Ask(center.TakeOverCall{Call: s.callOf(leg(0))})
	case "supervisor": // an agent becomes one
		s.cfg.Version++
		s.cfg.ACD.Agents = slices.Clone(s.cfg.ACD.Agents)
		for i := range s.cfg.ACD.Agents {
			if x := &s.cfg.ACD.Agents[i]; string(x.ID) == a[0] {
				x.Supervisor = true
			}
		}
		s.input(center.Configured{Config: s.cfg})
	case "refer": // refer 1001 8002, or refer 1001 with D
		to, consulted := a[1], fact.LegID("")
		if to == "with" {
			to, consulted = "", leg(2)
		}
		s.Far(func(now fact.Instant) []media.Event { return s.Core.Refer(now, leg(0), to, consulted) })
	case "rules": // rules blind=queue agents numbers max-hold keys slots: for talks
		s.cfg.Version++
		s.cfg.Transfers, s.cfg.Keys, s.cfg.Park = center.TransferRules{}, center.TalkKeys{}, center.Park{}
		for _, rule := range a {
			switch name, value, _ := strings.Cut(rule, "="); name {
			case "blind":
				s.cfg.Transfers.Blind = value
			case "agents":
				s.cfg.Transfers.Agents = true
			case "numbers":
				s.cfg.Transfers.Numbers = true
			case "max-hold":
				s.cfg.Transfers.MaxHold = 5 * time.Second
			case "keys":
				s.cfg.Keys.Standard = true
			case "slots":
				s.cfg.Park = center.Park{From: 701, To: 702, Timeout: 30 * time.Second}
			}
		}
		s.input(center.Configured{Config: s.cfg})
	case "queue": // queue sales ring-all
		s.cfg.Version++
		s.cfg.ACD.Queues = slices.Clone(s.cfg.ACD.Queues)
		for i := range s.cfg.ACD.Queues {
			if q := &s.cfg.ACD.Queues[i]; string(q.ID) == a[0] {
				q.Distribution = routing.Distribution(a[1])
			}
		}
		s.input(center.Configured{Config: s.cfg})
	case "mode": // mode support closed
		err = s.Ask(center.SetQueueMode{Queue: fact.QueueID(a[0]), Mode: routing.Mode(a[1])})
	case "hang-up-calls":
		for _, c := range s.Center.View().Calls {
			err = s.Ask(center.HangUp{Call: c.ID})
		}
	case "run":
		d, perr := time.ParseDuration(a[0])
		if perr != nil {
			s.t.Fatal(perr)
		}
		s.Run(d)
	case "cut":
		s.Cut()
	case "connect":
		s.Connect()
	case "crash-switch":
		s.Cut()
		s.Core.Crash(s.Now)
	case "kill":
		err = s.Kill()
	case "boot":
		s.Boot()
		s.Connect()
	default:
		s.t.Fatalf("no verb %q", verb)
	}
	if err != nil {
		fmt.Fprintf(&s.out, "! %v\n", err)
	}
}

func (s *stage) note(in center.Input, out []center.Effect) {
	at := fmt.Sprintf("%9.3f", s.Now.Sub(s.from).Seconds())
	line := func(mark string, v any) { fmt.Fprintf(&s.out, "%s %s %s\n", at, mark, plain(v)) }
	switch in := in.(type) {
	case center.Configured:
		fmt.Fprintf(&s.out, "%s < Configured\n", at)
	case center.Heard:
		if f, ok := in.Event.(media.CommandFailed); ok {
			line("<", f)
		} else if _, up := in.Event.(media.Up); up {
			fmt.Fprintf(&s.out, "%s < Up\n", at)
		} else {
			line("<", in.Event)
		}
	default:
		line("<", in)
	}
	for _, e := range out {
		switch e := e.(type) {
		case center.Send:
			line(">", e.Command)
		case center.Emit:
			fmt.Fprintf(&s.out, "%s = %s%s\n", at, e.Event.Kind, shorn(e.Event))
		case center.Write:
			line("#", e.Record)
		default:
			line("*", e)
		}
	}
}

// callOf is the call that a leg is of.
func (s *stage) callOf(leg fact.LegID) fact.CallID {
	for _, c := range s.Center.View().Calls {
		for _, l := range c.Legs {
			if l.Leg == leg {
				return c.ID
			}
		}
	}
	s.t.Fatalf("no call has %s", leg)
	return ""
}

func target(a []string) center.Target {
	switch a[0] {
	case "agent":
		return center.Target{Agent: fact.AgentID(a[1])}
	case "queue":
		return center.Target{Queue: fact.QueueID(a[1])}
	}
	return center.Target{Number: a[1]}
}

// plain is a value as its type's name and its fields, without the times that
// each line has anyway.
func plain(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", v), "media.")
	text := string(b)
	if strings.HasPrefix(text, `{"at":`) {
		if _, rest, more := strings.Cut(text, ","); more {
			text = "{" + rest
		} else {
			text = "{}"
		}
	}
	return name + " " + text
}

func shorn(e fact.Event) string {
	e.Tenant, e.At, e.Wall, e.Kind = "", 0, 0, ""
	b, _ := json.Marshal(e)
	return " " + strings.Replace(string(b), `"tenant":"","kind":"","at":0,"wall":0,`, "", 1)
}
