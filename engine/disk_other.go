//go:build !linux

package engine

import "os"

// dataFile is a file.
type dataFile struct{ *os.File }
