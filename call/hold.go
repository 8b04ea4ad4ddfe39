package call

// hold lets a leg of the talk hear music, or brings it back.
func (c *Call) hold(Hold) {}

// mute keeps a leg of the talk from being heard, or lets it be again.
func (c *Call) mute(Mute) {}
