package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Bounds of a release: to hear what a switch holds, and for one command.
const (
	releaseListing = 15 * time.Second
	releaseCommand = 5 * time.Second
)

// released is what was done at one switch.
type released struct {
	Switch string   `json:"switch"`
	Sent   int      `json:"sent"`   // callers sent to the fallback
	Hung   int      `json:"hung"`   // our own legs that nobody talks on
	Talks  int      `json:"talks"`  // rooms left alone
	Failed []string `json:"failed"` // legs that could not be moved, and why
}

func (a *app) releaseCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use: "release", Short: "Send waiting callers back to the dialplan when no controller will come",
		Long: `Sends every caller who talks with nobody to the fallback context of the dialplan, which
keeps them on music and tries again, hangs up phones that ring, and leaves talks alone.
It needs the switch only. A controller that lives would lose its connection, so one
that answers is left in peace unless --force is given.`,
		Example: "  huawu release\n  ExecStopPost=/usr/bin/huawu release   (systemd, after a crash)",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(findConfig(a.config))
			if err != nil {
				return err
			}
			if !force && alive(cmd.Context(), "http://"+c.Listen) {
				return fmt.Errorf("%w: huawu answers at %s and looks after the callers; --force releases them all the same", errAlive, c.Listen)
			}
			var all []released
			var errs []error
			for _, s := range c.Switches {
				r, err := releaseSwitch(cmd.Context(), s)
				all, errs = append(all, r), append(errs, err)
			}
			return errors.Join(append(errs, a.show(all, func() {
				for _, r := range all {
					fmt.Fprintf(a.out, "%s: %d callers sent to the fallback, %d phones hung up, %d talks left alone\n", r.Switch, r.Sent, r.Hung, r.Talks)
					for _, f := range r.Failed {
						fmt.Fprintf(a.out, "  %s\n", f)
					}
				}
			}))...)
		},
	}
	c.Flags().BoolVar(&force, "force", false, "even while a controller answers")
	return c
}

// alive says whether a controller answers and turns.
func alive(ctx context.Context, base string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

func releaseSwitch(ctx context.Context, s SwitchConfig) (released, error) {
	out := released{Switch: s.Name, Failed: []string{}}
	config, err := s.asterisk(slog.New(slog.DiscardHandler))
	if err != nil {
		return out, err
	}
	config.Clock = engine.NewClock(0, time.Now).Now
	driver, err := ari.New(config)
	if err != nil {
		return out, fmt.Errorf("switch %s: %w", s.Name, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	up, run := make(chan media.Up, 1), make(chan error, 1)
	go func() {
		run <- driver.Run(ctx, func(e media.Event) {
			if u, ok := e.(media.Up); ok {
				select {
				case up <- u:
				default: // the first listing counts
				}
			}
		})
	}()
	select {
	case u := <-up:
		release(ctx, driver, u, &out)
	case err = <-run:
		run <- nil
	case <-time.After(releaseListing):
		err = fmt.Errorf("switch %s does not say what it holds: %w", s.Name, media.ErrUnavailable)
	}
	cancel()
	return out, errors.Join(err, <-run)
}

// release moves the legs of a listing that talk with nobody.
func release(ctx context.Context, sw media.Switch, up media.Up, out *released) {
	talking := map[fact.LegID]bool{}
	for _, r := range up.Rooms {
		if len(r.Legs) < 2 {
			continue
		}
		out.Talks++
		for _, l := range r.Legs {
			talking[l] = true
		}
	}
	for _, l := range up.Legs {
		if talking[l.Leg] || l.State == media.LegOutside {
			continue
		}
		var cmd media.Command = media.Deflect{Leg: l.Leg, To: media.ExitFallback}
		count := &out.Sent
		if l.Tag != nil && l.Tag.Role != media.RoleCaller {
			cmd, count = media.Hangup{Leg: l.Leg}, &out.Hung
		}
		limit, cancel := context.WithTimeout(ctx, releaseCommand)
		err := sw.Do(limit, cmd)
		cancel()
		switch {
		case err == nil:
			*count++
		case !errors.Is(err, media.ErrNoLeg): // it left by itself
			out.Failed = append(out.Failed, fmt.Sprintf("%s: %v", l.Leg, err))
		}
	}
}
