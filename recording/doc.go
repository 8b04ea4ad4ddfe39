// Package recording is what becomes of recordings after the call (SPEC A.5): they
// are collected from the switch's folder, both sides put into one stereo file, and
// written down in a chain of hashes, so that what is changed, or taken away, is
// found. What is older than its time is deleted, and the chain says so.
package recording
