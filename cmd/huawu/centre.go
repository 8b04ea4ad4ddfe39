package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
)

func (a *app) applyCommand() *cobra.Command {
	var file string
	var dry bool
	c := &cobra.Command{
		Use: "apply", Short: "Make a document the centre's next version",
		Long: `Makes a YAML or JSON document what the centre works by: checked as a whole, the
difference shown, saved as a new version, and in effect when the command returns.
Applying the same document again changes nothing. Live calls keep the flow that they
began with.`,
		Example: "  huawu apply -f centre.yaml --dry-run\n  huawu apply -f centre.yaml\n  huawu centre show | sed s/15s/20s/ | huawu apply -f -",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" {
				return fmt.Errorf("%w: apply needs -f FILE, or -f - for standard input", errUsage)
			}
			src, err := a.read(file)
			if err != nil {
				return err
			}
			return a.put(cmd.Context(), "/centre", file, src, dry)
		},
	}
	c.Flags().StringVarP(&file, "file", "f", "", "the document, - for standard input")
	c.Flags().BoolVar(&dry, "dry-run", false, "check it and show what would change")
	return c
}

// put makes a document, or a section of it, the centre's, and shows what
// changes by it.
func (a *app) put(ctx context.Context, path, file string, src []byte, dry bool) error {
	q := query("name", file)
	if dry {
		q.Set("dry_run", "true")
	}
	var done api.ChangeDone
	if err := a.exchange(ctx, http.MethodPut, path, q, src, "application/yaml", &done); err != nil {
		return err
	}
	return a.show(done, func() { a.printChange(done, dry) })
}

func (a *app) printChange(done api.ChangeDone, dry bool) {
	fmt.Fprint(a.out, done.Diff)
	for _, f := range done.Odd {
		a.line("odd: %v", f.Message+"; "+f.Remedy)
	}
	version := strconv.FormatInt(done.Version, 10)
	switch {
	case dry:
		switch {
		case done.PINs == 1:
			a.line("1 PIN would be set")
		case done.PINs > 0:
			a.line("%v PINs would be set", done.PINs)
		}
		a.line("dry run: nothing has been changed")
	default:
		switch {
		case done.PINs == 1:
			a.line("1 PIN set")
		case done.PINs > 0:
			a.line("%v PINs set", done.PINs)
		}
		if !done.Changed {
			a.line("nothing to change, version %v holds", version)
			return
		}
		a.line("version %v is in effect", version)
	}
}

// read reads a file, "-" for standard input.
func (a *app) read(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(a.in)
	}
	return os.ReadFile(file)
}

func (a *app) centreCommand() *cobra.Command {
	var version int64
	showing := &cobra.Command{
		Use: "show", Short: "Print the centre's document as YAML, as JSON with -o json",
		Example: "  huawu centre show > centre.yaml\n  huawu centre show --version 3",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q := query("format", map[string]string{"json": "json", "table": "yaml"}[a.output])
			if version != 0 {
				q.Set("version", strconv.FormatInt(version, 10))
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), requestLimit)
			defer cancel()
			text, err := c.raw(ctx, http.MethodGet, "/centre", q, nil, "", "")
			if err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		},
	}
	showing.Flags().Int64Var(&version, "version", 0, "an older version")
	versions := &cobra.Command{
		Use: "versions", Short: "List the versions of the centre, the newest first", Example: "  huawu centre versions",
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var answer api.VersionList
			if err := c.get(cmd.Context(), "/centre/versions", nil, &answer); err != nil {
				return err
			}
			return a.show(answer, func() {
				rows := make([][]any, len(answer.Versions))
				for i, v := range answer.Versions {
					rows[i] = []any{v.Version, v.By, clock(v.Saved.UnixMilli()), a.mark(v.Version == answer.InEffect)}
				}
				a.table([]string{"Version", "By", "Saved", "In effect"}, rows)
			})
		},
	}
	return group("centre", "Look at the centre's document and its versions", showing, versions)
}
