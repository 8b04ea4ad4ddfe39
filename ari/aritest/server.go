package aritest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/media"
)

// Options shape a Server. The zero value is a well-behaved Asterisk.
type Options struct {
	// Version is what it says it is; "" means 22.10.1.
	Version string
	// Modules are those that run; nil means all that huawu uses.
	Modules []string
	// ChannelVars are those of ari.conf; nil means those that huawu needs.
	ChannelVars []string
	// Return is how long the fallback keeps a caller before it tries the
	// application again; 0 means 150 ms.
	Return time.Duration
	// StasisDelay is how long after the answer to a request that makes a
	// channel its StasisStart comes (cookbook rule 1); 0 means 2 ms.
	StasisDelay time.Duration
	// EventsFirst answers a request only when the events that it causes are
	// long on their way.
	EventsFirst bool
	// OddTimes writes times and numbers in forms that are not documented.
	OddTimes bool
	// Junk has events of unknown types and broken ones sent among the others.
	Junk bool
}

// Fault is what goes wrong with one request; the zero value is nothing.
type Fault struct {
	// Status, with Body as it is, is answered instead of carrying it out.
	Status int
	Body   string
	// Delay comes before anything else.
	Delay time.Duration
	// Hang answers nothing until the client gives up; the request is not
	// carried out. HangAfter carries it out and then hangs.
	Hang, HangAfter bool
}

// Server is one Asterisk. Its methods may be called from any goroutine.
type Server struct {
	User, Password, App string

	o       Options
	born    int64 // its channels' ids begin with it
	http    *httptest.Server
	closing chan struct{} // closed at the end of the test

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced when anything changes
	fault    func(*http.Request) Fault
	requests []string // "METHOD /path?query", for tests of what was asked
	sent     map[string]int
	apps     map[string]*app
	chans    map[string]*channel
	order    []string // of chans
	bridges  map[string]*bridge
	plays    map[string]*playback
	records  map[string]*recording // live, by name
	stored   map[string]bool
	folder   string // of stored recordings, "" when they need not be files
	phones   map[string]*phone
	names    int
	junk     int
	timers   sync.WaitGroup
}

// New starts an Asterisk for the length of a test.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Version == "" {
		o.Version = "22.10.1~test"
	}
	if o.Modules == nil {
		o.Modules = ari.Modules
	}
	if o.ChannelVars == nil {
		o.ChannelVars = ari.ChannelVars
	}
	for _, d := range []struct {
		of *time.Duration
		is time.Duration
	}{{&o.Return, 150 * time.Millisecond}, {&o.StasisDelay, 2 * time.Millisecond}} {
		if *d.of == 0 {
			*d.of = d.is
		}
	}
	s := &Server{
		User: "huawu", Password: "secret", App: "huawu", o: o, born: time.Now().UnixMicro(), closing: make(chan struct{}), changed: make(chan struct{}),
		sent: map[string]int{}, apps: map[string]*app{}, chans: map[string]*channel{}, bridges: map[string]*bridge{},
		plays: map[string]*playback{}, records: map[string]*recording{}, stored: map[string]bool{}, phones: map[string]*phone{},
	}
	s.http = httptest.NewServer(s.handler())
	t.Cleanup(func() {
		close(s.closing)
		s.mu.Lock()
		for _, a := range s.apps {
			a.drop()
		}
		s.mu.Unlock()
		s.http.CloseClientConnections()
		s.http.Close()
		s.timers.Wait()
	})
	return s
}

// URL is where it listens.
func (s *Server) URL() string { return s.http.URL }

// SetFault has f asked about every request from now on; nil ends that. f is
// called under the server's lock and must not call it.
func (s *Server) SetFault(f func(*http.Request) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Requests are those that came so far and contain a part.
func (s *Server) Requests(part string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.requests {
		if strings.Contains(r, part) {
			out = append(out, r)
		}
	}
	return out
}

// Sent is how many events of a type were sent so far.
func (s *Server) Sent(kind string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent[kind]
}

// wait returns true as soon as cond, which is called under the lock, is so.
func (s *Server) wait(patience time.Duration, cond func() bool) bool {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		s.mu.Lock()
		ok, changed := cond(), s.changed
		s.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-s.closing:
			return false
		case <-limit.C:
			return false
		}
	}
}

// stir wakes whoever waits. Under the lock.
func (s *Server) stir() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// after has f called under the lock d later.
func (s *Server) after(d time.Duration, f func()) {
	s.timers.Go(func() {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-s.closing:
			return
		case <-t.C:
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		f()
		s.stir()
	})
}

// handler is authentication, faults and the resources.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	s.routes(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, ok := r.BasicAuth(); !ok || user != s.User || password != s.Password {
			reply(w, http.StatusUnauthorized, map[string]string{"error": "Authentication required"})
			return
		}
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+strings.TrimPrefix(r.URL.String(), "/ari"))
		var f Fault
		if s.fault != nil {
			f = s.fault(r)
		}
		s.mu.Unlock()
		if f.Delay > 0 {
			select {
			case <-time.After(f.Delay):
			case <-r.Context().Done():
			}
		}
		switch {
		case f.Hang:
			<-r.Context().Done()
			return
		case f.HangAfter:
			mux.ServeHTTP(httptest.NewRecorder(), r)
			<-r.Context().Done()
			return
		case f.Status != 0:
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(f.Status)
			_, _ = w.Write([]byte(f.Body)) // the client may have gone
			return
		}
		if s.o.EventsFirst && r.Method != http.MethodGet {
			recorded := httptest.NewRecorder()
			mux.ServeHTTP(recorded, r)
			select {
			case <-time.After(8 * time.Millisecond):
			case <-r.Context().Done():
			}
			w.WriteHeader(recorded.Code)
			_, _ = w.Write(recorded.Body.Bytes())
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// reply writes an answer; v nil gives none.
func reply(w http.ResponseWriter, status int, v any) {
	if v == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may have gone
}

// refusal is an answer that is no success.
type refusal struct {
	status  int
	message string
}

func (r *refusal) reply(w http.ResponseWriter) {
	reply(w, r.status, map[string]string{"message": r.message})
}

// locked makes a handler of a function that is called under the lock and
// returns the body of a success, or a refusal.
func (s *Server) locked(ok int, f func(r *http.Request) (any, *refusal)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		v, no := f(r)
		s.stir()
		s.mu.Unlock()
		if no != nil {
			no.reply(w)
			return
		}
		reply(w, ok, v)
	}
}

func (s *Server) routes(mux *http.ServeMux) {
	get, none, made := http.StatusOK, http.StatusNoContent, http.StatusCreated
	on := func(pattern string, status int, f func(r *http.Request) (any, *refusal)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /ari"+path, s.locked(status, f))
	}
	mux.HandleFunc("GET /ari/events", s.events)
	on("POST /events/user/{name}", none, s.userEvent)
	on("GET /applications/{app}", get, s.getApp)
	on("PUT /applications/{app}/eventFilter", get, s.setFilter)
	on("POST /applications/{app}/subscription", get, s.subscribe)
	on("DELETE /applications/{app}/subscription", get, s.unsubscribe)
	on("GET /asterisk/ping", get, func(*http.Request) (any, *refusal) {
		return map[string]any{"ping": "pong", "timestamp": s.time(time.Now())}, nil
	})
	on("GET /asterisk/info", get, func(*http.Request) (any, *refusal) {
		return map[string]any{"system": map[string]string{"version": s.o.Version}, "config": map[string]any{"max_open_files": 16384}}, nil
	})
	on("GET /asterisk/modules", get, s.modules)
	on("GET /asterisk/modules/{module}", get, s.module)
	on("POST /asterisk/variable", none, s.export)
	on("GET /endpoints", get, s.endpoints)
	on("GET /endpoints/{tech}", get, s.endpoints)

	on("GET /channels", get, s.listChannels)
	on("POST /channels/create", get, s.create)
	on("GET /channels/{id}", get, func(r *http.Request) (any, *refusal) { c, no := s.channel(r); return s.shown(c), no })
	on("DELETE /channels/{id}", none, s.hangup)
	on("POST /channels/{id}/dial", none, s.dial)
	mux.HandleFunc("POST /ari/channels/{id}/answer", s.patient(none, s.answer))
	on("POST /channels/{id}/progress", none, s.progress)
	mux.HandleFunc("POST /ari/channels/{id}/variable", s.patient(none, s.setVariable))
	on("GET /channels/{id}/variable", get, s.getVariable)
	on("POST /channels/{id}/mute", none, func(r *http.Request) (any, *refusal) { return s.mute(r, true) })
	on("DELETE /channels/{id}/mute", none, func(r *http.Request) (any, *refusal) { return s.mute(r, false) })
	on("DELETE /channels/{id}/moh", none, s.quiet)
	on("POST /channels/{id}/dtmf", none, s.dtmf)
	on("POST /channels/{id}/play/{play}", made, s.play)
	on("POST /channels/{id}/snoop/{snoop}", get, s.snoop)
	on("POST /channels/{id}/record", made, s.record)
	on("POST /channels/{id}/continue", none, s.goOn)
	on("POST /channels/{id}/transfer_progress", none, s.transferProgress)

	on("GET /playbacks/{play}", get, s.getPlay)
	on("DELETE /playbacks/{play}", none, s.stopPlay)
	on("GET /recordings/live/{name}", get, s.liveRecording)
	on("GET /recordings/stored/{name}", get, s.storedRecording)
	on("POST /recordings/live/{name}/mute", none, s.muteRecording)
	on("DELETE /recordings/live/{name}/mute", none, s.muteRecording)

	on("GET /bridges", get, s.listBridges)
	on("POST /bridges/{bridge}", get, s.makeBridge)
	on("DELETE /bridges/{bridge}", none, s.deleteBridge)
	mux.HandleFunc("POST /ari/bridges/{bridge}/addChannel", s.patient(none, s.addChannel))
	mux.HandleFunc("POST /ari/bridges/{bridge}/removeChannel", s.patient(none, s.removeChannel))
	on("POST /bridges/{bridge}/moh", none, s.bridgeMusic)
}

// time is a time as Asterisk writes it, or oddly.
func (s *Server) time(t time.Time) any {
	if s.o.OddTimes {
		return t.UTC().Format("2006-01-02 15:04:05.000000")
	}
	return t.Format("2006-01-02T15:04:05.000-0700")
}

// number is a number as Asterisk writes it, or oddly.
func (s *Server) number(n int) any {
	if s.o.OddTimes {
		return json.RawMessage(`"` + jsonNumber(n) + `"`)
	}
	return n
}

func jsonNumber(n int) string {
	b, _ := json.Marshal(n) // an int can be marshalled
	return string(b)
}

// causes of hang-ups, and the tag that channels carry.
const (
	causeClearing  = 16
	causeBusy      = 17
	causeNoAnswer  = 19
	causeRejected  = 21
	causeElsewhere = 26
	causeSoft      = 32

	transferVariable = "PJSIP_TRANSFER_HANDLING()"
	sinceVariable    = ari.SinceVariable
	tagVariable      = media.TagVariable
)
