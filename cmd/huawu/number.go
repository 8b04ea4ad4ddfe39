package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/huawu/huawu/api"
)

func (a *app) numberCommand() *cobra.Command {
	return partCommand(a, part[api.NumberConfig]{
		one: "number", many: "numbers", arg: "NUMBER", short: "Say which flow a dialled number runs",
		sample: "02155550000", settings: "--flow main",
		completes: map[string]cobra.CompletionFunc{"flow": a.completeFlows},
		key:       func(c api.NumberConfig) string { return c.Number },
		label:     func(c api.NumberConfig) string { return string(c.Flow) },
		list: func(all api.Listed[api.NumberConfig]) {
			var rows [][]any
			for _, n := range all.Items {
				rows = append(rows, []any{n.Number, n.Flow})
			}
			a.table([]string{"Number", "Flow"}, rows)
		},
		show: func(n api.NumberConfig) { a.fields("Number", n.Number, "Flow", n.Flow) },
		flags: func(f *pflag.FlagSet, wish *api.NumberConfig) map[string]func(*api.NumberConfig) {
			f.StringVar((*string)(&wish.Flow), "flow", "", "what happens to who calls it")
			return map[string]func(*api.NumberConfig){"flow": func(c *api.NumberConfig) { c.Flow = wish.Flow }}
		},
	})
}
