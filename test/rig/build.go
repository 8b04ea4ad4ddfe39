package rig

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

var build struct {
	sync.Mutex
	path string
}

// Binary is huawu: as HUAWU_BIN names it, else built once a process. The
// built one lies in the user's cache folder, one for each checkout.
func Binary(ctx context.Context) (string, error) {
	if path := os.Getenv("HUAWU_BIN"); path != "" {
		return filepath.Abs(path)
	}
	build.Lock()
	defer build.Unlock()
	if build.path != "" {
		return build.path, nil
	}
	path, err := compile(ctx)
	if err != nil {
		return "", fmt.Errorf("build huawu: %w", err)
	}
	build.path = path
	return path, nil
}

func compile(ctx context.Context) (string, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "huawu-test", fmt.Sprintf("%x", sha256.Sum256(root))[:16])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	// Others may run the one that is there, or build at the same time.
	temp := filepath.Join(dir, "huawu-"+rand.Text())
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", temp, "github.com/huawu/huawu/cmd/huawu").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	path := filepath.Join(dir, "huawu")
	return path, os.Rename(temp, path)
}
