package ari

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	arilib "github.com/CyCoreSystems/ari/v6"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// event is what the driver reads of any event, in one pass. The names are
// those of Asterisk's events.json. ari/v6's DecodeEvent is not used: one field
// in another form than it expects loses the event, and it knows neither
// ChannelTransfer nor tech_cause (ADR 0002; decode_test.go holds the proof).
type event struct {
	Type       string               `json:"type"`
	Channel    *channel             `json:"channel"`
	Peer       *peer                `json:"peer"`            // Dial, PeerStatusChange
	Replaced   *channel             `json:"replace_channel"` // StasisStart
	Bridge     *bridge              `json:"bridge"`
	Playback   *arilib.PlaybackData `json:"playback"`
	Recording  *recordingData       `json:"recording"`
	Endpoint   *arilib.EndpointData `json:"endpoint"`
	DialStatus string               `json:"dialstatus"`
	Digit      string               `json:"digit"`
	Cause      number               `json:"cause"`
	TechCause  number               `json:"tech_cause"`
	Soft       flag                 `json:"soft"`
	// State, ReferTo and ReferredBy are ChannelTransfer's; a request has no
	// State, the echo of a transfer_progress has one.
	State      string      `json:"state"`
	ReferTo    *referTo    `json:"refer_to"`
	ReferredBy *referredBy `json:"referred_by"`
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
	Name     string `json:"name"`
	State    string `json:"state"`
	Cause    string `json:"cause"`
	Duration number `json:"duration"` // whole seconds, cut down
}

// peer is the leg that Dial is about, or what PeerStatusChange says.
type peer struct {
	channel
	Status string `json:"peer_status"`
}

type referTo struct {
	Requested struct {
		Destination string `json:"destination"`
	} `json:"requested_destination"`
	Destination *channel `json:"destination_channel"`
}

type referredBy struct {
	Source *channel `json:"source_channel"`
}

// asItComes takes what Asterisk's own encoder writes, odd text included.
var asItComes = jsonv2.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// decode reads an event, by the next major version of encoding/json: the
// present one takes five times as long, which was a tenth of huawu's CPU. Fields of another JSON type than the documented one
// are left empty and reported by mended; the rest of the event is good. An
// error says that there is no event in b.
func decode(b []byte) (e *event, mended bool, err error) {
	e = new(event)
	if jsonv2.Unmarshal(b, e, asItComes) != nil {
		// Odd somewhere: read it again, field by field, as far as it goes.
		e = new(event)
		if mended, err = lenient(b, e); err != nil {
			return nil, false, fmt.Errorf("decode event %.200q: %w", b, err)
		}
	}
	if e.Type == "" {
		return nil, mended, fmt.Errorf("decode event %.200q: no type", b)
	}
	return e, mended, nil
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

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(b []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err != nil || f != f || f > 1e9 || f < -1e9 {
		f = 0
	}
	*n = number(f)
	return nil
}

// flag is a truth that may come quoted or as a number.
type flag bool

// UnmarshalJSON implements json.Unmarshaler.
func (f *flag) UnmarshalJSON(b []byte) error {
	switch strings.Trim(string(b), `"`) {
	case "true", "1", "yes":
		*f = true
	default:
		*f = false
	}
	return nil
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
	text := strings.Trim(string(b), `"`)
	for _, form := range stampForms {
		if t, err := time.Parse(form, text); err == nil {
			*s = stamp(t)
			return nil
		}
	}
	*s = stamp{}
	return nil
}

// millis is the stamp in milliseconds of the epoch, 0 when there is none.
func (s stamp) millis() int64 {
	if t := time.Time(s); !t.IsZero() {
		return t.UnixMilli()
	}
	return 0
}
