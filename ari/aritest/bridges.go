package aritest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// bridge is what channels meet in.
type bridge struct {
	id, kind, name string
	made           time.Time
	chans          []*channel
	music          bool // of a holding bridge; it dies with the last channel
}

func (s *Server) shownBridge(b *bridge) map[string]any {
	ids := []string{}
	for _, c := range b.chans {
		ids = append(ids, c.id)
	}
	kind, _, _ := strings.Cut(b.kind, ",")
	return map[string]any{
		"id": b.id, "bridge_type": kind, "bridge_class": "stasis", "technology": "simple_bridge", "creator": "Stasis",
		"name": b.name, "channels": ids, "creationtime": s.time(b.made),
	}
}

func (s *Server) bridge(r *http.Request) (*bridge, *refusal) {
	if b := s.bridges[r.PathValue("bridge")]; b != nil {
		return b, nil
	}
	return nil, &refusal{http.StatusNotFound, "Bridge not found"}
}

func (s *Server) listBridges(*http.Request) (any, *refusal) {
	list := []any{}
	for _, b := range s.bridges {
		list = append(list, s.shownBridge(b))
	}
	return list, nil
}

func (s *Server) makeBridge(r *http.Request) (any, *refusal) {
	id := r.PathValue("bridge")
	if s.bridges[id] != nil {
		return nil, &refusal{http.StatusConflict, "Bridge with the same bridgeId already exists"}
	}
	b := &bridge{id: id, kind: r.URL.Query().Get("type"), name: r.URL.Query().Get("name"), made: time.Now()}
	s.bridges[id] = b
	return s.shownBridge(b), nil
}

func (s *Server) deleteBridge(r *http.Request) (any, *refusal) {
	b, no := s.bridge(r)
	if no != nil {
		return nil, no
	}
	for _, c := range slices.Clone(b.chans) {
		s.leave(c)
	}
	delete(s.bridges, b.id)
	return nil, nil
}

// Bridges are the ids of the bridges that stand, in order.
func (s *Server) Bridges() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id := range s.bridges {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Channels are the names of the channels that live, in the order of their
// making.
func (s *Server) Channels() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, id := range s.order {
		if c := s.chans[id]; c != nil {
			names = append(names, c.name)
		}
	}
	return names
}

// leave takes a channel out of its bridge.
func (s *Server) leave(c *channel) {
	b := c.bridge
	if b == nil {
		return
	}
	c.bridge = nil
	b.chans = slices.DeleteFunc(b.chans, func(o *channel) bool { return o == c })
	if len(b.chans) == 0 {
		b.music = false
	}
	s.tell(c, "ChannelLeftBridge", map[string]any{"bridge": s.shownBridge(b)})
}

func (s *Server) addChannel(r *http.Request) (any, *refusal) {
	b, no := s.bridge(r)
	if no != nil {
		return nil, no
	}
	var chans []*channel
	for _, id := range strings.Split(r.URL.Query().Get("channel"), ",") {
		c := s.chans[id]
		switch {
		case c == nil || c.gone:
			return nil, &refusal{http.StatusBadRequest, "Channel not found"}
		case c.app == "":
			return nil, &refusal{http.StatusUnprocessableEntity, "Channel not in Stasis application"}
		}
		chans = append(chans, c)
	}
	for _, c := range chans {
		if c.bridge == b {
			continue
		}
		s.leave(c)
		c.bridge = b
		b.chans = append(b.chans, c)
		s.tell(c, "ChannelEnteredBridge", map[string]any{"bridge": s.shownBridge(b)})
	}
	return nil, nil
}

func (s *Server) removeChannel(r *http.Request) (any, *refusal) {
	b, no := s.bridge(r)
	if no != nil {
		return nil, no
	}
	c := s.chans[r.URL.Query().Get("channel")]
	switch {
	case c == nil || c.gone:
		return nil, &refusal{http.StatusBadRequest, "Channel not found"}
	case c.bridge != b:
		return nil, &refusal{http.StatusUnprocessableEntity, "Channel not in this bridge"}
	}
	s.leave(c)
	return nil, nil
}

func (s *Server) bridgeMusic(r *http.Request) (any, *refusal) {
	b, no := s.bridge(r)
	if no == nil {
		b.music = true
	}
	return nil, no
}

// sound is what a channel's far end hears.
type sound struct {
	music, prompt bool
	voices        map[*channel]bool
}

// hears is what the far end of a channel hears.
func (s *Server) hears(c *channel) sound {
	a := sound{voices: map[*channel]bool{}}
	if c.gone || c.holding || c.state != "Up" && !c.early {
		return a
	}
	if c.app == "" {
		return a
	}
	s.given(c, &a)
	for _, id := range s.order {
		n := s.chans[id]
		if n == nil || n.snoopOf != c || !n.whisper {
			continue
		}
		a.prompt = a.prompt || len(n.plays) > 0
		if n.bridge == nil {
			continue
		}
		for _, by := range n.bridge.chans {
			if by.talking && !by.muted {
				a.voices[by] = true
			}
		}
	}
	return a
}

// given is what Asterisk gives a channel but for whispers.
func (s *Server) given(c *channel, a *sound) {
	if len(c.plays) > 0 {
		a.prompt = true
		return
	}
	// Channel music is mixed with whatever the bridge says (cookbook rule 4).
	a.music = a.music || c.music
	b := c.bridge
	switch {
	case b == nil:
	case strings.HasPrefix(b.kind, "holding"):
		a.music = a.music || b.music
	default:
		for _, o := range b.chans {
			switch {
			case o == c:
			case o.snoopOf != nil:
				if o.snoopOf.talking && !o.snoopOf.muted {
					a.voices[o.snoopOf] = true
				}
				s.given(o.snoopOf, a)
			case o.talking && !o.muted && !o.holding && o.state == "Up":
				a.voices[o] = true
			}
		}
	}
}
