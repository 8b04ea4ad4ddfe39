package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/huawu/huawu/api"
)

// part is a kind of parts of the centre's document: how the command line names,
// shows and changes them.
type part[C any] struct {
	one, many, arg string // "trunk", "trunks", "TRUNK"
	short          string
	// sample is an id, settings are flags that make one.
	sample, settings string
	// key is what a part is named by, label what a shell shows beside it.
	key, label func(C) string
	list       func(api.Listed[C])
	show       func(C)
	// flags define what may be set on f, read into wish; each flag's function
	// takes over what it was given.
	flags func(f *pflag.FlagSet, wish *C) map[string]func(*C)
	// completes offers values of flags.
	completes map[string]cobra.CompletionFunc
}

// partCommand is "huawu KIND list|show|set|remove".
func partCommand[C any](a *app, p part[C]) *cobra.Command {
	path := "/" + p.many
	completes := func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		return idsOf(a, cmd, args, path, func(all api.Listed[C]) (ids []string) {
			for _, c := range all.Items {
				ids = append(ids, p.key(c)+"\t"+p.label(c))
			}
			return ids
		})
	}
	listing := &cobra.Command{
		Use: "list", Short: "List " + p.many, Example: "  huawu " + p.one + " list", Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var all api.Listed[C]
			if err := c.get(cmd.Context(), path, nil, &all); err != nil {
				return err
			}
			return a.show(all, func() { p.list(all) })
		},
	}
	showing := &cobra.Command{
		Use: "show " + p.arg, Short: "Show one as it is configured", Example: "  huawu " + p.one + " show " + p.sample,
		Args: takes(p.arg), ValidArgsFunction: completes,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var one C
			if err := c.get(cmd.Context(), path+"/"+url.PathEscape(args[0]), nil, &one); err != nil {
				return err
			}
			return a.show(one, func() { p.show(one) })
		},
	}
	removing := &cobra.Command{
		Use: "remove " + p.arg, Short: "Remove one that nothing names any more", Example: "  huawu " + p.one + " remove " + p.sample,
		Args: takes(p.arg), ValidArgsFunction: completes,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			return a.changePart(cmd.Context(), c, http.MethodDelete, path+"/"+url.PathEscape(args[0]), 0, nil)
		},
	}
	return group(p.one, p.short, listing, showing, settingCommand(a, p, path, completes), removing)
}

// settingCommand makes a part, or changes of it what its flags say.
func settingCommand[C any](a *app, p part[C], path string, completes cobra.CompletionFunc) *cobra.Command {
	var wish C
	setting := &cobra.Command{
		Use: "set " + p.arg, Short: "Make one, or change what the flags say",
		Long: `Makes one, or changes of it what the flags say and leaves the rest. A list, divided by
commas, takes the place of the one before; "" empties it. The change is the centre's
next version, checked as a whole, and is in effect when the command returns.`,
		Example: "  huawu " + p.one + " set " + p.sample + " " + p.settings,
		Args:    takes(p.arg), ValidArgsFunction: completes,
	}
	into := p.flags(setting.Flags(), &wish)
	for flag, by := range p.completes {
		a.completeFlagBy(setting, flag, by)
	}
	setting.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := a.connect()
		if err != nil {
			return err
		}
		var all api.Listed[C]
		if err := c.get(cmd.Context(), path, nil, &all); err != nil {
			return err
		}
		var one C
		if i := slices.IndexFunc(all.Items, func(c C) bool { return p.key(c) == args[0] }); i >= 0 {
			one = all.Items[i]
		}
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if set := into[f.Name]; set != nil {
				set(&one)
			}
		})
		return a.changePart(cmd.Context(), c, http.MethodPut, path+"/"+url.PathEscape(args[0]), all.Version, one)
	}
	return setting
}

// changePart changes a part of the document, unless another version than the
// one that was read, 0 for any, is the newest.
func (a *app) changePart(ctx context.Context, c *client, method, path string, from int64, body any) error {
	ctx, cancel := context.WithTimeout(ctx, applyLimit)
	defer cancel()
	header := http.Header{"Content-Type": {""}, "Accept": {"application/json"}, "If-Match": {""}}
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		header.Set("Content-Type", "application/json")
	}
	if from > 0 {
		header.Set("If-Match", strconv.Quote(strconv.FormatInt(from, 10)))
	}
	res, err := c.open(ctx, method, path, nil, content, header)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var done api.ChangeDone
	if err := json.NewDecoder(res.Body).Decode(&done); err != nil {
		return fmt.Errorf("%s %s: the answer is no huawu's: %w", method, path, err)
	}
	return a.show(done, func() { a.printChange(done, false) })
}

// entries are the entries of a list flag; an empty one empties the list.
func entries(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.TrimSpace(s) == "" })
}
