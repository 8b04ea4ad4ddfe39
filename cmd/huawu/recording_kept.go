package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
)

// keptCommands are those about recordings that are kept.
func (a *app) keptCommands() []*cobra.Command {
	return []*cobra.Command{a.tapesCommand(), a.tapeCommand(), a.protectionCommand("protect", "Keep the recordings of a call from being deleted"),
		a.protectionCommand("unprotect", "Have the recordings of a call deleted when their time has come"), a.gapsCommand(), a.verifyCommand()}
}

func (a *app) tapesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list CALL", Short: "List the recordings of a call that has ended", Example: "  huawu recording list " + sampleCall,
		Args: takes("CALL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var all api.CallTapes
			if err := c.get(cmd.Context(), "/calls/"+url.PathEscape(args[0])+"/recordings", nil, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				rows := make([][]any, len(all.Recordings))
				for i, t := range all.Recordings {
					rows[i] = []any{t.N, a.code(t.Kind), span(t.Millis), a.yes(t.Kept), a.yes(all.Protected)}
				}
				a.table([]string{"Recording", "Kind", "For", "In archive", "Protected"}, rows)
			})
		},
	}
}

func (a *app) tapeCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "get CALL [N]", Short: "Fetch the audio of a recording: stereo, the agent left, who is served right",
		Long:    "Fetches a recording of a call, the first one or number N of \"list\", as WAV: the agent\nleft, who is served right. Each time is in the audit log.",
		Example: "  huawu recording get " + sampleCall + " -f talk.wav\n  huawu recording get " + sampleCall + " 2 -f -",
		Args:    takes("CALL", "[N]"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			n := 1
			if len(args) > 1 {
				if n, err = strconv.Atoi(args[1]); err != nil || n < 1 {
					return fmt.Errorf("%w: recording %q: want its number, 1 or more", errUsage, args[1])
				}
			}
			if file == "" {
				return fmt.Errorf("%w: say where the audio goes: -f FILE, or -f - for standard output", errUsage)
			}
			c, err := a.connect()
			if err != nil {
				return err
			}
			res, err := c.open(cmd.Context(), http.MethodGet, "/calls/"+url.PathEscape(args[0])+"/recordings/"+strconv.Itoa(n), nil, nil, http.Header{"Accept": {"audio/wav"}})
			if err != nil {
				return err
			}
			defer res.Body.Close()
			if file == "-" {
				_, err = io.Copy(a.out, res.Body)
				return err
			}
			f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
			if err != nil {
				return fmt.Errorf("write the audio: %w", err)
			}
			if _, err = io.Copy(f, res.Body); err != nil {
				_ = f.Close() // the first fault counts
				return fmt.Errorf("write the audio: %w", err)
			}
			return f.Close()
		},
	}
	c.Flags().StringVarP(&file, "file", "f", "", "where the audio goes; - is standard output")
	return c
}

func (a *app) protectionCommand(verb, short string) *cobra.Command {
	var body api.Protection
	c := &cobra.Command{
		Use: verb + " CALL", Short: short, Example: "  huawu recording " + verb + " " + sampleCall + " --note 投诉",
		Args: takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			if body.Note == "" {
				return fmt.Errorf("%w: say why with --note", errUsage)
			}
			c, err := a.connect()
			if err != nil {
				return err
			}
			var done api.ProtectionDone
			if err := c.send(cmd.Context(), http.MethodPost, "/calls/"+url.PathEscape(args[0])+"/"+verb, nil, body, &done); err != nil {
				return err
			}
			return a.show(done, func() {
				if done.Protected {
					a.line("the recordings of call %s are protected", args[0])
				} else {
					a.line("the recordings of call %s are not protected", args[0])
				}
			})
		},
	}
	c.Flags().StringVar(&body.Note, "note", "", "why, for people: in the chain of the archive and in the audit log")
	return c
}

func (a *app) gapsCommand() *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use: "gaps", Short: "Show which calls are not recorded as long as somebody talked in them",
		Long:    "Shows which calls of at most 31 days are not recorded as long as somebody talked in them,\nand how much of the talk is. Exit code 1 when there are some.",
		Example: "  huawu recording gaps --from 24h\n  huawu recording gaps --from 2026-11-01 --to 2026-12-01 -o json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			q := url.Values{}
			if err := spanned(q, from, to); err != nil {
				return err
			}
			c, err := a.connect()
			if err != nil {
				return err
			}
			var r api.GapReport
			if err := c.get(cmd.Context(), "/recordings/gaps", q, &r); err != nil {
				return err
			}
			err = a.show(r, func() {
				if len(r.Gaps) > 0 {
					rows := make([][]any, len(r.Gaps))
					for i, g := range r.Gaps {
						rows[i] = []any{g.Call, clock(g.Began), g.From, g.To, g.Queue, g.Agent, span(g.Talk), span(g.Recorded), a.code(g.Reason)}
					}
					a.table([]string{"Call", "Began", "From", "To", "Queue", "Agent", "Talk", "Recorded", "Reason"}, rows)
				}
				a.line("%d of %d calls are recorded whole, %.3f %% of the talk", r.Whole, r.Calls, r.Coverage)
			})
			if err == nil && len(r.Gaps) > 0 {
				err = errFound
			}
			return err
		},
	}
	c.Flags().StringVar(&from, "from", "24h", "calls that began "+fromWhen)
	c.Flags().StringVar(&to, "to", "", "calls that began "+toWhen)
	return c
}

func (a *app) verifyCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use: "verify", Short: "Check every recording that is kept against the chain of hashes",
		Long: `Walks the chain of the archive and hashes every file: a byte that was changed, a file that
is gone or that nobody kept, and an entry that was taken out are found. It needs the files
alone, and no huawu that runs. Who notes the last hash elsewhere finds by it next time
whether the end was cut off. Exit code 1 when something is found.`,
		Example: "  huawu recording verify\n  huawu recording verify --dir /mnt/backup/archive -o json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				c, err := loadConfig(findConfig(a.config))
				if err != nil {
					return err
				}
				if dir = c.Recordings.Dir; dir == "" {
					return fmt.Errorf("%w: the configuration has no recordings.dir; name an archive with --dir", errUsage)
				}
			}
			r, err := verifyArchive(cmd.Context(), dir)
			if err != nil {
				return err
			}
			err = a.show(r, func() {
				for _, w := range r.Wrong {
					a.line("%s: %s", w.File, w.What)
				}
				a.line("%d entries, %d files, %d things wrong; the last hash is %s", r.Entries, r.Files, len(r.Wrong), r.Last)
			})
			if err == nil && len(r.Wrong) > 0 {
				err = errFound
			}
			return err
		},
	}
	c.Flags().StringVar(&dir, "dir", "", "the archive; the configuration's recordings.dir when left out")
	return c
}
