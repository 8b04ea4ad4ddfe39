package main

import (
	"testing"
	"time"
)

// invite is an INVITE for a caller, t ms after the beginning.
func invite(t int, from, to, user, caller, id string) message {
	return message{At: time.UnixMilli(int64(t)), From: from, To: to, Method: "INVITE", User: user, Caller: caller, CallID: id}
}

const (
	pbxAt    = "127.1.1.1:5060"
	agentsAt = "127.1.1.3:5062"
	callAt   = "127.1.1.2:5070"
)

func TestFigures(t *testing.T) {
	bye := invite(1500, agentsAt, pbxAt, "x", "", "o1")
	bye.Method = "BYE"
	all := []message{
		invite(0, callAt, pbxAt, "100", "71", "c1"),
		invite(10, callAt, pbxAt, "100", "72", "c2"),
		invite(20, callAt, pbxAt, "100", "73", "c3"),
		invite(30, pbxAt, agentsAt, "a1", "71", "o1"),
		invite(31, pbxAt, agentsAt, "a1", "71", "o1"), // sent again
		bye, bye,
		invite(1507, pbxAt, agentsAt, "a1", "73", "o2"), // 72 waits: overtaken
		invite(1600, pbxAt, agentsAt, "a2", "72", "o3"),
	}
	if n := len(offers(all, agentsAt)); n != 3 {
		t.Errorf("%d offers, want 3: one sent again is one", n)
	}
	if s := turnaround(all, agentsAt); len(s) != 1 || s[0] != 7*time.Millisecond {
		t.Errorf("turnaround %v, want 7ms once", s)
	}
	if s := reaction(all, "127.1.1.2:", agentsAt); len(s) != 3 || s.at(0.01) != 30*time.Millisecond {
		t.Errorf("reaction %v", s)
	}
	if unfair, made := overtakings(all, agentsAt, []string{"71", "72", "73"}); unfair != 1 || made != 3 {
		t.Errorf("%d of %d overtaken, want 1 of 3", unfair, made)
	}
	if n := decided([]string{"71", "72", "73"}, []string{"71", "73", "72"}); n != 1 {
		t.Errorf("%d decisions overtook, want 1", n)
	}
	if n := decided([]string{"71", "72", "73"}, []string{"71", "72", "71", "73"}); n != 0 {
		t.Errorf("an offer made again overtook %d", n)
	}
	s := spread{4, 1, 3, 2}
	if s.at(.5) != 2 || s.at(.99) != 4 || (spread{}).at(.5) != 0 {
		t.Errorf("percentiles of %v: %v %v", s, s.at(.5), s.at(.99))
	}
}

func TestReadsSIPpsLog(t *testing.T) {
	entry := "2026-11-22T18:57:05.690179Z\nUDP message received [214] bytes:\n\n" +
		"INVITE sip:a7@127.1.1.3:5062 SIP/2.0\r\nFrom: <sip:713@127.1.1.1>;tag=x\r\nCall-ID: k\r\nCSeq: 1 INVITE\r\n\r\nv=0"
	m, ok := logged([]byte(entry), agentsAt, pbxAt)
	want := message{At: time.Date(2026, 11, 22, 18, 57, 5, 690179000, time.UTC), From: pbxAt, To: agentsAt, Method: "INVITE",
		User: "a7", Caller: "713", CallID: "k", CSeq: "1 INVITE"}
	if !ok || m != want {
		t.Errorf("read %+v, want %+v", m, want)
	}
	if _, ok := logged([]byte("nonsense"), agentsAt, pbxAt); ok {
		t.Error("nonsense was read")
	}
}
