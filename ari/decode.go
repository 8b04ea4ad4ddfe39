package ari

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	arilib "github.com/CyCoreSystems/ari/v6"
	"github.com/valyala/fastjson"
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

var parsers fastjson.ParserPool

// decode reads an event field by field, without encoding/json, which took a
// tenth of huawu's CPU. Fields of another JSON type than the documented one are
// left empty and reported by mended; the rest of the event is good. An error
// says that there is no event in b.
func decode(b []byte) (e *event, mended bool, err error) {
	p := parsers.Get()
	defer parsers.Put(p)
	v, err := p.ParseBytes(b)
	if err != nil {
		return nil, false, fmt.Errorf("decode event %.200q: %w", b, err)
	}
	r := &fields{}
	e = &event{Type: r.text(v, "type")}
	switch e.Type {
	case arilib.Events.StasisStart, arilib.Events.StasisEnd, arilib.Events.ChannelDestroyed:
		r.whole = true
	}
	if e.Type == "" {
		return nil, false, fmt.Errorf("decode event %.200q: no type", b)
	}
	e.Channel = r.channel(v, "channel")
	if c := r.channel(v, "peer"); c != nil {
		e.Peer = &peer{channel: *c, Status: r.text(v.Get("peer"), "peer_status")}
	}
	e.Replaced = r.channel(v, "replace_channel")
	if o := r.object(v, "bridge"); o != nil {
		e.Bridge = &bridge{ID: r.text(o, "id"), Type: r.text(o, "bridge_type"), Name: r.text(o, "name"), Channels: r.texts(o, "channels")}
	}
	if o := r.object(v, "playback"); o != nil {
		e.Playback = &arilib.PlaybackData{ID: r.text(o, "id"), State: r.text(o, "state"), MediaURI: r.text(o, "media_uri"), TargetURI: r.text(o, "target_uri")}
	}
	if o := r.object(v, "recording"); o != nil {
		e.Recording = &recordingData{Name: r.text(o, "name"), State: r.text(o, "state"), Cause: r.text(o, "cause"), Duration: numberOf(o.Get("duration"))}
	}
	if o := r.object(v, "endpoint"); o != nil {
		e.Endpoint = &arilib.EndpointData{Technology: r.text(o, "technology"), Resource: r.text(o, "resource"), State: r.text(o, "state")}
	}
	if o := r.object(v, "refer_to"); o != nil {
		e.ReferTo = &referTo{Destination: r.channel(o, "destination_channel")}
		if asked := r.object(o, "requested_destination"); asked != nil {
			e.ReferTo.Requested.Destination = r.text(asked, "destination")
		}
	}
	if o := r.object(v, "referred_by"); o != nil {
		e.ReferredBy = &referredBy{Source: r.channel(o, "source_channel")}
	}
	e.DialStatus, e.Digit, e.State = r.text(v, "dialstatus"), r.text(v, "digit"), r.text(v, "state")
	e.Cause, e.TechCause, e.Soft = numberOf(v.Get("cause")), numberOf(v.Get("tech_cause")), flagOf(v.Get("soft"))
	return e, r.mended, nil
}

// fields reads fields of objects and notes those of another type. Variables and
// creation times of channels are read of the events alone that begin and end a
// leg.
type fields struct{ mended, whole bool }

// of is a field of the type wanted, nil when it is missing, null or another.
func (r *fields) of(v *fastjson.Value, name string, want fastjson.Type) *fastjson.Value {
	f := v.Get(name)
	if f == nil || f.Type() == want {
		return f
	}
	r.mended = r.mended || f.Type() != fastjson.TypeNull
	return nil
}

func (r *fields) object(v *fastjson.Value, name string) *fastjson.Value {
	return r.of(v, name, fastjson.TypeObject)
}

func (r *fields) text(v *fastjson.Value, name string) string {
	if f := r.of(v, name, fastjson.TypeString); f != nil {
		return string(f.GetStringBytes())
	}
	return ""
}

func (r *fields) texts(v *fastjson.Value, name string) []string {
	list := r.of(v, name, fastjson.TypeArray)
	if list == nil {
		return nil
	}
	values := list.GetArray()
	texts := make([]string, 0, len(values))
	for _, f := range values {
		if f.Type() != fastjson.TypeString {
			r.mended = true
			continue
		}
		texts = append(texts, string(f.GetStringBytes()))
	}
	return texts
}

func (r *fields) channel(v *fastjson.Value, name string) *channel {
	o := r.object(v, name)
	if o == nil {
		return nil
	}
	c := &channel{ID: r.text(o, "id"), Name: r.text(o, "name"), State: r.text(o, "state")}
	if caller := r.object(o, "caller"); caller != nil {
		c.Caller = arilib.CallerID{Name: r.text(caller, "name"), Number: r.text(caller, "number")}
	}
	if at := r.object(o, "dialplan"); at != nil {
		c.Dialplan.Exten = r.text(at, "exten")
	}
	if !r.whole {
		return c
	}
	c.Created = stampOf(literal(o.Get("creationtime")))
	if vars := r.object(o, "channelvars"); vars != nil {
		r.vars(c, vars)
	}
	return c
}

func (r *fields) vars(c *channel, vars *fastjson.Value) {
	vars.GetObject().Visit(func(name []byte, f *fastjson.Value) {
		if f.Type() != fastjson.TypeString {
			r.mended = r.mended || f.Type() != fastjson.TypeNull
			return
		}
		if text := f.GetStringBytes(); len(text) > 0 {
			if c.Vars == nil {
				c.Vars = map[string]string{}
			}
			c.Vars[string(name)] = string(text)
		}
	})
}

// literal is a value as JSON has it, a text without its quotes.
func literal(f *fastjson.Value) string {
	if f == nil {
		return ""
	}
	if f.Type() == fastjson.TypeString {
		return string(f.GetStringBytes())
	}
	return string(f.MarshalTo(nil))
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

func numberOf(v *fastjson.Value) number {
	if v == nil {
		return 0
	}
	f, err := strconv.ParseFloat(literal(v), 64)
	if err != nil || f != f || f > 1e9 || f < -1e9 {
		return 0
	}
	return number(f)
}

// flag is a truth that may come quoted or as a number.
type flag bool

func flagOf(v *fastjson.Value) flag {
	switch literal(v) {
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
