package flow

import "fmt"

// ThreeWayNode puts the caller in line as EnqueueNode does, and brings a number
// outside into the talk once an agent has it: an interpreter, or another office.
// Where nobody answers there the talk is one of two.
type ThreeWayNode struct {
	EnqueueNode `yaml:",inline"`
	// Number is digits, perhaps behind a "+", by the routes of the centre.
	Number string `json:"number" yaml:"number"`
}

// Joins is the line that a node puts the caller in, nil for none.
func (n *Node) Joins() *EnqueueNode {
	switch {
	case n == nil:
	case n.Enqueue != nil:
		return n.Enqueue
	case n.ThreeWay != nil:
		return &n.ThreeWay.EnqueueNode
	}
	return nil
}

func (n *ThreeWayNode) check(c *checker) {
	n.EnqueueNode.check(c)
	if !dialledForm.MatchString(n.Number) {
		c.wrong(fmt.Sprintf("number %q cannot be dialled", n.Number), "write 3 to 20 digits, perhaps behind a \"+\"")
	}
}

func (n *ThreeWayNode) enter(s *Session, _ *Node) (string, bool) { return n.join(s, n.Number) }
