package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
)

func (a *app) auditCommand() *cobra.Command {
	var by, action, target string
	var limit int
	c := &cobra.Command{
		Use: "audit", Short: "List who changed what, the latest first",
		Example: "  huawu audit --target agent/1001\n  huawu audit --action centre.save --limit 10",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q := query("by", by, "action", action, "target", target)
			q.Set("limit", strconv.Itoa(limit))
			var answer api.AuditList
			if err := c.get(cmd.Context(), "/audit", q, &answer); err != nil {
				return err
			}
			return a.show(answer, func() {
				rows := make([][]any, len(answer.Rows))
				for i, r := range answer.Rows {
					rows[i] = []any{clock(r.Wall.UnixMilli()), r.By, r.Via, r.Action, r.Target, string(r.Before), string(r.After)}
				}
				a.table([]string{"At", "By", "Via", "Action", "Target", "Before", "After"}, rows)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&by, "by", "", "only by this name")
	f.StringVar(&action, "action", "", "only this action, such as agent.sign-in")
	f.StringVar(&target, "target", "", "only to this, such as agent/1001")
	f.IntVar(&limit, "limit", 50, "how many at most, up to 1000")
	return c
}
