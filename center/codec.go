package center

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/huawu/huawu/media"
)

// Inputs, Effects and Operations hold a zero value of every member of the
// three closed sets, in the order of their declaration, so that no codec and
// no suite can forget one.
var (
	Inputs     = []Input{Booted{}, ClockSet{}, Configured{}, Heard{}, Asked{}, Looked{}, Stored{}, StoreFailed{}, Marked{}, Tick{}}
	Effects    = []Effect{Send{}, Emit{}, Write{}, AddWrapUp{}, AddLog{}, AddCount{}, AddTry{}, Reply{}, Look{}, Keep{}, Mark{}}
	Operations = []Operation{
		SignIn{}, SignOut{}, Ready{}, NotReady{}, SetSkills{}, ExtendWrapUp{}, AnswerRequest{}, ForceAgent{}, LogTalk{},
		HangUp{}, HoldCall{}, QueryCall{}, MuteCall{}, RecordCall{}, PauseRecording{}, ResumeRecording{}, ConsultCall{}, CompleteConsult{}, MergeConsult{}, CancelConsult{}, TransferCall{},
		EndTalk{}, ParkCall{}, PickUp{},
		SetIncident{}, SetQueueMode{}, MoveCaller{}, RankCaller{}, KickCaller{},
		StartScene{}, NextStep{}, SkipStep{}, RepeatStep{}, StopScene{}, SayText{},
		ListNumbers{}, ReportStrike{}, ReportCallback{}, TellCallbacks{}, RunCallback{}, MarkCallback{},
		SuperviseCall{}, TakeOverCall{}, EndSupervision{},
		PutPrompts{},
	}

	inputTypes     = typesByName(Inputs)
	operationTypes = typesByName(Operations)
)

func typesByName[T any](zeros []T) map[string]reflect.Type {
	m := make(map[string]reflect.Type, len(zeros))
	for _, z := range zeros {
		t := reflect.TypeOf(z)
		m[t.Name()] = t
	}
	return m
}

// askedForm and sendForm are Asked and Send with their sealed interface as
// text that is encoded already.
type (
	askedForm struct {
		Request string          `json:"request"`
		By      string          `json:"by"`
		Op      json.RawMessage `json:"op"`
	}
	sendForm struct {
		Command  json.RawMessage `json:"command"`
		Deadline time.Duration   `json:"deadline"`
	}
)

// InputName is the type name of an input, such as "Heard"; "" for nil.
func InputName(in Input) string { return nameOf(in) }

// OperationName is the type name of an operation, such as "SignIn"; "" for nil.
func OperationName(op Operation) string { return nameOf(op) }

func nameOf(v any) string {
	if v == nil {
		return ""
	}
	return reflect.TypeOf(v).Name()
}

// EncodeInput writes an input as {"Name":{fields}}; equal inputs give equal
// bytes. Heard holds its event as media.EncodeEvent writes it. It errors
// wrapping ErrInvalid when an event or an operation is missing.
func EncodeInput(in Input) ([]byte, error) {
	switch in := in.(type) {
	case Tick:
		return []byte(`{"Tick":{}}`), nil
	case Heard:
		if in.Event == nil {
			return nil, fmt.Errorf("encode Heard: Event is nil: %w", ErrInvalid)
		}
		text, err := media.AppendEvent(append(make([]byte, 0, 192), `{"Heard":`...), in.Event)
		if err != nil {
			return nil, err
		}
		return append(text, '}'), nil
	case Asked:
		if in.Op == nil {
			return nil, fmt.Errorf("encode Asked: Op is nil: %w", ErrInvalid)
		}
		op, err := encode(nameOf(in.Op), in.Op)
		if err != nil {
			return nil, err
		}
		return encode("Asked", askedForm{Request: in.Request, By: in.By, Op: op})
	case nil:
		return nil, fmt.Errorf("encode input: nil: %w", ErrInvalid)
	}
	return encode(nameOf(in), in)
}

// Settle encodes an input and gives it as DecodeInput would read it back, so
// that who steps the one and who steps the other cannot differ. What reads back
// as it is needs no decoding: see media.Flat.
func Settle(in Input) (text []byte, settled Input, err error) {
	if text, err = EncodeInput(in); err != nil {
		return nil, nil, err
	}
	switch in := in.(type) {
	case Tick:
		return text, in, nil
	case Heard:
		// What is no UTF-8 was replaced in the text.
		if media.Flat(in.Event) && !bytes.Contains(text, replaced) {
			return text, in, nil
		}
	}
	settled, err = DecodeInput(text)
	return text, settled, err
}

// replaced is how encoding/json writes a byte that is no UTF-8.
var replaced = []byte(`\ufffd`)

// Lasting says that an input shares no memory with anybody, so that it may be
// handed from one machine to another.
func Lasting(in Input) bool {
	switch in := in.(type) {
	case Tick:
		return true
	case Heard:
		return media.Flat(in.Event)
	}
	return false
}

// DecodeInput reads what EncodeInput writes. It errors wrapping ErrInvalid.
func DecodeInput(b []byte) (Input, error) {
	name, body, ok := unwrap(b)
	if !ok {
		return nil, fmt.Errorf("decode input %.40q: want {\"Name\":{…}}: %w", b, ErrInvalid)
	}
	switch name {
	case "Heard":
		event, err := media.DecodeEvent(body)
		if err != nil {
			return nil, fmt.Errorf("decode Heard: %w: %w", err, ErrInvalid)
		}
		return Heard{Event: event}, nil
	case "Asked":
		var form askedForm
		if err := json.Unmarshal(body, &form); err != nil {
			return nil, fmt.Errorf("decode Asked: %w: %w", err, ErrInvalid)
		}
		op, err := decodeOperation(form.Op)
		if err != nil {
			return nil, fmt.Errorf("decode Asked: %w", err)
		}
		return Asked{Request: form.Request, By: form.By, Op: op}, nil
	}
	return decodeAs[Input](name, body, inputTypes)
}

func decodeOperation(b []byte) (Operation, error) {
	name, body, ok := unwrap(b)
	if !ok {
		return nil, fmt.Errorf("operation %.40q: want {\"Name\":{…}}: %w", b, ErrInvalid)
	}
	return decodeAs[Operation](name, body, operationTypes)
}

// EncodeEffect writes an effect as {"Name":{fields}}; equal effects give equal
// bytes. Send holds its command as media.EncodeCommand writes it.
func EncodeEffect(e Effect) ([]byte, error) {
	switch e := e.(type) {
	case Send:
		if e.Command == nil {
			return nil, fmt.Errorf("encode Send: Command is nil: %w", ErrInvalid)
		}
		command, err := media.EncodeCommand(e.Command)
		if err != nil {
			return nil, err
		}
		return encode("Send", sendForm{Command: command, Deadline: e.Deadline})
	case nil:
		return nil, fmt.Errorf("encode effect: nil: %w", ErrInvalid)
	}
	return encode(nameOf(e), e)
}

func encode(name string, v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", name, err)
	}
	return wrap(name, body), nil
}

func wrap(name string, body []byte) []byte {
	out := make([]byte, 0, len(name)+len(body)+5)
	out = append(out, '{', '"')
	out = append(out, name...)
	out = append(out, '"', ':')
	out = append(out, body...)
	return append(out, '}')
}

func decodeAs[T any](name string, body []byte, types map[string]reflect.Type) (T, error) {
	var none T
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

// unwrap finds name and body of {"Name":body} without a second pass.
func unwrap(b []byte) (name string, body []byte, ok bool) {
	if !bytes.HasPrefix(b, []byte(`{"`)) || b[len(b)-1] != '}' {
		return "", nil, false
	}
	end := bytes.IndexByte(b[2:], '"')
	if end < 0 || len(b) < end+5 || b[end+3] != ':' {
		return "", nil, false
	}
	return string(b[2 : 2+end]), b[end+4 : len(b)-1], true
}
