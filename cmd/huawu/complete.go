package main

import (
	"context"
	"slices"
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

// centreDocument is what completion reads of the centre's document.
type centreDocument struct {
	Pauses []struct{ ID, Name string }
	Order  struct{ Levels []struct{ ID string } }
	Seats  []struct{ Endpoint, Name string }
	Flows  []struct{ ID, Name string }
	Queues []struct{ Log []struct{ ID, Name string } }
}

// completeDocument offers what the centre's document has.
func (a *app) completeDocument(of func(centreDocument) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return idsOf(a, cmd, nil, "/centre", of)
	}
}

// completeLevels offers the levels of callers.
func (a *app) completeLevels(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	return a.completeDocument(func(d centreDocument) (ids []string) {
		for _, l := range d.Order.Levels {
			ids = append(ids, l.ID)
		}
		return ids
	})(cmd, args, prefix)
}

// completeFlows offers flows.
func (a *app) completeFlows(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	return a.completeDocument(func(d centreDocument) (ids []string) {
		for _, f := range d.Flows {
			ids = append(ids, f.ID+"\t"+f.Name)
		}
		return ids
	})(cmd, args, prefix)
}

// completeSeats offers the seats' phones.
func (a *app) completeSeats(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	return a.completeDocument(func(d centreDocument) (ids []string) {
		for _, s := range d.Seats {
			ids = append(ids, s.Endpoint+"\t"+s.Name)
		}
		return ids
	})(cmd, args, prefix)
}

// completeLogFields offers fields that queues want written, up to the "=".
func (a *app) completeLogFields(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	ids, directive := a.completeDocument(func(d centreDocument) (ids []string) {
		for _, q := range d.Queues {
			for _, f := range q.Log {
				if word := f.ID + "=\t" + f.Name; !slices.Contains(ids, word) {
					ids = append(ids, word)
				}
			}
		}
		return ids
	})(cmd, args, prefix)
	return ids, directive | cobra.ShellCompDirectiveNoSpace
}

// completeFlagBy completes a flag of a command.
func (a *app) completeFlagBy(c *cobra.Command, flag string, by cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
		return by(cmd, nil, prefix)
	}); err != nil { // the flag is not defined: a mistake of the caller's
		panic(err)
	}
}

// completePauses offers the reasons for which agents of this centre may pause.
func (a *app) completePauses(cmd *cobra.Command) ([]string, cobra.ShellCompDirective) {
	ids, directive := idsOf(a, cmd, nil, "/centre", func(d centreDocument) (ids []string) {
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
