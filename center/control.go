package center

import "fmt"

// notYet refuses what this version does not do.
func notYet(what string) error { return fmt.Errorf("%s: %w: not yet", what, ErrInvalid) }

// holdCall lets a caller hear music, or brings the caller back.
func (c *Center) holdCall(HoldCall) error { return notYet("hold") }

// muteCall keeps an agent from being heard, or ends that.
func (c *Center) muteCall(MuteCall) error { return notYet("mute") }

// transferCall gives a talk away at once.
func (c *Center) transferCall(TransferCall) error { return notYet("transfer") }
