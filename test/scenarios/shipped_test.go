package scenarios

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/scripts/flow"
)

// The numbers that the shipped flows answer.
const (
	enquiryNumber     = "4011"
	transactionNumber = "4012"
	transferNumber    = "4013"
	nightNumber       = "4014"
)

// asShipped adds flows as they are shipped, with recordings in the place of
// texts. Night says whether it is night, whatever the clock says.
func asShipped(night bool) func(*api.Document) {
	return func(d *api.Document) {
		all, err := flow.Shipped()
		if err != nil {
			panic(err)
		}
		numbers := map[fact.FlowID]string{"enquiry": enquiryNumber, "transaction": transactionNumber, "transfer": transferNumber, "night": nightNumber, "outage": "", "satisfaction": "", "silent": silentNumber, "nuisance": nuisanceNumber}
		for _, f := range all {
			number, wanted := numbers[f.ID]
			if !wanted {
				continue
			}
			for i := range f.Nodes {
				n := &f.Nodes[i]
				for _, h := range n.Names().Prompts {
					for j := range h.Prompts {
						h.Prompts[j] = flow.Prompt{File: fmt.Sprintf("%s-%s-%d", f.ID, n.ID, j)}
					}
				}
				if n.Enqueue != nil && n.Enqueue.Announce != nil {
					n.Enqueue.Announce.Position = false // said by the flow itself, as texts
				}
				if f.ID == "night" && n.ID == "which" {
					n.Calendar.Cases[0] = flow.Occasion{Dates: []string{"2001-02-03"}, Next: n.Calendar.Cases[0].Next}
					if night {
						n.Calendar.Cases[0].Dates = []string{"01-01..12-31"}
					}
				}
			}
			d.Flows = append(d.Flows, f)
			if number != "" {
				d.Numbers = append(d.Numbers, center.Number{Number: number, Flow: f.ID})
			}
		}
		d.Incidents = []center.Incident{{ID: "outage"}}
	}
}

// shippeds are the shipped flows on calls.
var shippeds = []scenario{
	{
		name: "shipped/enquiry", rows: []string{"IVR-2", "IVR-3", "IVR-4"}, centre: asShipped(false),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", enquiryNumber)
			c.hears(prompt)
			s.told(c, "flow.node outage/which", "flow.node enquiry/night", "flow.node night/day", "flow.node enquiry/hello")
			c.press("2")
			s.told(c, "flow.node enquiry/often")
			c.press("*")
			s.told(c, "flow.node enquiry/often", "flow.node enquiry/top")
			c.press("0")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			a.hangup()
			s.told(c, "flow.node enquiry/rate", "flow.node satisfaction/rate", "survey.asked")
			c.hears(prompt)
			c.press("1")
			s.told(c, "survey.answered", "flow.node enquiry/bye")
			c.ended()
			if v := s.rated(c); v == nil || v.Score != 1 || v.Agent != "1001" {
				s.t.Errorf("rated %+v", v)
			}
			s.rest("1001")
		},
	},
	{
		// An operator says that there is an outage: the next caller hears of it.
		name: "shipped/outage", rows: []string{"IVR-6"}, centre: asShipped(false),
		play: func(s *stage) {
			s.do(http.MethodPut, "/incidents/outage", with("on", true, "note", "光缆中断"))
			c := s.caller("13800000001", enquiryNumber)
			s.told(c, "flow.node outage/say")
			c.hears(prompt)
			c.press("1")
			s.told(c, "flow.node outage/end", "flow.node enquiry/night")
			c.hangup()
			s.refused("not-found", http.MethodPut, "/incidents/flood", with("on", true))
			s.do(http.MethodPut, "/incidents/outage", with("on", false))
			next := s.caller("13800000002", enquiryNumber)
			s.told(next, "flow.node outage/end", "flow.node enquiry/hello")
			if s.has(next, "flow.node outage/say") {
				s.t.Error("the outage is told after its end")
			}
			next.hangup()
			s.rest()
		},
	},
	{
		name: "shipped/transaction", rows: []string{"IVR-2", "CTI-9"}, centre: asShipped(false),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", transactionNumber)
			c.hears(prompt)
			c.press("1")
			s.told(c, "flow.node transaction/account")
			c.press("12345678")
			c.hears(prompt)
			c.press("1")
			s.told(c, "flow.node transaction/amount")
			c.press("1500*50#")
			c.press("1")
			s.told(c, "flow.node transaction/great", "flow.node transaction/agent", "queue.joined support")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			c.hangup()
			a.ended()
			s.rest("1001")
		},
	},
	{
		name: "shipped/transfer", rows: []string{"IVR-2", "ACD-7"}, centre: asShipped(false),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", transferNumber)
			c.hears(prompt)
			c.press("3")
			s.told(c, "flow.node transfer/whom")
			c.press("1001#")
			s.told(c, "queue.left named", "flow.node transfer/for-agent", "callback.requested 1001", "flow.node transfer/promised")
			c.ended()
			if b := s.owed("13800000001", 1)[0]; b.Agent != "1001" || b.Source != callback.FromFlow {
				s.t.Errorf("%+v", b)
			}
			two := s.caller("13800000002", transferNumber)
			two.hears(prompt)
			two.press("2")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(two, a)
			two.hangup()
			s.rest("1001")
		},
	},
	{
		name: "shipped/night", rows: []string{"IVR-5"}, centre: asShipped(true),
		play: func(s *stage) {
			c := s.caller("13800000001", nightNumber)
			c.hears(prompt)
			c.press("1")
			s.told(c, "callback.requested", "flow.node night/when")
			c.ended()
			s.owed("13800000001", 1)
			s.ready("1001")
			urgent := s.caller("13800000002", nightNumber)
			urgent.hears(prompt)
			urgent.press("0")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(urgent, a)
			urgent.hangup()
			s.rest("1001")
		},
	},
	{
		// Given to a number outside; when that is busy the flow goes on.
		name: "shipped/transfer-out", rows: []string{"IVR-1", "IVR-2"}, centre: diverting,
		play: func(s *stage) {
			out := s.phone("02188880000")
			c := s.caller("13800000001", divertNumber)
			b := out.rings()
			b.answer()
			s.talk(c, b)
			s.told(c, "flow.node diverting/out", "transfer.requested", "leg.answered")
			b.hangup()
			c.ended()
			s.ending(c, fact.FaultNone, fact.ReasonCompleted)
			out.behave(mediatest.Busy, 0)
			s.ready("1001")
			two := s.caller("13800000002", divertNumber)
			s.told(two, "transfer.requested", "transfer.failed", "flow.node diverting/sorry")
			two.hears(prompt)
			a := s.phone("1001").rings()
			a.answer()
			s.talk(two, a)
			two.hangup()
			s.rest("1001")
		},
	},
	{
		// The caller hears a word while another system is asked, and its answer
		// decides; one that does not answer in time is not waited for.
		name: "shipped/lookup", rows: []string{"IVR-1", "GEN-12"}, centre: looking,
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", lookupNumber)
			s.told(c, "flow.node looking/ask")
			c.hears(prompt)
			s.told(c, "flow.node looking/ask", "flow.node looking/which", "flow.node looking/known")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			c.hangup()
			s.rest("1001")
			unknown := s.caller("13800000404", lookupNumber)
			s.told(unknown, "flow.node looking/ask", "flow.node looking/nobody")
			unknown.ended()
			late := s.caller("13800000999", lookupNumber)
			s.told(late, "flow.node looking/ask", "flow.node looking/sorry")
			late.ended()
		},
	},
}

// diverting gives callers to a number outside, and those whom nobody answers
// there to the line of sales.
func diverting(d *api.Document) {
	d.Numbers = append(d.Numbers, center.Number{Number: divertNumber, Flow: "diverting"})
	d.Flows = append(d.Flows, &flow.Flow{ID: "diverting", Nodes: []flow.Node{
		{ID: "hello", Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: "hello"}}, Next: "out"}},
		{ID: "out", Transfer: &flow.TransferNode{Number: "02188880000", Timeout: 10 * time.Second, Else: "sorry"}},
		{ID: "sorry", Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: "sorry"}}, Next: "sales"}},
		{ID: "sales", Enqueue: &flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}}, {ID: "end", Hangup: &flow.HangupNode{}},
	}})
}

const divertNumber = "4016"

const lookupNumber = "4015"

// crm is another system: it knows 13800000001, after so long that the comfort is
// heard, and thinks for longer than is waited for about 13800000999.
var crm = httptest.NewServer(http.HandlerFunc(askCRM))

func askCRM(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/customers/13800000001":
		if thinks(r, crmPatience/2) {
			fmt.Fprint(w, `{"account": {"level": "gold", "balance": 12.5}}`)
		}
	case "/customers/13800000999":
		thinks(r, 5*crmPatience)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// crmPatience is how long a caller waits for the other system.
const crmPatience = 3 * time.Second

// thinks takes a while, on the clock of who asks; false when nobody waits any more.
func thinks(r *http.Request, d time.Duration) bool {
	select {
	case <-r.Context().Done():
		return false
	case <-time.After(d):
		return true
	}
}

func looking(d *api.Document) {
	play := func(id string) flow.Node {
		return flow.Node{ID: id, Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: id}}, Next: "end"}}
	}
	d.Numbers = append(d.Numbers, center.Number{Number: lookupNumber, Flow: "looking"})
	d.Flows = append(d.Flows, &flow.Flow{ID: "looking", Nodes: []flow.Node{
		{ID: "ask", Lookup: &flow.LookupNode{URL: crm.URL + "/customers/{caller_number}", Timeout: crmPatience, Comfort: []flow.Prompt{{File: "comfort"}},
			Results: []flow.Result{{Variable: "level", Field: "account.level"}, {Variable: "balance", Field: "account.balance"}},
			Next:    "which", Missing: "nobody", Else: "sorry"}},
		{ID: "which", Branch: &flow.BranchNode{Cases: []flow.When{{If: `level == "gold" and cents(balance) == 1250`, Next: "known"}}, Else: "sorry"}},
		{ID: "known", Enqueue: &flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}},
		play("nobody"), play("sorry"), {ID: "end", Hangup: &flow.HangupNode{}},
	}})
}
