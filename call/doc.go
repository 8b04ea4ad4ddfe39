// Package call is one call as a pure machine: its legs, its room, what is
// played and recorded, how long it was in which phase, and why it ended. It
// does not know queues or flows; those that do tell it what to do, and it
// tells them what came of it.
package call
