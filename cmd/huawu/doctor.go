package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/scripts/strict"
)

// doctorLimit bounds one look at one thing.
const doctorLimit = 30 * time.Second

// finding is one line of doctor's: where it looked, and what it found there.
type finding struct {
	// Subject is a switch's name, or "huawu".
	Subject string `json:"subject"`
	ari.Finding
}

// marks show the levels in a list.
var marks = map[ari.Level]string{ari.Right: "✓", ari.Warning: "!", ari.Wrong: "✗"}

func (a *app) doctorCommand() *cobra.Command {
	var s SwitchConfig
	c := &cobra.Command{
		Use: "doctor", Short: "Look at the switches and at this host: what is right, what is wrong, how to mend it",
		Long: `Looks at each switch of the configuration as huawu would use it, and at what huawu needs
on this host, and says line by line what is right (✓), what works with a drawback (!),
what is wrong (✗) and how to mend it. It changes nothing. With --url it looks at that
switch alone and needs no configuration. Exit code 1 when something is wrong.`,
		Example: `  huawu doctor
  huawu doctor --config /etc/huawu/huawu.yaml -o json
  huawu doctor --url http://10.0.0.5:8088 --user huawu --password-file ari-password`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			var all []finding
			if s.URL != "" {
				all = diagnose(ctx, s)
			} else {
				all = a.diagnoseHost(ctx)
			}
			if err := a.show(all, func() { a.printFindings(all) }); err != nil {
				return err
			}
			for _, f := range all {
				if f.Level == ari.Wrong {
					return errFound
				}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&s.URL, "url", "", "look at this switch alone: where Asterisk's HTTP server listens")
	f.StringVar(&s.Name, "name", "asterisk", "with --url: what to call it")
	f.StringVar(&s.User, "user", "huawu", "with --url: user of ARI")
	f.StringVar(&s.PasswordFile, "password-file", "", "with --url: file with the user's password")
	f.StringVar(&s.PasswordEnv, "password-env", "HUAWU_ARI_PASSWORD", "with --url: environment variable with it, when no file is named")
	f.StringVar(&s.App, "app", "huawu", "with --url: Stasis application")
	f.StringVar(&s.Contexts, "contexts", "huawu", "with --url: beginning of the contexts' names")
	f.StringVar(&s.Recordings, "recordings", "", "with --url: the switch's recording folder as this host sees it")
	return c
}

func (a *app) printFindings(all []finding) {
	subject, counts := "", map[ari.Level]int{}
	for _, f := range all {
		if f.Subject != subject {
			subject = f.Subject
			fmt.Fprintln(a.out, subject)
		}
		counts[f.Level]++
		fmt.Fprintf(a.out, "  %s %s: %s\n", marks[f.Level], f.Check, strings.ReplaceAll(f.What, "\n", "\n      "))
		if f.Remedy != "" {
			fmt.Fprintf(a.out, "      → %s\n", f.Remedy)
		}
	}
	a.line("%v right, %v wrong, %v with a drawback", counts[ari.Right], counts[ari.Wrong], counts[ari.Warning])
}

// diagnose looks at one switch.
func diagnose(ctx context.Context, s SwitchConfig) []finding {
	subject := "switch " + s.Name
	config, err := s.asterisk(slog.New(slog.DiscardHandler))
	if err != nil {
		return []finding{{subject, ari.Finding{Check: "configuration", Level: ari.Wrong, What: err.Error(),
			Remedy: "put the password of ari.conf's user where huawu looks for it"}}}
	}
	ctx, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	var all []finding
	for _, f := range ari.Diagnose(ctx, config) {
		all = append(all, finding{subject, f})
	}
	return all
}

// diagnoseHost looks at this host and at the switches of its configuration.
func (a *app) diagnoseHost(ctx context.Context) []finding {
	var all []finding
	find := func(level ari.Level, check, remedy, what string, args ...any) {
		all = append(all, finding{"huawu", ari.Finding{Check: check, Level: level, What: fmt.Sprintf(what, args...), Remedy: remedy}})
	}
	path := findConfig(a.config)
	c, err := loadConfig(path)
	if err != nil {
		find(ari.Wrong, "configuration", "correct it; \"huawu config check\" reads it again", "%v", err)
		return all
	}
	find(ari.Right, "configuration", "", "%s is right", path)
	switch _, err := c.dsn(); {
	case err != nil:
		find(ari.Wrong, "store", "put the DSN where the configuration says", "%v", err)
	case c.Store.SQLite != "":
		find(ari.Right, "store", "", "SQLite file %s", absolute(c.Store.SQLite))
	default:
		find(ari.Right, "store", "", "PostgreSQL, its DSN can be read")
	}
	dataDir("data directory", "data_dir", c.DataDir, find)
	dataDir("recordings of phrases", "prompts.recordings", c.Prompts.Recordings, find)
	tokens(c.TokenFile, find)
	firstCentre(ctx, c.Centre, find)
	speech(ctx, c.Prompts, find)
	service(ctx, c.Listen, find)
	for _, s := range c.Switches {
		all = append(all, diagnose(ctx, s)...)
	}
	return all
}

type finder func(level ari.Level, check, remedy, what string, args ...any)

// dataDir sees that a folder of huawu's can be written; setting is what names it.
func dataDir(what, setting, dir string, find finder) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		find(ari.Warning, what, "\"huawu serve\" makes it when it starts", "%s is not there yet", absolute(dir))
		return
	case err != nil || !info.IsDir():
		find(ari.Wrong, what, "name a folder as "+setting, "%s is no folder that can be read", absolute(dir))
		return
	}
	probe, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		find(ari.Wrong, what, "let the user who runs huawu write there", "%v", err)
		return
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		find(ari.Wrong, what, "see what is wrong with that disk", "%v", err)
		return
	}
	find(ari.Right, what, "", "%s can be written", absolute(dir))
}

// tokens sees that the token file can be used and is nobody else's.
func tokens(path string, find finder) {
	all, err := api.LoadTokens(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		find(ari.Warning, "tokens", "\"huawu serve\" makes it when it starts", "%s is not there yet", absolute(path))
		return
	case err != nil:
		find(ari.Wrong, "tokens", "write \"<name> <token> [admin|read]\" a line, and let huawu read it", "%v", err)
		return
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o044 != 0 {
		find(ari.Warning, "tokens", "chmod 600 "+absolute(path), "%s can be read by others", absolute(path))
		return
	}
	find(ari.Right, "tokens", "", "%d in %s", len(all), absolute(path))
}

// firstCentre sees that the centre to begin with can be used. Once the store
// has a centre, the file is not read any more.
func firstCentre(ctx context.Context, path string, find finder) {
	if path == "" {
		return
	}
	src, err := os.ReadFile(path)
	if err != nil {
		find(ari.Warning, "centre", "put the centre's document there, or take \"centre:\" out of the configuration",
			"%v; a start without a centre in the store needs it", err)
		return
	}
	if _, _, problems := readCentre(ctx, path, src); len(problems) > 0 {
		find(ari.Warning, "centre", "correct it; \"huawu flow check "+path+"\" reads it again",
			"%v; a start without a centre in the store needs it", &strict.Errors{Problems: problems})
		return
	}
	find(ari.Right, "centre", "", "%s is right", path)
}

// service asks a huawu that runs how it does. One that does not run is no
// fault of this host.
func service(ctx context.Context, listen string, find finder) {
	ctx, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listen+"/readyz", nil)
	if err != nil {
		find(ari.Wrong, "service", "correct listen", "%v", err)
		return
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		find(ari.Warning, "service", "start it with \"huawu serve\"", "no huawu runs at %s", listen)
		return
	}
	defer res.Body.Close()
	var r api.Readiness
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil {
		find(ari.Wrong, "service", "see who listens there, and give huawu another address", "what answers at %s is no huawu", listen)
		return
	}
	level, word := ari.Right, "ready"
	if !r.Ready {
		level, word = ari.Wrong, "not ready"
	}
	find(level, "service", "", "huawu at %s is %s", listen, word)
	for _, p := range r.Problems {
		find(ari.Warning, "service", "", "%s", p)
	}
}
