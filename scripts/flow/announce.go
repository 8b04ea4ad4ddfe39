package flow

import (
	"time"
)

// Place is where a caller stands in line.
type Place struct {
	Position int // from 1
	// Offered says that a phone rings for the caller.
	Offered bool
	// Known says that the wait is: in nine of ten cases between Low and High,
	// on the average Mid, from now on.
	Known          bool
	Low, Mid, High time.Duration
}

// Bounds of what is told.
const (
	MinEvery = 10 * time.Second
	MaxEvery = 30 * time.Minute
	// slack is what a promise may be late by and still be the same.
	slack = 15 * time.Second
)

func (a *Announce) first() time.Duration { return orElse(a.First, a.Every) }

// announced is the node's announcement, nil for none.
func (s *Session) announced() *Announce {
	if line := s.flow.node(s.s.Node).Joins(); line != nil {
		return line.Announce
	}
	return nil
}

// announce tells a caller in line what there is to tell. While a phone rings
// nothing is told, in a talk nothing any more.
func (s *Session) announce() {
	a := s.announced()
	if s.hush(); a == nil || s.env.Place == nil {
		s.s.Due = 0
		return
	}
	s.later()
	if s.env.Place.Offered {
		return
	}
	prompts := append(s.news(a, *s.env.Place), a.Comfort...)
	if len(prompts) == 0 {
		return
	}
	s.s.Heard = s.mint()
	s.s.Due = s.now.At.Add(s.flow.playLimit())
	s.do(Play{Token: s.s.Heard, Prompts: s.says(prompts), Language: textual(s.language())})
}

// hush stops what a caller in line hears besides music.
func (s *Session) hush() {
	if s.s.Heard != 0 {
		s.do(StopPlay{Token: s.s.Heard})
		s.s.Heard = 0
	}
}

// later is when the next announcement comes.
func (s *Session) later() {
	s.s.Due = 0
	if a := s.announced(); a != nil {
		s.s.Due = s.now.At.Add(a.Every)
	}
}

// news is the place and the wait. Neither is told to have become worse without
// a word: Worse is heard then, or nothing.
func (s *Session) news(a *Announce, p Place) []Prompt {
	told := Told{}
	var prompts []Prompt
	worse := false
	if a.Position {
		if worse = s.s.ToldPlace > 0 && p.Position > s.s.ToldPlace; !worse {
			told.Position = p.Position
			prompts = append(prompts, sentence(s.language(), positions, min(p.Position, len(positions[DefaultLanguage]))-1))
		}
	}
	if a.Wait && p.Known {
		band := bandOf(p.High)
		by := s.now.At.Add(longest)
		if band < len(bands) {
			by = s.now.At.Add(bands[band])
		}
		switch promised := s.s.ToldBy; {
		case promised == 0 || by <= promised.Add(slack):
			told.Low, told.High = p.Low.Milliseconds(), p.High.Milliseconds()
			prompts = append(prompts, sentence(s.language(), waits, band))
			if promised == 0 || by < promised {
				s.s.ToldBy = by
			}
		case s.now.At.Add(p.Mid) > promised:
			worse = true
		}
	}
	if worse && len(a.Worse) > 0 {
		return append([]Prompt(nil), a.Worse...)
	}
	if told != (Told{}) {
		if told.Position > 0 {
			s.s.ToldPlace = told.Position
		}
		s.do(told)
	}
	return prompts
}

// longest stands for a wait that has no band.
const longest = 24 * time.Hour

// bands are the waits that are told: "at most so long".
var bands = []time.Duration{
	time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute,
	20 * time.Minute, 30 * time.Minute, 45 * time.Minute, time.Hour,
}

// bandOf is the first band that a wait is in, len(bands) for none.
func bandOf(wait time.Duration) int {
	for i, b := range bands {
		if wait <= b {
			return i
		}
	}
	return len(bands)
}

// sentence is a whole one in a language.
func sentence(language string, of map[string][]string, at int) Prompt {
	language = textual(language)
	return Prompt{Text: of[language][at], Language: language}
}

// sentences are what a node may say by itself, in a language.
func sentences(n Names, language string) []Heard {
	var all []Heard
	for _, of := range n.sentences {
		count := len(of[textual(language)])
		h := Heard{Prompts: make([]Prompt, 0, count)}
		for at := range count {
			h.Prompts = append(h.Prompts, sentence(language, of, at))
		}
		all = append(all, h)
	}
	return all
}

// positions are the places 1 to 20, and any behind.
var positions = map[string][]string{
	"zh": {
		"您排在第一位。", "您排在第二位。", "您排在第三位。", "您排在第四位。", "您排在第五位。",
		"您排在第六位。", "您排在第七位。", "您排在第八位。", "您排在第九位。", "您排在第十位。",
		"您排在第十一位。", "您排在第十二位。", "您排在第十三位。", "您排在第十四位。", "您排在第十五位。",
		"您排在第十六位。", "您排在第十七位。", "您排在第十八位。", "您排在第十九位。", "您排在第二十位。",
		"您前面还有二十位以上。",
	},
	"en": {
		"You are the first in line.", "You are the second in line.", "You are the third in line.", "You are the fourth in line.",
		"You are the fifth in line.", "You are the sixth in line.", "You are the seventh in line.", "You are the eighth in line.",
		"You are the ninth in line.", "You are the tenth in line.", "You are the eleventh in line.", "You are the twelfth in line.",
		"You are the thirteenth in line.", "You are the fourteenth in line.", "You are the fifteenth in line.",
		"You are the sixteenth in line.", "You are the seventeenth in line.", "You are the eighteenth in line.",
		"You are the nineteenth in line.", "You are the twentieth in line.", "Twenty callers or more are before you.",
	},
}

// waits are the bands, and any longer wait.
var waits = map[string][]string{
	"zh": {
		"预计等待不超过一分钟。", "预计等待不超过两分钟。", "预计等待不超过三分钟。", "预计等待不超过五分钟。",
		"预计等待不超过十分钟。", "预计等待不超过十五分钟。", "预计等待不超过二十分钟。", "预计等待不超过三十分钟。",
		"预计等待不超过四十五分钟。", "预计等待不超过一小时。", "预计等待可能超过一小时。",
	},
	"en": {
		"You will wait for at most one minute.", "You will wait for at most two minutes.", "You will wait for at most three minutes.",
		"You will wait for at most five minutes.", "You will wait for at most ten minutes.", "You will wait for at most fifteen minutes.",
		"You will wait for at most twenty minutes.", "You will wait for at most thirty minutes.",
		"You will wait for at most forty five minutes.", "You will wait for at most one hour.", "You may wait for more than one hour.",
	},
}

// announce checks what is heard in line.
func (c *checker) announce(a *Announce) {
	c.span("first", a.First, time.Second, MaxEvery)
	if c.span("every", a.Every, MinEvery, MaxEvery); a.Every == 0 {
		c.wrong("announce does not say how often", "write every: with a duration, such as 45s")
	}
	if !a.Position && !a.Wait && len(a.Comfort) == 0 {
		c.wrong("announce tells nothing", "write position: true, wait: true or comfort prompts")
	}
	if len(a.Worse) > 0 && !a.Position && !a.Wait {
		c.wrong("worse belongs to a position or a wait", "write position: true or wait: true")
	}
}
