package main

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/scripts/strict"
)

// The commands of this file work on files; they need no huawu that runs.

func (a *app) configCommand() *cobra.Command {
	check := &cobra.Command{
		Use: "check [FILE]", Short: "Check a configuration without starting anything",
		Example: "  huawu config check\n  huawu config check /etc/huawu/huawu.yaml",
		Args:    atMostOne,
		RunE: func(_ *cobra.Command, args []string) error {
			path := a.config
			if len(args) > 0 {
				path = args[0]
			}
			path = findConfig(path)
			c, err := loadConfig(path)
			if err != nil {
				return err
			}
			for _, s := range c.Switches {
				if _, err := s.asterisk(slog.New(slog.DiscardHandler)); err != nil {
					return err
				}
			}
			if _, err := c.dsn(); err != nil {
				return err
			}
			return a.show(map[string]string{"config": path, "outcome": "right"}, func() { a.line("the configuration %s is right", path) })
		},
	}
	return group("config", "Check the configuration", check)
}

func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("%w: %s takes one file; see %s --help", errUsage, cmd.CommandPath(), cmd.CommandPath())
	}
	return nil
}

// has says whether a document has a key at its top.
func has(src []byte, key string) bool {
	line, column := strict.Locate(src, key)
	top, left := strict.Locate(src, "")
	return line != top || column != left
}

func problemsOf(file string, err error) []strict.Problem {
	if wrong := (*strict.Errors)(nil); errors.As(err, &wrong) {
		return wrong.Problems
	}
	return []strict.Problem{{File: file, What: err.Error()}}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  huawu version", Args: takes(),
		RunE: func(*cobra.Command, []string) error {
			v := map[string]string{"version": version(), "go": runtime.Version()}
			return a.show(v, func() { fmt.Fprintf(a.out, "huawu %s (%s)\n", v["version"], v["go"]) })
		},
	}
}
