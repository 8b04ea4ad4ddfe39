package strict

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Encode writes a struct as YAML that Decode reads back to an equal struct: by
// its yaml tags, in the order of its fields, without fields that are zero. A
// list that is empty but not nil is written. Equal structs give equal bytes.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	d, err := yaml.NewDumper(&b, yaml.WithIndent(2), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	if err := d.Dump(yamlOf(treeOf(reflect.ValueOf(v)))); err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	if err := d.Close(); err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	return b.Bytes(), nil
}

// EncodeJSON writes what Encode writes, as indented JSON.
func EncodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := jsonOf(&b, treeOf(reflect.ValueOf(v))); err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b.Bytes(), "", "  "); err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	return append(out.Bytes(), '\n'), nil
}

// treeOf is a value as the nodes that it would be read from. A map's keys are
// texts, in their order.
func treeOf(v reflect.Value) *node {
	if v.Type() == durationType {
		return &node{shape: text, raw: time.Duration(v.Int()).String()}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return &node{shape: null}
		}
		return treeOf(v.Elem())
	case reflect.Struct:
		n := &node{shape: mapping}
		for _, f := range listFields(v.Type()) {
			if field := v.FieldByIndex(f.index); !field.IsZero() {
				n.keys = append(n.keys, &node{shape: text, raw: f.name})
				n.values = append(n.values, treeOf(field))
			}
		}
		return n
	case reflect.Slice:
		n := &node{shape: list}
		for i := range v.Len() {
			n.values = append(n.values, treeOf(v.Index(i)))
		}
		return n
	case reflect.Map:
		n := &node{shape: mapping}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			n.keys = append(n.keys, treeOf(k))
			n.values = append(n.values, treeOf(v.MapIndex(k)))
		}
		return n
	case reflect.String:
		return &node{shape: text, raw: v.String()}
	case reflect.Bool:
		return &node{shape: boolean, raw: strconv.FormatBool(v.Bool())}
	case reflect.Float32, reflect.Float64:
		return &node{shape: decimal, raw: strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())}
	}
	switch {
	case v.CanInt():
		return &node{shape: integer, raw: strconv.FormatInt(v.Int(), 10)}
	case v.CanUint():
		return &node{shape: integer, raw: strconv.FormatUint(v.Uint(), 10)}
	}
	panic(fmt.Sprintf("strict: Encode cannot write a %s", v.Type()))
}

var yamlTags = map[shape]string{text: "!!str", integer: "!!int", decimal: "!!float", boolean: "!!bool", null: "!!null"}

func yamlOf(n *node) *yaml.Node {
	switch n.shape {
	case mapping:
		out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for i, k := range n.keys {
			out.Content = append(out.Content, yamlOf(k), yamlOf(n.values[i]))
		}
		return out
	case list:
		out := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, v := range n.values {
			out.Content = append(out.Content, yamlOf(v))
		}
		return out
	case null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: yamlTags[n.shape], Value: n.raw}
}

func jsonOf(b *bytes.Buffer, n *node) error {
	switch n.shape {
	case mapping:
		b.WriteByte('{')
		for i, k := range n.keys {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := jsonOf(b, k); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := jsonOf(b, n.values[i]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case list:
		b.WriteByte('[')
		for i, v := range n.values {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := jsonOf(b, v); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case text:
		e := json.NewEncoder(b)
		e.SetEscapeHTML(false)
		return e.Encode(n.raw)
	case null:
		b.WriteString("null")
	default:
		b.WriteString(n.raw)
	}
	return nil
}
