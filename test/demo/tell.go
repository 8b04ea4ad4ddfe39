package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/voice/wav"
)

// detailed is one call as the API shows it.
type detailed struct {
	Record *fact.Record
	Events []rig.Event
}

// tell prints every call, those of the callers first, and what was verified of
// it.
func (s *stage) tell(ctx context.Context, out io.Writer) claims {
	var all claims
	calls := s.story.calls()
	first := func(id fact.CallID) rig.Event {
		events, _ := s.story.of(id)
		return events[0]
	}
	n := 0
	for _, g := range s.guests {
		i := slices.IndexFunc(calls, func(id fact.CallID) bool { return first(id).From == g.number })
		if i < 0 {
			all.hold(false, "huawu told of no call from %s", g.number)
			continue
		}
		n++
		all = append(all, s.tellCall(ctx, out, n, calls[i], g)...)
		calls = slices.Delete(calls, i, i+1)
	}
	for _, id := range calls {
		n++
		all = append(all, s.tellCall(ctx, out, n, id, nil)...)
	}
	return all
}

// tellCall prints one call. g is nil for a call from an agent's phone.
func (s *stage) tellCall(ctx context.Context, out io.Writer, n int, id fact.CallID, g *guest) claims {
	events, notes := s.story.of(id)
	title := label{"座席用话机拨功能码", "an agent's phone dials a feature code"}
	if g != nil {
		title = g.title
	}
	head := events[0]
	fmt.Fprintf(out, "\n── 通话 call %d: %s → %s  %s\n   %s\n   %s\n", n, head.From, head.To, id, title.zh, title.en)
	var d detailed
	err := s.Get(ctx, "/api/v1/calls/"+url.PathEscape(string(id)), &d)
	began := head.Wall
	if d.Record != nil {
		began = d.Record.Began
	}
	rows := [][]string{{"+ms", "来源 source", "事件", "event", "说明 detail"}}
	for _, r := range timeline(events, notes, began) {
		rows = append(rows, []string{strconv.FormatInt(r.at, 10), r.source, r.label.zh, r.label.en, r.detail})
	}
	table(out, "   ", rows)
	var c claims
	if d.Record == nil {
		c.hold(false, "记录 record: there is none: %v", err)
	} else {
		s.tellRecord(out, *d.Record)
		c = s.verify(*d.Record, events, d.Events, g)
	}
	c.print(out, "   ")
	for i := range c {
		c[i].text = fmt.Sprintf("通话 call %d (%s → %s): %s", n, head.From, head.To, c[i].text)
	}
	return c
}

// tellRecord prints the account of a call.
func (s *stage) tellRecord(out io.Writer, r fact.Record) {
	fmt.Fprintf(out, "   时长 durations, ms: 流程 ivr %d · 等待 wait %d (振铃 ring %d) · 通话 talk %d · 保持 hold %d · 话后 wrap-up %d · 总 total %d\n",
		r.IVR, r.Wait, r.Ring, r.Talk, r.Hold, r.WrapUp, r.Ended-r.Began)
	fmt.Fprintf(out, "   结束 ended: %s · 责任 fault: %s · 结束方 ended by: %s · cause %d\n", r.Reason, r.Fault, r.By, r.Cause)
	for _, f := range r.Recordings {
		name := fileSides[f.Side]
		fmt.Fprintf(out, "   录音 recording, %s %s, %.1f s:\n     %s\n", name.zh, name.en, float64(f.Millis)/1000, filepath.Join(s.PBX.Recordings(), f.Name))
	}
}

// verify checks everything that is said of a call. g is nil for a call from an
// agent's phone.
func (s *stage) verify(r fact.Record, told, kept []rig.Event, g *guest) claims {
	var c claims
	c.stored(told, kept)
	if g == nil {
		c.order(told, []string{"call.offered", "flow.node " + confirmed[r.To], "call.ended"})
		c.hold(r.Fault == fact.FaultNone && len(r.Recordings) == 0, "结束 ending: %s, fault %s, not recorded", r.Reason, r.Fault)
		return c
	}
	c.order(told, g.want.told)
	c.ended(r, g.want)
	c.durations(r, told)
	var theirs float64
	for _, a := range s.agents {
		if a.ID == string(g.want.agent) {
			theirs = a.tone
			c.wrapUp(r, s.story.agent(g.want.agent))
		}
	}
	tapes := map[fact.Side]tape{}
	for _, f := range r.Recordings {
		sound, err := read(filepath.Join(s.PBX.Recordings(), f.Name))
		if err != nil {
			c.hold(false, "录音 recording: %v", err)
			return c
		}
		tapes[f.Side] = tape{f, sound}
	}
	in, out := tapes[fact.SideIn], tapes[fact.SideOut]
	if len(r.Recordings) != 2 || in.file.Name == "" || out.file.Name == "" {
		c.hold(false, "录音 recording: there must be both sides, the record has %+v", r.Recordings)
		return c
	}
	c.sides(in, out, told, g.tone, theirs)
	return c
}

// read reads a recording.
func read(path string) (wav.Sound, error) {
	f, err := os.Open(path)
	if err != nil {
		return wav.Sound{}, err
	}
	defer f.Close()
	return wav.Read(f)
}

// newsworthy are the kinds of events that are told as they happen.
var newsworthy = map[fact.Kind]bool{
	fact.CallOffered: true, fact.QueueJoined: true, fact.QueueOffered: true, fact.QueueMissed: true,
	fact.QueueConnected: true, fact.QueueLeft: true, fact.CallEnded: true, fact.AgentState: true,
}

// newsTo tells of events as they happen, each in a line. It is called by one
// goroutine.
func newsTo(out io.Writer) func(rig.Event) {
	began := time.Now()
	callers := map[fact.CallID]string{}
	return func(e rig.Event) {
		if !newsworthy[e.Kind] {
			return
		}
		l, who, what := labelOf(e.Event), callers[e.Call], detail(e.Event)
		switch e.Kind {
		case fact.CallOffered:
			callers[e.Call] = e.From
			who = e.From
		case fact.AgentState:
			who, what = string(e.Agent), fmt.Sprintf("%s → %s %s", e.From, e.To, e.Reason)
		}
		at := fmt.Sprintf("[%5.1f s] ", time.Since(began).Seconds())
		table(out, at, [][]string{{width.FillRight(who, 11), width.FillRight(l.zh, 8), width.FillRight(l.en, 16), what}})
		if e.Kind == fact.CallEnded {
			delete(callers, e.Call)
		}
	}
}
