package scenarios

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// scenario is one story.
type scenario struct {
	name string // "<topic>/<what happens>"
	// rows are the ids of complaints and of SPEC that it holds huawu to.
	rows []string
	// centre changes the usual document; nil leaves it.
	centre func(*api.Document)
	agents int // with phones at seats, 1001 on; 0 means 1
	// deaf is after how long a real switch ends a leg that sends nothing; 0
	// leaves it what is printed.
	deaf time.Duration
	play func(s *stage)
}

// scenarios are all of them, a topic a file.
var scenarios = join(distribution, order, skilful, lines, queues, offers, agents, standings, trainees, logs, displayed, callers, lists, ways, control, keyed, restarts, dialling, explained, hears, lost, supervised, supervising, callbacks, consults, parks, trunks, kept, normal, scenes, surveys, shippeds, flowScenes, diverts, taped, records)

func join(topics ...[]scenario) (all []scenario) {
	for _, t := range topics {
		all = append(all, t...)
	}
	return all
}

// title is the name of the scenario's test.
func (sc scenario) title() string { return strings.Join(append([]string{sc.name}, sc.rows...), " ") }

func TestScenarios(t *testing.T) {
	for _, sc := range scenarios {
		t.Run(sc.title(), func(t *testing.T) { playOnFake(t, sc) })
	}
}

// The numbers that callers dial: a greeting and a menu (1 sales, 2 support), or
// a line at once.
const (
	hotline     = "4001"
	salesNumber = "4002"
	supportLine = "4003"
)

// tenantNumber is what called parties outside see.
const tenantNumber = "02155550000"

// usual is the centre of every scenario: agents at seats PJSIP/1001 on with
// extensions 8001 on, both queues for each, thanks after a talk.
func usual(agents int) api.Document {
	play := func(id, next string) flow.Node {
		return flow.Node{ID: id, Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: id}}, Next: next}}
	}
	line := func(queue fact.QueueID) flow.Node {
		return flow.Node{ID: string(queue), Enqueue: &flow.EnqueueNode{Queue: queue, Next: "thanks", Else: "goodbye"}}
	}
	ends := []flow.Node{play("thanks", "end"), play("goodbye", "end"), {ID: "end", Hangup: &flow.HangupNode{}}}
	menu := flow.Node{ID: "menu", Menu: &flow.MenuNode{
		Ask:  flow.Ask{Prompts: []flow.Prompt{{File: "menu"}}, Timeout: 20 * time.Second, Else: "goodbye"},
		Keys: []flow.Choice{{Key: "1", Next: "sales"}, {Key: "2", Next: "support"}},
	}}
	d := api.Document{Config: center.Config{
		Zone:    "Asia/Shanghai",
		Numbers: []center.Number{{Number: hotline, Flow: "hotline"}, {Number: salesNumber, Flow: "sales"}, {Number: supportLine, Flow: "support"}},
		Trunks:  []center.Trunk{{ID: "out", Endpoint: "PJSIP/{number}@trunk", Number: tenantNumber, Prefixes: []string{"1", "0"}}},
		Flows: []*flow.Flow{
			{ID: "hotline", Nodes: append([]flow.Node{play("greeting", "menu"), menu, line("sales"), line("support")}, ends...)},
			{ID: "sales", Nodes: append([]flow.Node{line("sales")}, ends...)},
			{ID: "support", Nodes: append([]flow.Node{line("support")}, ends...)},
		},
		ACD: routing.Config{Queues: []routing.Queue{{ID: "sales", WrapUp: time.Second}, {ID: "support", WrapUp: time.Second}}},
	}}
	for i := range agents {
		id := strconv.Itoa(1001 + i)
		d.ACD.Agents = append(d.ACD.Agents, routing.Agent{ID: fact.AgentID(id), Queues: []fact.QueueID{"sales", "support"}})
		d.Seats = append(d.Seats, center.Seat{Endpoint: fact.Endpoint("PJSIP/" + id), Extension: "8" + id[1:]})
	}
	return d
}

// document is the scenario's centre.
func (sc scenario) document() (api.Document, int) {
	agents := max(sc.agents, 1)
	d := usual(agents)
	if sc.centre != nil {
		sc.centre(&d)
	}
	return d, agents
}

// queue changes one queue of a document.
func queue(id fact.QueueID, change func(*routing.Queue)) func(*api.Document) {
	return func(d *api.Document) {
		for i := range d.ACD.Queues {
			if d.ACD.Queues[i].ID == id {
				change(&d.ACD.Queues[i])
			}
		}
	}
}

// also is several changes of a document, in order.
func also(changes ...func(*api.Document)) func(*api.Document) {
	return func(d *api.Document) {
		for _, change := range changes {
			change(d)
		}
	}
}

// house is a switch with its far side, and huawu at work on it.
type house interface {
	// caller is somebody outside who dials a number.
	caller(from, to string) mediatest.Far
	// phone is the phone of a seat or, for "", the world beyond the trunk to
	// a number.
	phone(seat string) mediatest.Phone
	// dial has the phone of a seat call a number, answer somebody at a phone
	// that rings on take the call.
	dial(seat, number string) mediatest.Far
	answer(far mediatest.Far)
	// vanish takes the power of who is at the far end: nobody says goodbye, and
	// in memory the switch's word of the leg's end is lost as well.
	vanish(far mediatest.Far)
	// said is the next speech that each hears from an instant on, once it is over;
	// the last one of a call is over with it.
	said(since time.Time, fars ...mediatest.Far) []speech
	// reads is how long it takes to read a text out.
	reads(text string) time.Duration
	// request is one request to the API, without /api/v1.
	request(method, path string, body []byte) (status int, answer []byte, err error)
	// restart kills huawu (kill -9), lets something happen, and starts it
	// again on what is left.
	restart(during func())
}
