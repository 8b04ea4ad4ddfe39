package media

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

var everything = Capabilities{
	Transfers: TransferAskFirst, TalkDetect: true, RecordMute: true, RecordSides: true, ThreeWay: true,
	Deflect: true, SendDigits: true, Endpoints: true,
}

// sound holds one command of every kind that can work.
var sound = []Command{
	SetTag{Leg: "sw/a"}, Answer{Leg: "sw/a"}, Progress{Leg: "sw/a"},
	Create{Leg: "sw/a", Endpoint: "PJSIP/+4930@trunk", Show: Identity{Number: "1", Name: "王 小明"}, Alert: "<x>;info=a", For: "sw/b"},
	Dial{Leg: "sw/a", Limit: time.Second}, Hangup{Leg: "sw/a", Cause: 17},
	Play{Play: "sw/p", Leg: "sw/a", Prompts: []Prompt{{File: "/v/你好 a"}, {Sound: "digits/1"}, {Tone: "ring"}, {Silence: time.Second}}, Language: "zh_CN"},
	StopPlay{Play: "sw/p", Leg: "sw/a"}, Music{Leg: "sw/a", On: true, Class: "q-1.a"}, Join{Room: "sw/r", Legs: []fact.LegID{"sw/a", "sw/b"}},
	Leave{Room: "sw/r", Leg: "sw/a"}, Hold{Room: "sw/r", Leg: "sw/a"}, Unhold{Room: "sw/r", Leg: "sw/a"}, Mute{Leg: "sw/a"},
	Record{Recording: "sw/x", Leg: "sw/a", Name: "2026-01/a_b/c"}, MuteRecord{Recording: "sw/x", Leg: "sw/a"},
	StopRecord{Recording: "sw/x", Leg: "sw/a"}, Spy{Spy: "sw/s", Leg: "sw/a", By: "sw/b"},
	StopSpy{Spy: "sw/s", Leg: "sw/a", By: "sw/b"}, SendDigits{Leg: "sw/a", Digits: "0*#D"},
	DetectTalk{Leg: "sw/a"}, Volume{Leg: "sw/a", Side: fact.SideOut, DB: -12}, Deflect{Leg: "sw/a", To: ExitBusy}, AnswerTransfer{Transfer: "t", Leg: "sw/a"},
	RefuseTransfer{Transfer: "t", Leg: "sw/a"}, Probe{Leg: "sw/a", Play: "sw/p"},
}

func TestCheckPasses(t *testing.T) {
	for i, c := range sound {
		if CommandName(c) != CommandName(Commands[i]) {
			t.Fatalf("%s is missing", CommandName(Commands[i]))
		}
		if err := Check("sw", everything, c); err != nil {
			t.Error(err)
		}
		if err := Check("other", everything, c); !errors.Is(err, ErrInvalid) {
			t.Errorf("another switch's %s: %v, want ErrInvalid", CommandName(c), err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, c := range []struct {
		field string
		cmd   Command
	}{
		{"leg", Answer{}}, {"leg", Answer{Leg: "a"}}, {"leg", Answer{Leg: "sw/"}}, {"leg", Join{Room: "sw/r", Legs: []fact.LegID{"sw/a", "x/b"}}},
		{"endpoint", Create{Leg: "sw/a"}}, {"endpoint", Create{Leg: "sw/a", Endpoint: "PJSIP/a b"}}, {"endpoint", Create{Leg: "sw/a", Endpoint: "PJSIP/a\r\n"}},
		{"show.name", Create{Leg: "sw/a", Endpoint: "e", Show: Identity{Name: "a\nb"}}}, {"alert", Create{Leg: "sw/a", Endpoint: "e", Alert: "a\rb"}},
		{"for", Create{Leg: "sw/a", Endpoint: "e", For: "b"}}, {"limit", Dial{Leg: "sw/a"}}, {"limit", Dial{Leg: "sw/a", Limit: -1}},
		{"cause", Hangup{Leg: "sw/a", Cause: 128}}, {"cause", Hangup{Leg: "sw/a", Cause: -1}},
		{"side", Volume{Leg: "sw/a", DB: 6}}, {"dB", Volume{Leg: "sw/a", Side: fact.SideIn, DB: 13}}, {"dB", Volume{Leg: "sw/a", Side: fact.SideIn, DB: -13}},
		{"prompts", Play{Play: "sw/p", Leg: "sw/a"}}, {"play", Play{Leg: "sw/a", Prompts: []Prompt{{Tone: "beep"}}}},
		{"prompts[1]", Play{Play: "sw/p", Leg: "sw/a", Prompts: []Prompt{{Tone: "beep"}, {}}}},
		{"language", Play{Play: "sw/p", Leg: "sw/a", Prompts: []Prompt{{Tone: "beep"}}, Language: "../en"}},
		{"play", StopPlay{Leg: "sw/a"}}, {"class", Music{Leg: "sw/a", Class: "a/b"}}, {"legs", Join{Room: "sw/r"}}, {"room", Join{Legs: []fact.LegID{"sw/a"}}},
		{"legs", Join{Room: "sw/r", Legs: []fact.LegID{"sw/a", "sw/a"}}}, {"room", Leave{Leg: "sw/a"}}, {"room", Hold{Leg: "sw/a"}},
		{"class", Hold{Room: "sw/r", Leg: "sw/a", Class: "a b"}}, {"room", Unhold{Leg: "sw/a"}}, {"recording", Record{Leg: "sw/a", Name: "a"}},
		{"recording", MuteRecord{Leg: "sw/a"}}, {"recording", StopRecord{Leg: "sw/a"}}, {"name", StopRecord{Recording: "sw/x", Leg: "sw/a", Name: "/x"}}, {"by", Spy{Spy: "sw/s", Leg: "sw/a", By: "sw/a"}},
		{"spy", Spy{Leg: "sw/a", By: "sw/b"}}, {"digits", SendDigits{Leg: "sw/a"}}, {"digits", SendDigits{Leg: "sw/a", Digits: "1 2"}},
		{"digits", SendDigits{Leg: "sw/a", Digits: strings.Repeat("1", 65)}}, {"silence", DetectTalk{Leg: "sw/a", Silence: -1}},
		{"to", Deflect{Leg: "sw/a"}}, {"to", Deflect{Leg: "sw/a", To: "home"}}, {"transfer", AnswerTransfer{Leg: "sw/a"}},
		{"transfer", RefuseTransfer{Leg: "sw/a"}}, {"play", Probe{Leg: "sw/a", Play: "p"}}, {"recording", Probe{Leg: "sw/a", Recording: "x"}},
		{"want one of them", Probe{Leg: "sw/a", Play: "sw/p", Recording: "sw/x"}},
	} {
		err := Check("sw", everything, c.cmd)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), CommandName(c.cmd)) || !strings.Contains(err.Error(), c.field) {
			t.Errorf("%#v: %v; want ErrInvalid, the command's name and %q", c.cmd, err, c.field)
		}
	}
}

func TestCheckPrompts(t *testing.T) {
	for _, p := range []Prompt{
		{}, {File: "/a", Sound: "b"}, {Tone: "beep", Silence: 1}, {File: "a"}, {File: "/a/../b"}, {File: "/a//b"}, {File: "/a\nb"}, {File: "/a,b"},
		{Sound: "/abs"}, {Sound: "../up"}, {Sound: "a//b"}, {Sound: "http://x"}, {Tone: "loud"}, {Silence: -time.Second},
	} {
		if err := checkPrompt(p); err == nil {
			t.Errorf("%+v passed", p)
		}
	}
}

func TestCheckRecordingNames(t *testing.T) {
	for name, good := range map[string]bool{
		"a": true, "2026/01/c-1_x": true, "": false, "/a": false, "a/": false, "a//b": false, "..": false, "a/../b": false, ".": false,
		"a.wav": false, "a b": false, "a%2f": false, "a\n": false, "录音": false, "a\\b": false,
	} {
		err := Check("sw", everything, Record{Recording: "sw/x", Leg: "sw/a", Name: name})
		if good != (err == nil) {
			t.Errorf("name %q: %v", name, err)
		}
	}
}

func TestCheckAsksCapabilities(t *testing.T) {
	for _, c := range sound {
		err := Check("sw", Capabilities{}, c)
		switch c.(type) {
		case MuteRecord, SendDigits, DetectTalk, Deflect:
			if !errors.Is(err, ErrInvalid) {
				t.Errorf("%s on a switch that cannot: %v, want ErrInvalid", CommandName(c), err)
			}
		default:
			if err != nil {
				t.Errorf("%s needs no capability: %v", CommandName(c), err)
			}
		}
	}
}

func TestFailureOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Failure
	}{
		{ErrNoLeg, FailNoLeg}, {ErrRefused, FailRefused}, {ErrInvalid, FailInvalid}, {ErrUnavailable, FailUnavailable},
		{ErrUnknown, FailUnknown}, {errors.New("whatever"), FailUnknown},
	} {
		if got := FailureOf(fmt.Errorf("dial: %w", c.err)); got != c.want {
			t.Errorf("FailureOf(%v) = %q, want %q", c.err, got, c.want)
		}
	}
}

func TestFailedNamesWhatItIsAbout(t *testing.T) {
	got := Failed(7, Join{Room: "sw/r", Legs: []fact.LegID{"sw/a", "sw/b"}}, fmt.Errorf("join: %w", ErrNoLeg))
	want := CommandFailed{Head: Head{At: 7}, Of: "Join", Leg: "sw/a", Room: "sw/r", Failure: FailNoLeg, Message: "join: no such leg"}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	full := []CommandFailed{
		Failed(1, Play{Play: "sw/p", Leg: "sw/a"}, ErrRefused), Failed(1, Record{Recording: "sw/x", Leg: "sw/a"}, ErrRefused),
		Failed(1, Spy{Spy: "sw/s", Leg: "sw/a", By: "sw/b"}, ErrRefused),
	}
	if full[0].Play != "sw/p" || full[1].Recording != "sw/x" || full[2].Spy != "sw/s" || full[2].Leg != "sw/a" {
		t.Errorf("%+v", full)
	}
}
