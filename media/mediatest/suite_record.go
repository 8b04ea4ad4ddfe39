package mediatest

import (
	"fmt"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// records starts a recording and waits until it runs.
func (x *trial) records(leg fact.LegID) media.Record {
	x.Helper()
	r := media.Record{
		Recording: mint[fact.RecordingID](x, "rec"), Leg: leg,
		Name: fmt.Sprintf("suite/%x/call-%d_a", birth, minted.Add(1)),
	}
	x.must(r)
	expect(x, func(e media.RecordStarted) bool { return e.Recording == r.Recording && e.Leg == leg })
	return r
}

// recorded waits for the end of a recording of about this length and checks
// what the driver says of its files.
func (x *trial) recorded(r media.Record, took time.Duration) {
	x.Helper()
	for _, f := range x.files(r, took) {
		if f.Began <= 0 {
			x.Errorf("file %+v of %+v", f, r)
		}
	}
}

// files waits for the end of a recording and checks its files, but for when
// they began.
func (x *trial) files(r media.Record, took time.Duration) []fact.RecordingFile {
	x.Helper()
	e, _ := expect(x, func(e media.RecordEnded) bool { return e.Recording == r.Recording })
	sides := map[fact.Side]int{}
	for _, f := range e.Files {
		sides[f.Side]++
		off := time.Duration(f.Millis)*time.Millisecond - took
		if f.Recording != r.Recording || f.Leg != r.Leg || !strings.HasPrefix(f.Name, r.Name) || f.Began > e.At {
			x.Errorf("file %+v of %+v", f, r)
		}
		if off < -1500*time.Millisecond || off > 1500*time.Millisecond {
			x.Errorf("file %s is %d ms of a recording of %v", f.Name, f.Millis, took)
		}
		if !x.w.Stored(f.Name) {
			x.Errorf("file %s is not in the recording folder", f.Name)
		}
	}
	switch {
	case e.Leg != r.Leg:
		x.Errorf("%+v: want leg %s", e, r.Leg)
	case x.can.RecordSides && (len(e.Files) != 2 || sides[fact.SideIn] != 1 || sides[fact.SideOut] != 1):
		x.Errorf("%+v: want a file a side", e)
	case !x.can.RecordSides && len(e.Files) != 1:
		x.Errorf("%+v: want one file", e)
	}
	x.refused(media.Probe{Leg: r.Leg, Recording: r.Recording}, media.ErrNoLeg)
	return e.Files
}

func recordStops(x *trial) {
	p := x.pair()
	began := time.Now()
	r := x.records(p.callerLeg)
	x.must(media.Probe{Leg: p.callerLeg, Recording: r.Recording})
	x.refused(media.Record{Recording: r.Recording, Leg: p.callerLeg, Name: r.Name}, media.ErrRefused)
	for _, on := range []bool{true, true, false} {
		mute := media.MuteRecord{Recording: r.Recording, Leg: p.callerLeg, On: on}
		if x.can.RecordMute {
			x.must(mute)
		} else {
			x.lacks(mute)
		}
	}
	x.talk(p)
	x.must(media.Leave{Room: p.room, Leg: p.callerLeg}) // it goes on whatever room the leg is in
	x.left(p.room, p.callerLeg)
	play := x.plays(p.callerLeg, x.b.Prompt)
	x.playEnded(play, media.PlayDone)
	x.must(media.Probe{Leg: p.callerLeg, Recording: r.Recording})
	x.must(media.StopRecord{Recording: r.Recording, Leg: p.callerLeg})
	x.recorded(r, time.Since(began))
	x.must(media.StopRecord{Recording: r.Recording, Leg: p.callerLeg})
	x.must(media.StopRecord{Recording: mint[fact.RecordingID](x, "rec"), Leg: p.callerLeg})
	if x.can.RecordMute {
		x.refused(media.MuteRecord{Recording: r.Recording, Leg: p.callerLeg, On: true}, media.ErrNoLeg)
	}
	never(x, func(media.RecordEnded) bool { return true })
	x.recordedTwo(p)
}

// recordedTwo: a leg can be recorded again, and two legs at a time.
func (x *trial) recordedTwo(p pair) {
	x.Helper()
	began := time.Now()
	a, b := x.records(p.callerLeg), x.records(p.agentLeg)
	x.pause()
	x.must(media.StopRecord{Recording: b.Recording, Leg: p.agentLeg})
	x.recorded(b, time.Since(began))
	x.must(media.Probe{Leg: p.callerLeg, Recording: a.Recording})
	x.must(media.StopRecord{Recording: a.Recording, Leg: p.callerLeg})
	x.recorded(a, time.Since(began))
}

func recordLegEnds(x *trial) {
	for _, byFar := range []bool{true, false} {
		far, leg := x.talker()
		began := time.Now()
		r := x.records(leg)
		x.pause()
		if byFar {
			far.Hangup()
		} else {
			x.must(media.Hangup{Leg: leg})
		}
		x.endedBy(leg, byFar)
		x.recorded(r, time.Since(began))
	}
	never(x, func(media.RecordEnded) bool { return true })
}

// recordEndsWhileAway: what a driver was told to record has its last word from
// it, also when it could not hear the end.
func recordEndsWhileAway(x *trial) {
	far, leg := x.talker()
	began := time.Now()
	r := x.records(leg)
	mend := x.w.Cut()
	x.down(x.b.patience())
	x.pause()
	far.Hangup()
	far.Ended()
	took := time.Since(began)
	x.pause()
	mend()
	x.up()
	x.recorded(r, took)
	x.must(media.StopRecord{Recording: r.Recording, Leg: leg, Name: r.Name})
	never(x, func(media.RecordEnded) bool { return true })
}

func recordNames(x *trial) {
	_, leg := x.talker()
	for _, name := range []string{
		"", "/etc/x", "../x", "a/../../x", "/abs/../../x", "a/./b", "a//b", "a/", "a b", "a.wav", "a%2f..", "a\\b", "录音", "a\nb", "a&b",
	} {
		x.refused(media.Record{Recording: mint[fact.RecordingID](x, "rec"), Leg: leg, Name: name}, media.ErrInvalid)
	}
	never(x, func(media.RecordStarted) bool { return true })
	never(x, func(media.RecordFailed) bool { return true })
}
