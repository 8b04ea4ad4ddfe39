// Package prompts proves, with the real text-to-speech engine, that what the
// shipped flows say can be spoken (build tag asterisk).
package prompts
