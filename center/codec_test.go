package center

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/phrase"
)

// inputs is one input of every kind, and a Heard of every event.
func inputs() []Input {
	list := []Input{
		Booted{Epoch: "e1", Offset: -3, Switches: []string{"a", "b"}},
		ClockSet{Offset: 77},
		Configured{Config: Config{Tenant: "default", Version: 3, Zone: "Asia/Shanghai", Numbers: []Number{{Number: "95000", Flow: "main"}},
			Phrases: phrase.Settings{Manner: phrase.Manner{Profile: "cable", LongWait: time.Minute, Day: phrase.Day{Morning: "05:00"}},
				Queues:    []phrase.QueueManner{{Queue: "sales", Manner: phrase.Manner{Language: "en", DayGreeting: new(bool)}}},
				Overrides: []phrase.Override{{Key: "abuse.goodbye", Queue: "sales", Text: "再会。", By: "chen", Date: "2026-03-05"}}}}},
		Looked{Look: "l1", OK: true}, Looked{Look: "l2", Error: "too late <&>"},
		Looked{Look: "l3", OK: true, Caller: &CallerHistory{Calls: 2, Agent: "1001"}},
		Looked{Look: "l4", OK: true, Take: &Taken{Path: "/recorded/a"}},
		Asked{Request: "r0", By: "api", Op: PutPrompts{Files: []PromptFile{{Key: "phrase/zh//a", Pieces: []PromptPiece{{Path: "/p"}, {Variable: "phone", Kind: phrase.KindPhone, Language: "zh"}}}}}},
		Stored{Callback: "cb-1"}, StoreFailed{Callback: "cb-1", Error: "the store is away"},
		Marked{Number: "139", Call: "c-1", Count: 3, Proposed: true}, Marked{Number: "139", Call: "c-1", Error: "the store is away"},
		Tick{},
		Heard{Event: media.Digit{Head: media.Head{At: 5}, Leg: "a/1", Key: "#"}},
		Heard{Event: media.Up{Head: media.Head{At: 7}, Switch: "a", Legs: []media.LegInfo{{Leg: "a/1", State: media.LegUp, From: media.Identity{Name: "王小明"}}}}},
	}
	for _, e := range media.Events {
		list = append(list, Heard{Event: e})
	}
	for _, op := range Operations {
		list = append(list, Asked{Request: "r1", By: "op", Op: op})
	}
	return append(list, Asked{Request: "r2", By: "api", Op: SignIn{Agent: "1001", Endpoint: "PJSIP/1001", Ready: true}},
		Asked{Request: "r3", By: "api", Op: HangUp{Call: "c1"}})
}

func TestInputsSurviveTheCodec(t *testing.T) {
	seen := map[string]bool{}
	for _, in := range inputs() {
		seen[InputName(in)] = true
		b, err := EncodeInput(in)
		if err != nil {
			t.Fatalf("encode %#v: %v", in, err)
		}
		got, err := DecodeInput(b)
		if err != nil {
			t.Fatalf("decode %s: %v", b, err)
		}
		if !reflect.DeepEqual(got, in) {
			t.Errorf("%s decodes to %#v, want %#v", b, got, in)
		}
		again, err := EncodeInput(got)
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("encoded again: %s (%v), want %s", again, err, b)
		}
	}
	for _, in := range Inputs {
		if !seen[InputName(in)] {
			t.Errorf("no case for %s", InputName(in))
		}
	}
}

func TestInputsAreWrittenAsDocumented(t *testing.T) {
	for _, c := range []struct {
		in   Input
		want string
	}{
		{Tick{}, `{"Tick":{}}`},
		{Heard{Event: media.Digit{Head: media.Head{At: 5}, Leg: "a/1", Key: "7"}}, `{"Heard":{"Digit":{"at":5,"leg":"a/1","key":"7"}}}`},
		{Asked{Request: "r", By: "op", Op: SignOut{Agent: "1"}}, `{"Asked":{"request":"r","by":"op","op":{"SignOut":{"agent":"1"}}}}`},
		{Booted{Epoch: "e", Offset: 1, Switches: []string{"a"}}, `{"Booted":{"epoch":"e","offset":1,"switches":["a"]}}`},
	} {
		if b, err := EncodeInput(c.in); err != nil || string(b) != c.want {
			t.Errorf("EncodeInput(%#v) = %s, %v, want %s", c.in, b, err, c.want)
		}
	}
}

func TestEffectsAreWrittenAsDocumented(t *testing.T) {
	for _, c := range []struct {
		effect Effect
		want   string
	}{
		{Send{Command: media.Answer{Leg: "a/1"}, Deadline: time.Second}, `{"Send":{"command":{"Answer":{"leg":"a/1"}},"deadline":1000000000}}`},
		{AddWrapUp{WrapUp: fact.WrapUp{Tenant: "t", Call: "c", Agent: "1", Millis: 9}}, `{"AddWrapUp":{"wrapup":{"tenant":"t","call":"c","agent":"1","ms":9}}}`},
		{AddCount{Count: fact.NormCount{Tenant: "t", From: 1_800_000, Rule: "RUL-ANS-1", Agent: "1", NormTally: fact.NormTally{Kept: 1, Measured: 1, Sum: 9, Max: 9}}},
			`{"AddCount":{"count":{"tenant":"t","from":1800000,"rule":"RUL-ANS-1","agent":"1","kept":1,"measured":1,"sum":9,"max":9}}}`},
		{Reply{Request: "r", Code: CodeConflict, Message: "taken"}, `{"Reply":{"request":"r","code":"conflict","message":"taken"}}`},
		{Look{Look: "l", Agent: "1", PIN: "2", Deadline: 3}, `{"Look":{"look":"l","agent":"1","pin":"2","deadline":3}}`},
		{Look{Look: "l", Deadline: 3, Caller: &CallerQuestion{Number: "1", Since: 2, Talk: 1}},
			`{"Look":{"look":"l","agent":"","pin":"","caller":{"number":"1","since":2,"talk":1},"deadline":3}}`},
		{Keep{Callback: callback.Callback{ID: "cb-1", State: callback.Open, Source: callback.FromFlow, Number: "138", Asked: 5}, Deadline: 3},
			`{"Keep":{"callback":{"id":"cb-1","state":"open","source":"flow","number":"138","asked":5},"deadline":3}}`},
		{Emit{Event: fact.Event{Tenant: "t", Kind: fact.CallEnded}}, `{"Emit":{"event":{"tenant":"t","kind":"call.ended","at":0,"wall":0}}}`},
	} {
		if b, err := EncodeEffect(c.effect); err != nil || string(b) != c.want {
			t.Errorf("EncodeEffect(%#v) = %s, %v, want %s", c.effect, b, err, c.want)
		}
	}
	for _, e := range Effects {
		if _, isSend := e.(Send); isSend {
			e = Send{Command: media.Answer{}}
		}
		if _, err := EncodeEffect(e); err != nil {
			t.Errorf("%T: %v", e, err)
		}
	}
}

func TestWhatIsMissingIsRefused(t *testing.T) {
	for _, in := range []Input{nil, Heard{}, Asked{}} {
		if b, err := EncodeInput(in); !errors.Is(err, ErrInvalid) {
			t.Errorf("EncodeInput(%#v) = %s, %v, want ErrInvalid", in, b, err)
		}
	}
	for _, e := range []Effect{nil, Send{}} {
		if b, err := EncodeEffect(e); !errors.Is(err, ErrInvalid) {
			t.Errorf("EncodeEffect(%#v) = %s, %v, want ErrInvalid", e, b, err)
		}
	}
	for _, text := range []string{
		``, `{`, `{"`, `{"Tick"`, `{"Tick":`, `{}`, `[]`, `null`, `{"Tick":[]}`, `{"Nothing":{}}`, `{"Heard":{}}`, `{"Heard":{"Digit":7}}`,
		`{"Heard":{"Nothing":{}}}`, `{"Asked":{}}`, `{"Asked":{"request":"r","by":"b","op":{"Nothing":{}}}}`, `{"Asked":7}`, `{"Booted":{"epoch":7}}`,
	} {
		if in, err := DecodeInput([]byte(text)); !errors.Is(err, ErrInvalid) {
			t.Errorf("DecodeInput(%q) = %#v, %v, want ErrInvalid", text, in, err)
		}
	}
}

// TestTheListsAreWhole reads the declarations, so that a type added to a
// closed set cannot be left out of its codec.
func TestTheListsAreWhole(t *testing.T) {
	declared := map[string][]string{} // by the method that seals the set
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				if of, plain := f.Recv.List[0].Type.(*ast.Ident); plain {
					declared[f.Name.Name] = append(declared[f.Name.Name], of.Name)
				}
			}
		}
	}
	for method, listed := range map[string][]string{"input": names(Inputs), "operation": names(Operations), "effect": names(Effects)} {
		slices.Sort(declared[method])
		slices.Sort(listed)
		if len(listed) == 0 || !slices.Equal(declared[method], listed) {
			t.Errorf("declared with %s are %v, the codec lists %v", method, declared[method], listed)
		}
	}
}

func names[T any](list []T) []string {
	var out []string
	for _, v := range list {
		out = append(out, nameOf(v))
	}
	return out
}

func FuzzDecodeInput(f *testing.F) {
	for _, in := range inputs() {
		b, err := EncodeInput(in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"Heard":{"Digit":{"key":"\xff"}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := DecodeInput(b)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%v does not wrap ErrInvalid", err)
			}
			return
		}
		once, err := EncodeInput(in)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := DecodeInput(once)
		if err != nil {
			t.Fatalf("what was written cannot be read: %s: %v", once, err)
		}
		twice, err := EncodeInput(again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%s, then %s (%v)", once, twice, err)
		}
	})
}

func BenchmarkInputCodec(b *testing.B) {
	in := Heard{Event: media.LegArrived{Head: media.Head{At: 5}, Leg: "asterisk/1732270000.12", State: media.LegRing, Endpoint: "PJSIP/trunk",
		From: media.Identity{Number: "13800138000"}, To: "95000", Created: 4}}
	b.ReportAllocs()
	for b.Loop() {
		text, err := EncodeInput(in)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := DecodeInput(text); err != nil {
			b.Fatal(err)
		}
	}
}
