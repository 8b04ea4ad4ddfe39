package aritest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// channel is one leg, or one of Asterisk's own.
type channel struct {
	id, name, state string
	number, caller  string // caller id
	exten, context  string
	appArgs         string
	created         time.Time
	vars            map[string]string
	app             string // "" while not in Stasis
	own             bool   // made by ARI: its end is told by ChannelDestroyed
	gone            bool
	source          string // who hung up

	bridge   *bridge
	music    bool // channel music
	muted    bool
	says     float64 // VOLUME(RX), and (TX)
	hears    float64
	early    bool // 183 was sent
	plays    []*playback
	refer    *refer
	phone    *phone
	dialled  bool
	snoopOf  *channel
	whisper  bool
	detect   time.Duration // 0: no talk detection
	reported bool

	// What the far end knows.
	talking, holding bool
	keys             string
	answered         bool
	told             *bool
	goodbye          *goodbye
	epoch            int // of the timers of talk detection
}

type goodbye struct {
	here      bool
	cause     int
	elsewhere bool
}

// shown is a channel as answers and events show it.
func (s *Server) shown(c *channel) map[string]any {
	if c == nil {
		return nil
	}
	vars := map[string]string{}
	for _, v := range s.o.ChannelVars {
		vars[v] = c.vars[v]
		if v == "CHANNEL(hangupsource)" {
			vars[v] = c.source
		}
	}
	data, name := "", ""
	if c.app != "" {
		name, data = "Stasis", strings.TrimSuffix(c.app+","+c.appArgs, ",")
	}
	return map[string]any{
		"id": c.id, "name": c.name, "state": c.state, "language": "en", "accountcode": "",
		"caller": map[string]string{"name": c.caller, "number": c.number}, "connected": map[string]string{"name": "", "number": ""},
		"dialplan":     map[string]any{"context": c.context, "exten": c.exten, "priority": s.number(2), "app_name": name, "app_data": data},
		"creationtime": s.time(c.created), "channelvars": vars,
	}
}

func (s *Server) newChannel(id, name, state string) *channel {
	c := &channel{id: id, name: name, state: state, exten: "s", context: "default", created: time.Now(), vars: map[string]string{}}
	s.chans[id] = c
	s.order = append(s.order, id)
	return c
}

// name is a channel's name that no other has.
func (s *Server) name(endpoint string) string {
	s.names++
	return fmt.Sprintf("%s-%08x", endpoint, s.names)
}

var noChannel = &refusal{http.StatusNotFound, "Channel not found"}

// channel is the one of the request's path, wherever it is.
func (s *Server) channel(r *http.Request) (*channel, *refusal) {
	if c := s.chans[r.PathValue("id")]; c != nil {
		return c, nil
	}
	return nil, noChannel
}

// ours is the channel of the request's path, in Stasis and able to do things.
func (s *Server) ours(r *http.Request) (*channel, *refusal) {
	c, no := s.channel(r)
	switch {
	case no != nil:
		return nil, no
	case c.app == "":
		return nil, &refusal{http.StatusConflict, "Channel not in Stasis application"}
	}
	return c, nil
}

// audible is ours with a way for sound.
func (s *Server) audible(r *http.Request) (*channel, *refusal) {
	c, no := s.ours(r)
	if no == nil && c.state != "Up" && c.state != "Ring" {
		return nil, &refusal{http.StatusPreconditionFailed, "Channel in invalid state"}
	}
	return c, no
}

func (s *Server) listChannels(*http.Request) (any, *refusal) {
	list := []any{}
	for _, id := range s.order {
		if c := s.chans[id]; c != nil {
			list = append(list, s.shown(c))
		}
	}
	return list, nil
}

// enter puts a channel into an application.
func (s *Server) enter(c *channel, app, args string) {
	if s.chans[c.id] != c || c.gone {
		return
	}
	c.app, c.appArgs = app, args
	s.tell(c, "StasisStart", map[string]any{"args": strings.Split(args, ",")})
}

func (s *Server) create(r *http.Request) (any, *refusal) {
	q := r.URL.Query()
	id, endpoint := q.Get("channelId"), q.Get("endpoint")
	if s.chans[id] != nil {
		return nil, &refusal{http.StatusConflict, "Channel with given unique ID already exists"}
	}
	if o := q.Get("originator"); o != "" && s.chans[o] == nil {
		return nil, noChannel
	}
	p := s.phones[endpoint]
	if !strings.HasPrefix(endpoint, "Local/") && (p == nil || !p.registered) {
		return nil, &refusal{http.StatusInternalServerError, "Allocation failed"}
	}
	var body struct{ Variables map[string]string }
	if r.ContentLength != 0 {
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return nil, &refusal{http.StatusBadRequest, err.Error()}
		}
	}
	c := s.newChannel(id, s.name(endpoint), "Down")
	c.own, c.phone = true, p
	for k, v := range body.Variables {
		c.vars[k] = v
	}
	s.after(s.o.StasisDelay, func() { s.enter(c, q.Get("app"), q.Get("appArgs")) })
	return s.shown(c), nil
}

func (s *Server) dial(r *http.Request) (any, *refusal) {
	c, no := s.ours(r)
	if no != nil {
		return nil, no
	}
	if c.dialled || c.phone == nil {
		return nil, &refusal{http.StatusConflict, "Channel is not in the 'Down' state"}
	}
	c.dialled = true
	seconds, _ := strconv.Atoi(r.URL.Query().Get("timeout")) // 0: no limit
	if seconds > 0 {
		s.after(time.Duration(seconds)*time.Second, func() {
			if s.chans[c.id] == c && c.state != "Up" {
				s.end(c, end{cause: causeNoAnswer, bye: goodbye{cause: causeClearing}})
			}
		})
	}
	s.dialled(c, "")
	s.ring(c)
	return nil, nil
}

// dialled is a Dial event.
func (s *Server) dialled(c *channel, status string) {
	if a := s.apps[c.app]; a != nil {
		s.send(a, map[string]any{"type": "Dial", "peer": s.shown(c), "dialstatus": status, "dialstring": "x"})
	}
}

// becomeUp answers a channel.
func (s *Server) becomeUp(c *channel) {
	if c.state == "Up" {
		return
	}
	c.state, c.answered = "Up", true
	s.tell(c, "ChannelStateChange", nil)
	if c.dialled {
		s.dialled(c, "ANSWER")
	}
}

func (s *Server) answer(r *http.Request) (any, *refusal) {
	c, no := s.ours(r)
	if no != nil {
		return nil, no
	}
	if c.state == "Down" {
		return nil, &refusal{http.StatusPreconditionFailed, "Channel in invalid state"}
	}
	s.becomeUp(c)
	return nil, nil
}

func (s *Server) progress(r *http.Request) (any, *refusal) {
	c, no := s.audible(r)
	if no == nil {
		c.early = true
	}
	return nil, no
}

// assign sets a variable or writes a function.
func (s *Server) assign(c *channel, name, value string) {
	switch name {
	case "TALK_DETECT(set)":
		ms, _ := strconv.Atoi(strings.Split(value, ",")[0])
		c.detect = max(time.Millisecond, time.Duration(ms)*time.Millisecond)
		c.reported = false
		c.epoch++
		s.watchTalk(c)
	case "VOLUME(RX)":
		c.says, _ = strconv.ParseFloat(value, 64)
	case "VOLUME(TX)":
		c.hears, _ = strconv.ParseFloat(value, 64)
	case "TALK_DETECT(remove)":
		c.detect = 0
		c.epoch++
	default:
		c.vars[name] = value
	}
}

func (s *Server) setVariable(r *http.Request) (any, *refusal) {
	c, no := s.ours(r)
	if no == nil {
		s.assign(c, r.URL.Query().Get("variable"), r.URL.Query().Get("value"))
	}
	return nil, no
}

// export is a global write of EXPORT(channel,variable), which waits for nothing
// and tells no fault.
func (s *Server) export(r *http.Request) (any, *refusal) {
	args, ok := strings.CutPrefix(r.URL.Query().Get("variable"), "EXPORT(")
	name, variable, _ := strings.Cut(strings.TrimSuffix(args, ")"), ",")
	if !ok || !slices.Contains(s.o.Modules, "func_export") {
		return nil, nil
	}
	for _, c := range s.chans {
		if c.name == name {
			s.assign(c, variable, r.URL.Query().Get("value"))
		}
	}
	return nil, nil
}

func (s *Server) getVariable(r *http.Request) (any, *refusal) {
	c, no := s.channel(r)
	if no != nil {
		return nil, no
	}
	name := r.URL.Query().Get("variable")
	if context, ok := strings.CutPrefix(name, "DIALPLAN_EXISTS("); ok {
		there := strings.HasPrefix(context, "huawu-") && slices.Contains(s.o.Modules, "func_dialplan")
		if there {
			return map[string]string{"value": "1"}, nil
		}
		return map[string]string{"value": ""}, nil
	}
	if strings.HasPrefix(name, "CHANNEL(pjsip,") && c.refer != nil {
		// Read in turn with the messages of the phone.
		c.refer.held = true
	}
	return map[string]string{"value": c.vars[name]}, nil
}

func (s *Server) mute(r *http.Request, on bool) (any, *refusal) {
	c, no := s.ours(r)
	if no == nil {
		c.muted = on
	}
	return nil, no
}

func (s *Server) quiet(r *http.Request) (any, *refusal) {
	c, no := s.ours(r)
	if no == nil {
		c.music = false
	}
	return nil, no
}

func (s *Server) dtmf(r *http.Request) (any, *refusal) {
	c, no := s.audible(r)
	if no == nil {
		c.keys += r.URL.Query().Get("dtmf")
	}
	return nil, no
}

// patient is a handler of a command that Asterisk carries out only when nothing
// is played to the channels that it is about.
func (s *Server) patient(ok int, f func(r *http.Request) (any, *refusal)) http.HandlerFunc {
	do := s.locked(ok, f)
	return func(w http.ResponseWriter, r *http.Request) {
		ids := append(strings.Split(r.URL.Query().Get("channel"), ","), r.PathValue("id"))
		s.wait(time.Minute, func() bool {
			return r.Context().Err() != nil || !slices.ContainsFunc(ids, func(id string) bool {
				c := s.chans[id]
				return c != nil && len(c.plays) > 0
			})
		})
		if r.Context().Err() == nil {
			do(w, r)
		}
	}
}

// transferProgress tells a phone how its transfer goes, and the application
// that it did.
func (s *Server) transferProgress(r *http.Request) (any, *refusal) {
	c, no := s.ours(r)
	if no != nil {
		return nil, no
	}
	state := r.URL.Query().Get("states")
	if c.refer != nil && !c.refer.held {
		for _, a := range s.apps {
			a.drop()
		}
		return nil, &refusal{http.StatusInternalServerError, "Asterisk died: it had not put the REFER away"}
	}
	if a := s.apps[c.app]; a != nil {
		s.send(a, map[string]any{
			"type": "ChannelTransfer", "state": state, "refer_to": map[string]any{},
			"referred_by": map[string]any{"source_channel": s.shown(c)},
		})
	}
	done := state == "channel_answered"
	if c.refer == nil || !done && state != "channel_declined" {
		return nil, nil
	}
	c.told = &done
	attended := c.refer.attended
	c.refer = nil
	if done && !attended {
		s.after(byeAfter, func() { s.end(c, end{far: true, cause: causeClearing, bye: goodbye{here: true}}) })
	}
	return nil, nil
}
