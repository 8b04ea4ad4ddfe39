package main

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/mattn/go-runewidth"
)

// width measures as terminals show: Chinese characters take two columns.
var width = &runewidth.Condition{}

// locked lets several goroutines write whole lines.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

// Write implements io.Writer.
func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// table prints rows in columns as wide as their widest cell; the first column
// is set to the right. The last one may be of any length.
func table(out io.Writer, indent string, rows [][]string) {
	var widest []int
	for _, r := range rows {
		for i, cell := range r {
			if i == len(widest) {
				widest = append(widest, 0)
			}
			widest[i] = max(widest[i], width.StringWidth(cell))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		line := indent
		for i, cell := range r {
			if i == 0 {
				line += width.FillLeft(cell, widest[i])
				continue
			}
			line += "  " + width.FillRight(cell, widest[i])
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	fmt.Fprint(out, b.String())
}
