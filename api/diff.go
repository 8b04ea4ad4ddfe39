package api

import (
	"bytes"
	"fmt"
	"strings"
)

// diffContext is how many unchanged lines are shown about a change.
const diffContext = 3

// maxDiff bounds the lines that are compared; larger texts are shown as
// replaced between their common beginning and end.
const maxDiff = 4000

// Diff is how to get from one text to another, line by line in the unified
// format; "" for equal texts.
func Diff(from, to []byte) string {
	if bytes.Equal(from, to) {
		return ""
	}
	edits := edit(lines(from), lines(to))
	var b strings.Builder
	b.WriteString("--- in effect\n+++ wanted\n")
	for i := 0; i < len(edits); {
		if edits[i].op == ' ' {
			i++
			continue
		}
		begin, end := max(i-diffContext, 0), i
		for quiet := 0; end < len(edits) && quiet <= 2*diffContext; end++ {
			if edits[end].op == ' ' {
				quiet++
			} else {
				quiet = 0
			}
		}
		for end > i && edits[end-1].op == ' ' {
			end--
		}
		end = min(end+diffContext, len(edits))
		hunk(&b, edits, begin, end)
		i = end
	}
	return b.String()
}

// change is one line: ' ' stays, '-' goes, '+' comes.
type change struct {
	op   byte
	text string
}

func hunk(b *strings.Builder, edits []change, begin, end int) {
	from, to := 1, 1
	for _, e := range edits[:begin] {
		if e.op != '+' {
			from++
		}
		if e.op != '-' {
			to++
		}
	}
	froms, tos := 0, 0
	for _, e := range edits[begin:end] {
		if e.op != '+' {
			froms++
		}
		if e.op != '-' {
			tos++
		}
	}
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n", from, froms, to, tos)
	for _, e := range edits[begin:end] {
		fmt.Fprintf(b, "%c%s\n", e.op, e.text)
	}
}

func lines(text []byte) []string {
	trimmed := strings.TrimSuffix(string(text), "\n")
	if trimmed == "" {
		return nil
	}
	return strings.Split(trimmed, "\n")
}

// edit turns a into b by the longest common subsequence of what lies between
// their common beginning and end.
func edit(a, b []string) []change {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []change
	keep := func(text []string, op byte) {
		for _, line := range text {
			out = append(out, change{op, line})
		}
	}
	keep(a[:head], ' ')
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(x) > maxDiff || len(y) > maxDiff {
		keep(x, '-')
		keep(y, '+')
	} else {
		out = append(out, common(x, y)...)
	}
	keep(a[len(a)-tail:], ' ')
	return out
}

func common(x, y []string) []change {
	// length[i][j] is that of the longest common subsequence of x[i:], y[j:].
	length := make([][]int16, len(x)+1)
	for i := range length {
		length[i] = make([]int16, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out []change
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			out = append(out, change{' ', x[i]})
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && length[i+1][j] >= length[i][j+1]:
			out = append(out, change{'-', x[i]})
			i++
		default:
			out = append(out, change{'+', y[j]})
			j++
		}
	}
	return out
}
