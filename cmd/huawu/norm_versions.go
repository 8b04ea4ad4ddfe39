package main

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/norms"
)

func (a *app) normVersions() *cobra.Command {
	var before int64
	c := &cobra.Command{
		Use: "versions NORM", Short: "List how a norm came to be set as it is: when, by whom, and to what",
		Example: "  huawu norm versions hld-7",
		Args:    takes("NORM"), ValidArgsFunction: completeNorms,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var h api.NormHistory
			if err := c.get(cmd.Context(), "/norms/"+url.PathEscape(ruleID(args[0]))+"/versions", query("before", number(before)), &h); err != nil {
				return err
			}
			return a.show(h, func() {
				var rows [][]any
				for _, v := range h.Versions {
					set := make([]string, len(v.Settings))
					for i, s := range v.Settings {
						set[i] = a.setting(s)
					}
					if len(set) == 0 {
						set = []string{a.normWord(string(norms.OfRule))}
					}
					rows = append(rows, []any{v.Version.Version, clock(v.Saved.UnixMilli()), v.By, strings.Join(set, "; ")})
				}
				a.table([]string{"Version", "Saved", "By", "Set to"}, rows)
				a.older(h.Before)
			})
		},
	}
	c.Flags().Int64Var(&before, "before", 0, "older than this version of the document")
	return c
}

// setting is what a tenant or a queue makes of a norm, in short.
func (a *app) setting(s norms.Setting) string {
	var words []string
	if s.Queue != "" {
		words = append(words, string(s.Queue)+":")
	}
	if s.Mode != "" {
		words = append(words, a.normWord(string(s.Mode)))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Values)) {
		words = append(words, name+"="+string(s.Values[name]))
	}
	return strings.Join(words, " ")
}
