package flow

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Bounds of a condition.
const (
	maxCondition      = 500 // characters
	maxConditionNodes = 200
)

// condition is what a branch goes by, compiled.
type condition struct {
	program *vm.Program
	// reads are the variables that it asks for.
	reads []string
}

// facts are what a condition may ask for besides variables, which are texts.
// expr sees no maps, so that a name that is not there is found when the flow is
// saved.
type facts struct {
	Text    func(string) string `expr:"text"`
	Number  func(string) int64  `expr:"number"`  // a whole number, 0 for what is none
	Numeric func(string) bool   `expr:"numeric"` // whether it is one
	Cents   func(string) int64  `expr:"cents"`   // 12.50 as 1250, -1 for what is no amount
	Hour    int                 `expr:"hour"`    // 0 to 23, in the tenant's zone
	Minute  int                 `expr:"minute"`
	Weekday int                 `expr:"weekday"` // 1 Monday to 7 Sunday
	Date    string              `expr:"date"`    // 2026-03-05
	Clock   string              `expr:"clock"`   // 14:30
}

// known are the names that are no variables.
var known = []string{"text", "number", "numeric", "cents", "hour", "minute", "weekday", "date", "clock"}

// called are those of them that are functions, builtins those of expr's own that
// conditions may use, operators those that they may.
var (
	called    = []string{"number", "numeric", "cents"}
	builtins  = []string{"len", "trim", "lower", "upper"}
	operators = []string{"==", "!=", "<", "<=", ">", ">=", "&&", "||", "and", "or", "not", "!", "in", "contains", "startsWith", "endsWith", "matches", "+", "-", "*"}
)

// compile reads a condition. It must be true or false, and can neither run long
// nor fail.
func compile(source string) (condition, error) {
	if strings.TrimSpace(source) == "" {
		return condition{}, errors.New("it is empty")
	}
	if len([]rune(source)) > maxCondition {
		return condition{}, fmt.Errorf("it has more than %d characters", maxCondition)
	}
	tree, err := parser.Parse(source)
	if err != nil {
		return condition{}, brief(err)
	}
	w := &narrow{}
	ast.Walk(&tree.Node, w)
	if w.wrong != "" {
		return condition{}, errors.New(w.wrong)
	}
	options := []expr.Option{expr.Env(facts{}), expr.AsBool(), expr.MaxNodes(maxConditionNodes), expr.DisableAllBuiltins(), expr.Patch(asTexts{})}
	for _, name := range builtins {
		options = append(options, expr.EnableBuiltin(name))
	}
	program, err := expr.Compile(source, options...)
	if err != nil {
		return condition{}, brief(err)
	}
	return condition{program: program, reads: w.reads}, nil
}

// brief is an error of expr in one line.
func brief(err error) error {
	var e *file.Error
	if errors.As(err, &e) {
		return fmt.Errorf("%s (at %d)", e.Message, e.Column+1)
	}
	return err
}

// narrow lets only what conditions are for through: no loops, no members, no
// divisions, no patterns that come from a caller.
type narrow struct {
	wrong string
	reads []string
}

// Visit implements ast.Visitor.
func (w *narrow) Visit(node *ast.Node) {
	refuse := func(format string, args ...any) {
		if w.wrong == "" {
			w.wrong = fmt.Sprintf(format, args...)
		}
	}
	switch n := (*node).(type) {
	case *ast.BoolNode, *ast.StringNode, *ast.ConditionalNode, *ast.ArrayNode:
	case *ast.IntegerNode:
		if n.Value > 1<<31-1 {
			refuse("%d is too great: 2147483647 is the greatest number", n.Value)
		}
	case *ast.IdentifierNode:
		switch {
		case slices.Contains(known, n.Value):
		case !varName.MatchString(n.Value):
			refuse("%q is no name of a variable", n.Value)
		case !slices.Contains(w.reads, n.Value):
			w.reads = append(w.reads, n.Value)
		}
	case *ast.UnaryNode:
		if !slices.Contains(operators, n.Operator) {
			refuse("%q is not for conditions", n.Operator)
		}
	case *ast.BinaryNode:
		_, literal := n.Right.(*ast.StringNode)
		_, all := n.Right.(*ast.ArrayNode)
		switch {
		case !slices.Contains(operators, n.Operator):
			refuse("%q is not for conditions", n.Operator)
		case n.Operator == "matches" && !literal:
			refuse("the pattern after matches must be written out")
		case n.Operator == "in" && !all:
			refuse(`what follows in must be a list, such as ["1", "2"]`)
		}
	case *ast.CallNode:
		if f, ok := n.Callee.(*ast.IdentifierNode); !ok || !slices.Contains(called, f.Value) {
			refuse("%s is no function of conditions", n.Callee)
		}
	case *ast.BuiltinNode:
		if !slices.Contains(builtins, n.Name) {
			refuse("%s is not for conditions", n.Name)
		}
	default:
		refuse("%s is not for conditions", strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast."), "Node"))
	}
}

// asTexts has a variable's name stand for its value.
type asTexts struct{}

// Visit implements ast.Visitor.
func (asTexts) Visit(node *ast.Node) {
	if n, ok := (*node).(*ast.IdentifierNode); ok && !slices.Contains(known, n.Value) {
		ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: "text"}, Arguments: []ast.Node{&ast.StringNode{Value: n.Value}}})
	}
}

// facts are what a session's conditions go by now.
func (s *Session) facts() facts {
	wall := s.wall()
	return facts{
		Text: s.variable, Number: number, Cents: cents,
		Numeric: func(text string) bool { _, err := strconv.ParseInt(text, 10, 64); return err == nil },
		Hour:    wall.Hour(), Minute: wall.Minute(), Weekday: (int(wall.Weekday())+6)%7 + 1,
		Date: wall.Format(time.DateOnly), Clock: wall.Format("15:04"),
	}
}

// wall is the time in the tenant's zone.
func (s *Session) wall() time.Time {
	if s.env.Zone == nil {
		return s.now.Wall().UTC()
	}
	return s.now.Wall().In(s.env.Zone)
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// cents reads an amount with at most two decimals.
func cents(text string) int64 {
	whole, part, _ := strings.Cut(text, ".")
	if len(whole) > 15 || len(part) > 2 {
		return -1
	}
	n, err := strconv.ParseUint(whole+(part + "00")[:2], 10, 63)
	if err != nil {
		return -1
	}
	return int64(n)
}

// true says whether a condition holds. One that cannot be answered does not.
func (s *Session) true(c *condition) bool {
	if c == nil {
		return false
	}
	answer, err := expr.Run(c.program, s.facts())
	held, is := answer.(bool)
	return err == nil && is && held
}

// condition is what If says, compiled now if it was not before.
func (w *When) condition() (*condition, error) {
	if w.compiled != nil {
		return w.compiled, nil
	}
	c, err := compile(w.If)
	return &c, err
}

// compile makes the flow's conditions ready, and finds what is open, once: it takes thousands of times as
// long as asking them does. Link and Check do it before the flow is in use; a
// session that has a flow of neither does it by itself.
func (f *Flow) compile() {
	if f.compiled {
		return
	}
	f.compiled, f.open = true, f.opened()
	for i := range f.Nodes {
		b := f.Nodes[i].Branch
		if b == nil {
			continue
		}
		for j := range b.Cases {
			if c, err := compile(b.Cases[j].If); err == nil {
				b.Cases[j].compiled = &c
			}
		}
	}
}
