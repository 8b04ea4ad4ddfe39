package engine

import (
	"errors"
	"strings"
	"testing"
)

func TestOptionsAreChecked(t *testing.T) {
	good, _ := options(t, t.TempDir())
	for name, change := range map[string]func(*Options){
		"Dir":     func(o *Options) { o.Dir = "" },
		"New":     func(o *Options) { o.New = nil },
		"Inbox":   func(o *Options) { o.Inbox = -1 },
		"Segment": func(o *Options) { o.Segment = -1 },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v, want one that names it", name, err)
		}
	}
	e := open(t, good)
	if err := e.Run(t.Context(), newFake("a"), newFake("a")); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("two switches of one name: %v", err)
	}
	e = open(t, good) // the directory is free again
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestCursorsSurviveText(t *testing.T) {
	c := Cursor{Epoch: "abc", Seq: 7, N: 2}
	if got, err := ParseCursor(c.String()); err != nil || got != c {
		t.Errorf("ParseCursor(%q) = %v, %v", c.String(), got, err)
	}
	for _, s := range []string{"", "a", "a.1", ".1.1", "a.x.1", "a.1.x", "a.1.-1", "a.1.1.1"} {
		if _, err := ParseCursor(s); !errors.Is(err, ErrCursor) {
			t.Errorf("ParseCursor(%q): %v, want ErrCursor", s, err)
		}
	}
}
