package center

// setQueueMode opens, pauses, drains or closes a queue.
func (c *Center) setQueueMode(SetQueueMode) error { return notYet("queue mode") }

// moveCaller puts a caller in another queue's line.
func (c *Center) moveCaller(MoveCaller) error { return notYet("move") }

// rankCaller gives a caller another priority.
func (c *Center) rankCaller(RankCaller) error { return notYet("rank") }

// kickCaller takes a caller out of line.
func (c *Center) kickCaller(KickCaller) error { return notYet("kick") }
