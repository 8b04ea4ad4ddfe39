// Command compose places calls through a centre that docker-compose.yml has
// brought up: an agent registers, signs in by phone and is rung; a caller comes
// by the trunk; both hear each other; the recording holds them apart. It prints
// what happens and ends with an error when anything is missing.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/huawu/huawu/test/rig"
)

// Where the images keep things; docs/containers.md tells.
const (
	accountsFile   = "/var/lib/huawu-secrets/accounts"
	tokenFile      = "/var/lib/huawu/token"
	recordingsPath = "/var/spool/asterisk/recording/"
)

func main() {
	var c check
	var in string
	var limit time.Duration
	flag.StringVar(&in, "in", "", "command that runs another one in huawu's container")
	flag.StringVar(&c.sip, "sip", "127.0.0.1:5060", "Asterisk's address for phones")
	flag.StringVar(&c.api, "api", "http://127.0.0.1:8080", "huawu's API")
	flag.StringVar(&c.number, "number", "8000", "the hotline")
	flag.StringVar(&c.outside, "outside", "127.0.0.2", "address whose calls are the trunk's")
	flag.StringVar(&c.phones, "phones", "127.0.0.3", "address that the house's phones live on")
	flag.DurationVar(&limit, "limit", time.Minute, "how long everything may take")
	flag.Parse()
	c.in = strings.Fields(in)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := c.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "compose:", err)
		cancel()
		os.Exit(1)
	}
}

// check is one run.
type check struct {
	in                                []string
	sip, api, number, outside, phones string

	*rig.Client
	accounts map[string]account
	began    time.Time
}

// account is what huawu's container has made for a phone.
type account struct{ password, pin string }

func (c *check) run(ctx context.Context) error {
	c.began = time.Now()
	dir, err := os.MkdirTemp("", "huawu-compose-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := c.secrets(ctx, dir); err != nil {
		return err
	}
	if err := c.call(ctx); err != nil {
		return err
	}
	return c.tryOut(ctx)
}

// secrets fetches the accounts and the token.
func (c *check) secrets(ctx context.Context, dir string) error {
	text, err := c.read(ctx, accountsFile)
	if err != nil {
		return err
	}
	c.accounts = map[string]account{}
	for line := range strings.Lines(string(text)) {
		f := append(strings.Fields(line), "", "")
		if len(f) < 4 {
			return fmt.Errorf("%s has a line %q", accountsFile, line)
		}
		c.accounts[f[0]] = account{password: f[1], pin: f[2]}
	}
	token, err := c.read(ctx, tokenFile)
	if err != nil {
		return err
	}
	c.Client = &rig.Client{Base: c.api, TokenFile: filepath.Join(dir, "token")}
	return os.WriteFile(c.TokenFile, token, 0o600)
}

// read is a file in huawu's container.
func (c *check) read(ctx context.Context, path string) ([]byte, error) {
	args := append(append([]string(nil), c.in...), "cat", path)
	out, err := exec.CommandContext(ctx, args[0], args[1:]...).Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return out, nil
}

// say tells how far it has come.
func (c *check) say(format string, args ...any) {
	fmt.Printf("%7d ms  %s\n", time.Since(c.began).Milliseconds(), fmt.Sprintf(format, args...))
}
