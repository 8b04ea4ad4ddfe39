// Package strict reads what people write, YAML or JSON, into structs and
// refuses everything that it does not understand: unknown keys, wrong types,
// keys that come twice. It says where and what would be right. All of huawu's
// YAML goes through it.
package strict

import (
	"fmt"
	"strings"
)

// Bounds of a document.
const (
	MaxSize     = 8 << 20 // bytes
	MaxDepth    = 32      // mappings and lists within each other
	MaxProblems = 50      // told of one document
)

// Positioned is a struct that wants to know where it was written. Lines and
// columns count from 1.
type Positioned interface {
	SetPosition(file string, line, column int)
}

// Shorthand is a struct that may also be written as one scalar. The error says
// what would be right.
type Shorthand interface {
	SetScalar(text string) error
}

// Problem is one thing that is wrong in a document.
type Problem struct {
	File string `json:"file"`
	// Line and Column count from 1, in characters; 0 is unknown.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Field is the way there, such as "queues[2].ring", "" for the document.
	Field  string `json:"field,omitempty"`
	What   string `json:"what"`
	Remedy string `json:"remedy,omitempty"`
}

// String is "file:line:column: field: what; remedy".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Column > 0 {
		fmt.Fprintf(&b, ":%d", p.Column)
	}
	b.WriteString(": ")
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.What)
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	return b.String()
}

// Errors is everything wrong with one document, at most MaxProblems, in the
// order of the document.
type Errors struct {
	Problems []Problem `json:"problems"`
}

// Error is one line a problem.
func (e *Errors) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
