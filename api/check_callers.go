package api

import (
	"fmt"
	"slices"
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
	flows := flowNames(c)
	if d := string(c.Callers.Denied); d != "" && !slices.Contains(flows, d) {
		k.wrong("callers.denied", fmt.Sprintf("there is no flow %q", d), known(flows))
	}
	if limit := c.Callers.Strikes.Limit; limit < 0 || limit > center.MaxStrikes {
		k.wrong("callers.strikes.limit", fmt.Sprintf("%d", limit), fmt.Sprintf("write 1 to %d, or leave it out for 3", center.MaxStrikes))
	}
	if within := c.Callers.Strikes.Within; within < 0 || within > maxHistory {
		k.wrong("callers.strikes.within", fmt.Sprintf("%v", within), fmt.Sprintf("write up to %v, or leave it out for 30 days", maxHistory))
	}
}
