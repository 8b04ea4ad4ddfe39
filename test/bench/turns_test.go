package main

import (
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
)

func TestOutOfTurn(t *testing.T) {
	event := func(at int64, kind fact.Kind, ticket fact.TicketID, more ...string) rig.Event {
		e := fact.Event{Kind: kind, At: fact.Instant(at), Ticket: ticket}
		if len(more) > 0 {
			e.Agent = fact.AgentID(more[0])
		}
		if len(more) > 1 {
			e.Reason = more[1]
		}
		return rig.Event{Event: e}
	}
	connected := func(at int64, ticket fact.TicketID, waited int64) rig.Event {
		e := event(at, fact.QueueConnected, ticket)
		e.Millis = waited
		return e
	}
	const joined, offered, missed = fact.QueueJoined, fact.QueueOffered, fact.QueueMissed
	for _, c := range []struct {
		name                 string
		events               []rig.Event
		overtaken, misplaced int
	}{
		{"in turn, and those of one moment by their ids", []rig.Event{
			event(10, joined, "b"), event(10, joined, "a"), event(20, joined, "c"),
			event(30, offered, "a", "1"), event(30, offered, "b", "2"), event(40, offered, "c", "3"),
			connected(50, "a", 40), connected(50, "b", 40), connected(50, "c", 30),
		}, 0, 0},
		{"by who came later", []rig.Event{
			event(10, joined, "a"), event(20, joined, "b"), event(30, offered, "b", "1"), event(30, offered, "a", "2"),
			connected(50, "a", 40), connected(50, "b", 30),
		}, 1, 0},
		{"by who came later in the same moment", []rig.Event{
			event(10, joined, "a"), event(10, joined, "b"), event(30, offered, "b", "1"), event(30, offered, "a", "2"),
			connected(50, "a", 40), connected(50, "b", 40),
		}, 1, 0},
		{"whose phone rang in vain is first again, but not for who rejected", []rig.Event{
			event(10, joined, "a"), event(20, joined, "b"), event(20, joined, "c"),
			event(30, offered, "a", "1"), event(40, missed, "a", "1", "rejected"),
			event(50, offered, "b", "1"), event(60, offered, "c", "2"), event(70, offered, "a", "2"),
			connected(80, "a", 70), connected(80, "b", 60), connected(80, "c", 60),
		}, 1, 0},
		{"who was kept on music for long has the place of that time", []rig.Event{
			event(600, joined, "a"), event(1000, joined, "b"), event(1010, offered, "b", "1"), event(1020, offered, "a", "2"),
			connected(1100, "a", 500), connected(1100, "b", 600),
		}, 0, 0},
		{"nobody has another place for less", []rig.Event{
			event(600, joined, "a"), event(1000, joined, "b"), event(1010, offered, "b", "1"), event(1020, offered, "a", "2"),
			connected(1100, "a", 500), connected(1100, "b", 550),
		}, 0, 1},
	} {
		if overtaken, misplaced := outOfTurn(c.events); overtaken != c.overtaken || misplaced != c.misplaced {
			t.Errorf("%s: %d overtaken and %d misplaced, want %d and %d", c.name, overtaken, misplaced, c.overtaken, c.misplaced)
		}
	}
}
