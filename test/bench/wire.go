package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// message is one SIP message as it passed on the wire, stamped by the kernel.
type message struct {
	At       time.Time
	From, To string // host:port
	Method   string // of a request
	Status   int    // of a response
	User     string // of the request URI
	Caller   string // user part of From
	CallID   string
	CSeq     string
}

// capture listens to SIP on the loopback interface. It needs CAP_NET_RAW.
type capture struct {
	fd   int
	stop atomic.Bool
	done chan struct{}
	all  []message
}

// watch begins to capture UDP to and from the port.
func watch(port int) (*capture, error) {
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		return nil, fmt.Errorf("watch the wire: %w", err)
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM, int(swap(unix.ETH_P_IP)))
	if errors.Is(err, unix.EPERM) {
		return nil, fmt.Errorf("watch the wire: this needs root or CAP_NET_RAW: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("watch the wire: %w", err)
	}
	c := &capture{fd: fd, done: make(chan struct{})}
	if err := c.prepare(lo.Index, port); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("watch the wire: %w", err)
	}
	go c.read()
	return c, nil
}

func swap(v uint16) uint16 { return v<<8 | v>>8 }

func (c *capture) prepare(index, port int) error {
	// IPv4, UDP, no fragment, source or destination port.
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: 9, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.IPPROTO_UDP, SkipTrue: 6},
		bpf.LoadMemShift{Off: 0},
		bpf.LoadIndirect{Off: 0, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(port), SkipTrue: 2},
		bpf.LoadIndirect{Off: 2, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: uint32(port), SkipTrue: 1},
		bpf.RetConstant{Val: 65535},
		bpf.RetConstant{Val: 0},
	})
	if err != nil {
		return err
	}
	filter := make([]unix.SockFilter, len(program))
	for i, in := range program {
		filter[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	if err := unix.SetsockoptSockFprog(c.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 64<<20); err != nil {
		return err
	}
	if err := unix.SetsockoptTimeval(c.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 100_000}); err != nil {
		return err
	}
	return unix.Bind(c.fd, &unix.SockaddrLinklayer{Protocol: swap(unix.ETH_P_IP), Ifindex: index})
}

func (c *capture) read() {
	defer close(c.done)
	buf, oob := make([]byte, 65536), make([]byte, 256)
	for {
		n, on, _, from, err := unix.Recvmsg(c.fd, buf, oob, 0)
		switch {
		case err != nil && c.stop.Load():
			return
		case err != nil: // nothing for 100 ms
			continue
		}
		if a, ok := from.(*unix.SockaddrLinklayer); ok && a.Pkttype == unix.PACKET_OUTGOING {
			continue // loopback shows each packet twice
		}
		at := time.Now()
		if ms, err := unix.ParseSocketControlMessage(oob[:on]); err == nil {
			for _, m := range ms {
				if m.Header.Type == unix.SCM_TIMESTAMPNS && len(m.Data) >= 16 {
					at = time.Unix(int64(binary.NativeEndian.Uint64(m.Data)), int64(binary.NativeEndian.Uint64(m.Data[8:])))
				}
			}
		}
		if m, ok := parse(buf[:n]); ok {
			m.At = at
			c.all = append(c.all, m)
		}
	}
}

// end stops the capture and gives what passed.
func (c *capture) end() ([]message, error) {
	c.stop.Store(true)
	<-c.done
	unix.Close(c.fd)
	return c.all, nil
}

func parse(ip []byte) (message, bool) {
	if len(ip) < 28 {
		return message{}, false
	}
	head := int(ip[0]&15) * 4
	if len(ip) < head+8 {
		return message{}, false
	}
	udp := ip[head:]
	addr := func(ip []byte, port []byte) string {
		return fmt.Sprintf("%s:%d", net.IP(ip), binary.BigEndian.Uint16(port))
	}
	m, ok := read(udp[8:])
	m.From, m.To = addr(ip[12:16], udp[0:2]), addr(ip[16:20], udp[2:4])
	return m, ok
}

// read reads a SIP message's head.
func read(sip []byte) (message, bool) {
	var m message
	lines := strings.Split(string(bytes.SplitN(sip, []byte("\r\n\r\n"), 2)[0]), "\r\n")
	first := strings.Fields(lines[0])
	switch {
	case len(first) >= 2 && first[0] == "SIP/2.0":
		fmt.Sscan(first[1], &m.Status)
	case len(first) == 3 && first[2] == "SIP/2.0":
		m.Method, m.User = first[0], userOf(first[1])
	default:
		return message{}, false
	}
	for _, l := range lines[1:] {
		name, value, _ := strings.Cut(l, ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "from", "f":
			m.Caller = userOf(value)
		case "call-id", "i":
			m.CallID = strings.TrimSpace(value)
		case "cseq":
			m.CSeq = strings.TrimSpace(value)
		}
	}
	return m, true
}

func userOf(uri string) string {
	_, rest, ok := strings.Cut(uri, "sip:")
	if !ok {
		return ""
	}
	user, _, ok := strings.Cut(rest, "@")
	if !ok {
		return ""
	}
	return user
}
