package main

import (
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// timerSlack is how much later than asked the kernel may wake a thread, so that
// it wakes fewer of them. The runtime of Go looks after its threads every 20 µs
// for as long as there is anything to do; between the events of a call that is
// half of all wake-ups and a fifth of the processor's time (docs/adr/0006). A
// timer of huawu's counts in milliseconds, and may be late by this.
const timerSlack = 10 * time.Millisecond

// easeTimers has the process go on with timerSlack, by executing itself once
// more: a thread's slack passes to those it begins, and the runtime's were begun
// before any code of ours. The process id stays. Where it cannot be done
// everything works as well, at more cost.
func easeTimers() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	self, err := os.Executable()
	if err != nil || eased() {
		return
	}
	// A thread of a real-time policy keeps none: it would execute for ever.
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(timerSlack), 0, 0, 0); err == nil && eased() {
		_ = syscall.Exec(self, os.Args, os.Environ())
	}
}

func eased() bool {
	slack, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	return err == nil && time.Duration(slack) >= timerSlack
}
