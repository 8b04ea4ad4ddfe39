//go:build postgres

package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// postgresPrograms is a folder with initdb and postgres, and who runs them.
type postgresPrograms struct {
	bin string
	as  identity
}

func (p postgresPrograms) command(program string, arguments ...string) *exec.Cmd {
	return p.as.command(filepath.Join(p.bin, program), arguments...)
}

// check says why the programs cannot be run.
func (p postgresPrograms) check() error {
	for _, program := range []string{"initdb", "postgres"} {
		if out, err := p.command(program, "--version").CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w %s", filepath.Join(p.bin, program), err, bytes.TrimSpace(out))
		}
	}
	return nil
}

// findPostgres looks in the places that StartPostgres names.
func findPostgres(as identity) (postgresPrograms, error) {
	if bin := os.Getenv("HUAWU_POSTGRES"); bin != "" {
		p := postgresPrograms{bin: bin, as: as}
		if err := p.check(); err != nil {
			return p, fmt.Errorf("$HUAWU_POSTGRES: %w", err)
		}
		return p, nil
	}
	bins := newestFirst("/usr/lib/postgresql/*/bin")
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			bins = append(bins, filepath.Dir(path))
		}
	}
	// As deploy/asterisk/install.sh unpacks it.
	bins = append(bins, newestFirst(filepath.Join(cacheFolder(), "asterisk/root/usr/lib/postgresql/*/bin"))...)
	tried := []error{errors.New("put it there with `make asterisk`, install Debian's package postgresql, or name a folder with initdb and postgres in HUAWU_POSTGRES")}
	for _, bin := range bins {
		p := postgresPrograms{bin: bin, as: as}
		err := p.check()
		if err == nil {
			return p, nil
		}
		tried = append(tried, err)
	}
	return postgresPrograms{}, errors.Join(tried...)
}

// cacheFolder is where deploy/asterisk/install.sh puts things.
func cacheFolder() string {
	if cache := os.Getenv("HUAWU_CACHE"); cache != "" {
		return cache
	}
	if os.Geteuid() == 0 {
		return "/var/cache/huawu"
	}
	cache, err := os.UserCacheDir()
	if err != nil { // a user without a home has no cache either
		return "/var/cache/huawu"
	}
	return filepath.Join(cache, "huawu")
}

// newestFirst is the folders of a pattern with a version in place of its star.
func newestFirst(pattern string) []string {
	version := func(path string) int {
		before, _, _ := strings.Cut(pattern, "*")
		name, _, _ := strings.Cut(strings.TrimPrefix(path, before), "/")
		n, _ := strconv.Atoi(name) // no number sorts last
		return n
	}
	found, _ := filepath.Glob(pattern) // the patterns are ours and well formed
	slices.SortStableFunc(found, func(a, b string) int { return version(b) - version(a) })
	return found
}
