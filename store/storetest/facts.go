package storetest

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/huawu/huawu/fact"
)

// fill sets every field of what v points to, at any depth, to a value of its
// own that is not zero, so that a field that is not kept shows.
func fill(t testing.TB, v any) {
	t.Helper()
	n := 0
	fillValue(t, reflect.ValueOf(v).Elem(), &n)
}

func fillValue(t testing.TB, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("值 %d", *n))
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(*n) + 1<<30)
	case reflect.Uint64, reflect.Uint32:
		v.SetUint(uint64(*n) + 1<<30)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fillValue(t, v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(t, v.Field(i), n)
		}
	default:
		t.Fatalf("the suite does not know how to fill a %s", v.Type())
	}
}

// eventsAInput is how many events inputAt has.
const eventsAInput = 5

// wrapUp is the after-call work that inputAt adds to each call.
const wrapUp = 7

// inputAt is the batch of one journalled input: five events, the record of one
// call with two recordings, and the wrap-up of the call of the input before.
func inputAt(epoch string, seq uint64) fact.Batch {
	b := fact.Batch{Epoch: epoch, Seq: seq}
	for n := 1; n <= eventsAInput; n++ {
		b.Events = append(b.Events, fact.Sequenced{Seq: seq, N: n, Event: fact.Event{
			Tenant: fact.DefaultTenant, Kind: fact.FlowNode, At: fact.Instant(seq), Wall: int64(seq),
			Call: callAt(epoch, seq), Queue: "sales", Agent: "1001", Name: fmt.Sprintf("节点 %d", n)}})
	}
	r := recordAt(epoch, seq)
	b.Records = []fact.Record{r}
	if seq > 1 {
		b.WrapUps = []fact.WrapUp{{Tenant: fact.DefaultTenant, Call: callAt(epoch, seq-1), Agent: "1001", Millis: wrapUp}}
	}
	return b
}

func callAt(epoch string, seq uint64) fact.CallID {
	return fact.CallID(fmt.Sprintf("%s-c%06d", epoch, seq))
}

func recordAt(epoch string, seq uint64) fact.Record {
	return fact.Record{Tenant: fact.DefaultTenant, Call: callAt(epoch, seq), Direction: fact.Inbound,
		From: "13800000001", To: "95000", Queue: "sales", Agent: "1001", Began: int64(seq), Ended: int64(seq) + 1000,
		Ending: fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, By: fact.ByCaller, Cause: 16,
		Recordings: []fact.RecordingFile{
			{Recording: "a/r1", Leg: "a/l1", Side: fact.SideIn, Name: "r1-in.wav"},
			{Recording: "a/r1", Leg: "a/l1", Side: fact.SideOut, Name: "r1-out.wav"}}}
}
