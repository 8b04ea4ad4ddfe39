package api

import (
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/scripts/strict"
)

// norms checks what the tenant makes of the service norms.
func (k *checker) norms(c center.Config) {
	for _, f := range c.Norms.Check((&Document{Config: c}).queues(), strict.Suggest) {
		k.wrong("norms"+f.Field, f.What, f.Remedy)
	}
}
