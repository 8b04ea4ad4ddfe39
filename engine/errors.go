package engine

import "errors"

// Sentinels of the engine.
var (
	// ErrStopped: the engine does not run, or not any more.
	ErrStopped = errors.New("the engine has stopped")
	// ErrBusy: too much waits for the loop; nothing happened, try again later.
	ErrBusy = errors.New("the centre is overloaded")
	// ErrJournal: the journal cannot be written, so nothing that must
	// outlive the process is accepted.
	ErrJournal = errors.New("the journal cannot be written")
	// ErrGap: what was asked for is older than what is at hand; the store
	// has it.
	ErrGap = errors.New("older than the feed reaches back")
	// ErrGone: what was asked for is older than the journal reaches back.
	ErrGone = errors.New("older than the journal reaches back")
	// ErrLocked: another process works on the data directory.
	ErrLocked = errors.New("data directory is in use")
	// ErrCorrupt: a file of the data directory is damaged where a crash
	// cannot have damaged it.
	ErrCorrupt = errors.New("corrupt")
	// ErrCursor: a cursor cannot be read, or belongs to another journal.
	ErrCursor = errors.New("invalid cursor")
)
