package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

// completeLimit bounds what a shell waits for.
const completeLimit = 2 * time.Second

// idsOf offers ids for the first argument; nothing when huawu does not answer.
func idsOf[T any](a *app, cmd *cobra.Command, args []string, path string, of func(T) []string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	c, err := a.connect()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completeLimit)
	defer cancel()
	var answer T
	if err := c.get(ctx, path, nil, &answer); err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return of(answer), cobra.ShellCompDirectiveNoFileComp
}

// completePauses offers the reasons for which agents of this centre may pause.
func (a *app) completePauses(cmd *cobra.Command) ([]string, cobra.ShellCompDirective) {
	type document struct {
		Pauses []struct{ ID, Name string }
	}
	ids, directive := idsOf(a, cmd, nil, "/centre", func(d document) (ids []string) {
		for _, p := range d.Pauses {
			ids = append(ids, p.ID+"\t"+p.Name)
		}
		return ids
	})
	if len(ids) == 0 {
		return pauses, directive
	}
	return ids, directive
}
