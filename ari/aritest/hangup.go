package aritest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Server) hangup(r *http.Request) (any, *refusal) {
	c, no := s.channel(r)
	if no != nil {
		return nil, no
	}
	cause, _ := strconv.Atoi(r.URL.Query().Get("reason_code"))
	if cause == 0 {
		cause = causeClearing
	}
	s.end(c, end{cause: cause, bye: goodbye{cause: cause, elsewhere: cause == causeElsewhere}})
	return nil, nil
}

// end is how a channel ends.
type end struct {
	far   bool // its far end hung up
	cause int
	bye   goodbye
}

// end hangs a channel up, with Asterisk's events in Asterisk's order.
func (s *Server) end(c *channel, e end) {
	if c.gone {
		return
	}
	c.gone = true
	if c.goodbye == nil {
		c.goodbye = &e.bye
	}
	switch {
	case e.far && c.own:
		s.tell(c, "ChannelHangupRequest", map[string]any{"cause": s.number(e.cause)})
		c.source = c.name
	case e.far && c.state != "Up":
		s.tell(c, "ChannelHangupRequest", map[string]any{"cause": s.number(127), "tech_cause": s.number(487)})
		c.source = c.name
	case e.far:
		s.tell(c, "ChannelHangupRequest", nil)
		c.source = c.name
	default:
		s.tell(c, "ChannelHangupRequest", map[string]any{"cause": s.number(causeSoft), "soft": true})
	}
	s.leaveStasis(c)
	if c.app != "" && !c.own {
		s.tell(c, "ChannelHangupRequest", map[string]any{"cause": s.number(causeClearing), "soft": true})
	}
	if c.own && c.snoopOf == nil {
		s.tell(c, "ChannelDestroyed", map[string]any{"cause": s.number(e.cause), "cause_txt": "x"})
	}
	for _, id := range slices.Clone(s.order) {
		if o := s.chans[id]; o != nil && o.snoopOf == c {
			s.after(10*time.Millisecond, func() { s.end(o, end{cause: causeClearing}) })
		}
	}
	refer := c.refer != nil
	app := c.app
	s.after(time.Millisecond, func() { // listed for a moment more
		delete(s.chans, c.id)
		s.order = slices.DeleteFunc(s.order, func(id string) bool { return id == c.id })
		if a := s.apps[app]; a != nil && refer {
			// Asterisk's last word on a transfer that was not answered.
			s.send(a, map[string]any{"type": "ChannelTransfer", "referred_by": map[string]any{"source_channel": s.shown(c)}, "refer_to": map[string]any{}})
		}
		if a := s.apps[app]; a != nil && a.out == nil && !s.holds(a) {
			delete(s.apps, app)
		}
	})
	s.stir()
}

// leaveStasis ends what a channel does in an application.
func (s *Server) leaveStasis(c *channel) {
	if c.app == "" {
		return
	}
	s.endRecordings(c)
	plays := c.plays
	c.plays = nil
	for i, p := range plays {
		state := "done" // Asterisk's word for one that waited in line
		if i == 0 {
			state = "failed"
		}
		s.endPlay(p, state)
	}
	s.leave(c)
	s.tell(c, "StasisEnd", nil)
}

// goOn is "continue": the channel goes on in the dialplan when what is played
// to it is over.
func (s *Server) goOn(r *http.Request) (any, *refusal) {
	c, no := s.ours(r)
	if no != nil {
		return nil, no
	}
	context, exten := r.URL.Query().Get("context"), r.URL.Query().Get("extension")
	s.whenQuiet(c, func() {
		if c.gone || c.app == "" {
			return
		}
		s.leaveStasis(c)
		c.app, c.context, c.exten = "", context, exten
		if strings.HasSuffix(context, "-fallback") {
			s.fallback(c)
			return
		}
		s.after(2*time.Second, func() { s.end(c, end{cause: causeBusy, bye: goodbye{cause: causeBusy}}) })
	})
	return nil, nil
}

// whenQuiet has f called when nothing is played to a channel.
func (s *Server) whenQuiet(c *channel, f func()) {
	if len(c.plays) == 0 {
		f()
		return
	}
	s.after(2*time.Millisecond, func() { s.whenQuiet(c, f) })
}

// fallback tries the application again and again.
func (s *Server) fallback(c *channel) {
	s.after(s.o.Return, func() {
		if c.gone {
			return
		}
		if a := s.apps[s.App]; a != nil && a.out != nil {
			s.enter(c, s.App, "fallback")
			return
		}
		s.fallback(c)
	})
}
