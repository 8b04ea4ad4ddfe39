package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// show prints an answer: as JSON, or as people read it.
func (a *app) show(answer any, people func()) error {
	if a.output == "json" {
		e := json.NewEncoder(a.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(answer)
	}
	people()
	return nil
}

// table prints rows under heads in the operator's language. Widths are those
// of a terminal, in which a Chinese character takes two places.
func (a *app) table(heads []string, rows [][]any) {
	t := table.NewWriter()
	t.SetOutputMirror(a.out)
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header, style.Format.Row = text.FormatDefault, text.FormatDefault
	t.SetStyle(style)
	head := make(table.Row, len(heads))
	for i, h := range heads {
		head[i] = a.say.Sprintf(h)
	}
	t.AppendHeader(head)
	for _, r := range rows {
		t.AppendRow(table.Row(r))
	}
	t.SuppressTrailingSpaces()
	t.Render()
}

// fields prints what one thing is, a line a field; empty ones are left out.
func (a *app) fields(pairs ...any) {
	width := 0
	for i := 0; i < len(pairs); i += 2 {
		if fmt.Sprint(pairs[i+1]) == "" {
			continue
		}
		width = max(width, text.StringWidthWithoutEscSequences(a.say.Sprintf(pairs[i].(string))))
	}
	for i := 0; i < len(pairs); i += 2 {
		if value := fmt.Sprint(pairs[i+1]); value != "" {
			fmt.Fprintf(a.out, "%s  %s\n", text.Pad(a.say.Sprintf(pairs[i].(string)), width, ' '), value)
		}
	}
}

// line prints one sentence in the operator's language.
func (a *app) line(key string, args ...any) {
	fmt.Fprintln(a.out, a.say.Sprintf(key, args...))
}

// yes is a truth for people.
func (a *app) yes(b bool) string {
	if b {
		return a.say.Sprintf("yes")
	}
	return a.say.Sprintf("no")
}

// mark is a truth that is worth a word only when it holds.
func (a *app) mark(b bool) string {
	if b {
		return a.say.Sprintf("yes")
	}
	return ""
}

// span is milliseconds for people: 450ms, 9.2s, 1m05s, 2h03m.
func span(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	switch {
	case d == 0:
		return "0s"
	case d < time.Second:
		return fmt.Sprintf("%dms", ms)
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}

// clock is wall-clock milliseconds as local time.
func clock(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).Local().Format("2006-01-02 15:04:05.000")
}

// list joins ids for a cell.
func list[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, id := range all {
		words[i] = string(id)
	}
	slices.Sort(words)
	return strings.Join(words, ",")
}

// envOr is an environment variable, or otherwise.
func envOr(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}
