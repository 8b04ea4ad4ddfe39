//go:build asterisk

package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
)

// tiny makes a folder a file system of so many kilobytes; false where that is
// not allowed.
func tiny(t *testing.T, dir string, kilobytes int) bool {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk,mode=0755", kilobytes)); err != nil {
		return false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 2 /* MNT_DETACH */); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
	return true
}

// fill takes every byte of a file system and gives them back.
func fill(t *testing.T, dir string) (empty func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.Create(path)
	must(t, err)
	defer f.Close()
	for _, size := range []int{64 << 10, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("fill %s: %v", dir, err)
		}
	}
	return func() { must(t, os.Remove(path)) }
}

// While the journal's disk is full, live calls go on and new ones hear music by
// the dialplan; as soon as there is room they are taken.
func TestJournalFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	journal := filepath.Join(dir, "data", "journal")
	must(t, os.MkdirAll(journal, 0o755))
	small := tiny(t, journal, 768)
	h := openIn(t, plan{}, dir)
	h.ready("1001")
	one := h.calls(h.caller("13800000001"), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(one, a, callerTone, agentTone)
	if !small {
		// The journal's folder cannot be had small here: at the next start it
		// is no folder at all, and huawu says so while the talk goes on.
		must(t, h.Kill())
		must(t, os.Rename(journal, journal+".away"))
		must(t, os.WriteFile(journal, nil, 0o600))
		if err := h.Boot(h.ctx()); err == nil || !strings.Contains(err.Error(), "not a directory") {
			t.Fatalf("start without a journal: %v", err)
		}
		must(t, h.Kill())
		h.goesOn(one, a, callerTone, agentTone)
		must(t, os.Remove(journal))
		must(t, os.Rename(journal+".away", journal))
		must(t, h.Boot(t.Context()))
		h.reaches("13800000001", center.CallTalking)
		one.Hangup()
		h.atRest("1001")
		return
	}

	empty := fill(t, journal)
	// Who comes first finds it out, and is served all the same.
	two := h.calls(h.caller("13800000002"), direct)
	h.unready("the journal cannot be written", "no space left on device")
	says(t, h.Log(), "the journal cannot be written", "live calls go on")
	h.goesOn(one, a, callerTone, agentTone)
	three := h.dial(h.caller("13800000003"), direct)
	must(t, three.Early(h.ctx()))
	h.hears(three, pbx.MusicTone)
	a.Hangup()
	h.hears(one, thanksTone)
	h.ended(one)
	b := h.rung(h.agents[0])
	b.Answer()
	h.talk(two, b, callerTone, agentTone)
	if !three.Times().Answered.IsZero() {
		t.Error("a new call was taken while nothing can be kept of it")
	}

	empty()
	must(t, h.Ready(h.ctx()))
	must(t, three.Answered(h.ctx()))
	two.Hangup()
	h.ended(b)
	b = h.rung(h.agents[0])
	b.Answer()
	h.talk(three, b, callerTone, agentTone)
	three.Hangup()
	h.atRest("1001")
	h.record("13800000001", fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, fact.ByAgent)
	for _, from := range []string{"13800000002", "13800000003"} {
		h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
	}
	says(t, h.Log(), "the journal can be written again")
}

// A recording that cannot be begun, or that runs into a full disk, is said to
// have failed; the call goes on.
func TestRecordingsFull(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.ready("1001")
	failed := func(from string, words ...string) {
		t.Helper()
		r := h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
		var reasons []string
		for _, e := range h.history(r.Call) {
			if e.Kind == fact.RecordFailed {
				reasons = append(reasons, e.Reason)
			}
		}
		if len(reasons) != 1 {
			t.Fatalf("events record.failed %q, want one", reasons)
		}
		says(t, reasons[0], words...)
	}

	// A file stands where the folder of this year should be.
	year := filepath.Join(h.PBX.Recordings(), time.Now().UTC().Format("2006"))
	must(t, os.WriteFile(year, nil, 0o644))
	c := h.calls(h.caller("13800000001"), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(c, a, callerTone, agentTone)
	c.Hangup()
	h.atRest("1001")
	failed("13800000001")
	must(t, os.Remove(year))

	if !tiny(t, h.PBX.Recordings(), 64) { // two seconds of both sides
		return
	}
	c = h.calls(h.caller("13800000002"), direct)
	a = h.rung(h.agents[0])
	a.Answer()
	h.talk(c, a, callerTone, agentTone)
	h.until("the recording to fail", func() bool {
		v := h.live("13800000002")
		return v != nil && !v.Recorded && v.Lasted > 1000
	})
	h.goesOn(c, a, callerTone, agentTone)
	h.becomes("1001", routing.Talking, "")
	c.Hangup()
	h.atRest("1001")
	failed("13800000002", "disk full")
}
