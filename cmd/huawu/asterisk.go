package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/ari"
)

func (a *app) asteriskCommand() *cobra.Command {
	var p ari.Provision
	var section string
	var phones, emergency []string
	c := &cobra.Command{
		Use: "config", Short: "Print what an Asterisk needs to know of huawu",
		Long: `Prints the parts of Asterisk's configuration that huawu needs, for an engineer to add
to an Asterisk of theirs: the dialplan with the fallback that keeps callers on music
while huawu is away, ari.conf with its channelvars, http.conf, the endpoints. Passwords
are printed as a placeholder. Application, user and contexts are those of the
configuration when there is one.`,
		Example: `  huawu asterisk config
  huawu asterisk config --section extensions.conf
  huawu asterisk config --section pjsip.conf --phone 1001 --phone 1002 --trunk carrier --trunk-host sip.example.net`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c, err := parseConfig(findConfig(a.config)); err == nil && len(c.Switches) > 0 {
				c.setDefaults()
				s := c.Switches[0]
				unlessSet(cmd, "app", &p.App, s.App)
				unlessSet(cmd, "user", &p.User, s.User)
				unlessSet(cmd, "prefix", &p.Prefix, s.Contexts)
			}
			for _, name := range phones {
				p.Agents = append(p.Agents, ari.Phone{Name: name, Password: ari.PasswordPlaceholder})
			}
			p.Emergency = emergency
			if p.Trunk.Name == "" && p.Trunk.Host+p.Trunk.Match != "" {
				return fmt.Errorf("%w: --trunk-host and --trunk-match want --trunk, the name of the trunk's endpoint", errUsage)
			}
			sections, err := p.Sections()
			if section != "" {
				var text string
				text, err = p.Text(section)
				sections = []ari.Section{{File: section, Text: text}}
			}
			if err != nil {
				return err
			}
			return a.show(sections, func() {
				for _, s := range sections {
					if section == "" {
						fmt.Fprintf(a.out, "; ---- %s ----\n", s.File)
					}
					fmt.Fprintln(a.out, strings.TrimRight(s.Text, "\n"))
				}
			})
		},
	}
	f := c.Flags()
	f.StringVar(&section, "section", "", "only this file: "+strings.Join(ari.Files, ", "))
	f.StringVar(&p.App, "app", "huawu", "Stasis application")
	f.StringVar(&p.Prefix, "prefix", ari.DefaultPrefix, "beginning of contexts' and templates' names")
	f.StringVar(&p.User, "user", "huawu", "user of ARI")
	f.StringVar(&p.HTTPBind, "http-bind", "127.0.0.1", "address of Asterisk's HTTP server")
	f.IntVar(&p.HTTPPort, "http-port", 8088, "its port")
	f.StringVar(&p.SIPBind, "sip-bind", "0.0.0.0", "address of the SIP transport")
	f.IntVar(&p.SIPPort, "sip-port", 0, "its port; 0 prints no transport")
	f.StringVar(&p.Codecs, "codecs", "alaw,ulaw", "codecs of the endpoints")
	f.StringArrayVar(&phones, "phone", nil, "an agent's SIP account, may come again")
	f.StringVar(&p.Trunk.Name, "trunk", "", "the trunk's endpoint")
	f.StringVar(&p.Trunk.Host, "trunk-host", "", "where its calls go, host[:port]")
	f.StringVar(&p.Trunk.Match, "trunk-match", "", "addresses that its calls come from, divided by commas")
	f.StringArrayVar(&emergency, "emergency", nil, "a number that phones reach even without huawu, may come again")
	complete(c, "section", ari.Files...)
	return group("asterisk", "Prepare an Asterisk", c)
}

// unlessSet gives a field a value that no flag has set.
func unlessSet(cmd *cobra.Command, flag string, field *string, value string) {
	if !cmd.Flags().Changed(flag) {
		*field = value
	}
}
