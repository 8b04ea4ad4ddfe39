//go:build asterisk

package crash

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/phone"
)

// A State is a situation that a kill must not change. Its hooks run in the
// order below, Begin and End once, the others for every kill. One hook of all
// States runs at the same time; all have ended when the next one begins. A
// hook that cannot go on ends its State's part alone, by floor.must and its
// kin.
type State interface {
	// has is the State's desk.
	has() *desk
	// Begin brings about what is to outlive all kills.
	Begin(f *floor)
	// Prepare brings about what is to outlive the next one.
	Prepare(k *kill)
	// Before notes what must be the same afterwards; k.before is what the API
	// says.
	Before(k *kill)
	// Edge acts in the moment of the kill, before it or after it.
	Edge(k *kill)
	// Away lets the far ends act while huawu is dead.
	Away(k *kill)
	// After looks after the restart; k.after is what the API says.
	After(k *kill)
	// End brings what is left to its end, after the last kill.
	End(f *floor)
}

// desk is what a State has of the centre: a queue and a number that leads into
// it, both of the State's name, and agents who serve it alone, at seats of
// their own. It has no hook of its own that does anything.
type desk struct {
	name   string
	wrapUp time.Duration
	seats  int
	// staff is more of an agent, as YAML, by its place among agents.
	staff map[int]string
	// rules are more of its queue, as YAML; queues are others beside it.
	rules  string
	queues []string
	// flows are further flows of the centre, as YAML; numbers lead to them.
	flows   string
	numbers []center.Number
	codes   []center.FeatureCode

	number string // leads into the queue
	agents []*agent
}

// agent is an agent with a phone.
type agent struct {
	id    fact.AgentID
	seat  string
	phone *phone.Phone
}

func (d *desk) has() *desk    { return d }
func (d *desk) Begin(*floor)  {}
func (d *desk) Prepare(*kill) {}
func (d *desk) Before(*kill)  {}
func (d *desk) Edge(*kill)    {}
func (d *desk) Away(*kill)    {}
func (d *desk) After(*kill)   {}
func (d *desk) End(*floor)    {}

func (d *desk) queue() fact.QueueID { return fact.QueueID(d.name) }

// kill is one death of huawu: what was before it, and what is after it. Each
// hook has a copy.
type kill struct {
	*floor
	n      int
	before snapshot
	noted  time.Time // when before was taken
	at     time.Time // when huawu died
	ready  time.Time // when the next one was ready
	after  snapshot

	cell *cell
}

// cell is what one State found out about one kill.
type cell struct {
	checks, failed int
	notes          []string
}

// check counts one thing that was looked at, and fails when it is not so.
func (k *kill) check(ok bool, format string, args ...any) bool {
	k.t.Helper()
	k.cell.checks++
	if !ok {
		k.cell.failed++
		k.t.Errorf("kill %d: %s: %s", k.n, k.name, fmt.Sprintf(format, args...))
	}
	return ok
}

// note shows a figure in the table.
func (k *kill) note(format string, args ...any) {
	k.cell.notes = append(k.cell.notes, fmt.Sprintf(format, args...))
}

// same checks what a caller, a place in line, a call or an agent was and is.
func same[T comparable](k *kill, what string, was, is T) {
	k.t.Helper()
	k.check(was == is, "%s was %v and is %v", what, was, is)
}

// agentStays checks that an agent's state, its reason and its clock are as
// they were.
func (k *kill) agentStays(a *agent, state string) {
	k.t.Helper()
	was, is := k.before.agent(a.id), k.after.agent(a.id)
	k.check(string(was.State) == state, "agent %s was %s before, want %s", a.id, was.State, state)
	same(k, "state of agent "+string(a.id), was.State, is.State)
	same(k, "reason of agent "+string(a.id), was.Reason, is.Reason)
	same(k, "since when agent "+string(a.id)+" is "+state, was.Since, is.Since)
}

// callStays checks that the call of a caller is the one it was, in the same
// state and node.
func (k *kill) callStays(from string, state center.CallState) center.CallView {
	k.t.Helper()
	was, is := k.before.call(from), k.after.call(from)
	k.check(was.State == state, "the call from %s was %q before, want %q", from, was.State, state)
	same(k, "the call from "+from, was.ID, is.ID)
	same(k, "its state", was.State, is.State)
	same(k, "its node", was.Node, is.Node)
	same(k, "its beginning", was.Began, is.Began)
	same(k, "its agent", was.Agent, is.Agent)
	same(k, "its recording", was.Recorded, is.Recorded)
	return is
}

// placesStay checks that everybody in the desk's queue has the place, the
// priority and the beginning of the wait that they had, and waits on.
func (k *kill) placesStay(d *desk, waiting int) {
	k.t.Helper()
	was, is := k.before.queue(d.queue()).Waiting, k.after.queue(d.queue()).Waiting
	if !k.check(len(was) == waiting && len(is) == waiting, "%d waited and %d wait, want %d", len(was), len(is), waiting) {
		return
	}
	for i := range was {
		same(k, "place "+fmt.Sprint(i+1), was[i].Ticket, is[i].Ticket)
		same(k, "its caller", was[i].From, is[i].From)
		same(k, "its position", was[i].Position, is[i].Position)
		same(k, "its priority", was[i].Priority, is[i].Priority)
		same(k, "since when it waits", was[i].Joined, is[i].Joined)
		same(k, "who is offered it", was[i].Offered, is[i].Offered)
		away := k.ready.Sub(k.at).Milliseconds()
		k.check(is[i].Waited >= was[i].Waited+away, "it waited %d ms and waits %d, with %d away", was[i].Waited, is[i].Waited, away)
	}
}
