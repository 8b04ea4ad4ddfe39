package voice

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/huawu/huawu/voice/wav"
)

// The limits of what is recorded. What is beyond them is told and may stay:
// only the ear can say that a recording is bad.
const (
	// MinLoudness and MaxLoudness are LUFS: what is between is as loud as
	// people on the line are.
	MinLoudness = -28.0
	MaxLoudness = -14.0
	// MaxLead and MaxTrail are silence before and after what is said.
	MaxLead  = 500 * time.Millisecond
	MaxTrail = time.Second
	// MinPace and MaxPace are Chinese characters a minute: the band of the
	// service norms (SPEC IVR-9, RUL-SPK-1).
	MinPace = 100
	MaxPace = 120
	// LeastPace and MostPace are those between which a recording can hold its
	// text at all.
	LeastPace = 40
	MostPace  = 500
	// Longest is the longest recording.
	Longest = 10 * time.Minute
)

// Finding is one thing measured on a recording.
type Finding struct {
	// Check is format, loudness, clipping, lead, trail, length or rate.
	Check string `json:"check"`
	// Odd says that the value is beyond its limit.
	Odd    bool   `json:"odd,omitempty"`
	Value  string `json:"value"`
	Limit  string `json:"limit"`
	Remedy string `json:"remedy,omitempty"` // of what is odd
}

// Check measures a recording that is to say a text, "" for any.
func Check(s wav.Sound, src wav.Source, text, language string) []Finding {
	var all []Finding
	note := func(check string, odd bool, value, limit, remedy string) {
		if !odd {
			remedy = ""
		}
		all = append(all, Finding{check, odd, value, limit, remedy})
	}
	note("format", src.Rate < 2*Rate && src.Rate != Rate || src.Bits < 13 && src.Coding == "PCM", src.String(), "8 or 16 kHz and more, 16 bits, mono",
		"record with 16 bits at 16, 44.1 or 48 kHz")
	l := s.LUFS()
	remedy := "record it louder, or raise its level"
	if l > MaxLoudness {
		remedy = "lower its level"
	}
	note("loudness", l < MinLoudness || l > MaxLoudness, fmt.Sprintf("%.1f LUFS", l), fmt.Sprintf("%g to %g LUFS", MinLoudness, MaxLoudness), remedy)
	clipped := s.Clipped()
	note("clipping", clipped > 0, fmt.Sprint(clipped), "0", "record it again at a lower level: what was cut off does not come back")
	before, after := s.Edges()
	note("lead", before > MaxLead, shown(before), "at most "+shown(MaxLead), "cut the silence at the beginning: callers wait for it")
	note("trail", after > MaxTrail, shown(after), "at most "+shown(MaxTrail), "cut the silence at the end")
	if n := Characters(text, language); n > 0 {
		rate := perMinute(n, s.Lasts()-before-after)
		note("length", rate < LeastPace || rate > MostPace, shown(s.Lasts()), fmt.Sprintf("%s to %s for this text", shown(time.Duration(n)*time.Minute/MostPace), shown(time.Duration(n)*time.Minute/LeastPace)),
			"see whether it says its text, and all of it")
		if language != "en" {
			note("rate", rate < MinPace || rate > MaxPace, fmt.Sprintf("%d characters a minute", rate), fmt.Sprintf("%d to %d", MinPace, MaxPace),
				"the norms ask for this pace; natural Mandarin has about 200")
		}
	}
	return all
}

func shown(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func perMinute(n int, d time.Duration) int {
	if d <= 0 {
		return 0
	}
	return int(time.Duration(n) * time.Minute / d)
}

// Characters are how many syllables of Mandarin a text has: its Chinese
// characters, and digits; in English three for two words, about what is as
// long.
func Characters(text, language string) int {
	if language == "en" {
		return len(strings.Fields(text)) * 3 / 2
	}
	n := 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
