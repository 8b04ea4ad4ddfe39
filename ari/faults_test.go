package ari_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// faultAt has requests whose path ends so go wrong.
func faultAt(suffix string, f aritest.Fault) func(*http.Request) aritest.Fault {
	return func(r *http.Request) aritest.Fault {
		if strings.HasSuffix(r.URL.Path, suffix) {
			return f
		}
		return aritest.Fault{}
	}
}

func TestFaultsOfRequests(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.caller()
	for _, c := range []struct {
		name  string
		fault aritest.Fault
		want  error
	}{
		{"a page of HTML", aritest.Fault{Status: 500, Body: "<html><body>Internal Server Error</body></html>"}, media.ErrUnknown},
		{"a gateway's fault", aritest.Fault{Status: 502, Body: "Bad Gateway"}, media.ErrUnknown},
		{"allocation failed", aritest.Fault{Status: 500, Body: `{"error":"Allocation failed"}`}, media.ErrRefused},
		{"no right", aritest.Fault{Status: 403, Body: `{"message":"Write access denied"}`}, media.ErrRefused},
		{"credentials", aritest.Fault{Status: 401, Body: `{"error":"Authentication required"}`}, media.ErrUnavailable},
		{"not in Stasis", aritest.Fault{Status: 409, Body: `{"message":"Channel not in Stasis application"}`}, media.ErrNoLeg},
		{"another conflict", aritest.Fault{Status: 409, Body: `{"message":"Channel is not in the 'Down' state"}`}, media.ErrRefused},
		{"invalid state", aritest.Fault{Status: 412, Body: `{"message":"Channel in invalid state"}`}, media.ErrRefused},
		{"format", aritest.Fault{Status: 422, Body: `{"message":"Unknown format"}`}, media.ErrInvalid},
		{"too long", aritest.Fault{Status: 413, Body: ""}, media.ErrInvalid},
		{"no such leg", aritest.Fault{Status: 404, Body: `{"message":"Channel not found"}`}, media.ErrNoLeg},
	} {
		r.server.SetFault(faultAt("/answer", c.fault))
		err := r.do(media.Answer{Leg: leg})
		var e *ari.Error
		if !errors.Is(err, c.want) || !errors.As(err, &e) || e.Status != c.fault.Status {
			t.Errorf("%s: %v; want %v", c.name, err, c.want)
			continue
		}
		if strings.HasPrefix(c.fault.Body, `{"message"`) && !strings.Contains(err.Error(), e.Message) || strings.Contains(err.Error(), "<html>") {
			t.Errorf("%s: %v: want Asterisk's own words, and no HTML", c.name, err)
		}
	}
	r.server.SetFault(nil)
	r.must(media.Answer{Leg: leg})
	await(r, func(media.LegAnswered) bool { return true })
}

// A request that hangs ends with its deadline, whatever came of it.
func TestRequestThatHangs(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.caller()
	for _, f := range []aritest.Fault{{Hang: true}, {HangAfter: true}} {
		r.server.SetFault(faultAt("/answer", f))
		began := time.Now()
		if err := r.doWithin(150*time.Millisecond, media.Answer{Leg: leg}); !errors.Is(err, media.ErrUnknown) {
			t.Errorf("Answer: %v, want ErrUnknown", err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("a deadline of 150 ms was kept after %v", took)
		}
	}
	await(r, func(media.LegAnswered) bool { return true }) // it had been carried out
}

// The driver's own bound holds when the caller's deadline is later, and a slow
// switch is no lost one.
func TestSlowSwitch(t *testing.T) {
	r := start(t, aritest.Options{}, func(c *ari.Config) { c.RequestTimeout = 300 * time.Millisecond })
	_, leg := r.caller()
	r.server.SetFault(func(*http.Request) aritest.Fault { return aritest.Fault{Delay: 60 * time.Millisecond} })
	r.must(media.Answer{Leg: leg})
	await(r, func(media.LegAnswered) bool { return true })
	r.server.SetFault(faultAt("/mute", aritest.Fault{Delay: time.Minute}))
	if err := r.do(media.Mute{Leg: leg, On: true}); !errors.Is(err, media.ErrUnknown) {
		t.Errorf("Mute: %v, want ErrUnknown", err)
	}
	if n := count(r, func(media.Down) bool { return true }); n != 0 {
		t.Error("a slow request cost the connection")
	}
}

// Refusals do not cost a connection each: bodies are read.
func TestRefusalsReuseConnections(t *testing.T) {
	var dials atomic.Int64
	s := aritest.New(t, aritest.Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() { // counts and passes on
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			dials.Add(1)
			up, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
			if err != nil {
				c.Close()
				return
			}
			go pipe(c, up)
			go pipe(up, c)
		}
	}()
	b := s.Bench(t, func(c *ari.Config) { c.URL = "http://" + l.Addr().String() })
	r := newRig(t, b)
	r.server = s
	r.run()
	await(r, func(media.Up) bool { return true })
	before := dials.Load()
	for range 100 {
		if err := r.do(media.Probe{Leg: "pbx/nobody"}); !errors.Is(err, media.ErrNoLeg) {
			t.Fatal(err)
		}
	}
	if n := dials.Load() - before; n > 1 {
		t.Errorf("100 refusals took %d new connections", n)
	}
}

func pipe(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// Ids with slashes, blanks and signs reach Asterisk as they are.
func TestIdsAreEscaped(t *testing.T) {
	r := start(t, aritest.Options{})
	p := r.World.Phone(mediatest.Behaviour{Then: mediatest.Answers})
	leg := fact.LegID("pbx/a/b c?d=e&f%g+h#i")
	r.must(media.Create{Leg: leg, Endpoint: p.Endpoint(), Tag: media.Tag{Call: "x/y;z"}})
	r.must(media.Dial{Leg: leg, Limit: time.Second})
	await(r, func(e media.LegAnswered) bool { return e.Leg == leg })
	rec := fact.RecordingID("pbx/r/1,2 %")
	r.must(media.Record{Recording: rec, Leg: leg, Name: "a/b"})
	await(r, func(e media.RecordStarted) bool { return e.Recording == rec })
	mend := r.World.Cut() // and are found again in a listing
	await(r, func(media.Down) bool { return true })
	mend()
	up := await(r, func(media.Up) bool { return true })
	if len(up.Legs) != 1 || up.Legs[0].Leg != leg || up.Legs[0].Tag == nil || up.Legs[0].Tag.Call != "x/y;z" {
		t.Errorf("%+v", up.Legs)
	}
	r.must(media.MuteRecord{Recording: rec, Leg: leg, On: true})
	r.must(media.Hangup{Leg: leg})
	await(r, func(e media.RecordEnded) bool { return e.Recording == rec && len(e.Files) == 2 })
}

// Events of unknown types and broken ones are counted and passed over.
func TestUnknownEventsAreCounted(t *testing.T) {
	r := start(t, aritest.Options{})
	before := r.driver.Stats()
	r.server.Emit(map[string]any{"type": "ChannelGrewWings", "channel": map[string]any{"id": "1"}})
	r.server.Emit(map[string]any{"type": "ChannelToneDetected"}) // known, of no use
	r.server.Emit(map[string]any{"type": "ChannelDtmfReceived", "digit": 5, "channel": "x"})
	r.server.EmitRaw([]byte(`{"type":`))
	r.server.EmitRaw([]byte(`[]`))
	r.server.EmitRaw([]byte{0xff, 0xfe})
	_, leg := r.caller()
	after := r.driver.Stats()
	if after.Unknown-before.Unknown != 1 || after.Mended-before.Mended != 1 || after.Broken-before.Broken != 3 {
		t.Errorf("before %+v, after %+v: want 1 unknown, 1 mended, 3 broken", before, after)
	}
	r.must(media.Probe{Leg: leg})
}

// A reader of events that does not keep up costs the connection, never an
// event before that.
func TestSlowReader(t *testing.T) {
	r := start(t, aritest.Options{})
	far, leg := r.talker()
	hold := make(chan struct{})
	r.mu.Lock()
	r.hold = hold
	r.mu.Unlock()
	far.Press(strings.Repeat("1234567890", 10))
	r.eventually("the connection to be given up", func() bool { return !r.server.Connected() })
	r.mu.Lock()
	r.hold = nil
	r.mu.Unlock()
	close(hold)
	if e := await(r, func(media.Down) bool { return true }); !strings.Contains(e.Reason, "ping") {
		t.Errorf("%+v: want the ping to be named", e)
	}
	await(r, func(media.Up) bool { return true })
	if digits := r.digits(leg); digits == 0 {
		t.Error("no key was told")
	}
}

// Events that come while the driver lists wait: in order, and so many.
func TestQueueOverflow(t *testing.T) {
	const size = 150
	r := start(t, aritest.Options{}, func(c *ari.Config) { c.QueueSize = size; c.Heartbeat = 5 * time.Second })
	far, leg := r.talker()
	listing := func(f aritest.Fault) (begun chan struct{}) {
		begun = make(chan struct{})
		var once sync.Once
		r.server.SetFault(func(q *http.Request) aritest.Fault {
			if q.Method != http.MethodGet || !strings.HasSuffix(q.URL.Path, "/channels") {
				return aritest.Fault{}
			}
			once.Do(func() { close(begun) })
			return f
		})
		return begun
	}
	begun := listing(aritest.Fault{Delay: 300 * time.Millisecond})
	r.server.DropSockets()
	<-begun
	far.Press(strings.Repeat("1234567890", size/10))
	r.eventually("the keys to be told", func() bool { return r.digits(leg) == size })
	if n := r.driver.Stats().Overflows; n != 0 {
		t.Fatalf("%d overflows with %d events", n, size)
	}

	begun = listing(aritest.Fault{Hang: true})
	r.server.DropSockets()
	<-begun
	far.Press(strings.Repeat("1234567890", size/10+1))
	r.eventually("the queue to be full", func() bool { return r.driver.Stats().Overflows == 1 })
	ups := count(r, func(media.Up) bool { return true })
	r.server.SetFault(nil)
	r.eventually("the next connection", func() bool { return count(r, func(media.Up) bool { return true }) > ups })
}

// digits is how many keys of a leg were told; each was the one that followed.
func (r *rig) digits(leg fact.LegID) int {
	r.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	want, digits := "1234567890", 0
	for _, e := range r.events {
		if e, ok := e.(media.Digit); ok && e.Leg == leg {
			if e.Key != string(want[digits%10]) {
				r.Fatalf("key %d is %s", digits, e.Key)
			}
			digits++
		}
	}
	return digits
}

// A listing that fails costs the attempt, not the driver.
func TestListingFails(t *testing.T) {
	s := aritest.New(t, aritest.Options{})
	var failures atomic.Int64
	s.SetFault(func(q *http.Request) aritest.Fault {
		if q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/channels") && failures.Add(1) < 3 {
			return aritest.Fault{Status: 500, Body: "<html>"}
		}
		return aritest.Fault{}
	})
	r := newRig(t, s.Bench(t))
	r.run()
	await(r, func(media.Up) bool { return true })
	if n := failures.Load(); n != 3 {
		t.Errorf("%d listings", n)
	}
}

// A full disk ends a recording without a word of the reason.
func TestDiskFull(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.talker()
	rec := id[fact.RecordingID](r, "rec")
	r.must(media.Record{Recording: rec, Leg: leg, Name: "a"})
	await(r, func(media.RecordStarted) bool { return true })
	r.server.FillDisk()
	if e := await(r, func(e media.RecordFailed) bool { return e.Recording == rec }); !strings.Contains(e.Reason, "disk") {
		t.Errorf("%+v", e)
	}
	r.eventually("its channels to be gone", func() bool { return len(r.server.Channels()) == 1 })
}

func TestRecordingFails(t *testing.T) {
	r := start(t, aritest.Options{})
	_, leg := r.talker()
	rec := id[fact.RecordingID](r, "rec")
	r.must(media.Record{Recording: rec, Leg: leg, Name: "a"})
	await(r, func(media.RecordStarted) bool { return true })
	r.server.FailRecording("a-out", "Cannot record channel while in bridge")
	if e := await(r, func(e media.RecordFailed) bool { return e.Recording == rec }); !strings.Contains(e.Reason, "bridge") {
		t.Errorf("%+v: want Asterisk's own reason", e)
	}
	r.eventually("its channels to be gone", func() bool { return len(r.server.Channels()) == 1 })
	r.must(media.StopRecord{Recording: rec, Leg: leg})
	// A name that is in use is refused, and leaves nothing behind.
	if err := r.do(media.Record{Recording: id[fact.RecordingID](r, "rec"), Leg: leg, Name: "a"}); !errors.Is(err, media.ErrRefused) {
		t.Errorf("Record over a file: %v, want ErrRefused", err)
	}
	r.eventually("no channel to be left", func() bool { return len(r.server.Channels()) == 1 })
}
