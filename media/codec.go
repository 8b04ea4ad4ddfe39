package media

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Commands and Events hold a zero value of every command and event, in the
// order of their declaration. Suites and codecs range over them, so that none
// can be forgotten.
var (
	Commands = []Command{
		SetTag{}, Answer{}, Progress{}, Create{}, Dial{}, Hangup{}, Play{}, StopPlay{}, Music{}, Join{}, Leave{},
		Hold{}, Unhold{}, Mute{}, Record{}, MuteRecord{}, StopRecord{}, Spy{}, StopSpy{}, SendDigits{}, DetectTalk{}, Volume{}, Deflect{},
		AnswerTransfer{}, RefuseTransfer{}, Probe{},
	}
	Events = []Event{
		Up{}, Down{}, LegArrived{}, LegRinging{}, LegAnswered{}, LegHeld{}, LegUnheld{}, LegReplaced{}, LegLeft{},
		LegEnded{}, Digit{}, PlayStarted{}, PlayEnded{}, Joined{}, Left{}, RecordStarted{}, RecordEnded{}, RecordFailed{},
		SpyEnded{}, TalkStarted{}, TalkStopped{}, TransferAsked{}, EndpointState{}, CommandFailed{},
	}

	commandTypes = typesOf(Commands)
	eventTypes   = typesOf(Events)
)

func typesOf[T any](zero []T) map[string]reflect.Type {
	m := make(map[string]reflect.Type, len(zero))
	for _, z := range zero {
		t := reflect.TypeOf(z)
		m[t.Name()] = t
	}
	return m
}

// CommandName is the type name of a command, such as "Create".
func CommandName(c Command) string { return reflect.TypeOf(c).Name() }

// EventName is the type name of an event, such as "LegArrived".
func EventName(e Event) string { return reflect.TypeOf(e).Name() }

// EncodeCommand writes a command as {"Name":{fields}}; equal commands give
// equal bytes.
func EncodeCommand(c Command) ([]byte, error) { return encode(CommandName(c), c) }

// EncodeEvent writes an event as {"Name":{fields}}; equal events give equal
// bytes.
func EncodeEvent(e Event) ([]byte, error) { return encode(EventName(e), e) }

// AppendEvent appends what EncodeEvent writes.
func AppendEvent(dst []byte, e Event) ([]byte, error) {
	if text, ok := appendCommon(dst, e); ok {
		return text, nil
	}
	return appendNamed(dst, EventName(e), e)
}

func encode(name string, v any) ([]byte, error) { return appendNamed(nil, name, v) }

func appendNamed(dst []byte, name string, v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", name, err)
	}
	dst = slices.Grow(dst, len(name)+len(body)+5)
	dst = append(dst, '{', '"')
	dst = append(dst, name...)
	dst = append(dst, '"', ':')
	dst = append(dst, body...)
	return append(dst, '}'), nil
}

// Flat says that an event is a value through and through: it shares no memory
// with anybody, and unless a text in it is no UTF-8 it is read back from
// EncodeEvent as it was.
func Flat(e Event) bool {
	if arrived, ok := e.(LegArrived); ok {
		return arrived.Tag == nil // it is one but for the tag
	}
	return flatEvents[reflect.TypeOf(e)]
}

var flatEvents = func() map[reflect.Type]bool {
	m := map[reflect.Type]bool{}
	for _, e := range Events {
		m[reflect.TypeOf(e)] = flat(reflect.TypeOf(e))
	}
	return m
}()

// flat says that values of a type hold no reference and that encoding/json
// writes all of them, each by its own rules.
func flat(t reflect.Type) bool {
	for _, own := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()} {
		if t.Implements(own) {
			return false
		}
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() || f.Tag.Get("json") == "-" || !flat(f.Type) {
				return false
			}
		}
		return true
	}
	return false
}

// DecodeCommand reads what EncodeCommand writes.
func DecodeCommand(b []byte) (Command, error) { return decode[Command](b, commandTypes) }

// DecodeEvent reads what EncodeEvent writes.
func DecodeEvent(b []byte) (Event, error) { return decode[Event](b, eventTypes) }

func decode[T any](b []byte, types map[string]reflect.Type) (T, error) {
	var none T
	name, body, ok := split(b)
	if !ok {
		return none, fmt.Errorf("decode %.40q: want {\"Name\":{…}}: %w", b, ErrInvalid)
	}
	t, ok := types[name]
	if !ok {
		return none, fmt.Errorf("decode %q: no such type: %w", name, ErrInvalid)
	}
	v := reflect.New(t)
	if err := json.Unmarshal(body, v.Interface()); err != nil {
		return none, fmt.Errorf("decode %s: %w: %w", name, err, ErrInvalid)
	}
	return v.Elem().Interface().(T), nil
}

// split finds name and body of {"Name":body} without a second pass.
func split(b []byte) (name string, body []byte, ok bool) {
	if !bytes.HasPrefix(b, []byte(`{"`)) || b[len(b)-1] != '}' {
		return "", nil, false
	}
	end := bytes.IndexByte(b[2:], '"')
	if end < 0 || len(b) < end+5 || b[end+3] != ':' {
		return "", nil, false
	}
	return string(b[2 : 2+end]), b[end+4 : len(b)-1], true
}
