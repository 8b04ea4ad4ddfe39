package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"

	"github.com/huawu/huawu/fact"
)

// queueLogName is the file that says how far the queue log is, in the data
// directory.
const queueLogName = "queuelog.json"

// queueLog is a Store that keeps a file in the format of app_queue's
// queue_log, for report tools that read it:
//
//	epoch|callid|queue|agent|EVENT|data…
//
// How far it is lies in a file of its own, together with the size that the log
// then had: lines beyond it are of a batch that a crash interrupted, and are
// taken back before the batch is written again. A log that was moved away
// meanwhile is left as it is.
type queueLog struct {
	path, place string
	// queues are the queues that an agent serves, as of an input or later.
	queues agentQueues

	mu     sync.Mutex
	opened bool
	state  queueLogState
}

type agentQueues func(ctx context.Context, seq uint64, agent fact.AgentID) []fact.QueueID

// queueLogState is what the place file holds.
type queueLogState struct {
	Epoch string `json:"epoch"`
	Seq   uint64 `json:"seq"`
	// Size and Inode are the log's when Seq was written.
	Size  int64  `json:"size"`
	Inode uint64 `json:"inode"`
	queueLogLines
}

func newQueueLog(path, dir string, queues agentQueues) *queueLog {
	return &queueLog{path: path, place: filepath.Join(dir, queueLogName), queues: queues}
}

// Applied implements Store.
func (q *queueLog) Applied(context.Context) (epoch string, seq uint64, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.open(); err != nil {
		return "", 0, err
	}
	return q.state.Epoch, q.state.Seq, nil
}

// Apply implements Store.
func (q *queueLog) Apply(ctx context.Context, b fact.Batch) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.open(); err != nil {
		return err
	}
	if b.Epoch == q.state.Epoch && b.Seq <= q.state.Seq {
		return nil
	}
	next := q.state.clone()
	var text []byte
	for _, s := range b.Events {
		if b.Epoch == q.state.Epoch && s.Seq <= q.state.Seq {
			continue
		}
		text = next.write(text, s.Event, func(agent fact.AgentID) []fact.QueueID { return q.queues(ctx, b.Seq, agent) })
	}
	next.Epoch, next.Seq = b.Epoch, b.Seq
	if err := q.append(&next, text); err != nil {
		return err
	}
	q.state = next
	return nil
}

// append writes lines and the place behind them. When it fails, open takes the
// lines back.
func (q *queueLog) append(next *queueLogState, text []byte) error {
	q.opened = false
	f, err := os.OpenFile(q.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("queue log: %w", err)
	}
	if len(text) > 0 {
		_, err = f.Write(text)
		err = errors.Join(err, f.Sync())
	}
	if err == nil {
		next.Size, next.Inode, err = sizeOf(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("queue log: %w", err)
	}
	if err := q.save(next); err != nil {
		return err
	}
	q.opened = true
	return nil
}

func (q *queueLog) save(s *queueLogState) error {
	place, err := json.Marshal(s)
	if err == nil {
		err = writeFileAtomically(q.place, place)
	}
	if err != nil {
		return fmt.Errorf("queue log: %w", err)
	}
	return nil
}

// open reads the place and takes back lines that were written beyond it. The
// first time, what the log already holds is left alone.
func (q *queueLog) open() error {
	if q.opened {
		return nil
	}
	var state queueLogState
	text, err := os.ReadFile(q.place)
	begins := errors.Is(err, fs.ErrNotExist)
	if err != nil && !begins {
		return fmt.Errorf("queue log: %w", err)
	}
	if !begins {
		if err := json.Unmarshal(text, &state); err != nil {
			return fmt.Errorf("queue log: %s: %w: %w", q.place, err, ErrCorrupt)
		}
	}
	f, err := os.OpenFile(q.path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("queue log: %w", err)
	}
	size, inode, err := sizeOf(f)
	switch {
	case err != nil:
	case begins:
		state.Size, state.Inode = size, inode
	case inode == state.Inode && size > state.Size:
		err = f.Truncate(state.Size)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("queue log: %w", err)
	}
	if begins {
		if err := q.save(&state); err != nil {
			return err
		}
	}
	q.state, q.opened = state, true
	return nil
}

func sizeOf(f *os.File) (size int64, inode uint64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		inode = s.Ino
	}
	return info.Size(), inode, nil
}

// line appends one line; data are its fields after the event's name.
func line(dst []byte, e fact.Event, call, queue, agent, name string, data ...string) []byte {
	dst = strconv.AppendInt(dst, e.Wall/1000, 10)
	for _, field := range append([]string{call, queue, agent, name}, data...) {
		dst = append(dst, '|')
		for i := range len(field) {
			switch c := field[i]; c {
			case '|', '\n', '\r':
				dst = append(dst, '_')
			default:
				dst = append(dst, c)
			}
		}
	}
	return append(dst, '\n')
}
