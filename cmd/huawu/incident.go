package main

import (
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
)

func (a *app) incidentCommand() *cobra.Command {
	listing := &cobra.Command{
		Use: "list", Short: "List incidents, and which of them go on", Example: "  huawu incident list", Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var all api.IncidentList
			if err := c.get(cmd.Context(), "/incidents", nil, &all); err != nil {
				return err
			}
			return a.show(all, func() {
				rows := make([][]any, len(all.Incidents))
				for i, v := range all.Incidents {
					rows[i] = []any{v.ID, v.Name, a.yes(v.On), clock(v.Since), v.By, v.Note}
				}
				a.table([]string{"Incident", "Name", "Goes on", "Began", "By", "Note"}, rows)
			})
		},
	}
	return group("incident", "Say which outages callers are to hear of", listing,
		a.incidentVerb("on", true, "Say that an incident goes on: callers hear of it from now on"),
		a.incidentVerb("off", false, "Say that an incident is over"))
}

func (a *app) incidentVerb(verb string, on bool, short string) *cobra.Command {
	body := api.IncidentState{On: on}
	c := &cobra.Command{
		Use: verb + " INCIDENT", Short: short, Example: "  huawu incident " + verb + " outage-east --note 东区光缆中断",
		Args: takes("INCIDENT"), ValidArgsFunction: a.completeIncidents,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			var done api.IncidentDone
			if err := c.send(cmd.Context(), http.MethodPut, "/incidents/"+url.PathEscape(args[0]), url.Values{"wait": {"true"}}, body, &done); err != nil {
				return err
			}
			return a.show(done, func() {
				if on {
					a.line("incident %s goes on", args[0])
				} else {
					a.line("incident %s is over", args[0])
				}
			})
		},
	}
	c.Flags().StringVar(&body.Note, "note", "", "for people: what is broken, until when")
	return c
}

func (a *app) completeIncidents(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return idsOf(a, cmd, args, "/incidents", func(all api.IncidentList) (ids []string) {
		for _, i := range all.Incidents {
			ids = append(ids, i.ID+"\t"+i.Name)
		}
		return ids
	})
}
