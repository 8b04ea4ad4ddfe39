package say

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// heard is the number that somebody who hears Mandarin writes down: by the
// units, not by the rules that readings are made by.
func heard(t *rapid.T, text string) int64 {
	rest, minus := strings.CutPrefix(text, "负")
	n := hear(t, []rune(rest))
	if minus {
		return -n
	}
	return n
}

func hear(t *rapid.T, text []rune) int64 {
	for _, u := range []struct {
		name rune
		unit int64
	}{{'亿', yi}, {'万', wan}, {'千', 1000}, {'百', 100}, {'十', 10}} {
		at := -1
		for i, r := range text {
			if r == u.name { // the last one: 一万亿 are so many 亿
				at = i
			}
		}
		if at < 0 {
			continue
		}
		many := int64(1)
		if at > 0 {
			many = hear(t, text[:at])
		}
		return many*u.unit + hear(t, text[at+1:])
	}
	for len(text) > 1 && text[0] == '零' {
		text = text[1:]
	}
	if len(text) == 0 {
		return 0
	}
	if text[0] == '两' {
		return 2
	}
	if i := slices.Index(numerals, string(text)); i >= 0 {
		return int64(i)
	}
	t.Fatalf("%q is no digit", string(text))
	return 0
}

// integers draws numbers of every length alike, and many with zeros in them.
var integers = rapid.Custom(func(t *rapid.T) int64 {
	var n int64
	for range rapid.IntRange(1, 16).Draw(t, "length") {
		n = n*10 + rapid.OneOf(rapid.SampledFrom([]int64{0, 0, 1, 2}), rapid.Int64Range(0, 9)).Draw(t, "digit")
	}
	if rapid.Bool().Draw(t, "minus") {
		n = -n
	}
	return n
})

// forbidden are forms that no number has.
var forbidden = []*regexp.Regexp{
	regexp.MustCompile(`零零`),
	regexp.MustCompile(`零$`),
	regexp.MustCompile(`零[十百千万亿]`),
	regexp.MustCompile(`^负?一十`),
	regexp.MustCompile(`两(十|[一二两三四五六七八九零]|$)`),
	regexp.MustCompile(`二千|(^|[亿负])二万|^负?二[百亿]`),
	regexp.MustCompile(`[千万亿零]两百`), // 一千二百
	regexp.MustCompile(`[一二两三四五六七八九][一二两三四五六七八九零]`),
	regexp.MustCompile(`亿万|万万|亿亿|十[十百千]|百[十百千]|千[十百千]`),
}

func TestNumbersAreHeardAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := integers.Draw(t, "n")
		text, err := Integer(Mandarin, n)
		if err != nil {
			t.Fatal(err)
		}
		if got := heard(t, text); got != n {
			t.Fatalf("%d is %q, heard as %d", n, text, got)
		}
		for _, f := range forbidden {
			if bad := f.FindString(text); bad != "" && text != "零" {
				t.Fatalf("%d is %q: nobody says %q", n, text, bad)
			}
		}
		counts, err := Count(Mandarin, n)
		if err != nil || strings.Replace(counts, "两", "二", 1) != strings.Replace(text, "两", "二", 1) {
			t.Fatalf("%d is %q, and %q when it counts: %v", n, text, counts, err)
		}
		words, err := Integer(English, n)
		if err != nil || fromEnglish(words) != n {
			t.Fatalf("%d is %q, heard as %d, %v", n, words, fromEnglish(words), err)
		}
	})
}

// The greater of two numbers is heard as the greater, so no two read alike.
func TestReadingsKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := integers.Draw(t, "a"), integers.Draw(t, "b")
		x, _ := Integer(Mandarin, a)
		y, _ := Integer(Mandarin, b)
		if (a < b) != (heard(t, x) < heard(t, y)) || (a == b) != (x == y) {
			t.Fatalf("%d is %q, %d is %q", a, x, b, y)
		}
	})
}

func fromEnglish(text string) int64 {
	rest, minus := strings.CutPrefix(text, "minus ")
	var total, part int64
	for _, word := range strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == '-' }) {
		switch unit := map[string]int64{"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "quadrillion": 1e15}[word]; {
		case unit > 0:
			total, part = total+part*unit, 0
		case word == "hundred":
			part *= 100
		case word == "and":
		case slices.Contains(ones, word):
			part += int64(slices.Index(ones, word))
		default:
			part += int64(slices.Index(tens, word)) * 10
		}
	}
	if total += part; minus {
		return -total
	}
	return total
}

// written are the digits of what was spelled.
func written(text string) string {
	for i := range phoneWords {
		text = strings.NewReplacer(phoneWords[i], numeral(i), numerals[i], numeral(i)).Replace(text)
	}
	return text
}

func numeral(i int) string { return string(rune('0' + i)) }

func TestDigitsAreHeardOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[0-9]{1,20}`).Draw(t, "number")
		for name, say := range map[string]func(Language, string) (string, error){"phone": Phone, "agent": AgentNumber, "order": OrderNumber} {
			text, err := say(Mandarin, number)
			if err != nil || strings.ReplaceAll(written(text), "，", "") != number {
				t.Fatalf("%s %s is %q, %v", name, number, text, err)
			}
			if strings.ContainsAny(text, "一两十0123456789") {
				t.Fatalf("%s %s is %q: digits are read one by one, 1 as 幺", name, number, text)
			}
			for _, group := range strings.Split(text, "，") {
				if len([]rune(group)) > 6 && name != "agent" {
					t.Fatalf("%s %s is %q: nobody follows %q", name, number, text, group)
				}
			}
		}
		fraction := rapid.StringMatching(`[0-9]{1,9}`).Draw(t, "fraction")
		text, err := Decimal(Mandarin, "12."+fraction)
		if err != nil || written(strings.TrimPrefix(text, "十二点")) != fraction || strings.Contains(text, "幺") {
			t.Fatalf("12.%s is %q, %v", fraction, text, err)
		}
	})
}

func TestMoneyIsHeardAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := integers.Draw(t, "fen")
		text, err := Money(Mandarin, fen)
		if err != nil {
			t.Fatal(err)
		}
		rest, minus := strings.CutPrefix(text, "负")
		var got int64
		for _, u := range []struct {
			name string
			fen  int64
		}{{"元", 100}, {"角", 10}, {"分", 1}} {
			if many, after, ok := strings.Cut(rest, u.name); ok {
				got, rest = got+heard(t, many)*u.fen, after
			}
		}
		if minus {
			got = -got
		}
		if got != fen || rest != "" || strings.Contains(text, "二元") && fen/100%100 == 2 && fen < 1000 {
			t.Fatalf("%d fen are %q, heard as %d", fen, text, got)
		}
	})
}

// The hour and minute are heard again, and later times of a day are not heard
// as earlier ones.
func TestTimesAreHeardAsTheyAre(t *testing.T) {
	seen := map[string]int{}
	for m := range 24 * 60 {
		for _, l := range []Language{Mandarin, English} {
			text, err := Time(l, time.Date(2026, 3, 5, m/60, m%60, 59, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			if other, ok := seen[text]; ok {
				t.Fatalf("%d and %d minutes are both %q", other, m, text)
			}
			seen[text] = m
			if regexp.MustCompile(`二点|点两|^零`).MatchString(strings.ReplaceAll(text, "十二点", "")) {
				t.Fatalf("%d minutes are %q", m, text)
			}
		}
	}
	days := map[string]bool{}
	for d := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == 2024; d = d.AddDate(0, 0, 1) {
		for _, l := range []Language{Mandarin, English} {
			text, err := Day(l, d)
			if err != nil || days[text] {
				t.Fatalf("%s is %q, %v", d, text, err)
			}
			days[text] = true
		}
	}
}

func FuzzWhatIsWritten(f *testing.F) {
	for _, seed := range []string{"", "-", "12.50", "+86 138-0013-8000", "GD-2026", "一", "1e9", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, say := range []func(Language, string) (string, error){Decimal, Percent, Phone, AgentNumber, OrderNumber} {
			for _, l := range []Language{Mandarin, English} {
				if got, err := say(l, text); (err == nil) == (got == "") || strings.ContainsAny(got, "0123456789") {
					t.Fatalf("%q is %q, %v", text, got, err)
				}
			}
		}
	})
}
