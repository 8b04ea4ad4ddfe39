package engine

import (
	"os"

	"golang.org/x/sys/unix"
)

// dataFile is a file whose Sync leaves out what no reader needs: the time at
// which it was written.
type dataFile struct{ *os.File }

// Sync waits until the file's content and length are on disk.
func (f dataFile) Sync() error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = conn.Control(func(fd uintptr) {
		for {
			if failed = unix.Fdatasync(int(fd)); failed != unix.EINTR {
				return
			}
		}
	})
	if err == nil && failed != nil {
		err = os.NewSyscallError("fdatasync", failed)
	}
	return err
}
