package rehearse

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// causeNormal is Q.850 16, what a hang-up without a cause means.
const causeNormal = 16

// action does what the flow wants done.
func (g *stage) action(a flow.Action) {
	switch a := a.(type) {
	case flow.Entered:
		g.entered, g.silent = g.now.At, 0
		if a.Flow == "" { // paths are those of the flow that is tested
			g.out.Path = append(g.out.Path, a.Node)
		}
		g.note(SaidNode, a.Node)
	case flow.Answer:
		g.note(SaidAnswer, "")
	case flow.Play:
		g.hear(a)
	case flow.StopPlay:
		g.forget(a.Token)
	case flow.Enqueue:
		g.line(a)
	case flow.Leave:
		g.forget(a.Token)
		g.env.Place = nil
		g.note(SaidLeave, "")
	case flow.Told:
	case flow.Do:
		g.note(SaidDoes, deed(a))
		g.answered(a.Token, g.answer("", a.Verb), flow.OutcomeDone)
	case flow.Lookup:
		g.note(SaidDoes, words("lookup", a.Method, a.URL))
		g.lookup(a)
	case flow.Transfer:
		g.note(SaidDoes, words("transfer", a.Number, string(a.Agent)))
		g.talk(a)
	case flow.PlayScene:
		g.note(SaidDoes, words(append([]string{"scene", a.Key}, a.Holds...)...))
		g.answered(a.Token, g.answer(a.Queue, ""), flow.OutcomeDone)
	case flow.StopScene:
		g.forget(a.Token)
	case flow.Survey:
		if a.Score == 0 {
			g.note(SaidDoes, "survey")
		} else {
			g.note(SaidDoes, words("survey", fmt.Sprintf("%d/%d", a.Score, a.Of), a.Name))
		}
	case flow.Callback:
		number := a.Number
		if a.Own {
			number = g.scenario.Caller
		}
		g.note(SaidDoes, words("callback", string(a.Queue), number, named("agent", string(a.Agent)), a.Reason))
		usual := flow.OutcomeDone
		if number == "" {
			usual = flow.OutcomeInvalid
		}
		g.answered(a.Token, g.answer(a.Queue, ""), usual)
	case flow.Record:
		g.recording = recording{least: a.Briefly}
		g.note(SaidDoes, words("message", string(a.Queue), named("agent", string(a.Agent)), a.Reason))
	case flow.StopRecord:
		g.quiet()
		usual := flow.OutcomeDone
		if g.recording.spoken < g.recording.least {
			usual = flow.OutcomeShort
		}
		g.answered(a.Token, g.answer("", ""), usual)
	case flow.Hangup:
		cause := a.Cause
		if cause == 0 {
			cause = causeNormal
		}
		if a.Broken != "" {
			g.fail(Failure{What: "broken", Got: []string{a.Broken}})
		}
		g.end(EndFlow, cause)
	}
}

// words joins those that are not empty.
func words(all ...string) string {
	var kept []string
	for _, w := range all {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// named is "name=value", "" without a value.
func named(name, value string) string {
	if value == "" {
		return ""
	}
	return name + "=" + value
}

func deed(a flow.Do) string {
	all := []string{string(a.Verb)}
	for _, arg := range a.Args {
		value := arg.Value
		if arg.Secret {
			value = strings.Repeat("•", utf8.RuneCountInString(value))
		}
		all = append(all, arg.Name+"="+value)
	}
	return strings.Join(all, " ")
}

// hear lets the caller hear prompts, one after the other.
func (g *stage) hear(p flow.Play) {
	at := time.Duration(0)
	for _, piece := range pieces(p.Prompts) {
		if at == 0 {
			g.note(SaidHears, piece.text)
		} else {
			g.later(at, p.Token, func() { g.note(SaidHears, piece.text) })
		}
		at += g.lasts(piece)
	}
	g.later(at, p.Token, func() { g.do(flow.PlayEnded{Token: p.Token}) })
}

// piece is what is heard in one go.
type piece struct {
	text  string
	spelt bool // one digit after the other
	flow.Prompt
}

// pieces are prompts as they are shown: digits that are read out one by one are
// one piece.
func pieces(prompts []flow.Prompt) []piece {
	var all []piece
	for _, p := range prompts {
		next := piece{text: shown(p), Prompt: p, spelt: utf8.RuneCountInString(p.Text) == 1}
		if last := len(all) - 1; last >= 0 && next.spelt && all[last].spelt && all[last].Language == p.Language {
			all[last].text += next.text
			continue
		}
		all = append(all, next)
	}
	return all
}

func shown(p flow.Prompt) string {
	switch {
	case p.File != "":
		return "[file " + p.File + "]"
	case p.Sound != "":
		return "[sound " + p.Sound + "]"
	case p.Text != "":
		return p.Text
	case p.Phrase != "":
		return "[phrase " + words(p.Phrase, filled(p)) + "]"
	case p.Take:
		return "[take]"
	}
	return fmt.Sprintf("[silence %d ms]", p.Silence)
}

// filled is what a phrase is filled in with.
func filled(p flow.Prompt) string {
	var all []string
	for _, id := range slices.Sorted(maps.Keys(p.With)) {
		all = append(all, id+"="+p.With[id].Value)
	}
	return strings.Join(all, " ")
}

// How long prompts last where the scenario does not say: 200 characters or 150
// words a minute.
const (
	perCharacter = 300 * time.Millisecond
	perWord      = 400 * time.Millisecond
	perFile      = 3 * time.Second // and a phrase
	perSound     = 500 * time.Millisecond
)

func (g *stage) lasts(p piece) time.Duration {
	switch {
	case p.Silence > 0:
		return time.Duration(p.Silence) * time.Millisecond
	case p.Sound != "":
		return perSound
	case g.scenario.Prompt > 0:
		return g.scenario.Prompt
	case p.Text == "":
		return perFile
	case p.Language == "en":
		return time.Duration(len(strings.Fields(p.text))) * perWord
	}
	spoken := 0
	for _, r := range p.text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			spoken++
		}
	}
	return time.Duration(max(spoken, 1)) * perCharacter
}

// line puts the caller in line.
func (g *stage) line(a flow.Enqueue) {
	what := words("line", string(a.Queue), a.Needs)
	if a.Priority != 0 {
		what += fmt.Sprintf(" priority=%d", a.Priority)
	}
	g.note(SaidDoes, words(what, named("prefer", string(a.Prefer)), named("level", a.Level)))
	ans := g.answer(a.Queue, "")
	if ans == nil {
		return // nobody comes
	}
	if ans.Position > 0 || ans.Wait > 0 {
		g.env.Place = &flow.Place{Position: max(ans.Position, 1), Known: ans.Wait > 0, Low: ans.Wait / 2, Mid: ans.Wait * 3 / 4, High: ans.Wait}
	}
	if ans.Agent == "" && (ans.Outcome == "" || ans.Outcome == flow.OutcomeTalked) {
		return
	}
	g.later(ans.After, a.Token, func() {
		g.env.Place = nil
		if ans.Agent == "" {
			g.returned(a.Token, ans.Outcome)
			return
		}
		g.note(SaidAgent, string(ans.Agent))
		talk := ans.Talk
		if talk == 0 {
			talk = DefaultTalk
		}
		g.later(talk, a.Token, func() { g.returned(a.Token, flow.OutcomeTalked) })
	})
}

// answered has the outcome of a token come: as an answer says, or the usual one.
func (g *stage) answered(token int, a *Answer, usual flow.Outcome) {
	after, outcome := time.Duration(0), usual
	if a != nil {
		after = a.After
		if a.Outcome != "" {
			outcome = a.Outcome
		}
	}
	g.later(after, token, func() { g.returned(token, outcome) })
}

// talk gives the caller to somebody, or to nobody without an answer. The talk goes
// on to a limit unless the flow goes on after it.
func (g *stage) talk(a flow.Transfer) {
	ans := g.answer("", "")
	switch {
	case ans == nil || ans.Outcome != "":
		g.answered(a.Token, ans, flow.OutcomeFailed)
	case a.Back:
		talk := ans.Talk
		if talk == 0 {
			talk = DefaultTalk
		}
		g.later(ans.After+talk, a.Token, func() { g.returned(a.Token, flow.OutcomeTalked) })
	}
}

func (g *stage) returned(token int, o flow.Outcome, values ...string) {
	if !g.session.Awaits(token) {
		return
	}
	g.note(SaidResult, words(append([]string{string(o)}, values...)...))
	g.do(flow.Returned{Token: token, Outcome: o, Values: values})
}

// lookup has another system answer what an answer has of it, or not at all.
func (g *stage) lookup(a flow.Lookup) {
	ans := g.answer("", "")
	if ans == nil {
		g.later(a.Timeout, a.Token, func() { g.returned(a.Token, flow.OutcomeFailed) })
		return
	}
	outcome := ans.Outcome
	if outcome == "" {
		outcome = flow.OutcomeDone
	}
	g.later(ans.After, a.Token, func() { g.returned(a.Token, outcome, ans.Values...) })
}

// answer is the next one for what is asked for now, nil for none: each counts
// once, the last that fits for all that follow.
func (g *stage) answer(queue fact.QueueID, verb flow.Verb) *Answer {
	last := -1
	for i := range g.scenario.Answers {
		a := &g.scenario.Answers[i]
		if a.Node != "" && a.Node != g.session.Node() || a.Queue != "" && a.Queue != queue || a.Verb != "" && a.Verb != verb {
			continue
		}
		if last = i; !g.used[i] {
			g.used[i] = true
			return a
		}
	}
	if last < 0 {
		return nil
	}
	return &g.scenario.Answers[last]
}
