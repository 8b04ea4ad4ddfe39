package pbx

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// ErrNoAsterisk says that no Asterisk that huawu can work with was found.
var ErrNoAsterisk = errors.New("no usable Asterisk")

// Program is an installed Asterisk.
type Program struct {
	Path    string // to start
	Version string // as it says itself, such as "22.10.1"
	Modules string // folder with its modules
	Data    string // folder with its sounds and documentation
}

// Cache is the folder that deploy/asterisk/install.sh installs under.
func Cache() string {
	if dir := os.Getenv("HUAWU_CACHE"); dir != "" {
		return dir
	}
	if os.Getuid() == 0 {
		return systemCache
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return systemCache
	}
	return filepath.Join(dir, "huawu")
}

const systemCache = "/var/cache/huawu"

// Find is the Asterisk to use: the one that HUAWU_ASTERISK names, else the first
// of those on PATH and in the cache that is new enough. HUAWU_ASTERISK_MODULES
// and HUAWU_ASTERISK_DATA name its folders where they are not beside it. Errors
// wrap ErrNoAsterisk and say what was looked at.
func Find() (Program, error) {
	if named := os.Getenv("HUAWU_ASTERISK"); named != "" {
		p, err := describe(named)
		if err != nil {
			return Program{}, fmt.Errorf("HUAWU_ASTERISK: %w", err)
		}
		return p, nil
	}
	var errs []error
	for _, path := range []string{
		"asterisk", "/usr/sbin/asterisk", "/usr/local/sbin/asterisk",
		filepath.Join(Cache(), "asterisk/bin/asterisk"), filepath.Join(systemCache, "asterisk/bin/asterisk"),
	} {
		found, err := exec.LookPath(path)
		if err != nil {
			continue
		}
		p, err := describe(found)
		if err == nil {
			return p, nil
		}
		errs = append(errs, err)
	}
	if len(errs) == 0 {
		return Program{}, fmt.Errorf("%w: none named by HUAWU_ASTERISK, on PATH or under %s (run deploy/asterisk/install.sh)", ErrNoAsterisk, Cache())
	}
	return Program{}, errors.Join(errs...)
}

// Tool is the path of another program that deploy/asterisk/install.sh provides,
// such as "sipp": on PATH, else in the cache.
func Tool(name string) (string, error) {
	for _, path := range []string{
		name, filepath.Join(Cache(), "asterisk/bin", name), filepath.Join(systemCache, "asterisk/bin", name),
	} {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("find %s: not on PATH nor under %s (run deploy/asterisk/install.sh)", name, Cache())
}

func describe(path string) (Program, error) {
	out, err := exec.Command(path, "-V").Output()
	if err != nil {
		return Program{}, fmt.Errorf("%s -V: %w: %w", path, err, ErrNoAsterisk)
	}
	p := Program{Path: path}
	if p.Version, err = version(string(out)); err != nil {
		return Program{}, fmt.Errorf("%s: %w", path, err)
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return Program{}, fmt.Errorf("resolve %s: %w: %w", path, err, ErrNoAsterisk)
	}
	// Beside the program, or in the tree that the program in bin starts.
	prefixes := []string{filepath.Dir(filepath.Dir(real)), filepath.Join(filepath.Dir(filepath.Dir(path)), "root/usr"), "/usr"}
	var modules, data []string
	for _, prefix := range prefixes {
		for _, lib := range []string{"lib/*", "lib", "lib64"} {
			modules = append(modules, filepath.Join(prefix, lib, "asterisk/modules/res_ari.so"))
		}
		data = append(data, filepath.Join(prefix, "share/asterisk/rest-api"))
	}
	data = append(data, "/var/lib/asterisk/rest-api")
	if p.Modules = folder("HUAWU_ASTERISK_MODULES", modules); p.Modules == "" {
		return Program{}, fmt.Errorf("%s: its modules are not found (res_ari.so): set HUAWU_ASTERISK_MODULES: %w", path, ErrNoAsterisk)
	}
	if p.Data = folder("HUAWU_ASTERISK_DATA", data); p.Data == "" {
		return Program{}, fmt.Errorf("%s: its data folder is not found: set HUAWU_ASTERISK_DATA: %w", path, ErrNoAsterisk)
	}
	return p, nil
}

// folder is what the variable names, else the parent of the first match.
func folder(variable string, patterns []string) string {
	if dir := os.Getenv(variable); dir != "" {
		return dir
	}
	for _, pattern := range patterns {
		// The only error is a malformed pattern, which finds nothing.
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return filepath.Dir(found[0])
		}
	}
	return ""
}

var versionNumber = regexp.MustCompile(`(\d+)[.-](\d+)[0-9.]*`)

// version reads what `asterisk -V` prints and refuses what is too old.
func version(said string) (string, error) {
	m := versionNumber.FindStringSubmatch(said)
	if m == nil {
		return "", fmt.Errorf("no version in %q: %w", said, ErrNoAsterisk)
	}
	major, errMajor := strconv.Atoi(m[1])
	minor, errMinor := strconv.Atoi(m[2])
	if err := errors.Join(errMajor, errMinor); err != nil {
		return "", fmt.Errorf("version %q: %w: %w", m[0], err, ErrNoAsterisk)
	}
	if major < 22 || major == 22 && minor < 4 {
		return "", fmt.Errorf("version %s is too old, want 22.4 or newer: before it a phone's transfer cannot be put to the controller and hang-ups do not carry the SIP cause: %w", m[0], ErrNoAsterisk)
	}
	return m[0], nil
}
