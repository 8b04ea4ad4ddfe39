package call

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const (
	// recordStart is how long a recording may take to be written once it was
	// ordered. With recordAgain it is told within 5 s that there is none (SPEC
	// REC-5).
	recordStart = 3 * time.Second
	// recordAgain is from a recording that failed to the next try. It also lets
	// the end of a leg be heard after that of its recording. After recordTries
	// failures there is one every recordLater.
	recordAgain = time.Second
	recordTries = 3
	recordLater = 30 * time.Second
	// recordLong is how long a recording runs whose failure is news.
	recordLong = time.Minute
	// recordGate is how long an agent who has picked up waits for a recording
	// without which there is no talk.
	recordGate = 3 * time.Second
)

// The inputs of recordings.
type (
	// Policy says whether the call is recorded by the rules of the centre, and
	// whether nobody may talk in it unless it is. After Recorder it changes
	// nothing but Required, and what is Required is recorded whatever was ordered.
	Policy struct{ Recorded, Required bool }
	// Recorder begins or ends the recording of the call by an order, whatever the
	// rules say, until one requires it.
	Recorder struct{ On bool }
)

func (Policy) input()   {}
func (Recorder) input() {}

// The effects of recordings.
type (
	// Unrecorded says that the call is not recorded although it should be, the
	// first time that it is so. It is tried again.
	Unrecorded struct {
		Recording fact.RecordingID
		Reason    string
	}
	// Barred says that the agent who has picked up is kept from the talk for want
	// of a recording. The receiver takes the caller out of line.
	Barred struct{}
)

func (Unrecorded) effect() {}
func (Barred) effect()     {}

// Recording is one recording of the call.
type Recording struct {
	ID fact.RecordingID `json:"id"`
	// Leg is where it is made, Name the stem of its files, Began when it started,
	// or was asked for.
	Leg     fact.LegID           `json:"leg,omitempty"`
	Name    string               `json:"name"`
	Began   fact.Instant         `json:"began"`
	Started bool                 `json:"started,omitempty"`
	Closed  bool                 `json:"closed,omitempty"`
	Files   []fact.RecordingFile `json:"files,omitempty"`
	// Due is when it must have started, 0 once it has; Unsure says that it had
	// not, and that the switch may not have heard that it is not wanted any more.
	Due    fact.Instant `json:"due,omitempty"`
	Unsure bool         `json:"unsure,omitempty"`
	// Stopping says that it was ordered to end.
	Stopping bool `json:"stopping,omitempty"`
	// Masked says that silence is written since MaskedAt.
	Masked   bool         `json:"masked,omitempty"`
	MaskedAt fact.Instant `json:"masked_at,omitempty"`
	// Message is the script's token of the message that it is, 0 for the
	// recording of the call.
	Message int `json:"message,omitempty"`
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

func (c *Call) policy(in Policy) {
	c.Required = in.Required
	if in.Required || !c.Ordered {
		c.Recorded = in.Recorded
	}
}

func (c *Call) recorder(in Recorder) {
	c.Recorded, c.Ordered = in.On, true
	c.Retry, c.Lapses = 0, 0
}

// records says whether a leg is one to record at: the first leg, which hears all
// that is the call's, and the agent's who asks somebody, which the first one
// does not hear.
func (c *Call) records(l *Leg) bool {
	if !c.Recorded || !c.alive() || !l.there() || l.State != media.LegUp {
		return false
	}
	return l == c.First() || c.Side != nil && c.Side.Phase == SideTalking && l.ID == c.Side.By
}

// recordingAt is the recording of the call that is made at a leg, nil for none.
func (c *Call) recordingAt(l *Leg) *Recording {
	for i := range c.Files {
		if r := &c.Files[i]; r.Message == 0 && !r.Closed && !r.Stopping && c.madeAt(r) == l.ID {
			return r
		}
	}
	return nil
}

// madeAt is the leg that a recording is made at.
func (c *Call) madeAt(r *Recording) fact.LegID {
	if r.Leg == "" { // as an older huawu wrote it
		return c.First().ID
	}
	return r.Leg
}

// Running says whether the call is being recorded.
func (c *Call) Running() bool {
	r := c.recordingAt(c.First())
	return r != nil && r.Started
}

// keepRecordings begins what is to be recorded and is not, and ends what is not
// to be any more.
func (c *Call) keepRecordings() {
	for i := range c.Files {
		r := &c.Files[i]
		if r.Message != 0 || r.Closed || r.Stopping {
			continue
		}
		if l := c.Leg(c.madeAt(r)); c.alive() && l.there() && !c.records(l) {
			c.stopRecord(r)
		}
	}
	if c.Retry != 0 && c.records(c.Leg(c.Lapse.Leg)) {
		return
	}
	c.Retry = 0
	for _, l := range c.Legs {
		if c.records(l) && c.recordingAt(l) == nil {
			c.begin(l, 0)
		}
	}
}

// begin begins a recording at a leg: of the message of a token, or 0 of the
// call.
func (c *Call) begin(l *Leg, message int) {
	n := strconv.Itoa(len(c.Files) + 1)
	id := fact.On[fact.RecordingID](c.switchName(), string(c.ID)+recordingMark+n)
	name := c.now.Wall().Format("2006/01/02/") + string(c.ID) + "-" + n
	switch { // who comes by the file must know what it is
	case message != 0:
		name += "-message"
	case l != c.First():
		name += "-consult"
	}
	r := Recording{ID: id, Leg: l.ID, Name: name, Began: c.now.At, Message: message}
	if message == 0 {
		r.Due = c.now.At.Add(recordStart)
	}
	c.Files = append(c.Files, r)
	c.send(media.Record{Recording: id, Leg: l.ID, Name: name})
}

func (c *Call) stopRecord(r *Recording) {
	r.Stopping = true
	c.send(media.StopRecord{Recording: r.ID, Leg: c.madeAt(r), Name: r.Name})
}

func (c *Call) recording(e media.Event) {
	find := func(id fact.RecordingID) *Recording {
		for i := range c.Files {
			if c.Files[i].ID == id && !c.Files[i].Closed {
				return &c.Files[i]
			}
		}
		return nil
	}
	switch e := e.(type) {
	case media.RecordStarted:
		if r := find(e.Recording); r != nil && !r.Started {
			r.Started, r.Began, r.Due = true, c.now.At, 0
			c.emit(fact.Event{Kind: fact.RecordStarted, Leg: e.Leg, Recording: e.Recording})
			c.keepMasks(Masking{}, "")
		}
	case media.RecordEnded:
		if r := find(e.Recording); r != nil {
			r.Closed, r.Due, r.Files = true, 0, slices.Clone(e.Files)
			for i := range r.Files {
				f := &r.Files[i]
				if f.Began == 0 {
					f.Began = r.Began
				}
				c.emit(fact.Event{Kind: fact.RecordStopped, Leg: e.Leg, Recording: e.Recording, Name: f.Name, Millis: f.Millis, Reason: string(f.Side)})
			}
			c.recorded(r)
			c.lapsed(r, "it ended by itself")
		}
	case media.RecordFailed:
		c.unrecorded(find(e.Recording), e.Leg, e.Reason)
	}
}

func (c *Call) unrecorded(r *Recording, leg fact.LegID, why string) {
	if r == nil || r.Closed {
		return
	}
	r.Closed, r.Due = true, 0
	c.emit(fact.Event{Kind: fact.RecordFailed, Leg: leg, Recording: r.ID, Reason: why})
	c.recorded(r)
	c.lapsed(r, why)
}

// lapsed has a recording begun anew that is over and should not be.
func (c *Call) lapsed(r *Recording, why string) {
	if r.Message != 0 || r.Stopping || !c.records(c.Leg(c.madeAt(r))) || c.Retry != 0 {
		return
	}
	if r.Started && c.now.At.Sub(r.Began) >= recordLong {
		c.Lapses = 0
	}
	again := recordAgain
	if c.Lapses++; c.Lapses > recordTries {
		again = recordLater
	}
	c.Retry, c.Lapse = c.now.At.Add(again), Lapse{Recording: r.ID, Leg: c.madeAt(r), Reason: why}
}

// Lapse is the recording that has failed last.
type Lapse struct {
	Recording fact.RecordingID `json:"recording"`
	Leg       fact.LegID       `json:"leg"`
	Reason    string           `json:"reason"`
}

// recordDue lets the leases of recordings run out.
func (c *Call) recordDue() {
	due := func(at fact.Instant) bool { return at != 0 && c.now.At >= at }
	for i := range c.Files {
		if r := &c.Files[i]; due(r.Due) {
			r.Unsure = true
			c.send(media.StopRecord{Recording: r.ID, Leg: c.madeAt(r), Name: r.Name})
			c.unrecorded(r, c.madeAt(r), "it did not start within "+recordStart.String())
		}
	}
	if due(c.Retry) {
		c.Retry = 0
		if c.Lapses == 1 && c.records(c.Leg(c.Lapse.Leg)) {
			c.do(Unrecorded{Recording: c.Lapse.Recording, Reason: c.Lapse.Reason})
		}
	}
	if due(c.Gate) {
		c.Gate = 0
		c.do(Barred{})
	}
	if i := c.maskedBy(MaskOrder); i >= 0 && due(c.Masks[i].Until) {
		m := c.Masks[i]
		c.Masks = slices.Delete(c.Masks, i, i+1)
		c.keepMasks(Masking{Cause: m.Cause}, "its time is over")
	}
}

// recordNext is when the leases of recordings run out next, 0 for none.
func (c *Call) recordNext() (next fact.Instant) {
	soonest := func(at fact.Instant) {
		if at != 0 && (next == 0 || at < next) {
			next = at
		}
	}
	for i := range c.Files {
		soonest(c.Files[i].Due)
	}
	for i := range c.Masks {
		soonest(c.Masks[i].Until)
	}
	soonest(c.Retry)
	soonest(c.Gate)
	return next
}

// passes says whether the agent who has picked up may be brought to the caller.
// Without a recording that must be, the agent waits for one.
func (c *Call) passes() bool {
	if !c.Required || c.Running() {
		c.Gate = 0
		return true
	}
	if c.Gate == 0 {
		c.Gate = c.now.At.Add(recordGate)
	}
	return false
}

// openGate brings the two together once the recording runs, and forgets who has
// gone meanwhile.
func (c *Call) openGate() {
	p := c.Partner()
	switch {
	case c.Gate == 0:
	case c.Phase != Waiting || c.Taken == "" || p == nil || p.Offer != c.Taken:
		c.Gate = 0
	case c.passes():
		c.meet()
	}
}

// rerecord sees to the recordings that were known before the process died, so
// many. One that runs goes on. One that ended meanwhile, or that nobody knows
// to have begun, is asked for its files, which the new driver knows nothing of.
func (c *Call) rerecord(known int) {
	for i := range c.Files[:known] { // a message is not begun by a listing
		r := &c.Files[i]
		if l := c.Leg(c.madeAt(r)); !r.Closed && (!r.Started || l == nil || l.Gone) {
			c.stopRecord(r)
		}
	}
}

// unsure ends once more what the switch may not have been told to end.
func (c *Call) unsure() {
	for i := range c.Files {
		if r := &c.Files[i]; r.Unsure {
			r.Unsure = false
			c.send(media.StopRecord{Recording: r.ID, Leg: c.madeAt(r)})
		}
	}
}
