package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/scripts/draw"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

func (a *app) flowDraw() *cobra.Command {
	var id, format string
	c := &cobra.Command{
		Use: "draw FILE", Short: "Draw a flow, as Mermaid or SVG",
		Long: `Draws a flow: nodes, what is heard there, and which way leads where. The file holds a flow or
a centre; a shipped flow is drawn by its id alone. SVG needs no other program. A flow that is
wrong is drawn all the same, with what leads to nowhere in red.`,
		Example: "  huawu flow draw main.yaml > main.mmd\n  huawu flow draw main.yaml --format svg > main.svg\n  huawu flow draw centre.yaml --flow hotline --format svg > hotline.svg\n  huawu flow draw way-out --format svg > way-out.svg",
		Args:    takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "mermaid" && format != "svg" {
				return fmt.Errorf("%w: --format %s: want mermaid or svg", errUsage, format)
			}
			f, err := a.drawn(cmd, args[0], id)
			if err != nil {
				return err
			}
			picture := []byte(draw.Mermaid(f))
			if format == "svg" {
				picture = draw.SVG(f)
			}
			if a.output == "json" {
				return a.show(map[string]string{"flow": string(f.ID), "format": format, "picture": string(picture)}, nil)
			}
			_, err = a.out.Write(picture)
			return err
		},
	}
	c.Flags().StringVar(&id, "flow", "", "which flow of a centre")
	c.Flags().StringVar(&format, "format", "mermaid", "mermaid or svg")
	complete(c, "format", "mermaid", "svg")
	return c
}

// drawn is the flow of a file, or a shipped one.
func (a *app) drawn(cmd *cobra.Command, file, id string) (*flow.Flow, error) {
	shipped, err := flow.Shipped()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(shipped, func(f *flow.Flow) bool { return string(f.ID) == file }); i >= 0 {
		return shipped[i], nil
	}
	src, err := a.read(file)
	if err != nil {
		return nil, err
	}
	flows, _, problems := readFlows(cmd.Context(), file, src)
	if len(flows) == 0 && len(problems) > 0 {
		return nil, &strict.Errors{Problems: problems}
	}
	var ids []string
	for _, f := range flows {
		if string(f.ID) == id || id == "" && len(flows) == 1 {
			return f, nil
		}
		ids = append(ids, string(f.ID))
	}
	if id == "" {
		return nil, fmt.Errorf("%w: %s has %d flows; name one with --flow", errUsage, file, len(flows))
	}
	return nil, fmt.Errorf("%w: %s has no flow %q; %s", errUsage, file, id, strict.Suggest(id, ids))
}
