package ari

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	arilib "github.com/CyCoreSystems/ari/v6"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const stasisStart = `{"type":"StasisStart","timestamp":"2026-11-22T18:02:39.564+0000","args":["in"],"channel":{"id":"t1.7","name":"PJSIP/trunk-00000002","state":"Ring","caller":{"name":"c1","number":"71"},"connected":{"name":"","number":""},"accountcode":"","dialplan":{"context":"huawu-in","exten":"4001","priority":2,"app_name":"Stasis","app_data":"huawu,in"},"creationtime":"2026-11-22T18:02:39.563+0000","language":"en","channelvars":{"HUAWU":"","HUAWU_SINCE":"1795370559564","CHANNEL(hangupsource)":""}},"asterisk_id":"02:00:00:00:3b:42","application":"huawu"}`

// The library's DecodeEvent cannot be used for events: these are the reasons.
// Should one of them fall, so may our own decoder (ADR 0002).
func TestLibraryLosesEvents(t *testing.T) {
	if _, err := arilib.DecodeEvent([]byte(stasisStart)); err != nil {
		t.Fatalf("the library reads not even a plain event: %v", err)
	}
	for name, event := range map[string]string{
		"a type that it does not know":     `{"type":"ChannelTransfer","timestamp":"2026-11-22T18:02:39.564+0000","application":"a"}`,
		"another one":                      `{"type":"ApplicationRegistered","timestamp":"2026-11-22T18:02:39.564+0000","application":"a"}`,
		"a time with Z":                    strings.ReplaceAll(stasisStart, "+0000", "Z"),
		"a time without fraction and zone": strings.Replace(stasisStart, "2026-11-22T18:02:39.564+0000", "2026-11-22 18:02:39", 1),
		"a number in quotes":               strings.Replace(stasisStart, `"priority":2`, `"priority":"2"`, 1),
		"a duration with a fraction":       `{"type":"RecordingFinished","timestamp":"2026-11-22T18:02:39.564+0000","application":"a","recording":{"name":"x","state":"done","duration":9.5}}`,
	} {
		if e, err := arilib.DecodeEvent([]byte(event)); err == nil && e.GetType() == "ChannelTransfer" {
			t.Errorf("the library reads %s now", name)
		} else if err == nil {
			t.Errorf("the library reads %s now: %+v", name, e)
		}
		if _, _, err := decode([]byte(event)); err != nil {
			t.Errorf("our decoder does not read %s: %v", name, err)
		}
	}
	// It has no field for the cause of the far end's own words.
	e, err := arilib.DecodeEvent([]byte(`{"type":"ChannelHangupRequest","timestamp":"2026-11-22T18:02:39.564+0000","application":"a","cause":127,"tech_cause":487,"channel":{"id":"1"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := json.Marshal(e); err != nil || strings.Contains(string(b), "487") {
		t.Errorf("the library keeps tech_cause now: %s, %v", b, err)
	}
	// Its id of an endpoint is not what one dials.
	if got := (&arilib.EndpointData{Technology: "PJSIP", Resource: "1001"}).ID(); got == "PJSIP/1001" {
		t.Error("the library's id of an endpoint can be dialled now")
	}
}

func TestDecode(t *testing.T) {
	e, mended, err := decode([]byte(stasisStart))
	if err != nil || mended {
		t.Fatal(err, mended)
	}
	c := e.Channel
	if e.Type != "StasisStart" || c.ID != "t1.7" || c.Dialplan.Exten != "4001" || c.Caller.Number != "71" || c.Vars[SinceVariable] != "1795370559564" ||
		c.Created.millis() != time.Date(2026, 11, 22, 18, 2, 39, 563e6, time.UTC).UnixMilli() {
		t.Errorf("%+v %+v", e, c)
	}
	for _, odd := range []string{
		`{"type":"StasisEnd","channel":{"id":"1","creationtime":12,"channelvars":[],"state":{}}}`,
		`{"type":"StasisStart","channel":{"id":"1","dialplan":{"exten":7}}}`,
		`{"type":"Dial","peer":{"id":1},"dialstatus":"ANSWER"}`,
	} {
		e, mended, err := decode([]byte(odd))
		if err != nil || !mended {
			t.Errorf("%s: %+v, mended %v, %v", odd, e, mended, err)
		}
	}
	if e, _, err := decode([]byte(`{"type":"ChannelHangupRequest","cause":"17","tech_cause":486.0,"soft":"true"}`)); err != nil || e.Cause != 17 || e.TechCause != 486 || !bool(e.Soft) {
		t.Errorf("%+v, %v", e, err)
	}
	if e, _, err := decode([]byte(` {"a\"b" : [{"type":"y"}, "}", -1e+5, true, {}],"type":"Dial" , "dialstatus":"\u0041\\\"\n", "peer":{"connected":{"id":"2"},"id":"1","x":null} } `)); err != nil ||
		e.Type != "Dial" || e.DialStatus != "A\\\"\n" || e.Peer == nil || e.Peer.ID != "1" {
		t.Errorf("%+v, %v", e, err)
	}
	for _, bad := range []string{`{"type":"x"}}`, `{"type":"x"} x`, `{"type":"x",}`, `{"type":"x" "a":1}`, `{"type":"x","a"}`, `{"type":"x","a":}`,
		`{"type":"x","a":[}`, `{"type":"x","a":"\"}`, `{"type":"x","a":T}`, `{,"type":"x"}`, `{"type":"\q"}`, `{"channel":{"id":"1"},"type":"x"`,
		``, `null`, `[]`, `{}`, `{"type":""}`, `{"type":"x"`, "\xff"} {
		if e, _, err := decode([]byte(bad)); err == nil {
			t.Errorf("%q is read as %+v", bad, e)
		}
	}
}

func TestStamps(t *testing.T) {
	want := time.Date(2026, 11, 22, 18, 2, 39, 564e6, time.UTC)
	for _, text := range []string{
		"2026-11-22T18:02:39.564+0000", "2026-11-22T19:02:39.564+0100", "2026-11-22T18:02:39.564Z", "2026-11-22T18:02:39.564000+00:00",
		"2026-11-22 18:02:39.564", "2026-11-22T18:02:39.564",
	} {
		var s stamp
		if err := json.Unmarshal([]byte(`"`+text+`"`), &s); err != nil || s.millis() != want.UnixMilli() {
			t.Errorf("%s is read as %v, %v", text, time.Time(s), err)
		}
	}
	for _, text := range []string{`""`, `"yesterday"`, `12`, `null`, `{}`} {
		var s stamp
		if err := json.Unmarshal([]byte(text), &s); err != nil || s.millis() != 0 {
			t.Errorf("%s is read as %v, %v", text, time.Time(s), err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	text := []byte(strings.Replace(stasisStart, "StasisStart", "ChannelStateChange", 1))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := decode(text); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzDecode: whatever comes is read or refused, and applying what was read
// neither panics nor says anything about a leg that never arrived.
func FuzzDecode(f *testing.F) {
	seeds, err := filepath.Glob("testdata/events/*.json")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range seeds {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, _, err := decode(b)
		if err != nil {
			return
		}
		if lib, err := arilib.DecodeEvent(b); err == nil && lib.GetType() != e.Type {
			t.Errorf("the library reads type %q, we %q", lib.GetType(), e.Type)
		}
		sameAsLibrary(t, b, e)
		s, err := New(Config{Name: "a", URL: "http://127.0.0.1:1", App: "huawu", User: "u", Password: "p", Clock: steady})
		if err != nil {
			t.Fatal(err)
		}
		defer s.rest.close()
		s.attach(&link{fail: func(error) {}, queue: make(chan item, 16), chores: make(chan func(context.Context), 16)})
		s.mu.Lock()
		defer s.mu.Unlock()
		for range 2 { // every event may come twice
			if err := s.apply(e); err != nil && !errors.Is(err, ErrReplaced) {
				t.Errorf("apply %s: %v", e.Type, err)
			}
		}
		for _, said := range s.out {
			if err := wellFormed(said); err != nil {
				t.Errorf("%s: %v", b, err)
			}
		}
	})
}

// sameAsLibrary holds what was read to what encoding/json reads. Escaped names
// of fields are none of ours, and what is no UTF-8 it changes.
func sameAsLibrary(t *testing.T, b []byte, e *event) {
	t.Helper()
	var all map[string]any
	if json.Unmarshal(b, &all) != nil || !utf8.Valid(b) || bytes.Contains(b, []byte("\\u")) {
		return
	}
	in := func(path ...string) string {
		v := any(all)
		for _, name := range path {
			o, _ := v.(map[string]any)
			v = o[name]
		}
		text, _ := v.(string)
		return text
	}
	same := func(what, got string, path ...string) {
		t.Helper()
		if want := in(path...); got != want {
			t.Errorf("%s: %s is read as %q, want %q", b, what, got, want)
		}
	}
	same("type", e.Type, "type")
	same("digit", e.Digit, "digit")
	same("dialstatus", e.DialStatus, "dialstatus")
	if c := e.Channel; c != nil {
		same("channel", c.ID, "channel", "id")
		same("its state", c.State, "channel", "state")
		if c.Name+c.Caller.Number+c.Dialplan.Exten != "" {
			same("its name", c.Name, "channel", "name")
		}
		if e.Type == arilib.Events.StasisStart {
			same("its caller", c.Caller.Number, "channel", "caller", "number")
			same("its number", c.Dialplan.Exten, "channel", "dialplan", "exten")
			same("its tag", c.Vars[media.TagVariable], "channel", "channelvars", media.TagVariable)
		}
	} else if in("channel", "id") != "" {
		t.Errorf("%s: the channel is lost", b)
	}
	if e.Peer != nil {
		same("peer", e.Peer.ID, "peer", "id")
	}
	if e.Bridge != nil {
		same("bridge", e.Bridge.ID, "bridge", "id")
		same("its name", e.Bridge.Name, "bridge", "name")
	}
	if e.Playback != nil {
		same("playback", e.Playback.ID, "playback", "id")
		same("its target", e.Playback.TargetURI, "playback", "target_uri")
	}
}

func steady() fact.Instant { return 1795370559564 }

// wellFormed holds what is said to the codec of the port.
func wellFormed(e media.Event) error {
	b, err := media.EncodeEvent(e)
	if err != nil {
		return err
	}
	if _, err := media.DecodeEvent(b); err != nil {
		return fmt.Errorf("%s: %w", b, err)
	}
	if l, ok := e.(media.LegEnded); ok && (l.Cause < 0 || l.Cause > 127) {
		return fmt.Errorf("%+v: no Q.850 cause", l)
	}
	return nil
}
