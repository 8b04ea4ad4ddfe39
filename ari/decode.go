package ari

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	arilib "github.com/CyCoreSystems/ari/v6"
)

// event is what the driver reads of any event. The names are those of
// Asterisk's events.json. ari/v6's DecodeEvent is not used: one field in another
// form than it expects loses the event, and it knows neither ChannelTransfer nor
// tech_cause (ADR 0002; decode_test.go holds the proof).
type event struct {
	Type       string
	Channel    *channel
	Peer       *peer    // Dial, PeerStatusChange
	Replaced   *channel // StasisStart
	Bridge     *bridge
	Playback   *arilib.PlaybackData
	Recording  *recordingData
	Endpoint   *arilib.EndpointData
	DialStatus string
	Digit      string
	Pressed    number // ms that the digit lasted
	Cause      number
	TechCause  number
	Soft       flag
	// State, ReferTo and ReferredBy are ChannelTransfer's; a request has no
	// State, the echo of a transfer_progress has one.
	State      string
	ReferTo    *referTo
	ReferredBy *referredBy
}

type channel struct {
	ID       string             `json:"id"`
	Name     string             `json:"name"`
	State    string             `json:"state"`
	Caller   arilib.CallerID    `json:"caller"`
	Dialplan arilib.DialplanCEP `json:"dialplan"`
	Created  stamp              `json:"creationtime"`
	Vars     map[string]string  `json:"channelvars"`
}

type bridge struct {
	ID       string   `json:"id"`
	Type     string   `json:"bridge_type"`
	Name     string   `json:"name"`
	Channels []string `json:"channels"`
}

type recordingData struct {
	Name     string
	State    string
	Cause    string
	Duration number // whole seconds, cut down
}

// peer is the leg that Dial is about, or what PeerStatusChange says.
type peer struct {
	channel
	Status string
}

type referTo struct {
	Requested struct {
		Destination string
	}
	Destination *channel
}

type referredBy struct {
	Source *channel
}

// decode reads an event field by field, without encoding/json, which took a
// tenth of huawu's CPU. Fields of another JSON type than the documented one are
// left empty and reported by mended; the rest of the event is good. An error
// says that there is no event in b.
func decode(b []byte) (e *event, mended bool, err error) {
	s := scan{b: b}
	e = &event{}
	if s.peek() != '{' || !s.object() {
		return nil, false, fmt.Errorf("decode event %.200q: no type", b)
	}
	for name, ok := s.key(); ok; name, ok = s.key() {
		s.field(e, name)
	}
	switch {
	case !s.over():
		return nil, false, fmt.Errorf("decode event %.200q: at byte %d: no JSON", b, s.at)
	case e.Type == "":
		return nil, false, fmt.Errorf("decode event %.200q: no type", b)
	}
	return e, s.mended, nil
}

// field reads one field of an event.
func (s *scan) field(e *event, name []byte) {
	switch string(name) {
	case "type":
		e.Type = s.text()
	case "channel":
		e.Channel = s.channel(e.Type)
	case "peer":
		if s.object() {
			e.Peer = &peer{}
			for name, ok := s.key(); ok; name, ok = s.key() {
				if string(name) == "peer_status" {
					e.Peer.Status = s.text()
				} else {
					s.channelField(&e.Peer.channel, e.Type, name)
				}
			}
		}
	case "replace_channel":
		e.Replaced = s.channel(e.Type)
	case "bridge":
		if s.object() {
			e.Bridge = &bridge{}
			s.texts(wanted{"id", &e.Bridge.ID}, wanted{"name", &e.Bridge.Name})
		}
	case "playback":
		if s.object() {
			e.Playback = &arilib.PlaybackData{}
			s.texts(wanted{"id", &e.Playback.ID}, wanted{"state", &e.Playback.State}, wanted{"target_uri", &e.Playback.TargetURI})
		}
	case "endpoint":
		if s.object() {
			e.Endpoint = &arilib.EndpointData{}
			s.texts(wanted{"technology", &e.Endpoint.Technology}, wanted{"resource", &e.Endpoint.Resource}, wanted{"state", &e.Endpoint.State})
		}
	case "recording":
		if s.object() {
			e.Recording = &recordingData{}
			s.recording(e.Recording)
		}
	case "refer_to":
		if s.object() {
			e.ReferTo = &referTo{}
			s.referTo(e.ReferTo, e.Type)
		}
	case "referred_by":
		if s.object() {
			e.ReferredBy = &referredBy{}
			for name, ok := s.key(); ok; name, ok = s.key() {
				if string(name) == "source_channel" {
					e.ReferredBy.Source = s.channel(e.Type)
				} else {
					s.skip()
				}
			}
		}
	case "dialstatus":
		e.DialStatus = s.text()
	case "digit":
		e.Digit = s.text()
	case "duration_ms":
		e.Pressed = numberOf(s.literal())
	case "state":
		e.State = s.text()
	case "cause":
		e.Cause = numberOf(s.literal())
	case "tech_cause":
		e.TechCause = numberOf(s.literal())
	case "soft":
		e.Soft = flagOf(s.literal())
	default:
		s.skip()
	}
}

// wanted is a text of an object and where it goes.
type wanted struct {
	name string
	to   *string
}

// texts reads texts of the object that was entered.
func (s *scan) texts(all ...wanted) {
next:
	for name, ok := s.key(); ok; name, ok = s.key() {
		for _, w := range all {
			if string(name) == w.name {
				*w.to = s.text()
				continue next
			}
		}
		s.skip()
	}
}

func (s *scan) channel(kind string) *channel {
	if !s.object() {
		return nil
	}
	c := &channel{}
	for name, ok := s.key(); ok; name, ok = s.key() {
		s.channelField(c, kind, name)
	}
	return c
}

// channelField reads one field of a channel, if it is looked at in events of
// this kind: names and variables in those that begin and end a leg, where it
// comes from in the first one. Asterisk writes the kind before the channel; a
// proxy may not, and then all is read.
func (s *scan) channelField(c *channel, kind string, name []byte) {
	begins, ends := kind == "" || kind == arilib.Events.StasisStart, kind == arilib.Events.StasisEnd || kind == arilib.Events.ChannelDestroyed
	switch string(name) {
	case "id":
		c.ID = s.text()
		return
	case "state":
		c.State = s.text()
		return
	}
	switch {
	case (begins || ends) && string(name) == "name":
		c.Name = s.text()
	case (begins || ends) && string(name) == "channelvars":
		if s.object() {
			s.variables(c)
		}
	case begins && string(name) == "caller":
		if s.object() {
			s.texts(wanted{"name", &c.Caller.Name}, wanted{"number", &c.Caller.Number})
		}
	case begins && string(name) == "dialplan":
		if s.object() {
			s.texts(wanted{"exten", &c.Dialplan.Exten})
		}
	case begins && string(name) == "creationtime":
		c.Created = stampOf(s.literal())
	default:
		s.skip()
	}
}

func (s *scan) variables(c *channel) {
	for name, ok := s.key(); ok; name, ok = s.key() {
		if text := s.text(); text != "" {
			if c.Vars == nil {
				c.Vars = map[string]string{}
			}
			c.Vars[string(name)] = text
		}
	}
}

func (s *scan) recording(r *recordingData) {
	for name, ok := s.key(); ok; name, ok = s.key() {
		switch string(name) {
		case "name":
			r.Name = s.text()
		case "state":
			r.State = s.text()
		case "cause":
			r.Cause = s.text()
		case "duration":
			r.Duration = numberOf(s.literal())
		default:
			s.skip()
		}
	}
}

func (s *scan) referTo(r *referTo, kind string) {
	for name, ok := s.key(); ok; name, ok = s.key() {
		switch string(name) {
		case "destination_channel":
			r.Destination = s.channel(kind)
		case "requested_destination":
			if s.object() {
				s.texts(wanted{"destination", &r.Requested.Destination})
			}
		default:
			s.skip()
		}
	}
}

// lenient reads JSON, leaving fields of another type than v's as they are.
func lenient(b []byte, v any) (mended bool, err error) {
	err = json.Unmarshal(b, v)
	var odd *json.UnmarshalTypeError
	if errors.As(err, &odd) {
		return true, nil
	}
	return false, err
}

// number is a whole number that may come quoted or with a fraction; what is
// neither is 0.
type number int

func numberOf(text string) number {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != f || f > 1e9 || f < -1e9 {
		return 0
	}
	return number(f)
}

// flag is a truth that may come quoted or as a number.
type flag bool

func flagOf(text string) flag {
	switch text {
	case "true", "1", "yes":
		return true
	}
	return false
}

// stamp is a time in any of the forms that Asterisk or a proxy before it may
// write; another one is the zero time.
type stamp time.Time

var stampForms = []string{
	"2006-01-02T15:04:05.999999999-0700", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999-0700", "2006-01-02 15:04:05.999999999",
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *stamp) UnmarshalJSON(b []byte) error {
	*s = stampOf(strings.Trim(string(b), `"`))
	return nil
}

func stampOf(text string) stamp {
	for _, form := range stampForms {
		if t, err := time.Parse(form, text); err == nil {
			return stamp(t)
		}
	}
	return stamp{}
}

// millis is the stamp in milliseconds of the epoch, 0 when there is none.
func (s stamp) millis() int64 {
	if t := time.Time(s); !t.IsZero() {
		return t.UnixMilli()
	}
	return 0
}
