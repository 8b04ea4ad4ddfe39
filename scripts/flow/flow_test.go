package flow

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

func TestShippedFlowsAreSound(t *testing.T) {
	all, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var ids []fact.FlowID
	for _, f := range all {
		ids = append(ids, f.ID)
		if len(f.Prompts()) == 0 {
			t.Errorf("%s says nothing", f.ID)
		}
		for _, p := range f.Prompts() {
			if p.Language != "zh" {
				t.Errorf("%s: prompt %q is in %q", f.ID, p.Text, p.Language)
			}
		}
	}
	if want := []fact.FlowID{"agent-not-ready", "agent-ready", "agent-record-own", "agent-record-phrase", "agent-sign-in", "agent-sign-out", "agent-supervise", "demo", "denied", "enquiry", "night", "nuisance", "outage", "satisfaction", "silent", "transaction", "transfer", "way-out"}; !slices.Equal(ids, want) {
		t.Errorf("shipped %v, want %v", ids, want)
	}
}

// What stands in a node beside its id and line is a kind, and has its row.
func TestEachKindHasARow(t *testing.T) {
	node := reflect.TypeFor[Node]()
	for i := range node.NumField() {
		field := node.Field(i)
		if field.Type.Kind() != reflect.Pointer {
			continue
		}
		var n Node
		reflect.ValueOf(&n).Elem().Field(i).Set(reflect.New(field.Type.Elem()))
		if kind, name := n.Kind(); kind == nil || name != field.Tag.Get("yaml") {
			t.Errorf("%s is the kind %q; want the row %q in kinds", field.Name, name, field.Tag.Get("yaml"))
		}
		if got := Kinds(); !slices.Contains(got, field.Tag.Get("yaml")) {
			t.Errorf("%s is not among %v", field.Name, got)
		}
	}
	if k, name := (&Node{Play: &PlayNode{}, Hangup: &HangupNode{}}).Kind(); k != nil || name != "" {
		t.Errorf("a node of two kinds is %q", name)
	}
}

// Every exit of a node is found by its names: a field that holds a node's id and
// is missing there would be neither checked nor drawn.
func TestNamesHaveEveryExit(t *testing.T) {
	for _, name := range Kinds() {
		n := Node{ID: "n"}
		field := fieldOf(&n, name)
		want := 0
		fillExits(field.Elem(), &want)
		got := 0
		for _, e := range n.Names().Exits {
			if strings.HasPrefix(e.To, "to-") {
				got++
			}
		}
		if got != want {
			t.Errorf("%s names %d exits, its fields hold %d", name, got, want)
		}
	}
}

func fieldOf(n *Node, name string) reflect.Value {
	v := reflect.ValueOf(n).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("yaml") == name {
			v.Field(i).Set(reflect.New(v.Field(i).Type().Elem()))
			return v.Field(i)
		}
	}
	panic(name)
}

// exitKeys are the keys at which nodes are named.
var exitKeys = []string{"next", "else", "open", "closed", "ok", "pending", "denied", "failed", "invalid", "short", "missing"}

// fillExits gives each field that leads to a node a place of its own.
func fillExits(v reflect.Value, count *int) {
	for i := range v.NumField() {
		f, field := v.Field(i), v.Type().Field(i)
		switch {
		case f.Kind() == reflect.Struct:
			fillExits(f, count)
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct && f.Type().Elem() != reflect.TypeFor[Prompt]():
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			fillExits(f.Index(0), count)
		case f.Kind() == reflect.String && slices.Contains(exitKeys, field.Tag.Get("yaml")):
			*count++
			f.SetString(fmt.Sprintf("to-%d", *count))
		}
	}
}
