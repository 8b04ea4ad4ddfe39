package routing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
)

// maxNeeds bounds a requirement's text in bytes, and with it tree and cost.
const maxNeeds = 512

// NeedsError says what in a requirement cannot be read, and where.
type NeedsError struct {
	Needs   Needs
	Column  int // from 1, counted in characters
	Problem string
}

// Error names the text, the column and what would be right.
func (e *NeedsError) Error() string {
	return fmt.Sprintf("needs %q: column %d: %s", e.Needs, e.Column, e.Problem)
}

// Unwrap is ErrNeeds.
func (e *NeedsError) Unwrap() error { return ErrNeeds }

// ParseNeeds reads a requirement of at most 512 bytes. The error is a
// *NeedsError and wraps ErrNeeds.
func ParseNeeds(s string) (*Requirement, error) {
	p := needsParser{text: s}
	if len(s) > maxNeeds {
		return nil, p.fail(0, fmt.Sprintf("%d bytes are too long, at most %d can be read", len(s), maxNeeds))
	}
	if !utf8.ValidString(s) {
		return nil, p.fail(0, "want text in UTF-8")
	}
	if p.peek() == "" {
		return &Requirement{}, nil
	}
	root, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if word := p.peek(); word != "" {
		return nil, p.fail(p.at, fmt.Sprintf("want AND, OR or the end, not %q", word))
	}
	return &Requirement{root: root}, nil
}

// needsParser reads left to right; at is where the word that peek shows begins.
type needsParser struct {
	text string
	at   int
}

func (p *needsParser) fail(at int, problem string) error {
	return &NeedsError{Needs: Needs(p.text), Column: utf8.RuneCountInString(p.text[:at]) + 1, Problem: problem}
}

// peek is the next word: a name, a number, an operator or a character that
// has no meaning here; "" at the end.
func (p *needsParser) peek() string {
	p.at += len(p.text[p.at:]) - len(strings.TrimLeftFunc(p.text[p.at:], unicode.IsSpace))
	rest := p.text[p.at:]
	if rest == "" {
		return ""
	}
	if n := strings.IndexFunc(rest, func(r rune) bool { return !inName(r) }); n < 0 {
		return rest
	} else if n > 0 {
		return rest[:n]
	}
	for _, op := range []string{">=", "<="} {
		if strings.HasPrefix(rest, op) {
			return op
		}
	}
	_, n := utf8.DecodeRuneInString(rest)
	return rest[:n]
}

func (p *needsParser) take(word string) { p.at += len(word) }

func (p *needsParser) keyword(word string) bool {
	next := p.peek()
	if !strings.EqualFold(next, word) {
		return false
	}
	p.take(next)
	return true
}

func (p *needsParser) alternatives() (*gate, error) { return p.chain(opOr, "OR", p.conjunction) }

func (p *needsParser) conjunction() (*gate, error) { return p.chain(opAnd, "AND", p.factor) }

func (p *needsParser) chain(op gateOp, word string, part func() (*gate, error)) (*gate, error) {
	var gates []*gate
	for {
		g, err := part()
		if err != nil {
			return nil, err
		}
		gates = append(gates, g)
		if !p.keyword(word) {
			return join(op, gates), nil
		}
	}
}

func (p *needsParser) factor() (*gate, error) {
	if p.keyword("NOT") {
		g, err := p.factor()
		if err != nil {
			return nil, err
		}
		return &gate{op: opNot, gates: []*gate{g}}, nil
	}
	if p.peek() != "(" {
		return p.term()
	}
	opened := p.at
	p.take("(")
	g, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.peek() != ")" {
		return nil, p.fail(p.at, fmt.Sprintf(`want ")" for the "(" of column %d`, utf8.RuneCountInString(p.text[:opened])+1))
	}
	p.take(")")
	return g, nil
}

func (p *needsParser) term() (*gate, error) {
	name := p.peek()
	if !isSkill(fact.SkillID(name)) {
		if name == "" {
			name = "the end"
		}
		return nil, p.fail(p.at, fmt.Sprintf(`want a skill, NOT or "(", not %s`, name))
	}
	p.take(name)
	g := &gate{op: opTerm, skill: fact.SkillID(name), slot: -1, lo: 1, hi: maxLevel}
	op := p.peek()
	if !slices.Contains([]string{">=", ">", "<=", "<", "="}, op) {
		return g, nil
	}
	p.take(op)
	word := p.peek()
	n, err := strconv.Atoi(word)
	if err != nil || n < 0 || n > maxLevel {
		return nil, p.fail(p.at, fmt.Sprintf("want a level of 0 to %d, not %q", maxLevel, word))
	}
	lo, hi := 0, maxLevel
	switch op {
	case ">=":
		lo = n
	case ">":
		lo = n + 1
	case "<=":
		hi = n
	case "<":
		hi = n - 1
	default:
		lo, hi = n, n
	}
	if lo > hi || lo > maxLevel || hi < 0 {
		return nil, p.fail(p.at, fmt.Sprintf("no level is %s%d, want one within 0 to %d", op, n, maxLevel))
	}
	p.take(word)
	g.lo, g.hi = uint8(lo), uint8(hi)
	return g, nil
}

func inName(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' || r == '.'
}

// isSkill says whether an id can be written in a requirement.
func isSkill(id fact.SkillID) bool {
	for _, word := range []string{"", "AND", "OR", "NOT"} {
		if strings.EqualFold(string(id), word) {
			return false
		}
	}
	return strings.IndexFunc(string(id), func(r rune) bool { return !inName(r) }) < 0
}
