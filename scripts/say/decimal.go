package say

import (
	"fmt"
	"strconv"
	"strings"
)

// Decimal reads a number as it is written, such as "-3.140": 负三点一四零 ·
// minus three point one four zero. Every digit behind the point counts. ErrForm
// unless it is digits with an optional minus and one point between digits;
// ErrRange beyond sixteen digits before it or MaxFraction behind.
func Decimal(l Language, text string) (string, error) {
	d, err := parseDecimal(text)
	if err != nil {
		return "", err
	}
	return d.say(l)
}

// Percent reads so many of a hundred, written as for Decimal without the sign:
// 百分之十二点五 · twelve point five percent.
func Percent(l Language, text string) (string, error) {
	d, err := parseDecimal(text)
	if err != nil {
		return "", err
	}
	return spoken(l, func() string {
		sign := d.sign("负")
		if d.whole == 100 && d.fraction == "" {
			return sign + "百分之百"
		}
		return sign + "百分之" + d.chinese()
	}, func() string { return d.sign("minus ") + d.english() + " percent" })
}

// decimal is a number that was written down.
type decimal struct {
	minus    bool
	whole    int64
	fraction string // digits
}

func parseDecimal(text string) (decimal, error) {
	var d decimal
	rest, minus := strings.CutPrefix(text, "-")
	whole, fraction, point := strings.Cut(rest, ".")
	if !digits(whole) || point && !digits(fraction) {
		return d, fmt.Errorf("%q: %w: want a number such as 12 or -3.5", clip(text), ErrForm)
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > MaxInteger || len(fraction) > MaxFraction {
		return d, fmt.Errorf("%q: %w: want at most 16 digits before the point and %d behind it", clip(text), ErrRange, MaxFraction)
	}
	zero := n == 0 && strings.Trim(fraction, "0") == ""
	return decimal{minus: minus && !zero, whole: n, fraction: fraction}, nil
}

func (d decimal) say(l Language) (string, error) {
	return spoken(l, func() string { return d.sign("负") + d.chinese() }, func() string { return d.sign("minus ") + d.english() })
}

func (d decimal) sign(minus string) string {
	if d.minus {
		return minus
	}
	return ""
}

func (d decimal) chinese() string {
	s := chinese(d.whole)
	if d.fraction != "" {
		s += "点" + spell(d.fraction, numerals, "")
	}
	return s
}

func (d decimal) english() string {
	s := english(d.whole)
	if d.fraction != "" {
		s += " point " + spell(d.fraction, ones, " ")
	}
	return s
}

// Money reads an amount in fen, hundredths of a yuan: 十二元三角四分 · twelve
// yuan and thirty-four fen. ErrRange beyond MaxInteger.
func Money(l Language, fen int64) (string, error) {
	if err := inRange(fen); err != nil {
		return "", err
	}
	return spoken(l, func() string { return chineseMoney(fen) }, func() string { return englishMoney(fen) })
}

func chineseMoney(fen int64) string {
	if fen < 0 {
		return "负" + chineseMoney(-fen)
	}
	yuan, jiao, rest := fen/100, fen/10%10, fen%10
	var s string
	if yuan > 0 || fen == 0 {
		s = counted(yuan) + "元"
	}
	if jiao > 0 {
		s += counted(jiao) + "角"
	}
	if rest > 0 {
		if yuan > 0 && jiao == 0 {
			s += numerals[0]
		}
		s += counted(rest) + "分"
	}
	return s
}

func englishMoney(fen int64) string {
	switch yuan, rest := fen/100, fen%100; {
	case fen < 0:
		return "minus " + englishMoney(-fen)
	case rest == 0:
		return english(yuan) + " yuan"
	case yuan == 0:
		return english(rest) + " fen"
	default:
		return english(yuan) + " yuan and " + english(rest) + " fen"
	}
}

// digits says whether a text is one or more digits and nothing else.
func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// spell reads digits one by one.
func spell(digits string, words []string, between string) string {
	all := make([]string, len(digits))
	for i := range digits {
		all[i] = words[digits[i]-'0']
	}
	return strings.Join(all, between)
}

// clip is a text short enough for a message.
func clip(text string) string {
	const most = 40
	if short := []rune(text); len(short) > most {
		return string(short[:most]) + "…"
	}
	return text
}
