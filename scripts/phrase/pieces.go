package phrase

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/huawu/huawu/scripts/say"
)

// Piece is a part of what is spoken: words, or a variable that only the call
// fills in.
type Piece struct {
	Text     string
	Variable *Variable
	// Choices are what a variable may be that is a choice.
	Choices []string
}

// Pieces is what a phrase says, in the pieces that can be spoken before the
// call: one, where no variable is open. Of an open variable that takes free words
// nothing can be spoken beforehand (Kind.Pieced). Errors are Render's.
func (b *Book) Pieces(s Scope, key string, f Facts, values map[string]string, open []string) (Effective, []Piece, error) {
	e, err := b.Resolve(s, key)
	if err != nil {
		return Effective{}, nil, err
	}
	for _, id := range open {
		v, err := b.variable(id)
		if err != nil {
			return e, nil, err
		}
		if !slices.Contains(e.Variables(), id) {
			return e, nil, fmt.Errorf("phrase %s: %w: its wording has no {%s}", key, ErrValue, clip(id))
		}
		if v.Kind == KindStage {
			return e, nil, fmt.Errorf("phrase %s: %w: {%s} is a stage direction and takes no value", key, ErrValue, id)
		}
	}
	filled, w, err := b.fill(e, f, values, open)
	if err != nil {
		return filled.Effective, nil, err
	}
	w.flush()
	return e, w.pieces, nil
}

// byClock are the variables that follow from the part of the day.
var byClock = []string{"closing_wish", "day_part_en"}

// ByClock are the variables of a wording that follow from the part of the day,
// where nobody gives them a value.
func (e Effective) ByClock() []string {
	return slices.DeleteFunc(e.Variables(), func(id string) bool { return !slices.Contains(byClock, id) })
}

// Clock is what such a variable is at a time, "" for any other variable.
func (b *Book) Clock(s Scope, id string, f Facts) string {
	m, err := b.speaks(s)
	v := b.c.variables[id]
	if err != nil || v == nil || !slices.Contains(byClock, id) {
		return ""
	}
	w := writer{c: b.c, e: Effective{manner: m}, f: f}
	return w.value(v)
}

// Pieced says whether values of a kind can be spoken from pieces: those of free
// words cannot.
func (k Kind) Pieced() bool {
	switch k {
	case KindChoice, KindAgent, KindPhone, KindMinutes, KindSpan, KindMoment:
		return true
	}
	return false
}

// flush ends a piece of words. The marks it begins with belong to what was
// before it.
func (w *writer) flush() {
	if text := strings.TrimLeft(w.spoken.String(), stops+" "); text != "" {
		w.pieces = append(w.pieces, Piece{Text: text})
	}
	w.spoken.Reset()
}

// Words are all the words that values of the piece's variable are spoken from.
func (p Piece) Words(language string) []string {
	if p.Variable.Kind == KindChoice {
		return p.Choices
	}
	return vocabulary(p.Variable.Kind, say.Language(language)).words
}

// Speak is a value of a kind from those words. ErrValue: it is none, or it has
// other words.
func Speak(k Kind, choices []string, language, value string) ([]string, error) {
	v := Variable{ID: string(k), Kind: k}
	s, err := v.take(value, language, choices)
	switch {
	case err != nil:
		return nil, err
	case k == KindChoice:
		return []string{value}, nil
	case !k.Pieced():
		return nil, fmt.Errorf("%w: %s takes free words", ErrValue, k)
	}
	known := vocabulary(k, say.Language(language))
	var all []string
	for rest := strings.TrimLeft(s.spoken, between); rest != ""; rest = strings.TrimLeft(rest, between) {
		word := known.first(rest)
		if word == "" {
			return nil, fmt.Errorf("%w: %q cannot be spoken from pieces", ErrValue, clip(value))
		}
		all, rest = append(all, word), rest[len(word):]
	}
	return all, nil
}

// between is what stands between words and is not heard.
const between = ", -，"

// wordList are words, found by what a text begins with.
type wordList struct {
	words   []string
	by      map[string]bool
	longest int // bytes
}

// first is the longest word that a text begins with, "" for none.
func (l *wordList) first(text string) string {
	for n := min(l.longest, len(text)); n > 0; n-- {
		if word := text[:n]; l.by[word] && (word[n-1] >= utf8.RuneSelf || n == len(text) || strings.ContainsRune(between, firstRune(text[n:]))) {
			return word
		}
	}
	return ""
}

func (l *wordList) add(word string, err error) {
	if err == nil && word != "" && !l.by[word] { // what cannot be said is no word
		l.words, l.by[word], l.longest = append(l.words, word), true, max(l.longest, len(word))
	}
}

type vocabularyKey struct {
	kind     Kind
	language say.Language
}

var vocabularies = func() map[vocabularyKey]*wordList {
	all := map[vocabularyKey]*wordList{}
	for _, l := range []say.Language{say.Mandarin, say.English} {
		for _, k := range []Kind{KindAgent, KindPhone, KindMinutes, KindSpan, KindMoment} {
			all[vocabularyKey{k, l}] = spokenBy(k, l)
		}
	}
	return all
}()

func vocabulary(k Kind, l say.Language) *wordList {
	if v := vocabularies[vocabularyKey{k, l}]; v != nil {
		return v
	}
	return &wordList{}
}

// spokenBy are the words of a kind in a language: whole numbers up to a hundred
// in Mandarin, for they sound better than their digits.
func spokenBy(k Kind, l say.Language) *wordList {
	list := &wordList{by: map[string]bool{}}
	each := func(text string, err error) { // in English, words are apart
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(between, r) }) {
			list.add(word, err)
		}
	}
	switch k {
	case KindAgent, KindPhone:
		for d := '0'; d <= '9'; d++ {
			list.add(say.AgentNumber(l, string(d)))
		}
		if k == KindPhone {
			list.add(map[say.Language]string{say.Mandarin: "加", say.English: "plus"}[l], nil)
		}
	case KindMinutes:
		for n := range int64(60) {
			each(say.Count(l, n+1))
		}
	case KindSpan:
		for n := range int64(100) {
			each(say.Count(l, n+1))
		}
		for _, n := range []int64{200, 1000, 2000} {
			each(say.Count(l, n))
		}
		for _, word := range map[say.Language][]string{say.Mandarin: {"零", "二", "百", "千", "分钟", "小时", "天"},
			say.English: {"and", "minute", "minutes", "hour", "hours", "day", "days"}}[l] {
			list.add(word, nil)
		}
	case KindMoment:
		list.moments(l, each)
	}
	return list
}

// moments are the words of days and times.
func (l *wordList) moments(language say.Language, each func(string, error)) {
	if language == say.English {
		for m := range 12 {
			each(say.Day(language, time.Date(2026, time.Month(m+1), 1, 0, 0, 0, 0, time.UTC)))
		}
		for d := range 31 {
			each(say.Day(language, time.Date(2026, 1, d+1, 0, 0, 0, 0, time.UTC)))
		}
		for hour := range 24 {
			each(say.Time(language, time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC)))
		}
		for minute := range 60 {
			each(say.Time(language, time.Date(2026, 1, 1, 1, minute, 0, 0, time.UTC)))
		}
		return
	}
	for m := range 12 {
		l.add(chineseNumber(m+1)+"月", nil)
	}
	for d := range 31 {
		l.add(chineseNumber(d+1)+"日", nil)
	}
	for hour := range 24 {
		text, err := say.Time(language, time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC))
		runes := []rune(text)
		l.add(string(runes[:min(2, len(runes))]), err) // the part of the day
		l.add(string(runes[min(2, len(runes)):]), err)
	}
	l.add("半", nil)
	l.add("零", nil)
	for minute := 1; minute < 60; minute++ {
		l.add(chineseNumber(minute)+"分", nil)
	}
}

func chineseNumber(n int) string {
	text, _ := say.Integer(say.Mandarin, int64(n)) // small numbers have words
	return text
}
