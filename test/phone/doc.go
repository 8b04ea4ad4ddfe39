// Package phone is a SIP phone for tests: it registers, answers OPTIONS, rings,
// answers, refuses, holds, transfers and hangs up, and it speaks and hears real
// RTP. It sings a tone instead of talking, and tells tones apart in what it
// hears, so that a test can prove who hears whom.
//
// The messages are sipgo's; dialogs and transactions are its own, because a test
// needs a phone that misbehaves (says nothing, does not say that it rings) and
// that notes the time of each message at the socket.
package phone
