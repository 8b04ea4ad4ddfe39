package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

// staff are the agents.
func staff() []agent {
	return []agent{
		{ID: "1001", Name: "王芳", Extension: "8001", Queues: "sales", PIN: digits(6), tone: 1560},
		{ID: "1002", Name: "李强", Extension: "8002", Queues: "support", PIN: digits(6), tone: 1800},
		{ID: "1003", Name: "赵敏", Extension: "8003", Queues: "support", PIN: digits(6), tone: 2040},
	}
}

// withEffects has huawu keep every effect beside its journal, to compare a
// replay with.
const withEffects = "journal:\n  effects: true\n"

// show plays the calls, tells them and verifies what it tells.
func show(ctx context.Context, o options, w io.Writer) error {
	began := time.Now()
	program, err := pbx.Find()
	if err != nil {
		return err
	}
	dir, err := folder(o.dir, "demo")
	if err != nil {
		return err
	}
	text, err := os.Create(filepath.Join(dir, "demo.txt"))
	if err != nil {
		return fmt.Errorf("keep the demo's text: %w", err)
	}
	defer text.Close()
	out := &locked{w: io.MultiWriter(w, text)}
	agents := staff()
	h, err := open(ctx, dir, rig.Options{Binary: o.binary, Config: withEffects, PBX: pbx.Options{Program: program, Phones: len(agents)}},
		centre{Number: hotline, Agents: agents, WrapUp: wrapUp, Ring: ringTime}, out)
	if err != nil {
		return err
	}
	s := &stage{house: h, agents: agents, phones: map[string]*phone.Phone{}, guests: guests()}
	s.story = newStory(newsTo(out))
	c, err := s.run(ctx, out)
	c = append(c, s.close(ctx, err == nil, out)...)
	fmt.Fprintf(out, "\n录音、日志、流水与本页 recordings, logs, journal and this text are kept in\n  %s\n", dir)
	missing := c.missing()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		missing = append([]string{err.Error()}, missing...)
	case len(missing) == 0:
		fmt.Fprintf(out, "演示通过 the demo has shown what it claims: %d checks passed, %.1f s\n", len(c), time.Since(began).Seconds())
		return nil
	}
	return fmt.Errorf("演示未通过 %d things are missing or not as they must be:\n  ✗ %s\nhuawu's log is %s, Asterisk's %s",
		len(missing), strings.Join(missing, "\n  ✗ "), filepath.Join(dir, "huawu.log"), filepath.Join(dir, "asterisk/log/messages"))
}

// run plays, tells and verifies. An error is what kept the calls from being
// played to their end.
func (s *stage) run(ctx context.Context, out io.Writer) (claims, error) {
	var now struct{ Cursor string }
	if err := s.Get(ctx, "/api/v1/calls", &now); err != nil {
		return nil, err
	}
	following, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.story.follow(following, s.Client, now.Cursor)
	}()
	defer func() { stop(); <-done }()
	if err := s.furnish(ctx); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "\n%d 位主叫同时拨打 %d callers dial %s at once; agent 1001 signs in by phone, 1002 by REST, 1003 by the command line\n"+
		"为演示缩短 shortened for the show: 振铃 ring %v + 1s (RUL-ANS-1: 15s + 1s)，话后 wrap-up %v\n\n",
		len(s.guests), len(s.guests), hotline, ringTime, wrapUp)
	err := s.play(ctx)
	if err == nil {
		err = s.rest(ctx)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return s.tell(ctx, out), err
}

// furnish puts the phones on the network: those of the agents register.
func (s *stage) furnish(ctx context.Context) error {
	for i, account := range s.PBX.Phones() {
		p, err := phone.Open(phone.Config{Host: s.PBX.PhoneHost(), Server: s.PBX.SIP(), User: account.Name, Password: account.Password, Tone: s.agents[i].tone})
		if err != nil {
			return err
		}
		s.phones[account.Name] = p
		limit, cancel := context.WithTimeout(ctx, patience)
		err = p.Register(limit)
		cancel()
		if err != nil {
			return err
		}
	}
	for _, g := range s.guests {
		p, err := phone.Open(phone.Config{Host: s.PBX.OutsideHost(), Server: s.PBX.SIP(), User: g.number, Tone: g.tone})
		if err != nil {
			return err
		}
		g.phone = p
	}
	return nil
}

// rest waits until nothing is left of any call and every record is complete.
func (s *stage) rest(ctx context.Context) error {
	for _, g := range s.guests {
		if _, err := s.story.await(ctx, "the end of the call from "+g.number, func(e rig.Event) bool {
			return e.Kind == fact.CallEnded && e.From == g.number
		}); err != nil {
			return err
		}
	}
	return rig.Until(ctx, patience, "the records of all calls, with their wrap-ups, in the store", func() (bool, error) {
		records, err := s.Ended(ctx)
		n := 0
		for _, r := range records {
			if r.Direction == fact.Inbound && (r.Talk == 0 || r.WrapUp > 0) {
				n++
			}
		}
		return n == len(s.guests), err
	})
}

// close takes everything off the network and ends it, and verifies that all
// ends well: nothing is left of a call, huawu goes in good order, and its
// journal gives the same effects again. played says that the calls were.
func (s *stage) close(ctx context.Context, played bool, out io.Writer) claims {
	var c claims
	if played {
		fmt.Fprintf(out, "\n── 收尾 in the end\n")
		var left string
		err := rig.Until(ctx, patience, "everything to be at rest", func() (bool, error) {
			var err error
			left, err = s.Leftovers(ctx)
			return err == nil && left == "", err
		})
		c.hold(err == nil, "无残留 nothing is left: no channel and no bridge on Asterisk, no call and nobody in line in huawu %s", left)
	}
	var errs []error
	for _, p := range s.phones {
		errs = append(errs, p.Close())
	}
	for _, g := range s.guests {
		if g.phone != nil {
			errs = append(errs, g.phone.Close())
		}
	}
	err := s.Signal(syscall.SIGINT, leave)
	c.hold(err == nil, "退出 huawu leaves in good order: %s", orElse(err, "exit status 0"))
	if played {
		_, err := s.CLI(ctx, "replay", s.Data(), "--against", filepath.Join(s.Data(), "journal/effects.log"))
		c.hold(err == nil, "重放 the journal, replayed, gives the same effects byte for byte: %s", orElse(err, "the same"))
	}
	if err := errors.Join(append(errs, s.Close())...); err != nil {
		c.hold(false, "收尾 closing: %v", err)
	}
	c.print(out, "   ")
	return c
}

func orElse(err error, good string) string {
	if err != nil {
		return err.Error()
	}
	return good
}
