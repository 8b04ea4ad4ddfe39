package pbx

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// block is a /24 of the loopback network that one PBX and its far ends have to
// themselves: 127.0.0.0/8 is all local, so that instances need not share ports.
type block struct {
	prefix string // "127.A.B."
	// claim is held open as long as the block is in use; other processes that
	// want the same block fail to bind it.
	claim net.Listener
}

// The hosts of a block.
const (
	hostPBX     = "1"
	hostOutside = "2"
	hostPhones  = "3"
	hostClaim   = "254"
)

const (
	claimPort  = "20127"
	claimTries = 100
)

func claimBlock() (*block, error) {
	var last error
	for range claimTries {
		// 127.0.x is left to everybody else's tests.
		prefix := fmt.Sprintf("127.%d.%d.", 1+rand.IntN(254), rand.IntN(256))
		l, err := net.Listen("tcp4", net.JoinHostPort(prefix+hostClaim, claimPort))
		if err == nil {
			return &block{prefix: prefix, claim: l}, nil
		}
		last = err
	}
	return nil, fmt.Errorf("claim loopback addresses: %w", last)
}

func (b *block) host(h string) string { return b.prefix + h }

// port is the preferred port if it is free on the block's host, else any that
// is. Only a server on all addresses can hold it, so nobody takes it before it
// is used.
func (b *block) port(host, network string, preferred int) (int, error) {
	return freePort(b.host(host), network, preferred)
}

// freePort is the preferred port if it is free at an address, else any that is.
func freePort(address, network string, preferred int) (int, error) {
	var last error
	for _, p := range []int{preferred, 0} {
		addr := fmt.Sprintf("%s:%d", address, p)
		switch network {
		case "udp4":
			c, err := net.ListenPacket(network, addr)
			if err == nil {
				p = c.LocalAddr().(*net.UDPAddr).Port
				return p, c.Close()
			}
			last = err
		default:
			l, err := net.Listen(network, addr)
			if err == nil {
				p = l.Addr().(*net.TCPAddr).Port
				return p, l.Close()
			}
			last = err
		}
	}
	return 0, fmt.Errorf("no free %s port on %s: %w", network, address, last)
}
