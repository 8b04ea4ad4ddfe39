package api

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/scripts/strict"
)

// norms checks what the tenant makes of the service norms.
func (k *checker) norms(c center.Config) {
	for _, f := range c.Norms.Check((&Document{Config: c}).queues(), strict.Suggest) {
		k.wrong("norms"+f.Field, f.What, f.Remedy)
	}
}

// oddNorms are the settings that are others than before and have no effect.
func oddNorms(before, after norms.Settings) []Fault {
	var all []Fault
	for i, e := range after {
		if slices.ContainsFunc(before, func(old norms.Setting) bool { return reflect.DeepEqual(old, e) }) {
			continue
		}
		for _, f := range (norms.Settings{e}).Odd() {
			all = append(all, Fault{Message: f.What, Location: fmt.Sprintf("norms[%d]%s", i, f.Field[len("[0]"):]), Remedy: f.Remedy})
		}
	}
	return all
}
