// Package say puts numbers, money, dates, times and the like into the words
// that a caller hears (SPEC IVR-8), in Mandarin and in English. What it returns
// is text for a speech engine or for the names of recorded words; it holds no
// digit.
//
// The Mandarin rules are those of standard speech: 十 begins a number that 一十
// would begin, 零 stands once for any run of zeros within a number, 两 counts
// (两个, 两千, 两点) where 二 names (二十, 第二, 二点五), and 1 is 幺 in what is
// read digit by digit, such as phone numbers.
package say

import (
	"errors"
	"fmt"
)

// Language is what words are in.
type Language string

// The languages.
const (
	Mandarin Language = "zh"
	English  Language = "en"
)

// Sentinels.
var (
	// ErrRange says that a value is too large or too small to be spoken.
	ErrRange = errors.New("out of range")
	// ErrForm says that a text is not written as what it is to be.
	ErrForm = errors.New("wrong form")
	// ErrLanguage says that nobody speaks a language here.
	ErrLanguage = errors.New("language is not spoken")
)

// Bounds.
const (
	MaxInteger  = 9_999_999_999_999_999 // either way; sixteen digits
	MaxFraction = 9                     // digits behind the point
	MaxDigits   = 32                    // digits and letters of a number that is spelled
	MaxPhone    = 20                    // digits of a phone number, its prefix included
)

// spoken picks the words of a language.
func spoken(l Language, zh, en func() string) (string, error) {
	switch l {
	case Mandarin:
		return zh(), nil
	case English:
		return en(), nil
	}
	return "", fmt.Errorf("%q: %w: want zh or en", string(l), ErrLanguage)
}
