// Package engine is the shell round the centre: one loop that journals every
// input and steps the machine, a steady clock, outboxes to the switches,
// look-ups, and a follower that recomputes from the journal what readers and
// the store are told. It knows no queue and no call: those are the machine's.
//
// The data directory belongs to one process and holds
//
//	journal-<first>.log   every input, in order; see record
//	checkpoint-<seq>      the machine after an input, sealed; see checkpoint
//	key                   what secrets are sealed with; losing it loses them
//	closed                the journal ended whole at this input
//	lock                  held by the process; its id
//	effects.log           every effect, when asked for; see Replay
//	queuelog.json         how far the queue log is, when there is one
//
// Sequence numbers grow by one from input to input; a start after a crash
// leaves some out, so that none can come twice. The epoch names the directory's
// history.
package engine
