// Package engine is the shell round the centre: one loop that journals every
// input and steps the machine, a steady clock, outboxes to the switches,
// look-ups, and a follower that recomputes from the journal what readers and
// the store are told. It knows no queue and no call: those are the machine's.
package engine
