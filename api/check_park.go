package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/huawu/huawu/center"
)

// The bounds of the park.
const (
	maxSlot     = 99_999
	maxSlots    = 1000
	minParkTime = time.Second
	maxParkTime = time.Hour
)

// park checks the slots: numbers that nothing else answers to.
func (k *checker) park(c center.Config) {
	p := c.Park
	if p.Timeout != 0 && (p.Timeout < minParkTime || p.Timeout > maxParkTime) {
		k.wrong("park.timeout", fmt.Sprintf("a caller may be parked for %v", p.Timeout), fmt.Sprintf("write %v to %v", minParkTime, maxParkTime))
	}
	if p.From == 0 && p.To == 0 {
		return
	}
	if p.From < 1 || p.From > p.To || p.To > maxSlot || p.To-p.From >= maxSlots {
		k.wrong("park", fmt.Sprintf("slots from %d to %d", p.From, p.To), fmt.Sprintf("write from and to, 1 to %d, at most %d slots", maxSlot, maxSlots))
		return
	}
	taken := func(number, what string) {
		if n, err := strconv.Atoi(number); err == nil && p.Has(n) && strconv.Itoa(n) == number {
			k.wrong("park", fmt.Sprintf("slot %s is %s", number, what), "write other slots")
		}
	}
	for _, s := range c.Seats {
		taken(s.Extension, "the extension of "+string(s.Endpoint))
	}
	for _, a := range c.ACD.Agents {
		taken(string(a.ID), "an agent's number")
	}
	for _, code := range c.Codes {
		taken(code.Code, "a feature code")
	}
	for _, n := range c.Numbers {
		taken(n.Number, "a number that callers dial")
	}
	for n := p.From; n <= p.To; n++ {
		if c.Urgent(strconv.Itoa(n)) {
			k.wrong("park", fmt.Sprintf("slot %d is an emergency number", n), "write other slots")
		}
	}
}
