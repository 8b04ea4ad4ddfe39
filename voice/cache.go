package voice

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/voice/wav"
)

// DefaultCacheBytes is what generated speech may take on disk, where a Config
// says nothing else: nine hours of it.
const DefaultCacheBytes = 512 << 20

// freshly is how long a speech stays in any case after it was last used.
const freshly = 24 * time.Hour

// cache is the folder of generated speech. What a document names is pinned for
// as long as the process lives; of the rest what was used longest ago goes when
// the folder is full.
type cache struct {
	dir  string
	most int64

	mu      sync.Mutex
	bytes   int64
	sizes   map[string]int64 // of what is there, by name
	pinned  map[string]bool
	hits    uint64
	cleaned uint64
}

// CacheStats is how the cache does.
type CacheStats struct {
	Files   int
	Bytes   int64
	Most    int64
	Hits    uint64
	Cleaned uint64 // files removed for want of room
}

// speechName is how generated speech is named.
var speechName = regexp.MustCompile(`^[0-9a-f]{32}\.wav$`)

func newCache(dir string, most int64) (*cache, error) {
	c := &cache{dir: dir, most: cmp.Or(most, DefaultCacheBytes), pinned: map[string]bool{}}
	_, err := c.count()
	return c, err
}

// count finds out what is there.
func (c *cache) count() ([]speechFile, error) {
	all, err := c.list()
	if err != nil {
		return nil, err
	}
	c.bytes, c.sizes = 0, make(map[string]int64, len(all))
	for _, f := range all {
		c.bytes += f.bytes
		c.sizes[f.name] = f.bytes
	}
	return all, nil
}

// treated is what is done to a speech before it is kept. It is part of the
// cache's key: it changes with whatever changes the sound.
const treated = "trimmed"

// base is where the speech of a text by an engine lies, without extension.
func (c *cache) base(engine, language, text string) string {
	sum := sha256.Sum256([]byte(treated + "\x00" + engine + "\x00" + language + "\x00" + text))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:16]))
}

// has says whether a speech is there, and notes that it is used.
func (c *cache) has(base string, pin bool) bool {
	if usable(base+".wav") != nil {
		return false
	}
	now := time.Now()
	_ = os.Chtimes(base+".wav", now, now) // it only goes a little earlier
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits++
	if pin {
		c.pinned[base+".wav"] = true
	}
	return true
}

// put keeps a speech, and makes room for it. Two may keep the same one at once:
// it counts once.
func (c *cache) put(base string, sound wav.Sound, pin bool) error {
	name := base + ".wav"
	if err := keep(name, sound); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	size := int64(44 + 2*len(sound.Samples))
	c.bytes += size - c.sizes[name]
	c.sizes[name] = size
	if pin {
		c.pinned[name] = true
	}
	if c.bytes > c.most {
		return c.clean(name)
	}
	return nil
}

// clean removes what was used longest ago until a tenth is free again. What is
// pinned or was used today stays, however full the folder is.
func (c *cache) clean(kept string) error {
	all, err := c.count()
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b speechFile) int { return a.used.Compare(b.used) })
	for _, f := range all {
		if c.bytes <= c.most-c.most/10 || time.Since(f.used) < freshly {
			break
		}
		if c.pinned[f.name] || f.name == kept {
			continue
		}
		if err := os.Remove(f.name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		c.bytes -= f.bytes
		delete(c.sizes, f.name)
		c.cleaned++
	}
	return nil
}

type speechFile struct {
	name  string
	bytes int64
	used  time.Time
}

func (c *cache) list() ([]speechFile, error) {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return nil, err
	}
	var all []speechFile
	for _, e := range entries {
		if !speechName.MatchString(e.Name()) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, speechFile{filepath.Join(c.dir, e.Name()), info.Size(), info.ModTime()})
	}
	return all, nil
}

func (c *cache) stats() CacheStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return CacheStats{Files: len(c.sizes), Bytes: c.bytes, Most: c.most, Hits: c.hits, Cleaned: c.cleaned}
}
