//go:build !linux

package main

// easeTimers has nothing to do here.
func easeTimers() {}
