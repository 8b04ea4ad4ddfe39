package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
)

// completeStoredFlows offers the flows of the centre's document.
func (a *app) completeStoredFlows(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return idsOf(a, cmd, args, "/flows", func(all api.FlowList) (ids []string) {
		for _, f := range all.Items {
			ids = append(ids, string(f.ID))
		}
		return ids
	})
}

func flowAt(id string) string { return "/flows/" + url.PathEscape(id) }

func (a *app) flowList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the flows of the centre", Example: "  huawu flow list", Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var all api.FlowList
			if err := c.get(cmd.Context(), "/flows", nil, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, f := range all.Items {
					rows = append(rows, []any{f.ID, f.Language, f.Nodes, strings.Join(f.Numbers, ","), strings.Join(f.Codes, ",")})
				}
				a.table([]string{"Flow", "Language", "Nodes", "Numbers", "Codes"}, rows)
			})
		},
	}
}

func (a *app) flowShow() *cobra.Command {
	var version int64
	c := &cobra.Command{
		Use: "show FLOW", Short: "Print a flow as YAML",
		Example: "  huawu flow show hotline > hotline.yaml\n  huawu flow show hotline --version 3",
		Args:    takes("FLOW"), ValidArgsFunction: a.completeStoredFlows,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), requestLimit)
			defer cancel()
			src, err := c.raw(ctx, http.MethodGet, flowAt(args[0]), query("version", number(version)), nil, "", "")
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.show(map[string]string{"flow": args[0], "source": string(src)}, nil)
			}
			_, err = a.out.Write(src)
			return err
		},
	}
	c.Flags().Int64Var(&version, "version", 0, "as it was in this version of the centre")
	return c
}

// number is a number of a query, left out when it is 0.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// older says how to see the versions before those that are listed, 0 for none.
func (a *app) older(before int64) {
	if before > 0 {
		a.line("older ones: --before %v", strconv.FormatInt(before, 10))
	}
}

func (a *app) flowHistory() *cobra.Command {
	var before int64
	c := &cobra.Command{
		Use: "history FLOW", Short: "List the versions of the centre in which a flow changed, the newest first",
		Example: "  huawu flow history hotline", Args: takes("FLOW"), ValidArgsFunction: a.completeStoredFlows,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var all api.FlowHistory
			if err := c.get(cmd.Context(), flowAt(args[0])+"/versions", query("before", number(before)), &all); err != nil {
				return err
			}
			return a.show(all, func() {
				var rows [][]any
				for _, v := range all.Versions {
					rows = append(rows, []any{v.Version.Version, a.word(v.Change), v.By, clock(v.Saved.UnixMilli())})
				}
				a.table([]string{"Version", "Change", "By", "Saved"}, rows)
				a.older(all.Before)
			})
		},
	}
	c.Flags().Int64Var(&before, "before", 0, "older than this version")
	return c
}

func (a *app) flowDiff() *cobra.Command {
	var from, to int64
	c := &cobra.Command{
		Use: "diff FLOW", Short: "Show what differs between two versions of a flow",
		Long: `Shows what differs between two versions of a flow: by default between what it is and what it
was before it changed last.`,
		Example: "  huawu flow diff hotline\n  huawu flow diff hotline --from 3 --to 7",
		Args:    takes("FLOW"), ValidArgsFunction: a.completeStoredFlows,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var diff api.FlowDiff
			if err := c.get(cmd.Context(), flowAt(args[0])+"/diff", query("from", number(from), "to", number(to)), &diff); err != nil {
				return err
			}
			return a.show(diff, func() { fmt.Fprint(a.out, diff.Diff) })
		},
	}
	c.Flags().Int64Var(&from, "from", 0, "as it was in this version of the centre")
	c.Flags().Int64Var(&to, "to", 0, "as it was in this version; the newest when left out")
	return c
}

func (a *app) flowRollback() *cobra.Command {
	var to int64
	c := &cobra.Command{
		Use: "rollback FLOW", Short: "Make a flow again what it was",
		Long: `Makes a flow again what it was before it changed last, or with --to what it was in a version
of the centre; a flow that was removed comes back. Everything else stays. It is a change like
any other: checked, audited, the centre's next version. New calls run the flow as it is then,
calls under way go on in the one that they began with.`,
		Example: "  huawu flow rollback hotline\n  huawu flow rollback hotline --to 3",
		Args:    takes("FLOW"), ValidArgsFunction: a.completeStoredFlows,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			return a.changePart(cmd.Context(), c, http.MethodPost, flowAt(args[0])+"/rollback", 0, api.Rollback{To: to})
		},
	}
	c.Flags().Int64Var(&to, "to", 0, "as it was in this version of the centre")
	return c
}
