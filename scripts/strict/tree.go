package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// shape is what a node of a document is.
type shape int

const (
	mapping shape = iota
	list
	text
	integer
	decimal
	boolean
	moment // a YAML timestamp: people mean a text
	null
)

// node is a part of a document, whichever notation it came in.
type node struct {
	shape shape
	// raw is a scalar as it was written, without quotes.
	raw string
	// keys and values belong together in a mapping; a list has values only.
	keys, values []*node
	line, column int
}

// fault is what stops reading a document.
type fault struct {
	line, column int
	what, remedy string
}

// parse reads one document. A nil node is an empty one.
func parse(src []byte) (*node, *fault) {
	if len(src) > MaxSize {
		return nil, &fault{what: fmt.Sprintf("the document has %d bytes, %d are the most", len(src), MaxSize)}
	}
	if !utf8.Valid(src) {
		return nil, &fault{what: "the document is not UTF-8", remedy: "save it as UTF-8"}
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if trimmed := bytes.TrimLeft(src, " \t\r\n"); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') && json.Valid(src) {
		return fromJSON(src)
	}
	return fromYAML(src)
}

func fromYAML(src []byte) (*node, *fault) {
	loader, err := yaml.NewLoader(bytes.NewReader(src),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(MaxDepth+2))))
	if err != nil {
		return nil, &fault{what: err.Error()}
	}
	var doc yaml.Node
	if err := loader.Load(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, yamlFault(err)
	}
	var more yaml.Node
	switch err := loader.Load(&more); {
	case err == nil:
		return nil, &fault{line: more.Line, column: more.Column, what: "a second document begins here", remedy: "keep one document in a file"}
	case !errors.Is(err, io.EOF):
		return nil, yamlFault(err)
	}
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		return convert(doc.Content[0], 1)
	}
	return convert(&doc, 1)
}

func yamlFault(err error) *fault {
	f := &fault{what: err.Error()}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		f.line, f.column, f.what = one.Mark.Line, one.Mark.Column, one.Message
	}
	f.what = "this is not YAML: " + f.what
	return f
}

var shapes = map[string]shape{
	"!!str": text, "!!int": integer, "!!float": decimal, "!!bool": boolean, "!!timestamp": moment, "!!null": null,
}

func convert(y *yaml.Node, depth int) (*node, *fault) {
	stop := func(what, remedy string) (*node, *fault) {
		return nil, &fault{line: y.Line, column: y.Column, what: what, remedy: remedy}
	}
	n := &node{line: y.Line, column: y.Column, raw: y.Value}
	switch {
	case depth > MaxDepth:
		return stop(fmt.Sprintf("more than %d levels", MaxDepth), "write it flatter")
	case y.Kind == yaml.AliasNode || y.Anchor != "":
		return stop("anchors and aliases are not read", "write the value out")
	case y.Style&yaml.TaggedStyle != 0:
		return stop("tags such as "+y.Tag+" are not read", "leave the tag out")
	case y.Kind == yaml.ScalarNode:
		known := false
		if n.shape, known = shapes[y.ShortTag()]; !known {
			n.shape = text // "<<", "=": nothing but words here
		}
		return n, nil
	case y.Kind == yaml.SequenceNode:
		n.shape = list
	case y.Kind == yaml.MappingNode:
		n.shape = mapping
	default:
		return stop("this is not a value", "")
	}
	for i, child := range y.Content {
		c, f := convert(child, depth+1)
		if f != nil {
			return nil, f
		}
		if n.shape == mapping && i%2 == 0 {
			n.keys = append(n.keys, c)
		} else {
			n.values = append(n.values, c)
		}
	}
	return n, nil
}

// fromJSON reads what json.Valid has accepted. YAML readers stumble over what
// JSON writers may write: tabs and escaped surrogate pairs.
func fromJSON(src []byte) (*node, *fault) {
	r := &jsonReader{src: src, dec: json.NewDecoder(bytes.NewReader(src)), line: 1, column: 1}
	r.dec.UseNumber()
	return r.value(1)
}

type jsonReader struct {
	src          []byte
	dec          *json.Decoder
	at           int // bytes that line and column have counted
	line, column int
}

// token is the next token and where it begins.
func (r *jsonReader) token() (json.Token, *node, *fault) {
	begin := int(r.dec.InputOffset())
	for begin < len(r.src) && bytes.IndexByte([]byte(" \t\r\n,:"), r.src[begin]) >= 0 {
		begin++
	}
	for _, c := range string(r.src[r.at:begin]) {
		r.column++
		if c == '\n' {
			r.line, r.column = r.line+1, 1
		}
	}
	r.at = begin
	t, err := r.dec.Token()
	if err != nil {
		return nil, nil, &fault{line: r.line, column: r.column, what: "this is not JSON: " + err.Error()}
	}
	return t, &node{line: r.line, column: r.column}, nil
}

func (r *jsonReader) value(depth int) (*node, *fault) {
	t, n, f := r.token()
	if f != nil {
		return nil, f
	}
	switch t := t.(type) {
	case string:
		n.shape, n.raw = text, t
	case json.Number:
		n.shape, n.raw = integer, t.String()
		if _, err := strconv.ParseInt(n.raw, 10, 64); err != nil {
			n.shape = decimal
		}
	case bool:
		n.shape, n.raw = boolean, strconv.FormatBool(t)
	case nil:
		n.shape, n.raw = null, "null"
	case json.Delim:
		n.shape = list
		if t == '{' {
			n.shape = mapping
		}
		if depth > MaxDepth {
			return nil, &fault{line: n.line, column: n.column, what: fmt.Sprintf("more than %d levels", MaxDepth), remedy: "write it flatter"}
		}
		return n, r.children(n, depth)
	}
	return n, nil
}

func (r *jsonReader) children(n *node, depth int) *fault {
	for r.dec.More() {
		if n.shape == mapping {
			t, key, f := r.token()
			if f != nil {
				return f
			}
			key.shape = text
			key.raw, _ = t.(string)
			n.keys = append(n.keys, key)
		}
		child, f := r.value(depth + 1)
		if f != nil {
			return f
		}
		n.values = append(n.values, child)
	}
	_, _, f := r.token()
	return f
}
