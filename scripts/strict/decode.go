package strict

import (
	"encoding"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Decode reads one YAML or JSON document into the struct that into points at,
// by its yaml tags. name is the file in messages. Durations are written
// "15s", "1m30s", "500ms". An empty document changes nothing. The error is an
// *Errors; what into holds then is of no use.
func Decode(name string, src []byte, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("strict: Decode wants a pointer to a struct, not %T", into))
	}
	d := &decoder{file: name}
	n, f := parse(src)
	switch {
	case f != nil:
		d.problems = []Problem{{File: name, Line: f.line, Column: f.column, What: f.what, Remedy: f.remedy}}
	case n != nil && n.shape != null:
		d.value(n, v.Elem(), "")
	}
	if len(d.problems) > 0 {
		return &Errors{Problems: d.problems}
	}
	return nil
}

type decoder struct {
	file     string
	problems []Problem
}

func (d *decoder) wrong(n *node, field, what, remedy string) {
	if len(d.problems) < MaxProblems {
		d.problems = append(d.problems, Problem{File: d.file, Line: n.line, Column: n.column, Field: field, What: what, Remedy: remedy})
	}
}

var durationType = reflect.TypeFor[time.Duration]()

func (d *decoder) value(n *node, v reflect.Value, field string) {
	switch kind := v.Kind(); {
	case n.shape == null && (kind == reflect.Pointer || kind == reflect.Slice || kind == reflect.Map):
		return // as if it were not there
	case kind == reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		d.value(n, p.Elem(), field)
		v.Set(p)
		return
	}
	if n.shape != mapping && n.shape != list && n.shape != null {
		if s, ok := v.Addr().Interface().(Shorthand); ok {
			if err := s.SetScalar(n.raw); err != nil {
				d.wrong(n, field, fmt.Sprintf("%s is wrong", n.show()), err.Error())
			}
			d.position(n, v)
			return
		}
		if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
			if err := u.UnmarshalText([]byte(n.raw)); err != nil {
				d.wrong(n, field, fmt.Sprintf("%s is wrong", n.show()), err.Error())
			}
			return
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, field)
	case reflect.Slice:
		d.list(n, v, field)
	case reflect.Map:
		d.table(n, v, field)
	case reflect.String:
		d.text(n, v, field)
	case reflect.Bool:
		d.boolean(n, v, field)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if v.Type() == durationType {
			d.duration(n, v, field)
			return
		}
		d.integer(n, v, field)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.integer(n, v, field)
	case reflect.Float32, reflect.Float64:
		d.decimal(n, v, field)
	default:
		panic(fmt.Sprintf("strict: %s is a %s, which no document can hold", field, v.Type()))
	}
}

func (d *decoder) position(n *node, v reflect.Value) {
	if p, ok := v.Addr().Interface().(Positioned); ok {
		p.SetPosition(d.file, n.line, n.column)
	}
}

func (d *decoder) structure(n *node, v reflect.Value, field string) {
	if n.shape != mapping {
		d.wrong(n, field, n.show()+" cannot stand here", "write keys and values: "+strings.Join(names(v.Type()), ", "))
		return
	}
	d.position(n, v)
	known := fields(v.Type())
	seen := make(map[string]bool, len(n.keys))
	for i, key := range n.keys {
		f, ok := known[key.raw]
		switch {
		case key.shape == mapping || key.shape == list:
			d.wrong(key, field, "a key must be a word", "")
		case !ok:
			d.wrong(key, join(field, key.raw), fmt.Sprintf("the key %q is not known", key.raw), Suggest(key.raw, names(v.Type())))
		case seen[key.raw]:
			d.wrong(key, join(field, key.raw), fmt.Sprintf("the key %q comes twice", key.raw), "keep one of them")
		default:
			seen[key.raw] = true
			d.value(n.values[i], v.FieldByIndex(f), join(field, key.raw))
		}
	}
}

func (d *decoder) list(n *node, v reflect.Value, field string) {
	if n.shape != list {
		d.wrong(n, field, n.show()+" cannot stand here", "write a list: [ … ] or lines that begin with \"- \"")
		return
	}
	all := reflect.MakeSlice(v.Type(), len(n.values), len(n.values))
	for i, child := range n.values {
		at := fmt.Sprintf("%s[%d]", field, i)
		if child.shape == null {
			d.wrong(child, at, "the entry is empty", "give it a value or remove it")
			continue
		}
		d.value(child, all.Index(i), at)
	}
	v.Set(all)
}

func (d *decoder) table(n *node, v reflect.Value, field string) {
	if n.shape != mapping {
		d.wrong(n, field, n.show()+" cannot stand here", "write keys and values")
		return
	}
	all := reflect.MakeMapWithSize(v.Type(), len(n.keys))
	for i, key := range n.keys {
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		d.value(key, k, field)
		if k.Comparable() && all.MapIndex(k).IsValid() {
			d.wrong(key, join(field, key.raw), fmt.Sprintf("the key %q comes twice", key.raw), "keep one of them")
			continue
		}
		d.value(n.values[i], e, join(field, key.raw))
		all.SetMapIndex(k, e)
	}
	v.Set(all)
}

func (d *decoder) text(n *node, v reflect.Value, field string) {
	switch n.shape {
	case text, integer, decimal, moment: // numbers that are dialled are texts
		v.SetString(n.raw)
	default:
		d.wrong(n, field, n.show()+" is no text", "write a text, in quotes if it reads like something else")
	}
}

func (d *decoder) boolean(n *node, v reflect.Value, field string) {
	if n.shape != boolean || n.raw != "true" && n.raw != "false" {
		d.wrong(n, field, n.show()+" is neither true nor false", "write true or false")
		return
	}
	v.SetBool(n.raw == "true")
}

func (d *decoder) integer(n *node, v reflect.Value, field string) {
	const most = 80 // characters; whatever is longer does not fit anyway
	value, ok := new(big.Int).SetString(strings.ReplaceAll(n.raw[:min(len(n.raw), most)], "_", ""), 0)
	if n.shape != integer && n.shape != decimal || !ok { // too large a number is a decimal to readers
		d.wrong(n, field, n.show()+" is no whole number", "write one, such as 10")
		return
	}
	low, high := limits(v)
	if value.Cmp(low) < 0 || value.Cmp(high) > 0 {
		d.wrong(n, field, n.raw+" is out of range", fmt.Sprintf("write a number from %d to %d", low, high))
		return
	}
	if v.CanInt() {
		v.SetInt(value.Int64())
	} else {
		v.SetUint(value.Uint64())
	}
}

// limits are the smallest and the largest number that v holds.
func limits(v reflect.Value) (low, high *big.Int) {
	bits := uint(v.Type().Bits())
	if v.CanInt() {
		high = new(big.Int).Lsh(big.NewInt(1), bits-1)
		low = new(big.Int).Neg(high)
	} else {
		high = new(big.Int).Lsh(big.NewInt(1), bits)
		low = new(big.Int)
	}
	return low, high.Sub(high, big.NewInt(1))
}

func (d *decoder) decimal(n *node, v reflect.Value, field string) {
	value, err := strconv.ParseFloat(n.raw, v.Type().Bits())
	if n.shape != decimal && n.shape != integer || err != nil || value != value || value-value != 0 {
		d.wrong(n, field, n.show()+" is no number", "write one, such as 0.5")
		return
	}
	v.SetFloat(value)
}

func (d *decoder) duration(n *node, v reflect.Value, field string) {
	value, err := time.ParseDuration(n.raw)
	if n.shape == mapping || n.shape == list || n.shape == null || err != nil || value < 0 {
		remedy := "write a number with its unit, such as 15s, 1m30s or 500ms"
		if n.shape == integer {
			remedy = fmt.Sprintf("write the unit with it, such as %ss or %sms", n.raw, n.raw)
		}
		d.wrong(n, field, n.show()+" is no duration", remedy)
		return
	}
	v.SetInt(int64(value))
}

// show is the node in a message.
func (n *node) show() string {
	switch n.shape {
	case mapping:
		return "a mapping"
	case list:
		return "a list"
	case null:
		return "no value"
	}
	const most = 60
	if short := []rune(n.raw); len(short) > most {
		return strconv.Quote(string(short[:most]) + "…")
	}
	return strconv.Quote(n.raw)
}

func join(field, key string) string {
	if field == "" {
		return key
	}
	return field + "." + key
}
