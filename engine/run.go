package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/media"
)

// finishLimit bounds what Run still does after ctx ended: the journal holds
// whatever is left for the next start.
const finishLimit = 2 * time.Second

// Run works until ctx ends, and then returns nil within a few seconds: calls
// stay up on their switches. It may be called once. The first input is Booted,
// then Options.Config if it differs, then the switches are heard; no timer
// fires before each of them has said what it holds, or has failed to for 10 s.
func (e *Engine) Run(ctx context.Context, switches ...media.Switch) (err error) {
	if !e.running.CompareAndSwap(false, true) {
		return fmt.Errorf("run: %w", ErrStopped)
	}
	if err := e.connectTo(switches); err != nil {
		return errors.Join(err, e.release())
	}
	work, stopWork := context.WithCancel(context.Background())
	defer stopWork()
	e.out = newOutbox(work, e.do, e.o.Lane, e.o.Workers)
	e.looks = newLooks(work, e.o.Lookup, e.o.Enquirer, e.o.Speaker, e.o.Tenant, e.looked, e.o.Log)
	e.keeps = newKeeps(work, e.o.Keeper, e.o.Tenant, func(in center.Input) { e.inbox.force(item{in: in}) })
	e.started.Store(true)

	follow, err := e.startFollower()
	if err != nil {
		return errors.Join(err, e.release())
	}
	e.pulse.start(time.Now())
	l := &loop{e: e, m: e.machine, seq: e.seq, at: e.clock.Now(), log: &ledger{e: e, limit: e.o.pending}}
	e.machine = nil
	l.start()

	var syncing, following, projecting stage
	syncing.run(e.journal.runSync)
	following.run(follow.run)
	var saving sync.WaitGroup
	saving.Go(func() { e.runSaver(follow.saves) })
	finish, stopFinish := context.WithCancel(context.Background())
	defer stopFinish()
	for _, p := range e.sinks {
		projecting.run(func(ctx context.Context) { p.run(ctx, finish) })
	}
	var outside, looping stage
	outside.run(e.watch)
	for _, r := range e.order {
		outside.run(r.run)
	}
	looping.run(l.run)

	<-ctx.Done()
	limit := time.AfterFunc(finishLimit, stopFinish)
	defer limit.Stop()
	outside.stop()
	looping.stop()
	e.inbox.close()
	close(e.over)
	stopWork()
	e.out.stop()
	e.looks.stop()
	e.keeps.stop()
	syncing.stop()
	err = e.journal.close()
	following.stop()
	saving.Wait()
	projecting.stop()
	return errors.Join(err, e.effectLog.close(), e.lock.Close())
}

// start takes the first inputs of the run.
func (l *loop) start() {
	items := l.e.boot()
	var names []string
	for _, r := range l.e.order {
		names = append(names, r.sw.Name())
	}
	l.gate.await(l.e.clock.Now(), names)
	l.step(items, false)
}

// stage is goroutines that end together.
type stage struct {
	cancel []context.CancelFunc
	done   sync.WaitGroup
}

func (s *stage) run(f func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = append(s.cancel, cancel)
	s.done.Go(func() { f(ctx) })
}

func (s *stage) stop() {
	for _, cancel := range s.cancel {
		cancel()
	}
	s.done.Wait()
}
