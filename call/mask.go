package call

import (
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// MaskCause is why silence is written into the recordings of a call instead of
// what is said (SPEC RUL-PRV-2).
type MaskCause string

// The causes. Each begins and ends by itself, and silence is written while there
// is one.
const (
	MaskScene  MaskCause = "scene"  // a scene in which a secret is told
	MaskDigits MaskCause = "digits" // keys are typed that nobody may see
	MaskOrder  MaskCause = "order"  // somebody wants it, for a time
)

// Mask writes silence into the recordings of the call instead of what is said,
// or ends that. The same again sets another time.
type Mask struct {
	On    bool
	Cause MaskCause
	// For is after how long it ends by itself, 0 for never.
	For time.Duration
	// Who wants it, with which Note.
	Who, Note string
}

func (Mask) input() {}

// Masking is why silence is written, since when, and until when at the latest, 0
// for as long as the cause lasts.
type Masking struct {
	Cause MaskCause    `json:"cause"`
	Since fact.Instant `json:"since"`
	Until fact.Instant `json:"until,omitempty"`
	Who   string       `json:"who,omitempty"`
	Note  string       `json:"note,omitempty"`
}

// maskedBy is the place of a cause in Masks, -1 for none.
func (c *Call) maskedBy(cause MaskCause) int {
	return slices.IndexFunc(c.Masks, func(m Masking) bool { return m.Cause == cause })
}

// Masked says whether a cause has silence written into the recordings.
func (c *Call) Masked(cause MaskCause) bool { return c.maskedBy(cause) >= 0 }

func (c *Call) mask(in Mask) {
	m := Masking{Cause: in.Cause, Since: c.now.At, Who: in.Who, Note: in.Note}
	if in.For > 0 {
		m.Until = c.now.At.Add(in.For)
	}
	i := c.maskedBy(in.Cause)
	switch {
	case in.On && i >= 0:
		m.Since = c.Masks[i].Since
		c.Masks[i] = m
	case in.On:
		c.Masks = append(c.Masks, m)
	case i >= 0:
		c.Masks = slices.Delete(c.Masks, i, i+1)
	}
	c.keepMasks(m, "")
}

// keepMasks has silence written into the recordings that run while there is a
// cause. By is what has changed; of a recording that starts it is the first cause.
func (c *Call) keepMasks(by Masking, why string) {
	on := len(c.Masks) > 0
	if on && by.Cause == "" {
		by = c.Masks[0]
	}
	for i := range c.Files {
		r := &c.Files[i]
		if r.Message != 0 || r.Closed || !r.Started || r.Masked == on {
			continue
		}
		c.masked(r, on, by, why)
		c.send(media.MuteRecord{Recording: r.ID, Leg: c.madeAt(r), On: on})
	}
}

// masked keeps since when silence is written into a recording.
func (c *Call) masked(r *Recording, on bool, by Masking, why string) {
	r.Masked = on
	e := fact.Event{Kind: fact.RecordResumed, Leg: c.madeAt(r), Recording: r.ID, Name: string(by.Cause), Who: by.Who, Note: by.Note, Reason: why}
	if on {
		e.Kind, r.MaskedAt = fact.RecordPaused, c.now.At
	} else {
		e.Millis, r.MaskedAt = int64(c.now.At-r.MaskedAt), 0
	}
	c.emit(e)
}

// unmaskable is the switch's word that it did not do so: nobody is to think that
// something is not recorded that is.
func (c *Call) unmaskable(id fact.RecordingID, why string) {
	for i := range c.Files {
		if r := &c.Files[i]; r.ID == id && r.Masked {
			c.masked(r, false, Masking{}, why)
		}
	}
}

// remask says again after an outage what the switch may not have heard.
func (c *Call) remask() {
	for i := range c.Files {
		if r := &c.Files[i]; !r.Closed && r.Masked {
			c.send(media.MuteRecord{Recording: r.ID, Leg: c.madeAt(r), On: true})
		}
	}
}
