package phone

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// The static payload types of G.711 (RFC 3551), and ours for keys.
const (
	payloadULaw = 0
	payloadALaw = 8
	payloadKeys = 101
)

// describe is a session description (RFC 4566) of one G.711 stream at addr.
func describe(addr *net.UDPAddr, version int, direction string, payloads []int) string {
	var list, maps strings.Builder
	for _, pt := range payloads {
		fmt.Fprintf(&list, " %d", pt)
		switch pt {
		case payloadULaw:
			fmt.Fprintf(&maps, "a=rtpmap:%d PCMU/8000\r\n", pt)
		case payloadALaw:
			fmt.Fprintf(&maps, "a=rtpmap:%d PCMA/8000\r\n", pt)
		default:
			fmt.Fprintf(&maps, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", pt, pt)
		}
	}
	return fmt.Sprintf("v=0\r\no=- 1 %d IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP%s\r\n%sa=ptime:20\r\na=%s\r\n",
		version, addr.IP, addr.IP, addr.Port, list.String(), maps.String(), direction)
}

// session is what the other side's description says.
type session struct {
	addr      *net.UDPAddr // where it wants audio; nil on port 0
	payload   int          // the first G.711 payload of its list
	keys      int          // its payload for keys; 0: none
	direction string
}

func parseSDP(body []byte) (session, error) {
	s := session{payload: -1, direction: "sendrecv"}
	var host string
	for line := range strings.Lines(string(body)) {
		kind, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch kind {
		case "c":
			if f := strings.Fields(value); len(f) == 3 {
				host = f[2]
			}
		case "m":
			f := strings.Fields(value)
			if len(f) < 4 || f[0] != "audio" {
				continue
			}
			port, err := strconv.Atoi(f[1])
			if err != nil {
				return s, fmt.Errorf("media line %q: %w", value, err)
			}
			for _, pt := range f[3:] {
				if n, err := strconv.Atoi(pt); err == nil && s.payload < 0 && (n == payloadULaw || n == payloadALaw) {
					s.payload = n
				}
			}
			if port != 0 {
				s.addr = &net.UDPAddr{IP: net.ParseIP(host), Port: port}
			}
		case "a":
			name, rest, _ := strings.Cut(value, ":")
			switch name {
			case "sendrecv", "sendonly", "recvonly", "inactive":
				s.direction = name
			case "rtpmap":
				pt, codec, _ := strings.Cut(rest, " ")
				if n, err := strconv.Atoi(pt); err == nil && strings.HasPrefix(codec, "telephone-event/8000") {
					s.keys = n
				}
			}
		}
	}
	if s.payload < 0 {
		return s, fmt.Errorf("no G.711 in the session description %q", body)
	}
	return s, nil
}
