package api

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/center"
)

// maxHistory is the longest that an earlier call may count.
const maxHistory = 366 * 24 * time.Hour

// callers checks what counts of callers' earlier calls.
func (k *checker) callers(c center.Config) {
	for _, span := range []struct {
		field string
		is    time.Duration
	}{{"repeat", c.Callers.Repeat}, {"agent", c.Callers.Agent}} {
		if span.is < 0 || span.is > maxHistory {
			k.wrong("callers."+span.field, fmt.Sprintf("%v back", span.is), fmt.Sprintf("write up to %v, such as 24h", maxHistory))
		}
	}
}
