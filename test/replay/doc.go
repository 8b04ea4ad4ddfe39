// Package replay holds the journal to what it promises: replayed, it gives the
// effects that the engine carried out, byte for byte, and nothing that was
// typed in secret lies in it or beside it in the clear. Once on a switch in
// memory in virtual time, once, with the build tag asterisk, with real calls.
package replay
