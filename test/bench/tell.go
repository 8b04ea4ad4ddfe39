package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// observer tells what SIP passed between a call to begin and one to end.
type observer interface {
	end() ([]message, error)
}

// observe listens to the wire; who may not (without CAP_NET_RAW) reads what the
// SIPps have written down, with the times of their own clock.
func (s *stage) observe() (observer, error) {
	c, err := watch(s.sipPort())
	if errors.Is(err, unix.EPERM) {
		fmt.Println("(not allowed to listen to the wire: times are those of SIPp's own log)")
		return &logs{s: s, began: time.Now()}, nil
	}
	return c, err
}

// logs are SIPp's message logs from a place on.
type logs struct {
	s     *stage
	began time.Time
}

// logMark begins each entry of SIPp's message log; date and time follow.
const logMark = "----------------------------------------------- "

// end reads the logs of agents and callers.
func (l *logs) end() ([]message, error) {
	var all []message
	for _, side := range []struct {
		port int
		addr string
	}{{agentPort, l.s.agents}, {callerPort, fmt.Sprintf("%s:%d", l.s.PBX.OutsideHost(), callerPort)}} {
		b, err := os.ReadFile(l.s.messages(side.port))
		if err != nil {
			return nil, fmt.Errorf("read SIPp's log: %w", err)
		}
		for _, entry := range bytes.Split(b, []byte(logMark))[1:] {
			if m, ok := logged(entry, side.addr, l.s.PBX.SIP()); ok && m.At.After(l.began) {
				all = append(all, m)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b message) int { return a.At.Compare(b.At) })
	return all, nil
}

func logged(entry []byte, own, asterisk string) (message, bool) {
	stamp, rest, ok := bytes.Cut(entry, []byte("\n"))
	if !ok {
		return message{}, false
	}
	what, sip, ok := bytes.Cut(rest, []byte("\n\n"))
	if !ok {
		return message{}, false
	}
	m, ok := read(bytes.TrimLeft(sip, "\r\n"))
	if !ok {
		return message{}, false
	}
	at, err := moment(string(stamp))
	m.At, m.From, m.To = at, own, asterisk
	if bytes.Contains(what, []byte("received")) {
		m.From, m.To = asterisk, own
	}
	return m, err == nil
}

// moment reads the time of an entry: RFC 3339 since SIPp 3.7, local date and
// time before.
func moment(stamp string) (time.Time, error) {
	f := strings.Fields(stamp)
	if len(f) == 1 {
		return time.Parse(time.RFC3339Nano, f[0])
	}
	return time.ParseInLocation("2006-01-02 15:04:05.999999", strings.Join(f[:min(len(f), 2)], " "), time.Local)
}
