package flow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/calendar"
)

// Test is one condition by which a node goes on or does something.
type Test struct {
	// Name is what it is written at, Exit the index of the exit that is taken
	// when it holds, -1 for none.
	Name     string
	Exit     int
	Variable string
	Equals   string
	AtLeast  *int // in the place of Equals
}

// What caller_class can be.
const (
	ClassMobile   = "mobile"
	ClassFixed    = "fixed"
	ClassWithheld = "withheld"
	ClassOther    = "other"
)

// CallerClasses are all of them.
var CallerClasses = []string{ClassMobile, ClassFixed, ClassWithheld, ClassOther}

// maxValues is how many values of a variable are told apart.
const maxValues = 100

// Odd is everything about a checked flow that is no use as it stands, but does
// no harm: conditions that can never hold, variables that nothing sets, and, with
// tables, hours that never change from now on. It says nothing of a flow with
// problems.
func (f *Flow) Odd(tables map[string]*calendar.Table, now time.Time) []Problem {
	c := f.checker(Refs{})
	var tested []string
	for i := range f.Nodes {
		c.at = &f.Nodes[i]
		names := &c.names[i]
		for _, v := range names.reads() {
			if _, set := c.sets[v]; v != "" && !set && !strings.HasPrefix(v, callerPrefix) {
				c.wrong(fmt.Sprintf("variable %q is set by no node", v), "set it before, or go by another one")
			}
		}
		for _, t := range names.Tests {
			if !slices.Contains(tested, t.Variable) {
				tested = append(tested, t.Variable)
			}
		}
		c.still(names.Hours, tables, now)
	}
	slices.Sort(tested)
	elsewhere := map[string]bool{} // a call may be in that flow before or between
	for _, o := range slices.DeleteFunc(slices.Clone(f.relatives()), func(o *Flow) bool { return o == f }) {
		for i := range o.Nodes {
			for _, v := range o.Nodes[i].Names().Sets {
				elsewhere[v] = true
			}
		}
	}
	for _, v := range tested {
		if elsewhere[v] {
			continue
		}
		if _, set := c.sets[v]; set || strings.HasPrefix(v, callerPrefix) {
			c.conditions(v)
		}
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Line - b.Line })
	return c.problems
}

// still tells of hours that do not change any more.
func (c *checker) still(id string, tables map[string]*calendar.Table, now time.Time) {
	table := tables[id]
	if table == nil || now.IsZero() {
		return
	}
	if _, changes := table.Next(now); changes {
		return
	}
	if table.Open(now) {
		c.wrong(fmt.Sprintf("hours %q never close from now on", id), "leave the node out, or correct the table")
	} else {
		c.wrong(fmt.Sprintf("hours %q never open from now on", id), "leave the node out, or correct the table")
	}
}

// domain is what a variable may be at a node.
type domain struct {
	reached bool
	any     bool // whatever there is
	// values are single ones; with digits it may also be low to high digits.
	values    []string
	digits    bool
	low, high int
}

// add widens the domain and says whether it grew.
func (d *domain) add(o domain) bool {
	grew := o.reached && !d.reached || o.any && !d.any || o.digits && !d.digits
	if o.digits {
		if !d.digits || o.low < d.low {
			grew, d.low = true, o.low
		}
		if !d.digits || o.high > d.high {
			grew, d.high = true, o.high
		}
		d.digits = true
	}
	d.reached, d.any = d.reached || o.reached, d.any || o.any
	for _, v := range o.values {
		if !slices.Contains(d.values, v) {
			d.values, grew = append(slices.Clip(d.values), v), true
		}
	}
	if len(d.values) > maxValues {
		d.any = true
	}
	return grew
}

// holds says whether a condition may hold.
func (d *domain) holds(t Test) bool {
	switch {
	case d.any:
		return true
	case slices.ContainsFunc(d.values, func(v string) bool { return fits(v, t.Equals, t.AtLeast) }):
		return true
	case !d.digits:
		return false
	case t.AtLeast != nil:
		return len(strconv.Itoa(*t.AtLeast)) <= d.high
	}
	return len(t.Equals) >= d.low && len(t.Equals) <= d.high && strings.Trim(t.Equals, "0123456789") == ""
}

// when is the domain where a condition holds, unless where it does not.
func (d domain) when(t Test) domain {
	if !d.holds(t) {
		return domain{}
	}
	if t.AtLeast == nil {
		return domain{reached: true, values: []string{t.Equals}}
	}
	d.values = slices.DeleteFunc(slices.Clone(d.values), func(v string) bool { return !fits(v, "", t.AtLeast) })
	return d
}

func (d domain) unless(t Test) domain {
	d.values = slices.DeleteFunc(slices.Clone(d.values), func(v string) bool { return fits(v, t.Equals, t.AtLeast) })
	d.reached = d.any || d.digits || len(d.values) > 0
	return d
}

// conditions finds those by a variable that can never hold: because an earlier
// one takes what would, or because of what the variable may be where the node is.
func (c *checker) conditions(variable string) {
	may := c.domains(variable)
	for i := range c.flow.Nodes {
		c.at = &c.flow.Nodes[i]
		left := may[i]
		if !left.reached {
			continue
		}
		var before []Test
		for _, t := range c.names[i].Tests {
			if t.Variable != variable {
				continue
			}
			at := slices.IndexFunc(before, func(o Test) bool { return shadows(o, t) })
			switch {
			case at >= 0:
				c.wrong(fmt.Sprintf("%s can never hold: %s holds wherever it would", t.Name, before[at].Name), "put it before, or remove it")
			case !may[i].holds(t):
				c.wrong(fmt.Sprintf("%s can never hold: here %q is %s", t.Name, variable, may[i].say()), "correct it, or remove it")
			case !left.holds(t):
				c.wrong(fmt.Sprintf("%s can never hold after those before it", t.Name), "put it before, or remove it")
			}
			left = left.unless(t)
			before = append(before, t)
		}
	}
	c.at = nil
}

// shadows says whether a condition holds wherever a later one would.
func shadows(first, later Test) bool {
	switch {
	case later.AtLeast != nil:
		return first.AtLeast != nil && *first.AtLeast <= *later.AtLeast
	case first.AtLeast != nil:
		return fits(later.Equals, "", first.AtLeast)
	}
	return first.Equals == later.Equals
}

// say is the domain in words.
func (d *domain) say() string {
	var all []string
	for _, v := range d.values {
		all = append(all, fmt.Sprintf("%q", v))
	}
	slices.Sort(all)
	if d.digits && d.low == d.high {
		all = append(all, fmt.Sprintf("%d digits", d.low))
	} else if d.digits {
		all = append(all, fmt.Sprintf("%d to %d digits", d.low, d.high))
	}
	return strings.Join(all, " or ")
}

// domains are what a variable may be when each node is entered.
func (c *checker) domains(variable string) []domain {
	all := make([]domain, len(c.names))
	first, ok := c.index[c.flow.begin()]
	if !ok {
		return all
	}
	switch {
	case variable == callerPrefix+"class":
		all[first] = domain{reached: true, values: CallerClasses}
	case strings.HasPrefix(variable, callerPrefix):
		all[first] = domain{reached: true, any: true}
	default:
		all[first] = domain{reached: true, values: []string{""}}
	}
	for todo := []int{first}; len(todo) > 0; {
		i := todo[0]
		todo = todo[1:]
		for k, e := range c.names[i].Exits {
			out := c.names[i].through(e, variable, all[i])
			for _, t := range c.names[i].Tests {
				if t.Variable != variable || t.Exit < 0 {
					continue
				}
				if t.Exit == k {
					out = out.when(t)
					break
				}
				out = out.unless(t)
			}
			if to, ok := c.index[e.To]; ok && out.reached && all[to].add(out) && !slices.Contains(todo, to) {
				todo = append(todo, to)
			}
		}
	}
	return all
}

// through is what a variable may be behind an exit, but for the node's tests: who
// presses nothing gives none a value.
func (n *Names) through(e Exit, variable string, in domain) domain {
	switch {
	case !slices.Contains(n.Sets, variable) || n.Waits && !e.ByKey:
		return in
	case e.ByKey:
		return n.given()
	}
	in.add(n.given())
	return in
}

// given is what a node makes of the variables that it sets.
func (n *Names) given() domain {
	switch {
	case n.Digits[1] > 0:
		return domain{reached: true, digits: true, low: n.Digits[0], high: n.Digits[1]}
	case n.Values != nil:
		return domain{reached: true, values: n.Values}
	}
	return domain{reached: true, any: true}
}
