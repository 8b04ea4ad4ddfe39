package storetest

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

// A quarter of a second when twenty calls begin, and twenty end, in each second:
// five calls at each place of their life, five records with two recordings each,
// and five wrap-ups of calls that ended before.
const (
	callsABatch = 5
	betweenTwo  = 10 // batches from one event of a call to its next
)

// lifeOfCall is the events of a call that an agent took.
var lifeOfCall = []fact.Event{
	{Kind: fact.CallOffered, From: "13800000001", To: "95000"},
	{Kind: fact.FlowNode, Name: "welcome"},
	{Kind: fact.PlayFinished, Leg: "l", Name: "welcome", Reason: "done", Millis: 3120},
	{Kind: fact.QueueJoined, Ticket: "t", Queue: "sales", Position: 3},
	{Kind: fact.QueueOffered, Ticket: "t", Offer: "o", Queue: "sales", Agent: "1001", Endpoint: "PJSIP/1001"},
	{Kind: fact.AgentState, Agent: "1001", Queue: "sales", Name: "ringing"},
	{Kind: fact.LegCreated, Leg: "l", Agent: "1001", Endpoint: "PJSIP/1001"},
	{Kind: fact.LegAnswered, Leg: "l", Agent: "1001"},
	{Kind: fact.QueueConnected, Ticket: "t", Offer: "o", Queue: "sales", Agent: "1001", Millis: 8123},
	{Kind: fact.AgentState, Agent: "1001", Queue: "sales", Name: "talking"},
	{Kind: fact.BridgeJoined, Leg: "l", Room: "r", Agent: "1001"},
	{Kind: fact.BridgeLeft, Leg: "l", Room: "r", Agent: "1001", Millis: 88000},
	{Kind: fact.LegHangup, Leg: "l", By: fact.ByCaller, Cause: 16, Millis: 95000},
	{Kind: fact.CallEnded, By: fact.ByCaller, Cause: 16, Millis: 103000,
		Ending: &fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}},
}

// trafficAt is the batch of the nth quarter of a second.
func trafficAt(nth int) fact.Batch {
	const epoch, day = "01k9d2v6x3", 1_772_355_600_000
	wall := int64(day + 250*nth)
	b := fact.Batch{Epoch: epoch, Seq: uint64(nth * callsABatch * len(lifeOfCall))}
	for place, e := range lifeOfCall {
		for i := range callsABatch {
			// Calls that had begun before the first batch are numbered too.
			call := 1_000_000 + callsABatch*(nth-betweenTwo*place) + i
			id := fmt.Sprintf("%s-%08d", epoch, call)
			e.Tenant, e.At, e.Wall, e.Call = fact.DefaultTenant, fact.Instant(250*nth), wall, fact.CallID("c-"+id)
			if e.Leg != "" {
				e.Leg = fact.LegID("a/hw-" + id)
			}
			if e.Room != "" {
				e.Room = fact.RoomID("a/hwr-" + id)
			}
			if e.Ticket != "" {
				e.Ticket = fact.TicketID("t-" + id)
			}
			if e.Offer != "" {
				e.Offer = fact.OfferID("o-" + id)
			}
			seq := b.Seq - uint64(callsABatch*len(lifeOfCall)) + uint64(len(b.Events)) + 1
			b.Events = append(b.Events, fact.Sequenced{Seq: seq, N: 1, Event: e})
			if e.Kind == fact.CallEnded {
				b.Records = append(b.Records, recordOfTraffic(e, call))
				before := fmt.Sprintf("c-%s-%08d", epoch, call-callsABatch*betweenTwo)
				b.WrapUps = append(b.WrapUps, fact.WrapUp{Tenant: e.Tenant, Call: fact.CallID(before), Millis: 9000})
			}
		}
	}
	return b
}

func recordOfTraffic(ended fact.Event, call int) fact.Record {
	return fact.Record{Tenant: ended.Tenant, Call: ended.Call, Direction: fact.Inbound,
		From: fmt.Sprintf("138%08d", 7919*call%100_000_000), To: "95000", Flow: "main", Queue: "sales",
		Agent: fact.AgentID(fmt.Sprint(1000 + call%200)), Began: ended.Wall - ended.Millis, Ended: ended.Wall,
		Ending: *ended.Ending, By: ended.By, Cause: ended.Cause,
		IVR: 4000, Wait: 8123, Ring: 3000, Talk: 88000, Offers: 1,
		Recordings: []fact.RecordingFile{{Recording: "r", Leg: fact.LegID(ended.Call), Side: fact.SideIn, Name: "in.wav"},
			{Recording: "r", Leg: fact.LegID(ended.Call), Side: fact.SideOut, Name: "out.wav"}}}
}

// benchCalls is Apply as a projector calls it, under a deadline. It tells the
// time of the processor too, which a machine that others use does not change.
func benchCalls(b *testing.B, fresh func(testing.TB) string) {
	s, err := store.Open(b.Context(), store.Options{DSN: fresh(b), Logger: discard})
	must(b, err)
	nth, events, spent := 0, 0, time.Duration(0)
	apply := func() {
		nth++
		batch := trafficAt(nth)
		before := processor(b)
		ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
		defer cancel()
		must(b, s.Apply(ctx, batch))
		events += len(batch.Events)
		spent += processor(b) - before
	}
	for range 100 { // empty tables are quicker
		apply()
	}
	events, spent = 0, 0
	for b.Loop() {
		apply()
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(events), "cpu-ns/event")
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "cpu-ns/op")
	must(b, s.Close())
}

// processor is how long processors have worked for this process; the server of
// a database is another one.
func processor(tb testing.TB) time.Duration {
	var used syscall.Rusage
	must(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
