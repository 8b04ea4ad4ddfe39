package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/scripts/strict"
)

// Config is what a process needs to start. It is parsed, given defaults and
// validated apart.
type Config struct {
	// DataDir holds the journal and, unless said otherwise, store, token and
	// generated prompts. One process only.
	DataDir string `yaml:"data_dir"`
	// Listen is the API's address; the port alone is not enough.
	Listen string `yaml:"listen"`
	// TokenFile holds the bearer tokens; it is made when it is not there.
	TokenFile string         `yaml:"token_file"`
	Log       LogConfig      `yaml:"log"`
	Store     StoreConfig    `yaml:"store"`
	Switches  []SwitchConfig `yaml:"switches"`
	Prompts   PromptsConfig  `yaml:"prompts"`
	Journal   JournalConfig  `yaml:"journal"`
	// Lookups are the other systems that flows may ask.
	Lookups LookupsConfig `yaml:"lookups"`
	// Recordings are those of calls, once they have ended.
	Recordings RecordingsConfig `yaml:"recordings"`
	// QueueLog is a file in app_queue's queue_log format; none when empty.
	QueueLog string `yaml:"queue_log"`
	// Drain is how long SIGTERM waits for calls that need the controller.
	Drain time.Duration `yaml:"drain"`
	// Centre is a document that is applied when the store has none yet.
	Centre string `yaml:"centre"`

	file string
	src  []byte
}

// LogConfig says what is logged to standard error.
type LogConfig struct {
	Level  string `yaml:"level"`  // debug, info, warn, error
	Format string `yaml:"format"` // text, json
}

// StoreConfig names the database: one of the fields.
type StoreConfig struct {
	// SQLite is the path of a file.
	SQLite string `yaml:"sqlite"`
	// PostgresFile is a file that holds a DSN, PostgresEnv the name of an
	// environment variable that does.
	PostgresFile string `yaml:"postgres_file"`
	PostgresEnv  string `yaml:"postgres_env"`
}

// SwitchConfig is one media server.
type SwitchConfig struct {
	Name string `yaml:"name"`
	Type string `yaml:"type"` // asterisk
	URL  string `yaml:"url"`  // of Asterisk's HTTP server
	App  string `yaml:"app"`  // the Stasis application
	User string `yaml:"user"`
	// The password comes from a file or from an environment variable.
	PasswordFile string `yaml:"password_file"`
	PasswordEnv  string `yaml:"password_env"`
	// Contexts is the prefix of the dialplan contexts that calls are sent
	// back to.
	Contexts string `yaml:"contexts"`
	// Recordings is the switch's recording folder as this host sees it.
	Recordings string `yaml:"recordings"`
	// Timeout bounds a request, Heartbeat is the time between two signs of
	// life.
	Timeout   time.Duration `yaml:"timeout"`
	Heartbeat time.Duration `yaml:"heartbeat"`
}

// PromptsConfig says where the audio of prompts comes from.
type PromptsConfig struct {
	// Dir holds recorded prompts; Cache takes generated ones. The switch must
	// see both under the same paths.
	Dir   string `yaml:"dir"`
	Cache string `yaml:"cache"`
	// Recordings takes the recordings of phrases that are uploaded.
	Recordings string `yaml:"recordings"`
	// CacheBytes is what generated prompts may take, 0 for 512 MiB.
	CacheBytes int64 `yaml:"cache_bytes"`
	// Engines speak, the first that can; espeak-ng comes last.
	Engines []EngineConfig `yaml:"engines"`
	// Espeak is the command of espeak-ng; "none" generates nothing.
	Espeak    string `yaml:"espeak"`
	EspeakEnv string `yaml:"espeak_env"` // "NAME=value", for an espeak-ng that is not installed in its place
}

// JournalConfig bounds the journal. Zero means the engine's default.
type JournalConfig struct {
	Files   int           `yaml:"files"`
	Bytes   int64         `yaml:"bytes"`
	Age     time.Duration `yaml:"age"`
	Effects bool          `yaml:"effects"` // write every effect beside it, to compare with a replay
}

// configPlaces are where a configuration is looked for when none is named.
var configPlaces = []string{"huawu.yaml", "/etc/huawu/huawu.yaml"}

// findConfig is the path of the configuration: as named, from HUAWU_CONFIG, or
// the first place that has one; "" for none.
func findConfig(named string) string {
	if named != "" {
		return named
	}
	if path := os.Getenv("HUAWU_CONFIG"); path != "" {
		return path
	}
	for _, path := range configPlaces {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// loadConfig reads, completes and validates a configuration.
func loadConfig(path string) (*Config, error) {
	c, err := parseConfig(path)
	if err != nil {
		return nil, err
	}
	c.setDefaults()
	return c, c.validate()
}

// parseConfig reads a configuration as it is written.
func parseConfig(path string) (*Config, error) {
	if path == "" {
		return nil, fmt.Errorf("no configuration: name one with --config or HUAWU_CONFIG, or put it at %s: %w",
			strings.Join(configPlaces, " or "), fs.ErrNotExist)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	c := &Config{file: path, src: src}
	if err := strict.Decode(path, src, c); err != nil {
		return nil, err
	}
	return c, nil
}

// setDefaults fills what is left out. Relative paths are relative to the
// working folder, as everywhere in a shell.
func (c *Config) setDefaults() {
	or := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	or(&c.DataDir, "data")
	or(&c.Listen, "127.0.0.1:8080")
	or(&c.TokenFile, os.Getenv("HUAWU_TOKEN_FILE"))
	or(&c.TokenFile, filepath.Join(c.DataDir, "token"))
	or(&c.Log.Level, "info")
	or(&c.Log.Format, "text")
	if c.Store == (StoreConfig{}) {
		c.Store.SQLite = filepath.Join(c.DataDir, "huawu.db")
	}
	or(&c.Prompts.Cache, filepath.Join(c.DataDir, "prompts"))
	or(&c.Prompts.Recordings, filepath.Join(c.DataDir, "recorded"))
	or(&c.Prompts.Espeak, "espeak-ng")
	if c.Drain == 0 {
		c.Drain = 5 * time.Minute
	}
	for i := range c.Switches {
		s := &c.Switches[i]
		or(&s.Type, "asterisk")
		or(&s.App, "huawu")
		or(&s.User, "huawu")
		or(&s.Contexts, "huawu")
	}
}

// validate says everything that is wrong, as a *strict.Errors with lines.
func (c *Config) validate() error {
	var problems []strict.Problem
	wrong := func(field, what, remedy string) {
		line, column := strict.Locate(c.src, field)
		problems = append(problems, strict.Problem{File: c.file, Line: line, Column: column, Field: field, What: what, Remedy: remedy})
	}
	oneOf := func(field, value string, all ...string) {
		if !slices.Contains(all, value) {
			wrong(field, fmt.Sprintf("%q is not known", value), "write one of "+strings.Join(all, ", "))
		}
	}
	oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	oneOf("log.format", c.Log.Format, "text", "json")
	if host, port, err := net.SplitHostPort(c.Listen); err != nil || host == "" || port == "" {
		wrong("listen", fmt.Sprintf("%q is no address", c.Listen), "write host:port, such as 127.0.0.1:8080")
	}
	set := 0
	for _, field := range []string{c.Store.SQLite, c.Store.PostgresFile, c.Store.PostgresEnv} {
		if field != "" {
			set++
		}
	}
	if set != 1 {
		wrong("store", fmt.Sprintf("%d databases are named", set), "write exactly one of sqlite, postgres_file, postgres_env")
	}
	if len(c.Switches) == 0 {
		wrong("switches", "there is no switch", "name at least one")
	}
	seen := map[string]bool{}
	for i, s := range c.Switches {
		at := fmt.Sprintf("switches[%d]", i)
		if s.Name == "" || seen[s.Name] {
			wrong(at+".name", fmt.Sprintf("%q is empty or comes twice", s.Name), "give each switch a name of its own")
		}
		seen[s.Name] = true
		oneOf(at+".type", s.Type, "asterisk")
		if s.URL == "" {
			wrong(at+".url", "it is missing", "write where Asterisk's HTTP server listens, such as http://127.0.0.1:8088")
		}
		if (s.PasswordFile == "") == (s.PasswordEnv == "") {
			wrong(at, "the password is to come from nowhere or from two places", "write exactly one of password_file, password_env")
		}
	}
	c.Lookups.validate(wrong)
	notBelow := func(field string, n int64) {
		if n < 0 {
			wrong(field, fmt.Sprintf("%d is below 0", n), "write a number above 0, or leave it out")
		}
	}
	notBelow("journal.files", int64(c.Journal.Files))
	notBelow("journal.bytes", c.Journal.Bytes)
	c.Prompts.validate(wrong)
	c.Recordings.validate(c.Switches, wrong)
	if len(problems) > 0 {
		return &strict.Errors{Problems: problems}
	}
	return nil
}

// secret reads a secret from a file or from an environment variable. No
// message repeats it.
func secret(what, file, env string) (string, error) {
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("%s: %w", what, err)
		}
		if s := strings.TrimSpace(string(b)); s != "" {
			return s, nil
		}
		return "", fmt.Errorf("%s: the file %s is empty", what, file)
	}
	if s := os.Getenv(env); s != "" {
		return s, nil
	}
	return "", fmt.Errorf("%s: the environment variable %s is not set", what, env)
}

// dsn is the store's, as store.Options takes it.
func (c *Config) dsn() (string, error) {
	if c.Store.SQLite != "" {
		return c.Store.SQLite, nil
	}
	s, err := secret("the store's DSN", c.Store.PostgresFile, c.Store.PostgresEnv)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(s, "postgres://") && !strings.HasPrefix(s, "postgresql://") {
		return "", errors.New("the store's DSN: want postgres://user:password@host:port/name")
	}
	return s, nil
}
