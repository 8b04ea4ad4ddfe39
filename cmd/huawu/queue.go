package main

import (
	"net/url"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
)

func (a *app) queueCommand() *cobra.Command {
	listing := &cobra.Command{
		Use: "list", Short: "List queues: who waits, who is ready",
		Example: "  huawu queue list\n  huawu queue list -o json | jq '.queues[].id'",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var answer api.QueueList
			if err := c.get(cmd.Context(), "/queues", nil, &answer); err != nil {
				return err
			}
			return a.show(answer, func() {
				var rows [][]any
				for _, q := range answer.Queues {
					rows = append(rows, []any{q.ID, q.Name, len(q.Waiting), longest(q.Waiting), q.Ready, q.Talking, q.Staff, a.code(q.Mode)})
				}
				a.table([]string{"Queue", "Name", "Waiting", "Longest", "Ready", "Talking", "Staff", "Mode"}, rows)
			})
		},
	}
	showing := &cobra.Command{
		Use: "show QUEUE", Short: "Show one queue and how it is configured",
		Example: "  huawu queue show sales",
		Args:    takes("QUEUE"), ValidArgsFunction: a.completeQueues,
		RunE: a.queue(a.printQueue),
	}
	callers := &cobra.Command{
		Use: "callers QUEUE", Short: "List who waits in a queue, with positions and waits",
		Example: "  huawu queue callers sales",
		Args:    takes("QUEUE"), ValidArgsFunction: a.completeQueues,
		RunE: a.queue(func(q api.QueueDetail) {
			var rows [][]any
			for _, t := range q.Waiting {
				rows = append(rows, []any{t.Position, t.From, span(t.Waited), t.Priority, t.Offered, t.Call})
			}
			a.table([]string{"Position", "From", "Waited", "Priority", "Offered", "Call"}, rows)
		}),
	}
	return group("queue", "Look at queues and their callers, steer them", append([]*cobra.Command{listing, showing, callers}, a.queueControls()...)...)
}

// queue runs a command on one queue.
func (a *app) queue(people func(api.QueueDetail)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c, err := a.connect()
		if err != nil {
			return err
		}
		var q api.QueueDetail
		if err := c.get(cmd.Context(), "/queues/"+url.PathEscape(args[0]), nil, &q); err != nil {
			return err
		}
		return a.show(q, func() { people(q) })
	}
}

// longest is the longest wait in a line.
func longest(waiting []center.TicketView) string {
	most := int64(0)
	for _, t := range waiting {
		most = max(most, t.Waited)
	}
	if most == 0 {
		return ""
	}
	return span(most)
}

// completeQueues offers the ids of queues.
func (a *app) completeQueues(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return idsOf(a, cmd, args, "/queues", func(answer api.QueueList) (all []string) {
		for _, q := range answer.Queues {
			all = append(all, string(q.ID)+"\t"+q.Name)
		}
		return all
	})
}
