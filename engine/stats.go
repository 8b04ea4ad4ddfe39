package engine

import "time"

// Stats is the engine's counters and gauges at one moment. Counters count from
// the start of the process.
type Stats struct {
	// Seq is the newest input's sequence number; Synced the newest one that
	// outlives a power cut; Followed the newest one that readers see.
	Seq, Synced, Followed uint64
	// Inputs counts inputs taken, Ticks those that were timers, Batches the
	// writes they came in.
	Inputs, Ticks, Batches uint64
	// InboxLen, InboxPeak and InboxSize are how many inputs wait, waited at
	// most since the start, and may wait.
	InboxLen, InboxPeak, InboxSize int
	// Effects counts the effects handed on; Commands those sent to a switch,
	// CommandsFailed what came back as CommandFailed, CommandsDropped those
	// that a hang-up or a full lane kept from being sent.
	Effects, Commands, CommandsFailed, CommandsDropped uint64
	// Lanes and LaneCommands are legs with commands under way and those
	// commands; LanePeak is the longest lane seen.
	Lanes, LaneCommands, LanePeak int
	// Looks counts look-ups, LooksLate those that ran into their deadline.
	Looks, LooksLate uint64
	// Fetches counts questions of flows to other systems, FetchesFailed those
	// that were not answered; FetchesWaiting are under way.
	Fetches, FetchesFailed uint64
	FetchesWaiting         int
	// Keeps counts promises that the store took, KeepsFailed those that it
	// did not, or too late; one may count in both. KeepsWaiting are under way.
	Keeps, KeepsFailed uint64
	KeepsWaiting       int
	// Overflows counts connections dropped because the inbox was full,
	// Resyncs every connection made anew on purpose, Aways how often the
	// loop was kept from turning for over a second.
	Overflows, Resyncs, Aways uint64
	// DeflectedBusy and DeflectedFallback count new legs sent back to the
	// dialplan at the high-water mark, and while draining or without a
	// journal.
	DeflectedBusy, DeflectedFallback uint64
	// JournalOK is false while the journal cannot be written, JournalErrors
	// counts failed writes, JournalBytes and JournalFiles are what lies on
	// disk, JournalPending is how many inputs wait in memory to be written.
	JournalOK      bool
	JournalErrors  uint64
	JournalBytes   int64
	JournalFiles   int
	JournalPending int
	// SyncLast is how long the last fsync took, StepMax the longest Step.
	SyncLast, StepMax time.Duration
	// Checkpoints counts checkpoints written, CheckpointSeq is the newest.
	Checkpoints   uint64
	CheckpointSeq uint64
	// StoreBehind is how many inputs the store is behind, StoreErrors counts
	// failed applications, and so for the queue log.
	StoreBehind, StoreErrors       uint64
	QueueLogBehind, QueueLogErrors uint64
}
