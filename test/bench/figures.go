package main

import (
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
)

// spread is a sample of durations.
type spread []time.Duration

func (s spread) at(share float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	slices.Sort(s)
	i := int(share*float64(len(s))+0.999999) - 1
	return s[min(max(i, 0), len(s)-1)]
}

// offers are the first INVITEs that went out to the agents.
func offers(all []message, agents string) []message {
	var out []message
	seen := map[string]bool{}
	for _, m := range all {
		if m.Method == "INVITE" && m.To == agents && !seen[m.CallID] {
			seen[m.CallID] = true
			out = append(out, m)
		}
	}
	return out
}

// turnaround is the time from an agent's BYE to the next INVITE at that agent.
func turnaround(all []message, agents string) spread {
	agent := map[string]string{} // by Call-ID
	freed := map[string]time.Time{}
	closed := map[string]bool{}
	var s spread
	for _, m := range all {
		switch {
		case m.Method == "INVITE" && m.To == agents && agent[m.CallID] == "":
			agent[m.CallID] = m.User
			if at, ok := freed[m.User]; ok {
				s = append(s, m.At.Sub(at))
				delete(freed, m.User)
			}
		case m.Method == "BYE" && m.From == agents && !closed[m.CallID]:
			closed[m.CallID] = true
			freed[agent[m.CallID]] = m.At
		}
	}
	return s
}

// reaction is the time from a caller's INVITE to the INVITE at the agent.
func reaction(all []message, callers, agents string) spread {
	asked := map[string]time.Time{}
	var s spread
	for _, m := range all {
		if m.Method != "INVITE" {
			continue
		}
		switch {
		case strings.HasPrefix(m.From, callers):
			if _, again := asked[m.Caller]; !again {
				asked[m.Caller] = m.At
			}
		case m.To == agents:
			if at, ok := asked[m.Caller]; ok {
				s = append(s, m.At.Sub(at))
				delete(asked, m.Caller)
			}
		}
	}
	return s
}

// abreast is how far apart two INVITEs may be and still count as sent at once:
// offers made in one step leave by lanes of their own.
const abreast = 20 * time.Millisecond

// overtakings counts the offers that were made while somebody who had come
// earlier was still without one. order is the callers in the order in which
// the line took them.
func overtakings(all []message, agents string, order []string) (unfair, made int) {
	place := map[string]int{}
	for i, caller := range order {
		if _, twice := place[caller]; !twice {
			place[caller] = i
		}
	}
	entered := map[string]time.Time{}
	offered := map[string]time.Time{}
	for _, m := range all {
		if m.Method == "INVITE" && m.To != agents {
			if _, again := entered[m.Caller]; !again {
				entered[m.Caller] = m.At
			}
		}
	}
	list := offers(all, agents)
	for _, m := range list {
		if _, again := offered[m.Caller]; !again {
			offered[m.Caller] = m.At
		}
	}
	for _, m := range list {
		mine, known := place[m.Caller]
		if !known {
			continue
		}
		made++
		for _, earlier := range order[:mine] {
			if at, ok := offered[earlier]; ok && at.Sub(m.At) > abreast && entered[earlier].Before(m.At) {
				unfair++
				break
			}
		}
	}
	return unfair, made
}

// orders are the callers in the order of their StasisStart, in that in which the
// line took them, and in that of the offers made for them.
func orders(events []rig.Event) (came, joined, offered []string) {
	number := map[fact.CallID]string{}
	for _, e := range events {
		switch e.Kind {
		case fact.CallOffered:
			number[e.Call] = e.Event.From
			came = append(came, e.Event.From)
		case fact.QueueJoined:
			joined = append(joined, number[e.Call])
		case fact.QueueOffered:
			offered = append(offered, number[e.Call])
		}
	}
	return came, joined, offered
}

// decided counts the same by the order in which huawu made its offers.
func decided(order, offered []string) (unfair int) {
	place := map[string]int{}
	for i, caller := range order {
		place[caller] = i
	}
	done := map[string]bool{}
	next := 0
	for _, caller := range offered {
		for next < len(order) && done[order[next]] {
			next++
		}
		if next < len(order) && place[caller] > place[order[next]] && !done[caller] {
			unfair++
		}
		done[caller] = true
	}
	return unfair
}
