// Package phrase is the catalogue of standard phrases (SPEC part B): what is
// prescribed for each profile, what a tenant and its queues say instead, which
// of several wordings is due, and how one is filled in. A phrase is named by
// key, profile and language (PHR-1); no profile ever lends another its words.
//
// The catalogue comes with huawu and does not change. What a tenant sets is
// Settings; both together are a Book. Everything here is a function of what it
// is given: time and the facts of a call are arguments.
package phrase

import "errors"

// Sentinels.
var (
	// ErrUnknown says that there is no such phrase, scene or profile.
	ErrUnknown = errors.New("not in the catalogue")
	// ErrNoProfile says that neither the question nor the settings name a
	// profile.
	ErrNoProfile = errors.New("no profile is chosen")
	// ErrMissing says that variables have no value: nothing is spoken then
	// (PHR-3).
	ErrMissing = errors.New("variables are missing")
	// ErrValue says that a value is not what its variable takes.
	ErrValue = errors.New("wrong value")
)
