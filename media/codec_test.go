package media

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

// filled sets every field below v to something that is not zero, unlike the
// others.
func filled(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("a/<é&\">" + strconv.Itoa(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n) << 33)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			filled(t, v.Index(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(t, v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			filled(t, v.Field(i), n)
		}
	default:
		t.Fatalf("no filling for %v", v.Type())
	}
}

func full[T any](t *testing.T, zero T) T {
	v := reflect.New(reflect.TypeOf(zero)).Elem()
	n := 0
	filled(t, v, &n)
	return v.Interface().(T)
}

// roundTrip checks one value, zero and full, and that equal gives equal bytes.
func roundTrip[T any](t *testing.T, zero T, encode func(T) ([]byte, error), decode func([]byte) (T, error)) {
	for _, v := range []T{zero, full(t, zero)} {
		b, err := encode(v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decode(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if !reflect.DeepEqual(got, v) {
			t.Errorf("%s became %#v, want %#v", b, got, v)
		}
		again, err := encode(got)
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("encoded again: %s, %v; want %s", again, err, b)
		}
	}
}

// What is called a value through and through is read back as it was, and shares
// no memory: a field of another kind makes its type one that is not.
func TestFlatEventsAreValues(t *testing.T) {
	arrived := full(t, Event(LegArrived{})).(LegArrived)
	if Flat(arrived) {
		t.Error("a leg that arrives with a tag shares it")
	}
	arrived.Tag = nil
	if !Flat(arrived) {
		t.Error("a leg that arrives without a tag is not flat")
	}
	pointers := 0
	for i := range reflect.TypeFor[LegArrived]().NumField() {
		if f := reflect.TypeFor[LegArrived]().Field(i); f.Name != "Tag" && !flat(f.Type) {
			pointers++
		}
	}
	if pointers > 0 {
		t.Errorf("LegArrived has %d fields besides Tag that are no values", pointers)
	}
	b, err := EncodeEvent(arrived)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := DecodeEvent(b); err != nil || got != Event(arrived) {
		t.Errorf("%+v is read back as %+v, %v", arrived, got, err)
	}
}

// Those of every call are written without the library: to the same bytes.
func TestEventsAreAppendedAsTheyAreEncoded(t *testing.T) {
	for _, zero := range Events {
		all := []Event{zero, full(t, zero)}
		if a, ok := all[1].(LegArrived); ok {
			a.Tag = nil
			only := a
			only.From.Number = ""
			all = append(all, a, only)
		}
		for _, e := range all {
			want, err := EncodeEvent(e)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := AppendEvent([]byte("x"), e); err != nil || string(got) != "x"+string(want) {
				t.Errorf("%s is appended as %s, %v; want %s", EventName(e), got, err, want)
			}
		}
	}
}

func TestEveryCommandSurvivesTheCodec(t *testing.T) {
	for _, c := range Commands {
		t.Run(CommandName(c), func(t *testing.T) { roundTrip(t, c, EncodeCommand, DecodeCommand) })
	}
}

func TestEveryEventSurvivesTheCodec(t *testing.T) {
	for _, e := range Events {
		t.Run(EventName(e), func(t *testing.T) {
			roundTrip(t, e, EncodeEvent, DecodeEvent)
			if at := full(t, e).When(); at == 0 {
				t.Error("an event's instant is not in it")
			}
		})
	}
}

// TestNoneIsForgotten holds Commands and Events against the methods that seal
// the two interfaces.
func TestNoneIsForgotten(t *testing.T) {
	commands := map[string]bool{}
	events := map[string]bool{}
	for _, file := range []string{"command.go", "event.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.Name == "command" && d.Recv != nil {
					commands[d.Recv.List[0].Type.(*ast.Ident).Name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok && embedsHead(s) {
						events[s.Name.Name] = true
					}
				}
			}
		}
	}
	for _, c := range Commands {
		if !commands[CommandName(c)] {
			t.Errorf("command %s is listed twice or is none", CommandName(c))
		}
		delete(commands, CommandName(c))
	}
	for _, e := range Events {
		if !events[EventName(e)] {
			t.Errorf("event %s is listed twice or is none", EventName(e))
		}
		delete(events, EventName(e))
	}
	if len(commands)+len(events) > 0 {
		t.Errorf("not in Commands: %v; not in Events: %v", commands, events)
	}
}

func embedsHead(s *ast.TypeSpec) bool {
	st, ok := s.Type.(*ast.StructType)
	return ok && slices.ContainsFunc(st.Fields.List, func(f *ast.Field) bool {
		id, ok := f.Type.(*ast.Ident)
		return ok && len(f.Names) == 0 && id.Name == "Head"
	})
}

func TestEveryCommandKnowsItsSwitch(t *testing.T) {
	for _, c := range Commands {
		v := reflect.New(reflect.TypeOf(c)).Elem()
		for i := range v.NumField() {
			switch f := v.Field(i); f.Interface().(type) {
			case fact.LegID, fact.RoomID, fact.PlayID, fact.RecordingID, fact.SpyID:
				f.SetString("sw/" + v.Type().Field(i).Name)
			case []fact.LegID:
				f.Set(reflect.ValueOf([]fact.LegID{"sw/a", "sw/b"}))
			}
		}
		if got := v.Interface().(Command).Ref().Switch(); got != "sw" {
			t.Errorf("%s goes to %q", CommandName(c), got)
		}
	}
	for _, c := range []struct {
		want string
		ref  Ref
	}{
		{"a", Ref{Room: "a/1"}}, {"b", Ref{Play: "b/1"}}, {"c", Ref{Recording: "c/1"}}, {"d", Ref{Spy: "d/1"}}, {"", Ref{}},
	} {
		if got := c.ref.Switch(); got != c.want {
			t.Errorf("%+v is on %q, want %q", c.ref, got, c.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, s := range []string{
		"", "{", `{"`, `{"}`, `{"Up"}`, `{"Up":}`, `{"Up":{}`, `{"Up":{}}}`, `{"Up": {}} `, ` {"Up":{}}`, "null", "[]", `{"":{}}`,
		`{"Nobody":{}}`, `{"up":{}}`, `{"Up":[]}`, `{"Up":{"at":"soon"}}`, `{"Up":{"legs":{}}}`, `{"Create":{}}`,
	} {
		if e, err := DecodeEvent([]byte(s)); !errors.Is(err, ErrInvalid) {
			t.Errorf("DecodeEvent(%q) = %#v, %v; want ErrInvalid", s, e, err)
		}
	}
	if c, err := DecodeCommand([]byte(`{"Up":{}}`)); !errors.Is(err, ErrInvalid) {
		t.Errorf("an event decoded as the command %#v, %v", c, err)
	}
	if _, err := DecodeCommand([]byte(`{"Dial":{"limit":"1s"}}`)); err == nil || !strings.Contains(err.Error(), "decode Dial") {
		t.Errorf("the error does not say what it was about: %v", err)
	}
}

func FuzzDecodeEvent(f *testing.F) {
	for _, e := range Events {
		b, err := EncodeEvent(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"Up":{"at":5,"switch":"a","legs":[{"leg":"a/1","state":"up","tag":{"call":"c"}}],"rooms":[{"room":"a/r","legs":["a/1"]}]}}`))
	f.Add([]byte(`{"RecordEnded":{"files":[{"name":"x.wav","ms":3}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := DecodeEvent(b)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%q: %v, want ErrInvalid", b, err)
			}
			return
		}
		one, err := EncodeEvent(e)
		if err != nil {
			t.Fatalf("%q decoded and does not encode: %v", b, err)
		}
		back, err := DecodeEvent(one)
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Fatalf("%q gave %#v, and that %s, and that %#v, %v", b, e, one, back, err)
		}
	})
}
