package ari_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

var began = time.Now()

// clock is a steady clock.
func clock() fact.Instant {
	return fact.Instant(began.UnixMilli() + time.Since(began).Milliseconds())
}

// testLog has what the driver logs shown with a failed test.
func testLog(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}
