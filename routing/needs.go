package routing

import (
	"slices"
	"strconv"
	"strings"

	"github.com/huawu/huawu/fact"
)

// maxLevel is the level of somebody who masters a skill.
const maxLevel = 100

// Requirement is a Needs that has been read. It is never changed.
//
//	needs = and { "OR" and }
//	and   = not { "AND" not }
//	not   = "NOT" not | "(" needs ")" | term
//	term  = skill [ ( ">=" | ">" | "<=" | "<" | "=" ) level ]
//
// A skill is made of letters, digits, "_", "-" and "."; a level is 0 to 100
// and a skill that an agent lacks is 0. A skill alone asks for 1 or more. The
// words AND, OR and NOT are known in either case. "" asks for nothing.
type Requirement struct{ root *gate }

// gate is a node of a requirement: a term asks for a level of lo to hi.
type gate struct {
	op     gateOp
	skill  fact.SkillID
	slot   int // of the skill in an agent's levels; -1 when nobody has it
	lo, hi uint8
	gates  []*gate
}

type gateOp uint8

const (
	opTerm gateOp = iota
	opNot
	opAnd
	opOr
)

// String is the requirement in its plainest spelling. Requirements of equal
// spelling are equal.
func (r *Requirement) String() string {
	if r == nil || r.root == nil {
		return ""
	}
	var b strings.Builder
	r.root.write(&b)
	return b.String()
}

// Skills are the skills that the requirement names, each once, in order.
func (r *Requirement) Skills() []fact.SkillID {
	var ids []fact.SkillID
	if r != nil && r.root != nil {
		r.root.each(func(g *gate) { ids = append(ids, g.skill) })
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Met says whether somebody of these levels, 0 to 100 each, has what is asked.
func (r *Requirement) Met(level func(fact.SkillID) int) bool {
	return r == nil || r.root == nil || r.root.met(level)
}

func (g *gate) met(level func(fact.SkillID) int) bool {
	switch g.op {
	case opNot:
		return !g.gates[0].met(level)
	case opAnd:
		for _, k := range g.gates {
			if !k.met(level) {
				return false
			}
		}
		return true
	case opOr:
		for _, k := range g.gates {
			if k.met(level) {
				return true
			}
		}
		return false
	default:
		n := level(g.skill)
		return int(g.lo) <= n && n <= int(g.hi)
	}
}

// open is met for levels that lie in slots: the form for the hot path. A nil
// gate asks for nothing.
func (g *gate) open(levels []uint8) bool {
	if g == nil {
		return true
	}
	switch g.op {
	case opNot:
		return !g.gates[0].open(levels)
	case opAnd:
		for _, k := range g.gates {
			if !k.open(levels) {
				return false
			}
		}
		return true
	case opOr:
		for _, k := range g.gates {
			if k.open(levels) {
				return true
			}
		}
		return false
	default:
		var n uint8
		if g.slot >= 0 && g.slot < len(levels) {
			n = levels[g.slot]
		}
		return g.lo <= n && n <= g.hi
	}
}

// bind is a copy whose terms know their slots.
func (g *gate) bind(slots map[fact.SkillID]int) *gate {
	if g == nil {
		return nil
	}
	b := *g
	b.slot = -1
	if slot, ok := slots[g.skill]; ok && g.op == opTerm {
		b.slot = slot
	}
	b.gates = make([]*gate, len(g.gates))
	for i, k := range g.gates {
		b.gates[i] = k.bind(slots)
	}
	return &b
}

func (g *gate) each(term func(*gate)) {
	if g.op == opTerm {
		term(g)
	}
	for _, k := range g.gates {
		k.each(term)
	}
}

func (g *gate) write(b *strings.Builder) {
	switch g.op {
	case opNot:
		b.WriteString("NOT ")
		g.gates[0].within(b, g.gates[0].op == opAnd || g.gates[0].op == opOr)
	case opAnd, opOr:
		word := " AND "
		if g.op == opOr {
			word = " OR "
		}
		for i, k := range g.gates {
			if i > 0 {
				b.WriteString(word)
			}
			k.within(b, g.op == opAnd && k.op == opOr)
		}
	default:
		b.WriteString(string(g.skill))
		switch {
		case g.lo == 1 && g.hi == maxLevel:
		case g.hi == maxLevel:
			b.WriteString(">=" + strconv.Itoa(int(g.lo)))
		case g.lo == 0:
			b.WriteString("<=" + strconv.Itoa(int(g.hi)))
		default:
			b.WriteString("=" + strconv.Itoa(int(g.lo)))
		}
	}
}

func (g *gate) within(b *strings.Builder, parens bool) {
	if parens {
		b.WriteByte('(')
	}
	g.write(b)
	if parens {
		b.WriteByte(')')
	}
}

// both asks for the two; either may be nil.
func both(a, b *gate) *gate {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return join(opAnd, []*gate{a, b})
}

// join makes one gate of several and takes in those of its own kind, so that
// parentheses that say nothing make no difference.
func join(op gateOp, gates []*gate) *gate {
	if len(gates) == 1 {
		return gates[0]
	}
	j := &gate{op: op}
	for _, g := range gates {
		if g.op == op {
			j.gates = append(j.gates, g.gates...)
		} else {
			j.gates = append(j.gates, g)
		}
	}
	return j
}
