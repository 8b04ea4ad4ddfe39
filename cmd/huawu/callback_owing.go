package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
)

// callbackTime are the flags that say when.
func callbackTime(c *cobra.Command, t *api.CallbackTime) {
	f := c.Flags()
	f.StringVar(&t.After, "after", "", "not before this instant, such as 2026-12-01T09:00:00+08:00")
	f.StringVar(&t.Due, "due", "", "by this instant at the latest")
	f.StringVar((*string)(&t.DueSource), "due-source", "", "who has named it: agent, or customer: then it is made at that time, whatever the windows")
	f.BoolVar(&t.Override, "override", false, "let it be made outside the windows; your name is kept")
	complete(c, "due-source", "agent", "customer")
}

func (a *app) callbackCreateCommand() *cobra.Command {
	var n api.NewCallback
	c := &cobra.Command{
		Use: "create NUMBER", Short: "Enter a call that is owed",
		Example: "  huawu callback create 13800138000 --queue sales --due 2026-12-01T18:00:00+08:00 --due-source agent --reason 报修",
		Args:    takes("NUMBER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			n.Number = args[0]
			var done api.CallbackDone
			if err := c.send(cmd.Context(), http.MethodPost, "/callbacks", nil, n, &done); err != nil {
				return err
			}
			return a.show(done, func() { a.printCallback(done.Callback) })
		},
	}
	f := c.Flags()
	f.StringVar(&n.Queue, "queue", "", "whose agents make it")
	f.StringVar(&n.Agent, "agent", "", "who is to make it, if that one is there")
	f.StringVar(&n.Name, "name", "", "of who is called")
	f.StringVar(&n.Customer, "customer", "", "what other systems call who is called")
	f.StringVar(&n.Case, "case", "", "what other systems call what it is about")
	f.StringVar(&n.Reason, "reason", "", "for people")
	f.StringVar(&n.Language, "language", "", "that is spoken")
	f.StringVar(&n.Zone, "zone", "", "IANA zone of who is called, the tenant's when left out")
	f.IntVar(&n.Priority, "priority", 0, "0 to 100, as of a caller in line")
	callbackTime(c, &n.CallbackTime)
	a.completeFlagBy(c, "queue", a.completeQueues)
	a.completeFlag(c, "agent")
	return c
}

func (a *app) callbackRescheduleCommand() *cobra.Command {
	var t api.CallbackTime
	c := &cobra.Command{
		Use: "reschedule CALLBACK", Short: "Give a callback another time; what was tried counts no more",
		Example: "  huawu callback reschedule cb-mws624z0oq1-00000012 --due 2026-12-01T13:00:00+08:00 --due-source customer",
		Args:    takes("CALLBACK"), ValidArgsFunction: a.completeCallbacks,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var done api.CallbackDone
			if err := c.send(cmd.Context(), http.MethodPost, "/callbacks/"+url.PathEscape(args[0])+"/reschedule", nil, t, &done); err != nil {
				return err
			}
			return a.show(done, func() { a.printCallback(done.Callback) })
		},
	}
	callbackTime(c, &t)
	return c
}

// callbackAsk is a command that asks the centre something about a callback.
func (a *app) callbackAsk(use, short, example, path string, takesArgs cobra.PositionalArgs, body func(args []string) any) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Example: "  huawu callback " + example, Args: takesArgs, ValidArgsFunction: a.completeCallbacks,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var done api.CallbackRun
			if err := c.send(cmd.Context(), http.MethodPost, "/callbacks/"+url.PathEscape(args[0])+path, nil, body(args), &done); err != nil {
				return err
			}
			return a.show(done, func() { a.fields("Callback", args[0]) })
		},
	}
}

func (a *app) callbackDueCommand() *cobra.Command {
	var within time.Duration
	var queue string
	var limit int
	c := &cobra.Command{
		Use: "due", Short: "List calls that are due soon, or should have been made",
		Example: "  huawu callback due\n  huawu callback due --within 24h --queue sales",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q := query("state", string(callback.Open), "queue", queue, "due_before", time.Now().Add(within).Format(time.RFC3339))
			q.Set("limit", strconv.Itoa(limit))
			var all api.CallbackList
			if err := c.get(cmd.Context(), "/callbacks", q, &all); err != nil {
				return err
			}
			slices.SortStableFunc(all.Callbacks, func(x, y callback.Callback) int { return int(min(1, max(-1, x.Due-y.Due))) })
			return a.show(all, func() {
				rows := make([][]any, len(all.Callbacks))
				for i, b := range all.Callbacks {
					rows[i] = []any{b.ID, clock(b.Due), b.Number, b.Queue, b.Agent, b.Attempts, a.code(b.Outcome), a.code(b.Reason)}
				}
				a.table([]string{"Callback", "Due", "Number", "Queue", "Agent", "Attempts", "Outcome", "Reason"}, rows)
			})
		},
	}
	f := c.Flags()
	f.DurationVar(&within, "within", time.Hour, "how soon")
	f.StringVar(&queue, "queue", "", "only of this queue")
	f.IntVar(&limit, "limit", 100, "how many at most, up to 1000")
	a.completeFlagBy(c, "queue", a.completeQueues)
	return c
}

func (a *app) callbackForecastCommand() *cobra.Command {
	var queue string
	var agents int
	var each time.Duration
	c := &cobra.Command{
		Use: "forecast", Short: "Say which promises would be broken with so many agents",
		Example: "  huawu callback forecast --agents 3 --each 5m",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			q := query("queue", queue)
			q.Set("agents", strconv.Itoa(agents))
			q.Set("each", strconv.Itoa(int(each/time.Second)))
			var f callback.Forecast
			if err := c.get(cmd.Context(), "/callbacks/forecast", q, &f); err != nil {
				return err
			}
			return a.show(f, func() {
				a.fields("Open", f.Open, "Kept", f.Kept, "Broken", len(f.Broken), "Over", clock(f.Done))
				rows := make([][]any, len(f.Broken))
				for i, b := range f.Broken {
					rows[i] = []any{b.Callback, b.Number, b.Queue, clock(b.By), clock(b.Start)}
				}
				if len(rows) > 0 {
					a.table([]string{"Callback", "Number", "Queue", "Due", "Turn"}, rows)
				}
			})
		},
	}
	f := c.Flags()
	f.StringVar(&queue, "queue", "", "only of this queue")
	f.IntVar(&agents, "agents", 0, "how many do nothing else; 0 for those who are signed in")
	f.DurationVar(&each, "each", 5*time.Minute, "how long one callback takes")
	a.completeFlagBy(c, "queue", a.completeQueues)
	return c
}

func (a *app) callbackImportCommand() *cobra.Command {
	return &cobra.Command{
		Use: "import FILE", Short: "Enter calls that are owed from a CSV file, - for standard input",
		Long: "Enter calls that are owed from a CSV file whose first line names the columns: " + strings.Join(callbackColumns(), ", ") +
			". Number and queue are required. All are checked before the first is kept; at most 1000.",
		Example: "  huawu callback import promises.csv", Args: takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			in := cmd.InOrStdin()
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return fmt.Errorf("import callbacks: %w", err)
				}
				defer f.Close()
				in = f
			}
			all, err := readCallbacks(in)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			var done api.CallbacksDone
			if err := c.send(cmd.Context(), http.MethodPost, "/callbacks/import", nil, api.Callbacks{Callbacks: all}, &done); err != nil {
				return err
			}
			return a.show(done, func() {
				rows := make([][]any, len(done.Callbacks))
				for i, b := range done.Callbacks {
					rows[i] = []any{b.ID, b.Number, b.Queue, clock(b.Due)}
				}
				a.table([]string{"Callback", "Number", "Queue", "Due"}, rows)
			})
		},
	}
}

// maxImport is how many callbacks one file may have.
const maxImport = 1000

var errColumns = errors.New("invalid CSV")

// columns are where each column of a CSV file goes.
var columns = []struct {
	name string
	to   func(*api.NewCallback) *string
}{
	{"number", func(n *api.NewCallback) *string { return &n.Number }}, {"queue", func(n *api.NewCallback) *string { return &n.Queue }},
	{"agent", func(n *api.NewCallback) *string { return &n.Agent }}, {"name", func(n *api.NewCallback) *string { return &n.Name }},
	{"customer", func(n *api.NewCallback) *string { return &n.Customer }}, {"case", func(n *api.NewCallback) *string { return &n.Case }},
	{"reason", func(n *api.NewCallback) *string { return &n.Reason }}, {"language", func(n *api.NewCallback) *string { return &n.Language }},
	{"zone", func(n *api.NewCallback) *string { return &n.Zone }}, {"after", func(n *api.NewCallback) *string { return &n.After }},
	{"due", func(n *api.NewCallback) *string { return &n.Due }},
	{"due_source", func(n *api.NewCallback) *string { return (*string)(&n.DueSource) }},
}

func callbackColumns() (names []string) {
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}

// readCallbacks reads a CSV file of callbacks.
func readCallbacks(in io.Reader) ([]api.NewCallback, error) {
	r := csv.NewReader(in)
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("the first line: %w: %w", errColumns, err)
	}
	to := make([]func(*api.NewCallback) *string, len(head))
	for i, name := range head {
		at := slices.IndexFunc(columns, func(c struct {
			name string
			to   func(*api.NewCallback) *string
		}) bool {
			return c.name == strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		})
		if at < 0 {
			return nil, fmt.Errorf("column %q: %w: want %s", name, errColumns, strings.Join(callbackColumns(), ", "))
		}
		to[i] = columns[at].to
	}
	var all []api.NewCallback
	for {
		row, err := r.Read()
		switch {
		case errors.Is(err, io.EOF) && len(all) == 0:
			return nil, fmt.Errorf("%w: no line has a callback", errColumns)
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("%w: %w", errColumns, err)
		case len(all) == maxImport:
			return nil, fmt.Errorf("%w: more than %d lines; divide the file", errColumns, maxImport)
		}
		var n api.NewCallback
		for i, field := range row {
			*to[i](&n) = strings.TrimSpace(field)
		}
		all = append(all, n)
	}
}
