package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/huawu/huawu/api"
)

func (a *app) routeCommand() *cobra.Command {
	type route = api.RouteConfig
	return partCommand(a, part[route]{
		one: "route", many: "routes", arg: "ROUTE", short: "Say by which trunks dialled numbers go",
		sample: "city", settings: "--prefixes 021,5 --trunks carrier,spare",
		key:   func(c route) string { return c.ID },
		label: func(c route) string { return strings.Join(c.Prefixes, ",") },
		list: func(all api.Listed[route]) {
			var rows [][]any
			for _, r := range all.Items {
				rows = append(rows, []any{r.ID, strings.Join(r.Prefixes, ","), strings.Join(r.Trunks, ","), r.Number, r.Class})
			}
			a.table([]string{"Route", "Prefixes", "Trunks", "Number", "Class"}, rows)
		},
		show: func(r route) {
			a.fields("Route", r.ID, "Prefixes", strings.Join(r.Prefixes, ","), "Trunks", strings.Join(r.Trunks, ","), "Number", r.Number, "Class", r.Class)
		},
		flags: func(f *pflag.FlagSet, wish *route) map[string]func(*route) {
			f.StringSliceVar(&wish.Prefixes, "prefixes", nil, "of the numbers that go this way; none for all")
			f.StringSliceVar(&wish.Trunks, "trunks", nil, "in the order of being tried")
			f.StringVar(&wish.Number, "number", "", "what the called party sees, else the trunk's")
			f.StringVar(&wish.Class, "class", "", "the only class of service that may go this way")
			return map[string]func(*route){
				"prefixes": func(c *route) { c.Prefixes = entries(wish.Prefixes) },
				"trunks":   func(c *route) { c.Trunks = entries(wish.Trunks) },
				"number":   func(c *route) { c.Number = wish.Number },
				"class":    func(c *route) { c.Class = wish.Class },
			}
		},
	})
}
