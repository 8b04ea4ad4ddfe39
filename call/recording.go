package call

import (
	"slices"
	"strings"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// record begins to write both sides of the first leg.
func (c *Call) record() {
	if !c.Recorded {
		return
	}
	c.begin(0)
}

// recordingMark divides a call's id from the number of its recording.
const recordingMark = "-rec"

// OfRecording is the call that a recording was begun for, "" when its id is
// not one of ours.
func OfRecording(id fact.RecordingID) fact.CallID {
	native := fact.Native(id)
	i := strings.LastIndex(native, recordingMark)
	if i < 0 {
		return ""
	}
	return fact.CallID(native[:i])
}

func (c *Call) recording(e media.Event) {
	find := func(id fact.RecordingID) *Recording {
		for i := range c.Files {
			if c.Files[i].ID == id {
				return &c.Files[i]
			}
		}
		return nil
	}
	switch e := e.(type) {
	case media.RecordStarted:
		if r := find(e.Recording); r != nil && !r.Started {
			r.Started, r.Began = true, c.now.At
			c.emit(fact.Event{Kind: fact.RecordStarted, Leg: e.Leg, Recording: e.Recording})
		}
	case media.RecordEnded:
		if r := find(e.Recording); r != nil && !r.Closed {
			r.Closed, r.Files = true, slices.Clone(e.Files)
			for i := range r.Files {
				f := &r.Files[i]
				if f.Began == 0 {
					f.Began = r.Began
				}
				c.emit(fact.Event{Kind: fact.RecordStopped, Leg: e.Leg, Recording: e.Recording, Name: f.Name, Millis: f.Millis, Reason: string(f.Side)})
			}
			c.recorded(r)
		}
	case media.RecordFailed:
		c.unrecorded(find(e.Recording), e.Leg, e.Reason)
	}
}

func (c *Call) unrecorded(r *Recording, leg fact.LegID, why string) {
	if r == nil || r.Closed {
		return
	}
	r.Closed = true
	c.emit(fact.Event{Kind: fact.RecordFailed, Leg: leg, Recording: r.ID, Reason: why})
	c.recorded(r)
}
