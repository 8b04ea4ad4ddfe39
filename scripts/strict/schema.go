package strict

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Rule is what a struct allows beyond the types of its fields, for Schema.
type Rule struct {
	// Required are the keys that must be there.
	Required []string
	// Just is groups of keys of which exactly one must be there.
	Just [][]string
	// Scalar is the key that a Shorthand written as one scalar stands for.
	Scalar string
	// Fields narrow single keys.
	Fields map[string]Bounds
}

// Bounds narrow what a key may hold. The zero value narrows nothing.
type Bounds struct {
	// Enum are the only values; of a list, of its entries.
	Enum []string
	// Pattern is a regular expression of ECMA 262 for a text.
	Pattern string
	// Min and Max bound numbers, MaxLength the characters of a text, Least and
	// Most the entries of a list; 0 of those that are no pointers bounds nothing.
	Min, Max               *int
	MaxLength, Least, Most int
	// Default is what holds when the key is left out, for readers.
	Default any
}

// Schema is the JSON Schema (draft 7, which editors know best) of the documents
// that Decode reads into the struct. Equal arguments give equal bytes.
func Schema(title string, of any, rules map[reflect.Type]Rule) ([]byte, error) {
	s := &schema{rules: rules, definitions: map[string]any{}}
	top := s.of(reflect.TypeOf(of))
	doc := map[string]any{"$schema": "http://json-schema.org/draft-07/schema#", "title": title, "definitions": s.definitions}
	maps.Copy(doc, top)
	out, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", title, err)
	}
	return append(out, '\n'), nil
}

type schema struct {
	rules       map[reflect.Type]Rule
	definitions map[string]any
}

var (
	shorthandType = reflect.TypeFor[Shorthand]()
	textType      = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// durationPattern is what time.ParseDuration reads, of what Decode takes.
const durationPattern = `^(0|([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$`

// of is the schema of a type.
func (s *schema) of(t reflect.Type) map[string]any {
	scalar := map[string]any{"type": []string{"string", "number"}}
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(textType) {
		return scalar
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Struct:
		name := t.String()
		if _, known := s.definitions[name]; !known {
			s.definitions[name] = nil // it may hold itself
			s.definitions[name] = s.structure(t)
		}
		ref := map[string]any{"$ref": "#/definitions/" + name}
		if reflect.PointerTo(t).Implements(shorthandType) {
			rule := s.ruleOf(t)
			if at, ok := fields(t)[rule.Scalar]; ok { // as if it were written at that key
				scalar = s.bounded(s.of(t.FieldByIndex(at).Type), rule.Fields[rule.Scalar])
			}
			return map[string]any{"anyOf": []any{scalar, ref}}
		}
		return ref
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": s.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": []string{"object", "null"}, "additionalProperties": s.of(t.Elem())}
	case reflect.String:
		return scalar
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	}
	if t == durationType {
		return map[string]any{"type": []string{"string", "integer"}, "pattern": durationPattern, "minimum": 0, "maximum": 0}
	}
	low, high := limits(reflect.New(t).Elem())
	out := map[string]any{"type": "integer"}
	if t.Bits() < 64 { // no document has a number that long
		out["minimum"], out["maximum"] = low, high
	} else if low.Sign() == 0 {
		out["minimum"] = 0
	}
	return out
}

func (s *schema) structure(t reflect.Type) map[string]any {
	rule := s.ruleOf(t)
	properties := map[string]any{}
	for _, f := range listFields(t) {
		field := t.FieldByIndex(f.index)
		properties[f.name] = s.bounded(s.of(field.Type), rule.Fields[f.name])
	}
	out := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(rule.Required) > 0 {
		out["required"] = slices.Sorted(slices.Values(rule.Required))
	}
	var all []any
	for _, group := range rule.Just {
		var one []any
		for _, key := range group {
			one = append(one, map[string]any{"required": []string{key}})
		}
		all = append(all, map[string]any{"oneOf": one})
	}
	if len(all) > 0 {
		out["allOf"] = all
	}
	return out
}

// ruleOf is the rule of a struct, those of the structs inlined in it included.
func (s *schema) ruleOf(t reflect.Type) Rule {
	rule := s.rules[t]
	rule.Fields = maps.Clone(rule.Fields)
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("yaml") != ",inline" {
			continue
		}
		inner := s.ruleOf(f.Type)
		for _, key := range inner.Required {
			if !slices.Contains(rule.Required, key) {
				rule.Required = append(slices.Clip(rule.Required), key)
			}
		}
		rule.Just = append(slices.Clip(rule.Just), inner.Just...)
		if rule.Fields == nil {
			rule.Fields = map[string]Bounds{}
		}
		for _, key := range slices.Sorted(maps.Keys(inner.Fields)) {
			if _, own := rule.Fields[key]; !own {
				rule.Fields[key] = inner.Fields[key]
			}
		}
	}
	return rule
}

// bounded narrows the schema of a key.
func (s *schema) bounded(of map[string]any, b Bounds) map[string]any {
	items, isList := of["items"].(map[string]any)
	if len(b.Enum) > 0 || b.Pattern != "" || b.MaxLength > 0 {
		narrow := of
		if isList {
			narrow = items
		}
		if len(b.Enum) > 0 {
			delete(narrow, "type")
			narrow["enum"] = values(b.Enum)
		}
		if b.Pattern != "" {
			narrow["pattern"] = b.Pattern
		}
		if b.MaxLength > 0 {
			narrow["maxLength"] = b.MaxLength
		}
	}
	if b.Min != nil {
		of["minimum"] = *b.Min
	}
	if b.Max != nil {
		of["maximum"] = *b.Max
	}
	if b.Least > 0 {
		of["minItems"], of["type"] = b.Least, "array"
	}
	if b.Most > 0 {
		of["maxItems"] = b.Most
	}
	if b.Default != nil {
		of["default"] = b.Default
	}
	return of
}

// values are words as they may be written: one that reads like a number is that
// number, too.
func values(enum []string) []any {
	var all []any
	for _, word := range enum {
		all = append(all, word)
		var n json.Number
		if json.Unmarshal([]byte(word), &n) == nil {
			all = append(all, n)
		}
	}
	return all
}
