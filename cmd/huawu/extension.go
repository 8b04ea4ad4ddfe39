package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/huawu/huawu/api"
)

func (a *app) extensionCommand() *cobra.Command {
	type extension = api.ExtensionConfig
	return partCommand(a, part[extension]{
		one: "extension", many: "extensions", arg: "EXTENSION", short: "Keep the numbers of the house and where their calls go",
		sample: "8001", settings: "--endpoint PJSIP/1001 --class lobby --busy 8002",
		key:   func(c extension) string { return c.Extension },
		label: func(c extension) string { return c.Name },
		list: func(all api.Listed[extension]) {
			var rows [][]any
			for _, e := range all.Items {
				f := forwards(e)
				rows = append(rows, []any{e.Extension, e.Endpoint, e.Name, e.Class, f.Always, f.Busy, f.NoAnswer, a.mark(e.DoNotDisturb)})
			}
			a.table([]string{"Extension", "Endpoint", "Name", "Class", "Always to", "Busy to", "Unanswered to", "Do not disturb"}, rows)
		},
		show: func(e extension) {
			f := forwards(e)
			a.fields("Extension", e.Extension, "Endpoint", e.Endpoint, "Name", e.Name, "Class", e.Class, "Display", e.Display, "Auto-answer", a.yes(e.AutoAnswer), "Console", a.yes(e.Console),
				"Always to", f.Always, "Busy to", f.Busy, "Unanswered to", f.NoAnswer, "Do not disturb", a.yes(e.DoNotDisturb))
		},
		flags: func(f *pflag.FlagSet, wish *extension) map[string]func(*extension) {
			wish.Forward = new(api.Forward)
			f.StringVar((*string)(&wish.Endpoint), "endpoint", "", "the phone")
			f.StringVar(&wish.Class, "class", "", "of service")
			f.StringVar(&wish.Name, "name", "", "who sits there")
			f.StringVar(&wish.Display, "display", "", "ascii for a phone that shows Latin letters alone")
			f.BoolVar(&wish.AutoAnswer, "auto-answer", false, "ask it to answer by itself what its agent is offered")
			f.BoolVar(&wish.Console, "console", false, "who sits there sees on a screen what norms have to say, and hears no tones")
			f.StringVar(&wish.Forward.Always, "always", "", "where its calls go at once, while nobody is signed in there")
			f.StringVar(&wish.Forward.Busy, "busy", "", "where they go when it is busy or refuses")
			f.StringVar(&wish.Forward.NoAnswer, "no-answer", "", "where they go when nobody answers")
			f.BoolVar(&wish.DoNotDisturb, "do-not-disturb", false, "busy while nobody is signed in there")
			forward := func(change func(*api.Forward)) func(*extension) {
				return func(c *extension) {
					f := forwards(*c)
					if change(&f); f == (api.Forward{}) {
						c.Forward = nil
						return
					}
					c.Forward = &f
				}
			}
			return map[string]func(*extension){
				"endpoint":       func(c *extension) { c.Endpoint = wish.Endpoint },
				"class":          func(c *extension) { c.Class = wish.Class },
				"name":           func(c *extension) { c.Name = wish.Name },
				"display":        func(c *extension) { c.Display = wish.Display },
				"auto-answer":    func(c *extension) { c.AutoAnswer = wish.AutoAnswer },
				"console":        func(c *extension) { c.Console = wish.Console },
				"always":         forward(func(f *api.Forward) { f.Always = wish.Forward.Always }),
				"busy":           forward(func(f *api.Forward) { f.Busy = wish.Forward.Busy }),
				"no-answer":      forward(func(f *api.Forward) { f.NoAnswer = wish.Forward.NoAnswer }),
				"do-not-disturb": func(c *extension) { c.DoNotDisturb = wish.DoNotDisturb },
			}
		},
	})
}

// forwards are where an extension's calls go.
func forwards(e api.ExtensionConfig) api.Forward {
	if e.Forward == nil {
		return api.Forward{}
	}
	return *e.Forward
}
