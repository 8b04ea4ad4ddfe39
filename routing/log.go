package routing

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
)

// The bounds of what agents write down.
const (
	defaultLogWithin = 5 * time.Minute
	maxLogFields     = 20
	maxLogValues     = 100
	maxLogValue      = 1000 // characters
	// maxDuties is how many talks an agent may owe for. Nobody is offered one
	// while owing, but may be given one; the oldest are waived then.
	maxDuties = 20
)

// LogField is what agents write down about a talk of a queue.
type LogField struct {
	ID   string `json:"id" yaml:"id"`
	Name string `json:"name,omitempty" yaml:"name"`
	// Values are those to choose from, none for free text of up to 1000
	// characters.
	Values []string `json:"values,omitempty" yaml:"values"`
	// Required fields keep the agent from READY until they are given.
	Required bool `json:"required,omitempty" yaml:"required"`
}

// LogDuty is what an agent has yet to write down about a talk that is over.
type LogDuty struct {
	Ticket  fact.TicketID `json:"ticket"`
	Queue   fact.QueueID  `json:"queue"`
	Missing []string      `json:"missing"` // in the order of the queue's fields
	Since   fact.Instant  `json:"since"`   // when the talk ended
}

// String says it to people.
func (d LogDuty) String() string {
	return strings.Join(d.Missing, ", ") + " of " + string(d.Ticket)
}

// required are the fields that a queue wants, without those given.
func (q *queue) required(given []string) []string {
	var all []string
	for _, f := range q.Log {
		if f.Required && !slices.Contains(given, f.ID) {
			all = append(all, f.ID)
		}
	}
	return all
}

// owe notes what an agent whose talk is over has yet to write down.
func (a *ACD) owe(o *offer) {
	q := a.queues[o.queueID]
	if q == nil || len(q.Log) == 0 {
		return
	}
	ag, missing := o.agent, q.required(o.logged)
	if len(missing) == 0 {
		return
	}
	if len(ag.duties) == maxDuties {
		a.waive(ag, 1)
	}
	ag.duties = append(ag.duties, LogDuty{Ticket: o.ticketID, Queue: q.ID, Missing: missing, Since: a.now})
}

// log takes down what an agent writes about a talk: the one under way, the one
// that is wrapped up, or one that is owed for.
func (a *ACD) log(in Log) {
	if a.checkLog(in) != nil {
		return
	}
	ag := a.agents[in.Agent]
	ticket, queue := ag.logs(in.Ticket)
	logged := Logged{Agent: ag.id, Ticket: ticket, Queue: queue, Values: slices.Clone(in.Values)}
	for i := range logged.Values {
		logged.Values[i].Value = strings.TrimSpace(logged.Values[i].Value)
	}
	given := func(field string) bool {
		return slices.ContainsFunc(in.Values, func(v fact.LogValue) bool { return v.Field == field })
	}
	if o := ag.talk; o != nil && o.ticketID == ticket {
		for _, v := range in.Values {
			if !slices.Contains(o.logged, v.Field) {
				o.logged = append(o.logged, v.Field)
			}
		}
		slices.Sort(o.logged)
		logged.Missing = a.queues[queue].required(o.logged)
	}
	for i := range ag.duties {
		if d := &ag.duties[i]; d.Ticket == ticket {
			d.Missing = slices.DeleteFunc(d.Missing, given)
			logged.Missing = slices.Clone(d.Missing)
		}
	}
	a.emit(logged)
	a.acquit(ag)
	a.settle(ag)
	a.remind(ag)
}

// acquit forgets the talks of which nothing is missing. What the leader was told,
// or will be, was of the oldest one.
func (a *ACD) acquit(ag *agent) {
	if len(ag.duties) == 0 {
		return
	}
	if len(ag.duties[0].Missing) == 0 {
		a.leases.stop(&ag.owing)
		ag.owingTold = false
	}
	ag.duties = slices.DeleteFunc(ag.duties, func(d LogDuty) bool { return len(d.Missing) == 0 })
	if len(ag.duties) == 0 {
		ag.duties = nil
	}
}

// waive lets an agent go without writing about the n oldest talks.
func (a *ACD) waive(ag *agent, n int) {
	for i := range ag.duties[:n] {
		d := &ag.duties[i]
		a.emit(LogWaived{Agent: ag.id, Ticket: d.Ticket, Queue: d.Queue, Missing: d.Missing})
		d.Missing = nil
	}
	a.acquit(ag)
}

// owed tells the leader of an agent who is kept from READY by what is missing.
func (a *ACD) owed(ag *agent) {
	if len(ag.duties) == 0 {
		return
	}
	ag.owingTold = true
	d := ag.duties[0]
	a.emit(LogLate{Agent: ag.id, Ticket: d.Ticket, Queue: d.Queue, Missing: slices.Clone(d.Missing), Waited: int64(a.now - d.Since)})
}

// remind begins the time after which the leader is told, once the agent is kept
// from READY.
func (a *ACD) remind(ag *agent) {
	if ag.reason != PauseLog || ag.owingTold || ag.owing.running() {
		return
	}
	within := defaultLogWithin
	if q := a.queues[ag.duties[0].Queue]; q != nil && q.LogWithin > 0 {
		within = q.LogWithin
	}
	a.leases.start(&ag.owing, a.now.Add(within))
}

// revise forgets what queues want no more.
func (a *ACD) revise(ag *agent) {
	for i := range ag.duties {
		d := &ag.duties[i]
		var wanted []string
		if q := a.queues[d.Queue]; q != nil {
			wanted = q.required(nil)
		}
		d.Missing = slices.DeleteFunc(d.Missing, func(id string) bool { return !slices.Contains(wanted, id) })
	}
	a.acquit(ag)
}

// logs is the talk that an agent writes about: the named one, or for "" the one
// under way, that wrapped up, or the first that is owed for; "" for none.
func (ag *agent) logs(named fact.TicketID) (fact.TicketID, fact.QueueID) {
	fits := func(t fact.TicketID) bool { return t != "" && (named == "" || named == t) }
	if o := ag.talk; o != nil && fits(o.ticketID) {
		return o.ticketID, o.queueID
	}
	if w := &ag.wrapUp; fits(w.ticket) {
		return w.ticket, w.queue
	}
	for _, d := range ag.duties {
		if fits(d.Ticket) {
			return d.Ticket, d.Queue
		}
	}
	return "", ""
}

func (a *ACD) checkLog(in Log) error {
	ag := a.agents[in.Agent]
	if ag == nil || ag.removed {
		return fmt.Errorf("agent %q: %w", in.Agent, ErrNoAgent)
	}
	ticket, queue := ag.logs(in.Ticket)
	if ticket == "" {
		return fmt.Errorf("agent %q has no such talk, wrap-up or anything to be written down: %w", in.Agent, ErrNoLog)
	}
	q := a.queues[queue]
	if q == nil || len(q.Log) == 0 {
		return fmt.Errorf("queue %q has nothing to be written down: %w", queue, ErrNoLog)
	}
	if len(in.Values) == 0 {
		return fmt.Errorf("nothing is written down: want some of %s: %w", strings.Join(q.fields(), ", "), ErrLog)
	}
	for i, v := range in.Values {
		if slices.ContainsFunc(in.Values[:i], func(o fact.LogValue) bool { return o.Field == v.Field }) {
			return fmt.Errorf("field %q: want each field once: %w", v.Field, ErrLog)
		}
		if err := q.checkValue(v); err != nil {
			return err
		}
	}
	return nil
}

// fields are the ids of what is written down.
func (q *queue) fields() []string {
	all := make([]string, len(q.Log))
	for i, f := range q.Log {
		all[i] = f.ID
	}
	return all
}

func (q *queue) checkValue(v fact.LogValue) error {
	i := slices.IndexFunc(q.Log, func(f LogField) bool { return f.ID == v.Field })
	if i < 0 {
		return fmt.Errorf("field %q: want one of %s: %w", v.Field, strings.Join(q.fields(), ", "), ErrLog)
	}
	value := strings.TrimSpace(v.Value)
	if choice := q.Log[i].Values; len(choice) > 0 {
		if !slices.Contains(choice, value) {
			return fmt.Errorf("field %q: %q: want one of %s: %w", v.Field, v.Value, strings.Join(choice, ", "), ErrLog)
		}
		return nil
	}
	strange := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if n := utf8.RuneCountInString(value); n == 0 || n > maxLogValue || strings.ContainsFunc(value, strange) {
		return fmt.Errorf("field %q: %d characters: want 1 to %d, none of control: %w", v.Field, n, maxLogValue, ErrLog)
	}
	return nil
}

// logFields checks what agents are to write down.
func (v *validator) logFields(field string, q *Queue) {
	if len(q.Log) > maxLogFields {
		v.wrong(field+".log", len(q.Log), fmt.Sprintf("at most %d fields", maxLogFields))
	}
	v.lease(field+".log_within", q.LogWithin, minLease, maxLimit)
	seen := map[string]bool{}
	for i, f := range q.Log {
		at := fmt.Sprintf("%s.log[%d]", field, i)
		if v.id(at+".id", f.ID) && seen[f.ID] {
			v.wrong(at+".id", f.ID, "each field once")
		}
		seen[f.ID] = true
		if len(f.Values) > maxLogValues {
			v.wrong(at+".values", len(f.Values), fmt.Sprintf("at most %d", maxLogValues))
		}
		for j, value := range f.Values {
			if value == "" || value != strings.TrimSpace(value) || utf8.RuneCountInString(value) > maxLogValue || slices.Contains(f.Values[:j], value) {
				v.wrong(fmt.Sprintf("%s.values[%d]", at, j), value, "each value once, without spaces round it")
			}
		}
	}
}
