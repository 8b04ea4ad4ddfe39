package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/huawu/huawu/api"
)

func (a *app) classCommand() *cobra.Command {
	type class = api.ClassConfig
	return partCommand(a, part[class]{
		one: "class", many: "classes", arg: "CLASS", short: "Say what phones may dial: classes of service",
		sample: "lobby", settings: "--extensions --routes city",
		key:   func(c class) string { return c.ID },
		label: func(c class) string { return strings.Join(c.Routes, ",") },
		list: func(all api.Listed[class]) {
			var rows [][]any
			for _, c := range all.Items {
				rows = append(rows, []any{c.ID, strings.Join(c.Routes, ","), a.yes(c.Extensions)})
			}
			a.table([]string{"Class", "Routes", "Colleagues"}, rows)
		},
		show: func(c class) {
			a.fields("Class", c.ID, "Routes", strings.Join(c.Routes, ","), "Colleagues", a.yes(c.Extensions))
		},
		flags: func(f *pflag.FlagSet, wish *class) map[string]func(*class) {
			f.StringSliceVar(&wish.Routes, "routes", nil, "those that it may use")
			f.BoolVar(&wish.Extensions, "extensions", false, "it may dial colleagues")
			return map[string]func(*class){
				"routes":     func(c *class) { c.Routes = entries(wish.Routes) },
				"extensions": func(c *class) { c.Extensions = wish.Extensions },
			}
		},
	})
}
