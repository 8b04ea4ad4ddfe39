package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/engine"
)

func (a *app) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Control the switches: run the centre and its API",
		Long: `Runs the centre: connects to the switches, serves the API, until it is told to stop.

SIGTERM drains: no new calls are taken, and huawu says whom it waits for until no
call needs it any more. SIGINT leaves at once. In both cases calls stay up on the
switch. A second signal ends the process on the spot.`,
		Example: `  huawu serve --config huawu.yaml
  HUAWU_CONFIG=/etc/huawu/huawu.yaml huawu serve`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(findConfig(a.config))
			if err != nil {
				return err
			}
			if a.ease != nil {
				a.ease()
			}
			// Half the collections for at most half as much memory again.
			if os.Getenv("GOGC") == "" {
				debug.SetGCPercent(200)
			}
			signals := make(chan os.Signal, 4)
			signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
			defer signal.Stop(signals)
			return a.serve(cmd.Context(), c, signals)
		},
	}
}

// serve runs the centre until a signal, or until something fails for good.
func (a *app) serve(ctx context.Context, c *Config, signals <-chan os.Signal) (err error) {
	log := c.logger(a.err)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// The switch may be another user and must read the prompts; what is
	// nobody's business lies in files and folders that only we can read.
	if err := os.MkdirAll(c.DataDir, 0o755); err != nil {
		return fmt.Errorf("the data directory: %w", err)
	}
	created, err := api.CreateTokens(c.TokenFile)
	if err != nil {
		return err
	}
	tokens, err := api.LoadTokens(c.TokenFile)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen at %s: %w; stop what listens there, or give the configuration's listen another address", c.Listen, err)
	}
	defer listener.Close()
	if at, ok := listener.Addr().(*net.TCPAddr); ok && !at.IP.IsLoopback() {
		log.Warn("the API listens beyond this host without TLS: tokens and callers' numbers pass in the clear; put a proxy with TLS before it", "listen", at)
	}
	var cpus *processors
	if a.processors != nil {
		cpus = a.processors()
	}
	db, err := c.openStore(ctx, log, cpus.begin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	house, err := openHouse(ctx, c, db, log, a.exit)
	if err != nil {
		return err
	}
	switches, collectors, err := a.drivers(c, house.engine.Clock(), log)
	if err != nil {
		return errors.Join(err, house.engine.Close())
	}
	tapes := c.openArchive(db, log)
	defer func() { err = errors.Join(err, tapes.close()) }()
	archive, gauges, tapeTroubles := tapes.options()
	server, err := api.New(api.Options{Engine: api.ForEngine(house.engine), Store: db, Voice: house.voices, Archive: archive, Compiler: house.compiler, Tokens: tokens,
		Collectors: append(append(collectors, cpus, speechCollector{house.voices.studio}), gauges...),
		Troubles:   func() []string { return append(troubles(house.voices.studio), tapeTroubles()...) }, Long: cpus.begin, Version: version(), Log: log})
	if err != nil {
		return errors.Join(err, house.engine.Close())
	}
	house.lookups.server.Store(server)
	log.Info("huawu serves", "api", "http://"+listener.Addr().String(), "token_file", absolute(c.TokenFile), "token_file_created", created,
		"data_dir", absolute(c.DataDir), "version", version())
	over, obeyed := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(obeyed)
		a.obey(ctx, cancel, signals, over, house)
	}()
	work, together := errgroup.WithContext(ctx)
	work.Go(func() error { return stopped(house.engine.Run(together, switches...), cancel) })
	work.Go(func() error { return stopped(server.Serve(together, listener), cancel) })
	work.Go(func() error { return db.keepOpening(together, house.reload) })
	work.Go(func() error { tapes.run(together); return nil })
	work.Go(func() error {
		cpus.run(together, func() time.Duration { return house.engine.Stats().SyncLast })
		return nil
	})
	err = work.Wait()
	close(over)
	<-obeyed
	log.Info("huawu has stopped")
	return err
}

// stopped ends everything when a part of it has ended.
func stopped(err error, cancel context.CancelFunc) error {
	cancel()
	return err
}

// obey stops the centre as signals say, until it is over.
func (a *app) obey(ctx context.Context, cancel context.CancelFunc, signals <-chan os.Signal, over <-chan struct{}, h *house) {
	var first os.Signal
	select {
	case first = <-signals:
	case <-over:
		return
	}
	drained := make(chan error, 1)
	if first == syscall.SIGINT {
		h.log.Info("leaving at once; calls stay up on the switch")
		cancel()
	} else {
		h.log.Info("draining: no new calls are taken, calls stay up on the switch", "at_most", h.config.Drain)
		go func() { drained <- h.engine.Drain(ctx, func(w engine.Waiting) { sayWaiting(h.log, w) }) }()
	}
	for {
		select {
		case second := <-signals:
			h.log.Warn("ended by a second signal", "signal", second.String())
			a.exit(exitKilled)
			cancel()
		case err := <-drained:
			if err != nil && ctx.Err() == nil {
				h.log.Warn("leaving before every call can do without the controller", "error", err)
			}
			cancel()
		case <-over:
			return
		}
	}
}

// sayWaiting says whom a drain waits for.
func sayWaiting(log *slog.Logger, w engine.Waiting) {
	log.Info("waiting for calls that need the controller", "flow", w.Flow, "queued", w.Queued, "ringing", w.Ringing, "ending", w.Ending,
		"talking_go_on", w.Talking, "sample", w.Sample)
}
