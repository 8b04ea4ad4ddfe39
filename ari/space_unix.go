//go:build unix

package ari

import "golang.org/x/sys/unix"

// freeSpace is the bytes that an ordinary user may still write in a folder.
func freeSpace(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
