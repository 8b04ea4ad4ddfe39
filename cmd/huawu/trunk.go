package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
)

func (a *app) trunkCommand() *cobra.Command {
	type trunk = api.TrunkConfig
	return partCommand(a, part[trunk]{
		one: "trunk", many: "trunks", arg: "TRUNK", short: "Keep the ways to the outside and see what they carry",
		sample: "carrier", settings: "--endpoint 'PJSIP/{number}@carrier' --number 02155550000 --capacity 30",
		key:   func(c trunk) string { return c.ID },
		label: func(c trunk) string { return c.Endpoint },
		list: func(all api.Listed[trunk]) {
			live := map[string]center.TrunkView{}
			for _, v := range all.Live {
				live[v.ID] = v
			}
			var rows [][]any
			for _, t := range all.Items {
				v := live[t.ID]
				rows = append(rows, []any{t.ID, t.Endpoint, t.Number, v.Live, unlimited(t.Capacity), v.Calls, v.Failed, clock(v.Rests)})
			}
			a.table([]string{"Trunk", "Endpoint", "Number", "In use", "Capacity", "Calls", "Failed", "Rests until"}, rows)
		},
		show: func(t trunk) {
			a.fields("Trunk", t.ID, "Endpoint", t.Endpoint, "Number", t.Number, "Prefixes", strings.Join(t.Prefixes, ","),
				"Capacity", unlimited(t.Capacity), "Cadence", t.Cadence, "Failover", causes(t.Failover))
		},
		flags: func(f *pflag.FlagSet, wish *trunk) map[string]func(*trunk) {
			f.StringVar(&wish.Endpoint, "endpoint", "", "with {number} where the dialled number goes")
			f.StringVar(&wish.Number, "number", "", "what the called party sees")
			f.StringSliceVar(&wish.Prefixes, "prefixes", nil, "of the numbers that it takes, where there are no routes")
			f.IntVar(&wish.Capacity, "capacity", 0, "calls at once, both ways; 0 for no limit")
			f.StringVar(&wish.Cadence, "cadence", "", "from one ring to the next")
			f.IntSliceVar(&wish.Failover, "failover", nil, "causes of Q.850 after which the next trunk is tried")
			return map[string]func(*trunk){
				"endpoint": func(c *trunk) { c.Endpoint = wish.Endpoint },
				"number":   func(c *trunk) { c.Number = wish.Number },
				"prefixes": func(c *trunk) { c.Prefixes = entries(wish.Prefixes) },
				"capacity": func(c *trunk) { c.Capacity = wish.Capacity },
				"cadence":  func(c *trunk) { c.Cadence = wish.Cadence },
				"failover": func(c *trunk) { c.Failover = wish.Failover },
			}
		},
	})
}

// unlimited is a bound for people, nothing where there is none.
func unlimited(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// causes joins causes of Q.850.
func causes(all []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(all), " ", ","), "[]")
}
