package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/store"
	"github.com/huawu/huawu/voice"
)

// tenant is whose centre this process runs.
const tenant = fact.DefaultTenant

// seeder is who applies the configuration's own centre, in the audit.
var seeder = api.Actor{Name: "huawu", Via: "start"}

// house is the engine with what feeds it.
type house struct {
	config   *Config
	log      *slog.Logger
	store    *stored
	voices   voices
	lookups  *lookups
	compiler api.Compiler
	engine   *engine.Engine
}

// openHouse opens the engine with the newest version of the centre.
func openHouse(ctx context.Context, c *Config, db *stored, log *slog.Logger, exit func(int)) (*house, error) {
	studio, err := c.studio()
	if err != nil {
		return nil, err
	}
	library, err := voice.NewLibrary(c.Prompts.Recordings)
	if err != nil {
		return nil, err
	}
	client, err := c.Lookups.client()
	if err != nil {
		return nil, err
	}
	h := &house{config: c, log: log, store: db, voices: voices{studio, library}, lookups: &lookups{stored: db, config: c}, compiler: c.compiler(studio, log)}
	h.compiler.Recordings, h.compiler.Recording = db.PhraseRecordings, h.voices.Path
	h.compiler.Lookup = client.Allows
	config, err := h.load(ctx)
	if err != nil {
		return nil, err
	}
	h.engine, err = engine.New(engine.Options{
		Dir: filepath.Join(c.DataDir, "journal"), Tenant: tenant, New: newMachine, Restore: restoreMachine,
		Config: config, First: h.first(ctx), Store: db, Lookup: h.lookups, Enquirer: enquirer{client}, Speaker: speaker{studio}, Keeper: db, QueueLog: c.QueueLog, EffectLog: c.Journal.Effects, DrainLimit: c.Drain, Long: db.long, Log: log,
		Keep: engine.Retention{Files: c.Journal.Files, Bytes: c.Journal.Bytes, Age: c.Journal.Age},
		OnStuck: func(age time.Duration) {
			log.Error("the loop is stuck; ending the process, so that it is started again", "age", age)
			exit(exitKilled)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("open the engine: %w", err)
	}
	return h, nil
}

func newMachine() engine.Machine { return center.New(tenant) }

func restoreMachine(checkpoint []byte) (engine.Machine, error) { return center.Restore(checkpoint) }

// load is the newest version of the centre, compiled; nil when there is none
// or when it cannot be had: the journal knows the one that was in effect.
func (h *house) load(ctx context.Context) (*center.Config, error) {
	v, err := h.store.Centre(ctx, tenant)
	switch {
	case errors.Is(err, api.ErrNotFound) && h.config.Centre != "":
		return h.seed(ctx)
	case errors.Is(err, api.ErrNotFound):
		h.log.Warn("the centre has no document yet; apply one with: huawu apply -f centre.yaml")
		return nil, nil
	case errors.Is(err, api.ErrUnavailable):
		h.log.Warn("the store is away; going on by the centre that the journal knows")
		return nil, nil
	case err != nil:
		return nil, err
	}
	d, err := api.ParseDocument("centre", v.Body)
	if err == nil {
		var config center.Config
		if config, err = h.compiler.Compile(ctx, "centre", v.Body, d); err == nil {
			config.Version = v.Version
			return &config, nil
		}
	}
	if ctx.Err() != nil {
		return nil, err
	}
	h.log.Error("the newest version of the centre cannot be used; going on by the one that the journal knows", "version", v.Version, "error", err)
	return nil, nil
}

// seed makes the configuration's own centre the first version. A mistake in it
// is told and nothing starts: nobody relies on it yet.
func (h *house) seed(ctx context.Context) (*center.Config, error) {
	src, err := os.ReadFile(h.config.Centre)
	if err != nil {
		return nil, fmt.Errorf("read the centre: %w", err)
	}
	d, err := api.ParseDocument(h.config.Centre, src)
	if err != nil {
		return nil, err
	}
	config, err := h.compiler.Compile(ctx, h.config.Centre, src, d)
	if err != nil {
		return nil, err
	}
	source, err := d.Source()
	if err != nil {
		return nil, err
	}
	for _, p := range d.PINs {
		if err := h.store.SetPIN(ctx, seeder, tenant, p.Agent, p.PIN); err != nil {
			return nil, err
		}
	}
	if config.Version, err = h.store.SaveCentre(ctx, seeder, tenant, 0, source); err != nil {
		return nil, err
	}
	h.log.Info("applied the first version of the centre", "file", h.config.Centre)
	return &config, nil
}

// reload brings the newest version into effect once a store that was away is
// back.
func (h *house) reload(ctx context.Context) {
	defer h.relist(ctx)
	defer h.recall(ctx)
	config, err := h.load(ctx)
	if err != nil {
		h.log.Error("the centre cannot be loaded", "error", err)
		return
	}
	if v, _ := h.engine.View(); config == nil || v.Version == config.Version {
		return
	}
	if _, err := h.engine.Configure(ctx, *config); err != nil {
		h.log.Error("the newest version of the centre is not in effect", "version", config.Version, "error", err)
	}
}

// first is what the centre is told before any call: the list of numbers, if it
// goes by another revision. Without the store it goes on by the journal's.
func (h *house) first(ctx context.Context) func(*center.View) []center.Operation {
	entries, revision, err := h.store.ListedNumbers(ctx, tenant, time.Now())
	if err != nil {
		h.log.Warn("the list of numbers cannot be read; going on by the one that the journal knows", "error", err)
		return nil
	}
	return func(v *center.View) []center.Operation {
		if v.Listed == revision {
			return h.owed(ctx, v)
		}
		return append([]center.Operation{center.ListNumbers{Revision: revision, Whole: true, Entries: entries}}, h.owed(ctx, v)...)
	}
}

// owedAtOnce is how many callbacks the centre is told by one input.
const owedAtOnce = 500

// owed is what the centre is to be told of calls that are owed: those that
// people have changed since what it knows, or all when it knows none.
func (h *house) owed(ctx context.Context, v *center.View) (ops []center.Operation) {
	all, err := h.store.ChangedCallbacks(ctx, tenant, v.CallbackRevision)
	if err != nil {
		h.log.Warn("the callbacks cannot be read; going on by those that the journal knows", "error", err)
		return nil
	}
	for some := range slices.Chunk(all, owedAtOnce) {
		ops = append(ops, center.TellCallbacks{Callbacks: some})
	}
	return ops
}

// recall brings what people have changed of callbacks into effect once the store
// is back.
func (h *house) recall(ctx context.Context) {
	v, _ := h.engine.View()
	for _, op := range h.owed(ctx, v) {
		if _, err := h.engine.Ask(ctx, seeder.Name, op); err != nil {
			h.log.Error("callbacks of the store are not in effect", "error", err)
			return
		}
	}
}

// relist brings the list of numbers into effect once the store is back.
func (h *house) relist(ctx context.Context) {
	for first := h.first(ctx); first != nil; first = h.first(ctx) { // it may have changed meanwhile
		v, _ := h.engine.View()
		ops := first(v)
		ops = slices.DeleteFunc(ops, func(op center.Operation) bool { _, list := op.(center.ListNumbers); return !list })
		if len(ops) == 0 {
			return
		}
		cursor, err := h.engine.Ask(ctx, seeder.Name, ops[0])
		if err == nil {
			err = h.engine.Await(ctx, cursor)
		}
		if err != nil {
			h.log.Error("the list of numbers is not in effect", "error", err)
			return
		}
	}
}

// openStore opens the configuration's store.
func (c *Config) openStore(ctx context.Context, log *slog.Logger, long func() (over func())) (*stored, error) {
	dsn, err := c.dsn()
	if err != nil {
		return nil, err
	}
	return openStore(ctx, store.Options{DSN: dsn, Logger: log}, log, long)
}

// compiler makes documents into centres with this host's prompts.
func (c *Config) compiler(studio *voice.Studio, log *slog.Logger) api.Compiler {
	var told time.Time
	return api.Compiler{
		Tenant: tenant, Parallel: c.Prompts.atOnce(),
		Resolve: func(ctx context.Context, _ fact.TenantID, p flow.Prompt) (string, error) {
			return studio.Resolve(ctx, voice.Prompt{File: p.File, Text: p.Text, Language: p.Language})
		},
		Progress: func(done, total int) { // called by one goroutine at a time
			if time.Since(told) > time.Second {
				told = time.Now()
				log.Info("preparing prompts", "done", done, "of", total)
			}
		},
	}
}

// switches are the drivers, and their metrics.
func (c *Config) switches(clock *engine.Clock, log *slog.Logger) ([]media.Switch, []prometheus.Collector, error) {
	var all []media.Switch
	var collectors []prometheus.Collector
	for _, s := range c.Switches {
		config, err := s.asterisk(log)
		if err != nil {
			return nil, nil, err
		}
		config.Clock = clock.Now
		driver, err := ari.New(config)
		if err != nil {
			return nil, nil, fmt.Errorf("switch %s: %w", s.Name, err)
		}
		all = append(all, driver)
		collectors = append(collectors, ariCollector{s.Name, driver})
	}
	return all, collectors, nil
}

// asterisk is the driver's configuration, without a clock.
func (s SwitchConfig) asterisk(log *slog.Logger) (ari.Config, error) {
	password, err := secret("the password of switch "+s.Name, s.PasswordFile, s.PasswordEnv)
	if err != nil {
		return ari.Config{}, err
	}
	return ari.Config{Name: s.Name, URL: s.URL, App: s.App, User: s.User, Password: password, Prefix: s.Contexts,
		RecordingsDir: s.Recordings, RequestTimeout: s.Timeout, Heartbeat: s.Heartbeat, Logger: log}, nil
}

// logger logs to w as configured.
func (c *Config) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil { // validated
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// absolute is a path for people, who do not know the working folder.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// version is the program's: the module's, and the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	v := strings.TrimPrefix(info.Main.Version, "v")
	if v == "" || v == "(devel)" {
		v = "dev"
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				v += "+" + s.Value[:12]
			}
		}
	}
	return v
}
