package phrase

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/scripts/say"
	"github.com/huawu/huawu/scripts/strict"
)

// Kind is what a variable takes.
type Kind string

// The kinds.
const (
	KindText    Kind = "text"    // free words, up to MaxText characters
	KindName    Kind = "name"    // of a person, a place, a body, up to MaxName characters
	KindChoice  Kind = "choice"  // one of its values; honorific has those of the profile
	KindAgent   Kind = "agent"   // an agent number: digits and Latin letters
	KindPhone   Kind = "phone"   // digits, with single spaces or hyphens, and a "+" before them
	KindMinutes Kind = "minutes" // 1 to 60
	KindSpan    Kind = "span"    // "30m", "24h", "3d", or 30分钟, 24小时, 3天
	KindMoment  Kind = "moment"  // "2026-03-05 14:30", or words such as 明天上午
	KindStage   Kind = "stage"   // a stage direction: it is never heard and takes no value
)

// Bounds of values, in characters.
const (
	MaxText = 200
	MaxName = 60
)

// Variable is a place that phrases leave open (SPEC B.3).
type Variable struct {
	ID     string   `json:"id" yaml:"id"`
	Kind   Kind     `json:"kind" yaml:"kind"`
	Name   Label    `json:"name" yaml:"name"`
	Values []string `json:"values,omitempty" yaml:"values"`
	// First takes the first of Values where nothing is given.
	First bool   `json:"first,omitempty" yaml:"first"`
	Note  string `json:"note,omitempty" yaml:"note"`
}

// said is a value as it is shown and as it is spoken.
type said struct{ shown, spoken string }

// take checks a value and puts it into words. choices are what a choice may be.
// Errors wrap ErrValue.
func (v *Variable) take(value, language string, choices []string) (said, error) {
	s, err := v.words(value, say.Language(language), choices)
	if err != nil {
		return said{}, fmt.Errorf("%s is %q: %w: %w", v.ID, clip(value), ErrValue, err)
	}
	return s, nil
}

func (v *Variable) words(value string, l say.Language, choices []string) (said, error) {
	if strings.ContainsFunc(value, unicode.IsControl) || !utf8.ValidString(value) || strings.TrimSpace(value) != value || value == "" {
		return said{}, fmt.Errorf("want words without control characters and spaces around them")
	}
	switch v.Kind {
	case KindAgent:
		return spell(value, l, say.AgentNumber)
	case KindPhone:
		return spell(value, l, say.Phone)
	case KindMinutes:
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > 60 || strconv.Itoa(n) != value {
			return said{}, fmt.Errorf("want a number from 1 to 60")
		}
		return count(int64(n), l)
	case KindSpan:
		return span(value, l)
	case KindMoment:
		return moment(value, l)
	case KindChoice:
		if !slices.Contains(choices, value) {
			return said{}, fmt.Errorf("%s", strict.Suggest(value, choices))
		}
	case KindStage:
		return said{}, fmt.Errorf("it is a stage direction and takes no value")
	case KindName:
		return bounded(value, MaxName)
	}
	return bounded(value, MaxText)
}

func bounded(value string, most int) (said, error) {
	if n := utf8.RuneCountInString(value); n > most {
		return said{}, fmt.Errorf("it has %d characters, %d are the most", n, most)
	}
	return said{value, value}, nil
}

// Free errors wrapping ErrValue where words are none that anybody may have
// spoken: legible ones, MaxText characters at most.
func Free(text string) error {
	v := Variable{ID: "text", Kind: KindText}
	_, err := v.take(text, Mandarin, nil)
	return err
}

func spell(value string, l say.Language, by func(say.Language, string) (string, error)) (said, error) {
	text, err := by(l, value)
	return said{value, text}, err
}

func count(n int64, l say.Language) (said, error) {
	text, err := say.Count(l, n)
	return said{strconv.FormatInt(n, 10), text}, err
}

var spans = regexp.MustCompile(`^([1-9][0-9]{0,3})(m|h|d|分钟|小时|天)$`)

// span keeps the unit that was promised: 24 hours are not called a day.
func span(value string, l say.Language) (said, error) {
	parts := spans.FindStringSubmatch(value)
	if parts == nil {
		return said{}, fmt.Errorf("want a number and its unit, such as 30m, 24h or 3d")
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return said{}, err
	}
	many, err := count(n, l)
	if err != nil {
		return said{}, err
	}
	unit := map[string][2]string{"m": {"分钟", "minute"}, "分钟": {"分钟", "minute"}, "h": {"小时", "hour"}, "小时": {"小时", "hour"},
		"d": {"天", "day"}, "天": {"天", "day"}}[parts[2]]
	if l == say.English {
		words := " " + unit[1]
		if n > 1 {
			words += "s"
		}
		return said{many.shown + words, many.spoken + words}, nil
	}
	return said{many.shown + unit[0], many.spoken + unit[0]}, nil
}

// moments is how a time is written that is to be put into words.
const moments = "2006-01-02 15:04"

func moment(value string, l say.Language) (said, error) {
	t, err := time.Parse(moments, value)
	if err != nil {
		if value[0] >= '0' && value[0] <= '9' && strings.Trim(value, "0123456789-:/. TZ+") == "" {
			return said{}, fmt.Errorf("want a time such as 2026-03-05 14:30, or words")
		}
		return bounded(value, MaxName)
	}
	shown := t.Format("1月2日15:04")
	if l == say.English {
		shown = t.Format("January 2, 15:04")
	}
	text, err := say.Moment(l, t)
	return said{shown, text}, err
}

// clip is a value short enough for a message.
func clip(text string) string {
	const most = 40
	if short := []rune(text); len(short) > most {
		return string(short[:most]) + "…"
	}
	return text
}
