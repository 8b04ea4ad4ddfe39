//go:build !unix

package ari

import "errors"

// freeSpace is not to be had here.
func freeSpace(string) (uint64, error) { return 0, errors.ErrUnsupported }
