package mediatest

import (
	"fmt"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

func (c *Core) record(cmd media.Record) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	if !c.use("recording "+string(cmd.Recording)) || !c.use("file "+cmd.Name) {
		return usedBefore(cmd.Recording)
	}
	r := &recording{id: cmd.Recording, leg: l, name: cmd.Name, began: c.now}
	c.recordings[r.id] = r
	l.recordings = append(l.recordings, r)
	c.emit(media.RecordStarted{Recording: r.id, Leg: l.id})
	return nil
}

func (c *Core) muteRecord(cmd media.MuteRecord) error {
	if c.recordings[cmd.Recording] == nil {
		return fmt.Errorf("%s: %w", cmd.Recording, media.ErrNoLeg)
	}
	return nil
}

func (c *Core) stopRecord(cmd media.StopRecord) error {
	end, strange := c.strange[cmd.Recording]
	switch r := c.recordings[cmd.Recording]; {
	case r != nil:
		c.endRecording(r)
	case cmd.Name == "" || c.told[cmd.Recording]:
	case strange:
		c.told[cmd.Recording] = true
		c.emit(end)
	default:
		c.told[cmd.Recording] = true
		c.emit(media.RecordFailed{Recording: cmd.Recording, Leg: cmd.Leg, Reason: "there is no file of it"})
	}
	return nil
}

func (c *Core) spy(cmd media.Spy) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	by, err := c.findUp(cmd.By)
	if err != nil {
		return err
	}
	if by.held {
		return fmt.Errorf("%s is on hold in %s: %w", by.id, by.room.id, media.ErrRefused)
	}
	if !c.use("spy " + string(cmd.Spy)) {
		return usedBefore(cmd.Spy)
	}
	by.music = false
	c.hush(by, media.PlayDone)
	c.takeOut(by)
	c.endHearing(by)
	s := &spy{id: cmd.Spy, leg: l, by: by, whisper: cmd.Whisper}
	c.spies[s.id] = s
	l.spies = append(l.spies, s)
	by.spies = append(by.spies, s)
	return nil
}

func (c *Core) sendDigits(cmd media.SendDigits) error {
	l, err := c.findUp(cmd.Leg)
	if err != nil {
		return err
	}
	l.keyed += cmd.Digits
	return nil
}

// openTransfer is a transfer that a phone waits for an answer to.
func (c *Core) openTransfer(id fact.TransferID, of fact.LegID) (*transfer, error) {
	t := c.transfers[id]
	if t == nil || t.leg.id != of {
		return nil, fmt.Errorf("transfer %s: %w", id, media.ErrNoLeg)
	}
	return t, nil
}

func (c *Core) answerTransfer(cmd media.AnswerTransfer) error {
	t, err := c.openTransfer(cmd.Transfer, cmd.Leg)
	if err != nil || !cmd.Done {
		return err
	}
	delete(c.transfers, t.id)
	t.leg.told = &cmd.Done
	if !t.attended {
		c.end(t.leg, true, causeClearing, Goodbye{Here: true})
	}
	return nil
}

func (c *Core) refuseTransfer(cmd media.RefuseTransfer) error {
	t, err := c.openTransfer(cmd.Transfer, cmd.Leg)
	if err != nil {
		return err
	}
	delete(c.transfers, t.id)
	t.leg.told = new(bool)
	return nil
}
