package center

import "github.com/huawu/huawu/call"

// transferAsked answers a phone that wants its talk to go elsewhere.
func (c *Center) transferAsked(k *contact, e call.TransferAsked) {
	c.step(k, call.Refuse{Transfer: e.Transfer, Leg: e.Leg, To: e.To})
}
