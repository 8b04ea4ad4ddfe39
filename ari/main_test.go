package ari_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// atExit is what tests that share something leave to be closed.
var atExit []func() error

func TestMain(m *testing.M) {
	code := m.Run()
	for _, f := range atExit {
		if err := f(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
