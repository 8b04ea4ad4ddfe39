package norms

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kind is what a value is.
type Kind string

// The kinds of values, and how each is written.
const (
	Duration Kind = "duration" // "15s", "1m30s", "500ms"
	Number   Kind = "number"   // "3"
	Switch   Kind = "switch"   // "true" or "false"
	Choice   Kind = "choice"   // one of Value.Choices
	Words    Kind = "words"    // "situation, needs", or "" for none
)

// The bounds of lists of words.
const (
	maxWords = 20
	maxWord  = 64 // characters
)

// Value is one number or word of a rule.
type Value struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Unit is what a count counts.
	Unit    string `json:"unit,omitempty"`
	Default string `json:"default"`
	// Min and Max are its bounds; of a duration in milliseconds.
	Min     int64    `json:"min,omitempty"`
	Max     int64    `json:"max,omitempty"`
	Choices []string `json:"choices,omitempty"`
	// Where is the field of the centre's document that says it, "" for a
	// setting of the rule itself.
	Where string `json:"where,omitempty"`
	// Idle says that nothing goes by it yet: what is set for it has no effect.
	Idle bool `json:"idle,omitempty"`
}

// Written is a value as people write it.
type Written string

// UnmarshalText takes every scalar as it stands.
func (w *Written) UnmarshalText(b []byte) error {
	*w = Written(b)
	return nil
}

// amount is a value that was read: the number of a duration (in milliseconds), a
// count or a switch, the place of a choice, or words.
type amount struct {
	n     int64
	words []string
}

// read reads what was written, or says what would be right.
func (v *Value) read(w Written) (amount, error) {
	s := strings.TrimSpace(string(w))
	switch v.Kind {
	case Duration:
		d, err := time.ParseDuration(s)
		if n := d.Milliseconds(); err == nil && d == time.Duration(n)*time.Millisecond && n >= v.Min && n <= v.Max {
			return amount{n: n}, nil
		}
		return amount{}, fmt.Errorf("write a duration from %s to %s", brief(v.Min), brief(v.Max))
	case Number:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n >= v.Min && n <= v.Max {
			return amount{n: n}, nil
		}
		return amount{}, fmt.Errorf("write a number from %d to %d", v.Min, v.Max)
	case Switch:
		switch s {
		case "true":
			return amount{n: 1}, nil
		case "false":
			return amount{}, nil
		}
		return amount{}, fmt.Errorf("write true or false")
	case Choice:
		if i := slices.Index(v.Choices, s); i >= 0 {
			return amount{n: int64(i)}, nil
		}
		return amount{}, fmt.Errorf("write one of %s", strings.Join(v.Choices, ", "))
	}
	var words []string
	if s == "" {
		return amount{}, nil
	}
	for _, word := range strings.Split(s, ",") {
		word = strings.TrimSpace(word)
		if word == "" || utf8.RuneCountInString(word) > maxWord || slices.Contains(words, word) || strings.ContainsFunc(word, unicode.IsControl) {
			return amount{}, fmt.Errorf("write up to %d words with commas between, each once", maxWords)
		}
		words = append(words, word)
	}
	if len(words) > maxWords {
		return amount{}, fmt.Errorf("write up to %d words with commas between, each once", maxWords)
	}
	return amount{words: words}, nil
}

// write is how an amount is written.
func (v *Value) write(a amount) Written {
	switch v.Kind {
	case Duration:
		return Written(brief(a.n))
	case Switch:
		return Written(strconv.FormatBool(a.n != 0))
	case Choice:
		return Written(v.Choices[a.n])
	case Words:
		return Written(strings.Join(a.words, ", "))
	}
	return Written(strconv.FormatInt(a.n, 10))
}

// brief is a duration of milliseconds without zero minutes and seconds behind:
// "2m", not "2m0s".
func brief(ms int64) string {
	s := (time.Duration(ms) * time.Millisecond).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
