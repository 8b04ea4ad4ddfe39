// Package ari drives Asterisk as a media.Switch: commands by REST, events by
// one websocket (Asterisk REST Interface, 22.4 and later). It also prints the
// configuration that an Asterisk needs for that, and diagnoses one.
//
// The rules it keeps are measured ones; the design's ari-cookbook gives them
// with their figures, and each has a test named after it.
package ari
