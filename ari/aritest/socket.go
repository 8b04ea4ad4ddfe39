package aritest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// app is one Stasis application.
type app struct {
	name      string
	out       chan []byte // to its socket; nil while there is none
	cancel    context.CancelFunc
	allowed   []string
	banned    []string
	endpoints bool
	session   int
}

const socketQueue = 4096

// drop ends the application's socket. Under the lock.
func (a *app) drop() {
	if a.cancel != nil {
		a.cancel()
	}
	a.out, a.cancel = nil, nil
}

// holds says whether a channel or bridge keeps the application alive.
func (s *Server) holds(a *app) bool {
	for _, c := range s.chans {
		if c.app == a.name {
			return true
		}
	}
	return false
}

// DropSockets ends every event socket.
func (s *Server) DropSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.apps {
		a.drop()
	}
}

// Connected says whether the application has a socket.
func (s *Server) Connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.apps[s.App]
	return a != nil && a.out != nil
}

// Replace does what another controller's connecting does.
func (s *Server) Replace() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.apps[s.App]; a != nil {
		s.send(a, map[string]any{"type": "ApplicationReplaced"})
	}
}

// Forget has the application unregistered while its socket stands.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.apps, s.App)
}

// Deactivate has the application get no events more while it is still listed,
// and its socket stands, as happens when Asterisk cleans up after another one.
func (s *Server) Deactivate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.apps[s.App]; a != nil {
		a.out = nil
	}
}

// Emit sends an event of the test's own.
func (s *Server) Emit(event map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.apps[s.App]; a != nil {
		s.send(a, event)
	}
}

// EmitRaw sends bytes that need not be an event.
func (s *Server) EmitRaw(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.apps[s.App]; a != nil && a.out != nil {
		a.out <- b
	}
}

// events is the event socket.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	names := strings.Split(r.URL.Query().Get("app"), ",")
	out := make(chan []byte, socketQueue)
	s.mu.Lock()
	s.names++
	session := s.names
	for _, name := range names {
		a := s.apps[name]
		if a == nil {
			a = &app{name: name}
			s.apps[name] = a
		}
		if a.out != nil {
			s.send(a, map[string]any{"type": "ApplicationReplaced"})
		}
		a.out, a.cancel, a.session = out, cancel, session
	}
	s.stir()
	s.mu.Unlock()
	ctx = conn.CloseRead(ctx) // reads pings and the end
	for {
		select {
		case b := <-out:
			if err := conn.Write(ctx, websocket.MessageText, b); err != nil {
				cancel()
			}
			continue
		case <-ctx.Done():
		case <-s.closing:
		}
		break
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		if a := s.apps[name]; a != nil && a.session == session {
			a.out, a.cancel = nil, nil
			if !s.holds(a) {
				delete(s.apps, name)
			}
		}
	}
}

// send queues an event for an application. Under the lock.
func (s *Server) send(a *app, event map[string]any) {
	kind := event["type"].(string)
	if a.out == nil || slices.Contains(a.banned, kind) || len(a.allowed) > 0 && !slices.Contains(a.allowed, kind) {
		return
	}
	event["application"] = a.name
	event["timestamp"] = s.time(time.Now())
	s.sent[kind]++
	b, err := json.Marshal(event)
	if err != nil {
		panic(err) // of the test's own making
	}
	if s.o.Junk {
		s.junk++
		a.out <- []byte(`{"type":"SomethingNew","application":"huawu","channel":{"id":"1","wings":[1,2]},"number":7}`)
		if s.junk%3 == 0 {
			a.out <- []byte(`{"type":"ChannelStateChange","channel":[1,2,3`)
		}
	}
	a.out <- b
}

// tell sends an event about a channel to its application.
func (s *Server) tell(c *channel, kind string, more map[string]any) {
	a := s.apps[c.app]
	if a == nil {
		return
	}
	event := map[string]any{"type": kind, "channel": s.shown(c)}
	for k, v := range more {
		event[k] = v
	}
	s.send(a, event)
}

func (s *Server) application(r *http.Request) (*app, *refusal) {
	if a := s.apps[r.PathValue("app")]; a != nil {
		return a, nil
	}
	return nil, &refusal{http.StatusNotFound, "Application not found"}
}

func (s *Server) shownApp(a *app) map[string]any {
	ids, endpoints := []string{}, []string{}
	for _, id := range s.order {
		if c := s.chans[id]; c != nil && c.app == a.name {
			ids = append(ids, id)
		}
	}
	if a.endpoints {
		endpoints = append(endpoints, "PJSIP")
	}
	return map[string]any{"name": a.name, "channel_ids": ids, "endpoint_ids": endpoints, "bridge_ids": []string{}, "device_names": []string{}}
}

func (s *Server) getApp(r *http.Request) (any, *refusal) {
	a, no := s.application(r)
	if no != nil {
		return nil, no
	}
	return s.shownApp(a), nil
}

func (s *Server) userEvent(r *http.Request) (any, *refusal) {
	a := s.apps[r.URL.Query().Get("application")]
	if a == nil {
		return nil, &refusal{http.StatusNotFound, "Application not found"}
	}
	name := r.PathValue("name")
	s.send(a, map[string]any{"type": "ChannelUserevent", "eventname": name, "userevent": map[string]string{"eventname": name}})
	return nil, nil
}

func (s *Server) setFilter(r *http.Request) (any, *refusal) {
	a, no := s.application(r)
	if no != nil {
		return nil, no
	}
	var f struct {
		Allowed, Disallowed []struct{ Type string }
	}
	if err := json.NewDecoder(r.Body).Decode(&f); err != nil {
		return nil, &refusal{http.StatusBadRequest, err.Error()}
	}
	a.allowed, a.banned = nil, nil
	for _, t := range f.Allowed {
		a.allowed = append(a.allowed, t.Type)
	}
	for _, t := range f.Disallowed {
		a.banned = append(a.banned, t.Type)
	}
	return s.shownApp(a), nil
}

func (s *Server) subscribe(r *http.Request) (any, *refusal) {
	a, no := s.application(r)
	if no != nil {
		return nil, no
	}
	if r.FormValue("eventSource") != "endpoint:PJSIP" {
		return nil, &refusal{http.StatusUnprocessableEntity, "Event source does not exist"}
	}
	a.endpoints = true
	return s.shownApp(a), nil
}

func (s *Server) unsubscribe(r *http.Request) (any, *refusal) {
	a, no := s.application(r)
	if no != nil {
		return nil, no
	}
	a.endpoints = false
	return s.shownApp(a), nil
}

func (s *Server) modules(*http.Request) (any, *refusal) {
	list := []map[string]any{}
	for _, m := range s.o.Modules {
		list = append(list, map[string]any{"name": m + ".so", "status": "Running", "use_count": s.number(1)})
	}
	return list, nil
}

func (s *Server) module(r *http.Request) (any, *refusal) {
	if name := strings.TrimSuffix(r.PathValue("module"), ".so"); slices.Contains(s.o.Modules, name) {
		return map[string]string{"name": name + ".so", "status": "Running"}, nil
	}
	return nil, &refusal{http.StatusNotFound, "Module could not be found in running modules"}
}
