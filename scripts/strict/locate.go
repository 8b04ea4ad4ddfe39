package strict

import (
	"strconv"
	"strings"
)

// Locate is where a field such as "queues[2].ring" is written in a document,
// or the nearest part of the way there that is. 0 means that the document
// cannot be read.
func Locate(src []byte, field string) (line, column int) {
	return Locator(src)(field)
}

// Locator is Locate for many fields of one document, which is read once.
func Locator(src []byte) func(field string) (line, column int) {
	n, f := parse(src)
	if f != nil || n == nil {
		return func(string) (line, column int) { return 0, 0 }
	}
	return n.locate
}

func (n *node) locate(field string) (line, column int) {
	for _, step := range strings.FieldsFunc(field, func(r rune) bool { return r == '.' || r == '[' }) {
		child := n.child(step)
		if child == nil {
			break
		}
		n = child
	}
	return n.line, n.column
}

// child is what a step leads to: a key, or an index followed by "]".
func (n *node) child(step string) *node {
	if index, isIndex := strings.CutSuffix(step, "]"); isIndex {
		i, err := strconv.Atoi(index)
		if err != nil || n.shape != list || i < 0 || i >= len(n.values) {
			return nil
		}
		return n.values[i]
	}
	for i, key := range n.keys {
		if key.raw == step {
			return n.values[i]
		}
	}
	return nil
}
