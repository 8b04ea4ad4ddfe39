package ari_test

import (
	"time"

	"github.com/huawu/huawu/fact"
)

var began = time.Now()

// clock is a steady clock.
func clock() fact.Instant {
	return fact.Instant(began.UnixMilli() + time.Since(began).Milliseconds())
}
