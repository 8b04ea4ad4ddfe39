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
	// loader, where set, runs initdb: the programs bring a C library of
	// their own.
	loader []string
}

func (p postgresPrograms) command(program string, arguments ...string) *exec.Cmd {
	path := filepath.Join(p.bin, program)
	if len(p.loader) > 0 && program == "initdb" {
		arguments = append(append(append([]string{}, p.loader[1:]...), path), arguments...)
		path = p.loader[0]
	}
	return p.as.command(path, arguments...)
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

// findPostgres looks in the places that StartPostgres names. Programs out of
// huawu's cache are copied to folder.
func findPostgres(as identity, folder string) (postgresPrograms, error) {
	if bin := os.Getenv("HUAWU_POSTGRES"); bin != "" {
		p := postgresPrograms{bin: bin, as: as}
		if err := p.check(); err != nil {
			return p, fmt.Errorf("$HUAWU_POSTGRES: %w", err)
		}
		return p, nil
	}
	var tried []error
	bins := newestFirst("/usr/lib/postgresql/*/bin")
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			bins = append(bins, filepath.Dir(path))
		}
	}
	for _, bin := range bins {
		p := postgresPrograms{bin: bin, as: as}
		err := p.check()
		if err == nil {
			return p, nil
		}
		tried = append(tried, err)
	}
	p, err := relocate(as, filepath.Join(cacheFolder(), "asterisk", "root"), folder)
	if err == nil {
		err = p.check()
	}
	if err == nil {
		return p, nil
	}
	return p, errors.Join(append(tried, err,
		errors.New("install Debian's package postgresql, or name a folder with initdb and postgres in HUAWU_POSTGRES"))...)
}

func cacheFolder() string {
	if cache := os.Getenv("HUAWU_CACHE"); cache != "" {
		return cache
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = "/"
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

// relocate copies PostgreSQL and the libraries it needs out of an unpacked
// tree of Debian packages, which may lie where only its owner can read. initdb
// runs the file postgres beside it as a program of this system, so that name
// is given to a script that starts the real one through the tree's own loader.
func relocate(as identity, tree, folder string) (postgresPrograms, error) {
	versions := newestFirst(filepath.Join(tree, "usr/lib/postgresql/*/bin"))
	libraries, _ := filepath.Glob(filepath.Join(tree, "usr/lib/*/libc.so.6"))
	if len(versions) == 0 || len(libraries) == 0 {
		return postgresPrograms{}, fmt.Errorf("no PostgreSQL in %s", tree)
	}
	version := filepath.Base(filepath.Dir(versions[0]))
	from := filepath.Dir(libraries[0])
	var loader string
	for _, pattern := range []string{from + "/ld-linux*.so.*", tree + "/usr/lib64/ld-linux*.so.*", tree + "/usr/lib/ld-linux*.so.*"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			loader = found[0]
			break
		}
	}
	if loader == "" {
		return postgresPrograms{}, fmt.Errorf("no loader in %s", tree)
	}
	home := filepath.Join(folder, "programs")
	lib := filepath.Join(home, "lib")
	bin := filepath.Join(home, "usr/lib/postgresql", version, "bin")
	if err := os.MkdirAll(lib, 0o755); err != nil {
		return postgresPrograms{}, err
	}
	for _, part := range []string{"usr/lib/postgresql", "usr/share/postgresql"} {
		part = filepath.Join(part, version)
		if err := os.CopyFS(filepath.Join(home, part), os.DirFS(filepath.Join(tree, part))); err != nil {
			return postgresPrograms{}, err
		}
	}
	needs := []string{loader}
	for _, program := range []string{"initdb", "postgres"} {
		out, err := exec.Command(loader, "--library-path", from, "--list", filepath.Join(versions[0], program)).CombinedOutput()
		if err != nil {
			return postgresPrograms{}, fmt.Errorf("libraries of %s: %w %s", program, err, bytes.TrimSpace(out))
		}
		for line := range strings.Lines(string(out)) {
			if _, found, ok := strings.Cut(line, " => "); ok {
				path, _, _ := strings.Cut(found, " (")
				needs = append(needs, strings.TrimSpace(path))
			}
		}
	}
	for _, path := range needs {
		content, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(filepath.Join(lib, filepath.Base(path)), content, 0o755)
		}
		if err != nil {
			return postgresPrograms{}, err
		}
	}
	start := []string{filepath.Join(lib, filepath.Base(loader)), "--library-path", lib}
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' '%s' '%s' '%s' \"$@\"\n", start[0], start[1], start[2], filepath.Join(bin, "postgres.real"))
	err := errors.Join(os.Rename(filepath.Join(bin, "postgres"), filepath.Join(bin, "postgres.real")),
		os.WriteFile(filepath.Join(bin, "postgres"), []byte(script), 0o755))
	return postgresPrograms{bin: bin, as: as, loader: start}, err
}
