package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
)

// supervision checks who may supervise what, and by which keys.
func (k *checker) supervision(c center.Config) {
	for i, a := range c.ACD.Agents {
		at := fmt.Sprintf("agents[%d].supervises", i)
		if len(a.Supervises) > 0 && !a.Supervisor {
			k.wrong(at, fmt.Sprintf("agent %s is no supervisor", a.ID), "write supervisor: true, or leave supervises out")
		}
		for j, id := range a.Supervises {
			if !slices.ContainsFunc(c.ACD.Queues, func(q routing.Queue) bool { return q.ID == id }) {
				k.wrong(fmt.Sprintf("%s[%d]", at, j), fmt.Sprintf("there is no queue %q", id), known(queueNames(c)))
			}
		}
	}
	keys := c.Supervision.Keys
	seen := map[string]string{}
	for _, key := range []struct{ field, is, usual string }{
		{"listen", keys.Listen, "4"}, {"whisper", keys.Whisper, "5"}, {"barge", keys.Barge, "6"}, {"take_over", keys.TakeOver, center.NoKey},
	} {
		at, is := "supervision.keys."+key.field, key.is
		if is == "" {
			is = key.usual
		}
		if is == center.NoKey {
			continue
		}
		if len(is) != 1 || !strings.Contains("0123456789*#", is) {
			k.wrong(at, fmt.Sprintf("%q is no key", is), "write one of 0-9 * #, or "+center.NoKey)
		} else if seen[is] != "" {
			k.wrong(at, fmt.Sprintf("key %s is that of %s, too", is, seen[is]), "give each a key of its own, or "+center.NoKey)
		}
		seen[is] = key.field
	}
}

func queueNames(c center.Config) []string {
	all := make([]string, 0, len(c.ACD.Queues))
	for _, q := range c.ACD.Queues {
		all = append(all, string(q.ID))
	}
	return all
}
