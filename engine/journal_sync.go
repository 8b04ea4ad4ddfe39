package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// syncEvery is how long written inputs may wait for the disk: what a power
// cut can take at most, besides the fsync itself.
const syncEvery = 50 * time.Millisecond

// runSync syncs what is written, at most every syncEvery, until ctx ends.
func (j *journal) runSync(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	for {
		select {
		case <-j.dirty:
		case <-ctx.Done():
			return
		}
		timer.Reset(syncEvery)
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		j.syncOnce()
	}
}

// syncOnce syncs everything written when it was called. After an error the
// file is left behind: a kernel may forget what it could not write and call
// the next fsync a success.
func (j *journal) syncOnce() {
	j.mu.Lock()
	retired, file, upTo := j.retired, j.file, j.seq
	made := len(retired) > 0
	j.retired = nil
	j.mu.Unlock()

	began := time.Now()
	var err error
	for _, f := range retired {
		err = errors.Join(err, f.Sync(), f.Close())
	}
	fileErr := file.Sync()
	err = errors.Join(err, fileErr)
	if made {
		err = errors.Join(err, syncDir(j.dir))
	}

	j.mu.Lock()
	defer j.mu.Unlock()
	j.syncTook = time.Since(began)
	if err != nil {
		j.errors++
		j.syncErr = fmt.Errorf("sync journal: %w", err)
		j.suspect = j.suspect || (fileErr != nil && file == j.file)
		return
	}
	j.syncErr = nil
	j.synced = max(j.synced, upTo)
}

// onDisk is the newest input that outlives a power cut.
func (j *journal) onDisk() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.synced
}

// syncFailed is why the last sync failed, nil when it did not.
func (j *journal) syncFailed() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.syncErr
}
